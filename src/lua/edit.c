/* edit.c: methods that change the array. */
#include <string.h>

#include "lua/private.h"

/* ---------------------------------------------------------------------------------------------
** Room, and slots for objects
*/

static size_t count_needing_slots(lua_State *L, int arg, size_t n) {
    size_t objects = 0;
    uint64_t word;
    for (size_t k = 0; k < n; k++) objects += !value_plain(L, arg + (int)k, &word);
    return objects;
}

static size_t room(const Array *A) { return A->core.capacity - A->core.size; }

/* reserve(a, n): slots for n objects, to be called protected */
static int reserve_slots(lua_State *L) {
    Array *A = lua_touserdata(L, 1);
    value_reserve_slots(L, A, 1, (size_t)lua_tointeger(L, 2));
    return 0;
}

/* What to go back to if an operation fails after the array grew; first: see extend_from_as. */
typedef struct undo {
    size_t size, capacity, first;
    dynarray_stats stats;
} undo;

static undo before_growth(const Array *A, size_t first) {
    undo before = {A->core.size, A->core.capacity, first, stats_of(A)};
    return before;
}

static void undo_all(Array *A, const undo *before) {
    undo_growth(A, before->capacity, &before->stats);
}

/* value_reserve_slots; if memory runs out, the array gets its old capacity back. */
static void reserve_or_undo(lua_State *L, Array *A, int index, size_t objects, const undo *before) {
    lua_pushcfunction(L, reserve_slots);
    lua_pushvalue(L, index);
    lua_pushinteger(L, (lua_Integer)objects);
    if (lua_pcall(L, 2, 0, 0) == LUA_OK) return;
    check_open(L, A); /* by a finalizer */
    undo_all(A, before);
    lua_error(L);
}

/*
** Room first, since limits bound it, then slots; getting these may run code that uses up the room, and then
** that is an error.
*/
static void make_room_and_slots(lua_State *L, Array *A, int index, size_t n, size_t objects) {
    const undo before = before_growth(A, 0);
    make_room(L, A, index, n);
    if (A->core.capacity == before.capacity)
        value_reserve_slots(L, A, index, objects);
    else if (objects > value_unused_slots(A))
        reserve_or_undo(L, A, index, objects, &before);
    if (n > room(A)) fail_changed(L);
}

/* ---------------------------------------------------------------------------------------------
** Append
*/

void append_values(lua_State *L, Array *A, int index, int arg, int count) {
    const size_t n = (size_t)count;
    const conversion *convert = &conversions[A->core.type];
    uint64_t *words;
    misfit why;
    if (n == 0) return;
    if (n <= room(A)) {
        const size_t done = convert->take(L, arg, n, element_at(A, A->core.size), &why);
        if (why != FITS)
            fail_element(L, (dynarray_type)A->core.type, arg + (int)done, why, A->core.size + done);
        if (done == n) {
            A->core.size += n;
            return;
        }
    }
    if (A->core.fixed && n > room(A)) fail_status(L, A, DYNARRAY_FIXED, 0);
    if (!holds_values(A)) { /* what does not fit must not have made the array grow */
        for (size_t k = 0; k < n; k++) check_element(L, A, arg + (int)k, A->core.size + k);
        make_room(L, A, index, n);
        convert->take(L, arg, n, element_at(A, A->core.size), &why);
    } else {
        make_room_and_slots(L, A, index, n, count_needing_slots(L, arg, n));
        words = element_at(A, A->core.size);
        for (size_t k = 0; k < n; k++) words[k] = value_encode(L, A, index, arg + (int)k);
    }
    A->core.size += n;
}

/* A growth, an object, many, or an error. */
static SLOW_PATH int append_slow(lua_State *L, Array *A) {
    append_values(L, A, 1, 2, lua_gettop(L) - 1);
    lua_settop(L, 1);
    return 1;
}

