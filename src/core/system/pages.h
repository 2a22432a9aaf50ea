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
** pages_allocate: makes a region for `bytes` and returns its data; NULL if the system refuses. room: to how many bytes
** the region must be able to grow without moving; with 0 the function chooses. grows: more than `bytes` will be used
** later.
*/
void *pages_allocate(size_t bytes, size_t room, bool grows);

/*
** pages_resize: makes the region hold `bytes` and returns its data. The data stays where it is if there is room, and
** otherwise moves if may_move. NULL if the system refuses; the region has then not changed.
*/
void *pages_resize(void *data, size_t old_bytes, size_t bytes, bool may_move);

/* pages_room: to how many bytes the region can grow without moving. */
size_t pages_room(const void *data);

/* pages_space_is_free: whether address space that is mapped and not touched costs nothing here. */
bool pages_space_is_free(void);

/* pages_idle: tells the system that it may take the pages of the first `bytes` when it needs memory. */
void pages_idle(void *data, size_t bytes);

void pages_free(void *data);

#endif
