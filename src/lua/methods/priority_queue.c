/*
** priority_queue.c: heap_push, heap_pop, heapify: priority queues, which are binary heaps with the least element first.
**
** A comparator may do anything. Therefore elements are first compared along a path, whose places are remembered. Then the
** words are moved along these places, if the array still has its size, so that none is lost or doubled.
*/
#include "lua/methods/priority_queue.h"

#include <string.h>

#include "lua/array/append.h"
#include "lua/array/argument.h"
#include "lua/array/comparison.h"
#include "lua/array/conversion.h"
#include "lua/array/truncate.h"
#include "lua/array/view_sync.h"
#include "lua/base/error.h"

#define MOST_LEVELS 64
#define HEAP_ARRAY 1 /* index of the array */

typedef struct queue {
    lua_State *L;
    Array *A;
    size_t n;        /* elements of the heap */
    size_t size;     /* size that the array must have after each comparison */
    int less;        /* stack index of the comparator; 0: Lua's < */
    anchors anchors; /* table is 0 if there was none: a comparison may make it later */
} queue;

static void push_queued(const queue *q, size_t i) {
    uint64_t word;
    if (q->anchors.table != 0) {
        memcpy(&word, element_at(q->A, i), sizeof word);
        if (value_is_anchored(word)) {
            push_anchored(q->L, &q->anchors, word);
            return;
        }
    }
    push_element(q->L, q->A, HEAP_ARRAY, i);
}

/* Compares two words that are both floats or both integers; returns false for others. */
static bool plain_less(uint64_t x, uint64_t y, bool *less) {
    if (value_is_float(x) && value_is_float(y)) {
        double a, b;
        memcpy(&a, &x, sizeof a);
        memcpy(&b, &y, sizeof b);
        *less = a < b;
        return true;
    }
    if (!value_is_integer(x) || !value_is_integer(y)) return false;
    *less = (x ^ (uint64_t)VALUE_INTEGER_HALF) < (y ^ (uint64_t)VALUE_INTEGER_HALF);
    return true;
}

static bool queued_less(const queue *q, size_t i, size_t j) {
    lua_State *const L = q->L;
    bool less;
    if (q->less == 0) {
        const uint64_t *const words = q->A->core.data;
        if (holds_values(q->A) && plain_less(words[i], words[j], &less)) return less;
        push_queued(q, i);
        push_queued(q, j);
        less = value_less(L, 0, -2, -1);
        lua_pop(L, 2);
    } else {
        lua_pushvalue(L, q->less);
        push_queued(q, i);
        push_queued(q, j);
        lua_call(L, 2, 1);
        less = lua_toboolean(L, -1);
        lua_pop(L, 1);
    }
    check_unchanged(L, q->A, q->size);
    return less;
}

static queue new_queue(lua_State *L, Array *A, int less, size_t n) {
    queue q = {L, A, n, A->core.size, less, {0, 0}};
    luaL_checkstack(L, LUA_MINSTACK, NULL);
    if (!holds_values(A)) return q;
    q.anchors = push_anchors(L, A, HEAP_ARRAY);
    if (!lua_istable(L, q.anchors.table)) q.anchors.table = 0;
    return q;
}

/* Moves the element at the first place to the last one, and all others one place towards the first. */
static void shift_along(const Array *A, const size_t *places, size_t count) {
    const size_t size = A->core.element_size;
    uint64_t moved;
    memcpy(&moved, element_at(A, places[0]), size);
    for (size_t k = 1; k < count; k++)
        memcpy(element_at(A, places[k - 1]), element_at(A, places[k]), size);
    memcpy(element_at(A, places[count - 1]), &moved, size);
}

/* Moves the last element up to its place. */
static void sift_up(const queue *q) {
    size_t places[MOST_LEVELS], count = 1;
    places[0] = q->n - 1;
    while (places[count - 1] > 0) {
        const size_t parent = (places[count - 1] - 1) / 2;
        if (!queued_less(q, q->n - 1, parent)) break;
        places[count++] = parent;
    }
    shift_along(q->A, places, count);
}

