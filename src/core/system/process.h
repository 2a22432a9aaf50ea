/*
** process.h: what the operating system tells about this process. Bytes are known on Linux alone, and not with
** DYNARRAY_NO_FILES; faults are known where there is getrusage.
*/
#ifndef PROCESS_H
#define PROCESS_H

#include <stdbool.h>
#include <stddef.h>

typedef struct process_memory {
    bool has_bytes, has_faults;        /* which of the figures below are known */
    size_t resident, peak, mapped;     /* in bytes; peak: the most that was resident */
    size_t minor_faults, major_faults; /* counted since the process began */
} process_memory;

/* process_memory_now: reads some small files; two system calls each. */
process_memory process_memory_now(void);

/* process_reset_peak: sets peak to what is resident now; false if the system cannot do that. */
bool process_reset_peak(void);

#endif
