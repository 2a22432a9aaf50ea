/*
** statistics.c: see statistics.h. Elements become doubles block by block, in the cache.
*/
#include "core/vectorize.h"

#include "core/statistics.h"

#include <math.h>
#include <string.h>

#include "core/compute/operations.h"
#include "core/sum.h"

#define TABLES                                                                                     \
    4 /* tables of counts, used in turn: with one alone, neighbours in the same bin would wait for each other */
#define TABLE_BINS 1024 /* the most bins for that, so that the counts stay in the cache */

/* Reads n elements from `start` on. */
static void load_doubles(const dynarray *a, size_t start, size_t n, double *x) {
    const compute_step step = {CODE_LOAD, 0, a->type, true};
    compute_load(step, x, (const char *)a->data + start * a->element_size, n);
}

/* Of an array: its mean, and what deviations are multiplied by, so that their squares are normal numbers. */
typedef struct center {
    double mean, scale;
} center;

/* Makes scaled deviations from the mean of a block, and returns their sum. */
static double make_deviations(double *x, center at, size_t n) {
    const compute_step minus = {CODE_REAL_SUB, ONE_Y, 0, false},
                       times = {CODE_REAL_MUL, ONE_Y, 0, false};
    const double mean = at.mean * at.scale;
    if (at.scale != 1) compute_simple(times, x, x, &at.scale, x, x, n);
    compute_simple(minus, x, x, &mean, x, x, n);
    return compute_sum_real(x, n);
}

/*
** The sum of the products of the scaled deviations of two arrays of the same size. It corrects for the rounding of the means by
** the sums of the deviations (Chan, Golub, LeVeque, Algorithms for computing the sample variance, 1983).
*/
static double codeviations(const dynarray *a, center a_at, const dynarray *b, center b_at) {
    const compute_step times = {CODE_REAL_MUL, 0, 0, false};
    double x[COMPUTE_BLOCK] = {0}, y[COMPUTE_BLOCK] = {0};
    double products = 0, x_sum = 0, y_sum = 0;
    for (size_t start = 0; start < a->size; start += COMPUTE_BLOCK) {
        const size_t left = a->size - start, n = left < COMPUTE_BLOCK ? left : COMPUTE_BLOCK;
        double sum;
        load_doubles(a, start, n, x);
        sum = make_deviations(x, a_at, n);
        x_sum += sum;
        if (b != a) {
            load_doubles(b, start, n, y);
            sum = make_deviations(y, b_at, n);
        }
        y_sum += sum;
        compute_simple(times, x, x, b != a ? y : x, x, x, n);
        products += compute_sum_real(x, n);
    }
    return products - x_sum * y_sum / (double)a->size;
}

#define LEAST_SQUARES 0x1p-900 /* less may have lost bits, or all */
#define LARGER 0x1p600

/* The sum of the squares of the deviations; *at gets the mean, and the scale where squares are too large or too small. */
static double deviations(const dynarray *a, center *at) {
    double squares;
    bool too_small;
    at->mean = dynarray_mean(a);
    at->scale = 1;
    squares = codeviations(a, *at, a, *at);
    too_small = squares < LEAST_SQUARES && fabs(at->mean) < 1; /* of others, all are equal */
    if (a->type == DYNARRAY_FLOAT64 && (too_small || !isfinite(squares))) {
        at->scale = too_small ? LARGER : 1 / LARGER;
        squares = codeviations(a, *at, a, *at);
    }
    /* unreached: below 0: rounding could do that only with very many elements */
    return squares < 0 ? 0 : squares;
}

double dynarray_variance(const dynarray *a, size_t ddof) {
    center at;
    const double squares = deviations(a, &at);
    return squares / (double)(a->size - ddof) / at.scale / at.scale;
}

double dynarray_deviation(const dynarray *a, size_t ddof) {
    center at;
    const double squares = deviations(a, &at);
    return sqrt(squares / (double)(a->size - ddof)) / at.scale;
}

double dynarray_correlation(const dynarray *a, const dynarray *b) {
    center a_at, b_at;
    const double x = deviations(a, &a_at), y = deviations(b, &b_at);
    const double r = codeviations(a, a_at, b, b_at) / sqrt(x) / sqrt(y);
    return r > 1 ? 1 : r < -1 ? -1 : r;
}

