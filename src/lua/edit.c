/* edit.c: methods that change the array. */
#include <string.h>

#include "private.h"

/* ---------------------------------------------------------------------------------------------
** Append
*/

/* Stores the value at arg as element i (from 0), which lies within the capacity. */
static void put(lua_State *L, Array *A, int index, size_t i, int arg) {
    if (holds_values(A)) {
        uint64_t word = value_encode(L, A, index, arg);
        memcpy(element_at(A, i), &word, sizeof word);
    } else {
        misfit why = conversions[A->core.type].put(L, arg, element_at(A, i));
        if (DYNARRAY_UNLIKELY(why != FITS))
            fail_element(L, (dynarray_type)A->core.type, arg, why, i);
    }
}

void append_values(lua_State *L, Array *A, int index, int arg, int n) {
    const bool full = (size_t)n > A->core.capacity - A->core.size;
    size_t objects = 0;
    if (full && A->core.fixed) fail_status(L, A, DYNARRAY_FIXED, 0);
    if (holds_values(A)) {
        for (int k = 0; k < n; k++) objects += value_needs_slot(L, arg + k);
        value_reserve_slots(L, A, index, objects);
    } else if (full) { /* what does not fit must not have made the array grow */
        for (int k = 0; k < n; k++) check_element(L, A, arg + k, A->core.size + (size_t)k);
    }
    make_room(L, A, index, (size_t)n);
    if (full && objects > 0) value_reserve_slots(L, A, index, objects);
    for (int k = 0; k < n; k++) put(L, A, index, A->core.size + (size_t)k, arg + k);
    A->core.size += (size_t)n;
}

/* append(a, ...) -> a */
int method_append(lua_State *L) {
    Array *A = self(L);
    const int n = lua_gettop(L) - 1;
    if (n == 1 && A->core.size < A->core.capacity) {
        put(L, A, 1, A->core.size, 2);
        A->core.size++;
    } else
        append_values(L, A, 1, 2, n);
    lua_settop(L, 1);
    return 1;
}

/* ---------------------------------------------------------------------------------------------
** Extend
*/

/* Pushes element k (from 0) of the source: a table or an array. */
static void fetch(lua_State *L, int source, const Array *B, size_t k) {
    if (B == NULL)
        lua_rawgeti(L, source, (lua_Integer)k + 1);
    else if (k < B->core.size)
        push_element(L, B, source, k);
    else
        fail_changed(L);
}

/* How many of n elements need a slot, for a value array. */
static size_t count_objects(lua_State *L, int source, const Array *B, size_t n) {
    size_t objects = 0;
    for (size_t k = 0; k < n; k++) {
        fetch(L, source, B, k);
        objects += value_needs_slot(L, -1);
        lua_pop(L, 1);
    }
    return objects;
}

static void check_elements(lua_State *L, const Array *A, int source, const Array *B, size_t n) {
    for (size_t k = 0; k < n; k++) {
        fetch(L, source, B, k);
        check_element(L, A, -1, A->core.size + k);
        lua_pop(L, 1);
    }
}

static void extend_fetched(lua_State *L, Array *A, int index, int source, const Array *B, size_t n) {
    const bool full = n > A->core.capacity - A->core.size;
    size_t objects = 0;
    if (full && A->core.fixed) fail_status(L, A, DYNARRAY_FIXED, 0);
    if (holds_values(A)) {
        objects = count_objects(L, source, B, n);
        value_reserve_slots(L, A, index, objects);
    } else if (full)
        check_elements(L, A, source, B, n);
    make_room(L, A, index, n);
    if (full && holds_values(A))
        value_reserve_slots(L, A, index, count_objects(L, source, B, n));
    for (size_t k = 0; k < n; k++) {
        fetch(L, source, B, k);
        put(L, A, index, A->core.size + k, lua_gettop(L));
        lua_pop(L, 1);
    }
    A->core.size += n;
}

static void extend_array(lua_State *L, Array *A, int index, int source, const Array *B) {
    const size_t n = B->core.size;
    if (A->core.type != B->core.type || holds_values(A)) {
        extend_fetched(L, A, index, source, B, n);
        return;
    }
    make_room(L, A, index, n);
    if (B->core.size < n) fail_changed(L);
    if (n > 0)
        memcpy(element_at(A, A->core.size), B->core.data, n * A->core.element_size);
    A->core.size += n;
}

