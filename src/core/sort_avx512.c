/*
** sort_avx512.c: see sort_avx512.h. A quicksort whose partition moves whole registers by a compressing store. Few
** keys are sorted in registers, by a bitonic network (Batcher 1968). Wherever the width of a key is an
** argument, it is a constant: everything is inlined into one function for each width.
*/
#include "core/system/system.h" /* DYNARRAY_NO_CLONES */

#include "core/sort_avx512.h"

#if defined(__x86_64__) && defined(__GNUC__) && !defined(DYNARRAY_NO_CLONES)

#include <immintrin.h>
#include <stdint.h>
#include <string.h>

/* Every processor with AVX-512 has popcnt, too. */
#define TARGET target("avx512f,popcnt")
#define KERNEL static inline __attribute__((always_inline, TARGET))

#define VECTOR_BYTES 64
#define LANES(width) (VECTOR_BYTES / (width))
#define ROWS_MOST 16 /* registers that are sorted together */
#define STEP_ROWS 8  /* registers that a partition reads in one step */
#define SAMPLE_ROWS 4

typedef __m512i vector;

bool dynarray_sort_avx512_available(void) { return __builtin_cpu_supports("avx512f"); }

/* ---------------------------------------------------------------------------------------------
** One register
*/

KERNEL vector wide_load(const char *x) { return _mm512_loadu_si512(x); }

KERNEL void wide_store(char *x, vector a) { _mm512_storeu_si512(x, a); }

KERNEL unsigned wide_first_lanes(size_t n) { return (1u << n) - 1; }

KERNEL vector wide_load_first(const char *x, size_t n, vector rest, size_t width) {
    const unsigned mask = wide_first_lanes(n);
    return width == 4 ? _mm512_mask_loadu_epi32(rest, (__mmask16)mask, x)
                      : _mm512_mask_loadu_epi64(rest, (__mmask8)mask, x);
}

KERNEL void wide_store_first(char *x, size_t n, vector a, size_t width) {
    const unsigned mask = wide_first_lanes(n);
    if (width == 4)
        _mm512_mask_storeu_epi32(x, (__mmask16)mask, a);
    else
        _mm512_mask_storeu_epi64(x, (__mmask8)mask, a);
}

KERNEL vector wide_all(int64_t key, size_t width) {
    return width == 4 ? _mm512_set1_epi32((int32_t)key) : _mm512_set1_epi64(key);
}

/* 0, 1, 2 ... */
KERNEL vector wide_lane_numbers(size_t width) {
    return width == 4 ? _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)
                      : _mm512_set_epi64(7, 6, 5, 4, 3, 2, 1, 0);
}

KERNEL vector wide_least(vector a, vector b, size_t width) {
    return width == 4 ? _mm512_min_epi32(a, b) : _mm512_min_epi64(a, b);
}

KERNEL vector wide_greatest(vector a, vector b, size_t width) {
    return width == 4 ? _mm512_max_epi32(a, b) : _mm512_max_epi64(a, b);
}

/* Of each pair, the greater in the lanes of the mask and the lesser in the other lanes. */
KERNEL vector wide_least_or_greatest(unsigned mask, vector a, vector b, size_t width) {
    const vector low = wide_least(a, b, width);
    return width == 4 ? _mm512_mask_max_epi32(low, (__mmask16)mask, a, b)
                      : _mm512_mask_max_epi64(low, (__mmask8)mask, a, b);
}

KERNEL unsigned wide_less_mask(vector a, vector b, size_t width) {
    return width == 4 ? _mm512_cmplt_epi32_mask(a, b) : _mm512_cmplt_epi64_mask(a, b);
}

KERNEL vector wide_compress(unsigned mask, vector a, size_t width) {
    return width == 4 ? _mm512_maskz_compress_epi32((__mmask16)mask, a)
                      : _mm512_maskz_compress_epi64((__mmask8)mask, a);
}

KERNEL vector wide_permute(vector index, vector a, size_t width) {
    return width == 4 ? _mm512_permutexvar_epi32(index, a) : _mm512_permutexvar_epi64(index, a);
}

KERNEL vector wide_permute_two(vector a, vector index, vector b, size_t width) {
    return width == 4 ? _mm512_permutex2var_epi32(a, index, b)
                      : _mm512_permutex2var_epi64(a, index, b);
}

