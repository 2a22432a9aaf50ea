/*
** order.c: sorting and selection.
**
** The core sorts numbers if there is no comparator. Everything else is a stable merge sort of words that are copied
** out of the array: the comparator may do anything with the array meanwhile. Even one that contradicts itself never
** leads out of bounds. The result is written back if the array is still as it was. It has the same words in another
** order, so each still has its anchored object.
*/
#include "lua/methods/order.h"

#include <math.h>
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
#include "lua/array/window.h"

#define RUN 8 /* parts of this size are sorted by insertion before the merges */

/* ---------------------------------------------------------------------------------------------
** Merge sort
*/

/* An order that was asked for: by a comparator, or by <, perhaps the other way round. */
typedef struct Order {
    int less; /* stack index of the comparator, 0: < */
    bool descending;
} Order;

typedef struct sorter {
    lua_State *L;
    const Array *A;
    uint64_t *words, *spare; /* each has room for n elements */
    const char *elements;    /* NULL, or what the words are the places of, from 1 */
    Order order;
    anchors anchors; /* if the array holds values */
} sorter;

static int fail_sorted(lua_State *L) {
    return luaL_error(L, "array was changed by the comparator while it was sorted");
}

static void push_word(const sorter *s, const uint64_t *word) {
    uint64_t element = *word;
    if (s->elements != NULL) {
        const size_t size = s->A->core.element_size;
        memcpy(&element, s->elements + (*word - 1) * size, size);
    }
    if (holds_values(s->A) && value_is_anchored(element)) {
        if (!push_anchored(s->L, &s->anchors, element)) fail_sorted(s->L);
    } else
        conversions[s->A->core.type].push(s->L, s->A, 1, &element);
}

static bool word_less(const sorter *s, const uint64_t *x, const uint64_t *y) {
    lua_State *L = s->L;
    bool less;
    if (s->order.descending) {
        const uint64_t *const swapped = x;
        x = y;
        y = swapped;
    }
    if (s->order.less == 0) {
        push_word(s, x);
        push_word(s, y);
        less = value_less(L, 0, -2, -1);
        lua_pop(L, 2);
        return less;
    }
    /* put below its arguments: to copy them, as value_less does, takes a quarter longer */
    lua_pushvalue(L, s->order.less);
    push_word(s, x);
    push_word(s, y);
    lua_call(L, 2, 1);
    less = lua_toboolean(L, -1);
    lua_pop(L, 1);
    return less;
}

static void insertion(const sorter *s, uint64_t *words, size_t n) {
    for (size_t i = 1; i < n; i++) {
        const uint64_t moved = words[i];
        size_t j = i;
        while (j > 0 && word_less(s, &moved, &words[j - 1])) {
            words[j] = words[j - 1];
            j--;
        }
        words[j] = moved;
    }
}

/* Merges from[0 .. half) and from[half .. n) into to[0 .. n). */
static void merge(const sorter *s, const uint64_t *from, size_t half, size_t n, uint64_t *to) {
    size_t i = 0, j = half, k = 0;
    if (half < n && !word_less(s, &from[half], &from[half - 1])) i = half, j = n;
    if (j == n) memcpy(to, from, n * sizeof *to);
    while (i < half && j < n) to[k++] = word_less(s, &from[j], &from[i]) ? from[j++] : from[i++];
    if (k == 0) return;
    memcpy(to + k, from + i, (half - i) * sizeof *to);
    memcpy(to + k + (half - i), from + j, (n - j) * sizeof *to);
}

/* Sorts s->words; returns the one of the two that has the result. */
static uint64_t *merge_sort(const sorter *s, size_t n) {
    uint64_t *from = s->words, *to = s->spare;
    for (size_t i = 0; i < n; i += RUN) insertion(s, from + i, n - i < RUN ? n - i : RUN);
    for (size_t run = RUN; run < n; run *= 2) {
        uint64_t *const swapped = from;
        for (size_t i = 0; i < n; i += 2 * run) {
            const size_t length = n - i < 2 * run ? n - i : 2 * run;
            merge(s, from + i, length < run ? length : run, length, to + i);
        }
        from = to;
        to = swapped;
    }
    return from;
}

