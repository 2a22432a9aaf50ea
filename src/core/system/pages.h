/*
** pages.h: blocks that are pages of the operating system and grow without copying.
**
** A region is one mapping, [header | data ...], aligned and advised for huge pages. Where address space costs
** nothing, the mapping is much larger than asked for. Untouched pages cost nothing, so a growth within the mapping
** only writes down the new size. Beyond the mapping, mremap moves the page tables and no elements.
*/
#ifndef PAGES_H
#define PAGES_H

#include <stdbool.h>
#include <stddef.h>

/*
** pages_allocate: makes a region for `bytes` and returns its data; NULL if the system refuses. room: to how many
** bytes the region must be able to grow without moving; with 0 the function chooses. grows: more than `bytes` will be
** used later. ahead: how many of the first bytes get their pages at once, because they will be written soon. Pages
** that come together cost less than pages that each come by a fault.
*/
void *pages_allocate(size_t bytes, size_t room, bool grows, size_t ahead);

/* pages_populate: gives the first `bytes` of the region their pages, as `ahead` does. */
void pages_populate(void *data, size_t bytes);

/*
** pages_expect: the same for memory of the allocator that will be written soon. Does nothing if some of it, or memory at a
** higher address, was expected before: it most likely has its pages then, and to ask the system would take longer than
** the elements.
*/
void pages_expect(void *memory, size_t bytes);

/* pages_populated: how many of the first bytes have got their pages that way. */
size_t pages_populated(const void *data);

/*
** pages_resize: makes the region hold `bytes` and returns its data. The data stays where it is if there is room, and
** otherwise moves if may_move. NULL if the system refuses; the region has then not changed.
*/
void *pages_resize(void *data, size_t old_bytes, size_t bytes, bool may_move);

/* pages_room: to how many bytes the region can grow without moving. */
size_t pages_room(const void *data);

/* pages_are_spacious: whether address space was free of charge when the region was made; asks now if nobody asked then. */
bool pages_are_spacious(void *data);

/* pages_space_is_free: whether address space that is mapped and not touched costs nothing here. */
bool pages_space_is_free(void);

/*
** pages_idle: tells the system that it may take the pages of the first `bytes` when it needs memory. Small pages,
** less than a huge page in all, are not offered.
*/
void pages_idle(void *data, size_t bytes);

void pages_free(void *data);

/*
** pages_swap_idle: the process keeps one region for the next array without a heap. data is NULL, or the region to be
** kept, whose first `bytes` have pages. Returns the region that was kept before, which now belongs to the caller, or
** NULL. Any thread may call it.
*/
void *pages_swap_idle(void *data, size_t bytes);

/* pages_idle_bytes: a note of the caller: how many of the first bytes have idle pages; 0 at first. */
size_t pages_idle_bytes(const void *data);
void pages_set_idle_bytes(void *data, size_t bytes);

/* The same: the next region in a list of the caller; NULL at first. */
void *pages_next_idle(const void *data);
void pages_set_next_idle(void *data, void *next);

/*
** pages_set_lender: one array without a heap may have idle pages of a kept region past its capacity. If it is `before`
** (NULL: none), makes it `now`; otherwise changes nothing and returns false.
*/
bool pages_set_lender(void *before, void *now);

#endif