/* ---------------------------------------------------------------------------------------------
** Few keys: a matrix of `rows` registers. First its columns are sorted. Then two sorted columns are merged into
** one that continues in the next lane, again and again. In the end the matrix is transposed.
*/

/* Orders each row and the one whose number differs from its own in the bits of `flip`. */
KERNEL void wide_compare_rows(vector *v, unsigned rows, unsigned flip, size_t width) {
#pragma GCC unroll 16
    for (unsigned i = 0; i < rows; i++) {
        const unsigned j = i ^ flip;
        if (i < j && j < rows) {
            const vector low = wide_least(v[i], v[j], width);
            v[j] = wide_greatest(v[i], v[j], width);
            v[i] = low;
        }
    }
}

/* The same with lanes that differ, of rows whose numbers differ in the bits of row_flip. */
KERNEL void wide_compare_lanes(vector *v, unsigned rows, unsigned row_flip, unsigned flip,
                               size_t width) {
    const vector partner = _mm512_xor_si512(wide_lane_numbers(width), wide_all((int)flip, width));
    const unsigned upper = flip & 8 ? 0xFF00 : flip & 4 ? 0xF0F0 : flip & 2 ? 0xCCCC : 0xAAAA;
#pragma GCC unroll 16
    for (unsigned i = 0; i < rows; i++) {
        const unsigned j = i ^ row_flip;
        if (i <= j) {
            const vector a = v[i], b = v[j];
            v[i] = wide_least_or_greatest(upper, a, wide_permute(partner, b, width), width);
            if (i < j)
                v[j] = wide_least_or_greatest(upper, b, wide_permute(partner, a, width), width);
        }
    }
}

/* Sorts columns that are bitonic and as long as the matrix is high. */
KERNEL void wide_settle_columns(vector *v, unsigned rows, size_t width) {
    wide_compare_rows(v, rows, 8, width);
    wide_compare_rows(v, rows, 4, width);
    wide_compare_rows(v, rows, 2, width);
    wide_compare_rows(v, rows, 1, width);
}

KERNEL void wide_sort_columns(vector *v, unsigned rows, size_t width) {
    wide_compare_rows(v, rows, 1, width);
    if (rows < 4) return;
    wide_compare_rows(v, rows, 3, width);
    wide_compare_rows(v, rows, 1, width);
    if (rows < 8) return;
    wide_compare_rows(v, rows, 7, width);
    wide_compare_rows(v, rows, 2, width);
    wide_compare_rows(v, rows, 1, width);
    if (rows < 16) return;
    wide_compare_rows(v, rows, 15, width);
    wide_compare_rows(v, rows, 4, width);
    wide_compare_rows(v, rows, 2, width);
    wide_compare_rows(v, rows, 1, width);
}

KERNEL void wide_merge_columns(vector *v, unsigned rows, size_t width) {
    wide_compare_lanes(v, rows, rows - 1, 1, width);
    wide_settle_columns(v, rows, width);
    wide_compare_lanes(v, rows, rows - 1, 3, width);
    wide_compare_lanes(v, rows, 0, 1, width);
    wide_settle_columns(v, rows, width);
    wide_compare_lanes(v, rows, rows - 1, 7, width);
    wide_compare_lanes(v, rows, 0, 2, width);
    wide_compare_lanes(v, rows, 0, 1, width);
    wide_settle_columns(v, rows, width);
    if (LANES(width) < 16) return;
    wide_compare_lanes(v, rows, rows - 1, 15, width);
    wide_compare_lanes(v, rows, 0, 4, width);
    wide_compare_lanes(v, rows, 0, 2, width);
    wide_compare_lanes(v, rows, 0, 1, width);
    wide_settle_columns(v, rows, width);
}

/* Interleaves the two halves of the rows, as cards: rotates the bits of all places by one. */
KERNEL void wide_riffle(vector *v, unsigned rows, size_t width) {
    const vector lanes = wide_lane_numbers(width), one = wide_all(1, width);
    const vector odd = _mm512_and_si512(lanes, one);
    const vector half = width == 4 ? _mm512_srli_epi32(lanes, 1) : _mm512_srli_epi64(lanes, 1);
    const vector low =
        _mm512_or_si512(half, width == 4 ? _mm512_slli_epi32(odd, 4) : _mm512_slli_epi64(odd, 3));
    const vector high = _mm512_xor_si512(low, wide_all((int)LANES(width) / 2, width));
    vector shuffled[ROWS_MOST];
#pragma GCC unroll 16
    for (size_t i = 0; i < rows / 2; i++) {
        shuffled[2 * i] = wide_permute_two(v[i], low, v[i + rows / 2], width);
        shuffled[2 * i + 1] = wide_permute_two(v[i], high, v[i + rows / 2], width);
    }
#pragma GCC unroll 16
    for (size_t i = 0; i < rows; i++) v[i] = shuffled[i];
}

