/*
** sort_avx512.h: sorts signed keys of 32 and 64 bits, if the processor has AVX-512: two to three times as fast as
** the radix sort of sort.c.
*/
#ifndef SORT_AVX512_H
#define SORT_AVX512_H

#include <stdbool.h>
#include <stddef.h>

/* dynarray_sort_avx512_available: whether this processor has what it needs. */
bool dynarray_sort_avx512_available(void);

/* A function that sorts n keys where the quicksort makes no progress; O(n). */
typedef void dynarray_sort_fallback(void *keys, size_t n);

/*
** dynarray_sort_avx512: sorts n keys of `width` bytes, 4 or 8, in place. It splits them, and the parts again, up to that
** many levels; larger parts that are left then go to `fallback`. O(n * splits). Only if it is available.
*/
void dynarray_sort_avx512(void *keys, size_t n, size_t width, unsigned splits,
                          dynarray_sort_fallback *fallback);

#endif
