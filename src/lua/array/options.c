/* options.c: the options of a new array: read from a table, applied, and shown as fields. */
#include "lua/array/options.h"

#include <string.h>

#include "lua/array/argument.h"
#include "lua/array/conversion.h"
#include "lua/array/holding.h"
#include "lua/array/policy_argument.h"
#include "lua/array/user_table.h"
#include "lua/base/error.h"

enum option {
    OPTION_BLOCK,
    OPTION_BOUNDS,
    OPTION_CAPACITY,
    OPTION_DEBUG,
    OPTION_FILL,
    OPTION_GROWTH,
    OPTION_MAX_SIZE,
    OPTION_MODE,
    OPTION_ON_GROW,
    OPTION_TYPE
};
#define OPTION_COUNT (OPTION_TYPE + 1)

/* Block is of arrays in memory alone, mode of files alone; see name_of_new and name_of_file. */
static const struct {
    const char *name;
    enum option option;
} option_names[] = {
    {"block", OPTION_BLOCK},
    {"bounds", OPTION_BOUNDS},
    {"capacity", OPTION_CAPACITY},
    {"debug", OPTION_DEBUG},
    {"fill", OPTION_FILL},
    {"growth", OPTION_GROWTH},
    {"initial_fill", OPTION_FILL},
    {"initial_size", OPTION_CAPACITY}, /* other names of fill and capacity */
    {"max_size", OPTION_MAX_SIZE},
    {"on_grow", OPTION_ON_GROW},
    {"type", OPTION_TYPE},
    {"mode", OPTION_MODE},
};
#define OPTION_NAMES (sizeof option_names / sizeof *option_names)

int fail_option(lua_State *L, int arg, const char *name, const char *expected) {
    return luaL_argerror(
        L, arg, lua_pushfstring(L, "%s expected %s, got %s", name, expected, describe(L, -1)));
}

dynarray_type check_type_name(lua_State *L, int arg, bool numeric) {
#define NAME(CONSTANT, name, ctype, kind, min, max) ", " #name
    static const char names[] = "value" DYNARRAY_NUMERIC_TYPES(NAME);
#undef NAME
    const dynarray_type type = dynarray_type_from_name(name_at(L, -1));
    if (type > DYNARRAY_VALUE || (numeric && type == DYNARRAY_VALUE))
        luaL_argerror(L, arg,
                      lua_pushfstring(L, "type %s is not one of %s", describe(L, -1),
                                      numeric ? names + strlen("value, ") : names));
    return type;
}

dynarray_type check_type_argument(lua_State *L, int arg, bool numeric) {
    dynarray_type type;
    lua_pushvalue(L, arg);
    type = check_type_name(L, arg, numeric);
    lua_pop(L, 1);
    return type;
}

bool check_boolean(lua_State *L, int arg, const char *name) {
    if (!lua_isboolean(L, -1)) fail_option(L, arg, name, "a boolean");
    return lua_toboolean(L, -1);
}

size_t check_count(lua_State *L, int arg, const char *name, size_t least) {
    int is_integer = 0;
    lua_Integer n = lua_type(L, -1) == LUA_TNUMBER ? lua_tointegerx(L, -1, &is_integer) : 0;
    if (!is_integer || n < (lua_Integer)least || (lua_Unsigned)n > SIZE_MAX)
        fail_option(L, arg, name, least == 0 ? "an integer >= 0" : "an integer >= 1");
    return (size_t)n;
}

static dynarray_block check_block(lua_State *L, int arg) {
    const char *name = name_at(L, -1);
    if (strcmp(name, "copy") == 0) return DYNARRAY_BLOCK_COPY;
    if (strcmp(name, "stable") == 0) return DYNARRAY_BLOCK_STABLE;
    if (strcmp(name, "auto") != 0) fail_option(L, arg, "block", "auto, copy or stable");
    return DYNARRAY_BLOCK_AUTO;
}

static bool check_sequence(lua_State *L, int arg) {
    const char *name = name_at(L, -1);
    if (strcmp(name, "sequence") == 0) return true;
    if (strcmp(name, "strict") != 0) fail_option(L, arg, "bounds", "strict or sequence");
    return false;
}

Options options_for(dynarray_type type) {
    Options options = {0};
    options.type = type;
    options.capacity = DEFAULT_CAPACITY;
    return options;
}

Options options_like(const Array *A) {
    Options options = options_for((dynarray_type)A->core.type);
    options.sequence = (A->core.flags & ARRAY_SEQUENCE) != 0;
    return options;
}

