/* access.c: indexing, iteration, comparison, text. The fast paths stand first in their functions. */
#include <stdio.h>
#include <string.h>

#include "core/algorithm.h"
#include "lua/private.h"

/* ---------------------------------------------------------------------------------------------
** Members: methods are functions in the member table, fields are numbers that select a case here
*/

enum field {
    FIELD_SIZE = 1,
    FIELD_CAPACITY,
    FIELD_TYPE,
    FIELD_ELEMENT_SIZE,
    FIELD_GROWTH,
    FIELD_BOUNDS,
    FIELD_MAX_SIZE,
    FIELD_BLOCK
};

static const struct {
    const char *name;
    enum field field;
} field_names[] = {
    {"size", FIELD_SIZE},     {"capacity", FIELD_CAPACITY},
    {"type", FIELD_TYPE},     {"allocated_size", FIELD_CAPACITY},
    {"growth", FIELD_GROWTH}, {"element_size", FIELD_ELEMENT_SIZE},
    {"bounds", FIELD_BOUNDS}, {"max_size", FIELD_MAX_SIZE},
    {"block", FIELD_BLOCK},
};

void push_member_table(lua_State *L, const luaL_Reg *methods) {
    lua_newtable(L);
    lua_pushvalue(L, lua_upvalueindex(1));
    luaL_setfuncs(L, methods, 1);
    for (size_t i = 0; i < sizeof field_names / sizeof *field_names; i++) {
        lua_pushinteger(L, field_names[i].field);
        lua_setfield(L, -2, field_names[i].name);
    }
}

static int push_field(lua_State *L, const Array *A, enum field field) {
    const dynarray *core = &A->core;
    switch (field) {
    case FIELD_SIZE: lua_pushinteger(L, (lua_Integer)core->size); break;
    case FIELD_CAPACITY: lua_pushinteger(L, (lua_Integer)core->capacity); break;
    case FIELD_TYPE: lua_pushstring(L, dynarray_type_name((dynarray_type)core->type)); break;
    case FIELD_ELEMENT_SIZE: lua_pushinteger(L, core->element_size); break;
    case FIELD_GROWTH: push_growth(L, A, 1); break;
    case FIELD_BOUNDS:
        lua_pushstring(L, core->flags & ARRAY_SEQUENCE ? "sequence" : "strict");
        break;
    case FIELD_MAX_SIZE:
        if (core->setup->max_size == 0)
            lua_pushnil(L);
        else
            lua_pushinteger(L, (lua_Integer)core->setup->max_size);
        break;
    case FIELD_BLOCK:
        lua_pushstring(L, core->flags & ARRAY_VIEW
                              ? "view"
                              : dynarray_block_name((dynarray_block)core->block));
        break;
    }
    return 1;
}

/* ---------------------------------------------------------------------------------------------
** Index
*/

/* Whether the running metamethod was called by that C function of the standard library. */
static bool called_by(lua_State *L, lua_CFunction function) {
    lua_Debug caller;
    bool same;
    if (function == NULL || !lua_getstack(L, 1, &caller)) return false;
    lua_getinfo(L, "f", &caller);
    same = lua_tocfunction(L, -1) == function;
    lua_pop(L, 1);
    return same;
}

/* A read at a number that is no index of an element. */
static int index_outside(lua_State *L, const Array *A, int key) {
    int is_integer;
    lua_Integer i = lua_tointegerx(L, key, &is_integer);
    if (!is_integer) return fail_key(L, key);
    /* ipairs ends at the first nil, which is how it learns where the array ends */
    if (!(A->core.flags & ARRAY_SEQUENCE) &&
        !((lua_Unsigned)i == A->core.size + 1 && called_by(L, A->state->ipairs_step)))
        return fail_index(L, A, i);
    lua_pushnil(L);
    return 1;
}

