/* value_word.c: any Lua value in 64 bits: the functions that are not inlined. */
#include "lua/array/value_word.h"

bool value_plain_other(lua_State *L, int arg, int type, uint64_t *word) {
    switch (type) {
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
