/*
** search.c: finds elements. In numeric arrays a kernel searches. In value arrays words are compared where that is
** enough; otherwise Lua's == and < compare the values.
*/
#include "lua/methods/search.h"

#include <math.h>

#include "core/bound.h"
#include "core/search.h"
#include "lua/array/append.h"
#include "lua/array/argument.h"
#include "lua/array/comparison.h"
#include "lua/array/construction.h"
#include "lua/array/conversion.h"
#include "lua/array/truncate.h"
#include "lua/array/view_sync.h"

#define WORDS_MOST 3 /* the most words that equal one number: 0, 0.0 and -0.0 */

/* Integers beyond this may be anchored, and then their words cannot be compared. */
#define PLAIN_NUMBERS ((lua_Number)((lua_Integer)1 << 49))

/* The value that is searched for: as an element, or as the words of all values that equal it. */
typedef struct wanted {
    uint64_t words[WORDS_MOST];
    unsigned count; /* number of words; 0: == must compare; NONE: there is no such element */
} wanted;
#define NONE 4u

/* Adds the word of the value on the top of the stack, which needs no slot, and pops that. */
static void add_word(lua_State *L, wanted *w) {
    (void)value_plain(L, -1, &w->words[w->count++]);
    lua_pop(L, 1);
}

static wanted words_equal_to(lua_State *L, int arg) {
    wanted w = {{0}, 0};
    const int type = lua_type(L, arg);
    int is_integer;
    lua_Integer i;
    lua_Number x;
    if (type == LUA_TNIL || type == LUA_TBOOLEAN) {
        lua_pushvalue(L, arg);
        add_word(L, &w);
    }
    if (type != LUA_TNUMBER) return w;
    x = lua_tonumber(L, arg);
    if (!(fabs((double)x) < (double)PLAIN_NUMBERS)) return w;
    lua_pushnumber(L, x);
    add_word(L, &w);
    i = lua_tointegerx(L, arg, &is_integer);
    if (is_integer) {
        lua_pushinteger(L, i);
        add_word(L, &w);
    }
    if (x == 0) {
        lua_pushnumber(L, -x);
        add_word(L, &w);
    }
    return w;
}

static wanted check_wanted(lua_State *L, const Array *A, int arg) {
    wanted w = {{0}, 1};
    luaL_checkany(L, arg);
    if (holds_values(A)) return words_equal_to(L, arg);
    if (lua_type(L, arg) == LUA_TFUNCTION) /* a predicate, as others take it */
        luaL_argerror(L, arg,
                      "number expected, got function: indices and where take a condition as text");
    if (conversions[A->core.type].put(L, arg, w.words) != FITS) w.count = NONE;
    if (dynarray_is_float((dynarray_type)A->core.type) &&
        w.count != NONE) { /* conversion may round it */
        conversions[A->core.type].push(L, A, 1, w.words);
        if (!lua_rawequal(L, -1, arg)) w.count = NONE;
        lua_pop(L, 1);
    }
    return w;
}

static bool is_wanted(const wanted *w, uint64_t word) {
    for (unsigned k = 0; k < w->count; k++)
        if (w->words[k] == word) return true;
    return false;
}

/* Whether element i equals the value at arg. May run metamethods. */
static bool equals(lua_State *L, Array *A, size_t i, int arg) {
    bool equal;
    push_element(L, A, 1, i);
    equal = lua_compare(L, -1, arg, LUA_OPEQ);
    lua_pop(L, 1);
    view_sync(A);
    return equal;
}

/* The first index >= i of an element that equals the value at arg; the size or more if there is none. */
static size_t find(lua_State *L, Array *A, const wanted *w, int arg, size_t i) {
    if (w->count == NONE) return A->core.size;
    if (!holds_values(A)) return dynarray_index_of(&A->core, i, w->words);
    if (w->count == 0)
        while (i < A->core.size && !equals(L, A, i, arg)) i++;
    else
        while (i < A->core.size && !is_wanted(w, ((const uint64_t *)A->core.data)[i])) i++;
    return i;
}

/* index_of(a, v [, from]) -> the first index >= from of an element that equals v, or nil */
static int method_index_of(lua_State *L) {
    Array *A = self_most(L, 3);
    size_t i = lua_isnoneornil(L, 3) ? 1 : check_size(L, 3, "index", 1, SIZE_MAX >> 1);
    const wanted w = check_wanted(L, A, 2);
    i = find(L, A, &w, 2, i - 1);
    if (i < A->core.size)
        lua_pushinteger(L, (lua_Integer)i + 1);
    else
        lua_pushnil(L);
    return 1;
}

