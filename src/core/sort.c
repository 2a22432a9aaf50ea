/*
** sort.c: see sort.h.
**
** Elements become signed integers of the same size and in the same order (keys), in place. The keys are
** sorted and become elements again. For the key of an unsigned integer the top bit is inverted, for that
** of a negative float all other bits.
**
**   - keys of 32 and 64 bits, if there is AVX-512: see sort_avx512.h;
**   - up to INSERTION_MOST keys: insertion sort;
**   - more keys: a radix sort from the lowest digit up, by way of scratch memory, which is on the stack
**     if that is enough. Digits of 11 bits need fewer passes, digits of 8 bits need less time for each;
**   - if there is no scratch memory: a radix sort from the highest digit down (American flag sort:
**     McIlroy, Bostic, McIlroy 1993). Its recursion is as deep as the key has digits.
**
** Elements that others may write to meanwhile are copied to the scratch memory before they are counted.
** What works in place stays within its bounds whatever it reads.
*/
#include "core/vectorize.h"

#include "core/sort.h"

#include <string.h>

#include "core/dispatch.h"
#include "core/owner.h"
#include "core/sort_avx512.h"

#define INSERTION_MOST 48
#define STACK_BYTES 8192
#define SCRATCH_BYTES                                                                              \
    ((size_t)512 << 10) /* together with as many keys, it fits into most second-level caches */
#define SPLITS_MOST 64  /* levels of recursion; the largest arrays need about 20 */
#define SAMPLES 31
#define DIGIT_BITS 8
#define VALUES (1u << DIGIT_BITS)
#define DIGIT(key, shift) ((unsigned)((key) >> (shift)) & (VALUES - 1))

/* ---------------------------------------------------------------------------------------------
** Keys
*/

#define DEFINE(with, CONSTANT, name, ctype, kind, min, max, width) typedef bits##width key_##name;
DYNARRAY_NUMERIC_TABLE(DEFINE, )
#undef DEFINE

#define TOP_BIT(key) ((key)((key)1 << (sizeof(key) * 8 - 1)))

/* From the bits of an element to its key, and back. */
#define TO_KEY_SIGNED(key, x) (x)
#define TO_KEY_UNSIGNED(key, x) ((key)((x) ^ TOP_BIT(key)))
#define TO_KEY_FLOAT(key, x)                                                                       \
    ((key)((x) ^ (((key)0 - ((x) >> (sizeof(key) * 8 - 1))) & (key)(TOP_BIT(key) - 1))))

/* Keys are kept in unsigned types; this gives unsigned numbers in the order of the keys. */
#define RANK(key, x) ((key)((x) ^ TOP_BIT(key)))

#define PRECEDES_SIGNED(x, y) ((x) < (y))
#define PRECEDES_UNSIGNED(x, y) ((x) < (y))
#define PRECEDES_FLOAT(x, y) (((x) < (y)) | (((x) == (x)) & ((y) != (y))))

#define IS_FLOAT(kind) IS_FLOAT_##kind
#define IS_FLOAT_SIGNED false
#define IS_FLOAT_UNSIGNED false
#define IS_FLOAT_FLOAT true
#define IS_SIGNED(kind) IS_SIGNED_##kind
#define IS_SIGNED_SIGNED true
#define IS_SIGNED_UNSIGNED false
#define IS_SIGNED_FLOAT false

/* ---------------------------------------------------------------------------------------------
** Sorting keys
*/

/* What a radix sort needs beside the keys. */
typedef struct scratch_memory {
    void *keys;  /* NULL: there is none */
    size_t most; /* keys that can be sorted with it at once */
    bool apart;  /* it has room for these twice, and they are sorted there */
} scratch_memory;

