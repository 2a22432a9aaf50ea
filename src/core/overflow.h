/*
** overflow.h: sums and products that tell whether they fit: each writes its result, wrapped around, to *r. gcc and clang ask
** the processor's overflow flag, by functions that other compilers do not have, and no other file calls these.
*/
#ifndef OVERFLOW_H
#define OVERFLOW_H

#include <stdbool.h>
#include <stdint.h>

#if defined(__GNUC__)

static inline bool mul_fits_int64(int64_t x, int64_t y, int64_t *r) {
    return !__builtin_mul_overflow(x, y, r);
}

static inline bool mul_fits_uint64(uint64_t x, uint64_t y, uint64_t *r) {
    return !__builtin_mul_overflow(x, y, r);
}

/* For integers of any one type; `add` is a function that does the same. */
#define ADD_FITS(x, y, r, add) (!__builtin_add_overflow(x, y, r))

#else

static inline bool mul_fits_int64(int64_t x, int64_t y, int64_t *r) {
    const int64_t product = (int64_t)((uint64_t)x * (uint64_t)y);
    *r = product;
    if (x == -1) return y != INT64_MIN; /* INT64_MIN / -1 is undefined */
    return x == 0 || product / x == y;
}

static inline bool mul_fits_uint64(uint64_t x, uint64_t y, uint64_t *r) {
    const uint64_t product = x * y;
    *r = product;
    return x == 0 || product / x == y;
}

#define ADD_FITS(x, y, r, add) add(x, y, r)

#endif

#endif
