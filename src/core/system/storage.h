/*
** storage.h: files that grow while they are mapped, on Linux. On other systems every function that can fail fails with
** FILES_UNSUPPORTED. Nothing here allocates.
*/
#ifndef STORAGE_H
#define STORAGE_H

#include "core/system/files.h"

/* ---------------------------------------------------------------------------------------------
** The file
*/

/*
** storage_open: opens a regular file, with a lock for writing or without a lock for reading. *bytes becomes its
** length. Opens a file of others for writing only if the system would let it be taken for a new one. error->code is ENOENT if there is no such file. The lock ends when the descriptor is closed or the process
** dies. It keeps out everybody who asks for the lock, even in this process.
*/
bool storage_open(int *descriptor, const char *path, bool writable, uint64_t *bytes,
                  files_error *error);

/* storage_is_absent: whether storage_open failed because there is no such file. */
bool storage_is_absent(const files_error *error);

/*
** storage_create: makes a file of these bytes at `path`, on the disk and locked; all at once, if the file system can do
** that. *exists becomes true if there is a file already; this is no error, but *descriptor is then -1.
*/
bool storage_create(int *descriptor, const char *path, const void *data, size_t bytes, bool *exists,
                    files_error *error);

/*
** storage_reserve: reserves disk space for the bytes from `from`, the end of the file, to `to`, so that no write up to
** there can fail; or fails itself. Keeps the length. `to` is at most STORAGE_MOST and a page.
*/
bool storage_reserve(int descriptor, uint64_t from, uint64_t to, files_error *error);

/* storage_cannot_reserve: whether storage_reserve failed because the file system never reserves anything. */
bool storage_cannot_reserve(const files_error *error);

/* storage_is_full: whether something failed since there is too little room: on the disk, in a quota, or for one file. */
bool storage_is_full(const files_error *error);

/*
** storage_fill: writes zeros there in place of that, which makes the file longer. If the process or the system dies
** meanwhile, the length is as before or a multiple of 4096.
*/
bool storage_fill(int descriptor, uint64_t from, uint64_t to, files_error *error);

/*
** storage_huge_bytes: the size of a huge page, if the file system is in memory (tmpfs) and gives a file huge pages where that
** is asked for; otherwise 0.
*/
size_t storage_huge_bytes(int descriptor);

/*
** storage_take_huge: gives the file huge pages from the one with the byte `from` to the last whole one before `to`, which is
** not less than `from` and within its length, as far as the system has some. Bytes that are there stay. Clears what was a
** hole, so it takes as long as to write there.
*/
void storage_take_huge(int descriptor, uint64_t from, uint64_t to);

/* storage_read: reads *n bytes from there on; *n becomes less if the file ends before. */
bool storage_read(int descriptor, uint64_t at, void *data, size_t *n, files_error *error);

/* storage_write: writes all n bytes. */
bool storage_write(int descriptor, uint64_t at, const void *data, size_t n, files_error *error);

/* storage_cut: cuts the file to this length, and gives back room that was reserved behind it. */
bool storage_cut(int descriptor, uint64_t bytes, files_error *error);

/* storage_sync: waits until everything is on the disk: what was written, also to mappings, and the length. */
bool storage_sync(int descriptor, files_error *error);

/* storage_length: tells the length of the file now, and whether it has been removed. */
bool storage_length(int descriptor, uint64_t *bytes, bool *removed, files_error *error);

/*
** storage_find_data: *from becomes the place of the next byte that is not in a hole of the file, and *to the end of
** such bytes; false if there are none. If the file system does not tell where holes are, no byte is in one.
*/
bool storage_find_data(int descriptor, uint64_t *from, uint64_t *to);

/* storage_is_at: whether the path is that of this file. */
bool storage_is_at(int descriptor, const char *path);

/* ---------------------------------------------------------------------------------------------
** The mapping: [private memory of one lead | the file from its beginning | address space kept free]
*/

#define STORAGE_LEAD 4096u /* bytes before the first of the file, for the owner */
#define STORAGE_MOST ((uint64_t)SIZE_MAX / 4) /* bytes of a file that can be mapped */

/*
** storage_map: maps the first `bytes` of the file for reading or writing, and returns their address; NULL if it fails.
** bytes <= STORAGE_MOST. The lead is zeros. *reserved is how many bytes the mapping should be able to have without moving, 0 to leave that to the
** system's limits; it becomes how many it can have.
*/
void *storage_map(int descriptor, size_t bytes, bool writable, size_t *reserved,
                  files_error *error);

/* storage_extend: makes a mapping of `mapped` bytes one of `bytes`, more, at the same place; bytes <= reserved. */
bool storage_extend(void *base, int descriptor, size_t mapped, size_t bytes, bool writable,
                    files_error *error);

/* storage_narrow: makes the mapping one of `bytes`, fewer. */
void storage_narrow(void *base, size_t mapped, size_t bytes);

void storage_unmap(void *base, size_t reserved);

/* Stores a word that others may read meanwhile: they see the old or the new one, and all earlier stores. */
#if defined(__GNUC__)
typedef uint64_t storage_word __attribute__((aligned(8))); /* on 32-bit x86, too */
#else
typedef uint64_t storage_word;
#endif

static inline void storage_put(void *place, uint64_t word) {
    __atomic_store_n((storage_word *)place, word, __ATOMIC_RELEASE);
}

/* Loads a word that others may write meanwhile. */
static inline uint64_t storage_get(const void *place) {
    return __atomic_load_n((const storage_word *)place, __ATOMIC_RELAXED);
}

/* ---------------------------------------------------------------------------------------------
** Who and when
*/

#define STORAGE_BOOT_BYTES 16
#define STORAGE_BOOT_PATH "/proc/sys/kernel/random/boot_id"

/*
** storage_boot: a number that stays the same until the system restarts, as the system's memory of files does. False if it
** cannot be read. Other systems give zeros, which are the number of no start of Linux.
*/
bool storage_boot(unsigned char id[STORAGE_BOOT_BYTES]);

/* storage_process: a number of this process; a fork has another. */
int64_t storage_process(void);

/* storage_random: a number that nobody else has. */
uint64_t storage_random(void);

#endif
