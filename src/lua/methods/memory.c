/* memory.c: how much the arrays of a state hold, the limit of that, and when arrays start the collector. */
#include "lua/methods/memory.h"

#include "core/memory.h"
#include "lua/array/argument.h"
#include "lua/array/collector.h"
#include "lua/array/options.h"
#include "lua/base/error.h"

static int module_memory(lua_State *L) {
    check_most(L, 0);
    const State *S = state_of(L);
    lua_createtable(L, 0, 6);
    lua_pushinteger(L, (lua_Integer)S->heap.held);
    lua_setfield(L, -2, "bytes");
    lua_pushinteger(L, (lua_Integer)(heap_idle(&S->heap)));
    lua_setfield(L, -2, "kept");
    lua_pushinteger(L, (lua_Integer)S->heap.peak);
    lua_setfield(L, -2, "peak");
    lua_pushinteger(L, (lua_Integer)S->array_count);
    lua_setfield(L, -2, "arrays");
    lua_pushinteger(L, (lua_Integer)S->heap.growths);
    lua_setfield(L, -2, "growths");
    if (S->heap.limit != 0) {
        lua_pushinteger(L, (lua_Integer)S->heap.limit);
        lua_setfield(L, -2, "limit");
    }
    return 1;
}

static int push_limit(lua_State *L, const State *S) {
    if (S->heap.limit == 0)
        lua_pushboolean(L, 0);
    else
        lua_pushinteger(L, (lua_Integer)S->heap.limit);
    return 1;
}

/* limit([bytes | false]) -> the limit before the call, false if there was none */
static int module_limit(lua_State *L) {
    check_most(L, 1);
    State *S = state_of(L);
    push_limit(L, S);
    if (lua_isboolean(L, 1) && !lua_toboolean(L, 1))
        S->heap.limit = 0;
    else if (!lua_isnoneornil(L, 1)) {
        S->heap.limit = check_size(L, 1, "limit", 1, PTRDIFF_MAX);
        dynarray_heap_trim(&S->heap);
    }
    return 1;
}

static const char *pacing_name(size_t i) {
    static const char *const names[] = {"keep", "off", "pause", NULL};
    return names[i];
}

/* The field `pause` of the table at arg, or the pause as it is now. */
static int check_pause(lua_State *L, int arg, int now) {
    int is_integer;
    lua_Integer pause;
    if (lua_getfield(L, arg, "pause") == LUA_TNIL) return now;
    pause = lua_type(L, -1) == LUA_TNUMBER ? lua_tointegerx(L, -1, &is_integer) : 0;
    if (pause < LEAST_PAUSE || pause > MOST_PAUSE)
        luaL_argerror(L, arg,
                      lua_pushfstring(L, "pause %s out of range (%d to %d)", describe(L, -1),
                                      LEAST_PAUSE, MOST_PAUSE));
    return (int)pause;
}

static bool check_off(lua_State *L, int arg, bool now) {
    return lua_getfield(L, arg, "off") == LUA_TNIL ? now : check_boolean(L, arg, "off");
}

static size_t check_keep(lua_State *L, int arg, size_t now) {
    size_t keep;
    if (lua_getfield(L, arg, "keep") == LUA_TNIL) return now;
    keep = check_count(L, arg, "keep", 0);
    /* unreached: only where size_t has 32 bits */
    if (keep > PTRDIFF_MAX) fail_option(L, arg, "keep", "an integer >= 0");
    return keep;
}

/* collector([{pause =, off =, keep =}]) -> the settings before the call */
static int module_collector(lua_State *L) {
    check_most(L, 1);
    State *S = state_of(L);
    const int pause = S->collector.pause;
    const bool off = S->collector.off;
    const size_t keep = S->heap.keep;
    if (!lua_isnoneornil(L, 1)) {
        int new_pause;
        size_t new_keep;
        luaL_checktype(L, 1, LUA_TTABLE);
        check_option_names(L, 1, pacing_name);
        new_pause = check_pause(L, 1, pause);
        new_keep = check_keep(L, 1, keep);
        S->collector.off = check_off(L, 1, off);
        S->collector.pause = new_pause;
        S->heap.keep = new_keep;
        heap_settle(&S->heap);
        collector_set_threshold(L, S);
    }
    lua_createtable(L, 0, 3);
    lua_pushinteger(L, (lua_Integer)keep);
    lua_setfield(L, -2, "keep");
    lua_pushinteger(L, pause);
    lua_setfield(L, -2, "pause");
    lua_pushboolean(L, off);
    lua_setfield(L, -2, "off");
    return 1;
}

const luaL_Reg memory_functions[] = {
    {"memory", module_memory},
    {"limit", module_limit},
    {"collector", module_collector},
    {NULL, NULL},
};
