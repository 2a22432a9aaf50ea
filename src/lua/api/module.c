/* module.c: luaopen_dynarray puts the lists of methods and functions together. */
#include "core/system/system.h"

#include <string.h>

#include "lua/api/host.h"
#include "lua/array/collector.h"
#include "lua/array/holding.h"
#include "lua/array/options.h"
#include "lua/base/state.h"
#include "lua/methods/access.h"
#include "lua/methods/append_extend.h"
#include "lua/methods/arithmetic.h"
#include "lua/methods/astype.h"
#include "lua/methods/bytes.h"
#include "lua/methods/close.h"
#include "lua/methods/compute.h"
#include "lua/methods/concat.h"
#include "lua/methods/constructors.h"
#include "lua/methods/copy.h"
#include "lua/methods/csv_read.h"
#include "lua/methods/csv_write.h"
#include "lua/methods/cumulative.h"
#include "lua/methods/equality.h"
#include "lua/methods/fill.h"
#include "lua/methods/growth.h"
#include "lua/methods/insert_remove.h"
#include "lua/methods/iterate.h"
#include "lua/methods/map_filter_reduce.h"
#include "lua/methods/memory.h"
#include "lua/methods/open.h"
#include "lua/methods/operators.h"
#include "lua/methods/priority_queue.h"
#include "lua/methods/probe.h"
#include "lua/methods/random.h"
#include "lua/methods/range_linspace.h"
#include "lua/methods/rearrange.h"
#include "lua/methods/records.h"
#include "lua/methods/resize.h"
#include "lua/methods/save_load.h"
#include "lua/methods/search.h"
#include "lua/methods/sort.h"
#include "lua/methods/statistics.h"
#include "lua/methods/sum_mean_min_max.h"
#include "lua/methods/take_put.h"
#include "lua/methods/tostring.h"
#include "lua/methods/totable.h"
#include "lua/methods/unique_dedup.h"
#include "lua/methods/view.h"
#include "lua/methods/where.h"

#define DEFAULT_KEEP ((size_t)16 << 20) /* bytes of freed blocks that are kept */

/* Names that begin with two underscores are metamethods. */
static const luaL_Reg *const methods[] = {
    access_methods,
    append_extend_methods,
    arithmetic_methods,
    bytes_methods,
    where_methods,
    close_methods,
    csv_write_methods,
    astype_methods,
    copy_methods,
    unique_dedup_methods,
    equality_methods,
    save_load_methods,
    fill_methods,
    map_filter_reduce_methods,
    take_put_methods,
    growth_methods,
    insert_remove_methods,
    iterate_methods,
    operators_methods,
    sort_methods,
    random_methods,
    rearrange_methods,
    sum_mean_min_max_methods,
    resize_methods,
    cumulative_methods,
    search_methods,
    statistics_methods,
    tostring_methods,
    totable_methods,
    view_methods,
    priority_queue_methods,
    concat_methods,
    records_methods,
    NULL,
};

static const luaL_Reg *const module_functions[] = {
    constructors_functions,   bytes_functions,
    save_load_functions,      memory_functions,
    compute_functions,        csv_read_functions,
    open_functions,           random_functions,
    range_linspace_functions, NULL,
};

/* Functions that are called once; what they push becomes the field of that name in the module. */
static const luaL_Reg *const module_values[] = {
    iterate_values,
    growth_values,
    probe_values,
    NULL,
};

/* What a sandbox has not. */
static const luaL_Reg *const outside[] = {
    csv_write_methods,
    csv_read_functions,
    save_load_methods,
    save_load_functions,
    open_functions,
    probe_values,
    NULL,
};

static bool is_offered(const State *S, const luaL_Reg *list) {
    for (const luaL_Reg *const *other = outside; S->sandbox && *other != NULL; other++)
        if (*other == list) return false;
    return true;
}

static const char registry_key; /* its address */

