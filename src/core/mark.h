/*
** mark.h: the last bytes of a file that grows: how many elements it really has. See open_file.c.
*/
#ifndef MARK_H
#define MARK_H

#include "core/npy.h"
#include "core/system/storage.h"

/*
** Files that grow are as long as a multiple of this, and the mark stands before such a multiple, so that one
** sector of a disk and one page of memory hold all of it.
*/
#define MARK_UNIT 4096u

/* mark: `size` is what the writer changes with each append, the rest stays. 128 bytes. */
typedef struct mark {
    char magic[8];
    uint64_t at;          /* where in the file the mark is */
    uint64_t size, check; /* elements, and ~size: the two do not agree while they change */
    uint64_t flushed;     /* elements that were on the disk when this was written */
    uint64_t owner;       /* the writer's number, a new one each time it is opened */
    unsigned char boot[STORAGE_BOOT_BYTES]; /* of the system under which `size` was written */
    uint64_t unused[8];
} mark;

/* mark_bytes_for: the length of a file that has room for so many bytes, header included, and a mark. */
uint64_t mark_bytes_for(uint64_t bytes);

/* mark_init: the mark of a file of `bytes`. */
void mark_init(mark *m, uint64_t bytes, size_t size, size_t flushed, uint64_t owner,
               const unsigned char boot[STORAGE_BOOT_BYTES]);

/* mark_publish: from here on, whoever reads the file finds `size` elements. m: in a mapping. */
void mark_publish(mark *m, size_t size);

/*
** mark_read: the mark at that place; false if there is none. Of a size that was being changed, it is the
** smaller of the two.
*/
bool mark_read(int descriptor, uint64_t at, mark *m);

/*
** mark_size: how many elements the file of that header, file_bytes long, has. If it is one that grows, as
** many as its mark says if the system runs on since it was written, else what its header or the mark says was
** flushed. *at: where its mark is, or 0. False, with the reason and what can be
** done in message, if it is none of these, or damaged.
*/
bool mark_size(int descriptor, const npy *header, uint64_t file_bytes, size_t *size, uint64_t *at,
               char message[NPY_MESSAGE_BYTES]);

#endif