#define DEFINE_INSERTION(key)                                                                      \
    static INLINE void insertion_##key(key *x, size_t n) {                                         \
        for (size_t i = 1; i < n; i++) {                                                           \
            const key moved = x[i], rank = RANK(key, moved);                                       \
            size_t j = i;                                                                          \
            for (; j > 0 && RANK(key, x[j - 1]) > rank; j--) x[j] = x[j - 1];                      \
            x[j] = moved;                                                                          \
        }                                                                                          \
    }

/* Turns the counts of digits into the places where they begin. */
static INLINE void add_up(size_t *counts) {
    size_t start = 0;
    for (size_t value = 0; value < VALUES; value++) {
        const size_t next = start + counts[value];
        counts[value] = start;
        start = next;
    }
}

/* Radix sort from the lowest digit up. */
#define DEFINE_RADIX(key)                                                                          \
    static void radix_##key(key *keys, key *scratch, size_t n) {                                   \
        size_t counts[sizeof(key)][VALUES] = {{0}};                                                \
        key *x = keys, *y = scratch;                                                               \
        for (size_t i = 0; i < n; i++)                                                             \
            for (unsigned d = 0; d < sizeof(key); d++)                                             \
                counts[d][DIGIT(RANK(key, x[i]), d * DIGIT_BITS)]++;                               \
        for (unsigned d = 0; d < sizeof(key); d++) {                                               \
            size_t *count = counts[d];                                                             \
            key *const swapped = x;                                                                \
            if (count[DIGIT(RANK(key, x[0]), d * DIGIT_BITS)] == n)                                \
                continue; /* all keys have the same digit here */                                  \
            add_up(count);                                                                         \
            for (size_t i = 0; i < n; i++) {                                                       \
                const key moved = x[i];                                                            \
                y[count[DIGIT(RANK(key, moved), d * DIGIT_BITS)]++] = moved;                       \
            }                                                                                      \
            x = y;                                                                                 \
            y = swapped;                                                                           \
        }                                                                                          \
        if (x != keys) memcpy(keys, x, n * sizeof *x);                                             \
    }

/* Radix sort in place (American flag sort), from the highest digit down. */
#define DEFINE_FLAG(key)                                                                           \
    static void flag_##key(key *x, size_t n, unsigned digit) {                                     \
        size_t next[VALUES] = {0}, ends[VALUES], start = 0;                                        \
        const unsigned shift = digit * DIGIT_BITS;                                                 \
        if (n <= INSERTION_MOST) {                                                                 \
            insertion_##key(x, n);                                                                 \
            return;                                                                                \
        }                                                                                          \
        for (size_t i = 0; i < n; i++) next[DIGIT(RANK(key, x[i]), shift)]++;                      \
        add_up(next);                                                                              \
        memcpy(ends, next + 1, sizeof ends - sizeof *ends);                                        \
        ends[VALUES - 1] = n;                                                                      \
        for (unsigned value = 0; value < VALUES; value++)                                          \
            while (next[value] < ends[value]) {                                                    \
                key moved = x[next[value]];                                                        \
                unsigned place = DIGIT(RANK(key, moved), shift);                                   \
                READ_ONCE(place);                                                                  \
                /* unreached: by a place that is full: others wrote */                             \
                while (place != value && next[place] < ends[place]) {                              \
                    const key other = x[next[place]];                                              \
                    x[next[place]++] = moved;                                                      \
                    moved = other;                                                                 \
                    place = DIGIT(RANK(key, moved), shift);                                        \
                    READ_ONCE(place);                                                              \
                }                                                                                  \
                x[next[value]++] = moved;                                                          \
            }                                                                                      \
        for (unsigned value = 0; digit > 0 && value < VALUES; start = ends[value++])               \
            flag_##key(x + start, ends[value] - start, digit - 1);                                 \
    }

