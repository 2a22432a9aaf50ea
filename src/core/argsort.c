/*
** argsort.c: see argsort.h.
**
** Elements become unsigned keys in the order wanted: their bits, some of them inverted. All NaN get the greatest key,
** and both zeros the same one. Pairs of key and index are sorted by a radix sort from the lowest digit up, which
** leaves out digits that are the same in all keys. If the key has at most 32 bits, as the index has in all arrays but
** the largest, both are in one word: half of the memory of a pair, and half of its digits.
*/
#include "core/argsort.h"

#include <string.h>

#include "core/dispatch.h"
#include "core/memory.h"
#include "core/rearrange.h"
#include "core/sort.h"
#include "core/vectorize.h"

#define RADIX_BITS 8
#define RADIX (1u << RADIX_BITS)
#define DIGITS_MOST (64 / RADIX_BITS)
#define SHORT_BITS 32  /* of a key that is in one word with its index */
#define FEW 64         /* up to this many elements are sorted by insertion */
#define HEAP_MOST 2048 /* the most elements of top that are kept in a heap */
#define PIECE 1024     /* this many keys are made in one step */

typedef struct ranked {
    uint64_t key;
    uint64_t place;
} ranked;

/* ---------------------------------------------------------------------------------------------
** Keys: the least first
*/

#define KEY_SIGNED(x, width) ((uint64_t)(int64_t)(x) ^ (uint64_t)1 << 63)
#define KEY_UNSIGNED(x, width) ((uint64_t)(x))

static INLINE uint64_t key_of_real(double x) {
    uint64_t bits;
    if (x == 0) x = 0; /* of both signs */
    memcpy(&bits, &x, sizeof bits);
    return bits >> 63 ? ~bits : bits | (uint64_t)1 << 63;
}
#define KEY_FLOAT(x, width) key_of_real((double)(x))

/* The same of types of at most 32 bits. */
#define SHORT_KEY_SIGNED(x) ((uint32_t)(x) ^ (uint32_t)1 << 31)
#define SHORT_KEY_UNSIGNED(x) ((uint32_t)(x))

static INLINE uint32_t short_key_of_real(float x) {
    uint32_t bits;
    if (x == 0) x = 0; /* of both signs */
    memcpy(&bits, &x, sizeof bits);
    return bits >> 31 ? ~bits : bits | (uint32_t)1 << 31;
}
#define SHORT_KEY_FLOAT(x) short_key_of_real((float)(x))

#define IS_NAN_SIGNED(x) false
#define IS_NAN_UNSIGNED(x) false
#define IS_NAN_FLOAT(x) ((x) != (x))

/* Makes the keys of n elements from x on, for ascending or descending order. */
#define DEFINE(with, CONSTANT, name, ctype, kind, min, max, width)                                 \
    static void rank_##name(const void *data, size_t start, size_t n, bool descending,             \
                            uint64_t *keys) {                                                      \
        const ctype *const x = (const ctype *)data + start;                                        \
        const uint64_t flip = descending ? UINT64_MAX : 0;                                         \
        for (size_t i = 0; i < n; i++) {                                                           \
            const ctype element = x[i];                                                            \
            keys[i] = IS_NAN_##kind(element) ? UINT64_MAX : KEY_##kind(element, width) ^ flip;     \
        }                                                                                          \
    }                                                                                              \
    /* Words of short keys and places, from 0. */                                                  \
    static void pack_##name(const void *data, size_t n, bool descending, uint64_t *words) {        \
        const ctype *const x = data;                                                               \
        const uint32_t flip = descending ? UINT32_MAX : 0;                                         \
        for (size_t i = 0; i < n; i++) {                                                           \
            const ctype element = x[i];                                                            \
            const uint32_t key =                                                                   \
                IS_NAN_##kind(element) ? UINT32_MAX : SHORT_KEY_##kind(element) ^ flip;            \
            words[i] = (uint64_t)key << SHORT_BITS | i;                                            \
        }                                                                                          \
    }
DYNARRAY_NUMERIC_TABLE(DEFINE, )
#undef DEFINE

static void rank_elements(const dynarray *a, size_t start, size_t n, bool descending,
                          uint64_t *keys) {
    DISPATCH(a->type, rank, a->data, start, n, descending, keys);
}

