/* view.c: windows on the elements of other arrays. */
#include "private.h"

#define PARENT_KEY "parent"

void view_sync(Array *A) {
    const View *V = (const View *)A;
    const dynarray *parent;
    size_t size;
    if (!(A->core.flags & ARRAY_VIEW)) return;
    parent = &V->parent->core;
    size = parent->size > V->offset ? parent->size - V->offset : 0;
    if (size > V->length) size = V->length;
    A->core.size = A->core.capacity = size;
    A->core.data = size > 0 ? element_at(V->parent, V->offset) : NULL;
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

/* Pushes a view of `length` elements, from `offset` on, of the array at index 1. */
static void push_view(lua_State *L, Array *A, size_t offset, size_t length, unsigned flags) {
    View *V;
    int index;
    if (A->core.flags & ARRAY_CLOSED) fail_status(L, A, DYNARRAY_FIXED, 0);
    V = (View *)array_create(L, A->state, (dynarray_type)A->core.type, sizeof *V, 0);
    index = lua_gettop(L);
    push_anchor_owner(L, A, 1);
    set_callback(L, index, PARENT_KEY, -1);
    lua_pop(L, 1);
    if (A->core.flags & ARRAY_VIEW) { /* a view of a view is one of its parent */
        const View *W = (const View *)A;
        offset += W->offset;
        if (length > W->length) length = W->length;
    }
    V->parent = anchor_owner(A);
    V->offset = offset;
    V->length = length;
    V->array.core.fixed = 1;
    V->array.core.block = DYNARRAY_BLOCK_INLINE; /* lent, as an inline block is */
    V->array.core.flags = (uint8_t)(ARRAY_VIEW | flags | (A->core.flags & ARRAY_READ_ONLY));
    view_sync(&V->array);
}

/* view(a [, i [, j]]) -> a window on elements i to j */
int method_view(lua_State *L) {
    Array *A = self(L);
    const size_t size = A->core.size;
    size_t i = lua_isnoneornil(L, 2) ? 1 : check_size(L, 2, "index", size + 1);
    size_t j = lua_isnoneornil(L, 3) ? size : check_size(L, 3, "index", size);
    luaL_argcheck(L, i >= 1, 2, "index 0 out of range (at least 1)");
    push_view(L, A, i - 1, j < i ? 0 : j - i + 1, 0);
    return 1;
}

/* frozen(a) -> a read-only window on all elements, whatever their number */
int method_frozen(lua_State *L) {
    push_view(L, self(L), 0, SIZE_MAX, ARRAY_READ_ONLY);
    return 1;
}
