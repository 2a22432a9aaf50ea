/* clock.c: the monotonic clock, by POSIX. */
#include "core/system.h"

#include "core/clock.h"

#if !defined(DYNARRAY_NO_CLOCK)
#include <time.h>
#endif

#if defined(DYNARRAY_NO_CLOCK) || !defined(CLOCK_MONOTONIC)
uint64_t clock_ns(void) { return 0; }
#else
uint64_t clock_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}
#endif
