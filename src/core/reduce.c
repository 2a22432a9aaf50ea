/* reduce.c: search and reduction; see algorithm.h. */
#include "core/vectorize.h"

#include <math.h>

#include "core/algorithm.h"
#include "core/load.h"

#define BLOCK_BYTES 256 /* what loops that may end early do at once; eight registers of AVX2 */
#define PART 4096       /* elements after which the least is compared, and sums go up the tree */
#define LINE_BYTES 64 /* of the cache: registers are read twice as fast where they lie within one */

/* What a comparison of each type can be added up in without changing its width. */
#define BITS_int8 uint8_t
#define BITS_int16 uint16_t
#define BITS_int32 uint32_t
#define BITS_int64 uint64_t
#define BITS_uint8 uint8_t
#define BITS_uint16 uint16_t
#define BITS_uint32 uint32_t
#define BITS_uint64 uint64_t
#define BITS_float32 uint32_t
#define BITS_float64 uint64_t

/* ---------------------------------------------------------------------------------------------
** Search
*/

#define DEFINE(CONSTANT, name, ctype, kind, min, max)                                              \
    static INLINE size_t index_of_##name(const ctype *x, size_t i, size_t n, ctype wanted) {       \
        const size_t block = BLOCK_BYTES / sizeof(ctype);                                          \
        for (; n - i >= block; i += block) {                                                       \
            BITS_##name found = 0;                                                                 \
            for (size_t k = 0; k < block; k++) found |= (BITS_##name)(x[i + k] == wanted);         \
            if (found) break;                                                                      \
        }                                                                                          \
        while (i < n && !(x[i] == wanted)) i++;                                                    \
        return i;                                                                                  \
    }                                                                                              \
                                                                                                   \
    static INLINE size_t count_##name(const ctype *x, size_t n, ctype wanted) {                    \
        size_t count = 0;                                                                          \
        while (n > 0) { /* by parts whose number of matches fits into the element's width */       \
            const size_t part = n < 255 ? n : 255;                                                 \
            BITS_##name matches = 0;                                                               \
            for (size_t i = 0; i < part; i++) matches = (BITS_##name)(matches + (x[i] == wanted)); \
            count += matches;                                                                      \
            x += part;                                                                             \
            n -= part;                                                                             \
        }                                                                                          \
        return count;                                                                              \
    }
DYNARRAY_NUMERIC_TYPES(DEFINE)
#undef DEFINE

CLONES size_t dynarray_index_of(const dynarray *a, size_t from, const void *element) {
    if (from >= a->size) return a->size;
    switch (a->type) {
#define ROW(CONSTANT, name, ctype, kind, min, max)                                                 \
    case DYNARRAY_##CONSTANT: return index_of_##name(a->data, from, a->size, load_##name(element));
        DYNARRAY_NUMERIC_TYPES(ROW)
#undef ROW
    default: return a->size;
    }
}

CLONES_FOR_MEMORY size_t dynarray_count(const dynarray *a, const void *element) {
    switch (a->type) {
#define ROW(CONSTANT, name, ctype, kind, min, max)                                                 \
    case DYNARRAY_##CONSTANT: return count_##name(a->data, a->size, load_##name(element));
        DYNARRAY_NUMERIC_TYPES(ROW)
#undef ROW
    default: return 0;
    }
}

/* ---------------------------------------------------------------------------------------------
** Least and greatest: of each part, then which part, then where in it
*/

#define LESS(x, y) ((x) < (y))
#define GREATER(x, y) ((x) > (y))
#define UNORDERED_SIGNED(x, y) 0
#define UNORDERED_UNSIGNED(x, y) 0
#define UNORDERED_FLOAT(x, y) isunordered(x, y)

