/* files_posix.c: files by POSIX; see files.h. */
#include "core/system/system.h"

#include "core/system/directory.h"
#include "core/system/disk_space.h"
#include "core/system/files.h"

#if defined(SYSTEM_FILES_POSIX)

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#if defined(__linux__)
#define SYSTEM_HAS_XATTR
#include <sys/xattr.h>
#endif

#define SUFFIX_BYTES 48 /* characters of ".dynarray-PID-TRY" */
#define NAMES_TRIED 4   /* tries before a new file gets such a name */
#define NAME_BYTES 200  /* characters of a name before the suffix: systems allow 255 in all */
#define TRIES 100       /* this many names are tried, as others may have taken some */
#define TRANSFER_BYTES ((size_t)1 << 30) /* Linux moves less than 2 GiB in one call */

/* Waits until the file is on the disk. On macOS, fsync waits only until the disk has it in its own memory. */
static bool bring_to_disk(int descriptor) {
#if defined(F_FULLFSYNC)
    if (fcntl(descriptor, F_FULLFSYNC) == 0) return true; /* some file systems do not know it */
#endif
    return fsync(descriptor) == 0;
}

/* ---------------------------------------------------------------------------------------------
** Reading
*/

static bool check_regular(int descriptor, uint64_t *bytes, files_error *error) {
    struct stat status;
    if (fstat(descriptor, &status) != 0) return files_fail(error, errno);
    if (S_ISDIR(status.st_mode)) return files_fail(error, EISDIR);
    if (!S_ISREG(status.st_mode)) return files_fail_saying(error, FILES_NOT_REGULAR);
    *bytes = (uint64_t)status.st_size;
    return true;
}

bool files_open(int *descriptor, const char *path, bool writable, uint64_t *bytes,
                files_error *error) {
    /* without waiting: a pipe that has no writer is refused */
    *descriptor = open(path, (writable ? O_RDWR : O_RDONLY) | O_CLOEXEC | O_NONBLOCK);
    if (*descriptor < 0) return files_fail(error, errno);
    if (check_regular(*descriptor, bytes, error)) return true;
    files_close(descriptor);
    return false;
}

void files_close(int *descriptor) {
    if (*descriptor >= 0) close(*descriptor);
    *descriptor = -1; /* the number may soon belong to another file */
}

bool files_identify(int descriptor, files_identity *identity, files_error *error) {
    struct stat status;
    if (fstat(descriptor, &status) != 0) return files_fail(error, errno);
    identity->device = (uint64_t)status.st_dev;
    identity->number = (uint64_t)status.st_ino;
    return true;
}

/* Fills the buffer from the file; *n becomes less if the file ends before. */
static bool read_all(int descriptor, void *buffer, size_t *n) {
    size_t done = 0;
    while (done < *n) {
        const size_t rest = *n - done;
        const ssize_t got =
            read(descriptor, (char *)buffer + done, rest < TRANSFER_BYTES ? rest : TRANSFER_BYTES);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return false;
        if (got == 0) break;
        done += (size_t)got;
    }
    *n = done;
    return true;
}

bool files_read(int descriptor, uint64_t offset, void *buffer, size_t *n, files_error *error) {
    if (lseek(descriptor, (off_t)offset, SEEK_SET) < 0 || !read_all(descriptor, buffer, n))
        return files_fail(error, errno);
    return true;
}

/* ---------------------------------------------------------------------------------------------
** Mapping
*/

#if defined(__linux__)

bool files_fill_holes(int descriptor, uint64_t from, uint64_t to, files_error *error) {
    struct stat status;
    if (to <= from) return true;
    if (fstat(descriptor, &status) != 0) return files_fail(error, errno);
    if ((uint64_t)status.st_blocks * 512 >= (uint64_t)status.st_size) return true;
    if (!disk_has_room(descriptor, from, to, false)) return files_fail(error, errno);
    while (fallocate(descriptor, FALLOC_FL_KEEP_SIZE, (off_t)from, (off_t)(to - from)) != 0) {
        if (errno == ENOSPC || errno == EDQUOT) return files_fail(error, errno);
        if (errno != EINTR) break;
    }
    return true;
}

