/*
** process.h: what the operating system tells about this process. Elsewhere than on Linux, and with
** DYNARRAY_NO_FILES, there are no bytes; where there is no getrusage, no faults.
*/
#ifndef PROCESS_H
#define PROCESS_H

#include <stdbool.h>
#include <stddef.h>

typedef struct process_memory {
    bool has_bytes, has_faults;        /* which of the figures below are known */
    size_t resident, peak, mapped;     /* bytes; peak: the most that was resident */
    size_t minor_faults, major_faults; /* since the process began */
} process_memory;

/* process_memory_now: reads some small files; two system calls each. */
process_memory process_memory_now(void);

/* process_reset_peak: peak begins anew with what is resident; false if the system cannot do that. */
bool process_reset_peak(void);

#endif
