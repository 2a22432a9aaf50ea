/*
** sort.c: sort, argsort, top, nth and their kin. The sort by a comparator is in array/sorting.c.
**
** What is sorted by a comparator is written back if the array is still as it was. It then has the same words in another
** order, so each still has its anchored object.
*/
#include "lua/methods/sort.h"

#include <string.h>

#include "core/argsort.h"
#include "core/rearrange.h"
#include "core/sort.h"
#include "lua/array/append.h"
#include "lua/array/argument.h"
#include "lua/array/comparison.h"
#include "lua/array/construction.h"
#include "lua/array/conversion.h"
#include "lua/array/options.h"
#include "lua/array/sorting.h"
#include "lua/array/view_sync.h"
#include "lua/base/error.h"

static void sort_by_comparison(lua_State *L, Array *A, Order order) {
    const size_t n = A->core.size, size = A->core.element_size;
    const void *before;
    const uint64_t *sorted = push_sorted(L, A, order, false, &before);
    check_as_before(L, A, n, before);
    for (size_t i = 0; i < n; i++) memcpy(element_at(A, i), &sorted[i], size);
}

/* An argument that is "descending", a comparator, or nothing. */
static Order check_order(lua_State *L, int arg) {
    Order order = {0, false};
    if (lua_type(L, arg) == LUA_TSTRING) {
        if (strcmp(name_at(L, arg), "descending") != 0)
            luaL_argerror(L, arg,
                          lua_pushfstring(L, "order expected \"descending\" or a function, got %s",
                                          describe(L, arg)));
        order.descending = true;
    } else
        order.less = check_less(L, arg);
    return order;
}

static int sort(lua_State *L) {
    Array *A = self_writable_most(L, 2);
    const Order order = check_order(L, 2);
    dynarray words = A->core;
    lua_settop(L, 2);
    if (order.less == 0 && !holds_values(A))
        (order.descending ? dynarray_sort_descending : dynarray_sort)(&A->core);
    else if (order.less != 0 || (words = plain_words(A)).type == DYNARRAY_VALUE)
        sort_by_comparison(L, A, order);
    else {
        sort_plain_words(&words);
        if (order.descending) dynarray_reverse(&A->core);
    }
    lua_settop(L, 1);
    return 1;
}

/* sort(a [, less | "descending"]) -> a */
static int method_sort(lua_State *L) { return sort(L); }

/* sort_stable(a [, less | "descending"]) -> a; elements that are equal keep their order, as they do in sort */
static int method_sort_stable(lua_State *L) { return sort(L); }

/* Pushes an array of the indices of the first k elements of that order. */
static void push_order(lua_State *L, Array *A, Order order, size_t k) {
    const size_t n = A->core.size;
    Array *indices = array_new_plain(L, A, DYNARRAY_INT64, k);
    const int index = lua_gettop(L);
    check_unchanged(L, A, n);
    if (order.less != 0 || holds_values(A)) {
        const void *before;
        const uint64_t *sorted = push_sorted(L, A, order, true, &before);
        check_as_before(L, A, n, before);
        if (k > 0) memcpy(indices->core.data, sorted, k * sizeof *sorted);
    } else {
        const dynarray_status status =
            k < n ? dynarray_top(&A->core, k, indices->core.data)
                  : dynarray_argsort(&A->core, order.descending, indices->core.data);
        if (status != DYNARRAY_OK) fail_status(L, A, status, n);
    }
    dynarray_set_size(&indices->core, k);
    lua_settop(L, index);
}

/* argsort(a [, less | "descending"]) -> an int64 array of the indices in the order of their elements; stable */
static int method_argsort(lua_State *L) {
    Array *A = self_most(L, 2);
    const Order order = check_order(L, 2);
    lua_settop(L, 2);
    push_order(L, A, order, A->core.size);
    return 1;
}

/* top(a, k [, less]) -> an array of the k greatest elements, the greatest first, and one of their indices */
static int method_top(lua_State *L) {
    Array *A = self_most(L, 3), *best;
    const size_t k = check_size(L, 2, "count", 0, PTRDIFF_MAX);
    Order order = {0, true};
    const size_t n = A->core.size, count = k < n ? k : n;
    const int64_t *indices;
    Options options = options_like(A);
    if (lua_type(L, 3) == LUA_TSTRING)
        luaL_argerror(L, 3, "function expected, got string: (-a):top(k) has the least elements");
    order.less = check_less(L, 3);
    lua_settop(L, 3);
    options.capacity = count;
    best = array_new(L, A->state, &options);
    check_unchanged(L, A, n);
    push_order(L, A, order, count);
    check_unchanged(L, A, n);
    indices = ((const Array *)lua_touserdata(L, 5))->core.data;
    for (size_t i = 0; i < count; i++) {
        if (holds_values(A)) {
            push_element(L, A, 1, (size_t)indices[i] - 1);
            append_values(L, best, 4, 6, 1); /* which may run finalizers */
            lua_settop(L, 5);
            check_unchanged(L, A, n);
        } else
            dynarray_extend(&best->core, element_at(A, (size_t)indices[i] - 1), 1);
    }
    return 2;
}

/* is_sorted(a [, less]) -> whether no element is less than the one before it */
static int method_is_sorted(lua_State *L) {
    Array *A = self_most(L, 2);
    const int less = check_less(L, 2);
    bool sorted = true;
    lua_settop(L, 2);
    if (less == 0 && !holds_values(A)) {
        lua_pushboolean(L, dynarray_is_sorted(&A->core));
        return 1;
    }
    for (size_t i = 1; sorted && i < A->core.size; i++) {
        push_element(L, A, 1, i);
        push_element(L, A, 1, i - 1);
        if (i == 1 && less == 0 && lua_istable(L, -1)) check_comparable(L, -2, -1, NO_ELEMENT);
        sorted = !value_less(L, less, -2, -1);
        lua_settop(L, 2);
        view_sync(A);
    }
    lua_pushboolean(L, sorted);
    return 1;
}

/* nth(a, k) -> the element that would be at k if the array were sorted */
static int method_nth(lua_State *L) {
    Array *A = self_most(L, 2);
    const size_t k = check_place(L, A, 2, A->core.size);
    lua_settop(L, 2);
    push_nth(L, A, k, 1);
    return 1;
}

const luaL_Reg sort_methods[] = {
    {"sort", method_sort}, {"sort_stable", method_sort_stable}, {"is_sorted", method_is_sorted},
    {"nth", method_nth},   {"argsort", method_argsort},         {"top", method_top},
    {NULL, NULL},
};
