/* conversion.h: elements to and from Lua values. */
#ifndef BINDING_CONVERSION_H
#define BINDING_CONVERSION_H

#include "lua/array/anchor.h"
#include "lua/array/value_word.h"
#include "lua/base/error.h"
#include "lua/base/state.h"

typedef struct conversion {
    /* pushes the element; index is that of the array, where anchored objects are */
    void (*push)(lua_State *L, const Array *A, int index, const void *element);
    /* stores the Lua value at arg if it fits; never raises */
    misfit (*put)(lua_State *L, int arg, void *element);
    /*
    ** take stores the n values from arg on. read stores the n elements from i (counted from 1) on of a table that has
    ** no metatable; lua_geti, which then runs no code, is a fifth faster than lua_rawgeti. Both stop at the first
    ** value that does not fit or, in a value array, that needs a slot. They set *why to the reason and return how
    ** many they stored.
    */
    size_t (*take)(lua_State *L, int arg, size_t n, void *elements, misfit *why);
    size_t (*read)(lua_State *L, int source, size_t i, size_t n, void *elements, misfit *why);
} conversion;

#define READ_BATCH 32 /* values on the stack before they are popped together */

extern const conversion conversions[DYNARRAY_VALUE + 1];

static inline void push_element(lua_State *L, const Array *A, int index, size_t i) {
    conversions[A->core.type].push(L, A, index, element_at(A, i));
}

/*
** Converts the value at arg to that numeric type, or raises an error. i is its index (from 0) for the message, or
** AS_FILL or AS_OPERAND.
*/
void convert_or_fail(lua_State *L, dynarray_type type, int arg, size_t i, void *element);

/* Raises an error unless the value at arg can be an element; i is its index for the message. */
void check_element(lua_State *L, const Array *A, int arg, size_t i);

static inline misfit value_put(lua_State *L, int arg, void *element) {
    uint64_t word;
    if (!value_plain(L, arg, &word)) return NEEDS_SLOT;
    memcpy(element, &word, sizeof word);
    return FITS;
}

/* conversion.put of element i, which is behind the size. The two most common types need no call. */
static inline misfit put_element(lua_State *L, const Array *A, size_t i, int arg) {
    if (holds_values(A)) return value_put(L, arg, (uint64_t *)A->core.data + i);
    if (A->core.type == DYNARRAY_FLOAT64) {
        if (lua_type(L, arg) != LUA_TNUMBER) return NOT_A_NUMBER;
        ((double *)A->core.data)[i] = lua_tonumber(L, arg);
        return FITS;
    }
    return conversions[A->core.type].put(L, arg, element_at(A, i));
}

/* The same for element i within the size: an object that is there must give up its slot. */
static inline misfit write_element(lua_State *L, const Array *A, size_t i, int arg) {
    if (holds_values(A) && value_is_anchored(((const uint64_t *)A->core.data)[i]))
        return NEEDS_SLOT;
    return put_element(L, A, i, arg);
}

#endif