/*
** Sources that run Lua code (iterators, tables with metamethods) are read into an array of their own
** first: whatever they do or raise, ours is only changed once all is there.
*/
static Array *collect(lua_State *L, const Array *A, int source) {
    const bool iterator = lua_isfunction(L, source);
    const lua_Integer n = iterator ? LUA_MAXINTEGER : luaL_len(L, source);
    const size_t max_size = A->core.setup->max_size;
    Options options = options_for((dynarray_type)A->core.type);
    Array *B;
    int index;
    if (!iterator && n > DEFAULT_CAPACITY) options.capacity = (size_t)n;
    if (!iterator && max_size != 0 && n > 0 && (size_t)n > max_size - A->core.size)
        fail_status(L, A, DYNARRAY_MAX_SIZE, A->core.size + (size_t)n);
    B = array_new(L, A->state, &options);
    index = lua_gettop(L);
    for (lua_Integer k = 1; k <= n; k++) {
        if (iterator) {
            lua_pushvalue(L, source);
            lua_call(L, 0, 1);
            if (lua_isnil(L, -1)) break;
        } else
            lua_geti(L, source, k);
        if (max_size != 0 && A->core.size + B->core.size >= max_size)
            fail_status(L, A, DYNARRAY_MAX_SIZE, A->core.size + B->core.size + 1);
        check_element(L, A, index + 1, A->core.size + B->core.size); /* names the index in A */
        append_values(L, B, index, index + 1, 1);
        lua_settop(L, index);
    }
    lua_settop(L, index);
    return B;
}

void extend_from(lua_State *L, Array *A, int index, int source) {
    const int top = lua_gettop(L);
    const Array *B = array_test(L, A->state, source);
    luaL_checkstack(L, 8, NULL);
    if (B != NULL)
        extend_array(L, A, index, source, B);
    else if (lua_istable(L, source) && !lua_getmetatable(L, source))
        extend_fetched(L, A, index, source, NULL, (size_t)lua_rawlen(L, source));
    else if (lua_istable(L, source) || lua_isfunction(L, source)) {
        lua_settop(L, top);
        B = collect(L, A, source);
        extend_array(L, A, index, lua_gettop(L), B);
    } else
        luaL_argerror(L, source, /* the argument of extend and from alike */
                      lua_pushfstring(L, "table, dynarray or function expected, got %s",
                                      luaL_typename(L, source)));
    lua_settop(L, top);
}

/* extend(a, source) -> a */
int method_extend(lua_State *L) {
    Array *A = self(L);
    lua_settop(L, 2);
    extend_from(L, A, 1, 2);
    lua_settop(L, 1);
    return 1;
}

/* ---------------------------------------------------------------------------------------------
** Size and capacity
*/

void value_set(lua_State *L, Array *A, int index, size_t i, int arg) {
    uint64_t word = value_encode(L, A, index, arg), old;
    memcpy(&old, element_at(A, i), sizeof old);
    memcpy(element_at(A, i), &word, sizeof word);
    value_release_word(L, A, index, old);
}

void pop_element(lua_State *L, Array *A, int index) {
    const size_t last = A->core.size - 1;
    push_element(L, A, index, last);
    value_release(L, A, index, last, last + 1);
    A->core.size = last;
}

/* pop(a) -> the last element */
int method_pop(lua_State *L) {
    Array *A = self(L);
    if (A->core.size > 0)
        pop_element(L, A, 1);
    else if (A->core.flags & ARRAY_SEQUENCE)
        lua_pushnil(L);
    else
        return luaL_error(L, "pop from an empty array");
    return 1;
}

static void truncate(lua_State *L, Array *A, int index, size_t n) {
    value_release(L, A, index, n, A->core.size);
    A->core.size = n;
}

/* clear(a) -> a */
int method_clear(lua_State *L) {
    truncate(L, self(L), 1, 0);
    lua_settop(L, 1);
    return 1;
}

