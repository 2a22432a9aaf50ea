/* take_put.c: take, put: chooses elements by index. */
#include "lua/methods/take_put.h"

#include "core/gather.h"
#include "lua/array/append.h"
#include "lua/array/argument.h"
#include "lua/array/construction.h"
#include "lua/array/conversion.h"
#include "lua/array/expression.h"
#include "lua/array/source.h"
#include "lua/array/view_sync.h"

/* The array of integers at arg; a table is replaced by an array. */
static Array *check_indices(lua_State *L, State *S, int arg) {
    Array *indices = array_test(L, S, arg);
    if (indices == NULL && lua_istable(L, arg)) {
        Options options = options_for(DYNARRAY_INT64);
        indices = array_new(L, S, &options);
        extend_from(L, indices, lua_gettop(L), arg);
        lua_replace(L, arg);
        return indices;
    }
    indices = array_check(L, S, arg);
    if (indices->core.type > DYNARRAY_UINT64)
        luaL_argerror(L, arg,
                      lua_pushfstring(L, "indices are integers, got an array of %s",
                                      dynarray_type_name((dynarray_type)indices->core.type)));
    return indices;
}

/* Objects are anchored one by one. */
static void gather_values(lua_State *L, Array *A, Array *indices, Array *result, int index) {
    const size_t n = indices->core.size;
    for (size_t k = 0; k < n; k++) {
        int64_t i;
        dynarray one = indices->core, none = A->core;
        uint64_t word;
        check_unchanged(L, indices, n);
        one = indices->core;
        one.data = element_at(indices, k);
        one.size = 1;
        view_sync(A);
        none = A->core;
        if (dynarray_take(&none, &one, &word, &i) == 0) fail_index_among(L, A, i, k);
        value_push(L, A, 1, &word);
        append_values(L, result, index, -1, 1);
        lua_settop(L, index);
    }
}

/* take(a, indices) -> a new array of the elements at these indices */
static int method_take(lua_State *L) {
    Array *A = self_most(L, 2), *indices, *result;
    size_t n, k;
    int64_t index;
    lua_settop(L, 2);
    indices = check_indices(L, A->state, 2);
    n = indices->core.size;
    result = array_new_plain(L, A, (dynarray_type)A->core.type, n);
    check_unchanged(L, indices, n);
    view_sync(A);
    if (holds_values(A)) {
        gather_values(L, A, indices, result, 3);
        return 1;
    }
    k = dynarray_take(&A->core, &indices->core, result->core.data, &index);
    if (k < n) return fail_index_among(L, A, index, k);
    dynarray_set_size(&result->core, n);
    return 1;
}

/* Checks all indices before it writes the first value; the values may be anything. */
static void scatter_values(lua_State *L, Array *A, Array *indices, int values) {
    Array *const V = array_test(L, A->state, values);
    const size_t n = indices->core.size;
    for (int writes = 0; writes <= 1; writes++)
        for (size_t k = 0; k < n; k++) {
            lua_Integer i;
            lua_settop(L, 3);
            check_unchanged(L, indices, n);
            view_sync(A);
            push_element(L, indices, 2, k);
            i = lua_tointeger(L, -1);
            if (i < 1 || (lua_Unsigned)i > A->core.size) fail_index_among(L, A, i, k);
            if (!writes) continue;
            if (V != NULL) {
                check_unchanged(L, V, n);
                push_element(L, V, values, k);
            } else
                lua_pushvalue(L, values);
            value_set(L, A, 1, (size_t)i - 1, lua_gettop(L));
        }
}

/* The array of values at arg, converted to the type of A if needed, and copied if it may share memory with A. */
static Array *check_new_values(lua_State *L, Array *A, int arg, size_t n) {
    Array *V = array_test(L, A->state, arg);
    const size_t size = A->core.size;
    if (V == NULL) return NULL;
    if (V->core.size != n)
        luaL_argerror(L, arg,
                      lua_pushfstring(L, "%I values for %I indices", (LUAI_UACINT)V->core.size,
                                      (LUAI_UACINT)n));
    if (holds_values(A)) return anchor_owner(V) == anchor_owner(A) ? put_copy_in_place(L, arg) : V;
    check_numeric(L, V, arg);
    if (V->core.type != A->core.type) {
        const Operands x = {0, arg, 0, true, false};
        lua_pushliteral(L, "x");
        evaluate(L, A->state, lua_gettop(L), x, (dynarray_type)A->core.type, 0);
        V = lua_touserdata(L, -1);
    } else
        V = push_copy(L, V);
    lua_replace(L, arg);
    check_unchanged(L, A, size);
    check_unchanged(L, V, n); /* a finalizer may have changed the array of which it is a copy */
    return V;
}

/* put(a, indices, values) -> a; replaces the element at each index by the value at the same place, or by the one value */
static int method_put(lua_State *L) {
    Array *A = self_writable_most(L, 3), *indices, *V;
    uint64_t element;
    int64_t index;
    size_t n, k;
    luaL_checkany(L, 3);
    lua_settop(L, 3);
    indices = check_indices(L, A->state, 2);
    n = indices->core.size;
    V = check_new_values(L, A, 3, n);
    if (overlaps(A, indices) || may_alias(A, indices)) { /* they would change on the way */
        indices = push_copy(L, indices);
        lua_replace(L, 2);
    }
    view_sync(A); /* a table of indices, or a finalizer, may have changed the parent of a view */
    check_unchanged(L, indices, n);
    if (holds_values(A))
        scatter_values(L, A, indices, 3);
    else {
        if (V == NULL) convert_or_fail(L, (dynarray_type)A->core.type, 3, AS_OPERAND, &element);
        k = dynarray_put(&A->core, &indices->core, V != NULL ? V->core.data : &element, V == NULL,
                         &index);
        if (k < n) return fail_index_among(L, A, index, k);
    }
    lua_settop(L, 1);
    return 1;
}

const luaL_Reg take_put_methods[] = {
    {"take", method_take},
    {"put", method_put},
    {NULL, NULL},
};
