/* append.c: adds elements at the end, and undoes that after a failure. */
#include "lua/array/append.h"

#include <string.h>

#include "core/open_file.h"
#include "core/rearrange.h"
#include "lua/array/conversion.h"
#include "lua/array/growth.h"
#include "lua/array/holding.h"
#include "lua/array/truncate.h"
#include "lua/array/view_sync.h"
#include "lua/base/error.h"

/* ---------------------------------------------------------------------------------------------
** Room, and slots for objects
*/

/* reserve(a, n): reserves slots for n objects; to be called protected */
static int reserve_slots(lua_State *L) {
    Array *A = lua_touserdata(L, 1);
    value_reserve_slots(L, A, 1, (size_t)lua_tointeger(L, 2));
    return 0;
}

void reserve_or_undo(lua_State *L, Array *A, int index, size_t objects,
                     const before_growth *before) {
    if (objects <= value_unused_slots(A)) return;
    if (A->core.capacity == before->capacity) { /* there is nothing to undo */
        value_reserve_slots(L, A, index, objects);
        return;
    }
    lua_pushcfunction(L, reserve_slots);
    lua_pushvalue(L, index);
    lua_pushinteger(L, (lua_Integer)objects);
    if (lua_pcall(L, 2, 0, 0) == LUA_OK) return;
    check_open(L, A); /* a finalizer may have closed it */
    undo_growth(A, before);
    lua_error(L);
}

/*
** Makes room first, since limits may forbid it, and then reserves slots. To reserve slots may run code that uses up
** the room; that is an error.
*/
static void make_room_and_slots(lua_State *L, Array *A, int index, size_t n, size_t objects) {
    if (n <= room(A))
        value_reserve_slots(L, A, index, objects);
    else {
        const before_growth before = note_growth(A);
        make_room(L, A, index, n);
        reserve_or_undo(L, A, index, objects, &before);
    }
    if (n > room(A)) fail_changed(L);
}

/* ---------------------------------------------------------------------------------------------
** Append
*/

#define FEW 16 /* the most values that are converted into a variable before the array grows */

/* Stores values to `elements`, up to the first that needs a slot; returns how many. */
static size_t take_values(lua_State *L, const Array *A, int arg, size_t n, void *elements) {
    misfit why;
    const size_t done = conversions[A->core.type].take(L, arg, n, elements, &why);
    if (why != FITS)
        fail_element(L, (dynarray_type)A->core.type, arg + (int)done, why, A->core.size + done);
    return done;
}

/* The same without storing them. */
static size_t check_values(lua_State *L, const Array *A, int arg, size_t n) {
    uint64_t element;
    for (size_t k = 0; k < n; k++) {
        check_element(L, A, arg + (int)k, A->core.size + k);
        if (holds_values(A) && !value_plain(L, arg + (int)k, &element)) return k;
    }
    return n;
}

/* Appends n values; the first `plain` of them need no slot, and the next one does. */
static void append_objects(lua_State *L, Array *A, int index, int arg, size_t n, size_t plain) {
    const size_t rest = n - plain - 1;
    uint64_t *words;
    make_room_and_slots(L, A, index, n, 1 + count_needing_slots(L, arg + (int)(n - rest), rest));
    words = element_at(A, A->core.size);
    for (size_t k = 0; k < n; k++)
        words[k] = k == plain ? value_anchor(L, A, index, arg + (int)k)
                              : value_encode(L, A, index, arg + (int)k);
    array_set_size(&A->core, A->core.size + n);
}

void append_values(lua_State *L, Array *A, int index, int arg, int count) {
    const size_t n = (size_t)count;
    const bool has_room = n <= room(A);
    uint64_t few[FEW];
    size_t done;
    if (n == 0) return;
    if (!has_room) check_not_fixed(L, A);
    /* a value that does not fit must not make the array grow */
    if (has_room)
        done = take_values(L, A, arg, n, element_at(A, A->core.size));
    else if (n <= FEW)
        done = take_values(L, A, arg, n, few);
    else
        done = check_values(L, A, arg, n);
    if (done < n) {
        append_objects(L, A, index, arg, n, done);
        return;
    }
    if (!has_room) {
        make_room(L, A, index, n);
        if (n <= FEW)
            memcpy(element_at(A, A->core.size), few, n * A->core.element_size);
        else
            take_values(L, A, arg, n, element_at(A, A->core.size));
    }
    array_set_size(&A->core, A->core.size + n);
}

static void resize_values(lua_State *L, Array *A, int index, size_t n, int arg) {
    const size_t size = A->core.size;
    uint64_t *words;
    make_room_and_slots(L, A, index, n - size, count_needing_slots(L, arg, 1) * (n - size));
    check_unchanged(L, A, size);
    words = A->core.data;
    for (size_t k = size; k < n; k++) words[k] = value_encode(L, A, index, arg);
    array_set_size(&A->core, n);
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
    if (arg != 0) convert_or_fail(L, (dynarray_type)A->core.type, arg, size, &fill);
    make_room(L, A, index, n - size);
    check_unchanged(L, A, size);
    (void)dynarray_resize(&A->core, n, &fill); /* there is room */
}

void move_appended(lua_State *L, Array *A, int index, size_t position, size_t n) {
    const size_t size = A->core.size;
    dynarray tail = A->core;
    if (n == 0) return;
    if (position > size - n) { /* a callback shortened the array, before they were appended */
        truncate_to(L, A, index, size - n);
        fail_changed(L);
    }
    tail.data = element_at(A, position);
    tail.size = size - position;
    dynarray_rotate(&tail, tail.size - n);
}
