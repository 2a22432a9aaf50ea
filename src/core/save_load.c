/* save_load.c: see save_load.h. */
#include "core/save_load.h"

#include <stdio.h>

#include "core/file_mark.h"

_Static_assert(NPY_MESSAGE_BYTES <= FILES_MESSAGE_BYTES, "a header's fault is told as a file's");

/* ---------------------------------------------------------------------------------------------
** Reading
*/

bool file_read_header(file *f, uint64_t file_bytes, files_error *error) {
    char header[NPY_HEADER_MOST];
    size_t n = NPY_PREFIX_BYTES, header_bytes, rest;
    if (!files_read(f->descriptor, 0, header, &n, error)) return false;
    error->code = 0;
    header_bytes = npy_header_bytes(header, n, error->message);
    if (header_bytes == 0) return false;
    if (file_bytes < header_bytes)
        return files_fail_saying(error, "the file ends within its header");
    if (header_bytes < n) n = header_bytes;
    rest = header_bytes - n;
    if (!files_read(f->descriptor, n, header + n, &rest, error)) return false;
    if (n + rest < header_bytes) return files_fail_saying(error, "the file ends within its header");
    error->code = 0;
    return npy_parse(&f->header, header, header_bytes, error->message);
}

#define LOOK_TRIES 100 /* a file may get another length this many times while it is read */

bool file_look(file *f, uint64_t *file_bytes, size_t *size, uint64_t *mark_at, files_error *error) {
    bool told = false;
    *mark_at = 0;
    for (int i = 0; i < LOOK_TRIES; i++) {
        uint64_t now;
        files_error ignored;
        bool removed;
        told = file_read_header(f, *file_bytes, error) &&
               mark_size(f->descriptor, &f->header, *file_bytes, size, mark_at, error->message);
        if ((told && *mark_at != 0) || !storage_length(f->descriptor, &now, &removed, &ignored) ||
            now == *file_bytes)
            break;
        *file_bytes = now;
    }
    return told;
}

bool file_open(file *f, const char *path, bool writable, files_error *error) {
    uint64_t file_bytes, mark_at;
    size_t size;
    if (!files_open(&f->descriptor, path, writable, &file_bytes, error)) return false;
    if (file_look(f, &file_bytes, &size, &mark_at, error)) {
        f->header.size = size;
        return true;
    }
    file_close(f);
    return false;
}

void file_close(file *f) { files_close(&f->descriptor); }

bool file_read(const file *f, void *elements, files_error *error) {
    const size_t element_size = dynarray_type_size(f->header.type);
    const size_t bytes = f->header.size * element_size;
    size_t n = bytes;
    if (!files_read(f->descriptor, f->header.header_bytes, elements, &n, error)) return false;
    if (n < bytes) return files_fail_saying(error, "the file became shorter while it was read");
    if (f->header.swapped) npy_swap(elements, f->header.size, element_size);
    return true;
}

/* ---------------------------------------------------------------------------------------------
** Mapping
*/

bool file_map(const file *f, bool writable, void **mapping, void **elements, files_error *error) {
    const npy *header = &f->header;
    const size_t element_size = dynarray_type_size(header->type);
    const size_t bytes = header->header_bytes + header->size * element_size;
    if (header->swapped)
        return files_fail_saying(error,
                                 "elements in another byte order cannot be mapped" FILE_SAVE_ANEW);
    if (header->header_bytes % element_size != 0)
        return files_fail_saying(error,
                                 "elements that are not aligned cannot be mapped" FILE_SAVE_ANEW);
    *mapping = files_map(f->descriptor, bytes, writable, error);
    if (*mapping == NULL) return false;
    *elements = (char *)*mapping + header->header_bytes;
    return true;
}

static size_t mapped_bytes(const void *mapping, const void *data, size_t bytes) {
    return (size_t)((const char *)data - (const char *)mapping) + bytes;
}

bool file_flush(void *mapping, void *data, size_t bytes, files_error *error) {
    return files_flush(mapping, mapped_bytes(mapping, data, bytes), error);
}

void file_unmap(void *mapping, void *data, size_t bytes) {
    files_unmap(mapping, mapped_bytes(mapping, data, bytes));
}

/* ---------------------------------------------------------------------------------------------
** Saving
*/

static bool saved_part(void *data, size_t i, files_part *part) {
    const files_part *const parts = data;
    if (i > 1) return false;
    *part = parts[i];
    return true;
}

bool file_save(const dynarray *a, const char *path, files_error *error) {
    char header[NPY_WRITTEN_BYTES];
    files_part parts[] = {{header, sizeof header}, {a->data, a->size * a->element_size}};
    npy_write(header, sizeof header, (dynarray_type)a->type, a->size);
    return files_replace(path, saved_part, parts, error);
}
