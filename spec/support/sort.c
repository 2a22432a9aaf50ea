/*
** Sorts data of every kind in every numeric type and compares with qsort; run by sort_spec.lua, as built for
** the processor at hand and as built for any. Says what is wrong and ends with 1. Usage: sort SEED
*/
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/sort.h"
#include "dynarray.h"

static uint64_t random_state;

/* xorshift64* */
static uint64_t random_bits(void) {
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    return random_state * 0x2545f4914f6cdd1dULL;
}

/* Bits of element i of n. */
static uint64_t random_element(size_t i, size_t n) { return (void)i, (void)n, random_bits(); }
static uint64_t ascending(size_t i, size_t n) { return (void)n, i; }
static uint64_t descending(size_t i, size_t n) { return n - i; }
static uint64_t few(size_t i, size_t n) { return (void)i, (void)n, random_bits() % 3; }
static uint64_t greatest(size_t i, size_t n) {
    return (void)n, i % 7 == 0 ? random_bits() : ~(uint64_t)0 >> 1;
}
static uint64_t organ_pipe(size_t i, size_t n) { return i < n / 2 ? i : n - i; }
static uint64_t saw(size_t i, size_t n) { return (void)n, i % 61; }

static uint64_t (*const kinds[])(size_t, size_t) = {random_element, ascending,  descending, few,
                                                    greatest,       organ_pipe, saw};

static const size_t sizes[] = {2,   3,   16,  31,  33,  63,   65,   127,
                               129, 255, 256, 257, 500, 1000, 4099, 70001};

/* NaN last, and -0.0 before 0.0. */
#define COMPARE_FLOAT(x, y)                                                                        \
    if (x != x || y != y) return (x != x) - (y != y);                                              \
    if (x == 0 && y == 0) return (1 / x > 0) - (1 / y > 0);                                        \
    return (x > y) - (x < y);
#define COMPARE_SIGNED(x, y) return (x > y) - (x < y);
#define COMPARE_UNSIGNED COMPARE_SIGNED
#define DEFINE(CONSTANT, name, ctype, kind, min, max)                                              \
    static int compare_##name(const void *a, const void *b) {                                      \
        const ctype x = *(const ctype *)a, y = *(const ctype *)b;                                  \
        COMPARE_##kind(x, y)                                                                       \
    }
DYNARRAY_NUMERIC_TYPES(DEFINE)
#undef DEFINE

static int (*const compare[])(const void *, const void *) = {
#define ROW(CONSTANT, name, ctype, kind, min, max) [DYNARRAY_##CONSTANT] = compare_##name,
    DYNARRAY_NUMERIC_TYPES(ROW)
#undef ROW
};

static void *refuse(void *data, void *ptr, size_t osize, size_t nsize) {
    (void)data, (void)osize, (void)nsize;
    free(ptr);
    return NULL;
}

static void check(dynarray_type type, size_t kind, size_t n, dynarray_heap *heap) {
    const size_t bytes = n * dynarray_type_size(type);
    const dynarray_setup setup = {.heap = heap};
    char *data = malloc(bytes), *expected = malloc(bytes);
    dynarray a;
    for (size_t i = 0; i < n; i++) {
        const uint64_t bits = kinds[kind](i, n);
        memcpy(data + i * dynarray_type_size(type), &bits, dynarray_type_size(type));
    }
    memcpy(expected, data, bytes);
    qsort(expected, n, dynarray_type_size(type), compare[type]);
    dynarray_init(&a, type, &setup);
    dynarray_lend(&a, data, n);
    dynarray_sort(&a);
    for (size_t i = 0; i < bytes; i += dynarray_type_size(type))
        if (compare[type](data + i, expected + i) != 0) {
            printf("%s, kind %zu, size %zu: wrong at %zu\n", dynarray_type_name(type), kind, n,
                   i / dynarray_type_size(type));
            exit(1);
        }
    free(data);
    free(expected);
}

int main(int argc, char **argv) {
    dynarray_heap poor;
    dynarray_heap_init(&poor, refuse, NULL, 0);
    random_state = (argc > 1 ? strtoull(argv[1], NULL, 10) : 0) | 1;
    for (size_t type = 0; type < sizeof compare / sizeof *compare; type++)
        for (size_t kind = 0; kind < sizeof kinds / sizeof *kinds; kind++)
            for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
                check((dynarray_type)type, kind, sizes[i], NULL);
                check((dynarray_type)type, kind, sizes[i], &poor);
            }
    /* so many that the keys of one and of two bytes do not fit into the scratch memory */
    check(DYNARRAY_UINT8, 0, 300001, NULL);
    check(DYNARRAY_INT8, 3, 300001, NULL);
    check(DYNARRAY_INT16, 0, 300001, NULL);
    check(DYNARRAY_UINT16, 3, 300001, NULL);
    return 0;
}