KERNEL void wide_sort_matrix(vector *v, unsigned rows, size_t width) {
    wide_sort_columns(v, rows, width);
    wide_merge_columns(v, rows, width);
    wide_riffle(v, rows, width);
    if (rows >= 4) wide_riffle(v, rows, width);
    if (rows >= 8) wide_riffle(v, rows, width);
    if (rows >= 16) wide_riffle(v, rows, width);
}

/* Sorts keys of more than (rows - 1) / 2 registers in `rows` registers, whose rest holds the greatest key. */
KERNEL void wide_sort_rows(char *x, size_t n, unsigned rows, size_t width) {
    const vector rest = wide_all(width == 4 ? INT32_MAX : INT64_MAX, width);
    const size_t lanes = LANES(width);
    vector v[ROWS_MOST];
#pragma GCC unroll 16
    for (size_t i = 0; i < rows; i++) {
        const size_t before = i * lanes, left = n > before ? n - before : 0;
        v[i] = left >= lanes ? wide_load(x + i * VECTOR_BYTES)
                             : wide_load_first(x + i * VECTOR_BYTES, left, rest, width);
    }
    wide_sort_matrix(v, rows, width);
#pragma GCC unroll 16
    for (size_t i = 0; i < rows; i++) {
        const size_t before = i * lanes, left = n > before ? n - before : 0;
        if (left >= lanes)
            wide_store(x + i * VECTOR_BYTES, v[i]);
        else
            wide_store_first(x + i * VECTOR_BYTES, left, v[i], width);
    }
}

KERNEL void wide_sort_few(char *x, size_t n, size_t width) {
    const size_t lanes = LANES(width);
    if (n <= 2 * lanes)
        wide_sort_rows(x, n, 2, width);
    else if (n <= 4 * lanes)
        wide_sort_rows(x, n, 4, width);
    else if (n <= 8 * lanes)
        wide_sort_rows(x, n, 8, width);
    else
        wide_sort_rows(x, n, ROWS_MOST, width);
}

/* ---------------------------------------------------------------------------------------------
** Partition
*/

typedef struct wide_parts {
    char *low, *high; /* nothing between them is needed any more */
} wide_parts;

/* Stores keys that are less than the pivot at the low end, the others at the high end. */
KERNEL void wide_put(wide_parts *p, vector a, vector pivot, size_t width) {
    const unsigned full = width == 4 ? 0xFFFF : 0xFF, less = wide_less_mask(a, pivot, width);
    const size_t count = (size_t)__builtin_popcount(less), others = LANES(width) - count;
    wide_store(p->low, wide_compress(less, a, width));
    p->low += count * width;
    p->high -= others * width;
    wide_store_first(p->high, others, wide_compress(~less & full, a, width), width);
}

/* The same for the first n keys of the register; it writes nothing outside of the room. */
KERNEL void wide_put_first(wide_parts *p, vector a, size_t n, vector pivot, size_t width) {
    const unsigned mask = wide_first_lanes(n), less = wide_less_mask(a, pivot, width) & mask;
    const size_t count = (size_t)__builtin_popcount(less), others = n - count;
    wide_store_first(p->low, count, wide_compress(less, a, width), width);
    p->low += count * width;
    p->high -= others * width;
    wide_store_first(p->high, others, wide_compress(~less & mask, a, width), width);
}

