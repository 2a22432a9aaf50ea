/* storage_none.c: no files that grow while they are mapped; see storage.h. */
#include "core/system/system.h"

#include "core/system/storage.h"

#if defined(SYSTEM_STORAGE_NONE)

#include <string.h>

static bool no_storage(files_error *error) {
    error->code = 0;
    memcpy(error->message, FILES_UNSUPPORTED, sizeof FILES_UNSUPPORTED);
    return false;
}

bool storage_open(int *descriptor, const char *path, bool writable, uint64_t *bytes,
                  files_error *error) {
    (void)path, (void)writable;
    *descriptor = -1;
    *bytes = 0;
    return no_storage(error);
}

bool storage_is_absent(const files_error *error) {
    (void)error;
    return false;
}

bool storage_create(int *descriptor, const char *path, const void *data, size_t bytes, bool *exists,
                    files_error *error) {
    (void)path, (void)data, (void)bytes;
    *descriptor = -1;
    *exists = false;
    return no_storage(error);
}

bool storage_reserve(int descriptor, uint64_t from, uint64_t to, files_error *error) {
    (void)descriptor, (void)from, (void)to;
    return no_storage(error);
}

bool storage_cannot_reserve(const files_error *error) {
    (void)error;
    return false;
}

bool storage_is_full(const files_error *error) {
    (void)error;
    return false;
}

bool storage_fill(int descriptor, uint64_t from, uint64_t to, files_error *error) {
    (void)descriptor, (void)from, (void)to;
    return no_storage(error);
}

size_t storage_huge_bytes(int descriptor) {
    (void)descriptor;
    return 0;
}

void storage_take_huge(int descriptor, uint64_t from, uint64_t to) {
    (void)descriptor, (void)from, (void)to;
}

bool storage_read(int descriptor, uint64_t at, void *data, size_t *n, files_error *error) {
    (void)descriptor, (void)at;
    memset(data, 0, *n);
    *n = 0;
    return no_storage(error);
}

bool storage_find_data(int descriptor, uint64_t *from, uint64_t *to) {
    (void)descriptor;
    *to = *from;
    return false;
}

bool storage_write(int descriptor, uint64_t at, const void *data, size_t n, files_error *error) {
    (void)descriptor, (void)at, (void)data, (void)n;
    return no_storage(error);
}

bool storage_cut(int descriptor, uint64_t bytes, files_error *error) {
    (void)descriptor, (void)bytes;
    return no_storage(error);
}

bool storage_sync(int descriptor, files_error *error) {
    (void)descriptor;
    return no_storage(error);
}

bool storage_length(int descriptor, uint64_t *bytes, bool *removed, files_error *error) {
    (void)descriptor;
    *bytes = 0;
    *removed = false;
    return no_storage(error);
}

bool storage_is_at(int descriptor, const char *path) {
    (void)descriptor, (void)path;
    return false;
}

void *storage_map(int descriptor, size_t bytes, bool writable, size_t *reserved,
                  files_error *error) {
    (void)descriptor, (void)bytes, (void)writable;
    *reserved = 0;
    no_storage(error);
    return NULL;
}

bool storage_extend(void *base, int descriptor, size_t mapped, size_t bytes, bool writable,
                    files_error *error) {
    (void)base, (void)descriptor, (void)mapped, (void)bytes, (void)writable;
    return no_storage(error);
}

void storage_narrow(void *base, size_t mapped, size_t bytes) {
    (void)base, (void)mapped, (void)bytes;
}

void storage_unmap(void *base, size_t reserved) { (void)base, (void)reserved; }

bool storage_boot(unsigned char id[STORAGE_BOOT_BYTES]) {
    memset(id, 0, STORAGE_BOOT_BYTES);
    return true;
}

int64_t storage_process(void) { return 0; }

uint64_t storage_random(void) { return 0; }

#endif