/* ---------------------------------------------------------------------------------------------
** Arrays
*/

/*
** Pushes what holds the words while they are sorted and returns them, or the places, from 1, of the sorted
** words; *before: the array's elements as they were.
*/
static const uint64_t *push_sorted(lua_State *L, Array *A, Order order, bool places,
                                   const void **before) {
    const size_t n = A->core.size, size = A->core.element_size;
    sorter s = {L, A, NULL, NULL, NULL, order, {0, 0}};
    uint64_t *memory;
    luaL_checkstack(L, 8, NULL);
    /* unreached: no array has so many elements */
    if (n > dynarray_max_capacity(3 * sizeof *memory)) fail_memory(L);
    memory = lua_newuserdatauv(L, (3 * n + 1) * sizeof *memory, 0);
    check_unchanged(L, A, n); /* by a finalizer */
    *before = memory;
    if (n == 0) return memory;
    if (holds_values(A)) s.anchors = push_anchors(L, A, 1);
    memcpy(memory, A->core.data, n * size);
    s.words = memory + n;
    s.spare = memory + 2 * n;
    for (size_t i = 0; i < n; i++) {
        s.words[i] = places ? i + 1 : 0;
        if (!places) memcpy(&s.words[i], element_at(A, i), size);
    }
    if (places) s.elements = (const char *)memory;
    return merge_sort(&s, n);
}

/* Writes back what was sorted, if the array still has the same words: others may anchor nothing any more. */
static void check_as_before(lua_State *L, Array *A, size_t n, const void *before) {
    view_sync(A);
    if (A->core.size != n || (n > 0 && memcmp(before, A->core.data, n * A->core.element_size) != 0))
        fail_sorted(L);
}

static void sort_by_comparison(lua_State *L, Array *A, Order order) {
    const size_t n = A->core.size, size = A->core.element_size;
    const void *before;
    const uint64_t *sorted = push_sorted(L, A, order, false, &before);
    check_as_before(L, A, n, before);
    for (size_t i = 0; i < n; i++) memcpy(element_at(A, i), &sorted[i], size);
}

/* Whether the test is true for all words of a value array. */
static bool all_words(const Array *A, bool (*test)(uint64_t)) {
    const uint64_t *words = A->core.data;
    for (size_t i = 0; i < A->core.size; i++)
        if (!test(words[i])) return false;
    return true;
}

/* Words that are all integers, or all floats, are sorted as such, in place. */
static bool sort_plain_words(Array *A) {
    dynarray words = A->core;
    if (all_words(A, value_is_float))
        words.type = DYNARRAY_FLOAT64;
    else if (all_words(A, value_is_integer))
        words.type = DYNARRAY_UINT64;
    else
        return false;
    if (words.type == DYNARRAY_UINT64) value_flip_signs(words.data, words.size);
    dynarray_sort(&words);
    if (words.type == DYNARRAY_UINT64) value_flip_signs(words.data, words.size);
    return true;
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
    lua_settop(L, 2);
    if (order.less == 0 && !holds_values(A))
        (order.descending ? dynarray_sort_descending : dynarray_sort)(&A->core);
    else if (order.less != 0 || !sort_plain_words(A))
        sort_by_comparison(L, A, order);
    else if (order.descending)
        dynarray_reverse(&A->core);
    lua_settop(L, 1);
    return 1;
}

/* sort(a [, less | "descending"]) -> a */
static int method_sort(lua_State *L) { return sort(L); }

/* sort_stable(a [, less | "descending"]) -> a; elements that are equal keep their order, as they do in sort so far */
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
    Order order = {check_less(L, 3), true};
    const size_t n = A->core.size, count = k < n ? k : n;
    const int64_t *indices;
    Options options = options_like(A);
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
        sorted = !value_less(L, less, -2, -1);
        lua_settop(L, 2);
        view_sync(A);
    }
    lua_pushboolean(L, sorted);
    return 1;
}

