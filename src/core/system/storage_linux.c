/* storage_linux.c: files that grow while they are mapped, by Linux; see storage.h. */
#include "core/system/system.h"

#include "core/system/directory.h"
#include "core/system/disk_space.h"
#include "core/system/storage.h"

#if defined(SYSTEM_STORAGE_LINUX)

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#include "core/system/pages.h"

#define TRIES 100 /* a file may be replaced this many times before it is locked */
#define ZERO_BYTES ((size_t)64 << 10)
#define HUGE_BYTES ((size_t)2 << 20) /* a huge page, on x86-64 and arm64 with 4 KiB pages */
#define RESERVE_FACTOR 16            /* bytes of address space reserved for each byte of the file */
#define RESERVE_LEAST ((size_t)64 << 20) /* or this many in all */

static bool fail_storage(files_error *error, int code) {
    error->code = code;
    error->message[0] = '\0';
    return false;
}

/* ---------------------------------------------------------------------------------------------
** The file
*/

static bool lock_file(int descriptor, files_error *error) {
    if (flock(descriptor, LOCK_EX | LOCK_NB) == 0) return true;
    fail_storage(error, errno);
    if (errno == EWOULDBLOCK)
        snprintf(error->message, sizeof error->message,
                 "another array, perhaps of another process, is writing to it; { mode = \"r\" } "
                 "reads it");
    return false;
}

/* Whether the file is this user's, or the system would let it be taken for one that this process made. */
static bool is_own_or_taken(int descriptor, const char *path, files_error *error) {
    struct stat status;
    if (fstat(descriptor, &status) != 0) return fail_storage(error, errno);
    if (status.st_uid == geteuid() || file_may_be_taken(path)) return true;
    return fail_storage(error, errno);
}

bool storage_open(int *descriptor, const char *path, bool writable, uint64_t *bytes,
                  files_error *error) {
    bool removed;
    for (int i = 0; i < TRIES; i++) {
        if (!files_open(descriptor, path, writable, bytes, error)) return false;
        if (!writable) return true;
        if (!is_own_or_taken(*descriptor, path, error) || !lock_file(*descriptor, error)) break;
        /* it may have been replaced before it was locked, or may have grown under the lock of another */
        if (storage_is_at(*descriptor, path)) {
            if (storage_length(*descriptor, bytes, &removed, error)) return true;
            break;
        }
        files_close(descriptor);
        fail_storage(error, EAGAIN);
    }
    files_close(descriptor);
    return false;
}

bool storage_is_absent(const files_error *error) { return error->code == ENOENT; }

/* Brings the new name to the disk. Some file systems cannot, and nothing could be undone then. */
static void sync_parent(const char *path) {
    const int descriptor = directory_open(path, O_RDONLY, 0);
    if (descriptor < 0) return;
    fsync(descriptor);
    close(descriptor);
}

/* The path without symbolic links at its end. */
static bool resolve_link(const char *path, char target[PATH_MAX], files_error *error) {
    struct stat status;
    const size_t bytes = strlen(path) + 1;
    if (lstat(path, &status) == 0 && S_ISLNK(status.st_mode)) {
        if (realpath(path, target) != NULL) return true;
        return fail_storage(error, errno);
    }
    if (bytes > PATH_MAX) return fail_storage(error, ENAMETOOLONG);
    memcpy(target, path, bytes);
    return true;
}

static bool fill_and_sync(int descriptor, const void *data, size_t bytes, files_error *error) {
    if (!lock_file(descriptor, error) ||
        (!storage_reserve(descriptor, 0, bytes, error) && !storage_cannot_reserve(error)) ||
        !storage_write(descriptor, 0, data, bytes, error))
        return false;
    if (fsync(descriptor) == 0) return true;
    return fail_storage(error, errno);
}