static int close_state(lua_State *L) {
    State *S = lua_touserdata(L, 1);
    if (S != NULL && !S->closed) {
        S->closed = true;
        forget_all_arrays(S);
        holdings_close(S);
        dynarray_heap_close(&S->heap);
        dynarray_heap_trim(NULL); /* of arrays that left a state: this code may be unloaded next */
    }
    return 0;
}

/* Whether the allocator is the one of luaL_newstate: only then may memory come from elsewhere. */
#if defined(DYNARRAY_NO_MALLOC)
static bool has_stock_allocator(lua_State *L) {
    (void)L;
    return false;
}
#else
static bool has_stock_allocator(lua_State *L) {
    void *data;
    lua_State *other = luaL_newstate();
    bool same = other != NULL && lua_getallocf(other, &data) == lua_getallocf(L, &data);
    if (other != NULL) lua_close(other);
    return same;
}
#endif

/* A function of a loaded library, or what it returns, as a C function; NULL if it is none. */
static lua_CFunction stock_ipairs_step(lua_State *L) {
    lua_CFunction step = NULL;
    if (lua_getglobal(L, "ipairs") == LUA_TFUNCTION && lua_iscfunction(L, -1)) {
        lua_newtable(L);
        lua_call(L, 1, 1);
        step = lua_tocfunction(L, -1);
    }
    lua_pop(L, 1);
    return step;
}

