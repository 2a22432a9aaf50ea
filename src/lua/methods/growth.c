/* growth.c: policies and statistics of growth. */
#include "lua/methods/growth.h"

#include "lua/array/argument.h"
#include "lua/array/holding.h"
#include "lua/array/policy_argument.h"

static int method_set_growth(lua_State *L) {
    Array *A = self_most(L, 2);
    luaL_checkany(L, 2);
    check_open(L, A);
    set_growth(L, A, 1, 2);
    lua_settop(L, 1);
    return 1;
}

static int method_stats(lua_State *L) {
    const Array *A = self_most(L, 1);
    const dynarray_stats stats = stats_of(A);
    const size_t bytes = A->core.capacity * A->core.element_size;
    lua_createtable(L, 0, 7);
    lua_pushinteger(L, stats.growths);
    lua_setfield(L, -2, "growths");
    lua_pushinteger(L, (lua_Integer)stats.elements_copied);
    lua_setfield(L, -2, "elements_copied");
    lua_pushinteger(L, (lua_Integer)(stats.elements_copied * A->core.element_size));
    lua_setfield(L, -2, "bytes_copied");
    lua_pushinteger(L, stats.moves);
    lua_setfield(L, -2, "moves");
    lua_pushinteger(L, stats.in_place);
    lua_setfield(L, -2, "in_place");
    lua_pushinteger(L, (lua_Integer)(stats.peak_bytes > bytes ? stats.peak_bytes : bytes));
    lua_setfield(L, -2, "peak_bytes");
    lua_pushinteger(L, (lua_Integer)stats.growth_ns);
    lua_setfield(L, -2, "growth_ns");
    return 1;
}

/* ---------------------------------------------------------------------------------------------
** The table of policies
*/

/* policy(capacity, needed, element_size) -> capacity; the policy is the second upvalue */
static int call_named_growth(lua_State *L) {
    const dynarray_growth *growth = lua_touserdata(L, lua_upvalueindex(2));
    const size_t most = (size_t)LUA_MAXINTEGER; /* of 32 bits, SIZE_MAX */
    size_t capacity = check_size(L, 1, "capacity", 0, most);
    size_t needed = check_size(L, 2, "needed", 0, most);
    size_t element_size =
        lua_isnoneornil(L, 3) ? 8 : check_size(L, 3, "element_size", 1, UINT32_MAX);
    size_t next;
    next = dynarray_growth_next(growth, capacity, needed, element_size);
    lua_pushinteger(L, next > most ? LUA_MAXINTEGER : (lua_Integer)next);
    return 1;
}

/* growth[i]: the name of the i-th policy, for ipairs */
static int push_policy_name(lua_State *L, lua_Integer i) {
    const dynarray_growth *growth = i > 0 ? dynarray_growth_at((size_t)i - 1) : NULL;
    if (growth == NULL) return 0;
    lua_pushstring(L, growth->name);
    return 1;
}

/* growth["increment:N"]: a function for that N */
static int index_growth_table(lua_State *L) {
    dynarray_growth *growth;
    size_t step;
    if (lua_isinteger(L, 2)) return push_policy_name(L, lua_tointeger(L, 2));
    step = increment_of(name_at(L, 2));
    if (step == 0) return 0;
    lua_pushvalue(L, lua_upvalueindex(1));
    growth = lua_newuserdatauv(L, sizeof *growth, 0);
    *growth = dynarray_growth_increment(step);
    lua_pushcclosure(L, call_named_growth, 2);
    return 1;
}

/* The module's table of named policies, each callable. */
static int growth_table(lua_State *L) {
    const dynarray_growth *growth;
    lua_newtable(L);
    for (size_t i = 0; (growth = dynarray_growth_at(i)) != NULL; i++) {
        lua_pushvalue(L, lua_upvalueindex(1));
        lua_pushlightuserdata(L, (void *)(uintptr_t)growth);
        lua_pushcclosure(L, call_named_growth, 2);
        lua_setfield(L, -2, growth->name);
    }
    lua_createtable(L, 0, 1);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_pushcclosure(L, index_growth_table, 1);
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, -2);
    return 1;
}

const luaL_Reg growth_methods[] = {
    {"stats", method_stats},
    {"set_growth", method_set_growth},
    {NULL, NULL},
};

const luaL_Reg growth_values[] = {
    {"growth", growth_table},
    {NULL, NULL},
};