#define DEFINE_BEST(name, ctype, kind, best, BETTER)                                               \
    static INLINE ctype best##_of_few_##name(const ctype *x, size_t n, BITS_##name *nans) {        \
        ctype result = x[0];                                                                       \
        for (size_t i = 0; i < n; i++) {                                                           \
            *nans |= (BITS_##name)(x[i] != x[i]);                                                  \
            result = BETTER(x[i], result) ? x[i] : result;                                         \
        }                                                                                          \
        return result;                                                                             \
    }                                                                                              \
                                                                                                   \
    /* The best of n elements; *nans is not 0 if there is a NaN. */                                \
    static INLINE ctype best##_of_##name(const ctype *x, size_t n, BITS_##name *nans) {            \
        enum { block = BLOCK_BYTES / sizeof(ctype), step = 2 * block };                            \
        ctype bests[block];                                                                        \
        BITS_##name found[block] = {0};                                                            \
        size_t i = 0;                                                                              \
        if (n < step) return best##_of_few_##name(x, n, nans);                                     \
        for (size_t k = 0; k < block; k++) bests[k] = x[0];                                        \
        while (i < n) {                                                                            \
            for (size_t k = 0; k < block; k++) {                                                   \
                const ctype one = x[i + k], other = x[i + block + k];                              \
                found[k] |= (BITS_##name)UNORDERED_##kind(one, other);                             \
                bests[k] = BETTER(one, bests[k]) ? one : bests[k];                                 \
                bests[k] = BETTER(other, bests[k]) ? other : bests[k];                             \
            }                                                                                      \
            i += step;                                                                             \
            if (i < n && n - i < step) i = n - step; /* some are looked at again */                \
        }                                                                                          \
        for (size_t k = 0; k < block; k++) *nans |= found[k];                                      \
        for (size_t half = block / 2; half > 0; half /= 2)                                         \
            for (size_t k = 0; k < half; k++)                                                      \
                bests[k] = BETTER(bests[k + half], bests[k]) ? bests[k + half] : bests[k];         \
        return bests[0];                                                                           \
    }                                                                                              \
                                                                                                   \
    static INLINE size_t best##_##name(const ctype *x, size_t n) {                                 \
        size_t where = 0;                                                                          \
        ctype result = x[0];                                                                       \
        size_t part = PART - (uintptr_t)x % LINE_BYTES / sizeof(ctype);                            \
        for (size_t i = 0; i < n; i += part, part = PART) {                                        \
            if (part > n - i) part = n - i;                                                        \
            BITS_##name nans = 0;                                                                  \
            const ctype candidate = best##_of_##name(x + i, part, &nans);                          \
            if (nans) {                                                                            \
                while (x[i] == x[i]) i++;                                                          \
                return i;                                                                          \
            }                                                                                      \
            if (BETTER(candidate, result)) {                                                       \
                result = candidate;                                                                \
                where = i;                                                                         \
            }                                                                                      \
        }                                                                                          \
        return index_of_##name(x, where, n, result);                                               \
    }
#define DEFINE(CONSTANT, name, ctype, kind, min, max)                                              \
    DEFINE_BEST(name, ctype, kind, least, LESS)                                                    \
    DEFINE_BEST(name, ctype, kind, greatest, GREATER)
DYNARRAY_NUMERIC_TYPES(DEFINE)
#undef DEFINE

CLONES size_t dynarray_min(const dynarray *a) {
    if (a->size == 0) return 0;
    switch (a->type) {
#define ROW(CONSTANT, name, ctype, kind, min, max)                                                 \
    case DYNARRAY_##CONSTANT: return least_##name(a->data, a->size);
        DYNARRAY_NUMERIC_TYPES(ROW)
#undef ROW
    default: return a->size;
    }
}

CLONES size_t dynarray_max(const dynarray *a) {
    if (a->size == 0) return 0;
    switch (a->type) {
#define ROW(CONSTANT, name, ctype, kind, min, max)                                                 \
    case DYNARRAY_##CONSTANT: return greatest_##name(a->data, a->size);
        DYNARRAY_NUMERIC_TYPES(ROW)
#undef ROW
    default: return a->size;
    }
}

/* ---------------------------------------------------------------------------------------------
** Sums. Floats: LANES sums side by side over a part, then sums of two sums of equally many parts, so
** that an error grows with the logarithm of the size.
*/

#define LANES 32

typedef struct tree {
    double sums[64]; /* at i: of 2^i parts, if bit i of `parts` is set */
    uint64_t parts;
} tree;

static INLINE void tree_add(tree *t, double sum) {
    unsigned level = 0;
    for (; t->parts >> level & 1; level++) sum += t->sums[level];
    t->sums[level] = sum;
    t->parts++;
}

static INLINE double tree_sum(const tree *t) {
    double sum = 0;
    for (unsigned level = 0; t->parts >> level != 0; level++)
        if (t->parts >> level & 1) sum += t->sums[level];
    return sum;
}

