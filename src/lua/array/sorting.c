/*
** sorting.c: the elements of an array in sorted order.
**
** The core sorts numbers if there is no comparator. Everything else is a stable merge sort of words that are copied
** out of the array: the comparator may do anything with the array meanwhile. Even one that contradicts itself never
** leads out of bounds.
*/
#include "lua/array/sorting.h"

#include <string.h>

#include "core/sort.h"
#include "lua/array/anchor.h"
#include "lua/array/comparison.h"
#include "lua/array/conversion.h"
#include "lua/array/view_sync.h"
#include "lua/base/error.h"

#define RUN 8 /* parts of this size are sorted by insertion before the merges */

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

/* Checks the first two elements; for others of their kind, Lua raises the same error without the caller's line. */
static void check_first(const sorter *s) {
    push_word(s, &s->words[0]);
    push_word(s, &s->words[1]);
    if (lua_type(s->L, -2) == LUA_TTABLE) check_comparable(s->L, -2, -1, NO_ELEMENT);
    lua_pop(s->L, 2);
}

const uint64_t *push_sorted(lua_State *L, Array *A, Order order, bool places, const void **before) {
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
    if (n > 1 && order.less == 0) check_first(&s);
    return merge_sort(&s, n);
}

void check_as_before(lua_State *L, Array *A, size_t n, const void *before) {
    if (!has_kept_size(A, n) ||
        (n > 0 && memcmp(before, A->core.data, n * A->core.element_size) != 0))
        fail_sorted(L);
}

/* Whether the test is true for all words of a value array. */
static bool all_words(const Array *A, bool (*test)(uint64_t)) {
    const uint64_t *words = A->core.data;
    for (size_t i = 0; i < A->core.size; i++)
        if (!test(words[i])) return false;
    return true;
}

dynarray plain_words(const Array *A) {
    dynarray words = A->core;
    if (all_words(A, value_is_float))
        words.type = DYNARRAY_FLOAT64;
    else if (all_words(A, value_is_integer))
        words.type = DYNARRAY_UINT64;
    return words;
}

void sort_plain_words(dynarray *words) {
    if (words->type == DYNARRAY_UINT64) value_flip_signs(words->data, words->size);
    dynarray_sort(words);
    if (words->type == DYNARRAY_UINT64) value_flip_signs(words->data, words->size);
}

void push_nth(lua_State *L, Array *A, size_t k, size_t count) {
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
