/*
** growth.c: growth as a script sees it: policies that may be Lua functions, the debug line, observers.
**
** Each call into Lua (policy, finalizers, observer) may do anything with the array, so everything is checked again
** afterwards. If the call raises an error, the array is as it was.
*/
#include "lua/array/growth.h"

#include <stdio.h>

#include "core/capacity_plan.h"
#include "core/memory.h"
#include "core/owner.h"
#include "lua/array/collector.h"
#include "lua/array/holding.h"
#include "lua/array/policy_argument.h"
#include "lua/array/user_table.h"
#include "lua/array/view_sync.h"
#include "lua/base/error.h"

/* ---------------------------------------------------------------------------------------------
** Smaller
*/

/* A small block goes back to the place behind the struct, if the userdata has one. */
static dynarray_status lower(Array *A, size_t capacity) {
    dynarray_status status = DYNARRAY_OK;
    if (capacity * A->core.element_size <= A->inline_bytes && capacity > 0 && !A->core.fixed)
        array_return_inline(&A->core, A + 1, capacity);
    else
        status = dynarray_set_capacity(&A->core, capacity, NULL);
    holding_note(A);
    return status;
}

/* A smaller block needs no memory: where another cannot be had, the one that is there is cut. */
void lower_capacity(lua_State *L, Array *A, size_t capacity) {
    const dynarray_status status = lower(A, capacity);
    if (status != DYNARRAY_OK) fail_status(L, A, status, capacity);
}

void cut_room(Array *A) {
    if (A->core.size <= A->core.capacity / 2) lower(A, A->core.size);
}

before_growth note_growth(const Array *A) {
    const before_growth before = {A->core.size, A->core.capacity, stats_of(A)};
    return before;
}

void undo_growth(Array *A, const before_growth *before) {
    if (before->capacity >= A->core.capacity || A->core.size > before->capacity) return;
    /* unreached: a block can be cut */
    if (lower(A, before->capacity) != DYNARRAY_OK) return;
    array_undo_growths(&A->core, &A->holding->stats, &before->stats);
}

/* ---------------------------------------------------------------------------------------------
** What a script sees of a growth
*/

/*
** The table of the event is made before the block changes: if memory runs out for it, nothing has happened yet. What is
** known only afterwards replaces values in existing fields, which takes no memory.
*/
static const char *const how_names[] = {"copied", "moved", "in place", "extended"};
#define HOW_COUNT (int)(sizeof how_names / sizeof *how_names)

static void set_event_field(lua_State *L, int event, const char *name, size_t n) {
    lua_pushinteger(L, (lua_Integer)n);
    lua_setfield(L, event, name);
}

/* Pushes the event, in which `how` is not final yet, and then the strings that it may become. */
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
** Calls on_grow with the event at that stack index. If it raises an error, the array gets its old capacity and figures
** back.
*/
static void observe(lua_State *L, Array *A, int index, int table, const dynarray_event *event,
                    const before_growth *before) {
    set_event_field(L, table, "size", event->size);
    set_event_field(L, table, "new_capacity", event->new_capacity);
    set_event_field(L, table, "bytes_copied", event->bytes_copied);
    lua_pushvalue(L, table + 1 + (int)event->how);
    lua_setfield(L, table, "how");
    push_callback(L, index, ON_GROW_KEY);
    lua_pushvalue(L, table);
    if (lua_pcall(L, 1, 0, 0) == LUA_OK) return;
    if (A->core.capacity == event->new_capacity) undo_growth(A, before);
    lua_error(L);
}

/* Writes as print does, without a buffer. */
static void print_growth(const Array *A, size_t capacity) {
    char line[128];
    const int n = snprintf(line, sizeof line,
                           "Ran out of memory: old allocated size: %zu, new allocated size is %zu",
                           A->core.capacity, capacity);
    lua_writestring(line, (size_t)n);
    lua_writeline();
}

/* ---------------------------------------------------------------------------------------------
** Larger
*/

/* Bytes that a growth of less than the policy wants leaves to the script. */
#define ROOM_FOR_LUA ((size_t)16 << 10)

/* plan_commit, and an entry in the state's list of what arrays hold. */
static dynarray_status commit(lua_State *L, Array *A, const capacity_plan *plan,
                              dynarray_event *event) {
    dynarray_status status;
    if (!array_fits_plan(&A->core, plan)) fail_changed(L); /* a finalizer may have closed it */
    check_not_fixed(L, A);
    if (!holding_reserve(A)) return DYNARRAY_NO_MEMORY;
    status = plan_commit(&A->core, plan, &A->holding->stats, event);
    holding_note(A);
    return status;
}

