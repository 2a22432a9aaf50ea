/* bytes.c: elements as bytes. */
#include "lua/methods/bytes.h"

#include <string.h>

#include "core/npy.h"
#include "lua/array/argument.h"
#include "lua/array/construction.h"
#include "lua/array/view_sync.h"

/*
** Lua reads a string of up to this many bytes (a length of 8 bits) twice: to find whether it has that string already,
** and to copy it. If the memory changed in between, the string would equal no other.
*/
#define INTERNED_BYTES 255

/* Whether the byte order that the argument names, as for string.pack, differs from this machine's. */
static bool wants_swap(lua_State *L, int arg) {
    const char *order = luaL_optstring(L, arg, "=");
    const bool little = strcmp(order, "<") == 0, big = strcmp(order, ">") == 0;
    if (!little && !big && strcmp(order, "=") != 0)
        luaL_argerror(
            L, arg,
            lua_pushfstring(L, "byte order expected \"<\", \">\" or \"=\", got \"%s\"", order));
    return npy_little_endian() ? big : little; /* unreached: a machine has one of both orders */
}

/* Makes the string in a buffer; to allocate that may run a finalizer that changes the array. */
static int push_swapped(lua_State *L, Array *A) {
    luaL_Buffer buffer;
    const size_t size = A->core.size, bytes = size * A->core.element_size;
    char *s = luaL_buffinitsize(L, &buffer, bytes);
    check_unchanged(L, A, size);
    memcpy(s, A->core.data, bytes);
    npy_swap(s, size, A->core.element_size);
    luaL_pushresultsize(&buffer, bytes);
    return 1;
}

/* tobytes(a [, order]) -> a string of all elements, in this machine's byte order or the other */
static int method_tobytes(lua_State *L) {
    check_most(L, 2);
    Array *A = self_with_bytes(L);
    const size_t bytes = A->core.size * A->core.element_size;
    char own[INTERNED_BYTES];
    if (wants_swap(L, 2) && A->core.element_size > 1 && bytes > 0) return push_swapped(L, A);
    if (bytes > 0 && bytes <= sizeof own) {
        memcpy(own, A->core.data, bytes);
        lua_pushlstring(L, own, bytes);
    } else
        lua_pushlstring(L, bytes > 0 ? A->core.data : "", bytes);
    return 1;
}

/* frombytes(s, type [, order]) -> a new array of the elements in the string */
static int module_frombytes(lua_State *L) {
    check_most(L, 3);
    size_t bytes, element_size;
    const char *s = luaL_checklstring(L, 1, &bytes);
    Options options = options_for(check_type_argument(L, 2, true));
    const bool swap = wants_swap(L, 3);
    Array *A;
    element_size = dynarray_type_size(options.type);
    if (bytes % element_size != 0)
        luaL_argerror(L, 1,
                      lua_pushfstring(
                          L, "%I bytes are not a whole number of %s elements (%d bytes each)",
                          (LUAI_UACINT)bytes, dynarray_type_name(options.type), (int)element_size));
    options.capacity = bytes / element_size;
    A = array_new(L, state_of(L), &options);
    if (bytes > 0) memcpy(A->core.data, s, bytes);
    if (swap) npy_swap(A->core.data, options.capacity, element_size);
    dynarray_set_size(&A->core, options.capacity);
    return 1;
}

/*
** pointer(a) -> the address of the first element as a light userdata; nil if the array has no block. It is valid
** until the capacity changes or the array is closed or collected; with block = "stable" a growth leaves it valid.
** The address of a view is one in its parent, and valid as long.
*/
static int method_pointer(lua_State *L) {
    const Array *A = self_most(L, 1);
    if (A->core.data == NULL)
        lua_pushnil(L);
    else
        lua_pushlightuserdata(L, A->core.data);
    return 1;
}

const luaL_Reg bytes_methods[] = {
    {"tobytes", method_tobytes},
    {"pointer", method_pointer},
    {NULL, NULL},
};

const luaL_Reg bytes_functions[] = {
    {"frombytes", module_frombytes},
    {NULL, NULL},
};
