/* pages_none.c: there are no pages; see pages.h. All blocks come from the allocator. */
#include "core/system/system.h"

#include "core/system/pages.h"

#if defined(SYSTEM_PAGES_NONE)

bool pages_space_is_free(void) { return false; }

void *pages_allocate(size_t bytes, size_t room, bool grows, size_t ahead) {
    (void)bytes, (void)room, (void)grows, (void)ahead;
    return NULL;
}

void pages_populate(void *data, size_t bytes) { (void)data, (void)bytes; }

void pages_expect(void *memory, size_t bytes) { (void)memory, (void)bytes; }

size_t pages_populated(const void *data) {
    (void)data;
    return 0;
}

bool pages_are_spacious(void *data) {
    (void)data;
    return false;
}

void *pages_resize(void *data, size_t old_bytes, size_t bytes, bool may_move) {
    (void)data, (void)old_bytes, (void)bytes, (void)may_move;
    return NULL;
}

size_t pages_room(const void *data) {
    (void)data;
    return 0;
}

void pages_idle(void *data, size_t bytes) { (void)data, (void)bytes; }

void pages_free(void *data) { (void)data; }

void *pages_swap_idle(void *data, size_t bytes) {
    (void)data, (void)bytes;
    return NULL;
}

size_t pages_idle_bytes(const void *data) {
    (void)data;
    return 0;
}

void pages_set_idle_bytes(void *data, size_t bytes) { (void)data, (void)bytes; }

void *pages_next_idle(const void *data) {
    (void)data;
    return NULL;
}

void pages_set_next_idle(void *data, void *next) { (void)data, (void)next; }

bool pages_set_lender(void *before, void *now) {
    (void)before, (void)now;
    return false;
}

#endif
