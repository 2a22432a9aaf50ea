/*
** statistics.c: see statistics.h. Elements become doubles block by block, in the cache.
*/
#include "core/vectorize.h"

#include "core/statistics.h"

#include <math.h>
#include <string.h>

#include "core/compute/operations.h"

#define TABLES                                                                                     \
    4 /* tables of counts, used in turn: with one alone, neighbours in the same bin would wait for each other */
#define TABLE_BINS 1024 /* the most bins for that, so that the counts stay in the cache */

/* Reads n elements from `start` on. */
static void load_doubles(const dynarray *a, size_t start, size_t n, double *x) {
    const compute_step step = {CODE_LOAD, 0, a->type, true};
    compute_load(step, x, (const char *)a->data + start * a->element_size, n);
}

/* Makes deviations from the mean of a block, and returns their sum. */
static double make_deviations(double *x, double mean, size_t n) {
    const compute_step minus = {CODE_REAL_SUB, ONE_Y, 0, false};
    compute_simple(minus, x, x, &mean, x, n);
    return compute_sum_real(x, n);
}

double dynarray_codeviations(const dynarray *a, double a_mean, const dynarray *b, double b_mean) {
    const compute_step times = {CODE_REAL_MUL, 0, 0, false};
    double x[COMPUTE_BLOCK] = {0}, y[COMPUTE_BLOCK] = {0};
    double products = 0, x_sum = 0, y_sum = 0;
    for (size_t start = 0; start < a->size; start += COMPUTE_BLOCK) {
        const size_t left = a->size - start, n = left < COMPUTE_BLOCK ? left : COMPUTE_BLOCK;
        double sum;
        load_doubles(a, start, n, x);
        sum = make_deviations(x, a_mean, n);
        x_sum += sum;
        if (b != a) {
            load_doubles(b, start, n, y);
            sum = make_deviations(y, b_mean, n);
        }
        y_sum += sum;
        compute_simple(times, x, x, b != a ? y : x, x, n);
        products += compute_sum_real(x, n);
    }
    return products - x_sum * y_sum / (double)a->size;
}

double dynarray_deviations(const dynarray *a, double mean) {
    return dynarray_codeviations(a, mean, a, mean);
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

/* The tables have one place more than there are bins, for what is outside. */
static void count_bins(const int64_t *found, size_t n, int64_t (*tables)[TABLE_BINS + 1]) {
    size_t i = 0;
    for (; n - i >= TABLES; i += TABLES)
        for (size_t k = 0; k < TABLES; k++) tables[k][found[i + k]]++;
    for (; i < n; i++) tables[0][found[i]]++;
}

void dynarray_histogram(const dynarray *a, double low, double high, size_t bins, int64_t *counts) {
    int64_t tables[TABLES][TABLE_BINS + 1];
    double x[COMPUTE_BLOCK] = {0};
    int64_t found[COMPUTE_BLOCK];
    /* so that bins narrower than the least normal number do not make the scale infinite */
    const double unit = isinf((double)bins / (high - low)) ? 0x1p600 : 1;
    const double scale = (double)bins / (high * unit - low * unit);
    const bool few = bins <= TABLE_BINS;
    if (few) memset(tables, 0, sizeof tables);
    for (size_t start = 0; start < a->size; start += COMPUTE_BLOCK) {
        const size_t left = a->size - start, n = left < COMPUTE_BLOCK ? left : COMPUTE_BLOCK;
        load_doubles(a, start, n, x);
        for (size_t i = 0; unit != 1 && i < n; i++) x[i] *= unit;
        find_bins(x, n, low * unit, high * unit, scale, (int64_t)bins, found);
        if (few)
            count_bins(found, n, tables);
        else
            for (size_t i = 0; i < n; i++)
                if (found[i] < (int64_t)bins) counts[found[i]]++;
    }
    for (size_t k = 0; few && k < TABLES; k++)
        for (size_t i = 0; i < bins; i++) counts[i] += tables[k][i];
}
