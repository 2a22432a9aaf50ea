/* view_sync.c: brings views up to date, and checks whether an array is still as it was. */
#include "lua/array/view_sync.h"

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

/* ---------------------------------------------------------------------------------------------
** Memory that others may write to
*/

bool is_shared(Array *A) { return array_is_shared(&anchor_owner(A)->core); }

bool overlaps(const Array *A, const Array *B) {
    const uintptr_t a = (uintptr_t)A->core.data, b = (uintptr_t)B->core.data;
    return a < b + B->core.size * B->core.element_size &&
           b < a + A->core.capacity * A->core.element_size;
}

/* The setup if the block is a mapped file, or NULL. */
static const Config *file_config(const Array *A) {
    const Config *config = (const Config *)(const void *)A->core.setup;
    return A->core.setup != &A->state->setup && config->is_file ? config : NULL;
}

static bool is_mapped(const Array *A) {
    return A->core.block == DYNARRAY_BLOCK_FILE || A->core.block == DYNARRAY_BLOCK_LENT;
}

bool may_alias(Array *A, Array *B) {
    const Array *a = anchor_owner(A), *b = anchor_owner(B);
    const Config *file = file_config(a), *other = file_config(b);
    if (!is_mapped(a) || !is_mapped(b)) return false;
    if (file == NULL || other == NULL) return true;
    return a != b && file->file.device == other->file.device &&
           file->file.number == other->file.number;
}

bool has_kept_size(Array *A, size_t size) {
    view_sync(A);
    if (A->core.size > size && is_reader(anchor_owner(A))) dynarray_set_size(&A->core, size);
    return A->core.size == size;
}

void check_unchanged(lua_State *L, Array *A, size_t size) {
    if (!has_kept_size(A, size)) fail_changed(L);
}

void check_still_has(lua_State *L, Array *A, size_t size) {
    view_sync(A);
    if (A->core.size < size) fail_changed(L);
}
