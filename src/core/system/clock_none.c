/* clock_none.c: no clock; see clock.h. */
#include "core/system/system.h"

#include "core/system/clock.h"

#if defined(SYSTEM_CLOCK_NONE)

uint64_t clock_ns(void) { return 0; }

#endif
