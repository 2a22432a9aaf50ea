/* policy_argument.c: growth policies as scripts name them: factors, names, functions. */
#include "lua/array/policy_argument.h"

#include <math.h>
#include <string.h>

#include "lua/array/argument.h"
#include "lua/array/holding.h"
#include "lua/array/user_table.h"
#include "lua/base/error.h"

#define INCREMENT "increment:"

static int fail_policy(lua_State *L, int arg) {
    luaL_Buffer names;
    const dynarray_growth *growth;
    const char *given = describe(L, arg);
    luaL_buffinit(L, &names);
    for (size_t i = 0; (growth = dynarray_growth_at(i)) != NULL; i++) {
        luaL_addstring(&names, growth->name);
        luaL_addstring(&names, ", ");
    }
    luaL_addstring(&names, INCREMENT "N");
    luaL_pushresult(&names);
    return luaL_error(L,
                      "growth %s is not a policy (expected a factor > 1, a function, or one of %s)",
                      given, lua_tostring(L, -1));
}

size_t increment_of(const char *name) {
    size_t step = 0;
    const char *digit = name + strlen(INCREMENT);
    if (strncmp(name, INCREMENT, strlen(INCREMENT)) != 0) return 0;
    for (; *digit >= '0' && *digit <= '9'; digit++) {
        if (step > (SIZE_MAX >> 1) / 10 - 9) return 0;
        step = step * 10 + (size_t)(*digit - '0');
    }
    return *digit == '\0' ? step : 0;
}

void set_growth(lua_State *L, Array *A, int index, int arg) {
    const dynarray_growth *named = NULL;
    dynarray_growth own = {0};
    Config *config;
    switch (lua_type(L, arg)) {
    case LUA_TFUNCTION: break;
    case LUA_TNUMBER: {
        double factor = (double)lua_tonumber(L, arg);
        if (!(factor > 1) || isinf(factor)) fail_policy(L, arg);
        own = dynarray_growth_factor(factor);
        break;
    }
    case LUA_TSTRING: {
        size_t step = increment_of(name_at(L, arg));
        named = dynarray_growth_named(name_at(L, arg));
        if (named == NULL && step == 0) fail_policy(L, arg);
        if (named == NULL) own = dynarray_growth_increment(step);
        break;
    }
    default: fail_policy(L, arg);
    }
    config = own_config(L, A);
    if (lua_isfunction(L, arg)) {
        set_callback(L, index, GROWTH_KEY, arg);
        A->core.flags |= ARRAY_SCRIPTED;
        return;
    }
    if (A->core.flags & ARRAY_SCRIPTED) { /* the old function is not needed any more */
        lua_pushnil(L);
        set_callback(L, index, GROWTH_KEY, -1);
        lua_pop(L, 1);
    }
    A->core.flags &= (uint8_t)~ARRAY_SCRIPTED;
    config->growth = own;
    config->setup.growth = named != NULL ? named : &config->growth;
}

/* As an integer if it is one: so the script wrote it. */
static void push_factor(lua_State *L, double factor) {
    if (factor == floor(factor) && factor < 1e9)
        lua_pushinteger(L, (lua_Integer)factor);
    else
        lua_pushnumber(L, factor);
}

void push_growth(lua_State *L, const Array *A, int index) {
    const dynarray_growth *growth = A->core.setup->growth;
    if (A->core.flags & ARRAY_SCRIPTED)
        push_callback(L, index, GROWTH_KEY);
    else if (strcmp(growth->name, "factor") == 0)
        push_factor(L, growth->with.factor);
    else if (strcmp(growth->name, "increment") == 0)
        lua_pushfstring(L, INCREMENT "%I", (LUAI_UACINT)growth->with.step);
    else
        lua_pushstring(L, growth->name);
}

size_t scripted_capacity(lua_State *L, Array *A, int index, size_t needed) {
    int is_integer = 0;
    lua_Integer capacity = 0;
    push_callback(L, index, GROWTH_KEY);
    lua_pushinteger(L, (lua_Integer)A->core.capacity);
    lua_pushinteger(L, (lua_Integer)needed);
    lua_pushinteger(L, (lua_Integer)A->core.element_size);
    lua_call(L, 3, 1);
    if (lua_type(L, -1) == LUA_TNUMBER) capacity = lua_tointegerx(L, -1, &is_integer);
    if (!is_integer)
        luaL_error(L, "growth policy returned %s, expected an integer", describe(L, -1));
    if (capacity < 0 || (lua_Unsigned)capacity < needed)
        luaL_error(L, "growth policy returned %I, needed at least %I", (LUAI_UACINT)capacity,
                   (LUAI_UACINT)needed);
    if (A->core.setup->max_size != 0 && (lua_Unsigned)capacity > A->core.setup->max_size)
        luaL_error(L, "growth policy returned %I, max_size is %I", (LUAI_UACINT)capacity,
                   (LUAI_UACINT)A->core.setup->max_size);
    if ((lua_Unsigned)capacity > dynarray_max_capacity(A->core.element_size))
        luaL_error(L, "growth policy returned %I, at most %I fit", (LUAI_UACINT)capacity,
                   (LUAI_UACINT)dynarray_max_capacity(A->core.element_size));
    lua_pop(L, 1);
    return (size_t)capacity;
}
