/* directory.h: the directory of a file, by POSIX. */
#ifndef DIRECTORY_H
#define DIRECTORY_H

#include "core/system/system.h"

#if defined(SYSTEM_FILES_POSIX)

#include <fcntl.h>
#include <limits.h>
#include <string.h>

#ifndef PATH_MAX
#define PATH_MAX 4096
#endif

/* directory_bytes: how many bytes of the path are before the last part, with the slash; 0 if there is none. */
static inline size_t directory_bytes(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash != NULL ? (size_t)(slash + 1 - path) : 0;
}

/* directory_open: opens the directory of the path, which is shorter than PATH_MAX; as open does. */
static inline int directory_open(const char *path, int flags, mode_t mode) {
    char directory[PATH_MAX + 2];
    const size_t bytes = directory_bytes(path);
    memcpy(directory, path, bytes);
    memcpy(directory + bytes, ".", 2);
    return open(directory, flags | O_CLOEXEC, mode);
}

#endif
#endif
