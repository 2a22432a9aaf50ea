/* source.c: elements from a table, another array or a function. */
#include "lua/array/source.h"

#include <string.h>

#include "core/open_file.h"
#include "lua/array/append.h"
#include "lua/array/argument.h"
#include "lua/array/construction.h"
#include "lua/array/conversion.h"
#include "lua/array/growth.h"
#include "lua/array/view_sync.h"
#include "lua/base/error.h"

void fetch(lua_State *L, int source, const Array *B, size_t k) {
    if (B == NULL)
        lua_rawgeti(L, source, (lua_Integer)k + 1);
    else
        push_element(L, B, source, k);
}

size_t count_objects(lua_State *L, int source, const Array *B, size_t i, size_t n) {
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
** Reserves slots for the objects among n elements of the source. This may run finalizers, so nothing that was read
** from the source before is valid any more: the array and the source are checked again.
*/
static void reserve_for_source(lua_State *L, Array *A, int index, int source, Array *B, size_t n,
                               const before_growth *before) {
    size_t objects;
    if (n <= value_unused_slots(A)) return;
    objects = count_objects(L, source, B, 0, n);
    if (objects <= value_unused_slots(A)) return;
    reserve_or_undo(L, A, index, objects, before);
    view_sync(A);
    if (B != NULL) view_sync(B);
    if (A->core.size != before->size || n > room(A) || (B != NULL && B->core.size < n) ||
        count_objects(L, source, B, 0, n) > value_unused_slots(A))
        fail_changed(L);
}

/* Stores elements i to n - 1 of the source behind the size, all or none; first: see extend_from_as. */
static void store_fetched(lua_State *L, Array *A, int index, int source, Array *B, size_t i,
                          size_t n, size_t first, const before_growth *before) {
    if (holds_values(A)) {
        reserve_for_source(L, A, index, source, B, n, before);
        i = 0; /* finalizers may have written there */
    }
    for (; i < n; i++) {
        const size_t at = A->core.size + i;
        fetch(L, source, B, i);
        if (holds_values(A)) {
            const uint64_t word = value_encode_top(L, A, index);
            memcpy(element_at(A, at), &word, sizeof word);
        } else {
            const misfit why = conversions[A->core.type].put(L, -1, element_at(A, at));
            if (why != FITS) {
                undo_growth(A, before);
                fail_element(L, (dynarray_type)A->core.type, -1, why, first + i);
            }
            lua_pop(L, 1);
        }
    }
}

static size_t extend_table(lua_State *L, Array *A, int index, int source, size_t first) {
    before_growth before;
    misfit why;
    size_t n, done = 0;
    compat_check_stack(L, READ_BATCH + 8);
    check_open(L, A); /* a finalizer may have closed it */
    before = note_growth(A);
    n = (size_t)lua_rawlen(L, source);
    make_room(L, A, index, n);
    if (n == 0) return 0;
    if (!lua_getmetatable(L, source)) /* somebody may have given it one while the array grew */
        done = conversions[A->core.type].read(L, source, 1, n, element_at(A, A->core.size), &why);
    if (done < n)
        store_fetched(L, A, index, source, NULL, done, n, first,
                      &before); /* or raises an error that says why not */
    array_set_size(&A->core, A->core.size + n);
    return n;
}

static size_t extend_array(lua_State *L, Array *A, int index, int source, Array *B, size_t first) {
    /* objects were counted before, and there must not be more of them now */
    if (may_alias(A, B) || (holds_values(A) && is_shared(B) && !holds_values(B)))
        B = push_copy(L, B);
    const size_t n = B->core.size;
    const before_growth before = note_growth(A);
    make_room(L, A, index, n);
    check_still_has(L, B, n); /* it may be a view of A */
    if (n == 0) return 0;
    if (A->core.type == B->core.type && !holds_values(A))
        memmove(element_at(A, A->core.size), B->core.data, n * A->core.element_size);
    else
        store_fetched(L, A, index, source, B, 0, n, first, &before);
    array_set_size(&A->core, A->core.size + n);
    return n;
}

Array *collect(lua_State *L, const Array *A, int source, size_t first, size_t most) {
    const bool iterator = lua_isfunction(L, source);
    const lua_Integer n = iterator ? LUA_MAXINTEGER : luaL_len(L, source);
    Options options = options_for((dynarray_type)A->core.type);
    Array *B;
    int index;
    if (!iterator && n > 0 && (lua_Unsigned)n > SIZE_MAX >> 1) /* unreached: 32-bit systems */
        /* unreached: as above */
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
        check_element(L, A, index + 1, first + B->core.size); /* the error names the index in A */
        append_values(L, B, index, index + 1, 1);
        lua_settop(L, index);
    }
    lua_settop(L, index);
    return B;
}

/* How many elements max_size still allows. */
static size_t most_more(const Array *A) {
    const size_t max_size = A->core.setup->max_size;
    return max_size == 0 ? SIZE_MAX : max_size - A->core.size;
}

bool is_list(lua_State *L, int index) {
    bool list = lua_istable(L, index);
    if (lua_type(L, index) != LUA_TUSERDATA) return list;
    list = luaL_getmetafield(L, index, "__len") != LUA_TNIL;
    if (list) lua_pop(L, 1);
    if (!list || luaL_getmetafield(L, index, "__index") == LUA_TNIL) return false;
    lua_pop(L, 1);
    return true;
}

size_t extend_from_as(lua_State *L, Array *A, int index, int source, size_t first) {
    const int top = lua_gettop(L);
    Array *B = array_test(L, A->state, source);
    size_t n = 0;
    if (B != NULL)
        n = extend_array(L, A, index, source, B, first);
    else if (lua_istable(L, source) && !lua_getmetatable(L, source))
        n = extend_table(L, A, index, source, first);
    else if (is_list(L, source) || lua_isfunction(L, source)) {
        lua_settop(L, top);
        check_not_fixed(L, A);
        B = collect(L, A, source, first, most_more(A));
        n = extend_array(L, A, index, lua_gettop(L), B, first);
    } else
        luaL_argerror(L, source, /* the same argument in extend and from */
                      lua_pushfstring(L, "table, dynarray or function expected, got %s",
                                      luaL_typename(L, source)));
    lua_settop(L, top);
    return n;
}

void extend_from(lua_State *L, Array *A, int index, int source) {
    extend_from_as(L, A, index, source, A->core.size);
}

Array *put_copy_in_place(lua_State *L, int index) {
    const Array *const B = lua_touserdata(L, index);
    Options options = options_for((dynarray_type)B->core.type);
    Array *C;
    options.capacity = B->core.size;
    C = array_new(L, B->state, &options);
    extend_from(L, C, lua_gettop(L), index);
    check_unchanged(L, C, options.capacity); /* a finalizer may have changed what was copied */
    lua_replace(L, index);
    return C;
}
