/*
** storage.h: files that grow while they are mapped. storage_linux.c is by Linux; elsewhere every function
** that can fail fails with FILES_UNSUPPORTED. Nothing here allocates.
*/
#ifndef STORAGE_H
#define STORAGE_H

#include "core/system/files.h"

/* ---------------------------------------------------------------------------------------------
** The file
*/

/*
** storage_open: opens a regular file to be written, locked for this process, or read without a lock.
** *bytes: its length. error->code is ENOENT if there is none. The lock goes with the descriptor, so also
** when the process dies, and keeps out all that ask for it, this process too.
*/
bool storage_open(int *descriptor, const char *path, bool writable, uint64_t *bytes,
                  files_error *error);

/* storage_is_absent: whether storage_open failed since there is no such file. */
bool storage_is_absent(const files_error *error);

/*
** storage_create: a new file of these bytes, on the disk, locked, comes to be at `path`, all of it at once where
** the file system can do that. *exists: there is one already, which is no error, but leaves *descriptor at -1.
*/
bool storage_create(int *descriptor, const char *path, const void *data, size_t bytes, bool *exists,
                    files_error *error);

/*
** storage_reserve: room on the disk for the bytes from `from`, the end of the file, to `to`, or an error: no
** write up to there fails. The length stays, unless the system cannot do that: then the file ends with zeros.
*/
bool storage_reserve(int descriptor, uint64_t from, uint64_t to, files_error *error);

/* storage_read: n bytes from there on; *n becomes less if the file ends before. */
bool storage_read(int descriptor, uint64_t at, void *data, size_t *n, files_error *error);

/* storage_write: all n bytes. */
bool storage_write(int descriptor, uint64_t at, const void *data, size_t n, files_error *error);

/* storage_cut: the file has this length. Room that was reserved behind it goes. */
bool storage_cut(int descriptor, uint64_t bytes, files_error *error);

/* storage_sync: all that was written, the length and what was written to mappings too, is on the disk. */
bool storage_sync(int descriptor, files_error *error);

/* storage_length: how long the file is now; *removed: it has no name any more. */
bool storage_length(int descriptor, uint64_t *bytes, bool *removed, files_error *error);

/* storage_is_at: whether that path is this file. */
bool storage_is_at(int descriptor, const char *path);

/* ---------------------------------------------------------------------------------------------
** The mapping: [private memory of one lead | the file from its beginning | address space kept free]
*/

#define STORAGE_LEAD 4096u /* bytes before the file's first that are the owner's */

/*
** storage_map: where the first `bytes` of the file are, to be read or written; NULL if it fails. The lead is
** zeros. *reserved: how many bytes the mapping can grow to without moving.
*/
void *storage_map(int descriptor, size_t bytes, bool writable, size_t *reserved,
                  files_error *error);

/* storage_extend: the mapping has `bytes` instead of fewer, `mapped`, at the same place; bytes <= reserved. */
bool storage_extend(void *base, int descriptor, size_t mapped, size_t bytes, bool writable,
                    files_error *error);

/* storage_narrow: the mapping has `bytes` instead of more. */
void storage_narrow(void *base, size_t mapped, size_t bytes);

void storage_unmap(void *base, size_t reserved);

/* A word that others read while it is written: they see the old or the new one, and what was stored before. */
typedef uint64_t storage_word __attribute__((aligned(8))); /* on 32-bit x86, too */

static inline void storage_put(void *place, uint64_t word) {
    __atomic_store_n((storage_word *)place, word, __ATOMIC_RELEASE);
}

/* ---------------------------------------------------------------------------------------------
** Who and when
*/

#define STORAGE_BOOT_BYTES 16

/*
** storage_boot: what is the same as long as the system runs, and with it what it keeps in memory of files.
** False if it cannot be told.
*/
bool storage_boot(unsigned char id[STORAGE_BOOT_BYTES]);

/* storage_process: this process; a fork is another. */
int64_t storage_process(void);

/* storage_random: a number that nobody else has. */
uint64_t storage_random(void);

#endif
