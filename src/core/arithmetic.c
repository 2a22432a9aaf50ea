/*
** arithmetic.c: element-wise arithmetic; see arithmetic.h.
**
** A kernel computes one part. Results that do not fit wrap around, and the kernel says whether there are any; a
** slow loop then finds the first. In place, a part is written only if all of it fits. Floats always fit and are
** written at once. If a later part does not fit, the parts before it are undone by the inverse operation; where
** there is none, all parts are checked before the first is written.
*/
#include "core/vectorize.h"

#include "core/arithmetic.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "core/dispatch.h"
#include "core/load_element.h"
#include "core/overflow.h"

#define PART 1024     /* elements */
#define LINE_BYTES 64 /* a line of the cache: a register within one line is written twice as fast */

/* Types that C does not promote to int, in which a product could overflow. */
#define WRAP_8 uint32_t
#define WRAP_16 uint32_t
#define WRAP_32 uint32_t
#define WRAP_64 uint64_t
#define WRAP_SIGNED(ctype, width) WRAP_##width
#define WRAP_UNSIGNED(ctype, width) WRAP_##width
#define WRAP_FLOAT(ctype, width) ctype
#define DEFINE(with, CONSTANT, name, ctype, kind, min, max, width)                                 \
    typedef WRAP_##kind(ctype, width) wrap_##name;                                                 \
    typedef bits##width misfits_##name; /* as wide as an element: as many in a register */
DYNARRAY_NUMERIC_TABLE(DEFINE, )
#undef DEFINE

/* ---------------------------------------------------------------------------------------------
** One result: writes it to *r, wrapped around, and returns whether it fits
*/

#define ADD_FITS_SIGNED(x, y, r) ((((x) ^ (r)) & ((y) ^ (r))) >= 0)
#define ADD_FITS_UNSIGNED(x, y, r) ((r) >= (x))
#define ADD_FITS_FLOAT(x, y, r) true
#define SUB_FITS_SIGNED(x, y, r) ((((x) ^ (y)) & ((x) ^ (r))) >= 0)
#define SUB_FITS_UNSIGNED(x, y, r) ((x) >= (y))
#define SUB_FITS_FLOAT(x, y, r) true

/* Up to 32 bits, the product is computed in 64 bits, which the compiler vectorizes. */
#define MUL_SIGNED(x, y, r, ctype)                                                                 \
    const int64_t product = (int64_t)((uint64_t)(x) * (uint64_t)(y));                              \
    if (sizeof(x) == 8) return mul_fits_int64(x, y, (int64_t *)(void *)(r));                       \
    *(r) = (ctype)product;                                                                         \
    return *(r) == product;
#define MUL_UNSIGNED(x, y, r, ctype)                                                               \
    const uint64_t product = (uint64_t)(x) * (uint64_t)(y);                                        \
    if (sizeof(x) == 8) return mul_fits_uint64(x, y, (uint64_t *)(void *)(r));                     \
    *(r) = (ctype)product;                                                                         \
    return *(r) == product;
#define MUL_FLOAT(x, y, r, ctype)                                                                  \
    *(r) = (x) * (y);                                                                              \
    return true;

#define DIV_SIGNED(x, y, r, min)                                                                   \
    READ_ONCE(x);                                                                                  \
    *(r) = (x);                                                                                    \
    if ((y) == 0 || ((y) == -1 && (x) == (min)) || (x) % (y) != 0) return false;                   \
    *(r) /= (y);                                                                                   \
    return true;
#define DIV_UNSIGNED(x, y, r, min)                                                                 \
    *(r) = (x);                                                                                    \
    if ((y) == 0 || (x) % (y) != 0) return false;                                                  \
    *(r) /= (y);                                                                                   \
    return true;
#define DIV_FLOAT(x, y, r, min)                                                                    \
    *(r) = (x) / (y);                                                                              \
    return true;