/* Whether the value at stack index 2, which no element is yet, is less than an element. */
static bool pushed_less(const queue *q, size_t i) {
    lua_State *const L = q->L;
    uint64_t word;
    bool less;
    if (q->less == 0 && value_plain(L, 2, &word) &&
        plain_less(word, ((const uint64_t *)q->A->core.data)[i], &less))
        return less;
    if (q->less != 0) lua_pushvalue(L, q->less);
    lua_pushvalue(L, 2);
    push_queued(q, i);
    if (q->less == 0) {
        if (q->size == 1 && lua_istable(L, 2)) check_comparable(L, -2, -1, NO_ELEMENT);
        less = value_less(L, 0, -2, -1);
        lua_pop(L, 2);
    } else {
        lua_call(L, 2, 1);
        less = lua_toboolean(L, -1);
        lua_pop(L, 1);
    }
    check_unchanged(L, q->A, q->size);
    return less;
}

/*
** The same for an element that is to be appended: if a comparison raises an error, the array has not changed yet. An
** observer that changes the array is noticed by its size.
*/
static void push_and_sift(const queue *q) {
    size_t places[MOST_LEVELS], count = 1;
    places[0] = q->n;
    while (places[count - 1] > 0) {
        const size_t parent = (places[count - 1] - 1) / 2;
        if (!pushed_less(q, parent)) break;
        places[count++] = parent;
    }
    append_values(q->L, q->A, HEAP_ARRAY, 2, 1);
    check_unchanged(q->L, q->A, q->n + 1);
    shift_along(q->A, places, count);
}

/*
** Finds the place of element `moved` below `top`, as a path from there: down to a leaf by the lesser children, with one
** comparison a level, and up again, which is seldom far. Returns how many places the path has.
*/
static size_t path_down(const queue *q, size_t top, size_t moved, size_t *places) {
    size_t count = 1, child = 2 * top + 1;
    places[0] = top;
    while (child < q->n) {
        if (child + 1 < q->n && queued_less(q, child + 1, child)) child++;
        places[count++] = child;
        child = 2 * child + 1;
    }
    while (count > 1 && !queued_less(q, places[count - 1], moved)) count--;
    return count;
}

/* heap_push(a, x [, less]) -> a */
static int method_heap_push(lua_State *L) {
    Array *A = self_writable_most(L, 3);
    const int less = check_less(L, 3);
    queue q;
    luaL_checkany(L, 2);
    lua_settop(L, 3);
    if (less == 0 && !holds_values(A)) { /* nothing can be raised */
        append_values(L, A, 1, 2, 1);
        view_sync(A);
        q = new_queue(L, A, less, A->core.size);
        if (q.n > 1) sift_up(&q);
    } else {
        check_element(L, A, 2, A->core.size);
        if (!holds_values(A)) { /* the element is compared, which may be rounded */
            uint64_t element;
            conversions[A->core.type].put(L, 2, &element);
            conversions[A->core.type].push(L, A, 1, &element);
            lua_replace(L, 2);
        }
        q = new_queue(L, A, less, A->core.size);
        push_and_sift(&q);
    }
    lua_settop(L, 1);
    return 1;
}

/* heap_pop(a [, less]) -> removes and returns the least element; nil for an empty array */
static int method_heap_pop(lua_State *L) {
    Array *A = self_writable_most(L, 2);
    const int less = check_less(L, 2);
    const size_t n = A->core.size;
    size_t places[MOST_LEVELS + 1];
    lua_settop(L, 2);
    if (n == 0) {
        lua_pushnil(L);
        return 1;
    }
    check_not_fixed(L, A);
    if (n > 1) { /* the last element and the root change places */
        const queue q = new_queue(L, A, less, n - 1);
        const size_t count = path_down(&q, 0, n - 1, places), last = n - 1,
                     size = A->core.element_size;
        uint64_t root, moved;
        memcpy(&root, element_at(A, 0), size);
        memcpy(&moved, element_at(A, last), size);
        shift_along(A, places, count);
        memcpy(element_at(A, places[count - 1]), &moved, size);
        memcpy(element_at(A, last), &root, size);
    }
    pop_element(L, A, 1);
    return 1;
}

/* heapify(a [, less]) -> a, with its elements in the order of a heap */
static int method_heapify(lua_State *L) {
    Array *A = self_writable_most(L, 2);
    const int less = check_less(L, 2);
    size_t places[MOST_LEVELS];
    queue q;
    lua_settop(L, 2);
    q = new_queue(L, A, less, A->core.size);
    for (size_t i = q.n / 2; i-- > 0;) shift_along(A, places, path_down(&q, i, i, places));
    lua_settop(L, 1);
    return 1;
}

const luaL_Reg priority_queue_methods[] = {
    {"heap_push", method_heap_push},
    {"heap_pop", method_heap_pop},
    {"heapify", method_heapify},
    {NULL, NULL},
};
