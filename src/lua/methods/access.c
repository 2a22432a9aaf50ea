/*
** access.c: elements by index, the size, fields. In each function the fast path comes first.
*/
#include "lua/methods/access.h"

#include "lua/array/append.h"
#include "lua/array/argument.h"
#include "lua/array/conversion.h"
#include "lua/array/options.h"
#include "lua/array/truncate.h"

/* ---------------------------------------------------------------------------------------------
** Members: a method is a function in the table of members, the second upvalue of meta_index; a field is a
** number in it, which selects a case here
*/

enum field {
    FIELD_SIZE = 1,
    FIELD_CAPACITY,
    FIELD_ALLOCATED_SIZE, /* another name for capacity */
    FIELD_ELEMENT_SIZE,
    FIELD_OPTIONS /* from here on those of option_fields */
};

/* In the order of the constants above. */
const char *const access_fields[] = {
    "size", "capacity", "allocated_size", "element_size", NULL,
};

static int push_field(lua_State *L, const Array *A, lua_Integer field) {
    switch (field) {
    case FIELD_SIZE: lua_pushinteger(L, (lua_Integer)A->core.size); break;
    case FIELD_CAPACITY:
    case FIELD_ALLOCATED_SIZE: lua_pushinteger(L, (lua_Integer)A->core.capacity); break;
    case FIELD_ELEMENT_SIZE: lua_pushinteger(L, A->core.element_size); break;
    default: option_fields[field - FIELD_OPTIONS].push(L, A);
    }
    return 1;
}

/* ---------------------------------------------------------------------------------------------
** Index
*/

/* Whether that C function of the standard library called the running metamethod; then tells which call that is. */
static bool called_by(lua_State *L, lua_CFunction function, lua_Debug *caller) {
    bool same;
    if (function == NULL || !lua_getstack(L, 1, caller)) return false;
    lua_getinfo(L, "f", caller);
    same = lua_tocfunction(L, -1) == function;
    lua_pop(L, 1);
    return same;
}

/* Reads at a number that is not the index of an element. */
static int index_outside(lua_State *L, const Array *A, int key) {
    lua_Debug caller;
    int is_integer;
    lua_Integer i = lua_tointegerx(L, key, &is_integer);
    if (!is_integer) return fail_key(L, key);
    /* ipairs ends at the first nil: so it finds the end of the array, also of one that has become shorter */
    if (!(A->core.flags & ARRAY_SEQUENCE) &&
        !(i > 0 && called_by(L, A->state->ipairs_step, &caller)))
        return fail_index(L, A, i);
    lua_pushnil(L);
    return 1;
}

/* The same for a[key], which in a sequence is nil as in a table, whatever the number is. */
static int index_absent(lua_State *L, const Array *A) {
    int is_integer;
    lua_tointegerx(L, 2, &is_integer);
    if (is_integer || !(A->core.flags & ARRAY_SEQUENCE)) return index_outside(L, A, 2);
    lua_pushnil(L);
    return 1;
}

/* a[key] where the key is no number and no member: nil, but for what looks like a choice of elements. */
static int index_by_object(lua_State *L, const Array *A) {
    const bool is_choice = lua_istable(L, 2) || array_test(L, A->state, 2) != NULL;
    if (is_choice && !(A->core.flags & ARRAY_SEQUENCE)) return fail_key(L, 2);
    return 1;
}

static int meta_index(lua_State *L) {
    if (lua_type(L, 2) == LUA_TNUMBER) {
        const Array *A = known_self(L);
        /* 0, which is outside, if the number is not an integer */
        const lua_Unsigned i = (lua_Unsigned)lua_tointegerx(L, 2, NULL) - 1;
        if (DYNARRAY_UNLIKELY(A == NULL)) A = self_at(L, i);
        if (DYNARRAY_UNLIKELY(i >= A->core.size)) return index_absent(L, A);
        push_element(L, A, 1, (size_t)i);
        return 1;
    }
    lua_pushvalue(L, 2); /* cheaper than lua_settop */
    switch (lua_rawget(L, lua_upvalueindex(2))) {
    case LUA_TFUNCTION: return 1; /* a method, which checks what it is called on */
    case LUA_TNUMBER: return push_field(L, self(L), lua_tointeger(L, -1));
    default: return index_by_object(L, self(L));
    }
}