/* append(a, ...) -> a */
int method_append(lua_State *L) {
    Array *A = self_writable(L);
    if (lua_gettop(L) == 2 && A->core.size < A->core.capacity &&
        put_element(L, A, A->core.size, 2) == FITS) {
        A->core.size++;
        lua_pushvalue(L, 1); /* cheaper than lua_settop */
        return 1;
    }
    return append_slow(L, A);
}

/* ---------------------------------------------------------------------------------------------
** Extend
*/

/* Pushes element k (from 0) of the source: a table, or the array B. */
static void fetch(lua_State *L, int source, const Array *B, size_t k) {
    if (B == NULL)
        lua_rawgeti(L, source, (lua_Integer)k + 1);
    else
        push_element(L, B, source, k);
}

/* How many of the elements i to n - 1 need a slot. */
static size_t count_objects(lua_State *L, int source, const Array *B, size_t i, size_t n) {
    size_t objects = 0;
    uint64_t word;
    for (; i < n; i++) {
        fetch(L, source, B, i);
        objects += !value_plain(L, -1, &word);
        lua_pop(L, 1);
    }
    return objects;
}

/*
** Slots for what the n elements of the source need. That may run finalizers: afterwards, nothing that
** was read from the source before holds, and the array and the source are looked at again.
*/
static void reserve_for_source(lua_State *L, Array *A, int index, int source, Array *B, size_t n,
                               const undo *before) {
    const size_t objects = count_objects(L, source, B, 0, n);
    if (objects <= value_unused_slots(A)) return;
    reserve_or_undo(L, A, index, objects, before);
    view_sync(A);
    if (B != NULL) view_sync(B);
    if (A->core.size != before->size || n > room(A) || (B != NULL && B->core.size < n) ||
        count_objects(L, source, B, 0, n) > value_unused_slots(A))
        fail_changed(L);
}

/* Stores elements i to n - 1 of the source behind the size, all or none. */
static void store_fetched(lua_State *L, Array *A, int index, int source, Array *B, size_t i,
                          size_t n, const undo *before) {
    if (holds_values(A)) {
        reserve_for_source(L, A, index, source, B, n, before);
        i = 0; /* finalizers may have written behind the size */
    }
    for (; i < n; i++) {
        const size_t at = A->core.size + i;
        fetch(L, source, B, i);
        if (holds_values(A)) {
            const uint64_t word = value_encode(L, A, index, lua_gettop(L));
            memcpy(element_at(A, at), &word, sizeof word);
        } else {
            const misfit why = conversions[A->core.type].put(L, -1, element_at(A, at));
            if (why != FITS) {
                undo_all(A, before);
                fail_element(L, (dynarray_type)A->core.type, -1, why, before->first + i);
            }
        }
        lua_pop(L, 1);
    }
}

static size_t extend_table(lua_State *L, Array *A, int index, int source, size_t first) {
    const size_t n = (size_t)lua_rawlen(L, source);
    const undo before = before_growth(A, first);
    misfit why;
    size_t done = 0;
    luaL_checkstack(L, READ_BATCH + 8, NULL);
    make_room(L, A, index, n);
    if (n == 0) return 0;
    if (!lua_getmetatable(L, source)) /* else it was given one while the array grew */
        done = conversions[A->core.type].read(L, source, 1, n, element_at(A, A->core.size), &why);
    if (done < n)
        store_fetched(L, A, index, source, NULL, done, n, &before); /* or raises why not */
    A->core.size += n;
    return n;
}

static size_t extend_array(lua_State *L, Array *A, int index, int source, Array *B, size_t first) {
    const size_t n = B->core.size;
    const undo before = before_growth(A, first);
    make_room(L, A, index, n);
    view_sync(B); /* it may be a view of A */
    if (B->core.size < n) fail_changed(L);
    if (n == 0) return 0;
    if (A->core.type == B->core.type && !holds_values(A))
        memcpy(element_at(A, A->core.size), B->core.data, n * A->core.element_size);
    else
        store_fetched(L, A, index, source, B, 0, n, &before);
    A->core.size += n;
    return n;
}

