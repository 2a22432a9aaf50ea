/* records.c: records of k elements side by side: loops over records, columns. */
#include "lua/methods/records.h"

#include "core/stride.h"
#include "lua/array/append.h"
#include "lua/array/argument.h"
#include "lua/array/construction.h"
#include "lua/array/conversion.h"
#include "lua/array/expression.h"
#include "lua/array/lifecycle.h"
#include "lua/array/source.h"
#include "lua/array/view_sync.h"

#define MOST_FIELDS 200 /* the most fields: a Lua function can have this many variables */

/* The number of fields at arg; the size must be a multiple of it. */
static size_t check_fields(lua_State *L, const Array *A, int arg, size_t most) {
    const size_t k = check_size(L, arg, "fields", 1, most);
    if (A->core.size % k != 0)
        luaL_argerror(L, arg,
                      lua_pushfstring(L, "size %I is no multiple of %I fields",
                                      (LUAI_UACINT)A->core.size, (LUAI_UACINT)k));
    return k;
}

/* ---------------------------------------------------------------------------------------------
** Records in a loop
*/

#define TUPLES_ARRAY lua_upvalueindex(2)
#define TUPLES_FIELDS lua_upvalueindex(3)

/* Pushes k elements from i on. The two most common types need no call for each. */
static void push_fields(lua_State *L, const Array *A, size_t i, size_t k) {
    const dynarray *const a = &A->core;
    if (a->type == DYNARRAY_FLOAT64) {
        const double *const x = (const double *)a->data + i;
        for (size_t f = 0; f < k; f++) lua_pushnumber(L, (lua_Number)x[f]);
    } else if (a->type == DYNARRAY_INT32) {
        const int32_t *const x = (const int32_t *)a->data + i;
        for (size_t f = 0; f < k; f++) lua_pushinteger(L, (lua_Integer)x[f]);
    } else
        for (size_t f = 0; f < k; f++) push_element(L, A, TUPLES_ARRAY, i + f);
}

/* tuples_step(_, i) -> i + 1 and the fields of record i + 1; nil at the end */
static int tuples_step(lua_State *L) {
    Array *A = (Array *)lua_touserdata(L, TUPLES_ARRAY);
    const size_t k = (size_t)lua_tointegerx(L, TUPLES_FIELDS, NULL);
    const lua_Unsigned i = (lua_Unsigned)lua_tointegerx(L, 2, NULL);
    if (DYNARRAY_UNLIKELY(A->state->closed)) array_lose(A);
    if (DYNARRAY_UNLIKELY(A->core.flags & ARRAY_VIEW)) view_sync(A);
    if (i >= A->core.size / k) {
        lua_pushnil(L);
        return 1;
    }
    if (DYNARRAY_UNLIKELY(k > LUA_MINSTACK / 2)) luaL_checkstack(L, (int)k + LUA_MINSTACK, NULL);
    lua_pushinteger(L, (lua_Integer)i + 1);
    push_fields(L, A, (size_t)i * k, k);
    return (int)k + 1;
}

/* tuples(a, k) -> a loop over i and the k elements from (i - 1) * k + 1 on */
static int method_tuples(lua_State *L) {
    Array *A = self_most(L, 2);
    const size_t k = check_fields(L, A, 2, MOST_FIELDS);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_pushvalue(L, 1);
    lua_pushinteger(L, (lua_Integer)k);
    lua_pushcclosure(L, tuples_step, 3);
    lua_pushvalue(L, 1);
    lua_pushinteger(L, 0);
    return 3;
}

/* ---------------------------------------------------------------------------------------------
** Columns
*/

/* column(a, j, k) -> a new array of elements j, j + k, j + 2k, ... */
static int method_column(lua_State *L) {
    Array *A = self_most(L, 3), *result;
    const size_t n = A->core.size, k = check_fields(L, A, 3, PTRDIFF_MAX),
                 j = check_size(L, 2, "column", 1, k);
    lua_settop(L, 3);
    result = array_new_plain(L, A, (dynarray_type)A->core.type, n / k);
    check_unchanged(L, A, n);
    if (!holds_values(A)) {
        dynarray_get_column(&A->core, j - 1, k, n / k, result->core.data);
        dynarray_set_size(&result->core, n / k);
        return 1;
    }
    for (size_t i = j - 1; i < n; i += k) {
        push_element(L, A, 1, i);
        append_values(L, result, 4, 5, 1);
        lua_settop(L, 4);
        check_unchanged(L, A, n);
    }
    return 1;
}

/* The array of `count` elements at arg, converted to the type of A, and copied if it may share memory with A. */
static const Array *check_column(lua_State *L, Array *A, int arg, size_t count) {
    Array *source = array_check(L, A->state, arg);
    const size_t n = A->core.size;
    if (source->core.size != count)
        luaL_argerror(L, arg,
                      lua_pushfstring(L, "column has %I elements, wanted %I",
                                      (LUAI_UACINT)source->core.size, (LUAI_UACINT)count));
    if (holds_values(A))
        return anchor_owner(source) == anchor_owner(A) ? put_copy_in_place(L, arg) : source;
    check_numeric(L, source, arg);
    if (source->core.type == A->core.type)
        push_copy(L, source);
    else {
        const Operands x = {0, arg, 0, true, false};
        lua_pushliteral(L, "x");
        evaluate(L, A->state, lua_gettop(L), x, (dynarray_type)A->core.type, 0);
    }
    lua_replace(L, arg);
    check_unchanged(L, A, n);
    check_unchanged(L, lua_touserdata(L, arg), count); /* a finalizer may have changed its source */
    return lua_touserdata(L, arg);
}

/* set_column(a, j, k, source) -> a; replaces elements j, j + k and so on by those of the source */
static int method_set_column(lua_State *L) {
    Array *A = self_writable_most(L, 4);
    const size_t n = A->core.size, k = check_fields(L, A, 3, PTRDIFF_MAX),
                 j = check_size(L, 2, "column", 1, k);
    const Array *source;
    lua_settop(L, 4);
    source = check_column(L, A, 4, n / k);
    if (!holds_values(A))
        dynarray_set_column(&A->core, j - 1, k, n / k, source->core.data);
    else
        for (size_t i = 0; i < n / k; i++) {
            check_unchanged(L, A, n);
            source = array_check(L, A->state, 4);
            if (i >= source->core.size) return fail_changed(L);
            push_element(L, source, 4, i);
            value_set(L, A, 1, i * k + j - 1, 5);
            lua_settop(L, 4);
        }
    lua_settop(L, 1);
    return 1;
}

const luaL_Reg records_methods[] = {
    {"tuples", method_tuples},
    {"column", method_column},
    {"set_column", method_set_column},
    {NULL, NULL},
};