/* Gives a file that is whole its name. */
static bool give_name(int descriptor, const char *path, files_error *error) {
    char link[32];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    if (linkat(AT_FDCWD, link, AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0) return true;
    return fail_storage(error, errno);
}

bool storage_create(int *descriptor, const char *path, const void *data, size_t bytes, bool *exists,
                    files_error *error) {
    char target[PATH_MAX];
    bool made;
    *exists = false;
    *descriptor = -1;
    if (!resolve_link(path, target, error)) return false;
    *descriptor = directory_open(target, O_TMPFILE | O_RDWR, 0666); /* a file without a name */
    made = *descriptor >= 0 && fill_and_sync(*descriptor, data, bytes, error) &&
           give_name(*descriptor, target, error);
    if (!made && (*descriptor < 0 || error->code == ENOENT)) {
        /* otherwise others may for a moment see an empty file, which is locked */
        files_close(descriptor);
        *descriptor = open(target, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0666);
        if (*descriptor < 0) fail_storage(error, errno);
        made = *descriptor >= 0 && fill_and_sync(*descriptor, data, bytes, error);
        if (*descriptor >= 0 && !made) unlink(target);
    }
    if (made) {
        sync_parent(target);
        return true;
    }
    *exists = error->code == EEXIST;
    files_close(descriptor);
    return *exists;
}

/* Beyond RLIMIT_FSIZE the system would not only fail, but send a signal that ends the process. */
static bool within_limit(uint64_t bytes, files_error *error) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY &&
        bytes > limit.rlim_cur)
        return fail_storage(error, EFBIG);
    return true;
}

bool storage_reserve(int descriptor, uint64_t from, uint64_t to, files_error *error) {
    files_error ignored;
    if (to <= from) return true;
    if (!within_limit(to, error)) return false;
    if (!disk_has_room(descriptor, from, to, true)) return fail_storage(error, errno);
    while (fallocate(descriptor, FALLOC_FL_KEEP_SIZE, (off_t)from, (off_t)(to - from)) != 0) {
        if (errno == EINTR) continue;
        fail_storage(error, errno);
        if (!storage_cannot_reserve(error)) /* gives back what was reserved nevertheless */
            storage_cut(descriptor, from, &ignored);
        return false;
    }
    return true;
}

bool storage_cannot_reserve(const files_error *error) {
    return error->code == EOPNOTSUPP || error->code == ENOSYS;
}

bool storage_is_full(const files_error *error) {
    return error->code == ENOSPC || error->code == EDQUOT || error->code == EFBIG;
}

/* Each write ends with a page, where the system may interrupt it. */
bool storage_fill(int descriptor, uint64_t from, uint64_t to, files_error *error) {
    static const char zeros[ZERO_BYTES] = {0};
    const uint64_t start = from;
    files_error ignored;
    while (from < to) {
        const uint64_t rest = ZERO_BYTES - from % ZERO_BYTES;
        const size_t n = (size_t)(rest < to - from ? rest : to - from);
        if (!storage_write(descriptor, from, zeros, n, error)) {
            storage_cut(descriptor, start, &ignored);
            return false;
        }
        from += n;
    }
    return true;
}

/* ---------------------------------------------------------------------------------------------
** Huge pages of files in memory
*/

#define TMPFS_NUMBER 0x01021994 /* of the file system; linux/magic.h is not everywhere */
#define HUGE_SETTING "/sys/kernel/mm/transparent_hugepage/enabled"

#if !defined(MADV_COLLAPSE)
#define MADV_COLLAPSE 25 /* since Linux 6.1 */
#endif

size_t storage_huge_bytes(int descriptor) {
    struct statfs system;
    if (fstatfs(descriptor, &system) != 0 || (unsigned long)system.f_type != TMPFS_NUMBER) return 0;
    return madvise(NULL, 0, MADV_COLLAPSE) == 0 ? HUGE_BYTES : 0;
}

/* Whether the administrator wants none. The system itself would give some nevertheless. */
static bool huge_pages_are_off(void) {
    char text[64];
    const int file = open(HUGE_SETTING, O_RDONLY | O_CLOEXEC);
    ssize_t n;
    if (file < 0) return true;
    n = read(file, text, sizeof text - 1);
    close(file);
    text[n < 0 ? 0 : n] = '\0';
    return strstr(text, "[never]") != NULL;
}