#else

bool files_fill_holes(int descriptor, uint64_t from, uint64_t to, files_error *error) {
    (void)descriptor, (void)from, (void)to, (void)error;
    return true;
}

#endif

void *files_map(int descriptor, size_t bytes, bool writable, files_error *error) {
    void *mapping;
    if (writable && !files_fill_holes(descriptor, 0, bytes, error)) return NULL;
    mapping =
        mmap(NULL, bytes, writable ? PROT_READ | PROT_WRITE : PROT_READ, MAP_SHARED, descriptor, 0);
    if (mapping != MAP_FAILED) return mapping;
    files_fail(error, errno);
    return NULL;
}

bool files_flush(void *mapping, size_t bytes, files_error *error) {
    if (msync(mapping, bytes, MS_SYNC) == 0) return true;
    return files_fail(error, errno);
}

void files_unmap(void *mapping, size_t bytes) { munmap(mapping, bytes); }

/* ---------------------------------------------------------------------------------------------
** Saving
*/

static bool write_all(int descriptor, const void *buffer, size_t n) {
    size_t done = 0;
    while (done < n) {
        const size_t rest = n - done;
        const ssize_t put = write(descriptor, (const char *)buffer + done,
                                  rest < TRANSFER_BYTES ? rest : TRANSFER_BYTES);
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) return false;
        done += (size_t)put;
    }
    return true;
}

/* ---------------------------------------------------------------------------------------------
** A new file. If the system can do that, it has no name until it is whole, so a killed process leaves nothing. Otherwise it
** has a name beside the old file, and a lock, which the system removes when the process ends. The next save to that path
** removes files that have no lock.
*/

/* The i-th name beside `target`, below NAMES_TRIED; the names for one file are the same each time. */
static void name_beside(const char *target, int i, char *name, size_t name_bytes) {
    size_t bytes = strlen(target);
    const size_t most = directory_bytes(target) + NAME_BYTES;
    struct timespec now;
    if (bytes > most) {
        bytes = most;
        while ((target[bytes] & 0xC0) == 0x80) bytes--; /* do not cut within a character of UTF-8 */
    }
    clock_gettime(CLOCK_REALTIME, &now);
    if (i < NAMES_TRIED)
        snprintf(name, name_bytes, "%.*s.dynarray-%d", (int)bytes, target, i);
    else /* other files have these names */
        snprintf(name, name_bytes, "%.*s.dynarray-%ld-%ld", (int)bytes, target, (long)getpid(),
                 now.tv_nsec);
}

/* Locks the new file; false if another process has the lock. It is not the lock that an array file has (flock). */
static bool lock_new(int descriptor) {
#if defined(F_OFD_SETLK)
    struct flock lock = {0};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    return fcntl(descriptor, F_OFD_SETLK, &lock) == 0 || (errno != EAGAIN && errno != EACCES);
#else
    (void)descriptor;
    return true;
#endif
}

static bool is_same_file(const struct stat *x, const struct stat *y) {
    return x->st_dev == y->st_dev && x->st_ino == y->st_ino;
}

/* Whether nobody writes to the file any more, which has no lock. */
#if defined(F_OFD_SETLK)
#define LOCKS_TELL true
#else
#define LOCKS_TELL false
#endif

/* Removes the file of that name if a save that did not finish has left it. */
static bool remove_left(const char *name) {
    struct stat opened, named;
    bool removed = false;
    const int descriptor =
        LOCKS_TELL ? open(name, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC) : -1;
    if (descriptor < 0) return false;
    if (fstat(descriptor, &opened) == 0 && S_ISREG(opened.st_mode) && lock_new(descriptor) &&
        lstat(name, &named) == 0 && is_same_file(&named, &opened))
        removed = unlink(name) == 0;
    close(descriptor);
    return removed;
}

