/*
** vectorize.h: leave for the compiler to use wide registers, in files of kernels only.
**
** CLONES before a function compiles it for AVX-512, AVX2 and any x86-64, CLONES_FOR_MEMORY, where memory is
** what it waits for and code size counts, without AVX-512; the loader picks one (an ifunc, so GCC and
** glibc; not under sanitizers, which instrument the resolver before they are ready).
** Elsewhere, and with DYNARRAY_NO_CLONES, there is one version: arm64 has its vectors always.
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
#else
#define CLONES
#define CLONES_FOR_MEMORY
#endif

/* Before a loop: no element that it writes is read at another index. Clang's like would have it warn. */
#if defined(__GNUC__) && !defined(__clang__)
#define EACH_BY_ITSELF _Pragma("GCC ivdep")
#else
#define EACH_BY_ITSELF
#endif

/* Elements of any type as bits. */
typedef uint8_t MAY_ALIAS bits8;
typedef uint16_t MAY_ALIAS bits16;
typedef uint32_t MAY_ALIAS bits32;
typedef uint64_t MAY_ALIAS bits64;

#endif
