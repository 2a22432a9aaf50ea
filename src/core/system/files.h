/*
** files.h: regular files. files_posix.c is by POSIX; where there are none, every function fails with
** FILES_UNSUPPORTED. Nothing here allocates.
*/
#ifndef FILES_H
#define FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FILES_MESSAGE_BYTES 160

/* Why it failed: code is an errno and message empty, or code is 0 and message says what is wrong. */
typedef struct files_error {
    int code;
    char message[FILES_MESSAGE_BYTES];
} files_error;

#define FILES_UNSUPPORTED "files are not supported here"

/* files_open: opens a regular file, for writing as well if `writable`, and tells how long it is. */
bool files_open(int *descriptor, const char *path, bool writable, uint64_t *bytes,
                files_error *error);

/* files_close: closes it, unless *descriptor is negative, which it is afterwards. */
void files_close(int *descriptor);

/* What tells one file from another, whatever its names are. */
typedef struct files_identity {
    uint64_t device, number;
} files_identity;

/* files_identify: which file the descriptor is of. */
bool files_identify(int descriptor, files_identity *identity, files_error *error);

/* files_read: *n bytes from `offset` on; *n becomes less if the file ends before. */
bool files_read(int descriptor, uint64_t offset, void *buffer, size_t *n, files_error *error);

/*
** files_map: the first `bytes` of the file as memory, shared with it, until files_unmap; NULL if it
** fails. It lasts also when the file is closed. Nothing is read: O(1).
*/
void *files_map(int descriptor, size_t bytes, bool writable, files_error *error);

/* files_flush: what was written to the mapping is on the disk. */
bool files_flush(void *mapping, size_t bytes, files_error *error);

void files_unmap(void *mapping, size_t bytes);

/* What a file is written from, part after part. */
typedef struct files_part {
    const void *data;
    size_t bytes;
} files_part;

/*
** files_replace: writes n parts to a new file, which then takes the place of the one at `path`; a failure or a
** crash leaves what was there, and no other file that stays. Keeps owner, group, mode and access control list
** of a file that was there as far as this process may, but no set-ID bits; a new group gets no more than both
** the old one and others had. Follows symbolic links as the system does, but not to where nothing is. Replaces
** regular files only.
*/
bool files_replace(const char *path, const files_part parts[], size_t n, files_error *error);

#endif