/*
** The system makes huge pages of small ones where the file is mapped, but not of a hole only: the first page of each must be
** there. The mapping is one of its own, since that of the array need not be there yet.
*/
void storage_take_huge(int descriptor, uint64_t from, uint64_t to) {
    const uint64_t first = from / HUGE_BYTES * HUGE_BYTES;
    const size_t bytes = (size_t)((to - first) / HUGE_BYTES * HUGE_BYTES);
    char *region, *place;
    if (bytes == 0 || huge_pages_are_off()) return;
    for (uint64_t at = first; at < first + bytes; at += HUGE_BYTES)
        if (fallocate(descriptor, FALLOC_FL_KEEP_SIZE, (off_t)at, 1) != 0) return;
    region = mmap(NULL, bytes + HUGE_BYTES, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
                  -1, 0);
    if (region == MAP_FAILED) return;
    place = region + (size_t)(0 - (uintptr_t)region) % HUGE_BYTES;
    if (mmap(place, bytes, PROT_READ, MAP_SHARED | MAP_FIXED, descriptor, (off_t)first) !=
        MAP_FAILED)
        madvise(place, bytes, MADV_COLLAPSE);
    munmap(region, bytes + HUGE_BYTES);
}

bool storage_read(int descriptor, uint64_t at, void *data, size_t *n, files_error *error) {
    size_t done = 0;
    while (done < *n) {
        const ssize_t got = pread(descriptor, (char *)data + done, *n - done, (off_t)(at + done));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return fail_storage(error, errno);
        if (got == 0) break;
        done += (size_t)got;
    }
    *n = done;
    return true;
}

bool storage_write(int descriptor, uint64_t at, const void *data, size_t n, files_error *error) {
    size_t done = 0;
    if (!within_limit(at + n, error)) return false;
    while (done < n) {
        const ssize_t put =
            pwrite(descriptor, (const char *)data + done, n - done, (off_t)(at + done));
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) return fail_storage(error, errno);
        done += (size_t)put;
    }
    return true;
}

bool storage_cut(int descriptor, uint64_t bytes, files_error *error) {
    int status;
    do status = ftruncate(descriptor, (off_t)bytes);
    while (status != 0 && errno == EINTR);
    if (status == 0) return true;
    return fail_storage(error, errno);
}

bool storage_sync(int descriptor, files_error *error) {
    int status;
    do status = fdatasync(descriptor);
    while (status != 0 && errno == EINTR);
    if (status == 0) return true;
    return fail_storage(error, errno);
}

bool storage_length(int descriptor, uint64_t *bytes, bool *removed, files_error *error) {
    struct stat status;
    if (fstat(descriptor, &status) != 0) return fail_storage(error, errno);
    *bytes = (uint64_t)status.st_size;
    *removed = status.st_nlink == 0;
    return true;
}

bool storage_find_data(int descriptor, uint64_t *from, uint64_t *to) {
    const off_t data = lseek(descriptor, (off_t)*from, SEEK_DATA);
    const off_t hole = data < 0 ? -1 : lseek(descriptor, data, SEEK_HOLE);
    *to = hole < 0 ? INT64_MAX : (uint64_t)hole;
    if (data < 0 && errno == ENXIO) return false;
    if (data >= 0) *from = (uint64_t)data;
    return true;
}

bool storage_is_at(int descriptor, const char *path) {
    struct stat here, there;
    return fstat(descriptor, &here) == 0 && stat(path, &there) == 0 &&
           here.st_dev == there.st_dev && here.st_ino == there.st_ino;
}

/* ---------------------------------------------------------------------------------------------
** The mapping
*/

static size_t page_bytes(void) { return (size_t)sysconf(_SC_PAGESIZE); }

static size_t round_to_page(size_t bytes) {
    const size_t page = page_bytes();
    return (bytes + page - 1) / page * page;
}

static int protection_of(bool writable) { return writable ? PROT_READ | PROT_WRITE : PROT_READ; }

static char *storage_region(void *base) { return (char *)base - page_bytes(); }

