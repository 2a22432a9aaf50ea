/*
** instructions.c: the C side of bench/instructions.lua. Usage: program CASE N, where N is a number of operations.
*/
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dynarray.h"

#define ELEMENTS 1000

/* Hides the value from the compiler, which then can neither vectorize nor compute anything in advance. */
#define HIDE(x) __asm__ volatile("" : "+r"(x))

static void check(dynarray_status status) {
    if (status != DYNARRAY_OK) abort();
}

static void make(dynarray *a, size_t capacity) {
    dynarray_init(a, DYNARRAY_INT64, NULL);
    check(dynarray_reserve(a, capacity));
}

static void fill(dynarray *a) {
    for (size_t i = 0; i < ELEMENTS; i++) {
        int64_t x = (int64_t)i;
        HIDE(x);
        check(dynarray_append_int64(a, x));
    }
}

static void read_elements(size_t rounds) {
    dynarray a;
    make(&a, ELEMENTS);
    fill(&a);
    for (size_t round = 0; round < rounds; round++)
        for (size_t i = 0; i < ELEMENTS; i++) {
            int64_t x;
            check(dynarray_get_int64(&a, i, &x));
            HIDE(x);
        }
    dynarray_free(&a);
}

static void write_elements(size_t rounds) {
    dynarray a;
    make(&a, ELEMENTS);
    fill(&a);
    for (size_t round = 0; round < rounds; round++)
        for (size_t i = 0; i < ELEMENTS; i++) {
            int64_t x = (int64_t)i;
            HIDE(x);
            check(dynarray_set_int64(&a, i, x));
        }
    dynarray_free(&a);
}

static void append_elements(size_t rounds) {
    dynarray a;
    make(&a, ELEMENTS);
    for (size_t round = 0; round < rounds; round++) {
        check(dynarray_resize(&a, 0, NULL));
        fill(&a);
    }
    dynarray_free(&a);
}

static void grow(size_t rounds) {
    for (size_t round = 0; round < rounds; round++) {
        dynarray a;
        dynarray_init(&a, DYNARRAY_INT64, NULL);
        fill(&a);
        dynarray_free(&a);
    }
}

/* Grows to one element more each time: all growth, no append. */
static void grow_by_one(size_t rounds) {
    for (size_t round = 0; round < rounds; round++) {
        dynarray_setup setup = {0};
        dynarray a;
        setup.growth = dynarray_growth_named("exact");
        dynarray_init(&a, DYNARRAY_INT64, &setup);
        fill(&a);
        dynarray_free(&a);
    }
}

int main(int argc, char **argv) {
    static const struct {
        const char *name;
        void (*run)(size_t rounds);
    } cases[] = {
        {"read", read_elements}, {"write", write_elements},    {"append", append_elements},
        {"grow", grow},          {"grow-by-one", grow_by_one},
    };
    for (size_t i = 0; argc == 3 && i < sizeof cases / sizeof *cases; i++)
        if (strcmp(cases[i].name, argv[1]) == 0) {
            cases[i].run((size_t)strtoul(argv[2], NULL, 10) / ELEMENTS);
            return 0;
        }
    fputs("usage: instructions CASE OPERATIONS\n", stderr);
    return 2;
}