static int create_nameless(const char *target, mode_t mode) {
#if defined(O_TMPFILE)
    const int descriptor = directory_open(target, O_WRONLY | O_TMPFILE, mode);
    if (descriptor >= 0) lock_new(descriptor);
    return descriptor;
#else
    (void)target, (void)mode;
    return -1;
#endif
}

/* Makes a new file with a name beside `target`; if the descriptor has a file without a name, names that. */
static int create_beside(const char *target, mode_t mode, int nameless, char *name,
                         size_t name_bytes) {
    char link[32];
    snprintf(link, sizeof link, "/proc/self/fd/%d", nameless);
    for (int i = 0, tries = 0; tries < TRIES; tries++) {
        int descriptor;
        name_beside(target, i, name, name_bytes);
        if (nameless < 0)
            descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
        else
            descriptor =
                linkat(AT_FDCWD, link, AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0 ? nameless : -1;
        if (descriptor >= 0 && descriptor == nameless) return descriptor;
        if (descriptor >= 0) {
            struct stat status;
            /* otherwise somebody could take it for a file that was left */
            if (lock_new(descriptor) && fstat(descriptor, &status) == 0 && status.st_nlink > 0)
                return descriptor;
            close(descriptor);
        } else if (errno != EEXIST)
            return -1;
        else if (!remove_left(name))
            i++;
    }
    errno = EEXIST;
    return -1;
}

/* ---------------------------------------------------------------------------------------------
** Whose it is, and who may read it
*/

#define ACL_NAME "system.posix_acl_access"
#define ACL_BYTES 4096

/* Copies the access control list of the old file, if it has one; false if that fails. */
static bool keep_list(int descriptor, const char *old, bool same_group) {
#if defined(SYSTEM_HAS_XATTR)
    char list[ACL_BYTES];
    const ssize_t n = getxattr(old, ACL_NAME, list, sizeof list);
    const bool has_list = n >= 0 || errno == ERANGE;
    if (n >= 0 && same_group && fsetxattr(descriptor, ACL_NAME, list, (size_t)n, 0) == 0)
        return true;
    fremovexattr(descriptor, ACL_NAME); /* the list that the directory gives to new files */
    return !has_list;
#else
    (void)descriptor, (void)old, (void)same_group;
    return true;
#endif
}

/*
** Gives the new file the owner, the group and the mode of the old one. If the group cannot be set, the group may do only what
** both the old group and others could. Set-ID bits are never kept: who could write to the old file must not choose what
** runs under its owner's name.
*/
static bool keep_access(int descriptor, const char *target, const struct stat *old) {
    struct stat now;
    mode_t mode = old->st_mode & 0777;
    bool same_group;
    if (fstat(descriptor, &now) != 0) return false;
    if ((now.st_uid != old->st_uid || now.st_gid != old->st_gid) &&
        fchown(descriptor, old->st_uid, old->st_gid) != 0 && now.st_gid != old->st_gid &&
        fchown(descriptor, (uid_t)-1, old->st_gid) != 0 && errno != EPERM && errno != EINVAL)
        return false;
    if (fstat(descriptor, &now) != 0) return false;
    same_group = now.st_gid == old->st_gid;
    if (!keep_list(descriptor, target, same_group) || !same_group) {
        const mode_t both = mode >> 3 & mode & 7;
        mode = (mode & 0700) | both << 3 | both;
    }
    return fchmod(descriptor, mode) == 0;
}

/* Beyond RLIMIT_FSIZE the system would not only fail, but send a signal that ends the process. */
static bool is_within_limit(uint64_t bytes) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_FSIZE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY ||
        bytes <= (uint64_t)limit.rlim_cur)
        return true;
    errno = EFBIG;
    return false;
}

