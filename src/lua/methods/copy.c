/* copy.c: copies of arrays, and elements copied into an array. */
#include "lua/methods/copy.h"

#include <string.h>

#include "core/open_file.h"
#include "lua/array/argument.h"
#include "lua/array/construction.h"
#include "lua/array/conversion.h"
#include "lua/array/holding.h"
#include "lua/array/policy_argument.h"
#include "lua/array/source.h"
#include "lua/array/view_sync.h"

/* Copies an array with a setup of its own or with objects. */
SLOW_PATH static int copy_with_options(lua_State *L, Array *A) {
    const dynarray_setup *setup = A->core.setup;
    Options options = options_like(A);
    Array *B;
    options.capacity = A->core.size;
    options.max_size = setup->max_size;
    options.block = setup->block;
    if (setup != &A->state->setup) { /* otherwise it has the default growth and needs no setup */
        push_growth(L, A, 1);
        options.growth = lua_gettop(L);
    }
    if (A->has_fill) {
        const uint64_t fill = fill_of(A);
        conversions[A->core.type].push(L, A, 1, &fill);
        options.fill = lua_gettop(L);
    }
    B = array_new(L, A->state, &options);
    extend_from(L, B, lua_gettop(L), 1);
    check_still_has(L, B, options.capacity); /* a finalizer may have changed it */
    return 1;
}

static int method_copy(lua_State *L) {
    Array *A = self_most(L, 1), *B;
    check_open(L, A);
    if (A->core.setup != &A->state->setup || holds_values(A)) return copy_with_options(L, A);
    B = push_copy(L, A);
    if (A->has_fill) set_fill(L, B, fill_of(A));
    return 1;
}

static void copy_values(lua_State *L, Array *A, int source, Array *B, size_t n) {
    uint64_t *words;
    value_reserve_slots(L, A, 1, count_objects(L, source, B, 0, n));
    view_sync(A);
    if (B != NULL) view_sync(B);
    if (n > A->core.capacity || (B != NULL && B->core.size < n) ||
        count_objects(L, source, B, 0, n) > value_unused_slots(A))
        fail_changed(L);
    words = A->core.data;
    value_release(L, A, 1, 0, n < A->core.size ? n : A->core.size);
    for (size_t k = 0; k < n; k++) {
        fetch(L, source, B, k);
        words[k] = value_encode(L, A, 1, lua_gettop(L));
        lua_pop(L, 1);
    }
}

/* Checks all elements, then copies them. */
static void copy_numbers(lua_State *L, Array *A, int source, const Array *B, size_t n) {
    uint64_t element;
    for (int checked = 0; checked <= 1; checked++)
        for (size_t k = 0; k < n; k++) {
            fetch(L, source, B, k);
            convert_or_fail(L, (dynarray_type)A->core.type, -1, k,
                            checked ? element_at(A, k) : &element);
            lua_pop(L, 1);
        }
}

/* Whether what is written to A may change what is still to be read of B, or others may. */
static bool must_be_apart(Array *A, Array *B) {
    if (holds_values(A)) return is_shared(B) || anchor_owner(A) == anchor_owner(B);
    return may_alias(A, B) || (A->core.type != B->core.type && overlaps(A, B));
}

/* copy_from(a, old) -> a */
static int method_copy_from(lua_State *L) {
    Array *A = self_writable_most(L, 2);
    Array *B = array_test(L, A->state, 2);
    size_t n;
    if (B == NULL && !is_list(L, 2))
        luaL_argerror(
            L, 2, lua_pushfstring(L, "dynarray or table expected, got %s", luaL_typename(L, 2)));
    lua_settop(L, 2);
    if (B == NULL && lua_getmetatable(L, 2)) {
        lua_settop(L, 2);
        B = collect(L, A, 2, 0, SIZE_MAX);
        lua_replace(L, 2);
    }
    if (B != NULL && B != A && must_be_apart(A, B)) B = put_copy_in_place(L, 2);
    n = B != NULL ? B->core.size : (size_t)lua_rawlen(L, 2);
    view_sync(A);
    if (n > A->core.capacity) luaL_error(L, "Not enough space to copy into");
    if (A == B) n = 0;
    if (B != NULL && B->core.type == A->core.type && !holds_values(A)) {
        if (n > 0) memmove(A->core.data, B->core.data, n * A->core.element_size);
    } else if (holds_values(A))
        copy_values(L, A, 2, B, n);
    else
        copy_numbers(L, A, 2, B, n);
    if (n > A->core.size) array_set_size(&A->core, n);
    lua_settop(L, 1);
    return 1;
}

const luaL_Reg copy_methods[] = {
    {"copy", method_copy},
    {"copy_from", method_copy_from},
    {NULL, NULL},
};
