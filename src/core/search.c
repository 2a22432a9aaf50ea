/* search.c: see search.h. */
#include "core/vectorize.h"

#include "core/search.h"

#include <math.h>

#include "core/dispatch.h"
#include "core/load_element.h"

#define BLOCK_BYTES 256 /* bytes that a loop looks at before it may end: eight registers of AVX2 */
#define PART 4096 /* elements of a part: after each, its least is compared with the least so far */
#define LINE_BYTES 64 /* a line of the cache: a register within one line is read twice as fast */

/* Integers as wide as each type, in which the results of its comparisons can be added. */
#define DEFINE(with, CONSTANT, name, ctype, kind, min, max, width)                                 \
    typedef uint##width##_t matches_##name;
DYNARRAY_NUMERIC_TABLE(DEFINE, )
#undef DEFINE

/* ---------------------------------------------------------------------------------------------
** Comparison
*/

#define DEFINE(CONSTANT, name, ctype, kind, min, max)                                              \
    static INLINE bool equal_##name(const ctype *a, const ctype *b, size_t n) {                    \
        const size_t block = BLOCK_BYTES / sizeof(ctype);                                          \
        size_t i = 0;                                                                              \
        for (; n - i >= block; i += block) {                                                       \
            unsigned different = 0;                                                                \
            for (size_t k = 0; k < block; k++) different |= !(a[i + k] == b[i + k]);               \
            if (different) return false;                                                           \
        }                                                                                          \
        for (; i < n; i++)                                                                         \
            if (!(a[i] == b[i])) return false;                                                     \
        return true;                                                                               \
    }
DYNARRAY_NUMERIC_TYPES(DEFINE)
#undef DEFINE

CLONES_FOR_MEMORY bool dynarray_equal(const dynarray *a, const dynarray *b) {
    DISPATCH_RETURN(a->type, equal, a->data, b->data, a->size);
}

/* ---------------------------------------------------------------------------------------------
** Search
*/

#define DEFINE(CONSTANT, name, ctype, kind, min, max)                                              \
    static INLINE size_t index_of_##name(const ctype *x, size_t i, size_t n,                       \
                                         const void *element) {                                    \
        const ctype wanted = load_##name(element);                                                 \
        const size_t block = BLOCK_BYTES / sizeof(ctype);                                          \
        for (; n - i >= block; i += block) {                                                       \
            matches_##name found = 0;                                                              \
            for (size_t k = 0; k < block; k++) found |= (matches_##name)(x[i + k] == wanted);      \
            if (found) break;                                                                      \
        }                                                                                          \
        while (i < n && !(x[i] == wanted)) i++;                                                    \
        return i;                                                                                  \
    }                                                                                              \
                                                                                                   \
    static INLINE size_t count_##name(const ctype *x, size_t n, const void *element) {             \
        const ctype wanted = load_##name(element);                                                 \
        size_t count = 0;                                                                          \
        while (n > 0) { /* in parts, so that the number of matches fits into that width */         \
            const size_t part = n < 255 ? n : 255;                                                 \
            matches_##name matches = 0;                                                            \
            for (size_t i = 0; i < part; i++)                                                      \
                matches = (matches_##name)(matches + (x[i] == wanted));                            \
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
    DISPATCH_RETURN(a->type, index_of, a->data, from, a->size, element);
}

CLONES_FOR_MEMORY size_t dynarray_count(const dynarray *a, const void *element) {
    DISPATCH_RETURN(a->type, count, a->data, a->size, element);
}

/* ---------------------------------------------------------------------------------------------
** Least and greatest: first the one of each part, then the best part, then the place in it
*/

#define LESS(x, y) ((x) < (y))
#define GREATER(x, y) ((x) > (y))
#define UNORDERED_SIGNED(x, y) 0
#define UNORDERED_UNSIGNED(x, y) 0
#define UNORDERED_FLOAT(x, y) isunordered(x, y)

#define DEFINE_BEST(name, ctype, kind, best, BETTER)                                               \
    static INLINE ctype best##_of_few_##name(const ctype *x, size_t n, matches_##name *nans) {     \
        ctype result = x[0];                                                                       \
        for (size_t i = 0; i < n; i++) {                                                           \
            *nans |= (matches_##name)(x[i] != x[i]);                                               \
            result = BETTER(x[i], result) ? x[i] : result;                                         \
        }                                                                                          \
        return result;                                                                             \
    }                                                                                              \
                                                                                                   \
    /* The best of n elements; *nans is not 0 if there is a NaN. */                                \
    static INLINE ctype best##_of_##name(const ctype *x, size_t n, matches_##name *nans) {         \
        enum { block = BLOCK_BYTES / sizeof(ctype), step = 2 * block };                            \
        ctype bests[block];                                                                        \
        matches_##name found[block] = {0};                                                         \
        size_t i = 0;                                                                              \
        if (n < step) return best##_of_few_##name(x, n, nans);                                     \
        for (size_t k = 0; k < block; k++) bests[k] = x[0];                                        \
        while (i < n) {                                                                            \
            for (size_t k = 0; k < block; k++) {                                                   \
                const ctype one = x[i + k], other = x[i + block + k];                              \
                found[k] |= (matches_##name)UNORDERED_##kind(one, other);                          \
                bests[k] = BETTER(one, bests[k]) ? one : bests[k];                                 \
                bests[k] = BETTER(other, bests[k]) ? other : bests[k];                             \
            }                                                                                      \
            i += step;                                                                             \
            if (i < n && n - i < step) i = n - step; /* some elements are read twice */            \
        }                                                                                          \
        for (size_t k = 0; k < block; k++) *nans |= found[k];                                      \
        for (size_t half = block / 2; half > 0; half /= 2)                                         \
            for (size_t k = 0; k < half; k++)                                                      \
                bests[k] = BETTER(bests[k + half], bests[k]) ? bests[k + half] : bests[k];         \
        return bests[0];                                                                           \
    }                                                                                              \
                                                                                                   \
    static INLINE size_t best##_##name(const ctype *x, size_t n) {                                 \
        size_t i, where = 0;                                                                       \
        ctype result = x[0];                                                                       \
        size_t part = PART - (uintptr_t)x % LINE_BYTES / sizeof(ctype);                            \
        for (i = 0; i < n; i += part, part = PART) {                                               \
            if (part > n - i) part = n - i;                                                        \
            matches_##name nans = 0;                                                               \
            const ctype candidate = best##_of_##name(x + i, part, &nans);                          \
            if (nans)                                                                              \
                for (size_t k = i; k < i + part; k++) /* unreached: its end: others write */       \
                    if (x[k] != x[k]) return k;                                                    \
            if (BETTER(candidate, result)) {                                                       \
                result = candidate;                                                                \
                where = i;                                                                         \
            }                                                                                      \
        }                                                                                          \
        i = index_of_##name(x, where, n, &result);                                                 \
        return i < n ? i : where; /* unreached: it is gone: others wrote */                        \
    }
#define DEFINE(CONSTANT, name, ctype, kind, min, max)                                              \
    DEFINE_BEST(name, ctype, kind, least, LESS)                                                    \
    DEFINE_BEST(name, ctype, kind, greatest, GREATER)
DYNARRAY_NUMERIC_TYPES(DEFINE)
#undef DEFINE

CLONES size_t dynarray_min(const dynarray *a) { DISPATCH_RETURN(a->type, least, a->data, a->size); }

CLONES size_t dynarray_max(const dynarray *a) {
    DISPATCH_RETURN(a->type, greatest, a->data, a->size);
}
