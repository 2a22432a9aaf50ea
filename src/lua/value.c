/*
** value.c: any Lua value in 64 bits, and objects kept alive.
**
** A word is a double, or lies among the negative quiet NaNs with a payload, which no arithmetic
** produces:
**
**     0xFFF9 ...  nil, false, true
**     0xFFFA ...  the slot of an anchored object
**     0xFFFC to 0xFFFF ...  an integer of 50 bits
**
** What fits nowhere (strings, tables, 64-bit integers past 50 bits, odd NaNs) is anchored: it stands in
** a slot of the table that is the array's user value, where the collector sees it, and the word holds
** the number of the slot. Slots are owned by one word each, so words may move freely. Unused slots
** form a list through their values.
*/
#include <string.h>

#include "lua/private.h"

#define CONSTANT_WORD VALUE_WORD(VALUE_CONSTANT_TAG)
#define SLOT_WORD VALUE_WORD(VALUE_SLOT_TAG)
#define INTEGER_WORD VALUE_WORD(VALUE_INTEGER_TAG)
#define PAYLOAD (((uint64_t)1 << 48) - 1)

enum { NIL_PAYLOAD, FALSE_PAYLOAD, TRUE_PAYLOAD };

#define NIL_WORD (CONSTANT_WORD | NIL_PAYLOAD)

bool value_is_nil(uint64_t word) { return word == NIL_WORD; }

/* Pushes the table of the objects anchored by the array, or by the parent of a view. */
static void push_anchors(lua_State *L, const Array *A, int index) {
    push_anchor_owner(L, A, index);
    lua_getiuservalue(L, -1, 1);
    lua_replace(L, -2);
}

void value_push(lua_State *L, const Array *A, int index, const void *element) {
    uint64_t word;
    memcpy(&word, element, sizeof word);
    if (word >= INTEGER_WORD) {
        /* sign-extended without shifting a negative number */
        uint64_t sign = (uint64_t)1 << (VALUE_INTEGER_BITS - 1);
        uint64_t low = word & (((uint64_t)1 << VALUE_INTEGER_BITS) - 1);
        lua_pushinteger(L, (lua_Integer)((low ^ sign) - sign));
    } else if (word < CONSTANT_WORD) {
        lua_Number number;
        memcpy(&number, &word, sizeof number);
        lua_pushnumber(L, number);
    } else if (word >= SLOT_WORD) {
        push_anchors(L, A, index);
        lua_rawgeti(L, -1, (lua_Integer)(word & PAYLOAD));
        lua_replace(L, -2);
    } else if ((word & PAYLOAD) == NIL_PAYLOAD)
        lua_pushnil(L);
    else
        lua_pushboolean(L, (word & PAYLOAD) == TRUE_PAYLOAD);
}

static bool integer_plain(lua_State *L, int arg, uint64_t *word) {
    const lua_Integer i = lua_tointeger(L, arg);
    *word = INTEGER_WORD | (lua_Unsigned)i;
    return i >= -VALUE_INTEGER_HALF && i < VALUE_INTEGER_HALF;
}

static bool float_plain(lua_State *L, int arg, uint64_t *word) {
    const lua_Number x = lua_tonumber(L, arg);
    memcpy(word, &x, sizeof *word);
    return *word < CONSTANT_WORD;
}

bool value_plain_other(lua_State *L, int arg, uint64_t *word) {
    switch (lua_type(L, arg)) {
    case LUA_TNUMBER:
        return lua_isinteger(L, arg) ? integer_plain(L, arg, word) : float_plain(L, arg, word);
    case LUA_TNIL:
    case LUA_TNONE: *word = NIL_WORD; return true;
    case LUA_TBOOLEAN:
        *word = CONSTANT_WORD | (lua_toboolean(L, arg) ? TRUE_PAYLOAD : FALSE_PAYLOAD);
        return true;
    default: return false;
    }
}

size_t value_take(lua_State *L, int arg, size_t n, void *elements, misfit *why) {
    uint64_t *words = elements;
    size_t k = 0;
    while (k < n && value_plain(L, arg + (int)k, &words[k])) k++;
    *why = FITS;
    return k;
}

size_t value_read(lua_State *L, int source, size_t i, size_t n, void *elements, misfit *why) {
    const int top = lua_gettop(L);
    uint64_t *words = elements;
    bool plain = true;
    size_t k = 0;
    while (k < n && plain) {
        const size_t stop = n - k > READ_BATCH ? k + READ_BATCH : n;
        for (; k < stop; k++) {
            const int type = lua_geti(L, source, (lua_Integer)(i + k));
            plain = value_plain_typed(L, -1, type, &words[k]);
            if (!plain) break;
        }
        lua_settop(L, top);
    }
    *why = FITS;
    return k;
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
    push_anchor_owner(L, lua_touserdata(L, index), index); /* now: finalizers may close a view */
    holding_require(L, A);
    if (n > UINT32_MAX - A->holding->slots) fail_memory(L);
    push_user_table(L, top + 1, n < 64 ? (int)n : 64);
    h = A->holding;
    while (n > value_unused_slots(A)) { /* the new slot joins the list once it exists */
        lua_pushinteger(L, h->free_slot);
        lua_rawseti(L, -2, (lua_Integer)h->slots + 1);
        h->free_slot = ++h->slots;
    }
    lua_settop(L, top);
}

static uint64_t anchor(lua_State *L, Array *A, int index, int arg) {
    holding *h = anchor_owner(A)->holding;
    uint32_t slot;
    if (h == NULL || h->free_slot == 0) { /* reserved, but somebody took it */
        fail_changed(L);
        return NIL_WORD; /* not reached */
    }
    slot = h->free_slot;
    push_anchors(L, lua_touserdata(L, index), index);
    lua_rawgeti(L, -1, slot);
    h->free_slot = (uint32_t)lua_tointeger(L, -1);
    h->anchored++;
    lua_pop(L, 1);
    lua_pushvalue(L, arg);
    lua_rawseti(L, -2, slot);
    lua_pop(L, 1);
    return SLOT_WORD | slot;
}

uint64_t value_encode(lua_State *L, Array *A, int index, int arg) {
    uint64_t word;
    if (value_plain(L, arg, &word)) return word;
    return anchor(L, A, lua_absindex(L, index), lua_absindex(L, arg));
}

void value_release_word(lua_State *L, Array *A, int index, uint64_t word) {
    holding *h;
    if (!value_is_anchored(word)) return;
    h = anchor_owner(A)->holding;
    if (h == NULL) return; /* the array was closed meanwhile */
    push_anchors(L, A, index);
    lua_pushinteger(L, h->free_slot);
    h->free_slot = (uint32_t)(word & PAYLOAD);
    h->anchored--;
    lua_rawseti(L, -2, h->free_slot); /* an existing key: allocates nothing */
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

bool value_is_float(uint64_t word) {
    const uint64_t infinity = VALUE_WORD(0x7FF0), sign = VALUE_WORD(0x8000);
    return (word & ~sign) <= infinity;
}

bool value_is_integer(uint64_t word) { return word >= INTEGER_WORD; }

void value_flip_signs(uint64_t *words, size_t n) {
    for (size_t i = 0; i < n; i++) words[i] ^= (uint64_t)1 << (VALUE_INTEGER_BITS - 1);
}

lua_Integer value_slot(uint64_t word) { return (lua_Integer)(word & PAYLOAD); }
