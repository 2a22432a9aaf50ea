/* construction.c: new arrays by their options. */
#include "lua/array/construction.h"

#include <string.h>

#include "core/owner.h"
#include "lua/array/collector.h"
#include "lua/array/holding.h"
#include "lua/array/lifecycle.h"
#include "lua/array/view_sync.h"
#include "lua/base/error.h"

static dynarray_status make_block(lua_State *L, Array *A, size_t capacity) {
    dynarray_status status;
    check_blank(L, A);
    if (!holding_reserve(A)) return DYNARRAY_NO_MEMORY;
    status = array_begin(&A->core, capacity, &A->holding->stats);
    holding_note(A);
    return status;
}

/* Gives the array its first block. This is no growth, but counts as memory. */
static void first_block(lua_State *L, Array *A, size_t capacity) {
    const size_t bytes = capacity * A->core.element_size;
    if (capacity > A->core.capacity) {
        dynarray_status status;
        int attempt = 0;
        collector_pace(L, A->state, bytes);
        do status = make_block(L, A, capacity);
        while (collect_and_retry(L, status, &attempt));
        if (status != DYNARRAY_OK) fail_status(L, A, status, capacity);
    }
}

/* How much of that capacity is in the userdata: all or nothing. */
static size_t inline_capacity(dynarray_type type, size_t capacity) {
    const bool fits =
        capacity <= INLINE_BYTES && capacity * dynarray_type_size(type) <= INLINE_BYTES;
    return fits ? capacity : 0;
}

/* How many own slots an array with that inline block gets. */
static unsigned own_slots_for(dynarray_type type, size_t own_capacity, bool objects) {
    if (type != DYNARRAY_VALUE || !objects || !COMPAT_MANY_USER_VALUES) return 0;
    return own_capacity < MOST_OWN_SLOTS ? (unsigned)own_capacity : MOST_OWN_SLOTS;
}

Array *array_new(lua_State *L, State *S, const Options *options) {
    const bool objects =
        options->objects == OBJECTS_UNKNOWN ? S->expects_objects : options->objects == OBJECTS_YES;
    size_t capacity = options->capacity, own_capacity = 0;
    Array *A;
    if (options->max_size != 0 && capacity > options->max_size) {
        if (options->has_capacity)
            luaL_error(L, "capacity %I exceeds max_size %I", (LUAI_UACINT)capacity,
                       (LUAI_UACINT)options->max_size);
        capacity = options->max_size;
    }

    if (options->block == DYNARRAY_BLOCK_AUTO)
        own_capacity = inline_capacity(options->type, capacity);
    A = array_create(L, S, options->type, sizeof *A, own_capacity,
                     own_slots_for(options->type, own_capacity, objects));
    apply_options(L, A, lua_gettop(L), options);
    first_block(L, A, capacity);
    return A;
}

Array *array_new_plain(lua_State *L, const Array *model, dynarray_type type, size_t capacity) {
    const uint8_t bounds = model->core.flags & ARRAY_SEQUENCE;
    const size_t own_capacity = inline_capacity(type, capacity);
    Array *A = array_create(L, model->state, type, sizeof *A, own_capacity,
                            own_slots_for(type, own_capacity, model->state->expects_objects));
    A->core.flags = bounds;
    first_block(L, A, capacity);
    return A;
}

Array *push_copy(lua_State *L, Array *A) {
    const size_t n = A->core.size;
    Array *B = array_new_plain(L, A, (dynarray_type)A->core.type, n);
    check_unchanged(L, A, n); /* a finalizer may have closed it */
    if (n > 0) memcpy(B->core.data, A->core.data, n * A->core.element_size);
    dynarray_set_size(&B->core, n);
    return B;
}
