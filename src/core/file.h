/*
** file.h: arrays in .npy files, by POSIX. Elsewhere, and with DYNARRAY_NO_FILES, every function fails
** with FILE_UNSUPPORTED. Nothing here allocates.
*/
#ifndef FILE_H
#define FILE_H

#include "core/npy.h"

/* Why it failed: code is an errno and message empty, or code is 0 and message says what is wrong. */
typedef struct file_error {
    int code;
    char message[NPY_MESSAGE_BYTES];
} file_error;

#define FILE_UNSUPPORTED "files are not supported here"

/* An open .npy file whose header was read and found to agree with its length. */
typedef struct file {
    int descriptor;
    npy header;
} file;

/* file_open: opens an .npy file, for writing to its elements as well if `writable`. */
bool file_open(file *f, const char *path, bool writable, file_error *error);

void file_close(file *f);

/* file_read: the elements, header.size of them, in this machine's byte order. */
bool file_read(const file *f, void *elements, file_error *error);

/*
** file_map: the elements as memory, shared with the file. The mapping lasts, also when the file is
** closed, until file_unmap is called with *mapping. No element is read: O(1).
*/
bool file_map(const file *f, bool writable, void **mapping, void **elements, file_error *error);

/* file_flush: what was written to the elements of a mapping is on the disk. */
bool file_flush(void *mapping, void *data, size_t bytes, file_error *error);

/* file_unmap: a dynarray_release; data and bytes are the elements. */
void file_unmap(void *mapping, void *data, size_t bytes);

/*
** file_save: writes the array, of a numeric type, to a new file beside `path`, which then takes its
** place; a failure or a crash leaves what was there. Keeps the mode of a file that was there. Follows
** symbolic links. Replaces regular files only.
*/
bool file_save(const dynarray *a, const char *path, file_error *error);

#endif
