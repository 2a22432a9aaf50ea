/*
** dynarray_lua.h: arrays for programs that have a lua_State, and for C modules.
**
** A program that links the library opens the module itself:
**
**     luaL_requiref(L, "dynarray", luaopen_dynarray, 0);
**     lua_pop(L, 1);
**
** A C module that Lua loads by `require` cannot call the functions of dynarray.so: the two share no symbols.
** It finds a table of functions in the Lua state, and need not be linked with this library:
**
**     const dynarray_lua_api *api = dynarray_lua(L);     // once; raises if the module is not loaded
**     dynarray *a = api->check(api, L, 1, DYNARRAY_FLOAT64);
**     double *x = dynarray_data_float64(a);              // valid until Lua code runs, see pin
**
** How long things are valid:
**
**   api         until the lua_State closes; `L` may be any coroutine of that state
**   heap        until the lua_State closes
**   dynarray *  that push, test, check, wrap or adopt returned: as long as Lua can reach the userdata. So keep
**               the userdata on the stack, in the registry or in a table.
**   its data    until the capacity may change, and so until Lua code runs: by a call, by a metamethod, or by
**               a finalizer, which may run wherever Lua allocates (in push, too). After pin: until unpin.
**   wrap's data until release is called; the host keeps it where it is
**   detach's *out   until the host frees, discards or adopts it; it belongs to no lua_State
**
** "Raises" means lua_error, which jumps out of your function. Own no memory at that moment that nothing in
** Lua frees. When one of these functions raises, then nothing has changed, and nothing is lost or freed twice.
**
** What a host may do with an array: read data, size and capacity; write elements; make size smaller; write
** elements behind the size, up to the capacity, and then make size larger. Do not use functions of dynarray.h
** that may change the capacity, as dynarray_append_*: they do not know the limits, the policy and the
** observer that the array has in Lua. `room` does.
**
** A view is brought up to date whenever it is an argument. After Lua code has run, get it again by test or
** check before you read its data and size. Never change the size of a value array: objects that a host takes
** off it would stay anchored in Lua.
*/
#ifndef DYNARRAY_LUA_H
#define DYNARRAY_LUA_H

#ifdef __cplusplus
#include <lua.hpp> /* Lua's headers do not say that they are C */
#else
#include <lauxlib.h>
#include <lua.h>
#endif

#include "dynarray.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
** luaopen_dynarray: pushes the module's table. Blocks come from the allocator of the Lua state; if that is
** the standard one of luaL_newstate, large blocks are pages of the operating system. A later lua_setallocf
** does not change where blocks come from. Do not give the `debug` library to scripts that you do not trust.
*/
DYNARRAY_API int luaopen_dynarray(lua_State *L);

/*
** A field of the registry, for hosts of scripts that they do not trust. If it is true when the module is first opened in
** a state, the module has no functions that read or write files (save, load, map, open, flush, read, write), and no
** probe, whose loops no hook can stop.
**
**     lua_pushboolean(L, 1);
**     lua_setfield(L, LUA_REGISTRYINDEX, DYNARRAY_LUA_SANDBOX);
**     luaL_requiref(L, "dynarray", luaopen_dynarray, 0);
*/
#define DYNARRAY_LUA_SANDBOX "dynarray.sandbox"

/* Counts the incompatible changes of the struct below. New members are added at its end. */
#define DYNARRAY_LUA_ABI 1

/* In place of a type: an array of any type. */
#define DYNARRAY_ANY DYNARRAY_TYPE_COUNT

typedef struct dynarray_lua_api dynarray_lua_api;

struct dynarray_lua_api {
    int abi;
    size_t size; /* bytes of this struct in the module: tells which members it has */

    /* Pushes a new array of that type with at least that capacity. May raise. */
    dynarray *(*push)(const dynarray_lua_api *api, lua_State *L, dynarray_type type,
                      size_t capacity);

    /* The array at that index; NULL if there is something else, or an array of another type. O(1). */
    dynarray *(*test)(const dynarray_lua_api *api, lua_State *L, int index, dynarray_type type);

    /*
    ** The array at that argument; anything else raises. Takes a third of luaL_checkudata's time. The error tells the
    ** number of the argument; for a negative index, the value that was there.
    */
    dynarray *(*check)(const dynarray_lua_api *api, lua_State *L, int arg, dynarray_type type);

    /* The same for an array that you will write to: one that is read-only raises. */
    dynarray *(*check_writable)(const dynarray_lua_api *api, lua_State *L, int arg,
                                dynarray_type type);

    /*
    ** Makes room for `extra` elements behind the size of the array at that index, as `append` does in Lua.
    ** Write the elements, then add their number to size. May run Lua code (policy, observer, finalizers)
    ** and raise.
    */
    void (*room)(const dynarray_lua_api *api, lua_State *L, int index, size_t extra);