/* reserve(a, n) -> a */
int method_reserve(lua_State *L) {
    Array *A = self(L);
    size_t n = check_size(L, 2, "capacity", dynarray_max_capacity(A->core.element_size));
    if (n > A->core.capacity) change_capacity(L, A, 1, n);
    lua_settop(L, 1);
    return 1;
}

/* shrink_to_fit(a) -> a */
int method_shrink_to_fit(lua_State *L) {
    Array *A = self(L);
    if (A->core.size < A->core.capacity) change_capacity(L, A, 1, A->core.size);
    lua_settop(L, 1);
    return 1;
}

static void resize_values(lua_State *L, Array *A, int index, size_t n, int arg) {
    const size_t added = n - A->core.size;
    const size_t objects = value_needs_slot(L, arg) ? added : 0;
    value_reserve_slots(L, A, index, objects);
    make_room(L, A, index, added);
    value_reserve_slots(L, A, index, objects);
    for (size_t k = 0; k < added; k++) put(L, A, index, A->core.size + k, arg);
    A->core.size += added;
}

void resize_up(lua_State *L, Array *A, int index, size_t n, int arg) {
    const size_t size = A->core.size;
    uint64_t fill = A->fill;
    if (holds_values(A)) {
        if (arg == 0) {
            value_push(L, A, index, &A->fill);
            arg = lua_gettop(L);
        }
        resize_values(L, A, index, n, arg);
        return;
    }
    if (arg != 0) {
        misfit why = conversions[A->core.type].put(L, arg, &fill);
        if (why != FITS) fail_element(L, (dynarray_type)A->core.type, arg, why, size);
    }
    make_room(L, A, index, n - size);
    if (A->core.size != size) fail_changed(L);
    if (dynarray_resize(&A->core, n, &fill) != DYNARRAY_OK) fail_changed(L);
}

/* resize(a, n [, fill]) -> a */
int method_resize(lua_State *L) {
    Array *A = self(L);
    size_t n = check_size(L, 2, "size", dynarray_max_capacity(A->core.element_size));
    if (n < A->core.size)
        truncate(L, A, 1, n);
    else if (n > A->core.size)
        resize_up(L, A, 1, n, lua_isnone(L, 3) ? 0 : 3);
    lua_settop(L, 1);
    return 1;
}

/* ---------------------------------------------------------------------------------------------
** Copy
*/

static void copy_fetched(lua_State *L, Array *A, int source, const Array *B, size_t n) {
    uint64_t checked;
    if (holds_values(A))
        value_reserve_slots(L, A, 1, count_objects(L, source, B, n));
    else
        for (size_t k = 0; k < n; k++) {
            misfit why;
            fetch(L, source, B, k);
            why = conversions[A->core.type].put(L, -1, &checked);
            if (why != FITS) fail_element(L, (dynarray_type)A->core.type, -1, why, k);
            lua_pop(L, 1);
        }
    value_release(L, A, 1, 0, n < A->core.size ? n : A->core.size);
    for (size_t k = 0; k < n; k++) {
        fetch(L, source, B, k);
        put(L, A, 1, k, lua_gettop(L));
        lua_pop(L, 1);
    }
}

/* copy_from(a, old) -> a */
int method_copy_from(lua_State *L) {
    Array *A = self(L);
    const Array *B = array_test(L, A->state, 2);
    size_t n;
    if (B == NULL && !lua_istable(L, 2))
        luaL_argerror(L, 2, lua_pushfstring(L, "dynarray or table expected, got %s",
                                            luaL_typename(L, 2)));
    lua_settop(L, 2);
    if (B == NULL && lua_getmetatable(L, 2)) {
        lua_settop(L, 2);
        B = collect(L, A, 2);
        lua_replace(L, 2);
    }
    n = B != NULL ? B->core.size : (size_t)lua_rawlen(L, 2);
    if (n > A->core.capacity) luaL_error(L, "Not enough space to copy into");
    if (A == B) n = 0;
    if (B != NULL && B->core.type == A->core.type && !holds_values(A)) {
        if (n > 0) memcpy(A->core.data, B->core.data, n * A->core.element_size);
    } else
        copy_fetched(L, A, 2, B, n);
    if (n > A->core.size) A->core.size = n;
    lua_settop(L, 1);
    return 1;
}