/* Argument n of that call, as an integer; 0 if there is none: what was table.move when this was loaded may be anything. */
static lua_Integer argument_of_move(lua_State *L, lua_Debug *call, int n) {
    lua_Integer i;
    if (lua_getlocal(L, call, n) == NULL) return 0;
    i = lua_tointegerx(L, -1, NULL);
    lua_pop(L, 1);
    return i;
}

/*
** Whether the writer is table.move(a, from, to, at) that copies backwards, as source and target overlap, and so
** begins past the end. The elements between will be written next, as they would be in a table. It writes to `a` in any
** case, and reads what is no nil; therefore from < at.
*/
static bool in_overlapping_move(lua_State *L, const Array *A) {
    lua_Debug call;
    lua_Integer to, at;
    bool is_source;
    if (!called_by(L, A->state->table_move, &call)) return false;
    to = argument_of_move(L, &call, 3);
    at = argument_of_move(L, &call, 4);
    if (at < 1 || lua_getlocal(L, &call, 1) == NULL) return false;
    is_source = lua_touserdata(L, -1) == A;
    lua_pop(L, 1);
    return is_source && at <= to && (lua_Unsigned)at <= A->core.size + 1;
}

/* Writes the value at arg at a number that is not the index of an element. */
static void set_outside(lua_State *L, Array *A) {
    const int key = 2, arg = 3;
    int is_integer;
    lua_settop(L, 3);
    const lua_Integer i = lua_tointegerx(L, key, &is_integer);
    lua_settop(L, 3);
    if (!is_integer) fail_key(L, key);
    if (!(A->core.flags & ARRAY_SEQUENCE)) {
        if ((lua_Unsigned)i == A->core.size + 1) fail_past_end(L, A);
        fail_index(L, A, i);
    }
    if (lua_isnil(L, arg)) return; /* there is nothing to remove */
    if (i > 0 && (lua_Unsigned)i > A->core.size + 1 && in_overlapping_move(L, A)) {
        check_element(L, A, arg, (size_t)i - 1);
        resize_up(L, A, 1, (size_t)i - 1, 0);
    }
    if ((lua_Unsigned)i != A->core.size + 1) fail_index(L, A, i);
    append_values(L, A, 1, arg, 1);
}

/* Replaces element i, 0 <= i < size, by the value at index 3. */
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

/* All writes that are not the common case. */
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

static int meta_newindex(lua_State *L) {
    Array *A = self(L);
    if (lua_type(L, 2) == LUA_TNUMBER && !(A->core.flags & (ARRAY_READ_ONLY | ARRAY_SEQUENCE))) {
        const lua_Unsigned i = (lua_Unsigned)lua_tointegerx(L, 2, NULL) - 1;
        if (i < A->core.size) {
            if (holds_values(A)) {
                uint64_t *const word = (uint64_t *)A->core.data + i;
                if (value_is_plain_float(*word) && value_plain_fraction(L, 3, word)) return 0;
            }
            if (write_element(L, A, (size_t)i, 3) == FITS) return 0;
        }
    }
    return newindex_slow(L, A);
}

/* get(a, i) -> a[i] */
static int method_get(lua_State *L) {
    const Array *A = self(L);
    lua_Unsigned i;
    check_index(L, 2);
    i = (lua_Unsigned)lua_tointegerx(L, 2, NULL) - 1;
    if (i >= A->core.size) return index_outside(L, A, 2);
    push_element(L, A, 1, (size_t)i);
    return 1;
}

/* set(a, i, value) -> a */
static int method_set(lua_State *L) {
    check_index(L, 2);
    luaL_checkany(L, 3);
    meta_newindex(L);
    lua_settop(L, 1);
    return 1;
}

static int meta_len(lua_State *L) {
    lua_pushinteger(L, (lua_Integer)self(L)->core.size);
    return 1;
}

const luaL_Reg access_methods[] = {
    {"__index", meta_index}, {"__newindex", meta_newindex}, {"__len", meta_len},
    {"get", method_get},     {"set", method_set},           {NULL, NULL},
};
