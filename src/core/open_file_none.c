/* open_file_none.c: no arrays that are files; see open_file.h. */
#include "core/system/system.h"

#include "core/open_file.h"

#if defined(SYSTEM_STORAGE_NONE)

#include <string.h>

#include "core/system/files.h"

dynarray_status open_file_open(dynarray *a, const char *path, dynarray_type type,
                               dynarray_mode mode, size_t capacity, dynarray_failure *why) {
    (void)a, (void)path, (void)type, (void)mode, (void)capacity;
    if (why == NULL) return DYNARRAY_FILE;
    why->code = 0;
    memcpy(why->message, FILES_UNSUPPORTED, sizeof FILES_UNSUPPORTED);
    return DYNARRAY_FILE;
}

/* The other functions are for arrays that open made, of which there are none. */

dynarray_status open_file_close(dynarray *a, dynarray_failure *why) {
    (void)a, (void)why;
    return DYNARRAY_FILE;
}

dynarray_status open_file_resize(dynarray *a, size_t capacity, dynarray_event *event) {
    (void)a, (void)capacity, (void)event;
    return DYNARRAY_FILE;
}

size_t open_file_step(const dynarray *a, size_t needed, size_t capacity) {
    (void)a, (void)needed;
    return capacity;
}

size_t open_file_size(const dynarray *a) { return a->size; }

bool open_file_is_full(const dynarray *a) {
    (void)a;
    return false;
}

bool open_file_identify(const dynarray *a, files_identity *identity) {
    (void)a, (void)identity;
    return false;
}

bool open_file_is_at(const dynarray *a, const char *path) {
    (void)a, (void)path;
    return false;
}

/* unreached: there is no array that is a file */
bool open_file_commit(dynarray *a) {
    (void)a;
    return true; /* unreached: see above */
}

void dynarray_commit(dynarray *a) { (void)a; }

void dynarray_refresh(dynarray *a) { (void)a; }

dynarray_status dynarray_flush(dynarray *a, dynarray_failure *why) {
    (void)a, (void)why;
    return DYNARRAY_FIXED;
}

const dynarray_failure *dynarray_why(const dynarray *a) {
    static const dynarray_failure none = {0, ""};
    (void)a;
    return &none;
}

#endif