int meta_index(lua_State *L) {
    if (lua_type(L, 2) == LUA_TNUMBER) {
        const Array *A = self(L);
        /* 0, and so outside, if the number is not an integer */
        const lua_Unsigned i = (lua_Unsigned)lua_tointegerx(L, 2, NULL) - 1;
        if (DYNARRAY_UNLIKELY(i >= A->core.size)) return index_outside(L, A, 2);
        push_element(L, A, 1, (size_t)i);
        return 1;
    }
    lua_pushvalue(L, 2); /* cheaper than lua_settop */
    switch (lua_rawget(L, lua_upvalueindex(2))) {
    case LUA_TFUNCTION: return 1; /* a method, which looks itself at what it is called on */
    case LUA_TNUMBER: return push_field(L, self(L), (enum field)lua_tointeger(L, -1));
    default: self(L); return 1;
    }
}

/* Argument n of the C function that called the running metamethod, as an integer. */
static lua_Integer callers_integer(lua_State *L, lua_Debug *caller, int n) {
    lua_Integer i = 0;
    if (lua_getlocal(L, caller, n) == NULL) return 0;
    i = lua_tointegerx(L, -1, NULL);
    lua_pop(L, 1);
    return i;
}

/*
** Whether table.move(a, from, to, at) writes here, past the end, from the far end of a range that
** overlaps its source: what lies between will be written next, as it would be in a table.
*/
static bool in_overlapping_move(lua_State *L, const Array *A) {
    lua_Debug caller;
    lua_Integer from, to, at;
    bool within;
    if (!called_by(L, A->state->table_move) || !lua_getstack(L, 1, &caller)) return false;
    from = callers_integer(L, &caller, 2);
    to = callers_integer(L, &caller, 3);
    at = callers_integer(L, &caller, 4);
    if (lua_getlocal(L, &caller, 1) == NULL) return false;
    within =
        lua_touserdata(L, -1) == A && from < at && at <= to && (lua_Unsigned)at <= A->core.size + 1;
    lua_pop(L, 1);
    if (!within || lua_getlocal(L, &caller, 5) == NULL) return within;
    within = lua_touserdata(L, -1) == A || lua_type(L, -1) != LUA_TUSERDATA;
    lua_pop(L, 1);
    return within;
}

/* A write of the value at arg at a number that is no index of an element. */
static void set_outside(lua_State *L, Array *A) {
    const int key = 2, arg = 3;
    int is_integer;
    lua_settop(L, 3);
    const lua_Integer i = lua_tointegerx(L, key, &is_integer);
    lua_settop(L, 3);
    if (!is_integer) fail_key(L, key);
    if (!(A->core.flags & ARRAY_SEQUENCE)) fail_index(L, A, i);
    if (lua_isnil(L, arg)) return; /* there is nothing to remove */
    if (i > 0 && (lua_Unsigned)i > A->core.size + 1 && in_overlapping_move(L, A)) {
        check_element(L, A, arg, (size_t)i - 1);
        resize_up(L, A, 1, (size_t)i - 1, 0);
    }
    if ((lua_Unsigned)i != A->core.size + 1) fail_index(L, A, i);
    append_values(L, A, 1, arg, 1);
}

/* Writes the value at index 3 over element i, 0 <= i < size. */
static void set_inside(lua_State *L, Array *A, size_t i) {
    misfit why;
    if ((A->core.flags & ARRAY_SEQUENCE) && i + 1 == A->core.size && lua_isnoneornil(L, 3)) {
        pop_element(L, A, 1);
        return;
    }
    why = write_element(L, A, i, 3);
    if (why == FITS) return;
    if (why != NEEDS_SLOT) fail_element(L, (dynarray_type)A->core.type, 3, why, i);
    lua_settop(L, 3);
    value_set(L, A, 1, i, 3);
}

/* All that may be special about a write. */
static SLOW_PATH int newindex_slow(lua_State *L, Array *A) {
    lua_Unsigned i;
    if (lua_type(L, 2) != LUA_TNUMBER) return fail_key(L, 2);
    if (A->core.flags & ARRAY_READ_ONLY) return fail_read_only(L);
    i = (lua_Unsigned)lua_tointegerx(L, 2, NULL) - 1;
    if (i >= A->core.size)
        set_outside(L, A);
    else
        set_inside(L, A, (size_t)i);
    return 0;
}

