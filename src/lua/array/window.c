/* window.c: brings views up to date, and checks whether an array is still as it was. */
#include "lua/array/window.h"

#include "core/owner.h"
#include "lua/base/error.h"

void view_sync(Array *A) {
    const View *V = (const View *)A;
    const dynarray *parent;
    size_t size;
    if (!(A->core.flags & ARRAY_VIEW)) return;
    parent = &V->parent->core;
    size = parent->size > V->offset ? parent->size - V->offset : 0;
    if (size > V->length) size = V->length;
    array_show(&A->core, size > 0 ? element_at(V->parent, V->offset) : NULL, size);
}

Array *anchor_owner(Array *A) { return A->core.flags & ARRAY_VIEW ? ((View *)A)->parent : A; }

void push_anchor_owner(lua_State *L, const Array *A, int index) {
    if (A->core.flags & ARRAY_VIEW) {
        lua_getiuservalue(L, index, 1);
        lua_getfield(L, -1, PARENT_KEY);
        lua_remove(L, -2);
    } else
        lua_pushvalue(L, index);
}

void check_unchanged(lua_State *L, Array *A, size_t size) {
    view_sync(A);
    if (A->core.size != size) fail_changed(L);
}

void check_still_has(lua_State *L, Array *A, size_t size) {
    view_sync(A);
    if (A->core.size < size) fail_changed(L);
}
