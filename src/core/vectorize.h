/*
** vectorize.h: lets the compiler use wide registers. Only for files of kernels.
**
** CLONES before a function compiles it three times, for AVX-512, for AVX2 and for any x86-64, and the loader picks
** one. CLONES_FOR_MEMORY leaves out AVX-512, for functions that wait for memory. CLONES_WITH_ALL adds what AVX-512 has
** for 64-bit integers. This needs ifuncs, and so GCC and glibc. There are no clones with sanitizers, as these instrument
** the function that picks before they are ready. Otherwise, and with DYNARRAY_NO_CLONES, there is one version. arm64
** always has its vectors.
*/
#ifndef VECTORIZE_H
#define VECTORIZE_H

#include "core/system/system.h"

#include <stdint.h> /* defines __GLIBC__ where that is the library */

#if defined(__GNUC__) && !defined(__clang__) && defined(__OPTIMIZE__)
#pragma GCC optimize("O3")
#endif

#if defined(__GNUC__)
#define INLINE inline __attribute__((always_inline))
#define MAY_ALIAS __attribute__((may_alias))
#else
#define INLINE inline
#define MAY_ALIAS
#endif

#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && defined(__GLIBC__) &&       \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) &&                             \
    !defined(DYNARRAY_NO_CLONES)
#define CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#define CLONES_FOR_MEMORY __attribute__((target_clones("avx2", "default")))
#if __GNUC__ >= 12
#define CLONES_WITH_ALL __attribute__((target_clones("arch=x86-64-v4", "avx2", "default")))
#else
#define CLONES_WITH_ALL CLONES
#endif
#else
#define CLONES
#define CLONES_FOR_MEMORY
#define CLONES_WITH_ALL
#endif

/* Before a loop that reads no element at another index than it writes. Clang's own pragma gives warnings. */
#if defined(__GNUC__) && !defined(__clang__)
#define EACH_BY_ITSELF _Pragma("GCC ivdep")
#else
#define EACH_BY_ITSELF
#endif

/*
** Use it after a variable got an element that others may write to. The compiler then cannot know that the memory
** still holds the same, so it does not read it again: what is checked is what is used.
*/
#if defined(__GNUC__)
#define READ_ONCE(x) __asm__("" : "+r"(x))
#else
#define READ_ONCE(x) ((void)(x))
#endif

/* Elements of any type as bits. */
typedef uint8_t MAY_ALIAS bits8;
typedef uint16_t MAY_ALIAS bits16;
typedef uint32_t MAY_ALIAS bits32;
typedef uint64_t MAY_ALIAS bits64;

#endif
