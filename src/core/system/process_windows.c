/* process_windows.c: figures of this process, from Windows. The peak cannot be reset. */
#include "core/system/system.h"

#include "core/system/process.h"

#if defined(SYSTEM_PROCESS_WINDOWS)

#include "core/system/windows.h"

#include <psapi.h>

/* Windows does not tell which faults read from a disk: all count as minor ones. */
process_memory process_memory_now(void) {
    process_memory memory = {0};
    PROCESS_MEMORY_COUNTERS counters;
    if (!K32GetProcessMemoryInfo(GetCurrentProcess(), &counters, sizeof counters)) return memory;
    memory.has_bytes = memory.has_faults = true;
    memory.resident = counters.WorkingSetSize;
    memory.peak = counters.PeakWorkingSetSize;
    memory.mapped = counters.PagefileUsage;
    memory.minor_faults = counters.PageFaultCount;
    if (memory.peak < memory.resident) memory.peak = memory.resident;
    return memory;
}

bool process_reset_peak(void) { return false; }

#endif