/* Moves the keys that are less than the pivot to the front and counts them. No branch depends on a key. */
#define DEFINE_PARTITION(key)                                                                      \
    static size_t partition_##key(key *x, size_t n, key pivot) {                                   \
        size_t less = 0;                                                                           \
        for (size_t i = 0; i < n; i++) {                                                           \
            const key moved = x[i];                                                                \
            x[i] = x[less];                                                                        \
            x[less] = moved;                                                                       \
            less += RANK(key, moved) < pivot;                                                      \
        }                                                                                          \
        return less;                                                                               \
    }                                                                                              \
                                                                                                   \
    static key pivot_##key(const key *x, size_t n) {                                               \
        key samples[SAMPLES];                                                                      \
        for (size_t i = 0; i < SAMPLES; i++) samples[i] = x[n / SAMPLES * i];                      \
        insertion_##key(samples, SAMPLES);                                                         \
        return RANK(key, samples[SAMPLES / 2]);                                                    \
    }

/* Splits the keys until the parts fit into the scratch memory; sorts in place if that makes no progress. */
#define DEFINE_SPLIT(key)                                                                          \
    static void split_##key(key *x, size_t n, const scratch_memory *s, unsigned depth) {           \
        while (n > s->most && depth-- > 0) {                                                       \
            const key pivot = pivot_##key(x, n);                                                   \
            size_t less = partition_##key(x, n, pivot);                                            \
            if (less > 0)                                                                          \
                split_##key(x, less, s, depth);                                                    \
            else if (pivot == (key)-1)                                                             \
                return; /* all keys are equal */                                                   \
            else                                                                                   \
                less = partition_##key(x, n, pivot + 1); /* all of these equal the pivot */        \
            x += less;                                                                             \
            n -= less;                                                                             \
        }                                                                                          \
        if (n <= INSERTION_MOST)                                                                   \
            insertion_##key(x, n);                                                                 \
        else if (n > s->most)                                                                      \
            flag_##key(x, n, sizeof(key) - 1);                                                     \
        else if (!s->apart)                                                                        \
            radix_##key(x, s->keys, n);                                                            \
        else {                                                                                     \
            key *copy = s->keys;                                                                   \
            memcpy(copy, x, n * sizeof *x);                                                        \
            radix_##key(copy, copy + n, n);                                                        \
            memcpy(x, copy, n * sizeof *x);                                                        \
        }                                                                                          \
    }

/* Of as many keys, twice as many levels as halving takes. */
static unsigned splits_for(size_t n) {
    unsigned levels = 4;
    for (; n > 1; n /= 2) levels += 2;
    return levels;
}

#define DEFINE_SORT(key)                                                                           \
    static void flag_all_##key(void *x, size_t n) { flag_##key(x, n, sizeof(key) - 1); }           \
                                                                                                   \
    static void sort_##key(key *x, size_t n, const scratch_memory *s) {                            \
        size_t sorted = 1;                                                                         \
        while (sorted < n && RANK(key, x[sorted - 1]) <= RANK(key, x[sorted])) sorted++;           \
        if (sorted >= n) return;                                                                   \
        if (uses_avx512(sizeof(key)))                                                              \
            dynarray_sort_avx512(x, n, sizeof(key), splits_for(n), flag_all_##key);                \
        else if (s->keys == NULL)                                                                  \
            flag_all_##key(x, n);                                                                  \
        else                                                                                       \
            split_##key(x, n, s, SPLITS_MOST);                                                     \
    }

static bool uses_avx512(size_t width) { return width >= 4 && dynarray_sort_avx512_available(); }

#define KEY_TYPES(X) X(bits8) X(bits16) X(bits32) X(bits64)
#define DEFINE(key)                                                                                \
    DEFINE_INSERTION(key)                                                                          \
    DEFINE_RADIX(key)                                                                              \
    DEFINE_FLAG(key)                                                                               \
    DEFINE_PARTITION(key)                                                                          \
    DEFINE_SPLIT(key)                                                                              \
    DEFINE_SORT(key)
/* The recursion is as deep as a key has digits, or SPLITS_MOST. */
/* cppcheck-suppress ctunullpointer ; all these functions begin at one place, and it takes one for another */
KEY_TYPES(DEFINE) /* NOLINT(misc-no-recursion) */
#undef DEFINE

