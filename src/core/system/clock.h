/* clock.h: the monotonic clock. */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdint.h>

/* clock_ns: nanoseconds since some moment in the past; 0 where there is no clock (DYNARRAY_NO_CLOCK). */
uint64_t clock_ns(void);

#endif
