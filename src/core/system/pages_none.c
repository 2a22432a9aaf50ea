/* pages_none.c: there are no pages; see pages.h. All blocks come from the allocator. */
#include "core/system/system.h"

#include "core/system/pages.h"

#if defined(SYSTEM_PAGES_NONE)

bool pages_space_is_free(void) { return false; }

void *pages_allocate(size_t bytes, size_t room, bool grows) {
    (void)bytes, (void)room, (void)grows;
    return NULL;
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

#endif