/* ---------------------------------------------------------------------------------------------
** Sorting by keys
*/

typedef size_t counts[RADIX];

/*
** sort_few_T sorts some elements of that type in place. radix_sort_T sorts by `digit_count` digits of the keys, from bit
** `low` on, with spare for scratch; returns the one of the two that has the result.
*/
#define DEFINE(name, element, KEY, low, digit_count)                                               \
    static void sort_few_##name(element *x, size_t n) {                                            \
        for (size_t i = 1; i < n; i++) {                                                           \
            const element moved = x[i];                                                            \
            size_t j = i;                                                                          \
            for (; j > 0 && KEY(x[j - 1]) > KEY(moved); j--) x[j] = x[j - 1];                      \
            x[j] = moved;                                                                          \
        }                                                                                          \
    }                                                                                              \
    static element *radix_sort_##name(element *x, element *spare, size_t n) {                      \
        counts digits[digit_count] = {{0}};                                                        \
        for (size_t i = 0; i < n; i++)                                                             \
            for (unsigned d = 0; d < (digit_count); d++) digits[d][DIGIT(KEY(x[i]), low, d)]++;    \
        for (unsigned d = 0; d < (digit_count); d++) {                                             \
            element *const swapped = x;                                                            \
            size_t *const starts = digits[d], start = 0;                                           \
            if (starts[DIGIT(KEY(x[0]), low, d)] == n)                                             \
                continue; /* all keys have the same digit here */                                  \
            for (unsigned i = 0; i < RADIX; i++) {                                                 \
                const size_t count = starts[i];                                                    \
                starts[i] = start;                                                                 \
                start += count;                                                                    \
            }                                                                                      \
            for (size_t i = 0; i < n; i++) spare[starts[DIGIT(KEY(x[i]), low, d)]++] = x[i];       \
            x = spare;                                                                             \
            spare = swapped;                                                                       \
        }                                                                                          \
        return x;                                                                                  \
    }
#define DIGIT(key, low, d) ((key) >> ((low) + (d)*RADIX_BITS) & (RADIX - 1))
#define KEY_OF_PAIR(x) ((x).key)
#define KEY_OF_WORD(x) (x)
DEFINE(pairs, ranked, KEY_OF_PAIR, 0, DIGITS_MOST)
DEFINE(words, uint64_t, KEY_OF_WORD, SHORT_BITS, SHORT_BITS / RADIX_BITS)
#undef DEFINE

/* ---------------------------------------------------------------------------------------------
** All elements
*/

static void pair_elements(const dynarray *a, bool descending, ranked *pairs) {
    uint64_t keys[PIECE] = {0};
    for (size_t start = 0; start < a->size; start += PIECE) {
        const size_t left = a->size - start, n = left < PIECE ? left : PIECE;
        rank_elements(a, start, n, descending, keys);
        for (size_t i = 0; i < n; i++) {
            pairs[start + i].key = keys[i];
            pairs[start + i].place = start + i + 1;
        }
    }
}

static void rank_pairs(const dynarray *a, bool descending, size_t k, int64_t *indices,
                       ranked *pairs) {
    const size_t n = a->size;
    const ranked *sorted = pairs;
    pair_elements(a, descending, pairs);
    if (n <= FEW)
        sort_few_pairs(pairs, n);
    else
        sorted = radix_sort_pairs(pairs, pairs + n, n);
    for (size_t i = 0; i < k; i++) indices[i] = (int64_t)sorted[i].place;
}

static void rank_words(const dynarray *a, bool descending, size_t k, int64_t *indices,
                       uint64_t *words) {
    const size_t n = a->size;
    const uint64_t *sorted = words;
    DISPATCH(a->type, pack, a->data, n, descending, words);
    if (n <= FEW)
        sort_few_words(words, n);
    else
        sorted = radix_sort_words(words, words + n, n);
    for (size_t i = 0; i < k; i++) indices[i] = (int64_t)(uint32_t)sorted[i] + 1;
}

