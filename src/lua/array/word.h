/*
** word.h: any Lua value in 64 bits, the elements of value arrays.
**
** A word is a double, or lies among the negative quiet NaNs with a payload, which no arithmetic
** produces:
**
**     0xFFF9 ...  nil, false, true
**     0xFFFA ...  the slot of an anchored object, see anchor.h
**     0xFFFC to 0xFFFF ...  an integer of 50 bits
**
** What fits nowhere (strings, tables, 64-bit integers past 50 bits, odd NaNs) is anchored.
*/
#ifndef BINDING_WORD_H
#define BINDING_WORD_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "lua/base/compat.h"
#include "lua/base/error.h"

/* The upper 16 bits of those that are no float, and integers. */
#define VALUE_WORD(tag) ((uint64_t)(tag) << 48)
#define VALUE_CONSTANT_TAG 0xFFF9
#define VALUE_SLOT_TAG 0xFFFA
#define VALUE_INTEGER_TAG 0xFFFC
#define VALUE_INTEGER_BITS 50
#define VALUE_INTEGER_HALF ((lua_Integer)1 << (VALUE_INTEGER_BITS - 1))

#define VALUE_NIL VALUE_WORD(VALUE_CONSTANT_TAG)
#define VALUE_FALSE (VALUE_NIL | 1)
#define VALUE_TRUE (VALUE_NIL | 2)

/* The word of an integer 0 <= i < 2^49. */
static inline uint64_t value_of_count(uint64_t i) { return VALUE_WORD(VALUE_INTEGER_TAG) | i; }

static inline bool value_is_anchored(uint64_t word) { return word >> 48 == VALUE_SLOT_TAG; }

/* The word of an object in that slot, and back. */
static inline uint64_t value_of_slot(uint32_t slot) { return VALUE_WORD(VALUE_SLOT_TAG) | slot; }

static inline uint32_t value_slot(uint64_t word) { return (uint32_t)word; }

/* Whether the word is a number itself; those that are anchored are others. */
static inline bool value_is_plain_number(uint64_t word) {
    return word >> 48 != VALUE_SLOT_TAG && word >> 48 != VALUE_CONSTANT_TAG;
}

static inline bool value_is_nil(uint64_t word) { return word == VALUE_NIL; }

/* Whether the word is a float, but no NaN; an integer. */
bool value_is_float(uint64_t word);
bool value_is_integer(uint64_t word);

/* Turns the sign bit of integers' words: then their order is that of the words, and back. */
void value_flip_signs(uint64_t *words, size_t n);

/* Pushes the value of the word; false, and nothing is pushed, if it is anchored. */
static inline bool value_push_plain(lua_State *L, uint64_t word) {
    if (word >= VALUE_WORD(VALUE_INTEGER_TAG)) {
        /* sign-extended without shifting a negative number */
        const uint64_t sign = (uint64_t)1 << (VALUE_INTEGER_BITS - 1);
        const uint64_t low = word & (((uint64_t)1 << VALUE_INTEGER_BITS) - 1);
        lua_pushinteger(L, (lua_Integer)((low ^ sign) - sign));
    } else if (word < VALUE_WORD(VALUE_CONSTANT_TAG)) {
        lua_Number number;
        memcpy(&number, &word, sizeof number);
        lua_pushnumber(L, number);
    } else if (word >= VALUE_WORD(VALUE_SLOT_TAG))
        return false;
    else if (word == VALUE_NIL)
        lua_pushnil(L);
    else
        lua_pushboolean(L, word == VALUE_TRUE);
    return true;
}

/* value_plain for all that is no small number. */
bool value_plain_other(lua_State *L, int arg, uint64_t *word);

/*
** The word of the value at arg, false if it needs a slot. Never raises. Two calls of the API for an
** integer and for a fraction, where asking for the type first would take three: a number that is no
** whole one cannot be an integer, and what is no number reads as 0. One call for a fraction whose type
** is known, else -1.
*/
static inline bool value_plain_typed(lua_State *L, int arg, int type, uint64_t *word) {
    const lua_Number half = (lua_Number)VALUE_INTEGER_HALF;
    const lua_Number x = lua_tonumber(L, arg);
    if (x >= -half && x < half) {
        const lua_Integer i = (lua_Integer)x;
        if ((lua_Number)i != x) { /* unless it is a string */
            memcpy(word, &x, sizeof *word);
            if ((type < 0 ? lua_type(L, arg) : type) == LUA_TNUMBER) return true;
        } else if (lua_isinteger(L, arg)) {
            *word = VALUE_WORD(VALUE_INTEGER_TAG) | (lua_Unsigned)i;
            return true;
        }
    }
    return value_plain_other(L, arg, word);
}

static inline bool value_plain(lua_State *L, int arg, uint64_t *word) {
    return value_plain_typed(L, arg, -1, word);
}

/* How many of the n values from arg on need a slot. */
size_t count_needing_slots(lua_State *L, int arg, size_t n);

#endif
