/* save_load.h: saves, loads and maps arrays as .npy files. Nothing here allocates. */
#ifndef SAVE_LOAD_H
#define SAVE_LOAD_H

#include "core/npy.h"
#include "core/system/files.h"

/* The end of messages about files that cannot be mapped. */
#define FILE_SAVE_ANEW "; load it and save it to another file, which can be"

/* An open .npy file whose header was read. header.size is the number of elements, see mark_size. */
typedef struct file {
    int descriptor;
    npy header;
} file;

/* file_open: opens a .npy file for reading; also for writing to its elements if `writable`. */
bool file_open(file *f, const char *path, bool writable, files_error *error);

/* file_read_header: reads the header of the open file, which has file_bytes bytes. */
bool file_read_header(file *f, uint64_t file_bytes, files_error *error);

/*
** file_look: reads the header of the open file, and finds how many elements it has and where its mark is, see mark_size.
** *file_bytes is its length, and becomes the new one if a writer changes it meanwhile; it is then looked at again.
*/
bool file_look(file *f, uint64_t *file_bytes, size_t *size, uint64_t *mark_at, files_error *error);

void file_close(file *f);

/* file_read: reads the elements, header.size of them, and converts them to this machine's byte order. */
bool file_read(const file *f, void *elements, files_error *error);

/*
** file_map: maps the elements as memory that is shared with the file. The mapping lasts until file_unmap is called with
** *mapping, even if the file is closed before. No element is read: O(1).
*/
bool file_map(const file *f, bool writable, void **mapping, void **elements, files_error *error);

/* file_flush: waits until all changes of the elements of a mapping are on the disk. */
bool file_flush(void *mapping, void *data, size_t bytes, files_error *error);

/* file_unmap: unmaps; it is a dynarray_release, for which data and bytes are those of the elements. */
void file_unmap(void *mapping, void *data, size_t bytes);

/* file_save: writes an array of a numeric type to `path`, by files_replace. */
bool file_save(const dynarray *a, const char *path, files_error *error);

#endif
