/*
** pages.h: blocks made of the operating system's pages, grown without copying.
**
** A region is one mapping, [header | data ...], aligned and advised for huge pages. Where address
** space is free it is mapped much larger than asked for: untouched pages cost nothing, so that growth
** is a change of a number. Past the mapping, mremap moves the page tables, not the elements.
*/
#ifndef PAGES_H
#define PAGES_H

#include <stdbool.h>
#include <stddef.h>

/*
** pages_allocate: data of a new region for `bytes`, NULL if the system refuses. room: bytes that the
** region must be able to grow to without moving; 0 leaves it to the function. grows: more than `bytes`
** will be used.
*/
void *pages_allocate(size_t bytes, size_t room, bool grows);

/*
** pages_resize: the region now holds `bytes`. Returns its data, at the same place if that is enough
** room, else moved if may_move; NULL if the system refuses, with the region unchanged.
*/
void *pages_resize(void *data, size_t old_bytes, size_t bytes, bool may_move);

/* pages_room: bytes that the region can grow to without moving. */
size_t pages_room(const void *data);

/* pages_space_is_free: whether address space that is mapped but not touched costs nothing here. */
bool pages_space_is_free(void);

/* pages_idle: the first `bytes` need not be kept: the system may take their pages if it needs memory. */
void pages_idle(void *data, size_t bytes);

void pages_free(void *data);

#endif
