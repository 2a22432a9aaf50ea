/* bytes.c: elements as bytes. */
#include "lua/methods/bytes.h"

#include <string.h>

#include "lua/array/argument.h"
#include "lua/array/construction.h"

/*
** Lua reads a string of up to so many bytes (a length of 8 bits) twice, to find whether it has it already and
** to copy it. Memory that changes in between would become a string that equals no other.
*/
#define INTERNED_BYTES 255

/* tobytes(a) -> a string of all elements, in this machine's byte order */
static int method_tobytes(lua_State *L) {
    const Array *A = self_with_bytes(L);
    const size_t bytes = A->core.size * A->core.element_size;
    char own[INTERNED_BYTES];
    if (bytes > 0 && bytes <= sizeof own) {
        memcpy(own, A->core.data, bytes);
        lua_pushlstring(L, own, bytes);
    } else
        lua_pushlstring(L, bytes > 0 ? A->core.data : "", bytes);
    return 1;
}

/* frombytes(s, type) -> a new array of the elements in the string */
static int module_frombytes(lua_State *L) {
    size_t bytes, element_size;
    const char *s = luaL_checklstring(L, 1, &bytes);
    Options options = options_for(check_type_argument(L, 2, true));
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
    dynarray_set_size(&A->core, options.capacity);
    return 1;
}

/*
** pointer(a) -> the address of the first element as a light userdata; nil if the array has no block. It is valid
** until the capacity changes or the array is closed or collected; with block = "stable" a growth leaves it valid.
** The address of a view is one in its parent, and valid as long.
*/
static int method_pointer(lua_State *L) {
    const Array *A = self(L);
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