/* Takes the option whose value is on the top of the stack. Leaves it there if it is still needed. */
static void take_option(lua_State *L, int arg, Options *options, bool of_file, const char *name,
                        enum option option) {
    switch (option) {
    case OPTION_BLOCK: options->block = check_block(L, arg); break;
    case OPTION_BOUNDS: options->sequence = check_sequence(L, arg); break;
    case OPTION_CAPACITY:
        options->capacity = check_count(L, arg, name, 0);
        options->has_capacity = true;
        break;
    case OPTION_DEBUG: options->debug = check_boolean(L, arg, name); break;
    case OPTION_FILL: options->fill = lua_gettop(L); return;
    case OPTION_GROWTH: options->growth = lua_gettop(L); return;
    case OPTION_MAX_SIZE: options->max_size = check_count(L, arg, name, 1); break;
    case OPTION_MODE: options->mode = lua_gettop(L); return;
    case OPTION_ON_GROW:
        if (!lua_isfunction(L, -1)) fail_option(L, arg, name, "a function");
        options->on_grow = lua_gettop(L);
        return;
    default: /* OPTION_TYPE */
        options->type = check_type_name(L, arg, of_file);
        options->has_type = true;
    }
    lua_pop(L, 1);
}

static const char *name_of_new(size_t i) {
    return i < OPTION_NAMES - 1 ? option_names[i].name : NULL;
}

static int fail_unknown_option(lua_State *L, int arg, const char *(*name_of)(size_t i)) {
    luaL_Buffer known;
    const bool is_element = name_of == name_of_new && lua_type(L, -2) == LUA_TNUMBER;
    const char *name = luaL_tolstring(L, -2, NULL);
    luaL_buffinit(L, &known);
    for (size_t i = 0; name_of(i) != NULL; i++) {
        if (i > 0) luaL_addstring(&known, ", ");
        luaL_addstring(&known, name_of(i));
    }
    luaL_pushresult(&known);
    return luaL_argerror(
        L, arg,
        lua_pushfstring(L,
                        is_element ? "unknown option '%s' (known: %s): dynarray.from takes elements"
                                   : "unknown option '%s' (known: %s)",
                        name, lua_tostring(L, -1)));
}

void check_option_names(lua_State *L, int arg, const char *(*name_of)(size_t i)) {
    lua_pushnil(L);
    for (; lua_next(L, arg); lua_pop(L, 1)) {
        const char *const given = name_at(L, -2), *known;
        size_t i = 0;
        while ((known = name_of(i)) != NULL && strcmp(known, given) != 0) i++;
        if (known == NULL) fail_unknown_option(L, arg, name_of);
    }
}

static const char *name_of_file(size_t i) {
    return i < OPTION_NAMES - 1 ? option_names[i + 1].name : NULL;
}

void check_no_options(lua_State *L, int source, int arg) {
    if (!lua_istable(L, source) || !lua_isnoneornil(L, arg)) return;
    for (size_t i = 0; name_of_new(i) != NULL; i++) {
        lua_pushstring(L, name_of_new(i));
        if (lua_rawget(L, source) != LUA_TNIL)
            luaL_argerror(
                L, source,
                lua_pushfstring(
                    L, "option '%s' among the elements: options are an argument of their own",
                    name_of_new(i)));
        lua_pop(L, 1);
    }
}

void check_no_more(lua_State *L, int most) {
    if (lua_gettop(L) > most)
        luaL_argerror(L, most + 1, "too many arguments: put all options into one table");
}

static Options read_options(lua_State *L, int arg, dynarray_type type, bool of_file) {
    Options options = options_for(type);
    const char *given[OPTION_COUNT] = {NULL};
    switch (lua_type(L, arg)) {
    case LUA_TNONE:
    case LUA_TNIL: return options;
    case LUA_TSTRING:
        lua_pushvalue(L, arg);
        take_option(L, arg, &options, of_file, "type", OPTION_TYPE);
        return options;
    case LUA_TTABLE: break;
    default:
        luaL_argerror(
            L, arg,
            lua_pushfstring(L, "type or table of options expected, got %s", luaL_typename(L, arg)));
    }
    check_option_names(L, arg, of_file ? name_of_file : name_of_new);
    luaL_checkstack(L, 8, NULL);
    for (size_t i = 0; i < OPTION_NAMES; i++) {
        const char *name = option_names[i].name;
        enum option option = option_names[i].option;
        lua_pushstring(L, name);
        if (lua_rawget(L, arg) == LUA_TNIL) {
            lua_pop(L, 1);
            continue;
        }
        if (given[option] != NULL)
            luaL_argerror(
                L, arg,
                lua_pushfstring(L, "options '%s' and '%s' are the same option, give only one",
                                given[option], name));
        given[option] = name;
        take_option(L, arg, &options, of_file, name, option);
    }
    if (options.capacity > dynarray_max_capacity(dynarray_type_size(options.type)))
        luaL_argerror(
            L, arg,
            lua_pushfstring(L, "capacity %I out of range (0 to %I)", (LUAI_UACINT)options.capacity,
                            (LUAI_UACINT)dynarray_max_capacity(dynarray_type_size(options.type))));
    return options;
}

