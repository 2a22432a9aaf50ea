/* file.c: see file.h. */
#include "core/system.h"

#include "core/file.h"

#include <string.h>

#if (defined(__unix__) || defined(__APPLE__)) && !defined(DYNARRAY_NO_FILES)

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
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

static bool fail_with(file_error *error, int code) {
    error->code = code;
    error->message[0] = '\0';
    return false;
}

static bool fail_saying(file_error *error, const char *message) {
    error->code = 0;
    snprintf(error->message, sizeof error->message, "%s", message);
    return false;
}

#define NOT_REGULAR "not a regular file"

/* ---------------------------------------------------------------------------------------------
** Reading
*/

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

static bool read_header(file *f, file_error *error) {
    char header[NPY_HEADER_MOST];
    size_t n = NPY_PREFIX_BYTES, header_bytes, rest;
    struct stat status;
    if (fstat(f->descriptor, &status) != 0) return fail_with(error, errno);
    if (S_ISDIR(status.st_mode)) return fail_with(error, EISDIR);
    if (!S_ISREG(status.st_mode)) return fail_saying(error, NOT_REGULAR);
    if (!read_all(f->descriptor, header, &n)) return fail_with(error, errno);
    error->code = 0;
    header_bytes = npy_header_bytes(header, n, error->message);
    if (header_bytes == 0) return false;
    if ((uint64_t)status.st_size < header_bytes) return fail_saying(error, "cut within its header");
    if (header_bytes < n) n = header_bytes;
    rest = header_bytes - n;
    if (!read_all(f->descriptor, header + n, &rest)) return fail_with(error, errno);
    if (n + rest < header_bytes) return fail_saying(error, "cut within its header");
    return npy_parse(&f->header, header, header_bytes, (uint64_t)status.st_size, error->message);
}

bool file_open(file *f, const char *path, bool writable, file_error *error) {
    /* non-blocking, since a pipe without a writer is to be refused, not waited for */
    f->descriptor = open(path, (writable ? O_RDWR : O_RDONLY) | O_CLOEXEC | O_NONBLOCK);
    if (f->descriptor < 0) return fail_with(error, errno);
    if (read_header(f, error)) return true;
    file_close(f);
    return false;
}

void file_close(file *f) {
    if (f->descriptor >= 0) close(f->descriptor);
    f->descriptor = -1; /* the number may soon be another file's */
}

bool file_read(const file *f, void *elements, file_error *error) {
    const size_t element_size = dynarray_type_size(f->header.type);
    const size_t bytes = f->header.size * element_size;
    size_t n = bytes;
    if (lseek(f->descriptor, (off_t)f->header.header_bytes, SEEK_SET) < 0 ||
        !read_all(f->descriptor, elements, &n))
        return fail_with(error, errno);
    if (n < bytes) return fail_saying(error, "cut while it was read");
    if (f->header.swapped) npy_swap(elements, f->header.size, element_size);
    return true;
}

/* ---------------------------------------------------------------------------------------------
** Mapping
*/

bool file_map(const file *f, bool writable, void **mapping, void **elements, file_error *error) {
    const npy *header = &f->header;
    const size_t element_size = dynarray_type_size(header->type);
    const size_t bytes = header->header_bytes + header->size * element_size;
    void *base;
    if (header->swapped)
        return fail_saying(error, "elements in another byte order cannot be mapped, only loaded");
    if (header->header_bytes % element_size != 0)
        return fail_saying(error, "elements that are not aligned cannot be mapped, only loaded");
    base = mmap(NULL, bytes, writable ? PROT_READ | PROT_WRITE : PROT_READ, MAP_SHARED,
                f->descriptor, 0);
    if (base == MAP_FAILED) return fail_with(error, errno);
    *mapping = base;
    *elements = (char *)base + header->header_bytes;
    return true;
}

static size_t mapped_bytes(const void *mapping, const void *data, size_t bytes) {
    return (size_t)((const char *)data - (const char *)mapping) + bytes;
}

bool file_flush(void *mapping, void *data, size_t bytes, file_error *error) {
    if (msync(mapping, mapped_bytes(mapping, data, bytes), MS_SYNC) == 0) return true;
    return fail_with(error, errno);
}

void file_unmap(void *mapping, void *data, size_t bytes) {
    munmap(mapping, mapped_bytes(mapping, data, bytes));
}

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

static bool write_array(int descriptor, const dynarray *a) {
    char header[NPY_WRITTEN_BYTES];
    npy_write(header, (dynarray_type)a->type, a->size);
    return write_all(descriptor, header, sizeof header) &&
           write_all(descriptor, a->data, a->size * a->element_size) && fsync(descriptor) == 0;
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

bool file_save(const dynarray *a, const char *path, file_error *error) {
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
    if ((exists && fchmod(descriptor, status.st_mode & 07777) != 0) || !write_array(descriptor, a))
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

#else

static bool unsupported(file_error *error) {
    error->code = 0;
    memcpy(error->message, FILE_UNSUPPORTED, sizeof FILE_UNSUPPORTED);
    return false;
}

bool file_open(file *f, const char *path, bool writable, file_error *error) {
    (void)f, (void)path, (void)writable;
    return unsupported(error);
}

void file_close(file *f) { (void)f; }

bool file_read(const file *f, void *elements, file_error *error) {
    (void)f, (void)elements;
    return unsupported(error);
}

bool file_map(const file *f, bool writable, void **mapping, void **elements, file_error *error) {
    (void)f, (void)writable, (void)mapping, (void)elements;
    return unsupported(error);
}

bool file_flush(void *mapping, void *data, size_t bytes, file_error *error) {
    (void)mapping, (void)data, (void)bytes;
    return unsupported(error);
}

void file_unmap(void *mapping, void *data, size_t bytes) { (void)mapping, (void)data, (void)bytes; }

bool file_save(const dynarray *a, const char *path, file_error *error) {
    (void)a, (void)path;
    return unsupported(error);
}

#endif
