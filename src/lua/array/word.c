/* word.c: any Lua value in 64 bits: the functions that are not inlined. */
#include "lua/array/word.h"

static bool integer_plain(lua_State *L, int arg, uint64_t *word) {
    const lua_Integer i = lua_tointeger(L, arg);
    *word = VALUE_WORD(VALUE_INTEGER_TAG) | (lua_Unsigned)i;
    return i >= -VALUE_INTEGER_HALF && i < VALUE_INTEGER_HALF;
}

static bool float_plain(lua_State *L, int arg, uint64_t *word) {
    const lua_Number x = lua_tonumber(L, arg);
    memcpy(word, &x, sizeof *word);
    return *word < VALUE_WORD(VALUE_CONSTANT_TAG);
}

bool value_plain_other(lua_State *L, int arg, uint64_t *word) {
    switch (lua_type(L, arg)) {
    case LUA_TNUMBER:
        return lua_isinteger(L, arg) ? integer_plain(L, arg, word) : float_plain(L, arg, word);
    case LUA_TNIL:
    case LUA_TNONE: *word = VALUE_NIL; return true;
    case LUA_TBOOLEAN: *word = lua_toboolean(L, arg) ? VALUE_TRUE : VALUE_FALSE; return true;
    default: return false;
    }
}

bool value_is_float(uint64_t word) {
    const uint64_t infinity = VALUE_WORD(0x7FF0), sign = VALUE_WORD(0x8000);
    return (word & ~sign) <= infinity;
}

bool value_is_integer(uint64_t word) { return word >= VALUE_WORD(VALUE_INTEGER_TAG); }

void value_flip_signs(uint64_t *words, size_t n) {
    for (size_t i = 0; i < n; i++) words[i] ^= (uint64_t)1 << (VALUE_INTEGER_BITS - 1);
}

size_t count_needing_slots(lua_State *L, int arg, size_t n) {
    size_t objects = 0;
    uint64_t word;
    for (size_t k = 0; k < n; k++) objects += !value_plain(L, arg + (int)k, &word);
    return objects;
}