/* ---------------------------------------------------------------------------------------------
** Sorting arrays
*/

#define DEFINE(CONSTANT, name, ctype, kind, min, max)                                              \
    static INLINE bool has_nan_##name(const ctype *x, size_t n) {                                  \
        key_##name found = 0;                                                                      \
        for (size_t i = 0; i < n; i++) found |= (key_##name)(x[i] != x[i]);                        \
        return found;                                                                              \
    }                                                                                              \
                                                                                                   \
    /* Moves the NaNs to the end; returns how many elements are before them. */                    \
    static size_t part_nans_##name(ctype *x, size_t n) {                                           \
        for (size_t i = 0; i < n; i++)                                                             \
            while (i < n && x[i] != x[i]) {                                                        \
                const ctype nan = x[i];                                                            \
                x[i] = x[--n];                                                                     \
                x[n] = nan;                                                                        \
            }                                                                                      \
        return n;                                                                                  \
    }                                                                                              \
                                                                                                   \
    static INLINE size_t to_keys_##name(void *elements, size_t n) {                                \
        key_##name *x = elements;                                                                  \
        if (IS_SIGNED(kind)) return n;                                                             \
        if (IS_FLOAT(kind) && has_nan_##name(elements, n)) n = part_nans_##name(elements, n);      \
        for (size_t i = 0; i < n; i++) x[i] = TO_KEY_##kind(key_##name, x[i]);                     \
        return n;                                                                                  \
    }                                                                                              \
                                                                                                   \
    static INLINE void from_keys_##name(key_##name *x, size_t n) {                                 \
        for (size_t i = 0; !IS_SIGNED(kind) && i < n; i++) x[i] = TO_KEY_##kind(key_##name, x[i]); \
    }                                                                                              \
                                                                                                   \
    static INLINE bool is_sorted_##name(const ctype *x, size_t n) {                                \
        const size_t block = 256 / sizeof(ctype);                                                  \
        size_t i = 1;                                                                              \
        for (; i + block <= n; i += block) {                                                       \
            int wrong = 0;                                                                         \
            for (size_t k = 0; k < block; k++) wrong |= PRECEDES_##kind(x[i + k], x[i + k - 1]);   \
            if (wrong) return false;                                                               \
        }                                                                                          \
        for (; i < n; i++)                                                                         \
            if (PRECEDES_##kind(x[i], x[i - 1])) return false;                                     \
        return true;                                                                               \
    }
DYNARRAY_NUMERIC_TYPES(DEFINE)
#undef DEFINE

CLONES_FOR_MEMORY bool dynarray_is_sorted(const dynarray *a) {
    DISPATCH_RETURN(a->type, is_sorted, a->data, a->size);
}

CLONES_FOR_MEMORY static size_t to_keys(dynarray *a) {
    DISPATCH_RETURN(a->type, to_keys, a->data, a->size);
}

CLONES_FOR_MEMORY static void from_keys(dynarray *a, size_t n) {
    DISPATCH(a->type, from_keys, a->data, n);
}

#define DEFINE(with, CONSTANT, name, ctype, kind, min, max, width)                                 \
    static void sort_keys_##name(void *keys, size_t n, const scratch_memory *s) {                  \
        sort_bits##width(keys, n, s);                                                              \
    }
DYNARRAY_NUMERIC_TABLE(DEFINE, )
#undef DEFINE

static void sort_keys(dynarray *a, size_t n, const scratch_memory *s) {
    DISPATCH(a->type, sort_keys, a->data, n, s);
}