static lua_CFunction stock_table_move(lua_State *L) {
    lua_CFunction move = NULL;
    if (lua_getglobal(L, "table") == LUA_TTABLE) {
        lua_getfield(L, -1, "move");
        move = lua_tocfunction(L, -1);
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    return move;
}

/* Pushes a copy, without __gc, of the table on the top of the stack. */
static void push_closed_metatable(lua_State *L) {
    const int metatable = lua_gettop(L);
    lua_newtable(L);
    lua_pushnil(L);
    while (lua_next(L, metatable)) {
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        lua_rawset(L, metatable + 1);
    }
    lua_pushnil(L);
    lua_setfield(L, -2, "__gc");
}

static bool is_metamethod(const luaL_Reg *f) { return strncmp(f->name, "__", 2) == 0; }

/* Sets the methods, or the metamethods, in the table on the top of the stack. */
static void set_methods(lua_State *L, bool metamethods) {
    for (const luaL_Reg *const *list = methods; *list != NULL; list++)
        for (const luaL_Reg *f = *list; f->name != NULL; f++) {
            if (is_metamethod(f) != metamethods || !is_offered(state_of(L), *list)) continue;
            lua_pushvalue(L, lua_upvalueindex(1));
            lua_pushcclosure(L, f->func, 1);
            lua_setfield(L, -2, f->name);
        }
}

/* Pushes the table in which __index looks for names. */
static void push_members(lua_State *L) {
    lua_newtable(L);
    set_methods(L, false);
    lua_Integer place = 0;
    for (size_t i = 0; access_fields[i] != NULL; i++) {
        lua_pushinteger(L, ++place);
        lua_setfield(L, -2, access_fields[i]);
    }
    for (size_t i = 0; option_fields[i].name != NULL; i++) {
        lua_pushinteger(L, ++place);
        lua_setfield(L, -2, option_fields[i].name);
    }
}

static void push_metatable(lua_State *L) {
    lua_newtable(L);
    set_methods(L, true);
    lua_getfield(L, -1, "__index");
    lua_pushvalue(L, lua_upvalueindex(1));
    push_members(L);
    lua_pushcclosure(L, lua_tocfunction(L, -3), 2);
    lua_setfield(L, -3, "__index");
    lua_pop(L, 1);
    lua_pushliteral(L, "dynarray");
    lua_pushvalue(L, -1);
    lua_setfield(L, -3, "__name");
    lua_setfield(L, -2, "__metatable");
}

/* Sets the functions and values of the module in the table at index 1. */
static void set_functions(lua_State *L) {
    for (const luaL_Reg *const *list = module_functions; *list != NULL; list++) {
        if (!is_offered(state_of(L), *list)) continue;
        lua_pushvalue(L, lua_upvalueindex(1));
        luaL_setfuncs(L, *list, 1);
    }
    for (const luaL_Reg *const *list = module_values; *list != NULL; list++)
        for (const luaL_Reg *f = *list; f->name != NULL; f++) {
            if (!is_offered(state_of(L), *list)) continue;
            lua_pushvalue(L, lua_upvalueindex(1));
            lua_pushcclosure(L, f->func, 1);
            lua_call(L, 0, 1);
            lua_setfield(L, 1, f->name);
        }
}

/* Fills the table at index 1; the state is the first upvalue, as in all functions. */
static int open_module(lua_State *L) {
    State *S = state_of(L);
    if (S->metatable == NULL) {
        const void *metatable;
        push_metatable(L);
        metatable = lua_topointer(L, -1);
        push_closed_metatable(L);
        S->closed_metatable = lua_topointer(L, -1);
        S->closed_metatable_ref = luaL_ref(L, LUA_REGISTRYINDEX);
        S->metatable_ref = luaL_ref(L, LUA_REGISTRYINDEX);
        lua_pushlightuserdata(L, &S->api);
        lua_setfield(L, LUA_REGISTRYINDEX, DYNARRAY_LUA_KEY);
        S->metatable = metatable; /* last, since memory may run out before */
    }
    lua_settop(L, 1);
    set_functions(L);
    lua_createtable(L, DYNARRAY_VALUE + 1, 0);
    for (int type = 0; type <= DYNARRAY_VALUE; type++) {
        lua_pushstring(L, dynarray_type_name((dynarray_type)type));
        lua_rawseti(L, -2, type + 1);
    }
    lua_setfield(L, 1, "types");
    lua_pushliteral(L, DYNARRAY_VERSION);
    lua_setfield(L, 1, "version");
    return 0;
}

static State *push_state(lua_State *L) {
    State *S;
    void *alloc_data;
    lua_Alloc alloc = lua_getallocf(L, &alloc_data);
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &registry_key) == LUA_TUSERDATA)
        return lua_touserdata(L, -1);
    lua_pop(L, 1);
    S = lua_newuserdatauv(L, sizeof *S, 0);
    memset(S, 0, sizeof *S);
    lua_getfield(L, LUA_REGISTRYINDEX, DYNARRAY_LUA_SANDBOX);
    S->sandbox = lua_toboolean(L, -1);
    lua_pop(L, 1);
    S->stock_allocator = has_stock_allocator(L);
    dynarray_heap_init(&S->heap, alloc, alloc_data, S->stock_allocator ? DYNARRAY_HEAP_PAGES : 0);
    if (S->stock_allocator) S->heap.keep = DEFAULT_KEEP;
    S->setup.heap = &S->heap;
    S->growth = dynarray_growth_factor(2);
    S->setup.growth = &S->growth;
    /* odd, as no pointer is, and unlikely to be found in another userdata by chance */
    S->last_id = (uint32_t)((uint64_t)(uintptr_t)S * 0x9E3779B97F4A7C15u >> 32) | 1;
    forget_all_arrays(S);
    S->ipairs_step = stock_ipairs_step(L);
    S->table_move = stock_table_move(L);
    collector_init(S);
    host_init(S);
    lua_createtable(L, 0, 1);
    lua_pushcfunction(L, close_state);
    lua_setfield(L, -2, "__gc");
    lua_setmetatable(L, -2);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &registry_key);
    return S;
}

int luaopen_dynarray(lua_State *L) {
    State *S;
    luaL_checkversion(L);
    S = push_state(L);
    lua_newtable(L);
    lua_pushlightuserdata(L, S);
    lua_pushcclosure(L, open_module, 1);
    lua_pushvalue(L, -2);
    lua_call(L, 1, 0);
    return 1;
}
