/*
** floor.c: what a userdata costs that does nothing, and what a benchmark needs and Lua lacks.
**
** A floor has the metamethods and the method of an array. Each checks its first argument, as a
** metamethod must, and returns a constant. What an array takes beyond that is its own doing.
*/
#define _POSIX_C_SOURCE 199309L /* clock_gettime */

#include <lauxlib.h>
#include <lua.h>
#include <time.h>

/* Upvalue 1 of all functions here is the metatable. */
static void check(lua_State *L) {
    if (lua_touserdata(L, 1) == NULL || !lua_getmetatable(L, 1) ||
        !lua_rawequal(L, -1, lua_upvalueindex(1)))
        luaL_typeerror(L, 1, "floor");
}

/* Upvalue 2 is the method that every name finds. */
static int floor_index(lua_State *L) {
    check(L);
    if (lua_type(L, 2) == LUA_TNUMBER)
        lua_pushinteger(L, 1);
    else
        lua_pushvalue(L, lua_upvalueindex(2));
    return 1;
}

static int floor_newindex(lua_State *L) {
    check(L);
    return 0;
}

static int floor_method(lua_State *L) {
    check(L);
    lua_pushinteger(L, 1);
    return 1;
}

/* An iterator that never ends. */
static int floor_next(lua_State *L) {
    check(L);
    lua_pushinteger(L, 1);
    lua_pushinteger(L, 1);
    return 2;
}

static int floor_new(lua_State *L) {
    lua_newuserdatauv(L, 40, 0);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_setmetatable(L, -2);
    return 1;
}

/* Seconds by the wall clock. */
static int floor_now(lua_State *L) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    lua_pushnumber(L, (lua_Number)t.tv_sec + (lua_Number)t.tv_nsec * 1e-9);
    return 1;
}

/* A field of the module at index 1; the metatable is at index 2. */
static void set_function(lua_State *L, const char *name, lua_CFunction function) {
    lua_pushvalue(L, 2);
    lua_pushcclosure(L, function, 1);
    lua_setfield(L, 1, name);
}

int luaopen_floor(lua_State *L);

int luaopen_floor(lua_State *L) {
    lua_settop(L, 0);
    lua_newtable(L);
    lua_newtable(L);
    set_function(L, "new", floor_new);
    set_function(L, "method", floor_method);
    set_function(L, "next", floor_next);
    set_function(L, "now", floor_now);

    lua_pushvalue(L, 2);
    lua_getfield(L, 1, "method");
    lua_pushcclosure(L, floor_index, 2);
    lua_setfield(L, 2, "__index");
    lua_pushvalue(L, 2);
    lua_pushcclosure(L, floor_newindex, 1);
    lua_setfield(L, 2, "__newindex");
    lua_settop(L, 1);
    return 1;
}