int meta_newindex(lua_State *L) {
    Array *A = self(L);
    if (lua_type(L, 2) == LUA_TNUMBER && !(A->core.flags & (ARRAY_READ_ONLY | ARRAY_SEQUENCE))) {
        const lua_Unsigned i = (lua_Unsigned)lua_tointegerx(L, 2, NULL) - 1;
        if (i < A->core.size && write_element(L, A, (size_t)i, 3) == FITS) return 0;
    }
    return newindex_slow(L, A);
}

/* An integer index argument, as a number that the bounds check sees. */
static void check_index(lua_State *L, int arg) {
    if (lua_type(L, arg) != LUA_TNUMBER)
        luaL_argerror(L, arg, lua_pushfstring(L, "index expected, got %s", luaL_typename(L, arg)));
}

/* get(a, i) -> a[i] */
int method_get(lua_State *L) {
    const Array *A = self(L);
    lua_Unsigned i;
    check_index(L, 2);
    i = (lua_Unsigned)lua_tointegerx(L, 2, NULL) - 1;
    if (i >= A->core.size) return index_outside(L, A, 2);
    push_element(L, A, 1, (size_t)i);
    return 1;
}

/* set(a, i, value) -> a */
int method_set(lua_State *L) {
    check_index(L, 2);
    luaL_checkany(L, 3);
    meta_newindex(L);
    lua_settop(L, 1);
    return 1;
}

int meta_len(lua_State *L) {
    lua_pushinteger(L, (lua_Integer)self(L)->core.size);
    return 1;
}

/* ---------------------------------------------------------------------------------------------
** Iteration
*/

static bool is_nil(const Array *A, size_t i) {
    uint64_t word;
    memcpy(&word, element_at(A, i), sizeof word);
    return value_is_nil(word);
}

/* A step's second upvalue is the array: it need not be looked up, whatever the arguments are. */
#define STEP_ARRAY lua_upvalueindex(2)

static inline int iterate(lua_State *L, bool stops_at_nil) {
    Array *A = (Array *)lua_touserdata(L, STEP_ARRAY);
    const lua_Unsigned i = (lua_Unsigned)lua_tointegerx(L, 2, NULL);
    if (DYNARRAY_UNLIKELY(A->state->closed)) array_lose(A);
    if (DYNARRAY_UNLIKELY(A->core.flags & ARRAY_VIEW)) view_sync(A);
    if (i >= A->core.size || (stops_at_nil && is_nil(A, (size_t)i))) {
        lua_pushnil(L);
        return 1;
    }
    lua_pushinteger(L, (lua_Integer)i + 1);
    push_element(L, A, STEP_ARRAY, (size_t)i);
    return 2;
}

/* pairs_step(_, i) -> i + 1, a[i + 1]; nil at the end. */
static int pairs_step(lua_State *L) { return iterate(L, false); }

/* The same for value arrays, but the first nil ends it. */
static int ipairs_step(lua_State *L) { return iterate(L, true); }

static int push_iteration(lua_State *L, lua_CFunction step) {
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_pushvalue(L, 1);
    lua_pushcclosure(L, step, 2);
    lua_pushvalue(L, 1);
    lua_pushinteger(L, 0);
    return 3;
}

int meta_pairs(lua_State *L) {
    self(L);
    return push_iteration(L, pairs_step);
}

/* ipairs(t) -> what the stock function, the second upvalue, returns, but faster steps for arrays */
int module_ipairs(lua_State *L) {
    const Array *A = array_test(L, state_of(L), 1);
    if (A != NULL) return push_iteration(L, holds_values(A) ? ipairs_step : pairs_step);
    luaL_checkany(L, 1);
    lua_settop(L, 1);
    lua_pushvalue(L, lua_upvalueindex(2));
    lua_insert(L, 1);
    lua_call(L, 1, 3);
    return 3;
}

/* ---------------------------------------------------------------------------------------------
** Comparison, concatenation, text
*/