/* Pushes the elements that would be k to k + count - 1 (from 0) if the array were sorted. */
static void push_nth(lua_State *L, Array *A, size_t k, size_t count) {
    if (holds_values(A)) {
        const size_t n = A->core.size;
        const Order natural = {0, false};
        const void *before;
        const uint64_t *sorted = push_sorted(L, A, natural, false, &before);
        check_as_before(L, A, n, before);
        for (size_t i = k; i < k + count; i++) value_push(L, A, 1, &sorted[i]);
        return;
    }
    for (size_t i = k; i < k + count; i++) {
        uint64_t element;
        dynarray_nth(&A->core, i, &element);
        conversions[A->core.type].push(L, A, 1, &element);
    }
}

/* nth(a, k) -> the element that would be at k if the array were sorted */
static int method_nth(lua_State *L) {
    Array *A = self_most(L, 2);
    const size_t k = check_place(L, A, 2, A->core.size);
    lua_settop(L, 2);
    push_nth(L, A, k, 1);
    return 1;
}

static lua_Number check_ranked(lua_State *L, int index) {
    if (lua_type(L, index) != LUA_TNUMBER)
        luaL_error(L, "percentile needs numbers, got a %s value", luaL_typename(L, index));
    return lua_tonumber(L, index);
}

/*
** The number at `rank` (0 to 1) of the way from low to high, low <= high. It is never outside of them, and a greater
** rank never gives less. If both have the same sign, their difference is finite; otherwise both terms grow with the
** rank.
*/
static lua_Number between(lua_Number low, lua_Number high, lua_Number rank) {
    lua_Number x;
    if (low == high) return low; /* infinities, too */
    if (isnan(high)) return high;
    if (isinf(low) && isinf(high)) return rank < 0.5 ? low : high;
    if (low <= 0 && high >= 0) return low * (1 - rank) + high * rank;
    if (isinf(low)) return low;
    x = low + (high - low) * rank;
    return x > high ? high : x;
}

/* Pushes that percentile of an array that is not empty: linear between the nearest two elements. */
static void push_percentile(lua_State *L, Array *A, lua_Number p) {
    const size_t last = A->core.size - 1;
    lua_Number rank = p / 100 * (lua_Number)last, low, high;
    const size_t k = (size_t)rank < last ? (size_t)rank : last;
    rank -= (lua_Number)k;
    push_nth(L, A, k, rank > 0 ? 2 : 1);
    low = check_ranked(L, rank > 0 ? -2 : -1);
    high = check_ranked(L, -1);
    lua_pushnumber(L, between(low, high, rank));
}

/* percentile(a, p, ...) -> a number for each p, nil for an empty array */
static int method_percentile(lua_State *L) {
    Array *A = self(L);
    const int count = lua_gettop(L) - 1;
    luaL_checknumber(L, 2);
    for (int arg = 2; arg <= count + 1; arg++) {
        const lua_Number p = lua_tonumber(L, arg);
        luaL_argcheck(L, lua_type(L, arg) == LUA_TNUMBER && p >= 0 && p <= 100, arg,
                      "percentile out of range (0 to 100)");
    }
    for (int arg = 2; arg <= count + 1; arg++) {
        const lua_Number p = lua_tonumber(L, arg);
        view_sync(A);
        if (A->core.size == 0)
            lua_pushnil(L);
        else
            push_percentile(L, A, p);
        lua_replace(L, arg);
        lua_settop(L, count + 1);
    }
    return count;
}

/* median(a) -> percentile(a, 50) */
static int method_median(lua_State *L) {
    check_most(L, 1);
    lua_settop(L, 1);
    lua_pushinteger(L, 50);
    return method_percentile(L);
}

const luaL_Reg order_methods[] = {
    {"sort", method_sort},
    {"sort_stable", method_sort_stable},
    {"is_sorted", method_is_sorted},
    {"nth", method_nth},
    {"percentile", method_percentile},
    {"argsort", method_argsort},
    {"median", method_median},
    {"top", method_top},
    {NULL, NULL},
};