/* The sum of `term`, an expression in i, for i from 0 to n - 1. */
#define SUM_FLOATS(term)                                                                           \
    tree t;                                                                                        \
    t.parts = 0;                                                                                   \
    for (size_t start = 0; start < n; start += PART) {                                             \
        const size_t end = n - start < PART ? n : start + PART;                                    \
        double lanes[LANES] = {0}, rest = 0;                                                       \
        size_t i = start;                                                                          \
        for (; end - i >= LANES; i += LANES)                                                       \
            for (size_t lane = 0; lane < LANES; lane++) lanes[lane] += term(i + lane);             \
        for (; i < end; i++) rest += term(i);                                                      \
        for (size_t half = LANES / 2; half > 0; half /= 2)                                         \
            for (size_t lane = 0; lane < half; lane++) lanes[lane] += lanes[lane + half];          \
        tree_add(&t, lanes[0] + rest);                                                             \
    }                                                                                              \
    return tree_sum(&t);

#define FLOAT_TERM(i) ((double)x[i])
#define FLOAT_PRODUCT(i) ((double)x[i] * (double)y[i])

#define DEFINE(CONSTANT, name, ctype, kind, min, max)                                              \
    static INLINE double float_sum_##name(const ctype *x, size_t n) { SUM_FLOATS(FLOAT_TERM) }     \
                                                                                                   \
    static INLINE double float_dot_##name(const ctype *x, const ctype *y, size_t n) {              \
        SUM_FLOATS(FLOAT_PRODUCT)                                                                  \
    }                                                                                              \
                                                                                                   \
    static INLINE uint64_t integer_sum_##name(const ctype *x, size_t n) {                          \
        uint64_t sum = 0;                                                                          \
        for (size_t i = 0; i < n; i++) sum += INTEGER_##kind(x[i]);                                \
        return sum;                                                                                \
    }                                                                                              \
                                                                                                   \
    static INLINE uint64_t integer_dot_##name(const ctype *x, const ctype *y, size_t n) {          \
        uint64_t sum = 0;                                                                          \
        for (size_t i = 0; i < n; i++) sum += INTEGER_##kind(x[i]) * INTEGER_##kind(y[i]);         \
        return sum;                                                                                \
    }
#define INTEGER_SIGNED(x) ((uint64_t)(int64_t)(x))
#define INTEGER_UNSIGNED(x) ((uint64_t)(x))
#define INTEGER_FLOAT(x) ((void)(x), (uint64_t)0)
DYNARRAY_NUMERIC_TYPES(DEFINE)
#undef DEFINE

CLONES_FOR_MEMORY double dynarray_sum_float(const dynarray *a) {
    switch (a->type) {
#define ROW(CONSTANT, name, ctype, kind, min, max)                                                 \
    case DYNARRAY_##CONSTANT: return float_sum_##name(a->data, a->size);
        DYNARRAY_NUMERIC_TYPES(ROW)
#undef ROW
    default: return 0;
    }
}

CLONES_FOR_MEMORY int64_t dynarray_sum_integer(const dynarray *a) {
    switch (a->type) {
#define ROW(CONSTANT, name, ctype, kind, min, max)                                                 \
    case DYNARRAY_##CONSTANT: return (int64_t)integer_sum_##name(a->data, a->size);
        DYNARRAY_NUMERIC_TYPES(ROW)
#undef ROW
    default: return 0;
    }
}

CLONES_FOR_MEMORY double dynarray_dot_float(const dynarray *a, const dynarray *b) {
    switch (a->type) {
#define ROW(CONSTANT, name, ctype, kind, min, max)                                                 \
    case DYNARRAY_##CONSTANT: return float_dot_##name(a->data, b->data, a->size);
        DYNARRAY_NUMERIC_TYPES(ROW)
#undef ROW
    default: return 0;
    }
}

CLONES_FOR_MEMORY int64_t dynarray_dot_integer(const dynarray *a, const dynarray *b) {
    switch (a->type) {
#define ROW(CONSTANT, name, ctype, kind, min, max)                                                 \
    case DYNARRAY_##CONSTANT: return (int64_t)integer_dot_##name(a->data, b->data, a->size);
        DYNARRAY_NUMERIC_TYPES(ROW)
#undef ROW
    default: return 0;
    }
}

#define IS_FLOAT_SIGNED false
#define IS_FLOAT_UNSIGNED false
#define IS_FLOAT_FLOAT true
#define ROW(CONSTANT, name, ctype, kind, min, max) IS_FLOAT_##kind,
static const bool is_float[DYNARRAY_TYPE_COUNT] = {DYNARRAY_NUMERIC_TYPES(ROW)};
#undef ROW

bool dynarray_is_float(const dynarray *a) { return is_float[a->type]; }
