/* disk_space.h: whether a file system has room for more, on Linux. */
#ifndef DISK_SPACE_H
#define DISK_SPACE_H

#include "core/system/system.h"

#if defined(__linux__)

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

/*
** disk_has_room: whether the bytes from `from` to `to` of a file may get disk space; false and errno if not. Otherwise some
** file systems would use up all that is left before they fail. `reserved`: root may also get what is kept for it, which
** is not all that the system tells. What the system does not tell is taken for room.
*/
static inline bool disk_has_room(int descriptor, uint64_t from, uint64_t to, bool reserved) {
    struct stat status;
    struct statvfs disk;
    uint64_t allocated, missing = to - from;
    if (fstat(descriptor, &status) != 0) return true;
    allocated = (uint64_t)status.st_blocks * 512;
    if (allocated >= to) return true;
    if (to - allocated < missing) missing = to - allocated;
    /* a file system without a limit tells 0 blocks in all */
    if (fstatvfs(descriptor, &disk) != 0 || disk.f_blocks == 0 || disk.f_frsize == 0) return true;
    /* nothing can be used up where nothing is left; some file systems only say so */
    if (disk.f_bfree == 0) return true;
    if (missing / disk.f_frsize <= (reserved && geteuid() == 0 ? disk.f_bfree : disk.f_bavail))
        return true;
    errno = ENOSPC;
    return false;
}

#endif
#endif
