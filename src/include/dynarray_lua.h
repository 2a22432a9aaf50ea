/*
** dynarray_lua.h: arrays for hosts that have a lua_State, and for other C modules.
**
** A host that links the library opens the module itself:
**
**     luaL_requiref(L, "dynarray", luaopen_dynarray, 0);
**     lua_pop(L, 1);
**
** A C module that is loaded by `require` shares no symbols with dynarray.so. Both use the functions below
** through a table that stands in the Lua state, so that nothing of ours need be linked:
**
**     const dynarray_lua_api *api = dynarray_lua(L);     // once; raises if the module is not loaded
**     dynarray *a = api->check(api, L, 1, DYNARRAY_FLOAT64);
**     double *x = dynarray_data_float64(a);              // valid until Lua code runs, see pin
**
** What is valid how long:
**
**   api         until the lua_State closes; `L` may be any coroutine of that state
**   heap        the same
**   dynarray *  what push, test, check, wrap and adopt return belongs to a userdata: as long as that is
**               reachable from Lua, so while it is on the stack, in the registry or another table
**   its data    until its capacity may change, and so until Lua code runs (a call, a metamethod, or, by a
**               finalizer, any function that may allocate: push too), or unpin after pin
**   wrap's data until release is called: the host's to keep in place
**   detach's *out   until the host frees, discards or adopts it; no lua_State knows of it
**
** "Raises" means lua_error, which jumps: own no memory across such a call that nothing in Lua frees. When
** one of these functions raises, nothing has changed, and nothing is lost or freed twice.
**
** Read data, size and capacity, write elements; change the size through `size` only downwards, or up to
** the capacity after the elements were written there; and use none of the functions of dynarray.h that may
** change the capacity, dynarray_append_* among them: `room` does that, with the limits, policies and
** observers of the array. What follows from dynarray.h for its pointers holds: data is
** valid until the capacity may change, and so until Lua code runs, unless the array is pinned.
**
** A view is brought up to date whenever it is an argument: after Lua code has run, get it anew by test or
** check before data and size are read. The size of a value array is Lua's alone: what a host took off it
** would stay anchored.
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
** luaopen_dynarray: pushes the module's table. Blocks come from the state's own allocator; if that is
** the stock one of luaL_newstate, large ones come from pages. lua_setallocf afterwards does not change
** where blocks come from. With Lua code that is not trusted, keep the `debug` library from it.
*/
DYNARRAY_API int luaopen_dynarray(lua_State *L);

/* Counts incompatible changes of the struct below. New members are added at its end. */
#define DYNARRAY_LUA_ABI 1

/* In place of a type: any. */
#define DYNARRAY_ANY DYNARRAY_TYPE_COUNT

typedef struct dynarray_lua_api dynarray_lua_api;

struct dynarray_lua_api {
    int abi;
    size_t size; /* bytes of this struct in the module, for members that were added later */

    /* Pushes a new array of that type, with a capacity of at least that. May raise. */
    dynarray *(*push)(const dynarray_lua_api *api, lua_State *L, dynarray_type type,
                      size_t capacity);

    /* The array at that index, NULL if it is something else or of another type. O(1). */
    dynarray *(*test)(const dynarray_lua_api *api, lua_State *L, int index, dynarray_type type);

    /* The array at that argument, or an argument error. A third of luaL_checkudata's time. */
    dynarray *(*check)(const dynarray_lua_api *api, lua_State *L, int arg, dynarray_type type);

    /* The same for an array whose elements will be written: a read-only one is an error. */
    dynarray *(*check_writable)(const dynarray_lua_api *api, lua_State *L, int arg,
                                dynarray_type type);

    /*
    ** Room for `extra` elements behind the size, as append makes it; write them, then add to size.
    ** May run Lua code (policy, observer, finalizers) and raise. The array is at that index.
    */
    void (*room)(const dynarray_lua_api *api, lua_State *L, int index, size_t extra);

    /*
    ** Pushes an array of fixed size on n elements of the host's memory; nothing is copied. The memory must
    ** stay where it is until release(release_data, data, bytes) is called, once: when the array is closed
    ** or collected, or the state closes; also if this function raises. release must not call Lua; it may
    ** be NULL (constant data, data that outlives the state); if it is not, the bytes count as held by
    ** the state's heap, past its limit too: they are there already. read_only: Lua cannot write to it, so that constant data, in ROM too, may be cast
    ** to void *. Numeric types only.
    */
    dynarray *(*wrap)(const dynarray_lua_api *api, lua_State *L, dynarray_type type, void *data,
                      size_t n, bool read_only, dynarray_release release, void *release_data);

    /*
    ** Takes the elements out of the array at that index: *out is an array of its own, without setup, to be
    ** freed by dynarray_free or discard; the userdata is empty and may be used again. Nothing is copied
    ** unless the block is the userdata's own (up to 256 bytes) or a host allocator's. Numeric types;
    ** raises for views, lent, pinned and closed arrays, and if memory runs out, with the array as it
    ** was and nothing in *out to be freed. *out needs the library's code: if that is a module that
    ** only `require` holds, free or adopt *out before the last state that loaded it closes. Where the
    ** library has no allocator of its own (DYNARRAY_NO_OS), *out cannot have one, and this raises.
    */
    void (*detach)(const dynarray_lua_api *api, lua_State *L, int index, dynarray *out);

    /*
    ** Pushes an array that takes over the block of *in, an array of dynarray_init(a, type, NULL) or of
    ** detach, perhaps of another lua_State; *in is empty afterwards. Copies only where this state has a
    ** host allocator, or *in a heap of its own. Numeric types; raises for lent and pinned arrays, at the
    ** state's limit, and if memory runs out, with *in as it was. detach and adopt move an array between
    ** states.
    */
    dynarray *(*adopt)(const dynarray_lua_api *api, lua_State *L, dynarray *in);

    /*
    ** pin: until unpin, the block of the array at that index stays where it is: what would grow, shrink,
    ** clear or close it raises "array is pinned"; append works as long as there is room. Keep the array reachable meanwhile: one that is
    ** collected is freed, pinned or not. A view pins its parent's block, and is unpinned as that view.
    ** Pins are counted, up to 250 an array; one more raises, as does unpin of what is not pinned.
    */
    void (*pin)(const dynarray_lua_api *api, lua_State *L, int index);
    void (*unpin)(const dynarray_lua_api *api, lua_State *L, int index);

    /*
    ** The state's heap: held, peak and growths to read; limit, in bytes, to set at any time (0: none). What
    ** would pass it raises "not enough memory: ..." after a full collection, as with dynarray.limit in Lua.
    */
    dynarray_heap *(*heap)(const dynarray_lua_api *api);

    /* dynarray_free, for what detach gave to a module that is linked with nothing of ours. */
    void (*discard)(const dynarray_lua_api *api, dynarray *a);
};

/* Where the table stands in the registry, a light userdata. */
#define DYNARRAY_LUA_KEY "dynarray.api"

/*
** dynarray_lua: the table of this state, valid until the state closes. Raises an error if the module is
** not loaded, or has another ABI than this header.
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
