/* module.c: luaopen_dynarray puts the pieces together. */
#include "core/system/system.h"

#include <string.h>

#include "lua/private.h"

static const luaL_Reg module_functions[] = {
    {"new", module_new},
    {"of", module_of},
    {"from", module_from},
    {"filled", module_filled},
    {"frombytes", module_frombytes},
    {"load", module_load},
    {"map", module_map},
    {"memory", module_memory},
    {"limit", module_limit},
    {"collector", module_collector},
    {NULL, NULL},
};

/* Methods, by the file that they are in. */
static const luaL_Reg methods[] = {
    /* access.c */
    {"get", method_get},
    {"set", method_set},
    /* edit.c */
    {"append", method_append},
    {"pop", method_pop},
    {"extend", method_extend},
    {"clear", method_clear},
    {"reserve", method_reserve},
    {"resize", method_resize},
    {"shrink_to_fit", method_shrink_to_fit},
    {"copy_from", method_copy_from},
    /* construct.c */
    {"copy", method_copy},
    {"close", meta_close},
    /* grow.c */
    {"stats", method_stats},
    {"set_growth", method_set_growth},
    /* view.c */
    {"view", method_view},
    {"frozen", method_frozen},
    /* search.c */
    {"index_of", method_index_of},
    {"contains", method_contains},
    {"count", method_count},
    {"lower_bound", method_lower_bound},
    {"upper_bound", method_upper_bound},
    {"insert_sorted", method_insert_sorted},
    /* order.c */
    {"sort", method_sort},
    {"sort_stable", method_sort_stable},
    {"is_sorted", method_is_sorted},
    {"nth", method_nth},
    {"percentile", method_percentile},
    /* arithmetic.c */
    {"sum", method_sum},
    {"mean", method_mean},
    {"min", method_min},
    {"max", method_max},
    {"dot", method_dot},
    {"add", method_add},
    {"sub", method_sub},
    {"mul", method_mul},
    {"div", method_div},
    {"abs", method_abs},
    {"sqrt", method_sqrt},
    {"clamp", method_clamp},
    {"cumsum", method_cumsum},
    {"slice", method_slice},
    /* list.c */
    {"insert", method_insert},
    {"insert_all", method_insert_all},
    {"remove", method_remove},
    {"remove_range", method_remove_range},
    {"swap", method_swap},
    {"swap_remove", method_swap_remove},
    {"reverse", method_reverse},
    {"rotate", method_rotate},
    {"fill", method_fill},
    {"dedup", method_dedup},
    /* functional.c */
    {"map", method_map},
    {"filter", method_filter},
    {"reduce", method_reduce},
    {"each", method_each},
    {"totable", method_totable},
    {"unpack", method_unpack},
    {"iter", method_iter},
    /* file.c */
    {"tobytes", method_tobytes},
    {"save", method_save},
    {"flush", method_flush},
    {"pointer", method_pointer},
    {NULL, NULL},
};

static const luaL_Reg metamethods[] = {
    {"__newindex", meta_newindex},
    {"__len", meta_len},
    {"__pairs", meta_pairs},
    {"__eq", meta_eq},
    {"__concat", meta_concat},
    {"__add", meta_add},
    {"__sub", meta_sub},
    {"__mul", meta_mul},
    {"__div", meta_div},
    {"__tostring", meta_tostring},
    {"__close", meta_close},
    {"__gc", meta_gc},
    {NULL, NULL},
};

static const char registry_key; /* its address */

static int close_state(lua_State *L) {
    State *S = lua_touserdata(L, 1);
    if (S != NULL && !S->closed) {
        S->closed = true;
        for (int i = 0; i < KNOWN_ARRAYS; i++) S->known[i].array = NO_ARRAY(S);
        holdings_close(S);
        dynarray_heap_close(&S->heap);
    }
    return 0;
}

/* Whether the state's allocator is the one of luaL_newstate, so that pages break no host's limit. */
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

/* What a loaded library function returns, or is, as a C function; NULL if it is none. */
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

/* A copy of the table on the top of the stack that has no __gc. */
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

static void push_metatable(lua_State *L) {
    lua_newtable(L);
    lua_pushvalue(L, lua_upvalueindex(1));
    luaL_setfuncs(L, metamethods, 1);
    lua_pushvalue(L, lua_upvalueindex(1));
    push_member_table(L, methods);
    lua_pushcclosure(L, meta_index, 2);
    lua_setfield(L, -2, "__index");
    lua_pushliteral(L, "dynarray");
    lua_pushvalue(L, -1);
    lua_setfield(L, -3, "__name");
    lua_setfield(L, -2, "__metatable");
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
        S->metatable = metatable; /* last: memory may run out before */
    }
    lua_settop(L, 1);
    lua_pushvalue(L, lua_upvalueindex(1));
    luaL_setfuncs(L, module_functions, 1);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_getglobal(L, "ipairs");
    lua_pushcclosure(L, module_ipairs, 2);
    lua_setfield(L, 1, "ipairs");
    push_growth_table(L);
    lua_setfield(L, 1, "growth");
    lua_createtable(L, DYNARRAY_VALUE + 1, 0);
    for (int type = 0; type <= DYNARRAY_VALUE; type++) {
        lua_pushstring(L, dynarray_type_name((dynarray_type)type));
        lua_rawseti(L, -2, type + 1);
    }
    lua_setfield(L, 1, "types");
    push_probe(L);
    lua_setfield(L, 1, "probe");
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
    S->stock_allocator = has_stock_allocator(L);
    dynarray_heap_init(&S->heap, alloc, alloc_data, S->stock_allocator ? DYNARRAY_HEAP_PAGES : 0);
    if (S->stock_allocator) S->heap.keep = DEFAULT_KEEP;
    S->setup.heap = &S->heap;
    S->growth = dynarray_growth_factor(2);
    S->setup.growth = &S->growth;
    /* odd, as no pointer is, and from where no other userdata has a word like it by chance */
    S->last_id = (uint32_t)((uint64_t)(uintptr_t)S * 0x9E3779B97F4A7C15u >> 32) | 1;
    for (int i = 0; i < KNOWN_ARRAYS; i++) S->known[i].array = NO_ARRAY(S);
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
