/*
** Lua states for the specs, each with an allocator of its own that counts, checks every size it is
** told, and fails on request. A state runs chunks given as text and hands their results back as
** plain values.
*/
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lauxlib.h"
#include "lua.h"
#include "lualib.h"

#define STATE "spec.state"

/* Before and behind every block, so that a write past its end is seen. */
#define GUARD 0x5eadbeefcafef00dULL

typedef struct Head {
    size_t size;
    uint64_t guard;
} Head;

typedef struct Memory {
    size_t bytes; /* handed out and not yet given back */
    size_t peak;
    size_t limit;    /* SIZE_MAX: none */
    size_t requests; /* that could have failed */
    size_t fail_at;  /* the request that fails, counted from 1; 0: none */
    int once;        /* later requests succeed again */
    int shrinks;     /* making a block smaller never fails */
    size_t faults;   /* wrong sizes and broken guards */
} Memory;

typedef struct State {
    lua_State *L;
    Memory memory;
} State;

static int is_refused(Memory *m, size_t old, size_t size) {
    if (m->shrinks && size < old) return 0;
    m->requests++;
    if (size <= old) return 0; /* making a block smaller does not fail, see dynarray_alloc */
    if (m->fail_at != 0 && (m->once ? m->requests == m->fail_at : m->requests >= m->fail_at))
        return 1;
    return size > old && m->limit - (m->limit < m->bytes ? m->limit : m->bytes) < size - old;
}

static void *allocate(void *ud, void *block, size_t osize, size_t size) {
    Memory *m = ud;
    Head *head = block == NULL ? NULL : (Head *)block - 1;
    size_t old = head == NULL ? 0 : head->size;
    Head *fresh;
    uint64_t tail;
    if (head != NULL) {
        memcpy(&tail, (char *)block + old, sizeof tail);
        if (osize != old || head->guard != GUARD || tail != GUARD) m->faults++;
    }
    if (size == 0) {
        if (head != NULL) {
            m->bytes -= old;
            head->guard = 0;
            free(head);
        }
        return NULL;
    }
    if (head != NULL && size == old) return block;
    if (size > SIZE_MAX - sizeof *head - sizeof tail || is_refused(m, old, size)) return NULL;
    /* Always another place, and the old one spoilt: a pointer kept across a growth shows at once. */
    fresh = malloc(sizeof *fresh + size + sizeof tail);
    if (fresh == NULL) return NULL;
    fresh->size = size;
    fresh->guard = tail = GUARD;
    memset(fresh + 1, 0xa5, size);
    memcpy((char *)(fresh + 1) + size, &tail, sizeof tail);
    if (head != NULL) {
        memcpy(fresh + 1, block, old < size ? old : size);
        memset(head, 0x5a, sizeof *head + old);
        free(head);
    }
    m->bytes += size - old;
    if (m->bytes > m->peak) m->peak = m->bytes;
    return fresh + 1;
}

static State *to_state(lua_State *L) {
    State *s = luaL_checkudata(L, 1, STATE);
    luaL_argcheck(L, s->L != NULL, 1, "the state is closed");
    return s;
}

static int open_libraries(lua_State *C) {
    luaL_openlibs(C);
    return 0;
}

/* state(path, cpath): a new state with the standard libraries that finds modules in these places */
static int new_state(lua_State *L) {
    static const char *const fields[] = {"path", "cpath"};
    State *s = lua_newuserdata(L, sizeof *s);
    memset(s, 0, sizeof *s);
    s->memory.limit = SIZE_MAX;
    luaL_setmetatable(L, STATE);
#if LUA_VERSION_NUM >= 505
    s->L = lua_newstate(allocate, &s->memory, 0);
#else
    s->L = lua_newstate(allocate, &s->memory);
#endif
    if (s->L == NULL) return luaL_error(L, "no memory for a state");
    lua_pushcfunction(s->L, open_libraries);
    if (lua_pcall(s->L, 0, 0, 0) != LUA_OK) return luaL_error(L, "cannot open the libraries");
    lua_getglobal(s->L, "package");
    for (int i = 0; i < 2; i++) {
        lua_pushstring(s->L, luaL_checkstring(L, i + 1));
        lua_setfield(s->L, -2, fields[i]);
    }
    lua_pop(s->L, 1);
    return 1;
}