/* ---------------------------------------------------------------------------------------------
** Histogram
*/

/* Finds the bin of each element; `outside` if it is in none. */
CLONES_WITH_ALL static void find_bins(const double *x, size_t n, double low, double high,
                                      double scale, int64_t bins, int64_t *found) {
    for (size_t i = 0; i < n; i++) {
        const double element = x[i];
        const bool inside = element >= low && element <= high;
        const int64_t bin = (int64_t)(inside ? (element - low) * scale : 0);
        found[i] = inside ? bin < bins ? bin : bins - 1 : bins;
    }
}

/* The same for bins between edges: the last edge that is at most the element, found without a branch. */
CLONES_WITH_ALL static void find_bins_between(const double *x, size_t n, const double *edges,
                                              int64_t bins, int64_t *found) {
    const double low = edges[0], high = edges[bins];
    for (size_t i = 0; i < n; i++) found[i] = 0;
    for (int64_t left = bins + 1; left > 1; left -= left / 2) {
        const int64_t half = left / 2;
        for (size_t i = 0; i < n; i++) found[i] += edges[found[i] + half] <= x[i] ? half : 0;
    }
    for (size_t i = 0; i < n; i++) {
        const bool inside = x[i] >= low && x[i] <= high;
        found[i] = inside ? found[i] < bins ? found[i] : bins - 1 : bins;
    }
}

/* Counts in several tables, if there are few bins. A table has one place more than there are bins, for what is outside. */
typedef struct tally {
    int64_t tables[TABLES][TABLE_BINS + 1];
    int64_t *counts;
    size_t bins;
} tally;

static void tally_begin(tally *t, size_t bins, int64_t *counts) {
    t->counts = counts;
    t->bins = bins;
    if (bins <= TABLE_BINS) memset(t->tables, 0, sizeof t->tables);
}

static void tally_add(tally *t, const int64_t *found, size_t n) {
    size_t i = 0;
    if (t->bins > TABLE_BINS) {
        for (; i < n; i++)
            if (found[i] < (int64_t)t->bins) t->counts[found[i]]++;
        return;
    }
    for (; n - i >= TABLES; i += TABLES)
        for (size_t k = 0; k < TABLES; k++) t->tables[k][found[i + k]]++;
    for (; i < n; i++) t->tables[0][found[i]]++;
}

static void tally_end(const tally *t) {
    for (size_t k = 0; t->bins <= TABLE_BINS && k < TABLES; k++)
        for (size_t i = 0; i < t->bins; i++) t->counts[i] += t->tables[k][i];
}

void dynarray_histogram(const dynarray *a, double low, double high, size_t bins, int64_t *counts) {
    tally t;
    double x[COMPUTE_BLOCK] = {0};
    int64_t found[COMPUTE_BLOCK];
    /* so that bins narrower than the least normal number do not make the scale infinite */
    const double unit = isinf((double)bins / (high - low)) ? 0x1p600 : 1;
    const double scale = (double)bins / (high * unit - low * unit);
    tally_begin(&t, bins, counts);
    for (size_t start = 0; start < a->size; start += COMPUTE_BLOCK) {
        const size_t left = a->size - start, n = left < COMPUTE_BLOCK ? left : COMPUTE_BLOCK;
        load_doubles(a, start, n, x);
        for (size_t i = 0; unit != 1 && i < n; i++) x[i] *= unit;
        find_bins(x, n, low * unit, high * unit, scale, (int64_t)bins, found);
        tally_add(&t, found, n);
    }
    tally_end(&t);
}

void dynarray_histogram_between(const dynarray *a, const double *edges, size_t bins,
                                int64_t *counts) {
    tally t;
    double x[COMPUTE_BLOCK] = {0};
    int64_t found[COMPUTE_BLOCK];
    tally_begin(&t, bins, counts);
    for (size_t start = 0; start < a->size; start += COMPUTE_BLOCK) {
        const size_t left = a->size - start, n = left < COMPUTE_BLOCK ? left : COMPUTE_BLOCK;
        load_doubles(a, start, n, x);
        find_bins_between(x, n, edges, (int64_t)bins, found);
        tally_add(&t, found, n);
    }
    tally_end(&t);
}
