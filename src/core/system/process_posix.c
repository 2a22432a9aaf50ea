/* process_posix.c: what POSIX tells about this process: page faults, but no bytes. */
#include "core/system/system.h"

#include "core/system/process.h"

#if defined(SYSTEM_PROCESS_POSIX)

#include <sys/resource.h>

process_memory process_memory_now(void) {
    process_memory memory = {0};
    struct rusage usage;
    memory.has_faults = getrusage(RUSAGE_SELF, &usage) == 0;
    if (memory.has_faults) {
        memory.minor_faults = (size_t)usage.ru_minflt;
        memory.major_faults = (size_t)usage.ru_majflt;
    }
    return memory;
}

bool process_reset_peak(void) { return false; }

#endif