/*
** Moves the keys that are less than the pivot to the front and counts them; n is two steps or more. The first
** step, the last one and the odd rest are read at the beginning and stored at the end. Each other step is
** read from the side that has less room, so there is always room for a step on both sides.
*/
KERNEL size_t wide_partition(char *x, size_t n, vector pivot, size_t width) {
    enum { step = STEP_ROWS * VECTOR_BYTES };
    const size_t bytes = n * width, rest = bytes % step;
    char aside[3 * step], *from = x + step, *to = x + bytes - step - rest;
    wide_parts p = {x, x + bytes};
    memcpy(aside, x, step);
    memcpy(aside + step, to, step + rest);
    while (from < to) {
        vector v[STEP_ROWS];
        const bool left = from - p.low <= p.high - to;
        const char *const source = left ? from : to - step;
        from += left ? step : 0;
        to -= left ? 0 : step;
#pragma GCC unroll 8
        for (size_t i = 0; i < STEP_ROWS; i++) v[i] = wide_load(source + i * VECTOR_BYTES);
#pragma GCC unroll 8
        for (size_t i = 0; i < STEP_ROWS; i++) wide_put(&p, v[i], pivot, width);
    }
    for (size_t done = 0; done < 2 * (size_t)step + rest; done += VECTOR_BYTES) {
        const size_t left = (2 * (size_t)step + rest - done) / width;
        const size_t k = left < LANES(width) ? left : LANES(width);
        wide_put_first(&p, wide_load(aside + done), k, pivot, width);
    }
    return (size_t)(p.low - x) / width;
}

/* The median of keys from all parts of the array. */
KERNEL int64_t wide_pivot_of(const char *x, size_t n, size_t width) {
    const size_t count = SAMPLE_ROWS * LANES(width), stride = n / count;
    char samples[SAMPLE_ROWS * VECTOR_BYTES];
    int64_t wide;
    int32_t narrow;
    for (size_t i = 0; i < count; i++)
        memcpy(samples + i * width, x + (i * stride + stride / 2) * width, width);
    wide_sort_rows(samples, count, SAMPLE_ROWS, width);
    memcpy(&narrow, samples + count / 2 * width, sizeof narrow);
    memcpy(&wide, samples + count / 2 * width, sizeof wide);
    return width == 4 ? narrow : wide;
}

#define DEFINE(bits, width)                                                                        \
    __attribute__((noinline, TARGET)) static void wide_few_##bits(char *x, size_t n) {             \
        wide_sort_few(x, n, width);                                                                \
    }                                                                                              \
                                                                                                   \
    __attribute__((noinline, TARGET)) static size_t wide_split_##bits(char *x, size_t n,           \
                                                                      int64_t pivot) {             \
        return wide_partition(x, n, wide_all(pivot, width), width);                                \
    }                                                                                              \
                                                                                                   \
    __attribute__((noinline, TARGET)) static int64_t wide_middle_##bits(const char *x, size_t n) { \
        return wide_pivot_of(x, n, width);                                                         \
    }                                                                                              \
                                                                                                   \
    static void wide_quick_##bits(char *x, size_t n, unsigned depth,                               \
                                  dynarray_sort_fallback *fallback) {                              \
        while (n > (size_t)ROWS_MOST * LANES(width)) {                                             \
            const int64_t pivot = wide_middle_##bits(x, n);                                        \
            size_t less;                                                                           \
            if (depth-- == 0) {                                                                    \
                fallback(x, n);                                                                    \
                return;                                                                            \
            }                                                                                      \
            less = wide_split_##bits(x, n, pivot);                                                 \
            if (less > 0)                                                                          \
                wide_quick_##bits(x, less, depth, fallback);                                       \
            else if (pivot == INT##bits##_MAX)                                                     \
                return; /* all keys are equal */                                                   \
            else                                                                                   \
                less = wide_split_##bits(x, n, pivot + 1); /* and all of these equal the pivot */  \
            x += less * (width);                                                                   \
            n -= less;                                                                             \
        }                                                                                          \
        wide_few_##bits(x, n);                                                                     \
    }
DEFINE(32, 4) /* NOLINT(misc-no-recursion): as deep as two logarithms */
DEFINE(64, 8) /* NOLINT(misc-no-recursion) */
#undef DEFINE

void dynarray_sort_avx512(void *keys, size_t n, size_t width, unsigned splits,
                          dynarray_sort_fallback *fallback) {
    if (width == 4)
        wide_quick_32(keys, n, splits, fallback);
    else
        wide_quick_64(keys, n, splits, fallback);
}

#else

bool dynarray_sort_avx512_available(void) { return false; }

/* unreached: it is not available */
void dynarray_sort_avx512(void *keys, size_t n, size_t width, unsigned splits,
                          dynarray_sort_fallback *fallback) {
    (void)width, (void)splits;
    fallback(keys, n); /* unreached: it is not available */
}

#endif