/* contains(a, v) -> whether an element equals v */
static int method_contains(lua_State *L) {
    Array *A = self_most(L, 2);
    const wanted w = check_wanted(L, A, 2);
    lua_pushboolean(L, find(L, A, &w, 2, 0) < A->core.size);
    return 1;
}

/* count(a, v) -> how many elements equal v */
static int method_count(lua_State *L) {
    Array *A = self_most(L, 2);
    const wanted w = check_wanted(L, A, 2);
    size_t count = 0;
    if (!holds_values(A) && w.count != NONE)
        count = dynarray_count(&A->core, w.words);
    else
        for (size_t i = find(L, A, &w, 2, 0); i < A->core.size; i = find(L, A, &w, 2, i + 1))
            count++;
    lua_pushinteger(L, (lua_Integer)count);
    return 1;
}

/* ---------------------------------------------------------------------------------------------
** Sorted arrays
*/

/*
** The index of the first element that is not less than the value at arg or, if `after`, that is greater. If `less` is
** not 0, the comparator there compares.
*/
static size_t bound(lua_State *L, Array *A, int arg, int less, bool after) {
    size_t low = 0, high = A->core.size;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        bool before;
        push_element(L, A, 1, middle);
        before = after ? !value_less(L, less, arg, -1) : value_less(L, less, -1, arg);
        lua_pop(L, 1);
        check_still_has(L, A, high); /* a metamethod or the comparator may do anything */
        if (before)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Pushes an int64 array with the place of each element of V, which is argument 2. */
static void push_bounds_of_all(lua_State *L, Array *A, Array *V, int less, bool after) {
    const size_t n = V->core.size;
    Array *const places = array_new_plain(L, A, DYNARRAY_INT64, n);
    const int top = lua_gettop(L);
    check_unchanged(L, V, n);
    view_sync(A);
    if (less == 0 && !holds_values(A) && !holds_values(V))
        dynarray_bounds(&A->core, &V->core, after, places->core.data);
    else
        for (size_t k = 0; k < n; k++) {
            check_unchanged(L, V, n);
            push_element(L, V, 2, k);
            ((int64_t *)places->core.data)[k] = (int64_t)bound(L, A, top + 1, less, after) + 1;
            lua_settop(L, top);
        }
    dynarray_set_size(&places->core, n);
}

static int push_bound(lua_State *L, bool after) {
    Array *const A = self_most(L, 3), *V;
    const int less = check_less(L, 3);
    luaL_checkany(L, 2);
    lua_settop(L, 3);
    V = array_test(L, A->state, 2);
    if (V != NULL)
        push_bounds_of_all(L, A, V, less, after);
    else
        lua_pushinteger(L, (lua_Integer)bound(L, A, 2, less, after) + 1);
    return 1;
}

/*
** lower_bound(a, v [, less]) -> the index of the first element not less than v; #a + 1 if all are less. If v is an array,
** an int64 array of the index for each of its elements
*/
static int method_lower_bound(lua_State *L) { return push_bound(L, false); }

/* upper_bound(a, v [, less]) -> the same for the first element greater than v; #a + 1 if there is none */
static int method_upper_bound(lua_State *L) { return push_bound(L, true); }

/* insert_sorted(a, v [, less]) -> a, the index of v, which is behind elements that equal it */
static int method_insert_sorted(lua_State *L) {
    Array *A = self_writable_most(L, 3);
    const size_t before = A->core.size;
    const int less = check_less(L, 3);
    size_t place;
    luaL_checkany(L, 2);
    lua_settop(L, 3);
    check_not_fixed(L, A);
    check_element(L, A, 2, before);
    if (!holds_values(A)) { /* the element is compared, which may be rounded */
        uint64_t element;
        conversions[A->core.type].put(L, 2, &element);
        conversions[A->core.type].push(L, A, 1, &element);
        lua_replace(L, 2);
    }
    place = bound(L, A, 2, less, true);
    check_unchanged(L, A, before);
    append_values(L, A, 1, 2, 1);
    if (A->core.size != before + 1) { /* an observer changed the array: v is removed again */
        truncate_to(L, A, 1, A->core.size - 1);
        fail_changed(L);
    }
    move_appended(L, A, 1, place, 1);
    lua_settop(L, 1);
    lua_pushinteger(L, (lua_Integer)place + 1);
    return 2;
}

const luaL_Reg search_methods[] = {
    {"index_of", method_index_of},
    {"contains", method_contains},
    {"count", method_count},
    {"lower_bound", method_lower_bound},
    {"upper_bound", method_upper_bound},
    {"insert_sorted", method_insert_sorted},
    {NULL, NULL},
};
