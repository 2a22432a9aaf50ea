/* files_posix.c: files by POSIX; see files.h. */
#include "core/system/system.h"

#include "core/system/files.h"

#if defined(SYSTEM_FILES_POSIX)

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#ifndef PATH_MAX
#define PATH_MAX 4096
#endif
#define SUFFIX_BYTES 48 /* of ".dynarray-PID-TRY" */
#define NAME_BYTES 200  /* of a name before the suffix: 255 is what systems allow */
#define TRIES 100       /* names that others may have taken */
#define TRANSFER_BYTES ((size_t)1 << 30) /* Linux moves less than 2 GiB in one call */

static bool fail_with(files_error *error, int code) {
    error->code = code;
    error->message[0] = '\0';
    return false;
}

static bool fail_saying(files_error *error, const char *message) {
    error->code = 0;
    snprintf(error->message, sizeof error->message, "%s", message);
    return false;
}

#define NOT_REGULAR "not a regular file"

/* ---------------------------------------------------------------------------------------------
** Reading
*/

static bool check_regular(int descriptor, uint64_t *bytes, files_error *error) {
    struct stat status;
    if (fstat(descriptor, &status) != 0) return fail_with(error, errno);
    if (S_ISDIR(status.st_mode)) return fail_with(error, EISDIR);
    if (!S_ISREG(status.st_mode)) return fail_saying(error, NOT_REGULAR);
    *bytes = (uint64_t)status.st_size;
    return true;
}

bool files_open(int *descriptor, const char *path, bool writable, uint64_t *bytes,
                files_error *error) {
    /* non-blocking, since a pipe without a writer is to be refused, not waited for */
    *descriptor = open(path, (writable ? O_RDWR : O_RDONLY) | O_CLOEXEC | O_NONBLOCK);
    if (*descriptor < 0) return fail_with(error, errno);
    if (check_regular(*descriptor, bytes, error)) return true;
    files_close(descriptor);
    return false;
}

void files_close(int *descriptor) {
    if (*descriptor >= 0) close(*descriptor);
    *descriptor = -1; /* the number may soon be another file's */
}

bool files_identify(int descriptor, files_identity *identity, files_error *error) {
    struct stat status;
    if (fstat(descriptor, &status) != 0) return fail_with(error, errno);
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
        return fail_with(error, errno);
    return true;
}

/* ---------------------------------------------------------------------------------------------
** Mapping
*/

void *files_map(int descriptor, size_t bytes, bool writable, files_error *error) {
    void *mapping =
        mmap(NULL, bytes, writable ? PROT_READ | PROT_WRITE : PROT_READ, MAP_SHARED, descriptor, 0);
    if (mapping != MAP_FAILED) return mapping;
    fail_with(error, errno);
    return NULL;
}

bool files_flush(void *mapping, size_t bytes, files_error *error) {
    if (msync(mapping, bytes, MS_SYNC) == 0) return true;
    return fail_with(error, errno);
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

/*
** A new file beside `path`, its name in `name`. Until it is whole, nobody may read more of it than of
** the file that it shall replace.
*/
static int create_beside(const char *path, mode_t mode, char *name, size_t name_bytes) {
    const char *slash = strrchr(path, '/');
    size_t bytes = strlen(path);
    const size_t directory_bytes = slash != NULL ? (size_t)(slash + 1 - path) : 0;
    int descriptor = -1;
    if (bytes > directory_bytes + NAME_BYTES) {
        bytes = directory_bytes + NAME_BYTES;
        while ((path[bytes] & 0xC0) == 0x80) bytes--; /* between characters of UTF-8 */
    }
    for (int i = 0; i < TRIES; i++) {
        struct timespec now;
        clock_gettime(CLOCK_REALTIME, &now);
        snprintf(name, name_bytes, "%.*s.dynarray-%ld-%ld", (int)bytes, path, (long)getpid(),
                 now.tv_nsec);
        descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
        if (descriptor >= 0 || errno != EEXIST) break;
    }
    return descriptor;
}

static bool write_parts(int descriptor, const files_part parts[], size_t n) {
    for (size_t i = 0; i < n; i++)
        if (!write_all(descriptor, parts[i].data, parts[i].bytes)) return false;
    return fsync(descriptor) == 0;
}

/* So that the new name outlasts a crash. Some file systems cannot, and nothing can be undone. */
static void sync_directory(char *path) {
    char *slash = strrchr(path, '/');
    int descriptor;
    if (slash != NULL) slash[slash == path ? 1 : 0] = '\0';
    descriptor = open(slash != NULL ? path : ".", O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return;
    fsync(descriptor);
    close(descriptor);
}

bool files_replace(const char *path, const files_part parts[], size_t n, files_error *error) {
    char target[PATH_MAX], name[PATH_MAX + SUFFIX_BYTES];
    struct stat status;
    int descriptor, code = 0;
    bool exists = lstat(path, &status) == 0;
    if (!exists && errno != ENOENT) return fail_with(error, errno);
    if (exists && S_ISLNK(status.st_mode)) {
        if (realpath(path, target) == NULL || stat(target, &status) != 0)
            return fail_with(error, errno);
    } else {
        const size_t bytes = strlen(path) + 1;
        if (bytes > sizeof target) return fail_with(error, ENAMETOOLONG);
        memcpy(target, path, bytes);
    }
    if (exists && S_ISDIR(status.st_mode)) return fail_with(error, EISDIR);
    if (exists && !S_ISREG(status.st_mode)) return fail_saying(error, NOT_REGULAR);

    descriptor = create_beside(target, exists ? S_IRUSR | S_IWUSR : 0666, name, sizeof name);
    if (descriptor < 0) return fail_with(error, errno);
    if ((exists && fchmod(descriptor, status.st_mode & 07777) != 0) ||
        !write_parts(descriptor, parts, n))
        code = errno;
    if (close(descriptor) != 0 && code == 0) code = errno;
    if (code == 0 && rename(name, target) != 0) code = errno;
    if (code != 0) {
        unlink(name);
        return fail_with(error, code);
    }
    sync_directory(target);
    return true;
}

#endif
