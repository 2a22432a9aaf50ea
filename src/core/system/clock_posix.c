/* clock_posix.c: the monotonic clock, by POSIX. */
#include "core/system/system.h"

#include "core/system/clock.h"

#if defined(SYSTEM_CLOCK_POSIX)

#include <time.h>

uint64_t clock_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

#endif
