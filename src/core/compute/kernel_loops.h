/* kernel_loops.h: the loops of kernels, as templates. */
#ifndef KERNEL_LOOPS_H
#define KERNEL_LOOPS_H

#include "core/compute/operations.h"

/* The loops of an operation of two operands: both blocks, or one of them a number. */
#define BINARY(NAME, result, operand, expression)                                                  \
    static INLINE void kernel_##NAME(unsigned ones, result *r, const operand *xs,                  \
                                     const operand *ys, size_t n) {                                \
        if (ones == 0) {                                                                           \
            EACH_BY_ITSELF                                                                         \
            for (size_t i = 0; i < n; i++) {                                                       \
                const operand a = xs[i], b = ys[i];                                                \
                r[i] = (expression);                                                               \
            }                                                                                      \
        } else if (ones == ONE_Y) {                                                                \
            const operand b = *ys;                                                                 \
            EACH_BY_ITSELF                                                                         \
            for (size_t i = 0; i < n; i++) {                                                       \
                const operand a = xs[i];                                                           \
                r[i] = (expression);                                                               \
            }                                                                                      \
        } else {                                                                                   \
            const operand a = *xs;                                                                 \
            EACH_BY_ITSELF                                                                         \
            for (size_t i = 0; i < n; i++) {                                                       \
                const operand b = ys[i];                                                           \
                r[i] = (expression);                                                               \
            }                                                                                      \
        }                                                                                          \
    }
#define UNARY(NAME, result, operand, expression)                                                   \
    static INLINE void kernel_##NAME(result *r, const operand *xs, size_t n) {                     \
        EACH_BY_ITSELF                                                                             \
        for (size_t i = 0; i < n; i++) {                                                           \
            const operand a = xs[i];                                                               \
            r[i] = (expression);                                                                   \
        }                                                                                          \
    }

#endif
