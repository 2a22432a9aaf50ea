/* open_file.h: arrays whose block is a file, for block.c and the binding; what users call is in dynarray.h. */
#ifndef OPEN_FILE_H
#define OPEN_FILE_H

#include "core/file.h"

/*
** open_file_open: as dynarray_open, with room for `capacity` elements. The array has a setup, and no block; its
** type becomes the file's.
*/
dynarray_status open_file_open(dynarray *a, const char *path, dynarray_type type,
                               dynarray_mode mode, size_t capacity, dynarray_failure *why);

/* open_file_close: as dynarray_close, for an array of a file. */
dynarray_status open_file_close(dynarray *a, dynarray_failure *why);

/* open_file_resize: as block_resize. */
dynarray_status open_file_resize(dynarray *a, size_t capacity, dynarray_event *event);

/* open_file_size: elements that the file has as it was last published; what a copy of the array may not know. */
size_t open_file_size(const dynarray *a);

/* open_file_identify: which file it is. */
bool open_file_identify(const dynarray *a, files_identity *identity);

/* open_file_is_at: whether that path is the array's own file. */
bool open_file_is_at(const dynarray *a, const char *path);

/* array_set_size: as dynarray_set_size, and the size of a file stands in the file, too. */
static inline void array_set_size(dynarray *a, size_t size) {
    a->size = size;
    if (DYNARRAY_UNLIKELY(a->block == DYNARRAY_BLOCK_FILE)) dynarray_commit(a);
}

#endif