    /*
    ** Pushes an array whose n elements are in the host's memory. Nothing is copied, and the size is fixed. The
    ** memory must stay where it is until release(release_data, data, bytes) is called. That happens once:
    ** when the array is closed or collected, when the state closes, or when wrap itself raises. release
    ** must not call Lua. It may be NULL for memory that need not be freed. If it is not NULL, the bytes count
    ** as held by the state's heap, even past its limit, as they exist already. With read_only, Lua cannot
    ** write to the elements, so you may cast constant data to void *. Numeric types only.
    */
    dynarray *(*wrap)(const dynarray_lua_api *api, lua_State *L, dynarray_type type, void *data,
                      size_t n, bool read_only, dynarray_release release, void *release_data);

    /*
    ** Takes the elements out of the array at that index and puts them into *out, an array without a setup, to
    ** be freed by dynarray_free or discard. The array in Lua is empty then and may be used again. Elements are
    ** copied only if the block is in the userdata (up to 256 bytes) or comes from an allocator of the host.
    ** Numeric types only. Raises for views and for lent, pinned and closed arrays, and if memory runs out; the
    ** array is then as it was, and *out need not be freed. *out needs the code of the library: if only
    ** `require` loaded that, free or adopt *out before the last state that loaded it closes. A library
    ** without an allocator of its own (DYNARRAY_NO_OS) raises.
    */
    void (*detach)(const dynarray_lua_api *api, lua_State *L, int index, dynarray *out);

    /*
    ** Pushes an array that takes over the block of *in, which is then empty. *in was made by detach, perhaps in
    ** another lua_State, or by dynarray_init(a, type, NULL). Elements are copied only if this state has an
    ** allocator of the host, or *in has a heap of its own. Numeric types only. Raises for lent and pinned
    ** arrays, at the limit of the state, and if memory runs out; *in is then as it was. By detach and adopt
    ** an array moves from one state to another.
    */
    dynarray *(*adopt)(const dynarray_lua_api *api, lua_State *L, dynarray *in);

    /*
    ** pin: keeps the block of the array at that index where it is until unpin. What would grow, shrink, clear or
    ** close the array raises "array is pinned"; append works as long as there is room. Let Lua reach the array
    ** meanwhile: if it is collected, it is freed, pinned or not. To pin a view pins the array that it looks at;
    ** unpin the same view. Pins are counted, up to 250 for an array; one more raises, and so does unpin without
    ** a pin.
    */
    void (*pin)(const dynarray_lua_api *api, lua_State *L, int index);
    void (*unpin)(const dynarray_lua_api *api, lua_State *L, int index);

    /*
    ** The heap of the state. Read held, peak and growths; set limit, in bytes, at any time (0: no limit). What
    ** would pass the limit raises "not enough memory: ..." after a full garbage collection, as with
    ** dynarray.limit in Lua.
    */
    dynarray_heap *(*heap)(const dynarray_lua_api *api);

    /* The same as dynarray_free, for modules that are not linked with this library. */
    void (*discard)(const dynarray_lua_api *api, dynarray *a);

    /*
    ** Pushes an array that is the .npy file at `path`, as dynarray_open does. type may be DYNARRAY_ANY: that of
    ** the file. If the file cannot be opened, returns NULL, pushes nothing, and *why says what is wrong. Raises
    ** if memory runs out.
    */
    dynarray *(*open)(const dynarray_lua_api *api, lua_State *L, const char *path,
                      dynarray_type type, dynarray_mode mode, dynarray_failure *why);

    /* The same as dynarray_commit, for a host that has changed the size of an array that is a file. */
    void (*commit)(const dynarray_lua_api *api, lua_State *L, int index);

    /* The same as dynarray_flush; DYNARRAY_FIXED if the array is not a file. */
    dynarray_status (*flush)(const dynarray_lua_api *api, lua_State *L, int index,
                             dynarray_failure *why);
};

/* The key of the table in the registry, where it is a light userdata. */
#define DYNARRAY_LUA_KEY "dynarray.api"

/*
** dynarray_lua: the table of functions of this state, valid until the state closes. Raises if the module is not
** loaded, or if its ABI is not that of this header.
*/
static inline const dynarray_lua_api *dynarray_lua(lua_State *L) {
    const dynarray_lua_api *api;
    lua_getfield(L, LUA_REGISTRYINDEX, DYNARRAY_LUA_KEY);
    api = DYNARRAY_CAST(const dynarray_lua_api *, lua_touserdata(L, -1));
    lua_pop(L, 1);
    while (api == NULL) /* luaL_error does not return, which compilers do not know */
        luaL_error(L, "module 'dynarray' is not loaded");
    if (api->abi != DYNARRAY_LUA_ABI)
        luaL_error(L, "module 'dynarray' has ABI %d, wanted %d", api->abi, DYNARRAY_LUA_ABI);
    if (api->size < sizeof *api)
        luaL_error(L,
                   "module 'dynarray' is older than the header: %d bytes of functions, wanted %d",
                   DYNARRAY_CAST(int, api->size), DYNARRAY_CAST(int, sizeof *api));
    return api;
}

#ifdef __cplusplus
}
#endif

#endif
