/*
** anchor.c: keeps the objects of value arrays alive. An object is in a slot, where the collector sees it, and the word
** of the element has the number of the slot. Each slot belongs to one word, so words may move freely.
**
** The first slots are user values of the array, its own slots, if it has some; a bit says whether each is free. All
** other slots are in the table that is its first user value. Free ones form a list through their values.
*/
#include "lua/array/anchor.h"

#include <limits.h>
#include <string.h>

#include "lua/array/holding.h"
#include "lua/array/user_table.h"
#include "lua/array/view_sync.h"
#include "lua/base/error.h"

anchors push_anchors(lua_State *L, const Array *A, int index) {
    const int owner = lua_gettop(L) + 1;
    const anchors result = {owner, owner + 1};
    push_anchor_owner(L, A, index);
    lua_getiuservalue(L, owner, 1);
    return result;
}

/* Pops the value on the top of the stack into own slot `slot` of the array, or of the parent of the view. */
static void set_own_slot(lua_State *L, const Array *A, int index, uint32_t slot) {
    if (A->core.flags & ARRAY_VIEW) {
        push_anchor_owner(L, A, index);
        lua_insert(L, -2);
        lua_setiuservalue(L, -2, 1 + (int)slot);
        lua_pop(L, 1);
    } else
        lua_setiuservalue(L, index, 1 + (int)slot);
}

void value_push(lua_State *L, const Array *A, int index, const void *element) {
    uint64_t word;
    memcpy(&word, element, sizeof word);
    if (value_push_plain(L, word)) return;
    if (value_slot(word) <= MOST_OWN_SLOTS && !(A->core.flags & ARRAY_VIEW))
        lua_getiuservalue(L, index, 1 + (int)value_slot(word));
    else {
        const anchors from = push_anchors(L, A, index);
        push_anchored(L, &from, word);
        lua_replace(L, from.owner);
        lua_pop(L, 1);
    }
}

bool value_has_objects(Array *A) {
    const Array *owner = anchor_owner(A);
    return own_taken(owner) != 0 || (owner->holding != NULL && owner->holding->anchored > 0);
}

size_t value_unused_slots(Array *A) {
    const Array *owner = anchor_owner(A);
    const holding *h = owner->holding;
    size_t unused = h != NULL ? h->slots - h->anchored : 0;
    for (unsigned bits = owner->own_free; bits != 0; bits &= bits - 1) unused++;
    return unused;
}

#define MORE_SLOTS 16 /* made at once, where objects come one by one */

void value_reserve_slots(lua_State *L, Array *A, int index, size_t n) {
    const int top = lua_gettop(L);
    holding *h;
    size_t missing, more;
    A = anchor_owner(A);
    if (n == 1 && A->own_free != 0) return;
    missing = value_unused_slots(A);
    if (n <= missing) return;
    missing = n - missing;
    if (A->inline_bytes > 0 && COMPAT_MANY_USER_VALUES) A->state->expects_objects = true;
    luaL_checkstack(L, 6, NULL);
    push_anchor_owner(L, lua_touserdata(L, index),
                      index); /* here, since finalizers may close a view */
    holding_require(L, A);
    /* unreached: 2^32 objects need more than 64 GiB */
    if (n > UINT32_MAX - MOST_OWN_SLOTS - A->holding->slots) fail_memory(L);
    /* unreached: likewise 2^31 objects */
    push_user_table(L, top + 1, missing < INT_MAX ? (int)missing : 0);
    h = A->holding;
    more = h->slots < MORE_SLOTS ? h->slots : MORE_SLOTS;
    while (n > value_unused_slots(A) || (n == 1 && more-- > 0)) {
        lua_pushinteger(L, h->free_slot); /* the new slot joins the list when it exists */
        lua_rawseti(L, -2, (lua_Integer)h->slots + 1);
        h->free_slot = ++h->slots;
    }
    lua_settop(L, top);
}

/* Takes a free own slot, of which there is at least one. */
static uint32_t take_own_slot(Array *owner) {
    const unsigned free = owner->own_free;
    uint32_t slot = 1;
#if defined(__GNUC__)
    slot += (uint32_t)__builtin_ctz(free);
#else
    while (!(free & 1u << (slot - 1))) slot++;
#endif
    owner->own_free &= owner->own_free - 1;
    return slot;
}

/* The same for the value on the top of the stack, which it pops. */
static uint64_t fill_own_slot(lua_State *L, const Array *A, int index, Array *owner) {
    const uint32_t slot = take_own_slot(owner);
    set_own_slot(L, A, index, slot);
    return value_of_slot(slot);
}

uint64_t value_anchor_own(lua_State *L, Array *A, int index) {
    const uint32_t slot = take_own_slot(A);
    lua_setiuservalue(L, index, 1 + (int)slot);
    return value_of_slot(slot);
}

uint64_t value_anchor(lua_State *L, Array *A, int index, int arg) {
    Array *owner = anchor_owner(A);
    holding *h = owner->holding;
    uint32_t slot;
    if (owner->own_free != 0) {
        lua_pushvalue(L, arg);
        return fill_own_slot(L, A, index, owner);
    }
    /* unreached block: a slot was reserved, and no code runs from there to here; without one, memory would be lost */
    if (h == NULL || h->free_slot == 0) {
        fail_changed(L);
        return VALUE_NIL;
    }
    slot = h->free_slot;
    arg = lua_absindex(L, arg);
    index = push_anchors(L, A, lua_absindex(L, index)).table;
    lua_rawgeti(L, index, slot);
    h->free_slot = (uint32_t)lua_tointeger(L, -1);
    h->anchored++;
    lua_pushvalue(L, arg);
    lua_rawseti(L, index, slot);
    lua_pop(L, 3);
    return value_of_slot(MOST_OWN_SLOTS + slot);
}

uint64_t value_encode(lua_State *L, Array *A, int index, int arg) {
    uint64_t word;
    if (value_plain(L, arg, &word)) return word;
    return value_anchor(L, A, index, arg);
}

uint64_t value_encode_top(lua_State *L, Array *A, int index) {
    Array *owner = anchor_owner(A);
    uint64_t word;
    if (!value_plain(L, -1, &word)) {
        if (owner->own_free != 0) return fill_own_slot(L, A, index, owner);
        word = value_anchor(L, A, index, -1);
    }
    lua_pop(L, 1);
    return word;
}

void value_release_word(lua_State *L, Array *A, int index, uint64_t word) {
    Array *owner = anchor_owner(A);
    holding *h = owner->holding;
    const uint32_t slot = value_slot(word);
    if (!value_is_anchored(word)) return;
    if (slot <= MOST_OWN_SLOTS) {
        lua_pushnil(L);
        set_own_slot(L, A, index, slot);
        owner->own_free |= 1u << (slot - 1);
        return;
    }
    index = push_anchors(L, A, index).table;
    lua_pushinteger(L, h->free_slot);
    h->free_slot = slot - MOST_OWN_SLOTS;
    h->anchored--;
    lua_rawseti(L, index, h->free_slot); /* the key exists, so this allocates nothing */
    lua_pop(L, 2);
}

void value_release(lua_State *L, Array *A, int index, size_t i, size_t j) {
    if (!holds_values(A)) return;
    for (; i < j && value_has_objects(A); i++) {
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
