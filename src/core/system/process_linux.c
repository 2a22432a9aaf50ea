/* process_linux.c: figures of this process, from getrusage and Linux' /proc. */
#include "core/system/system.h"

#include "core/system/process.h"

#if defined(SYSTEM_PROCESS_LINUX)

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define FILE_BYTES                                                                                 \
    8192 /* enough for what is read of the files in /proc, unless the user is in 1,300 groups */

/* Reads the file as a string, "" if it cannot be read. Not by stdio, which would allocate a buffer. */
static void read_file(const char *path, char *text) {
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    size_t length = 0;
    ssize_t n = file < 0 ? 0 : 1;
    while (n > 0 && length < FILE_BYTES - 1) {
        n = read(file, text + length, FILE_BYTES - 1 - length);
        if (n > 0) length += (size_t)n;
    }
    if (file >= 0) close(file);
    text[length] = '\0';
}

/* The number in the line "name: number kB", in bytes; 0 if there is no such line. */
static size_t bytes_of(const char *text, const char *name) {
    const char *line = strstr(text, name);
    return line == NULL ? 0 : (size_t)strtoull(line + strlen(name), NULL, 10) * 1024;
}

/* The resident set of smaps_rollup is exact; those of status and statm lag by some hundred pages. */
static void read_bytes(process_memory *memory) {
    char text[FILE_BYTES];
    read_file("/proc/self/smaps_rollup", text);
    memory->resident = bytes_of(text, "\nRss:");
    read_file("/proc/self/status", text);
    if (memory->resident == 0) memory->resident = bytes_of(text, "\nVmRSS:");
    memory->peak = bytes_of(text, "\nVmHWM:");
    read_file("/proc/self/statm", text); /* its first number is that of the pages mapped */
    memory->mapped = (size_t)strtoull(text, NULL, 10) * (size_t)sysconf(_SC_PAGESIZE);
    memory->has_bytes = memory->mapped > 0;
    if (memory->peak < memory->resident) memory->peak = memory->resident;
}

bool process_reset_peak(void) {
    const int file = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC);
    bool done;
    if (file < 0) return false;
    done = write(file, "5", 1) == 1; /* proc(5): "reset the peak resident set size" */
    close(file);
    return done;
}

process_memory process_memory_now(void) {
    process_memory memory = {0};
    struct rusage usage;
    memory.has_faults = getrusage(RUSAGE_SELF, &usage) == 0;
    if (memory.has_faults) {
        memory.minor_faults = (size_t)usage.ru_minflt;
        memory.major_faults = (size_t)usage.ru_majflt;
    }
    read_bytes(&memory);
    return memory;
}

#endif
