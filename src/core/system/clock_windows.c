/* clock_windows.c: the monotonic clock, by Windows. */
#include "core/system/system.h"

#include "core/system/clock.h"

#if defined(SYSTEM_CLOCK_WINDOWS)

#include "core/system/windows.h"

#define NS_PER_SECOND 1000000000u

/* Seconds and the rest are converted separately: ticks times a billion would overflow after some minutes. */
uint64_t clock_ns(void) {
    LARGE_INTEGER frequency, now;
    uint64_t ticks, per_second;
    QueryPerformanceFrequency(&frequency);
    QueryPerformanceCounter(&now);
    ticks = (uint64_t)now.QuadPart;
    per_second = (uint64_t)frequency.QuadPart;
    return ticks / per_second * NS_PER_SECOND + ticks % per_second * NS_PER_SECOND / per_second;
}

#endif
