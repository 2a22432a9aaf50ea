/*
** collector.c: Lua's collector sees a userdata of some hundred bytes, whatever its block holds, so a
** program that drops large arrays would run out of memory long before a cycle starts. The blocks pace
** it here: when the bytes held have grown, since the last full cycle, by as much as was live after it
** (or as the Lua heap holds, whichever is larger, times (pause - 100)%), a full cycle is run. So the
** time spent is in proportion to the bytes allocated, and garbage is bounded by what is live.
**
** Only full cycles count, since young collections never free an array that has grown old.
*/
#include "core/block.h"
#include "lua/private.h"

#define DEFAULT_PAUSE 200
#define LEAST_PAUSE 110 /* below, cycles would follow each other without end */
#define MOST_PAUSE 1000

/* Bytes that may pass between two cycles even if next to nothing is live: a cycle has a base cost. */
#define LEAST_STEP ((size_t)24 << 20)

/* Within a finalizer, lua_gc answers -1. */
static size_t lua_heap_bytes(lua_State *L) {
    const int kilobytes = lua_gc(L, LUA_GCCOUNT, 0);
    return kilobytes < 0 ? 0 : (size_t)kilobytes << 10;
}

void collector_init(State *S) {
    S->collector.pause = DEFAULT_PAUSE;
    S->collector.threshold = LEAST_STEP;
}

static void set_threshold(lua_State *L, State *S) {
    const size_t live = S->collector.live;
    size_t step = lua_heap_bytes(L);
    if (step < live) step = live;
    step = step / 100 * (size_t)(S->collector.pause - 100);
    if (step < LEAST_STEP) step = LEAST_STEP;
    S->collector.threshold = live + step;
}

void collector_pace(lua_State *L, State *S, size_t bytes) {
    if (S->heap.held < S->collector.live) { /* given back since: less is live than it was */
        S->collector.live = S->heap.held;
        set_threshold(L, S);
    }
    if (S->heap.held + bytes < S->collector.threshold || S->collector.off) return;
    /* What is asked for is no garbage yet: with little since the last cycle, another would find little. */
    if (S->heap.held - S->collector.live < LEAST_STEP) return;
    /* a stopped collector stays stopped; within a finalizer, lua_gc answers -1 */
    if (lua_gc(L, LUA_GCISRUNNING, 0) != 1) return;
    lua_gc(L, LUA_GCCOLLECT, 0);
    S->collector.live = S->heap.held;
    set_threshold(L, S);
}

int module_memory(lua_State *L) {
    const State *S = state_of(L);
    lua_createtable(L, 0, 6);
    lua_pushinteger(L, (lua_Integer)S->heap.held);
    lua_setfield(L, -2, "bytes");
    lua_pushinteger(L, (lua_Integer)(S->heap.kept.bytes + S->heap.spare.bytes));
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
int module_limit(lua_State *L) {
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

/* The field `pause` of the table at arg, or what it is now. */
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
    if (lua_getfield(L, arg, "off") == LUA_TNIL) return now;
    if (!lua_isboolean(L, -1))
        luaL_argerror(L, arg,
                      lua_pushfstring(L, "off expected a boolean, got %s", describe(L, -1)));
    return lua_toboolean(L, -1);
}

static size_t check_keep(lua_State *L, int arg, size_t now) {
    int is_integer = 0;
    lua_Integer keep = 0;
    if (lua_getfield(L, arg, "keep") == LUA_TNIL) return now;
    if (lua_type(L, -1) == LUA_TNUMBER) keep = lua_tointegerx(L, -1, &is_integer);
    if (!is_integer || keep < 0 || (lua_Unsigned)keep > PTRDIFF_MAX)
        luaL_argerror(L, arg,
                      lua_pushfstring(L, "keep expected an integer >= 0, got %s", describe(L, -1)));
    return (size_t)keep;
}

static void check_known_fields(lua_State *L, int arg) {
    lua_pushnil(L);
    for (; lua_next(L, arg); lua_pop(L, 1)) {
        lua_pushvalue(L, -2);
        lua_pushliteral(L, "pause");
        lua_pushliteral(L, "off");
        lua_pushliteral(L, "keep");
        if (!lua_rawequal(L, -4, -3) && !lua_rawequal(L, -4, -2) && !lua_rawequal(L, -4, -1))
            luaL_argerror(L, arg,
                          lua_pushfstring(L, "unknown option '%s' (known: keep, off, pause)",
                                          luaL_tolstring(L, -4, NULL)));
        lua_pop(L, 4);
    }
}

/* collector([{pause =, off =, keep =}]) -> the same as they were before */
int module_collector(lua_State *L) {
    State *S = state_of(L);
    const int pause = S->collector.pause;
    const bool off = S->collector.off;
    const size_t keep = S->heap.keep;
    if (!lua_isnoneornil(L, 1)) {
        int new_pause;
        size_t new_keep;
        luaL_checktype(L, 1, LUA_TTABLE);
        check_known_fields(L, 1);
        new_pause = check_pause(L, 1, pause);
        new_keep = check_keep(L, 1, keep);
        S->collector.off = check_off(L, 1, off);
        S->collector.pause = new_pause;
        S->heap.keep = new_keep;
        block_trim(&S->heap);
        set_threshold(L, S);
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
