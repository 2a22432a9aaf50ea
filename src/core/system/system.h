/*
** system.h: which operating system it is, and switches that do without parts of it. To be included before
** everything else. No other file asks which system it is: each file of this folder tests one of the SYSTEM_ names
** below, and is empty unless that is true. (It includes its headers before the test, since in the amalgamation the
** first inclusion counts for all files.)
**
**   DYNARRAY_NO_PAGES    no mmap: large blocks come from the allocator, too
**   DYNARRAY_NO_FILES    saving, loading and mapping files fail with FILES_UNSUPPORTED
**   DYNARRAY_NO_CLOCK    growths take 0 ns
**   DYNARRAY_NO_MALLOC   an array whose heap has no allocator gets no memory
**   DYNARRAY_NO_CLONES   no choice of instruction sets when the program is loaded, see vectorize.h
**   DYNARRAY_NO_OS       all of these
*/
#ifndef SYSTEM_H
#define SYSTEM_H

#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE /* mremap */
#endif
#if !defined(_DEFAULT_SOURCE)
#define _DEFAULT_SOURCE /* clock_gettime, realpath */
#endif
#if !defined(_FILE_OFFSET_BITS)
#define _FILE_OFFSET_BITS 64 /* for systems of 32 bits */
#endif

#if defined(_WIN32)
#if !defined(__USE_MINGW_ANSI_STDIO)
#define __USE_MINGW_ANSI_STDIO 1 /* printf of MinGW-w64 knows %zu and PRId64 by this */
#endif
#if !defined(_CRT_SECURE_NO_WARNINGS)
#define _CRT_SECURE_NO_WARNINGS
#endif
#define DYNARRAY_NO_CLONES /* GCC does not align the stack there for wide registers: its bug 54412 */
#endif

#if defined(DYNARRAY_NO_OS)
#define DYNARRAY_NO_PAGES
#define DYNARRAY_NO_FILES
#define DYNARRAY_NO_CLOCK
#define DYNARRAY_NO_MALLOC
#define DYNARRAY_NO_CLONES
#endif

#if defined(__unix__) || defined(__APPLE__)
#define SYSTEM_POSIX
#endif

/* Which file has the pages. */
#if defined(DYNARRAY_NO_PAGES)
#define SYSTEM_PAGES_NONE
#elif defined(__linux__)
#define SYSTEM_PAGES_LINUX
#elif defined(_WIN32)
#define SYSTEM_PAGES_WINDOWS
#else
#define SYSTEM_PAGES_NONE
#endif

/* Which file reads, writes and maps files. */
#if defined(DYNARRAY_NO_FILES)
#define SYSTEM_FILES_NONE
#elif defined(SYSTEM_POSIX)
#define SYSTEM_FILES_POSIX
#elif defined(_WIN32)
#define SYSTEM_FILES_WINDOWS
#else
#define SYSTEM_FILES_NONE
#endif

/* Who has files that grow while they are mapped. */
#if defined(__linux__) && !defined(DYNARRAY_NO_FILES) && !defined(DYNARRAY_NO_PAGES)
#define SYSTEM_STORAGE_LINUX
#else
#define SYSTEM_STORAGE_NONE
#endif

/* Which file has the clock. */
#if defined(DYNARRAY_NO_CLOCK)
#define SYSTEM_CLOCK_NONE
#elif defined(SYSTEM_POSIX)
#define SYSTEM_CLOCK_POSIX
#elif defined(_WIN32)
#define SYSTEM_CLOCK_WINDOWS
#else
#define SYSTEM_CLOCK_NONE
#endif

/* Which file tells about this process; Linux does so by files. */
#if defined(DYNARRAY_NO_OS)
#define SYSTEM_PROCESS_NONE
#elif defined(__linux__) && !defined(DYNARRAY_NO_FILES)
#define SYSTEM_PROCESS_LINUX
#elif defined(SYSTEM_POSIX)
#define SYSTEM_PROCESS_POSIX
#elif defined(_WIN32)
#define SYSTEM_PROCESS_WINDOWS
#else
#define SYSTEM_PROCESS_NONE
#endif

#include <stddef.h>

/* Before a function that prints as printf does, the text being its argument `at`: compilers check those from `first` on. */
#if defined(__MINGW32__) && !defined(__clang__)
#define PRINTF_LIKE(at, first) __attribute__((format(gnu_printf, at, first)))
#elif defined(__GNUC__)
#define PRINTF_LIKE(at, first) __attribute__((format(printf, at, first)))
#else
#define PRINTF_LIKE(at, first)
#endif

#if defined(DYNARRAY_NO_MALLOC)

#define SYSTEM_HAS_MALLOC 0
static inline void *system_realloc(void *block, size_t bytes) {
    (void)block, (void)bytes;
    return NULL;
}
static inline void system_free(void *block) { (void)block; }

#else

#include <stdlib.h>
#undef max /* which Microsoft's header defines */
#undef min

#define SYSTEM_HAS_MALLOC 1
static inline void *system_realloc(void *block, size_t bytes) { return realloc(block, bytes); }
static inline void system_free(void *block) { free(block); }

#endif

/* Whether free gives every block of 128 KiB or more back to the system, as musl's does; glibc keeps them for the next. */
#if defined(__linux__) && !defined(__GLIBC__)
#define SYSTEM_MALLOC_GIVES_BACK 1
#else
#define SYSTEM_MALLOC_GIVES_BACK 0
#endif

/* Marks memory that must not be used for now: AddressSanitizer reports each use. */
#ifndef __has_feature
#define __has_feature(feature) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#define SYSTEM_HAS_ASAN 1
#include <sanitizer/asan_interface.h>
#define system_poison(data, bytes) ASAN_POISON_MEMORY_REGION(data, bytes)
#define system_unpoison(data, bytes) ASAN_UNPOISON_MEMORY_REGION(data, bytes)
#else
#define SYSTEM_HAS_ASAN 0
#define system_poison(data, bytes) ((void)(data), (void)(bytes))
#define system_unpoison(data, bytes) ((void)(data), (void)(bytes))
#endif

#endif
