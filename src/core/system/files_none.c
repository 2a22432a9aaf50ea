/* files_none.c: no files; see files.h. */
#include "core/system/system.h"

#include "core/system/files.h"

#if defined(SYSTEM_FILES_NONE)

#include <string.h>

static bool unsupported(files_error *error) {
    error->code = 0;
    memcpy(error->message, FILES_UNSUPPORTED, sizeof FILES_UNSUPPORTED);
    return false;
}

bool files_open(int *descriptor, const char *path, bool writable, uint64_t *bytes,
                files_error *error) {
    (void)path, (void)writable, (void)bytes;
    *descriptor = -1;
    return unsupported(error);
}

void files_close(int *descriptor) { (void)descriptor; }

bool files_identify(int descriptor, files_identity *identity, files_error *error) {
    (void)descriptor, (void)identity;
    return unsupported(error);
}

bool files_read(int descriptor, uint64_t offset, void *buffer, size_t *n, files_error *error) {
    (void)descriptor, (void)offset, (void)buffer, (void)n;
    return unsupported(error);
}

bool files_fill_holes(int descriptor, uint64_t from, uint64_t to, files_error *error) {
    (void)descriptor, (void)from, (void)to;
    return unsupported(error);
}

void *files_map(int descriptor, size_t bytes, bool writable, files_error *error) {
    (void)descriptor, (void)bytes, (void)writable;
    unsupported(error);
    return NULL;
}

bool files_flush(void *mapping, size_t bytes, files_error *error) {
    (void)mapping, (void)bytes;
    return unsupported(error);
}

void files_unmap(void *mapping, size_t bytes) { (void)mapping, (void)bytes; }

bool files_replace(const char *path, files_source source, void *data, files_error *error) {
    (void)path, (void)source, (void)data;
    return unsupported(error);
}

#endif