/*
** Sources that run Lua code (iterators, tables with metamethods) are read into an array of their own
** first: whatever they do or raise, ours is only changed once all is there. first: the index, from 0,
** that the first element will have; most: how many there may be.
*/
static Array *collect(lua_State *L, const Array *A, int source, size_t first, size_t most) {
    const bool iterator = lua_isfunction(L, source);
    const lua_Integer n = iterator ? LUA_MAXINTEGER : luaL_len(L, source);
    Options options = options_for((dynarray_type)A->core.type);
    Array *B;
    int index;
    if (!iterator && n > 0 && (lua_Unsigned)n > SIZE_MAX >> 1)
        fail_status(L, A, DYNARRAY_TOO_LARGE, SIZE_MAX >> 1);
    if (!iterator && n > DEFAULT_CAPACITY) options.capacity = (size_t)n;
    if (!iterator && n > 0 && (size_t)n > most)
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
        if (B->core.size >= most)
            fail_status(L, A, DYNARRAY_MAX_SIZE, A->core.size + B->core.size + 1);
        check_element(L, A, index + 1, first + B->core.size); /* names the index in A */
        append_values(L, B, index, index + 1, 1);
        lua_settop(L, index);
    }
    lua_settop(L, index);
    return B;
}

/* How many elements max_size leaves room for. */
static size_t most_more(const Array *A) {
    const size_t max_size = A->core.setup->max_size;
    return max_size == 0 ? SIZE_MAX : max_size - A->core.size;
}

size_t extend_from_as(lua_State *L, Array *A, int index, int source, size_t first) {
    const int top = lua_gettop(L);
    Array *B = array_test(L, A->state, source);
    size_t n = 0;
    if (B != NULL)
        n = extend_array(L, A, index, source, B, first);
    else if (lua_istable(L, source) && !lua_getmetatable(L, source))
        n = extend_table(L, A, index, source, first);
    else if (lua_istable(L, source) || lua_isfunction(L, source)) {
        lua_settop(L, top);
        if (A->core.fixed) fail_status(L, A, DYNARRAY_FIXED, 0);
        B = collect(L, A, source, first, most_more(A));
        n = extend_array(L, A, index, lua_gettop(L), B, first);
    } else
        luaL_argerror(L, source, /* the argument of extend and from alike */
                      lua_pushfstring(L, "table, dynarray or function expected, got %s",
                                      luaL_typename(L, source)));
    lua_settop(L, top);
    return n;
}

void extend_from(lua_State *L, Array *A, int index, int source) {
    extend_from_as(L, A, index, source, A->core.size);
}

/* extend(a, source) -> a */
int method_extend(lua_State *L) {
    Array *A = self_writable(L);
    if (lua_gettop(L) > 2) lua_settop(L, 2);
    extend_from(L, A, 1, 2);
    lua_settop(L, 1);
    return 1;
}

/* ---------------------------------------------------------------------------------------------
** Size and capacity
*/

void value_set(lua_State *L, Array *A, int index, size_t i, int arg) {
    uint64_t word, *place;
    if (!value_plain(L, arg, &word)) {
        value_reserve_slots(L, A, index, 1);
        view_sync(A);
        if (i >= A->core.size) fail_index(L, A, (lua_Integer)i + 1); /* a finalizer shortened it */
        word = value_encode(L, A, index, arg);
    }
    place = element_at(A, i);
    value_release_word(L, A, index, *place);
    *place = word;
}

