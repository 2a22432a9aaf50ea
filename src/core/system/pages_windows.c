/*
** pages_windows.c: pages by VirtualAlloc; see pages.h. A region is reserved address space, of which the beginning is
** committed as far as the data goes. To grow within the region commits the next pages. Windows cannot move pages to
** another address, so a full region does not grow.
*/
#include "core/system/system.h"

#include "core/system/pages.h"

#if defined(SYSTEM_PAGES_WINDOWS)

#include "core/system/windows.h"

#include <stdint.h>

typedef struct region {
    size_t reserved, committed; /* bytes from the beginning of the region, with its lead */
    size_t idle;                /* see pages_idle_bytes */
    void *next;                 /* see pages_next_idle */
} region;

#define LEAD_BYTES                                                                                 \
    ((size_t)64) /* bytes before the data, for the figures of the region; they keep the data aligned */
#define COMMIT_BYTES                                                                               \
    ((size_t)64 << 10)    /* bytes committed in one step: a multiple of every page size */
#define RESERVE_FACTOR 16 /* bytes of address space for each byte asked for */
#define RESERVE_LEAST ((size_t)32 << 20)

static char *base_of(const void *data) { return (char *)(uintptr_t)data - LEAD_BYTES; }

static region *region_of(const void *data) { return (region *)(void *)base_of(data); }

static size_t round_up(size_t bytes) {
    return (bytes + COMMIT_BYTES - 1) / COMMIT_BYTES * COMMIT_BYTES;
}

bool pages_space_is_free(void) { return sizeof(void *) >= 8; }

/* A region with address space for `room` bytes of data and memory for `bytes`; NULL if refused. */
static void *reserve(size_t bytes, size_t room) {
    const size_t reserved = round_up(room + LEAD_BYTES), committed = round_up(bytes + LEAD_BYTES);
    char *base = VirtualAlloc(NULL, reserved, MEM_RESERVE, PAGE_READWRITE);
    if (base == NULL) return NULL;
    if (VirtualAlloc(base, committed, MEM_COMMIT, PAGE_READWRITE) == NULL) {
        VirtualFree(base, 0, MEM_RELEASE);
        return NULL;
    }
    ((region *)(void *)base)->reserved = reserved;
    ((region *)(void *)base)->committed = committed;
    ((region *)(void *)base)->idle = 0;
    ((region *)(void *)base)->next = NULL;
    return base + LEAD_BYTES;
}

/* Windows gives committed memory its pages when it is written to: nothing is done ahead. */
void *pages_allocate(size_t bytes, size_t room, bool grows, size_t ahead) {
    void *data = NULL;
    (void)grows, (void)ahead;
    if (bytes > SIZE_MAX / 4 || room > SIZE_MAX / 4) return NULL;
    if (room > 0) return reserve(bytes, room > bytes ? room : bytes);
    if (pages_space_is_free() && bytes <= SIZE_MAX / RESERVE_FACTOR / 2)
        data = reserve(
            bytes, bytes < RESERVE_LEAST / RESERVE_FACTOR ? RESERVE_LEAST : bytes * RESERVE_FACTOR);
    return data != NULL ? data : reserve(bytes, bytes);
}

void pages_populate(void *data, size_t bytes) { (void)data, (void)bytes; }

void pages_expect(void *memory, size_t bytes) { (void)memory, (void)bytes; }

size_t pages_populated(const void *data) {
    (void)data;
    return 0;
}

bool pages_are_spacious(void *data) {
    (void)data;
    return pages_space_is_free();
}

size_t pages_room(const void *data) { return region_of(data)->reserved - LEAD_BYTES; }

/* Only pages that hold nothing but data: the first page also has the figures of the region. */
void pages_idle(void *data, size_t bytes) {
    if (bytes > 2 * COMMIT_BYTES)
        VirtualAlloc(base_of(data) + COMMIT_BYTES,
                     bytes / COMMIT_BYTES * COMMIT_BYTES - COMMIT_BYTES, MEM_RESET, PAGE_READWRITE);
}

/* The only global variables that change. A region belongs to whoever takes it out. */
static void *volatile idle_region, *volatile lender;

void *pages_swap_idle(void *data, size_t bytes) {
    if (data != NULL) pages_set_idle_bytes(data, bytes);
    return InterlockedExchangePointer(&idle_region, data);
}

size_t pages_idle_bytes(const void *data) { return region_of(data)->idle; }

void pages_set_idle_bytes(void *data, size_t bytes) { region_of(data)->idle = bytes; }

void *pages_next_idle(const void *data) { return region_of(data)->next; }

void pages_set_next_idle(void *data, void *next) { region_of(data)->next = next; }

bool pages_set_lender(void *before, void *now) {
    return InterlockedCompareExchangePointer(&lender, now, before) == before;
}

void pages_free(void *data) { VirtualFree(base_of(data), 0, MEM_RELEASE); }

void *pages_resize(void *data, size_t old_bytes, size_t bytes, bool may_move) {
    region *r = region_of(data);
    size_t committed;
    (void)old_bytes, (void)may_move;
    if (bytes > pages_room(data)) return NULL;
    committed = round_up(bytes + LEAD_BYTES);
    if (committed > r->committed &&
        VirtualAlloc(base_of(data) + r->committed, committed - r->committed, MEM_COMMIT,
                     PAGE_READWRITE) == NULL)
        return NULL;
    if (committed < r->committed)
        VirtualFree(base_of(data) + committed, r->committed - committed, MEM_DECOMMIT);
    r->committed = committed;
    return data;
}

#endif