#define ABS_SIGNED(x, r, min, ctype)                                                               \
    *(r) = (x) < 0 ? (ctype)(0 - (uint64_t)(x)) : (x);                                             \
    return (x) != (min);
#define ABS_UNSIGNED(x, r, min, ctype)                                                             \
    *(r) = (x);                                                                                    \
    return true;
#define ABS_FLOAT(x, r, min, ctype)                                                                \
    *(r) = (ctype)fabs((double)(x));                                                               \
    return true;

/*
** The root of a double is right or greater by 1. It is never less: neither x nor the root is rounded by more than half
** of its last bit, which for the root of a square is less than half of the distance to the next lower double.
*/
static bool root_of(uint64_t x, uint64_t *root) {
    uint64_t r = (uint64_t)sqrt((double)x);
    if (r > UINT32_MAX) r = UINT32_MAX;
    while (r * r > x) r--;
    *root = r;
    return r * r == x;
}

#define SQRT_INTEGER(x, r, ctype)                                                                  \
    uint64_t root;                                                                                 \
    *(r) = (x);                                                                                    \
    if (!root_of((uint64_t)(x), &root)) return false;                                              \
    *(r) = (ctype)root;                                                                            \
    return true;
#define SQRT_SIGNED(x, r, ctype)                                                                   \
    *(r) = (x);                                                                                    \
    if ((x) < 0) return false;                                                                     \
    { SQRT_INTEGER(x, r, ctype) }
#define SQRT_UNSIGNED SQRT_INTEGER
#define SQRT_FLOAT(x, r, ctype)                                                                    \
    *(r) = sizeof(x) == 4 ? (ctype)sqrtf((float)(x)) : (ctype)sqrt((double)(x));                   \
    return true;

#define DEFINE(CONSTANT, name, ctype, kind, min, max)                                              \
    static INLINE bool add_##name(ctype x, ctype y, ctype *r) {                                    \
        *r = (ctype)((wrap_##name)x + (wrap_##name)y);                                             \
        return ADD_FITS_##kind(x, y, *r);                                                          \
    }                                                                                              \
    static INLINE bool sub_##name(ctype x, ctype y, ctype *r) {                                    \
        *r = (ctype)((wrap_##name)x - (wrap_##name)y);                                             \
        return SUB_FITS_##kind(x, y, *r);                                                          \
    }                                                                                              \
    static INLINE bool mul_##name(ctype x, ctype y, ctype *r) { MUL_##kind(x, y, r, ctype) }       \
    static INLINE bool div_##name(ctype x, ctype y, ctype *r) { DIV_##kind(x, y, r, min) }         \
    static INLINE bool abs_##name(ctype x, ctype y, ctype *r) {                                    \
        (void)y;                                                                                   \
        ABS_##kind(x, r, min, ctype)                                                               \
    }                                                                                              \
    static INLINE bool sqrt_##name(ctype x, ctype y, ctype *r) {                                   \
        (void)y;                                                                                   \
        SQRT_##kind(x, r, ctype)                                                                   \
    }
DYNARRAY_NUMERIC_TYPES(DEFINE)
#undef DEFINE

/* ---------------------------------------------------------------------------------------------
** All results
*/

/* Operations that wide registers make faster, and those that wait for a division or for memory. */
#define QUICK_OPERATIONS(X, ...)                                                                   \
    X(ADD, add, __VA_ARGS__)                                                                       \
    X(SUB, sub, __VA_ARGS__)                                                                       \
    X(MUL, mul, __VA_ARGS__)
#define SLOW_OPERATIONS(X, ...)                                                                    \
    X(DIV, div, __VA_ARGS__)                                                                       \
    X(ABS, abs, __VA_ARGS__)                                                                       \
    X(SQRT, sqrt, __VA_ARGS__)

