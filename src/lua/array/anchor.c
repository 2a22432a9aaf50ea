/*
** anchor.c: keeps the objects of value arrays alive. An object is in a slot of the table that is the user value of
** the array, where the collector sees it, and the word of the element has the number of the slot. Each slot
** belongs to one word, so words may move freely. Free slots form a list through their values.
*/
#include "lua/array/anchor.h"

#include <string.h>

#include "lua/array/holding.h"
#include "lua/array/user_table.h"
#include "lua/array/window.h"
#include "lua/base/error.h"

/* Pushes the table of the objects anchored by the array, or by the parent of a view. */
static void push_anchors(lua_State *L, const Array *A, int index) {
    push_anchor_owner(L, A, index);
    lua_getiuservalue(L, -1, 1);
    lua_replace(L, -2);
}

void value_push(lua_State *L, const Array *A, int index, const void *element) {
    uint64_t word;
    memcpy(&word, element, sizeof word);
    if (value_push_plain(L, word)) return;
    push_anchors(L, A, index);
    lua_rawgeti(L, -1, value_slot(word));
    lua_replace(L, -2);
}

size_t value_unused_slots(Array *A) {
    const holding *h = anchor_owner(A)->holding;
    return h != NULL ? h->slots - h->anchored : 0;
}

void value_reserve_slots(lua_State *L, Array *A, int index, size_t n) {
    const int top = lua_gettop(L);
    holding *h;
    A = anchor_owner(A);
    if (n <= value_unused_slots(A)) return;
    luaL_checkstack(L, 6, NULL);
    push_anchor_owner(L, lua_touserdata(L, index),
                      index); /* here, since finalizers may close a view */
    holding_require(L, A);
    if (n > UINT32_MAX - A->holding->slots) fail_memory(L);
    push_user_table(L, top + 1, n < 64 ? (int)n : 64);
    h = A->holding;
    while (n > value_unused_slots(A)) { /* the new slot joins the list when it exists */
        lua_pushinteger(L, h->free_slot);
        lua_rawseti(L, -2, (lua_Integer)h->slots + 1);
        h->free_slot = ++h->slots;
    }
    lua_settop(L, top);
}

uint64_t value_anchor(lua_State *L, Array *A, int index, int arg) {
    holding *h = anchor_owner(A)->holding;
    uint32_t slot;
    if (h == NULL || h->free_slot == 0) { /* it was reserved, but a finalizer took it */
        fail_changed(L);
        return VALUE_NIL; /* never reached */
    }
    slot = h->free_slot;
    arg = lua_absindex(L, arg);
    push_anchors(L, lua_touserdata(L, index), lua_absindex(L, index));
    lua_rawgeti(L, -1, slot);
    h->free_slot = (uint32_t)lua_tointeger(L, -1);
    h->anchored++;
    lua_pop(L, 1);
    lua_pushvalue(L, arg);
    lua_rawseti(L, -2, slot);
    lua_pop(L, 1);
    return value_of_slot(slot);
}

uint64_t value_encode(lua_State *L, Array *A, int index, int arg) {
    uint64_t word;
    if (value_plain(L, arg, &word)) return word;
    return value_anchor(L, A, index, arg);
}

void value_release_word(lua_State *L, Array *A, int index, uint64_t word) {
    holding *h;
    if (!value_is_anchored(word)) return;
    h = anchor_owner(A)->holding;
    if (h == NULL) return; /* the array was closed meanwhile */
    push_anchors(L, A, index);
    lua_pushinteger(L, h->free_slot);
    h->free_slot = value_slot(word);
    h->anchored--;
    lua_rawseti(L, -2, h->free_slot); /* the key exists, so this allocates nothing */
    lua_pop(L, 1);
}

void value_release(lua_State *L, Array *A, int index, size_t i, size_t j) {
    const Array *owner = anchor_owner(A);
    if (!holds_values(A)) return;
    for (; i < j && owner->holding != NULL && owner->holding->anchored > 0; i++) {
        uint64_t word;
        memcpy(&word, element_at(A, i), sizeof word);
        value_release_word(L, A, index, word);
    }
}

void value_set(lua_State *L, Array *A, int index, size_t i, int arg) {
    uint64_t word, *place;
    if (!value_plain(L, arg, &word)) {
        value_reserve_slots(L, A, index, 1);
        view_sync(A);
        if (i >= A->core.size)
            fail_index(L, A, (lua_Integer)i + 1); /* a finalizer shortened the array */
        word = value_encode(L, A, index, arg);
    }
    place = element_at(A, i);
    value_release_word(L, A, index, *place);
    *place = word;
}

void value_drop_slots(lua_State *L, Array *A, int index) {
    holding *h = A->holding;
    if (h == NULL || h->slots == 0 || h->anchored > 0) return;
    if (A->core.flags & (ARRAY_SCRIPTED | ARRAY_OBSERVED))
        return; /* the table holds functions, too */
    lua_pushnil(L);
    lua_setiuservalue(L, index, 1);
    A->has_table = false;
    h->slots = h->free_slot = 0;
}
