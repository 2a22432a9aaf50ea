/*
** operations.h: the operations of expressions, as tables.
**
** During the computation, an element is an int64_t (`whole`), a double (`real`), or a truth value, which is a byte, 0 or 1.
** All kernels work on blocks of these, or on one number for the whole block.
*/
#ifndef COMPUTE_OPERATIONS_H
#define COMPUTE_OPERATIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/vectorize.h"

/* A register holds one of these kinds. */
typedef int64_t MAY_ALIAS whole;
typedef double MAY_ALIAS real;
typedef int32_t MAY_ALIAS element32;
typedef bits8 truth_value;

/* X(NAME, result, expression of a and b): operations of two operands that wide registers make faster. */
#define COMPUTE_WHOLE_BINARY(X)                                                                    \
    X(WHOLE_ADD, (whole)((uint64_t)a + (uint64_t)b))                                               \
    X(WHOLE_SUB, (whole)((uint64_t)a - (uint64_t)b))                                               \
    X(WHOLE_MUL, (whole)((uint64_t)a * (uint64_t)b))                                               \
    X(WHOLE_MIN, a < b ? a : b)                                                                    \
    X(WHOLE_MAX, a > b ? a : b)                                                                    \
    X(WHOLE_XOR, a ^ b)                                                                            \
    X(WHOLE_SHL, shift_left(a, b))                                                                 \
    X(WHOLE_SHR, shift_right(a, b))                                                                \
    X(WHOLE_AND, a &b)                                                                             \
    X(WHOLE_OR, a | b)

/*
** The same of elements of int32, which need not be loaded first. Their results are whole, and always exact. They are in the
** order of those above.
*/
#define COMPUTE_INT32_BINARY(X)                                                                    \
    X(INT32_ADD, (whole)a + b)                                                                     \
    X(INT32_SUB, (whole)a - b)                                                                     \
    X(INT32_MUL, (whole)a *b)

/* The same with a whole number c beside a product of elements of int32: one pass over the elements in place of two. */
#define COMPUTE_INT32_PRODUCT(X)                                                                   \
    X(ADD_INT32_PRODUCT, (whole)((uint64_t)c + (uint64_t)((whole)a * b)))                          \
    X(SUB_INT32_PRODUCT, (whole)((uint64_t)c - (uint64_t)((whole)a * b)))                          \
    X(INT32_PRODUCT_SUB, (whole)((uint64_t)((whole)a * b) - (uint64_t)c))

/* Two products of elements of int32, in one pass. Their sum may wrap around: it is 2^63 if all four are -2^31. */
#define COMPUTE_INT32_PRODUCTS(X)                                                                  \
    X(ADD_INT32_PRODUCTS, (whole)((uint64_t)((whole)a * b) + (uint64_t)((whole)c * d)))            \
    X(SUB_INT32_PRODUCTS, (whole)((uint64_t)((whole)a * b) - (uint64_t)((whole)c * d)))

#define COMPUTE_REAL_BINARY(X)                                                                     \
    X(REAL_ADD, a + b)                                                                             \
    X(REAL_SUB, a - b)                                                                             \
    X(REAL_MUL, a *b)                                                                              \
    X(REAL_DIV, a / b)                                                                             \
    X(REAL_MIN, a < b || a != a ? a : b)                                                           \
    X(REAL_MAX, a > b || a != a ? a : b)

/* Operations of one operand. */
#define COMPUTE_WHOLE_UNARY(X)                                                                     \
    X(WHOLE_NEG, (whole)(0 - (uint64_t)a))                                                         \
    X(WHOLE_ABS, (whole)(a < 0 ? 0 - (uint64_t)a : (uint64_t)a))                                   \
    X(WHOLE_NOT, ~a)

#define COMPUTE_REAL_UNARY(X)                                                                      \
    X(REAL_NEG, -a)                                                                                \
    X(REAL_ABS, fabs(a))                                                                           \
    X(REAL_SQRT, sqrt(a))                                                                          \
    X(REAL_FLOOR, floor(a))                                                                        \
    X(REAL_CEIL, ceil(a))                                                                          \
    X(REAL_TRUNC, trunc(a))

