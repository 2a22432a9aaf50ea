/*
** growth.c: growth as a script sees it: policies that may be Lua functions, the debug line, observers.
**
** Every call into Lua (policy, finalizers of a cycle, observer) may do anything with the array, so what
** was known before is checked again after. An error raised there leaves the array as it was.
*/
#include "lua/array/growth.h"

#include <stdio.h>
#include <string.h>

#include "core/array.h"
#include "core/owner.h"
#include "lua/array/collector.h"
#include "lua/array/holding.h"
#include "lua/array/policy.h"
#include "lua/array/user_table.h"
#include "lua/array/window.h"
#include "lua/base/error.h"

static void *inline_block(Array *A) { return A + 1; }

/* As dynarray_set_capacity; a small block is the userdata's own if it has one. */
static dynarray_status resize_block(Array *A, size_t capacity, dynarray_event *event) {
    dynarray_status status;
    memset(event, 0, sizeof *event);
    if (capacity < A->core.capacity && capacity * A->core.element_size <= A->inline_bytes &&
        A->core.setup->block == DYNARRAY_BLOCK_AUTO && capacity > 0 && !A->core.fixed) {
        array_return_inline(&A->core, inline_block(A), capacity);
        holding_note(A);
        return DYNARRAY_OK;
    }
    if (capacity > 0 && !A->core.fixed && !holding_reserve(A)) return DYNARRAY_NO_MEMORY;
    status = dynarray_set_capacity(&A->core, capacity, event);
    holding_note(A);
    return status;
}

void undo_growth(Array *A, size_t capacity, const dynarray_stats *stats) {
    dynarray_event undone;
    if (capacity >= A->core.capacity || A->core.size > capacity) return;
    if (resize_block(A, capacity, &undone) != DYNARRAY_OK) return;
    A->state->heap.growths -= A->holding->stats.growths - stats->growths;
    A->holding->stats = *stats;
}

/*
** The event is made before the block changes, so that a lack of memory is found while nothing has
** happened; what is known only afterwards is written over fields and strings that exist.
*/
static const char *const how_names[] = {"copied", "moved", "in place"};
#define HOW_COUNT (int)(sizeof how_names / sizeof *how_names)

static void set_event_field(lua_State *L, int event, const char *name, size_t n) {
    lua_pushinteger(L, (lua_Integer)n);
    lua_setfield(L, event, name);
}

/* Pushes the event with `how` still open, and behind it the strings for that. */
static void push_event(lua_State *L, const Array *A, size_t capacity) {
    int event;
    lua_createtable(L, 0, 5);
    event = lua_gettop(L);
    set_event_field(L, event, "size", A->core.size);
    set_event_field(L, event, "old_capacity", A->core.capacity);
    set_event_field(L, event, "new_capacity", capacity);
    set_event_field(L, event, "bytes_copied", 0);
    for (int i = 0; i < HOW_COUNT; i++) lua_pushstring(L, how_names[i]);
    lua_pushvalue(L, -1);
    lua_setfield(L, event, "how");
}

/*
** Shows the event at that stack index to on_grow; if that raises, the array gets its old capacity and
** figures back.
*/
static void observe(lua_State *L, Array *A, int index, int table, const dynarray_event *event,
                    const dynarray_stats *before) {
    set_event_field(L, table, "size", event->size);
    set_event_field(L, table, "bytes_copied", event->bytes_copied);
    lua_pushvalue(L, table + 1 + (int)event->how);
    lua_setfield(L, table, "how");
    push_callback(L, index, ON_GROW_KEY);
    lua_pushvalue(L, table);
    if (lua_pcall(L, 1, 0, 0) == LUA_OK) return;
    if (A->core.capacity == event->new_capacity) undo_growth(A, event->old_capacity, before);
    lua_error(L);
}

/* As print writes, at once. */
static void print_growth(const Array *A, size_t capacity) {
    char line[128];
    const int n = snprintf(line, sizeof line,
                           "Ran out of memory: old allocated size: %zu, new allocated size is %zu",
                           A->core.capacity, capacity);
    lua_writestring(line, (size_t)n);
    lua_writeline();
}

void change_capacity(lua_State *L, Array *A, int index, size_t capacity) {
    const size_t old_capacity = A->core.capacity;
    const int top = lua_gettop(L);
    int attempt = 0;
    const bool observed = (A->core.flags & ARRAY_OBSERVED) != 0 && capacity > old_capacity;
    dynarray_event event;
    dynarray_stats before;
    dynarray_status status = array_may_hold(&A->core, capacity);

    if (capacity > old_capacity) {
        if (status != DYNARRAY_OK) fail_status(L, A, status, capacity);
        if (A->core.flags & ARRAY_DEBUG) print_growth(A, capacity);
        collector_pace(L, A->state, (capacity - old_capacity) * A->core.element_size);
    }
    if (observed) push_event(L, A, capacity);
    do {
        if (A->core.capacity != old_capacity || A->core.size > capacity) fail_changed(L);
        status = resize_block(A, capacity, &event);
    } while (collect_and_retry(L, status, &attempt));
    if (status != DYNARRAY_OK) fail_status(L, A, status, capacity);
    if (event.new_capacity == 0) return;
    before = A->holding->stats;
    dynarray_stats_add(&A->holding->stats, &event, A->core.element_size);
    if (observed) observe(L, A, index, top + 1, &event, &before);
    lua_settop(L, top);
}

void make_room_slow(lua_State *L, Array *A, int index, size_t extra) {
    size_t needed, capacity;
    dynarray_status status;
    index = lua_absindex(L, index);
    luaL_checkstack(L, 12, NULL);
    if (extra > SIZE_MAX - A->core.size) fail_status(L, A, DYNARRAY_TOO_LARGE, SIZE_MAX >> 1);
    needed = A->core.size + extra;
    if (A->core.flags & ARRAY_SCRIPTED) {
        status = array_may_hold(&A->core, needed);
        if (status != DYNARRAY_OK) fail_status(L, A, status, needed);
        capacity = scripted_capacity(L, A, index, needed);
        check_unchanged(L, A, needed - extra);
        if (capacity <= A->core.capacity) return; /* the policy reserved it itself */
    } else {
        status = array_next_capacity(&A->core, needed, &capacity);
        if (status != DYNARRAY_OK) fail_status(L, A, status, needed);
    }
    change_capacity(L, A, index, capacity);
    if (extra > A->core.capacity - A->core.size) fail_changed(L);
}