/* aligned: so that the file can be mapped by huge pages; takes more address space for a moment. */
static void *map_reserving(int descriptor, size_t bytes, bool writable, size_t reserved,
                           bool aligned) {
    const size_t lead = page_bytes(); /* its last bytes are for the owner */
    const size_t spare = aligned ? HUGE_BYTES : 0;
    char *region = mmap(NULL, lead + reserved + spare, PROT_NONE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    size_t head;
    if (region == MAP_FAILED) return NULL;
    head = aligned ? (size_t)(0 - (uintptr_t)region - lead) % HUGE_BYTES : 0;
    if (head > 0) munmap(region, head);
    region += head;
    if (spare > head) munmap(region + lead + reserved, spare - head);
    if (mprotect(region, lead, PROT_READ | PROT_WRITE) == 0 &&
        mmap(region + lead, bytes, protection_of(writable), MAP_SHARED | MAP_FIXED, descriptor,
             0) != MAP_FAILED)
        return region + lead;
    munmap(region, lead + reserved);
    return NULL;
}

static size_t storage_reserve_for(size_t bytes, size_t wanted, bool space_is_free) {
    if (wanted > bytes && !space_is_free) return round_to_page(wanted);
    if (!space_is_free || bytes > SIZE_MAX / RESERVE_FACTOR / 2) return round_to_page(bytes);
    if (bytes < RESERVE_LEAST / RESERVE_FACTOR) return RESERVE_LEAST;
    return round_to_page(bytes * RESERVE_FACTOR);
}

void *storage_map(int descriptor, size_t bytes, bool writable, size_t *reserved,
                  files_error *error) {
    const bool space_is_free = pages_space_is_free();
    void *base;
    *reserved = storage_reserve_for(bytes, *reserved, space_is_free);
    base = map_reserving(descriptor, bytes, writable, *reserved, space_is_free);
    if (base == NULL && *reserved > round_to_page(bytes)) {
        *reserved = round_to_page(bytes);
        base = map_reserving(descriptor, bytes, writable, *reserved, false);
    }
    if (base == NULL) fail_storage(error, errno);
    return base;
}

bool storage_extend(void *base, int descriptor, size_t mapped, size_t bytes, bool writable,
                    files_error *error) {
    const size_t from = mapped / page_bytes() * page_bytes();
    if (mmap((char *)base + from, bytes - from, protection_of(writable), MAP_SHARED | MAP_FIXED,
             descriptor, (off_t)from) != MAP_FAILED)
        return true;
    return fail_storage(error, errno);
}

/* What is behind stays reserved address space, without access. */
void storage_narrow(void *base, size_t mapped, size_t bytes) {
    const size_t from = round_to_page(bytes), to = round_to_page(mapped);
    if (from < to) /* unreached: else where pages are larger than MARK_UNIT */
        (void)mmap((char *)base + from, to - from, PROT_NONE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
}

void storage_unmap(void *base, size_t reserved) {
    munmap(storage_region(base), page_bytes() + reserved);
}

/* ---------------------------------------------------------------------------------------------
** Who and when
*/

static int digit_of(char c) {
    static const char digits[] = "0123456789abcdef";
    const char *found = memchr(digits, c, sizeof digits - 1);
    return found == NULL ? -1 : (int)(found - digits);
}

bool storage_boot(unsigned char id[STORAGE_BOOT_BYTES]) {
    char text[64];
    size_t n = sizeof text, digits = 0;
    files_error ignored;
    const int descriptor = open(STORAGE_BOOT_PATH, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return false;
    if (!storage_read(descriptor, 0, text, &n, &ignored)) n = 0;
    close(descriptor);
    memset(id, 0, STORAGE_BOOT_BYTES);
    for (size_t i = 0; i < n && digits < 2 * (size_t)STORAGE_BOOT_BYTES; i++) {
        const int digit = digit_of(text[i]);
        if (digit < 0) continue; /* a hyphen */
        id[digits / 2] = (unsigned char)(id[digits / 2] << 4 | digit);
        digits++;
    }
    return digits == 2 * (size_t)STORAGE_BOOT_BYTES;
}

int64_t storage_process(void) { return (int64_t)getpid(); }

uint64_t storage_random(void) {
    uint64_t number = 0;
    struct timespec now;
    if (getrandom(&number, sizeof number, GRND_NONBLOCK) == (ssize_t)sizeof number) return number;
    clock_gettime(CLOCK_REALTIME, &now);
    return (uint64_t)now.tv_sec * 1000000007u ^ (uint64_t)now.tv_nsec << 32 ^ (uint64_t)getpid();
}

#endif
