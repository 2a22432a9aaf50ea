/*
** value_word.h: words: any Lua value in 64 bits. They are the elements of value arrays.
**
** A word is a double, or one of the negative quiet NaNs with a payload, which arithmetic never produces:
**
**     0xFFF9 ...  nil, false, true
**     0xFFFA ...  the slot of an anchored object, see anchor.h
**     0xFFFC to 0xFFFF ...  an integer of 50 bits
**
** All other values (strings, tables, integers of more than 50 bits, odd NaNs) are anchored.
*/
#ifndef BINDING_VALUE_WORD_H
#define BINDING_VALUE_WORD_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "lua/base/compat.h"
#include "lua/base/error.h"

/* The upper 16 bits of words that are no floats, and words of integers. */
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

/* From a slot to the word of the object in it, and back. */
static inline uint64_t value_of_slot(uint32_t slot) { return VALUE_WORD(VALUE_SLOT_TAG) | slot; }

static inline uint32_t value_slot(uint64_t word) { return (uint32_t)word; }

/* Whether the word is a number that is not anchored. */
static inline bool value_is_plain_number(uint64_t word) {
    return word >> 48 != VALUE_SLOT_TAG && word >> 48 != VALUE_CONSTANT_TAG;
}

static inline bool value_is_nil(uint64_t word) { return word == VALUE_NIL; }

/* Whether the word is any float. */
static inline bool value_is_plain_float(uint64_t word) {
    return word < VALUE_WORD(VALUE_CONSTANT_TAG);
}

/* Whether the word is a float but not NaN; whether it is an integer. */
bool value_is_float(uint64_t word);
bool value_is_integer(uint64_t word);

/* Inverts the sign bit of words of integers, so that they sort as their integers do; and back. */
void value_flip_signs(uint64_t *words, size_t n);

/* Pushes the value of the word. If it is anchored, pushes nothing and returns false. */
static inline bool value_push_plain(lua_State *L, uint64_t word) {
    if (word >= VALUE_WORD(VALUE_INTEGER_TAG)) {
        /* extends the sign without shifting a negative number */
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

/* value_plain for values of that Lua type, which are no numbers. */
bool value_plain_other(lua_State *L, int arg, int type, uint64_t *word);

/*
** Makes the word of the value at arg; false if the value needs a slot. Never raises. To ask whether it is an integer
** comes first, since most are; to ask for the number of a string would make Lua read its text. `type` is the Lua type
** if it is known, or -1.
*/
static inline bool value_plain_typed(lua_State *L, int arg, int type, uint64_t *word) {
    if (lua_isinteger(L, arg)) {
        const lua_Integer i = lua_tointegerx(L, arg, NULL);
        *word = VALUE_WORD(VALUE_INTEGER_TAG) | (lua_Unsigned)i;
        return i >= -VALUE_INTEGER_HALF && i < VALUE_INTEGER_HALF;
    }
    if (type < 0) type = lua_type(L, arg);
    if (type == LUA_TNUMBER) {
        const lua_Number x = lua_tonumber(L, arg);
        memcpy(word, &x, sizeof *word);
        return *word < VALUE_WORD(VALUE_CONSTANT_TAG);
    }
    if (type > LUA_TNUMBER) return false; /* an object */
    return value_plain_other(L, arg, type, word);
}

static inline bool value_plain(lua_State *L, int arg, uint64_t *word) {
    return value_plain_typed(L, arg, -1, word);
}

/*
** The same for a number with a fraction, which is no integer: false for all other values. It asks Lua once less, and
** is for a place where a float was, since floats most often replace floats.
*/
static inline bool value_plain_fraction(lua_State *L, int arg, uint64_t *word) {
    const lua_Number half = (lua_Number)VALUE_INTEGER_HALF;
    lua_Number x;
    if (lua_type(L, arg) != LUA_TNUMBER) return false;
    x = lua_tonumber(L, arg);
    if (!(x > -half && x < half) || (lua_Number)(lua_Integer)x == x) return false;
    memcpy(word, &x, sizeof *word);
    return true;
}

/* How many of the n values from arg on need a slot. */
size_t count_needing_slots(lua_State *L, int arg, size_t n);

#endif
