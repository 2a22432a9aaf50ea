/* process_none.c: the system tells nothing about this process; see process.h. */
#include "core/system/system.h"

#include "core/system/process.h"

#if defined(SYSTEM_PROCESS_NONE)

process_memory process_memory_now(void) {
    const process_memory nothing = {0};
    return nothing;
}

bool process_reset_peak(void) { return false; }

#endif