/* Comparisons of two elements of the same type, which may be any. Their results are truth values. */
#define COMPUTE_COMPARISON(X)                                                                      \
    X(EQ, a == b)                                                                                  \
    X(NE, a != b)                                                                                  \
    X(LT, a < b)                                                                                   \
    X(LE, a <= b)

#define COMPUTE_REAL_TEST(X)                                                                       \
    X(REAL_ISNAN, a != a)                                                                          \
    X(REAL_ISINF, fabs(a) > DBL_MAX)                                                               \
    X(REAL_ISFINITE, fabs(a) <= DBL_MAX)

/* Operations of truth values. */
#define COMPUTE_TRUTH_BINARY(X)                                                                    \
    X(TRUTH_AND, a &b)                                                                             \
    X(TRUTH_OR, a | b)

/* Functions of libm with one and with two arguments, by their names in expressions. */
#define COMPUTE_LIBM_UNARY(X)                                                                      \
    X(EXP, exp)                                                                                    \
    X(EXP2, exp2)                                                                                  \
    X(EXPM1, expm1)                                                                                \
    X(LOG, log)                                                                                    \
    X(LOG2, log2)                                                                                  \
    X(LOG10, log10)                                                                                \
    X(LOG1P, log1p)                                                                                \
    X(SIN, sin)                                                                                    \
    X(COS, cos)                                                                                    \
    X(TAN, tan)                                                                                    \
    X(ASIN, asin)                                                                                  \
    X(ACOS, acos)                                                                                  \
    X(ATAN, atan)                                                                                  \
    X(SINH, sinh)                                                                                  \
    X(COSH, cosh)                                                                                  \
    X(TANH, tanh)                                                                                  \
    X(ASINH, asinh)                                                                                \
    X(ACOSH, acosh)                                                                                \
    X(ATANH, atanh)                                                                                \
    X(CBRT, cbrt)                                                                                  \
    X(ERF, erf)                                                                                    \
    X(ROUND, round)

#define COMPUTE_LIBM_BINARY(X)                                                                     \
    X(POW, power(a, b))                                                                            \
    X(ATAN2, atan2(a, b))                                                                          \
    X(HYPOT, hypot(a, b))                                                                          \
    X(FMOD, fmod(a, b))                                                                            \
    X(REAL_FLOOR_DIV, floor(a / b))                                                                \
    X(REAL_MOD, real_modulo(a, b))

/* Comparisons of a whole and a real number, and of elements of uint64, which need not be whole, with both. All are exact. */
#define COMPUTE_MIXED(X)                                                                           \
    X(WHOLE_EQ_REAL, whole, real, whole_equals(a, b))                                              \
    X(WHOLE_NE_REAL, whole, real, !whole_equals(a, b))                                             \
    X(WHOLE_LT_REAL, whole, real, whole_below(a, b))                                               \
    X(WHOLE_LE_REAL, whole, real, whole_at_most(a, b))                                             \
    X(REAL_LT_WHOLE, real, whole, a == a && !whole_at_most(b, a))                                  \
    X(REAL_LE_WHOLE, real, whole, a == a && !whole_below(b, a))                                    \
    X(UINT64_EQ_WHOLE, bits64, whole, b >= 0 && a == (bits64)b)                                    \
    X(UINT64_NE_WHOLE, bits64, whole, b < 0 || a != (bits64)b)                                     \
    X(UINT64_LT_WHOLE, bits64, whole, b >= 0 && a < (bits64)b)                                     \
    X(UINT64_LE_WHOLE, bits64, whole, b >= 0 && a <= (bits64)b)                                    \
    X(WHOLE_LT_UINT64, whole, bits64, a < 0 || (bits64)a < b)                                      \
    X(WHOLE_LE_UINT64, whole, bits64, a < 0 || (bits64)a <= b)                                     \
    X(UINT64_EQ_REAL, bits64, real, large_equals(a, b))                                            \
    X(UINT64_NE_REAL, bits64, real, !large_equals(a, b))                                           \
    X(UINT64_LT_REAL, bits64, real, large_below(a, b))                                             \
    X(UINT64_LE_REAL, bits64, real, large_at_most(a, b))                                           \
    X(REAL_LT_UINT64, real, bits64, a == a && !large_at_most(b, a))                                \
    X(REAL_LE_UINT64, real, bits64, a == a && !large_below(b, a))

