/*
** sum.c: see sum.h. Floats are added in LANES sums side by side over one part. Then sums of the same number of parts
** are added in pairs, again and again, so that the error grows with the logarithm of the size.
*/
#include "core/vectorize.h"

#include "core/sum.h"

#include <math.h>

#include "core/dispatch.h"
#include "core/search.h"

#define PART 4096 /* elements of a part */
#define LANES 32

typedef struct tree {
    double sums[64]; /* at i: the sum of 2^i parts, if bit i of `parts` is set */
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
#define SCALED_TERM(i) (x[i] * scale)
#define FLOAT_PRODUCT(i) ((double)x[i] * (double)y[i])

#define FLOAT_SUM(name, ctype)                                                                     \
    static INLINE double float_sum_##name(const ctype *x, size_t n) { SUM_FLOATS(FLOAT_TERM) }
#define FLOAT_DOT(name, ctype)                                                                     \
    static INLINE double float_dot_##name(const ctype *x, const ctype *y, size_t n) {              \
        SUM_FLOATS(FLOAT_PRODUCT)                                                                  \
    }
FLOAT_SUM(int64, int64_t)
FLOAT_SUM(uint64, uint64_t)

#define SUMS_SIGNED(name, ctype)                                                                   \
    static INLINE int64_t integer_sum_##name(const ctype *x, size_t n) {                           \
        uint64_t sum = 0;                                                                          \
        for (size_t i = 0; i < n; i++) sum += (uint64_t)x[i];                                      \
        return (int64_t)sum;                                                                       \
    }                                                                                              \
                                                                                                   \
    static INLINE int64_t integer_dot_##name(const ctype *x, const ctype *y, size_t n) {           \
        uint64_t sum = 0;                                                                          \
        for (size_t i = 0; i < n; i++) sum += (uint64_t)x[i] * (uint64_t)y[i];                     \
        return (int64_t)sum;                                                                       \
    }
#define SUMS_UNSIGNED(name, ctype) SUMS_SIGNED(name, ctype)
#define SUMS_FLOAT(name, ctype) FLOAT_SUM(name, ctype) FLOAT_DOT(name, ctype)
#define DEFINE(CONSTANT, name, ctype, kind, min, max) SUMS_##kind(name, ctype)
DYNARRAY_NUMERIC_TYPES(DEFINE)
#undef DEFINE

CLONES_FOR_MEMORY int64_t dynarray_sum_integer(const dynarray *a) {
    DISPATCH_RETURN_INTEGER(a->type, integer_sum, a->data, a->size);
}

CLONES_FOR_MEMORY int64_t dynarray_dot_integer(const dynarray *a, const dynarray *b) {
    DISPATCH_RETURN_INTEGER(a->type, integer_dot, a->data, b->data, a->size);
}

/* The sum of this many integers of less than 64 bits is an int64. */
#define EXACT_SIZE ((size_t)1 << 30)

/* The sum of such integers: of the exact sums of parts, of which the first one has what is left over. */
static double sum_of_integers(const dynarray *a) {
    dynarray part = *a;
    double sum = 0;
    part.size = (a->size - 1) % EXACT_SIZE + 1;
    for (size_t i = 0; i < a->size; i += part.size, part.size = EXACT_SIZE) {
        part.data = (char *)a->data + i * a->element_size;
        sum += (double)dynarray_sum_integer(&part);
    }
    return sum;
}

CLONES_FOR_MEMORY double dynarray_sum_float(const dynarray *a) {
    if (dynarray_is_float((dynarray_type)a->type))
        DISPATCH_RETURN_FLOAT(a->type, float_sum, a->data, a->size);
    if (a->element_size < sizeof(int64_t)) return sum_of_integers(a);
    return a->type == DYNARRAY_INT64 ? float_sum_int64(a->data, a->size)
                                     : float_sum_uint64(a->data, a->size);
}

CLONES_FOR_MEMORY double dynarray_dot_float(const dynarray *a, const dynarray *b) {
    DISPATCH_RETURN_FLOAT(a->type, float_dot, a->data, b->data, a->size);
}

/* The sum of float64 that are scaled first. */
static double scaled_sum(const double *x, size_t n, double scale) { SUM_FLOATS(SCALED_TERM) }

static double plain_mean(const dynarray *a) {
    const double n = (double)a->size, sum = dynarray_sum_float(a);
    if (!isfinite(sum) && a->type == DYNARRAY_FLOAT64) { /* perhaps all elements are finite */
        int exponent;
        frexp(n, &exponent); /* n < 2^exponent */
        return scaled_sum(a->data, a->size, ldexp(1, -exponent)) / ldexp(n, -exponent);
    }
    return sum / n;
}

double dynarray_double_at(const dynarray *a, size_t i) {
    dynarray one = *a;
    one.data = (char *)one.data + i * one.element_size;
    one.size = 1;
    return dynarray_sum_float(&one);
}

#define MEAN_LOOKS 32 /* this many elements from each end are compared with a mean */

/* Most often a few elements show that there is one on each side of the mean. */
double dynarray_mean(const dynarray *a) {
    const double mean = plain_mean(a);
    const size_t n = a->size, step = n / MEAN_LOOKS + 1;
    bool above = false, below = false;
    double least, greatest;
    for (size_t i = 0; i < n && !(above && below); i += step)
        for (int end = 0; end <= 1; end++) {
            const double x = dynarray_double_at(a, end ? n - 1 - i : i);
            above = above || x >= mean;
            below = below || x <= mean;
        }
    if ((above && below) || isnan(mean)) return mean;
    least = dynarray_double_at(a, dynarray_min(a));
    greatest = dynarray_double_at(a, dynarray_max(a));
    return mean < least ? least : mean > greatest ? greatest : mean;
}