static bool write_parts(int descriptor, files_source source, void *data) {
    uint64_t bytes = 0;
    files_part part;
    for (size_t i = 0; source(data, i, &part); i++) {
        bytes += part.bytes;
        if (!is_within_limit(bytes) || !write_all(descriptor, part.data, part.bytes)) return false;
    }
    return true;
}

static bool write_whole(int descriptor, files_source source, void *data, const char *target,
                        const struct stat *old) {
    return write_parts(descriptor, source, data) &&
           (old == NULL || keep_access(descriptor, target, old)) && bring_to_disk(descriptor);
}

/* ---------------------------------------------------------------------------------------------
** In the place of the old one
*/

/* Brings the new name to the disk. Some file systems cannot, and nothing could be undone then. */
static void sync_directory(const char *path) {
    const int descriptor = directory_open(path, O_RDONLY, 0);
    if (descriptor < 0) return;
    bring_to_disk(descriptor);
    close(descriptor);
}

/* The path behind symbolic links. The system decides whether a link is followed, and where to. */
static bool resolve(const char *path, char target[PATH_MAX], struct stat *status, bool *exists,
                    files_error *error) {
    struct stat found;
    *exists = lstat(path, status) == 0;
    if (!*exists && errno != ENOENT) return files_fail(error, errno);
    if (*exists && S_ISLNK(status->st_mode)) {
        if (stat(path, status) != 0 || realpath(path, target) == NULL || lstat(target, &found) != 0)
            return files_fail(error, errno);
        if (!is_same_file(&found, status))
            return files_fail_saying(error, "symbolic link that was changed while it was followed");
    } else {
        const size_t bytes = strlen(path) + 1;
        if (bytes > PATH_MAX) return files_fail(error, ENAMETOOLONG);
        memcpy(target, path, bytes);
    }
    if (*exists && S_ISDIR(status->st_mode)) return files_fail(error, EISDIR);
    if (*exists && !S_ISREG(status->st_mode)) return files_fail_saying(error, FILES_NOT_REGULAR);
    return true;
}

/* Whether only the owner of a file in the directory of the path may remove it, as in /tmp. If nobody can tell, it may be. */
static bool is_sticky(const char *path) {
    char directory[PATH_MAX + 2];
    struct stat status;
    directory_name(path, directory);
    return stat(directory, &status) != 0 || (status.st_mode & S_ISVTX) != 0;
}

bool files_replace(const char *path, files_source source, void *data, files_error *error) {
    char target[PATH_MAX], name[PATH_MAX + SUFFIX_BYTES] = "";
    struct stat status;
    const struct stat *old;
    bool exists, whole = false;
    int descriptor, code = 0;
    mode_t mode;
    if (!resolve(path, target, &status, &exists, error)) return false;
    old = exists ? &status : NULL;
    if (exists && status.st_uid != geteuid() && is_sticky(target) && !file_may_be_taken(target))
        return files_fail(error, errno);
    mode = exists ? S_IRUSR | S_IWUSR : 0666; /* others may read it when it is whole */
    descriptor = create_nameless(target, mode);
    if (descriptor >= 0) {
        whole = write_whole(descriptor, source, data, target, old);
        if (!whole) code = errno;
        if (whole && create_beside(target, mode, descriptor, name, sizeof name) < 0) {
            close(descriptor); /* a file without a name cannot get one here */
            descriptor = -1;
            whole = false;
        }
    }
    if (descriptor < 0) {
        descriptor = create_beside(target, mode, -1, name, sizeof name);
        if (descriptor < 0) return files_fail(error, errno);
        whole = write_whole(descriptor, source, data, target, old);
        if (!whole) code = errno;
    }
    if (whole && rename(name, target) != 0) {
        code = errno;
        whole = false;
    }
    if (!whole && name[0] != '\0') unlink(name);
    close(
        descriptor); /* keeps the lock until the file has its final name; everything is on the disk already */
    if (!whole) return files_fail(error, code);
    sync_directory(target);
    return true;
}

#endif
