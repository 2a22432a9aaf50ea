/*
** products_avx512.c: see products_avx512.h. The instruction that multiplies 32 bits to 64 takes every second element. So the
** even ones and the odd ones are multiplied, and then put in order. Compilers widen the elements first, and multiply 64
** bits, which takes three times as long.
*/
#include "core/system/system.h" /* DYNARRAY_NO_CLONES */

#include "core/compute/products_avx512.h"

#if defined(__x86_64__) && defined(__GNUC__) && !defined(DYNARRAY_NO_CLONES)

#include <immintrin.h>

#define PRODUCTS_TARGET target("avx512f")
#define PRODUCTS_KERNEL static inline __attribute__((always_inline, PRODUCTS_TARGET))
#define AT_ONCE 16 /* elements of a register */

bool compute_products_available(void) { return __builtin_cpu_supports("avx512f"); }

/* Of the even elements. */
PRODUCTS_KERNEL __m512i products_of_even(bool subtracts, __m512i x, __m512i y, __m512i z,
                                         __m512i w) {
    const __m512i first = _mm512_mul_epi32(x, y), second = _mm512_mul_epi32(z, w);
    return subtracts ? _mm512_sub_epi64(first, second) : _mm512_add_epi64(first, second);
}

PRODUCTS_KERNEL __m512i products_odd(__m512i x) { return _mm512_srli_epi64(x, 32); }

/* The flags are constants where it is inlined. */
PRODUCTS_KERNEL size_t products_loop(bool y_is_one, bool w_is_one, bool subtracts, whole *r,
                                     const element32 *x, const element32 *y, const element32 *z,
                                     const element32 *w, size_t n) {
    const __m512i low = _mm512_setr_epi64(0, 8, 1, 9, 2, 10, 3, 11),
                  high = _mm512_setr_epi64(4, 12, 5, 13, 6, 14, 7, 15);
    const __m512i y_number = _mm512_set1_epi32(*y), w_number = _mm512_set1_epi32(*w);
    size_t i = 0;
    for (; n - i >= AT_ONCE; i += AT_ONCE) {
        const __m512i a = _mm512_loadu_si512(x + i),
                      b = y_is_one ? y_number : _mm512_loadu_si512(y + i),
                      c = _mm512_loadu_si512(z + i),
                      d = w_is_one ? w_number : _mm512_loadu_si512(w + i);
        const __m512i even = products_of_even(subtracts, a, b, c, d),
                      odd = products_of_even(subtracts, products_odd(a), products_odd(b),
                                             products_odd(c), products_odd(d));
        _mm512_storeu_si512(r + i, _mm512_permutex2var_epi64(even, low, odd));
        _mm512_storeu_si512(r + i + AT_ONCE / 2, _mm512_permutex2var_epi64(even, high, odd));
    }
    return i;
}

#define PRODUCTS_LOOPS(y_is_one, w_is_one)                                                         \
    subtracts ? products_loop(y_is_one, w_is_one, true, r, x, y, z, w, n)                          \
              : products_loop(y_is_one, w_is_one, false, r, x, y, z, w, n)

__attribute__((PRODUCTS_TARGET)) size_t compute_products_avx512(unsigned ones, bool subtracts,
                                                                whole *r, const element32 *x,
                                                                const element32 *y,
                                                                const element32 *z,
                                                                const element32 *w, size_t n) {
    switch (ones) {
    case 0: return PRODUCTS_LOOPS(false, false);
    case ONE_Y: return PRODUCTS_LOOPS(true, false);
    case ONE_W: return PRODUCTS_LOOPS(false, true);
    default: return PRODUCTS_LOOPS(true, true);
    }
}

#else

/* unreached: a build without it is not counted */
bool compute_products_available(void) { return false; }

/* unreached: it is not available */
size_t compute_products_avx512(unsigned ones, bool subtracts, whole *r, const element32 *x,
                               const element32 *y, const element32 *z, const element32 *w,
                               size_t n) {
    (void)ones, (void)subtracts, (void)r, (void)x, (void)y, (void)z, (void)w, (void)n;
    return 0; /* unreached: it is not available */
}

#endif
