/* directory.h: the directory of a file, and files of others in it, by POSIX. */
#ifndef DIRECTORY_H
#define DIRECTORY_H

#include "core/system/system.h"

#if defined(SYSTEM_FILES_POSIX)

#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef PATH_MAX
#define PATH_MAX 4096
#endif

/* directory_bytes: how many bytes of the path are before the last part, with the slash; 0 if there is none. */
static inline size_t directory_bytes(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash != NULL ? (size_t)(slash + 1 - path) : 0;
}

/* directory_name: the directory of the path, which is shorter than PATH_MAX. */
static inline void directory_name(const char *path, char directory[PATH_MAX + 2]) {
    const size_t bytes = directory_bytes(path);
    memcpy(directory, path, bytes);
    memcpy(directory + bytes, ".", 2);
}

/* directory_open: opens the directory of the path, which is shorter than PATH_MAX; as open does. */
static inline int directory_open(const char *path, int flags, mode_t mode) {
    char directory[PATH_MAX + 2];
    directory_name(path, directory);
    return open(directory, flags | O_CLOEXEC, mode);
}

/*
** file_may_be_taken: whether the system lets this process write to a file of somebody else as to one that it might have to make;
** errno tells why not. In a directory such as /tmp, Linux may refuse that (fs.protected_regular), since somebody may have put the
** file there to get what is written.
*/
static inline bool file_may_be_taken(const char *path) {
    const int descriptor =
        open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NONBLOCK, S_IRUSR | S_IWUSR);
    if (descriptor < 0) return false;
    close(descriptor);
    return true;
}

#endif
#endif