/* The same for less and less, as long as there is no room. */
static dynarray_status commit_less(lua_State *L, Array *A, size_t needed, capacity_plan *plan,
                                   dynarray_event *event, dynarray_status status) {
    while (plan_lacks_room(&A->core, status) && plan_less(&A->core, needed, plan)) {
        if (A->core.flags & ARRAY_DEBUG) print_growth(A, plan->capacity);
        status = commit(L, A, plan, event);
    }
    return status;
}

/*
** The same in memory: the allocator of a host may have a limit that nobody can ask for. Meanwhile some memory is held
** back, which the script needs to go on after the last growth.
*/
static dynarray_status commit_less_memory(lua_State *L, Array *A, size_t needed,
                                          capacity_plan *plan, dynarray_event *event) {
    dynarray_heap *heap = &A->state->heap;
    dynarray_status status = DYNARRAY_NO_MEMORY;
    void *held_back;
    if (plan->capacity <= needed) return status;
    held_back = heap_allocate(heap, NULL, 0, ROOM_FOR_LUA);
    if (held_back == NULL) return status;
    status = commit_less(L, A, needed, plan, event, status);
    heap_allocate(heap, held_back, ROOM_FOR_LUA, 0);
    return status;
}

/*
** Commits the plan of a growth, after everything that must come before it and may run Lua code. If there is no memory
** for the plan, a smaller growth will do, down to `needed`.
*/
static void grow(lua_State *L, Array *A, int index, size_t needed, capacity_plan *plan) {
    const bool observed = (A->core.flags & ARRAY_OBSERVED) != 0;
    const int top = lua_gettop(L);
    const size_t more = plan->capacity - plan->old_capacity;
    int attempt = 0;
    before_growth before;
    dynarray_event event;
    dynarray_status status;
    if (A->core.flags & ARRAY_DEBUG) print_growth(A, plan->capacity);
    if (A->core.block != DYNARRAY_BLOCK_FILE) /* collecting garbage would not free that memory */
        collector_pace(L, A->state, more * A->core.element_size);
    if (observed) push_event(L, A, plan->capacity);
    do {
        if (observed) before = note_growth(A);
        status = commit(L, A, plan, &event);
    } while (collect_and_retry(L, status, &attempt));
    if (status == DYNARRAY_NO_MEMORY) status = commit_less_memory(L, A, needed, plan, &event);
    if (status == DYNARRAY_FILE) status = commit_less(L, A, needed, plan, &event, status);
    if (status != DYNARRAY_OK)
        fail_status(L, A, status, plan->capacity);
    else if (observed)
        observe(L, A, index, top + 1, &event, &before);
    lua_settop(L, top);
}

void raise_capacity(lua_State *L, Array *A, int index, size_t capacity) {
    capacity_plan plan;
    const dynarray_status status = plan_capacity(&A->core, capacity, &plan);
    if (status != DYNARRAY_OK) fail_status(L, A, status, capacity);
    grow(L, A, index, capacity, &plan);
}

/* Asks the Lua function that is the policy. */
static void make_room_scripted(lua_State *L, Array *A, int index, size_t needed) {
    const size_t size = A->core.size;
    const dynarray_status status = plan_check(&A->core, needed);
    size_t capacity;
    if (status != DYNARRAY_OK) fail_status(L, A, status, needed);
    capacity = scripted_capacity(L, A, index, needed);
    check_unchanged(L, A, size);
    if (capacity > A->core.capacity) /* otherwise the policy itself has reserved it */
        raise_capacity(L, A, index, capacity);
}

void make_room_slow(lua_State *L, Array *A, int index, size_t extra) {
    const size_t needed = A->core.size + extra;
    index = lua_absindex(L, index);
    luaL_checkstack(L, 12, NULL);
    if (needed < extra) fail_status(L, A, DYNARRAY_TOO_LARGE, SIZE_MAX >> 1);
    if (A->core.flags & ARRAY_SCRIPTED)
        make_room_scripted(L, A, index, needed);
    else {
        capacity_plan plan;
        const dynarray_status status = plan_growth(&A->core, needed, &plan);
        if (status != DYNARRAY_OK) fail_status(L, A, status, needed);
        grow(L, A, index, needed, &plan);
    }
    if (extra > room(A)) fail_changed(L);
}