static dynarray_status rank_all(const dynarray *a, bool descending, size_t k, int64_t *indices) {
    dynarray_heap *const heap = a->setup->heap;
    const size_t n = a->size;
    /* n < 2^32, in a form that size_t of 32 bits allows */
    const bool in_words = a->element_size <= SHORT_BITS / 8 && n >> (SHORT_BITS - 1) <= 1;
    const size_t element_bytes = in_words ? sizeof(uint64_t) : sizeof(ranked);
    const size_t bytes = 2 * n * element_bytes;
    void *memory;
    if (n == 0) return DYNARRAY_OK;
    if (n > dynarray_max_capacity(2 * element_bytes)) return DYNARRAY_TOO_LARGE;
    memory = heap_allocate(heap, NULL, 0, bytes);
    if (memory == NULL) return DYNARRAY_NO_MEMORY;
    if (in_words)
        rank_words(a, descending, k, indices, memory);
    else
        rank_pairs(a, descending, k, indices, memory);
    heap_allocate(heap, memory, bytes, 0);
    return DYNARRAY_OK;
}

#define DEFINE(with, CONSTANT, name, ctype, kind, min, max, width)                                 \
    static size_t numbers_##name(const void *data, size_t n) {                                     \
        const ctype *const x = data;                                                               \
        (void)x;                                                                                   \
        while (n > 0 && IS_NAN_##kind(x[n - 1])) n--;                                              \
        return n;                                                                                  \
    }
DYNARRAY_NUMERIC_TABLE(DEFINE, )
#undef DEFINE

/* How many elements of a sorted array are not NaN. */
static size_t numbers_first(const dynarray *a) {
    DISPATCH_RETURN(a->type, numbers, a->data, a->size);
}

void dynarray_sort_descending(dynarray *a) {
    dynarray numbers = *a;
    dynarray_sort(a);
    numbers.size = numbers_first(a);
    dynarray_reverse(&numbers);
}

dynarray_status dynarray_argsort(const dynarray *a, bool descending, int64_t *indices) {
    return rank_all(a, descending, a->size, indices);
}

/* ---------------------------------------------------------------------------------------------
** The first few: they are kept in a heap, whose root is the last of them
*/

static bool comes_before(const ranked *x, const ranked *y) {
    return x->key < y->key || (x->key == y->key && x->place < y->place);
}

static void sift_down(ranked *x, size_t i, size_t n) {
    const ranked moved = x[i];
    for (;;) {
        size_t child = 2 * i + 1;
        if (child >= n) break;
        if (child + 1 < n && comes_before(&x[child], &x[child + 1])) child++;
        if (!comes_before(&moved, &x[child])) break;
        x[i] = x[child];
        i = child;
    }
    x[i] = moved;
}

static void keep_first(const dynarray *a, size_t k, ranked *first) {
    uint64_t keys[PIECE] = {0};
    size_t kept = 0;
    for (size_t start = 0; start < a->size; start += PIECE) {
        const size_t left = a->size - start, n = left < PIECE ? left : PIECE;
        rank_elements(a, start, n, true, keys);
        for (size_t i = 0; i < n; i++) {
            if (kept == k && keys[i] >= first[0].key) continue;
            if (kept < k) {
                first[kept].key = keys[i];
                first[kept++].place = start + i + 1;
                for (size_t j = kept == k ? k / 2 : 0; j-- > 0;) sift_down(first, j, k);
                continue;
            }
            first[0].key = keys[i];
            first[0].place = start + i + 1;
            sift_down(first, 0, k);
        }
    }
    for (size_t end = kept; end-- > 1;) { /* a heap sort */
        const ranked last = first[0];
        first[0] = first[end];
        first[end] = last;
        sift_down(first, 0, end);
    }
}

dynarray_status dynarray_top(const dynarray *a, size_t k, int64_t *indices) {
    dynarray_heap *const heap = a->setup->heap;
    const size_t bytes = k * sizeof(ranked);
    ranked *first;
    if (k > HEAP_MOST || a->size <= FEW) return rank_all(a, true, k, indices);
    if (k == 0) return DYNARRAY_OK;
    first = heap_allocate(heap, NULL, 0, bytes);
    if (first == NULL) return DYNARRAY_NO_MEMORY;
    keep_first(a, k, first);
    for (size_t i = 0; i < k; i++) indices[i] = (int64_t)first[i].place;
    heap_allocate(heap, first, bytes, 0);
    return DYNARRAY_OK;
}