Options check_options(lua_State *L, int arg, dynarray_type type) {
    return read_options(L, arg, type, false);
}

Options check_file_options(lua_State *L, int arg) {
    return read_options(L, arg, DYNARRAY_FLOAT64, true);
}

/* ---------------------------------------------------------------------------------------------
** Options of an array that is there
*/

static void store_fill(lua_State *L, Array *A, int index, int arg) {
    uint64_t fill = 0;
    const misfit why = conversions[A->core.type].put(L, arg, &fill);
    if (why == NEEDS_SLOT) {
        value_reserve_slots(L, A, index, 1);
        fill = value_encode(L, A, index, arg);
    } else if (why != FITS)
        fail_element(L, (dynarray_type)A->core.type, arg, why, AS_FILL);
    set_fill(L, A, fill);
}

void apply_options(lua_State *L, Array *A, int index, const Options *options) {
    if (options->fill != 0) store_fill(L, A, index, options->fill);
    if (options->sequence) A->core.flags |= ARRAY_SEQUENCE;
    if (options->debug) A->core.flags |= ARRAY_DEBUG;
    if (options->growth != 0) set_growth(L, A, index, options->growth);
    if (options->max_size != 0) own_config(L, A)->setup.max_size = options->max_size;
    if (options->block != DYNARRAY_BLOCK_AUTO) {
        if (options->block == DYNARRAY_BLOCK_STABLE &&
            !(A->state->heap.flags & DYNARRAY_HEAP_PAGES))
            luaL_error(L, "block 'stable' needs pages, and this state has its own allocator");
        own_config(L, A)->setup.block = options->block;
    }
    if (options->on_grow != 0) {
        set_callback(L, index, ON_GROW_KEY, options->on_grow);
        A->core.flags |= ARRAY_OBSERVED;
    }
}

static void push_type(lua_State *L, const Array *A) {
    lua_pushstring(L, dynarray_type_name((dynarray_type)A->core.type));
}

static void push_own_growth(lua_State *L, const Array *A) { push_growth(L, A, 1); }

static void push_bounds(lua_State *L, const Array *A) {
    lua_pushstring(L, A->core.flags & ARRAY_SEQUENCE ? "sequence" : "strict");
}

static void push_max_size(lua_State *L, const Array *A) {
    const size_t max_size = A->core.setup->max_size;
    if (max_size == 0)
        lua_pushnil(L);
    else
        lua_pushinteger(L, (lua_Integer)max_size);
}

static void push_block(lua_State *L, const Array *A) {
    lua_pushstring(L, A->core.flags & ARRAY_VIEW
                          ? "view"
                          : dynarray_block_name((dynarray_block)A->core.block));
}

const option_field option_fields[] = {
    {"type", push_type},         {"growth", push_own_growth}, {"bounds", push_bounds},
    {"max_size", push_max_size}, {"block", push_block},       {NULL, NULL},
};

/* ---------------------------------------------------------------------------------------------
** Single options, for other tables of options
*/

int push_option(lua_State *L, int arg, const char *name) {
    if (!lua_istable(L, arg)) {
        lua_pushnil(L);
        return LUA_TNIL;
    }
    lua_pushstring(L, name);
    return lua_rawget(L, arg);
}

/* Reads an option that is a single character; '\0' if it is not given. */
char check_character(lua_State *L, int arg, const char *name) {
    size_t length = 0;
    const char *s;
    char c = '\0';
    if (push_option(L, arg, name) != LUA_TNIL) {
        s = lua_type(L, -1) == LUA_TSTRING ? lua_tolstring(L, -1, &length) : "";
        if (length != 1 || *s == '\n' || *s == '"') fail_option(L, arg, name, "one character");
        c = *s;
    }
    lua_pop(L, 1);
    return c;
}
