/* kernel_loops.h: the loops of kernels, as templates. */
#ifndef KERNEL_LOOPS_H
#define KERNEL_LOOPS_H

#include <stdbool.h>

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
/* Of three operands, of which c is a block; b may be a number. */
#define TERNARY(NAME, result, operand, third, expression)                                          \
    static INLINE void kernel_##NAME(unsigned ones, result *r, const operand *xs,                  \
                                     const operand *ys, const third *zs, size_t n) {               \
        if (ones == 0) {                                                                           \
            EACH_BY_ITSELF                                                                         \
            for (size_t i = 0; i < n; i++) {                                                       \
                const operand a = xs[i], b = ys[i];                                                \
                const third c = zs[i];                                                             \
                r[i] = (expression);                                                               \
            }                                                                                      \
        } else {                                                                                   \
            const operand b = *ys;                                                                 \
            EACH_BY_ITSELF                                                                         \
            for (size_t i = 0; i < n; i++) {                                                       \
                const operand a = xs[i];                                                           \
                const third c = zs[i];                                                             \
                r[i] = (expression);                                                               \
            }                                                                                      \
        }                                                                                          \
    }
/* Of four operands, of which b and d may be numbers: each call has flags that the compiler knows. */
#define QUATERNARY(NAME, result, operand, expression)                                              \
    static INLINE void loop_##NAME(bool b_is_one, bool d_is_one, result *r, const operand *xs,     \
                                   const operand *ys, const operand *zs, const operand *ws,        \
                                   size_t n) {                                                     \
        const operand b_number = *ys, d_number = *ws;                                              \
        EACH_BY_ITSELF                                                                             \
        for (size_t i = 0; i < n; i++) {                                                           \
            const operand a = xs[i], b = b_is_one ? b_number : ys[i];                              \
            const operand c = zs[i], d = d_is_one ? d_number : ws[i];                              \
            r[i] = (expression);                                                                   \
        }                                                                                          \
    }                                                                                              \
    static INLINE void kernel_##NAME(unsigned ones, result *r, const operand *xs,                  \
                                     const operand *ys, const operand *zs, const operand *ws,      \
                                     size_t n) {                                                   \
        switch (ones) {                                                                            \
        case 0: loop_##NAME(false, false, r, xs, ys, zs, ws, n); break;                            \
        case ONE_Y: loop_##NAME(true, false, r, xs, ys, zs, ws, n); break;                         \
        case ONE_W: loop_##NAME(false, true, r, xs, ys, zs, ws, n); break;                         \
        default: loop_##NAME(true, true, r, xs, ys, zs, ws, n);                                    \
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
