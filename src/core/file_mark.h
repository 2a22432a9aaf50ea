/*
** file_mark.h: the mark at the end of a growing file, which says how many elements the file really has. See open_file.c.
*/
#ifndef FILE_MARK_H
#define FILE_MARK_H

#include "core/npy.h"
#include "core/system/storage.h"

/*
** The length of a growing file is a multiple of this, and the mark ends at the end of the file. So the whole mark is in one
** sector of the disk and in one page of memory.
*/
#define MARK_UNIT 4096u

/* mark: 128 bytes. An append changes only `size`. */
typedef struct mark {
    char magic[8];
    uint64_t at;          /* its place in the file */
    uint64_t size, check; /* elements, and ~size: the two do not agree while they change */
    uint64_t flushed;     /* elements that were on the disk when this was written */
    uint64_t owner;       /* a number that is new each time the file is opened for writing */
    unsigned char
        boot[STORAGE_BOOT_BYTES]; /* which start of the system it was when `size` was written */
    uint64_t unused[8];
} mark;

/* mark_bytes_for: the length of a file with room for that many bytes, the header among them, and a mark. */
uint64_t mark_bytes_for(uint64_t bytes);

/* mark_init: makes the mark of a file of that length. */
void mark_init(mark *m, uint64_t bytes, size_t size, size_t flushed, uint64_t owner,
               const unsigned char boot[STORAGE_BOOT_BYTES]);

/* mark_is_of: whether the mark is the one of that owner. m is in a mapping, which others may write to. */
static inline bool mark_is_of(const mark *m, uint64_t owner) {
    return storage_get(&m->owner) == owner;
}

/*
** mark_publish: from here on, readers of the file find `size` elements. m is in a mapping. The elements are written before the
** size: a reader that sees the size sees the elements.
*/
static inline void mark_publish(mark *m, size_t size) {
    storage_put(&m->size, size);
    storage_put(&m->check, ~(uint64_t)size);
}

/*
** mark_read: reads the mark at that place; false if there is none. If the size is just being changed, it is the smaller of
** the old one and the new one.
*/
bool mark_read(int descriptor, uint64_t at, mark *m);

/*
** mark_size: finds how many elements a file with that header and that length has. For a growing file this is what the mark
** says, if the system has not restarted since; otherwise what the header or the mark says was flushed. *at becomes the
** place of the mark, or 0. False if the file is damaged or something else, or if nobody can tell whether the system has
** restarted and that matters; message then says why, and what can be done.
*/
bool mark_size(int descriptor, const npy *header, uint64_t file_bytes, size_t *size, uint64_t *at,
               char message[NPY_MESSAGE_BYTES]);

#endif
