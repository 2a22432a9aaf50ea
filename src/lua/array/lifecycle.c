/* lifecycle.c: makes and closes arrays, and counts pins. */
#include "lua/array/lifecycle.h"

#include <string.h>

#include "core/owner.h"
#include "lua/array/holding.h"
#include "lua/array/view_sync.h"
#include "lua/base/error.h"

Array *array_create(lua_State *L, State *S, dynarray_type type, size_t struct_bytes,
                    size_t own_capacity, unsigned own_slots) {
    const size_t inline_bytes = own_capacity * dynarray_type_size(type);
    Array *A;
    if (S->closed) luaL_error(L, "the state is closing");
    A = lua_newuserdatauv(L, struct_bytes + inline_bytes, 1 + (int)own_slots);
    memset(A, 0, sizeof *A);
    dynarray_init(&A->core, type, &S->setup);
    A->state = S;
    A->inline_bytes = (unsigned)inline_bytes & BITS_MASK(INLINE_BITS);
    A->own_slots = own_slots & BITS_MASK(OWN_SLOTS_BITS);
    A->own_free = BITS_MASK(own_slots) & BITS_MASK(MOST_OWN_SLOTS);
    if (inline_bytes > 0) array_start_inline(&A->core, (char *)A + struct_bytes, own_capacity);
    lua_rawgeti(L, LUA_REGISTRYINDEX, S->metatable_ref);
    lua_setmetatable(L, -2);
    A->id = S->last_id += 2;
    S->array_count++; /* from here on __gc takes care of it */
    remember_array(S, A);
    return A;
}

void check_blank(lua_State *L, const Array *A) {
    if (A->core.capacity > 0 || (A->core.flags & ARRAY_CLOSED)) fail_changed(L);
}

/* ---------------------------------------------------------------------------------------------
** Pins
*/

/* Somebody may have unpinned the parent more often than they pinned it. */
void remove_pins(Array *A, unsigned n) {
    Array *owner = anchor_owner(A);
    array_unfix(&A->core, n);
    if (A == owner) return;
    if (n > pins_of(owner)) n = pins_of(owner);
    array_unfix(&owner->core, n);
}

/* ---------------------------------------------------------------------------------------------
** The end
*/

static void set_closed(Array *A) {
    array_unfix(&A->core, A->core.fixed);
    array_fix(&A->core);
    A->core.flags = (uint8_t)((A->core.flags & (ARRAY_SEQUENCE | ARRAY_FINALIZED)) | ARRAY_CLOSED);
    A->inline_bytes = 0;
    A->own_free = 0;
    A->has_fill = false;
}

/* Frees all that does not belong to Lua, and leaves an array that is empty and cannot grow. */
static void free_blocks(Array *A) {
    State *S = A->state;
    if (is_pinned(A)) remove_pins(A, pins_of(A));
    if (A->core.flags & ARRAY_VIEW) array_forget(&A->core); /* the block belongs to another array */
    free_core(S, &A->core);
    holding_drop(A);
    set_closed(A);
}

void array_lose(Array *A) {
    array_forget(&A->core);
    array_set_setup(&A->core, &A->state->setup);
    A->holding = NULL;
    set_closed(A);
}

void array_release_objects(lua_State *L, Array *A, int index) {
    for (unsigned slot = 1; slot <= A->own_slots; slot++) {
        lua_pushnil(L);
        lua_setiuservalue(L, index, 1 + (int)slot);
    }
    A->own_slots = 0;
}

void array_close(lua_State *L, Array *A, int index) {
    State *S = A->state;
    index = lua_absindex(L, index);
    if (A->own_slots > 0 && own_taken(A) == 0) S->expects_objects = false; /* they were of no use */
    if (!(A->core.flags & ARRAY_CLOSED)) free_blocks(A);
    if (A->has_table) {
        lua_pushnil(L);
        lua_setiuservalue(L, index, 1);
        A->has_table = false;
    }
    if (A->core.flags & ARRAY_FINALIZED) return;
    A->core.flags |= ARRAY_FINALIZED;
    forget_array(S, A);
    S->array_count--;
}