/* Elements by ==, which may run metamethods that change the arrays. */
static bool values_equal(lua_State *L, Array *A, Array *B) {
    for (size_t i = 0;; i++) {
        bool equal;
        view_sync(A);
        view_sync(B);
        if (i >= A->core.size || i >= B->core.size) break;
        push_element(L, A, 1, i);
        push_element(L, B, 2, i);
        equal = lua_compare(L, -2, -1, LUA_OPEQ);
        lua_pop(L, 2);
        if (!equal) return false;
    }
    return A->core.size == B->core.size;
}

int meta_eq(lua_State *L) {
    State *S = state_of(L);
    Array *A = array_test(L, S, 1), *B = array_test(L, S, 2);
    bool equal;
    if (A == NULL && B == NULL) array_check(L, S, 1);
    lua_settop(L, 2);
    equal = A != NULL && B != NULL && A->core.type == B->core.type && A->core.size == B->core.size;
    if (equal && A != B)
        equal = holds_values(A) ? values_equal(L, A, B) : dynarray_equal(&A->core, &B->core);
    lua_pushboolean(L, equal);
    return 1;
}

int meta_concat(lua_State *L) {
    State *S = state_of(L);
    const Array *A = array_test(L, S, 1), *B = array_test(L, S, 2);
    Options options;
    Array *C;
    if (A == NULL || B == NULL)
        return A == NULL ? luaL_error(L, "attempt to concatenate a %s value and a dynarray",
                                      luaL_typename(L, 1))
                         : luaL_error(L, "attempt to concatenate a dynarray and a %s value",
                                      luaL_typename(L, 2));
    options = options_like(A);
    options.capacity = A->core.size + B->core.size;
    lua_settop(L, 2);
    C = array_new(L, S, &options);
    extend_from(L, C, 3, 1);
    extend_from(L, C, 3, 2);
    return 1;
}

/* The element as text, without running metamethods. */
static void add_element(lua_State *L, luaL_Buffer *buffer, const Array *A, size_t i) {
    int index;
    push_element(L, A, 1, i);
    index = lua_gettop(L);
    switch (lua_type(L, -1)) {
    case LUA_TNUMBER:
    case LUA_TBOOLEAN:
    case LUA_TNIL:
        luaL_tolstring(L, -1, NULL);
        lua_remove(L, -2);
        luaL_addvalue(buffer);
        break;
    case LUA_TSTRING:
        quote_string(L);
        luaL_addvalue(buffer);
        break;
    default:
        if (luaL_getmetafield(L, -1, "__name") != LUA_TSTRING) {
            lua_settop(L, index); /* the field may be anything */
            lua_pushstring(L, luaL_typename(L, index));
        }
        lua_pushfstring(L, "%s: %p", lua_tostring(L, -1), lua_topointer(L, index));
        lua_replace(L, index);
        lua_settop(L, index);
        luaL_addvalue(buffer);
    }
}

int meta_tostring(lua_State *L) {
    Array *A = self(L);
    const char *type = dynarray_type_name((dynarray_type)A->core.type);
    luaL_Buffer buffer;
    if (A->core.flags & ARRAY_CLOSED) {
        lua_pushfstring(L, "dynarray<%s>(closed)", type);
        return 1;
    }
    lua_settop(L, 1);
    luaL_buffinit(L, &buffer);
    lua_pushfstring(L, "dynarray<%s>(size %I, capacity %I)", type, (LUAI_UACINT)A->core.size,
                    (LUAI_UACINT)A->core.capacity);
    luaL_addvalue(&buffer);
    for (size_t i = 0; i < A->core.size && i < SHOWN_ELEMENTS; i++) {
        luaL_addstring(&buffer, i == 0 ? ": " : ", ");
        view_sync(A); /* what the buffer allocates may run finalizers */
        if (i < A->core.size) add_element(L, &buffer, A, i);
    }
    if (A->core.size > SHOWN_ELEMENTS) luaL_addstring(&buffer, ", ...");
    luaL_pushresult(&buffer);
    return 1;
}
