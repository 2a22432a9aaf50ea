/*
** pages.h: blocks that are pages of the operating system and grow without copying.
**
** A region is one mapping, [header | data ...], aligned and advised for huge pages. Where address space costs nothing,
** the mapping is much larger than asked for. Untouched pages cost nothing, so to grow within the mapping costs nothing
** but writing down the new size. Beyond the mapping, mremap moves the page tables and no elements.
*/
#ifndef PAGES_H
#define PAGES_H

#include <stdbool.h>
#include <stddef.h>

/*
** pages_allocate: data of a new region for `bytes`, NULL if the system refuses. room: bytes that the
** region must be able to grow to without moving; 0 leaves it to the function. grows: more than `bytes`
** will be used. ahead: the first bytes, which are about to be written, get their pages at once: a page
** costs less among many than by a fault of its own.
*/
void *pages_allocate(size_t bytes, size_t room, bool grows, size_t ahead);

/* pages_populate: the same later: the first `bytes` of the region have their pages. */
void pages_populate(void *data, size_t bytes);

/* pages_populated: the first bytes that have their pages because pages_populate made them. */
size_t pages_populated(const void *data);

/*
** pages_resize: makes the region hold `bytes` and returns its data. The data stays where it is if there is room, and
** otherwise moves if may_move. NULL if the system refuses; the region has then not changed.
*/
void *pages_resize(void *data, size_t old_bytes, size_t bytes, bool may_move);

/* pages_room: to how many bytes the region can grow without moving. */
size_t pages_room(const void *data);

/* pages_are_spacious: whether address space cost nothing when the region was mapped. */
bool pages_are_spacious(const void *data);

/* pages_space_is_free: whether address space that is mapped but not touched costs nothing here. */
bool pages_space_is_free(void);

/*
** pages_idle: the first `bytes` need not be kept: the system may take their pages if it needs memory, but for
** less than a huge page of small ones.
*/
void pages_idle(void *data, size_t bytes);

void pages_free(void *data);

/*
** pages_swap_idle: one region of the process stays for the next array that has no heap; the next to come
** takes its place. data: NULL, or the one that shall stay, with so many bytes. Returns the one before, now
** the caller's alone, or NULL. Any thread may call it.
*/
void *pages_swap_idle(void *data, size_t bytes);

/* pages_idle_bytes: a note of the caller's: bytes, from the first on, that have idle pages; 0 at first. */
size_t pages_idle_bytes(const void *data);
void pages_set_idle_bytes(void *data, size_t bytes);

/*
** pages_set_lender: one array without a heap may have, past its capacity, idle pages of a region that stayed.
** Makes it `now` if it was `before`, NULL for none; false, and nothing changed, if it was another.
*/
bool pages_set_lender(void *before, void *now);

#endif