typedef enum compute_code {
#define ROW(NAME, ...) CODE_##NAME,
    COMPUTE_WHOLE_BINARY(ROW) COMPUTE_INT32_BINARY(ROW) COMPUTE_INT32_PRODUCT(ROW)
        COMPUTE_INT32_PRODUCTS(ROW) COMPUTE_REAL_BINARY(ROW) COMPUTE_WHOLE_UNARY(ROW)
            COMPUTE_REAL_UNARY(ROW) COMPUTE_LIBM_UNARY(ROW) COMPUTE_LIBM_BINARY(ROW)
                COMPUTE_MIXED(ROW) COMPUTE_COMPARISON(ROW) COMPUTE_REAL_TEST(ROW)
                    COMPUTE_TRUTH_BINARY(ROW)
#undef ROW
                        CODE_TO_REAL,
    CODE_SELECT,   /* y or z, whole or real, by the truth value x */
    CODE_INDEX,    /* 1, 2 and so on, from the first element on */
    CODE_MOVE,     /* x as it is */
    CODE_NARROW,   /* from real numbers to float32; what is too large becomes an infinity */
    CODE_LOAD,     /* from elements of any type, as whole or real */
    CODE_FALLIBLE, /* operations from here on may have no result */
    CODE_WHOLE_FLOOR_DIV = CODE_FALLIBLE,
    CODE_WHOLE_MOD,
    CODE_TO_WHOLE,
    CODE_LOAD_UINT64, /* as whole */
    CODE_FIT,  /* checks that a whole number fits into that type; for float32, rounds a real one */
    CODE_STORE /* to elements of any type */
} compute_code;

#define COMPUTE_BLOCK                                                                              \
    1024 /* elements of a register: 8 KiB, of which the first-level cache holds a few */

/* The groups of codes, of which those of libm and of mixed comparisons are in one file. */
#define CODE_FIRST_LIBM CODE_EXP
#define CODE_FIRST_MIXED CODE_WHOLE_EQ_REAL
#define CODE_FIRST_TRUTH CODE_EQ
#define CODE_LAST_TRUTH CODE_TRUTH_OR

/* Whether the results are truth values. */
static inline bool compute_gives_truth(unsigned code) {
    return code >= CODE_FIRST_MIXED && code <= CODE_LAST_TRUTH;
}

/* Which operands are one number for the whole block. */
#define ONE_X 1u
#define ONE_Y 2u
#define ONE_Z 4u
#define ONE_W 8u

/* What a kernel needs beside its operands. */
typedef struct compute_step {
    uint8_t code;
    uint8_t ones;
    uint8_t
        type; /* of the elements to be loaded, compared or stored, or that a number must fit into */
    bool is_real; /* as what they are loaded, and what is stored */
} compute_step;

/*
** compute_kernel: writes n results, n <= COMPUTE_BLOCK, to r, which may be one of the operands if the step cannot fail
** and results are as wide as operands. False if an element has no result; what is written there has no meaning. index is
** that of the first element.
*/
bool compute_kernel(compute_step step, void *r, const void *x, const void *y, const void *z,
                    const void *w, size_t index, size_t n);

/* The kernels by group; each is a compute_kernel for its codes. */
void compute_simple(compute_step step, void *r, const void *x, const void *y, const void *z,
                    const void *w, size_t n);
void compute_truths(compute_step step, void *r, const void *x, const void *y, size_t n);
void compute_libm(compute_step step, void *r, const void *x, const void *y, size_t n);
void compute_load(compute_step step, void *r, const void *x, size_t n);
void compute_narrow(void *r, const void *x, size_t n);
bool compute_fallible(compute_step step, void *r, const void *x, const void *y, size_t n);

/* Reductions of a block, n > 0. */
double compute_sum_real(const void *x, size_t n);
int64_t compute_sum_whole(const void *x, size_t n);
/* The greatest, or the least; NaN if there is one. */
double compute_best_real(const void *x, bool greatest, size_t n);
int64_t compute_best_whole(const void *x, bool greatest, size_t n);
size_t compute_count_true(const void *x, size_t n);

#endif