/* Scratch memory comes from the array's heap. It must not count as a growth. */
static void sort_large(dynarray *a) {
    dynarray_heap *heap = a->setup->heap;
    const dynarray_setup setup = {.heap = heap};
    const uint64_t growths = heap != NULL ? heap->growths : 0;
    const size_t copies = array_is_shared(a) ? 2 : 1;
    scratch_memory s = {NULL, SCRATCH_BYTES / a->element_size / copies, copies > 1};
    dynarray memory;
    size_t n;
    if (s.most > a->size) s.most = a->size;
    dynarray_init(&memory, (dynarray_type)a->type, &setup);
    if (dynarray_reserve(&memory, s.most * copies) == DYNARRAY_OK) s.keys = memory.data;
    n = to_keys(a);
    sort_keys(a, n, &s);
    from_keys(a, n);
    dynarray_free(&memory);
    if (heap != NULL) heap->growths = growths;
}

static void sort_small(dynarray *a) {
    uint64_t memory[STACK_BYTES / sizeof(uint64_t)];
    const scratch_memory s = {memory, a->size, array_is_shared(a)};
    const size_t n = to_keys(a);
    sort_keys(a, n, &s);
    from_keys(a, n);
}

void dynarray_sort(dynarray *a) {
    const size_t copies = array_is_shared(a) ? 2 : 1;
    if (a->size < 2) return;
    if (a->size <= STACK_BYTES / a->element_size / copies || uses_avx512(a->element_size))
        sort_small(a);
    else
        sort_large(a);
}

/* ---------------------------------------------------------------------------------------------
** Selection
*/

#define SELECT_MOST 128 /* up to this many elements are sorted instead */

/*
** Finds the digits of the wanted key, the highest first. It counts the next digit of all keys that begin with the
** known digits, until few keys are left. If others write to the memory, these may be more or fewer than were counted.
*/
#define DEFINE(with, CONSTANT, name, ctype, kind, min, max, width)                                 \
    static key_##name key_at_##name(const ctype *x, size_t i) {                                    \
        key_##name key;                                                                            \
        memcpy(&key, x + i, sizeof key);                                                           \
        if (x[i] != x[i]) return (key_##name) - 1; /* as large as any */                           \
        return RANK(key_##name, TO_KEY_##kind(key_##name, key));                                   \
    }                                                                                              \
                                                                                                   \
    static void nth_##name(const ctype *x, size_t n, size_t k, void *element) {                    \
        key_##name known = 0, mask = 0, few[SELECT_MOST] = {0};                                    \
        size_t left = n, place = 0;                                                                \
        for (unsigned shift = sizeof(ctype) * 8; left > SELECT_MOST && shift > 0;) {               \
            size_t counts[256] = {0};                                                              \
            unsigned digit = 0;                                                                    \
            shift -= 8;                                                                            \
            for (size_t i = 0; i < n; i++) {                                                       \
                const key_##name key = key_at_##name(x, i);                                        \
                counts[key >> shift & 255] += (key & mask) == known;                               \
            }                                                                                      \
            while (digit < 255 && k >= counts[digit]) k -= counts[digit++];                        \
            left = counts[digit];                                                                  \
            known |= (key_##name)((key_##name)digit << shift);                                     \
            mask |= (key_##name)((key_##name)255 << shift);                                        \
        }                                                                                          \
        if (left <= SELECT_MOST) {                                                                 \
            for (size_t i = 0; i < n; i++)                                                         \
                if ((key_at_##name(x, i) & mask) == known)                                         \
                    few[place++ % SELECT_MOST] = RANK(key_##name, key_at_##name(x, i));            \
            if (place > SELECT_MOST) place = SELECT_MOST; /* unreached: others write */            \
            insertion_bits##width(few, place);                                                     \
            if (k < place) known = RANK(key_##name, few[k]); /* unreached: less: others write */   \
        }                                                                                          \
        known = TO_KEY_##kind(key_##name, RANK(key_##name, known));                                \
        memcpy(element, &known, sizeof known);                                                     \
    }
DYNARRAY_NUMERIC_TABLE(DEFINE, )
#undef DEFINE

void dynarray_nth(const dynarray *a, size_t k, void *element) {
    DISPATCH(a->type, nth, a->data, a->size, k, element);
}