void pop_element(lua_State *L, Array *A, int index) {
    const size_t last = A->core.size - 1;
    if (A->core.fixed) fail_status(L, A, DYNARRAY_FIXED, 0);
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

void truncate_to(lua_State *L, Array *A, int index, size_t n) {
    if (A->core.fixed && n < A->core.size) fail_status(L, A, DYNARRAY_FIXED, 0);
    value_release(L, A, index, n, A->core.size);
    A->core.size = n;
}

/* clear(a) -> a */
int method_clear(lua_State *L) {
    truncate_to(L, self(L), 1, 0);
    lua_settop(L, 1);
    return 1;
}

/* reserve(a, n) -> a */
int method_reserve(lua_State *L) {
    Array *A = self(L);
    size_t n = check_size(L, 2, "capacity", 0, dynarray_max_capacity(A->core.element_size));
    if (n > A->core.capacity) change_capacity(L, A, 1, n);
    lua_settop(L, 1);
    return 1;
}

/* shrink_to_fit(a) -> a */
int method_shrink_to_fit(lua_State *L) {
    Array *A = self(L);
    if (A->core.size < A->core.capacity) change_capacity(L, A, 1, A->core.size);
    holding *h = A->holding;
    if (h != NULL && h->slots > 0 && h->anchored == 0 &&
        !(A->core.flags & (ARRAY_SCRIPTED | ARRAY_OBSERVED))) {
        lua_pushnil(L); /* the table had nothing but unused slots */
        lua_setiuservalue(L, 1, 1);
        A->has_table = false;
        h->slots = h->free_slot = 0;
    }
    lua_settop(L, 1);
    return 1;
}

static void resize_values(lua_State *L, Array *A, int index, size_t n, int arg) {
    const size_t size = A->core.size;
    uint64_t *words;
    make_room_and_slots(L, A, index, n - size, count_needing_slots(L, arg, 1) * (n - size));
    if (A->core.size != size) fail_changed(L);
    words = A->core.data;
    for (size_t k = size; k < n; k++) words[k] = value_encode(L, A, index, arg);
    A->core.size = n;
}

void resize_up(lua_State *L, Array *A, int index, size_t n, int arg) {
    const size_t size = A->core.size;
    uint64_t fill = fill_of(A);
    if (holds_values(A)) {
        if (arg == 0) {
            value_push(L, A, index, &fill);
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
    Array *A = self_writable(L);
    size_t n = check_size(L, 2, "size", 0, dynarray_max_capacity(A->core.element_size));
    if (n < A->core.size)
        truncate_to(L, A, 1, n);
    else if (n > A->core.size)
        resize_up(L, A, 1, n, lua_isnone(L, 3) ? 0 : 3);
    lua_settop(L, 1);
    return 1;
}

/* ---------------------------------------------------------------------------------------------
** Copy
*/

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

/* First all are checked, then all are copied. */
static void copy_numbers(lua_State *L, Array *A, int source, const Array *B, size_t n) {
    const conversion *convert = &conversions[A->core.type];
    for (int checked = 0; checked <= 1; checked++)
        for (size_t k = 0; k < n; k++) {
            uint64_t element;
            misfit why;
            fetch(L, source, B, k);
            why = convert->put(L, -1, checked ? element_at(A, k) : &element);
            if (why != FITS) fail_element(L, (dynarray_type)A->core.type, -1, why, k);
            lua_pop(L, 1);
        }
}

/* Puts a copy in place of the source at that index, which shares its objects with the array. */
static Array *copy_source(lua_State *L, int source, const Array *B) {
    Options options = options_for((dynarray_type)B->core.type);
    Array *C;
    options.capacity = B->core.size;
    C = array_new(L, B->state, &options);
    extend_from(L, C, lua_gettop(L), source);
    lua_replace(L, source);
    return C;
}

/* copy_from(a, old) -> a */
int method_copy_from(lua_State *L) {
    Array *A = self_writable(L);
    Array *B = array_test(L, A->state, 2);
    size_t n;
    if (B == NULL && !lua_istable(L, 2))
        luaL_argerror(
            L, 2, lua_pushfstring(L, "dynarray or table expected, got %s", luaL_typename(L, 2)));
    lua_settop(L, 2);
    if (B == NULL && lua_getmetatable(L, 2)) {
        lua_settop(L, 2);
        B = collect(L, A, 2, 0, SIZE_MAX);
        lua_replace(L, 2);
    }
    if (B != NULL && B != A && holds_values(A) && anchor_owner(B) == anchor_owner(A))
        B = copy_source(L, 2, B);
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
    if (n > A->core.size) A->core.size = n;
    lua_settop(L, 1);
    return 1;
}