/* Whether all n results fit; y is an array or one operand for all. */
#define DEFINE_KERNEL(OPERATION, operation, name, ctype)                                           \
    static INLINE bool operation##_part_##name(ctype *r, const ctype *x, const ctype *y, bool one, \
                                               size_t n) {                                         \
        misfits_##name misfits = 0;                                                                \
        if (one) {                                                                                 \
            const ctype operand = load_##name(y);                                                  \
            EACH_BY_ITSELF                                                                         \
            for (size_t i = 0; i < n; i++)                                                         \
                misfits = (misfits_##name)(misfits | !operation##_##name(x[i], operand, &r[i]));   \
        } else {                                                                                   \
            EACH_BY_ITSELF                                                                         \
            for (size_t i = 0; i < n; i++) {                                                       \
                ctype operand = y[i];                                                              \
                if (DYNARRAY_##OPERATION == DYNARRAY_DIV && !((ctype)0.5 > 0)) READ_ONCE(operand); \
                misfits = (misfits_##name)(misfits | !operation##_##name(x[i], operand, &r[i]));   \
            }                                                                                      \
        }                                                                                          \
        return misfits == 0;                                                                       \
    }                                                                                              \
                                                                                                   \
    /* The index of the first result that does not fit, or n. If r is NULL, nothing is written. */ \
    static INLINE size_t operation##_all_##name(ctype *r, const ctype *x, const ctype *y,          \
                                                bool one, size_t n) {                              \
        ctype results[PART];                                                                       \
        const bool always_fits = (ctype)0.5 > 0; /* floats */                                      \
        const bool direct = r != NULL && (r != x || always_fits);                                  \
        size_t part = direct ? PART - (uintptr_t)r % LINE_BYTES / sizeof(ctype) : PART;            \
        for (size_t i = 0; i < n; i += part, part = PART) {                                        \
            const ctype *operands = one ? y : y + i;                                               \
            if (part > n - i) part = n - i;                                                        \
            if (!operation##_part_##name(direct ? r + i : results, x + i, operands, one, part)) {  \
                for (size_t k = 0; k < part; k++) {                                                \
                    ctype operand = operands[one ? 0 : k];                                         \
                    READ_ONCE(operand);                                                            \
                    if (!operation##_##name(x[i + k], operand, &results[k])) return i + k;         \
                }                                                                                  \
                /* all fit now: others wrote to the memory */                                      \
                /* unreached: else: only others write to the operands */                           \
                if (direct) memcpy(r + i, results, part * sizeof *r);                              \
            }                                                                                      \
            if (r != NULL && !direct) memcpy(r + i, results, part * sizeof *r);                    \
        }                                                                                          \
        return n;                                                                                  \
    }
#define DEFINE(CONSTANT, name, ctype, kind, min, max)                                              \
    QUICK_OPERATIONS(DEFINE_KERNEL, name, ctype)                                                   \
    SLOW_OPERATIONS(DEFINE_KERNEL, name, ctype)                                                    \
                                                                                                   \
    static INLINE size_t quick_##name(dynarray_operation operation, ctype *r, const ctype *x,      \
                                      const ctype *y, bool one, size_t n) {                        \
        switch (operation) {                                                                       \
        default: QUICK_OPERATIONS(ROW, name, ctype)                                                \
        }                                                                                          \
    }                                                                                              \
                                                                                                   \
    static INLINE size_t slow_##name(dynarray_operation operation, ctype *r, const ctype *x,       \
                                     const ctype *y, bool one, size_t n) {                         \
        switch (operation) {                                                                       \
        default: SLOW_OPERATIONS(ROW, name, ctype)                                                 \
        }                                                                                          \
    }
#define ROW(OPERATION, operation, name, ctype)                                                     \
    case DYNARRAY_##OPERATION: return operation##_all_##name(r, x, y, one, n);
DYNARRAY_NUMERIC_TYPES(DEFINE) /* NOLINT(readability-function-cognitive-complexity): macros */
#undef DEFINE
#undef ROW

CLONES_WITH_ALL static size_t apply_quick(dynarray_operation operation, void *r, const dynarray *a,
                                          const void *y, bool one, size_t n) {
    DISPATCH_RETURN(a->type, quick, operation, r, a->data, y, one, n);
}

static size_t apply_slow(dynarray_operation operation, void *r, const dynarray *a, const void *y,
                         bool one, size_t n) {
    DISPATCH_RETURN(a->type, slow, operation, r, a->data, y, one, n);
}

static size_t apply(dynarray_operation operation, void *r, const dynarray *a, const void *y,
                    bool one, size_t n) {
    return operation <= DYNARRAY_MUL ? apply_quick(operation, r, a, y, one, n)
                                     : apply_slow(operation, r, a, y, one, n);
}

size_t dynarray_arithmetic(dynarray_operation operation, const dynarray *a, const dynarray *b,
                           const void *operand, void *results) {
    const void *y = b != NULL ? b->data : operand != NULL ? operand : a->data;
    const bool in_place = results == a->data, one = b == NULL;
    const bool invertible = operation == DYNARRAY_ADD || operation == DYNARRAY_SUB;
    size_t done;
    if (a->size == 0) return 0;
    if (in_place && !invertible && !dynarray_is_float((dynarray_type)a->type)) {
        done = apply(operation, NULL, a, y, one, a->size);
        if (done < a->size) return done;
    }
    done = apply(operation, results, a, y, one, a->size);
    if (done < a->size && in_place) {
        const dynarray_operation inverse = operation == DYNARRAY_ADD ? DYNARRAY_SUB : DYNARRAY_ADD;
        apply(inverse, results, a, y, one, done / PART * PART);
    }
    return done;
}

/* ---------------------------------------------------------------------------------------------
** Clamp, running sums
*/

/*
** Sums are checked by the overflow flag, which costs nothing. If one does not fit, those before it are undone by
** subtraction.
*/
#define CUMSUM_INTEGER(add)                                                                        \
    element sum = 0;                                                                               \
    for (size_t i = 0; i < n; i++) {                                                               \
        if (!ADD_FITS(sum, x[i], &sum, add)) {                                                     \
            for (size_t k = i; k-- > 1;) x[k] = TO_TYPE((uint64_t)x[k] - (uint64_t)x[k - 1]);      \
            return i;                                                                              \
        }                                                                                          \
        x[i] = sum;                                                                                \
    }                                                                                              \
    return n;
#define CUMSUM_SIGNED CUMSUM_INTEGER
#define CUMSUM_UNSIGNED CUMSUM_INTEGER
#define CUMSUM_FLOAT(add)                                                                          \
    double sum = 0;                                                                                \
    for (size_t i = 0; i < n; i++) {                                                               \
        sum += (double)x[i];                                                                       \
        x[i] = TO_TYPE(sum);                                                                       \
    }                                                                                              \
    return n;

#define DEFINE(CONSTANT, name, ctype, kind, min, max)                                              \
    static INLINE void clamp_##name(ctype *x, size_t n, const void *lower, const void *upper) {    \
        const ctype least = load_##name(lower), greatest = load_##name(upper);                     \
        for (size_t i = 0; i < n; i++) {                                                           \
            const ctype raised = x[i] < least ? least : x[i];                                      \
            x[i] = raised > greatest ? greatest : raised;                                          \
        }                                                                                          \
    }                                                                                              \
                                                                                                   \
    static size_t cumsum_##name(ctype *x, size_t n) {                                              \
        typedef ctype element;                                                                     \
        CUMSUM_##kind(add_##name)                                                                  \
    }
#define TO_TYPE(x) ((element)(x))
DYNARRAY_NUMERIC_TYPES(DEFINE)
#undef DEFINE

CLONES_FOR_MEMORY void dynarray_clamp(dynarray *a, const void *least, const void *greatest) {
    DISPATCH(a->type, clamp, a->data, a->size, least, greatest);
}

size_t dynarray_cumsum(dynarray *a) { DISPATCH_RETURN(a->type, cumsum, a->data, a->size); }
