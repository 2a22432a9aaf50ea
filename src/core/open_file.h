/* open_file.h: arrays whose block is a file, for block.c and the binding. What users call is in dynarray.h. */
#ifndef OPEN_FILE_H
#define OPEN_FILE_H

#include "core/save_load.h"

/*
** open_file_open: the same as dynarray_open, with room for `capacity` elements. The array must have a setup and no block;
** it gets the type of the file.
*/
dynarray_status open_file_open(dynarray *a, const char *path, dynarray_type type,
                               dynarray_mode mode, size_t capacity, dynarray_failure *why);

/* open_file_close: the same as dynarray_close, for an array that is a file. */
dynarray_status open_file_close(dynarray *a, dynarray_failure *why);

/* open_file_resize: the same as block_resize. */
dynarray_status open_file_resize(dynarray *a, size_t capacity, dynarray_event *event);

/* open_file_step: the same as block_step, for an array that is a file. */
size_t open_file_step(const dynarray *a, size_t needed, size_t capacity);

/* open_file_size: how many elements were last published. A copy of the struct may have an older size. */
size_t open_file_size(const dynarray *a);

/* open_file_is_full: whether the last failure was that the disk, a quota or the limit on the size of files has no more room. */
bool open_file_is_full(const dynarray *a);

/* open_file_identify: tells which file it is. */
bool open_file_identify(const dynarray *a, files_identity *identity);

/* open_file_is_at: whether that path is the file of the array. */
bool open_file_is_at(const dynarray *a, const char *path);

/* open_file_commit: the same as dynarray_commit, of a file; false if another writes to it by now, as the lock was lost. */
bool open_file_commit(dynarray *a);

/*
** array_set_size: the same as dynarray_set_size; for a file, also writes the size to the file. Who lost the file has no
** room left, so the next append is a growth, which tells why it fails.
*/
static inline void array_set_size(dynarray *a, size_t size) {
    a->size = size;
    if (DYNARRAY_UNLIKELY(a->block == DYNARRAY_BLOCK_FILE) && !open_file_commit(a))
        a->capacity = size;
}

#endif