static void hand_over(lua_State *L, lua_State *C, int i) {
    size_t length;
    const char *text;
    switch (lua_type(C, i)) {
    case LUA_TNIL: lua_pushnil(L); break;
    case LUA_TBOOLEAN: lua_pushboolean(L, lua_toboolean(C, i)); break;
    case LUA_TNUMBER:
        if (lua_isinteger(C, i))
            lua_pushinteger(L, lua_tointeger(C, i));
        else
            lua_pushnumber(L, lua_tonumber(C, i));
        break;
    case LUA_TSTRING:
        text = lua_tolstring(C, i, &length);
        lua_pushlstring(L, text, length);
        break;
    default: lua_pushfstring(L, "a %s", luaL_typename(C, i));
    }
}

static int run(lua_State *L, size_t fail_at, int once, int shrinks) {
    State *s = to_state(L);
    lua_State *C = s->L;
    size_t length;
    const char *code = luaL_checklstring(L, 2, &length);
    int status, n;
    lua_settop(C, 0);
    status = luaL_loadbufferx(C, code, length, "=chunk", "t");
    if (status == LUA_OK) {
        s->memory.requests = 0;
        s->memory.fail_at = fail_at;
        s->memory.once = once;
        s->memory.shrinks = shrinks;
        status = lua_pcall(C, 0, LUA_MULTRET, 0);
        s->memory.fail_at = 0;
    }
    n = lua_gettop(C);
    lua_pushboolean(L, status == LUA_OK);
    luaL_checkstack(L, n, NULL);
    for (int i = 1; i <= n; i++) hand_over(L, C, i);
    lua_settop(C, 0);
    return n + 1;
}

/* s:run(code): true and the results, or false and the error */
static int state_run(lua_State *L) { return run(L, 0, 0, 0); }

/*
** s:run_failing(code, n [, once [, shrinks]]): the same while the n-th request for memory fails, and
** all later ones unless once; with shrinks, making a block smaller is no request
*/
static int state_run_failing(lua_State *L) {
    lua_Integer n = luaL_checkinteger(L, 3);
    luaL_argcheck(L, n >= 1, 3, "counted from 1");
    return run(L, (size_t)n, lua_toboolean(L, 4), lua_toboolean(L, 5));
}

/* s:requests(): how often the last chunk asked for memory */
static int state_requests(lua_State *L) {
    lua_pushinteger(L, (lua_Integer)to_state(L)->memory.requests);
    return 1;
}

/* s:limit([bytes]): requests fail that would bring the state above this many bytes */
static int state_limit(lua_State *L) {
    State *s = to_state(L);
    s->memory.limit = lua_isnoneornil(L, 2) ? SIZE_MAX : (size_t)luaL_checkinteger(L, 2);
    return 0;
}

/* s:bytes(): bytes in use and their peak */
static int state_bytes(lua_State *L) {
    State *s = to_state(L);
    lua_pushinteger(L, (lua_Integer)s->memory.bytes);
    lua_pushinteger(L, (lua_Integer)s->memory.peak);
    return 2;
}

/* s:close(): bytes never given back, and faults */
static int state_close(lua_State *L) {
    State *s = to_state(L);
    lua_close(s->L);
    s->L = NULL;
    lua_pushinteger(L, (lua_Integer)s->memory.bytes);
    lua_pushinteger(L, (lua_Integer)s->memory.faults);
    return 2;
}

static int state_gc(lua_State *L) {
    State *s = luaL_checkudata(L, 1, STATE);
    if (s->L != NULL) lua_close(s->L);
    s->L = NULL;
    return 0;
}

/* userdata(size): a userdata of no type */
static int new_userdata(lua_State *L) {
    size_t size = (size_t)luaL_checkinteger(L, 1);
    memset(lua_newuserdata(L, size), 0xff, size);
    return 1;
}

static int new_lightuserdata(lua_State *L) {
    static int place;
    lua_pushlightuserdata(L, &place);
    return 1;
}

LUAMOD_API int luaopen_native(lua_State *L) {
    static const luaL_Reg methods[] = {
        {"run", state_run},           {"run_failing", state_run_failing},
        {"requests", state_requests}, {"limit", state_limit},
        {"bytes", state_bytes},       {"close", state_close},
        {"__gc", state_gc},           {NULL, NULL},
    };
    static const luaL_Reg functions[] = {
        {"state", new_state},
        {"userdata", new_userdata},
        {"lightuserdata", new_lightuserdata},
        {NULL, NULL},
    };
    luaL_newmetatable(L, STATE);
    lua_pushvalue(L, -1);
    lua_setfield(L, -2, "__index");
    luaL_setfuncs(L, methods, 0);
    luaL_newlib(L, functions);
    return 1;
}
