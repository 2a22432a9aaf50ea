/* file.h: arrays in .npy files. Nothing here allocates. */
#ifndef FILE_H
#define FILE_H

#include "core/npy.h"
#include "core/system/files.h"

/* How messages of files that cannot be mapped end. */
#define FILE_SAVE_ANEW "; load it and save it to another file, which can be"

/* An open .npy file whose header was read. header.size: how many elements there are, see mark_size. */
typedef struct file {
    int descriptor;
    npy header;
} file;

/* file_open: opens an .npy file, for writing to its elements as well if `writable`. */
bool file_open(file *f, const char *path, bool writable, files_error *error);

/* file_read_header: the header of the open file, of file_bytes, as it stands there. */
bool file_read_header(file *f, uint64_t file_bytes, files_error *error);

void file_close(file *f);

/* file_read: the elements, header.size of them, in this machine's byte order. */
bool file_read(const file *f, void *elements, files_error *error);

/*
** file_map: the elements as memory, shared with the file. The mapping lasts, also when the file is
** closed, until file_unmap is called with *mapping. No element is read: O(1).
*/
bool file_map(const file *f, bool writable, void **mapping, void **elements, files_error *error);

/* file_flush: what was written to the elements of a mapping is on the disk. */
bool file_flush(void *mapping, void *data, size_t bytes, files_error *error);

/* file_unmap: a dynarray_release; data and bytes are the elements. */
void file_unmap(void *mapping, void *data, size_t bytes);

/* file_save: writes the array, of a numeric type, to `path`, as files_replace does. */
bool file_save(const dynarray *a, const char *path, files_error *error);

#endif
