/*
** files.h: regular files. Where there are no files, every function fails with FILES_UNSUPPORTED. Nothing here
** allocates.
*/
#ifndef FILES_H
#define FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define FILES_MESSAGE_BYTES 160

/* Why a call failed: an errno in code and no message, or 0 and a message. */
typedef struct files_error {
    int code;
    char message[FILES_MESSAGE_BYTES];
} files_error;

#define FILES_UNSUPPORTED "files are not supported here"
#define FILES_NOT_REGULAR "not a regular file"

/* For those that fail: they fill the error, and return false. */
static inline bool files_fail(files_error *error, int code) {
    error->code = code;
    error->message[0] = '\0';
    return false;
}

static inline bool files_fail_saying(files_error *error, const char *message) {
    error->code = 0;
    snprintf(error->message, sizeof error->message, "%s", message);
    return false;
}

/* files_open: opens a regular file for reading, also for writing if `writable`, and tells its length. */
bool files_open(int *descriptor, const char *path, bool writable, uint64_t *bytes,
                files_error *error);

/* files_close: closes the file, unless *descriptor is negative; it is negative afterwards. */
void files_close(int *descriptor);

/* Tells one file from another, whatever their names are. */
typedef struct files_identity {
    uint64_t device, number;
} files_identity;

/* files_identify: which file the descriptor belongs to. */
bool files_identify(int descriptor, files_identity *identity, files_error *error);

/* files_read: reads *n bytes from `offset` on; *n becomes less if the file ends before. */
bool files_read(int descriptor, uint64_t offset, void *buffer, size_t *n, files_error *error);

/*
** files_fill_holes: gives the bytes from `from` to `to` of a file disk space where they have none, so that a write to them
** through memory cannot fail; fails if there is not enough. A file system that cannot do that is accepted.
*/
bool files_fill_holes(int descriptor, uint64_t from, uint64_t to, files_error *error);

/*
** files_map: maps the first `bytes` of the file as memory that is shared with it, until files_unmap, even if the file is
** closed before; NULL if it fails. Nothing is read: O(1).
*/
void *files_map(int descriptor, size_t bytes, bool writable, files_error *error);

/* files_flush: waits until all changes of the mapping are on the disk. */
bool files_flush(void *mapping, size_t bytes, files_error *error);

void files_unmap(void *mapping, size_t bytes);

/* A part of what is written to a file. */
typedef struct files_part {
    const void *data;
    size_t bytes;
} files_part;

/*
** files_source: tells part i, counted from 0, of what is written; false if there is none. The part is valid until the next
** call. i is 0 again if the file must be begun anew.
*/
typedef bool (*files_source)(void *data, size_t i, files_part *part);

/*
** files_replace: writes the parts of a source to a new file, which then replaces the one at `path`. A failure or a crash leaves the old
** file, and leaves no other file behind. Keeps owner, group, mode and access control list of the old file as far as this
** process may, but never set-ID bits. If the group must change, the new group may do no more than both the old group and
** others could. Follows symbolic links as the system does, but not dangling ones. Replaces only regular files, and those
** of others in a directory such as /tmp only if the system lets them be taken (fs.protected_regular).
*/
bool files_replace(const char *path, files_source source, void *data, files_error *error);

#endif
