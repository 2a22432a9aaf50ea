/* construct.c: options, new arrays, and their end. */
#include <string.h>

#include "core/array.h"
#include "core/block.h"
#include "lua/private.h"

/* ---------------------------------------------------------------------------------------------
** Options
*/

enum option {
    OPTION_BLOCK,
    OPTION_BOUNDS,
    OPTION_CAPACITY,
    OPTION_DEBUG,
    OPTION_FILL,
    OPTION_GROWTH,
    OPTION_MAX_SIZE,
    OPTION_ON_GROW,
    OPTION_TYPE,
    OPTION_COUNT
};

static const struct {
    const char *name;
    enum option option;
} option_names[] = {
    {"block", OPTION_BLOCK},       {"bounds", OPTION_BOUNDS},
    {"capacity", OPTION_CAPACITY}, {"debug", OPTION_DEBUG},
    {"fill", OPTION_FILL},         {"growth", OPTION_GROWTH},
    {"initial_fill", OPTION_FILL}, {"initial_size", OPTION_CAPACITY}, /* the article's names */
    {"max_size", OPTION_MAX_SIZE}, {"on_grow", OPTION_ON_GROW},
    {"type", OPTION_TYPE},
};
#define OPTION_NAMES (sizeof option_names / sizeof *option_names)

static int fail_unknown_option(lua_State *L, int arg, int key) {
    luaL_Buffer known;
    const char *name = luaL_tolstring(L, key, NULL);
    luaL_buffinit(L, &known);
    for (size_t i = 0; i < OPTION_NAMES; i++) {
        if (i > 0) luaL_addstring(&known, ", ");
        luaL_addstring(&known, option_names[i].name);
    }
    luaL_pushresult(&known);
    return luaL_argerror(
        L, arg, lua_pushfstring(L, "unknown option '%s' (known: %s)", name, lua_tostring(L, -1)));
}

static int fail_option(lua_State *L, int arg, const char *name, const char *expected) {
    return luaL_argerror(
        L, arg, lua_pushfstring(L, "%s expected %s, got %s", name, expected, describe(L, -1)));
}

/* The type named by the string on the top of the stack. */
static dynarray_type check_type_name(lua_State *L, int arg, bool numeric) {
    static const char *const names =
        "value, int8, int16, int32, int64, uint8, uint16, uint32, "
        "uint64, float32 or float64";
    const dynarray_type type = dynarray_type_from_name(name_at(L, -1));
    if (type > DYNARRAY_VALUE || (numeric && type == DYNARRAY_VALUE))
        fail_option(L, arg, "type", numeric ? names + strlen("value, ") : names);
    return type;
}

dynarray_type check_type_argument(lua_State *L, int arg, bool numeric) {
    dynarray_type type;
    lua_pushvalue(L, arg);
    type = check_type_name(L, arg, numeric);
    lua_pop(L, 1);
    return type;
}

static bool check_boolean(lua_State *L, int arg, const char *name) {
    if (!lua_isboolean(L, -1)) fail_option(L, arg, name, "a boolean");
    return lua_toboolean(L, -1);
}

static size_t check_count(lua_State *L, int arg, const char *name, size_t least) {
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

/* Takes the option whose value is on the top of the stack; leaves values that are still needed. */
static void take_option(lua_State *L, int arg, Options *options, const char *name,
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
    case OPTION_ON_GROW:
        if (!lua_isfunction(L, -1)) fail_option(L, arg, name, "a function");
        options->on_grow = lua_gettop(L);
        return;
    case OPTION_TYPE:
        options->type = check_type_name(L, arg, false);
        options->has_type = true;
        break;
    case OPTION_COUNT: break;
    }
    lua_pop(L, 1);
}

static void check_option_names(lua_State *L, int arg) {
    lua_pushnil(L);
    for (; lua_next(L, arg); lua_pop(L, 1)) {
        size_t i = 0;
        while (i < OPTION_NAMES && strcmp(option_names[i].name, name_at(L, -2)) != 0) i++;
        if (i == OPTION_NAMES) fail_unknown_option(L, arg, lua_absindex(L, -2));
    }
}

/* The options at arg: none, a type's name, or a table. Leaves values on the stack. */
static Options check_options(lua_State *L, int arg, dynarray_type type) {
    Options options = options_for(type);
    const char *given[OPTION_COUNT] = {NULL};
    switch (lua_type(L, arg)) {
    case LUA_TNONE:
    case LUA_TNIL: return options;
    case LUA_TSTRING:
        lua_pushvalue(L, arg);
        take_option(L, arg, &options, "type", OPTION_TYPE);
        return options;
    case LUA_TTABLE: break;
    default:
        luaL_argerror(
            L, arg,
            lua_pushfstring(L, "type or table of options expected, got %s", luaL_typename(L, arg)));
    }
    check_option_names(L, arg);
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
            luaL_argerror(L, arg,
                          lua_pushfstring(L, "options '%s' and '%s' are the same, give one",
                                          given[option], name));
        given[option] = name;
        take_option(L, arg, &options, name, option);
    }
    if (options.capacity > dynarray_max_capacity(dynarray_type_size(options.type)))
        luaL_argerror(
            L, arg,
            lua_pushfstring(L, "capacity %I out of range (0 to %I)", (LUAI_UACINT)options.capacity,
                            (LUAI_UACINT)dynarray_max_capacity(dynarray_type_size(options.type))));
    return options;
}

/* ---------------------------------------------------------------------------------------------
** Birth and death
*/

static void set_closed(Array *A) {
    A->core.fixed = 1;
    A->core.flags = (uint8_t)((A->core.flags & (ARRAY_SEQUENCE | ARRAY_FINALIZED)) | ARRAY_CLOSED);
    A->inline_bytes = 0;
    A->has_fill = false;
}

/* Frees what is not Lua's; leaves an array that is empty and cannot grow. */
static void free_blocks(Array *A) {
    State *S = A->state;
    if (is_pinned(A)) release_pins(A);
    if (A->core.flags & ARRAY_VIEW) { /* the block is another's */
        A->core.capacity = 0;
        A->core.data = NULL;
    }
    free_core(S, &A->core);
    holding_drop(A);
    set_closed(A);
}

void array_lose(Array *A) {
    A->core.data = NULL;
    A->core.size = A->core.capacity = 0;
    A->core.block = DYNARRAY_BLOCK_AUTO;
    A->core.setup = &A->state->setup;
    A->holding = NULL;
    set_closed(A);
}

void array_close(lua_State *L, Array *A, int index) {
    State *S = A->state;
    index = lua_absindex(L, index);
    if (!(A->core.flags & ARRAY_CLOSED)) free_blocks(A);
    if (A->has_table) {
        lua_pushnil(L);
        lua_setiuservalue(L, index, 1);
        A->has_table = false;
    }
    if (A->core.flags & ARRAY_FINALIZED) return;
    A->core.flags |= ARRAY_FINALIZED;
    forget_array(S, A);
    S->array_count--;
}

int meta_close(lua_State *L) {
    Array *A = self(L);
    if (is_pinned(A)) fail_status(L, A, DYNARRAY_FIXED, 0);
    array_close(L, A, 1);
    /* its finalizer has nothing to do any more, and would cost more than all else here */
    lua_rawgeti(L, LUA_REGISTRYINDEX, A->state->closed_metatable_ref);
    lua_setmetatable(L, 1);
    return 0;
}

int meta_gc(lua_State *L) {
    array_close(L, self(L), 1);
    return 0;
}

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

void check_blank(lua_State *L, const Array *A) {
    if (A->core.capacity > 0 || (A->core.flags & ARRAY_CLOSED)) fail_changed(L);
}

static dynarray_status make_block(lua_State *L, Array *A, size_t capacity) {
    dynarray_status status;
    check_blank(L, A);
    status = array_may_hold(&A->core, capacity);
    if (status != DYNARRAY_OK) return status;
    if (!holding_reserve(A)) return DYNARRAY_NO_MEMORY;
    status = block_first(&A->core, capacity);
    A->holding->stats.peak_bytes = A->core.capacity * A->core.element_size;
    holding_note(A);
    return status;
}

/* The block that an array is made with: no growth, but what memory it takes is told. */
static void first_block(lua_State *L, Array *A, size_t capacity) {
    const size_t bytes = capacity * A->core.element_size;
    if (capacity > A->core.capacity) {
        dynarray_status status;
        collector_pace(L, A->state, bytes);
        status = make_block(L, A, capacity);
        if (status == DYNARRAY_NO_MEMORY || status == DYNARRAY_LIMIT) {
            lua_gc(L, LUA_GCCOLLECT, 0); /* as Lua does before it gives up */
            status = make_block(L, A, capacity);
        }
        if (status != DYNARRAY_OK) fail_status(L, A, status, capacity);
    }
}

Array *array_create(lua_State *L, State *S, dynarray_type type, size_t struct_bytes,
                    size_t own_capacity) {
    const size_t inline_bytes = own_capacity * dynarray_type_size(type);
    Array *A;
    if (S->closed) luaL_error(L, "the state is closing");
    A = lua_newuserdatauv(L, struct_bytes + inline_bytes, 1);
    memset(A, 0, sizeof *A);
    dynarray_init(&A->core, type, &S->setup);
    A->state = S;
    A->inline_bytes = (uint16_t)inline_bytes;
    if (inline_bytes > 0) {
        A->core.data = (char *)A + struct_bytes;
        A->core.capacity = own_capacity;
        A->core.block = DYNARRAY_BLOCK_INLINE;
    }
    lua_rawgeti(L, LUA_REGISTRYINDEX, S->metatable_ref);
    lua_setmetatable(L, -2);
    A->id = S->last_id += 2;
    S->array_count++; /* from here on __gc takes care of it */
    remember_array(S, A);
    return A;
}

/* What of that capacity is the userdata's own: all or nothing. */
static size_t inline_capacity(dynarray_type type, size_t capacity) {
    const bool fits =
        capacity <= INLINE_BYTES && capacity * dynarray_type_size(type) <= INLINE_BYTES;
    return fits ? capacity : 0;
}

Array *array_new(lua_State *L, State *S, const Options *options) {
    size_t capacity = options->capacity;
    Array *A;
    int index;
    if (options->max_size != 0 && capacity > options->max_size) {
        if (options->has_capacity)
            luaL_error(L, "capacity %I exceeds max_size %I", (LUAI_UACINT)capacity,
                       (LUAI_UACINT)options->max_size);
        capacity = options->max_size;
    }

    A = array_create(
        L, S, options->type, sizeof *A,
        options->block == DYNARRAY_BLOCK_AUTO ? inline_capacity(options->type, capacity) : 0);
    index = lua_gettop(L);
    if (options->fill != 0) store_fill(L, A, index, options->fill);
    if (options->sequence) A->core.flags |= ARRAY_SEQUENCE;
    if (options->growth != 0) set_growth(L, A, index, options->growth);
    if (options->max_size != 0) own_config(L, A)->setup.max_size = options->max_size;
    if (options->block != DYNARRAY_BLOCK_AUTO) {
        if (options->block == DYNARRAY_BLOCK_STABLE && !(S->heap.flags & DYNARRAY_HEAP_PAGES))
            luaL_error(L, "block 'stable' needs pages, and this state has its own allocator");
        own_config(L, A)->setup.block = options->block;
    }
    first_block(L, A, capacity);
    if (options->debug) A->core.flags |= ARRAY_DEBUG;
    if (options->on_grow != 0) {
        set_callback(L, index, "on_grow", options->on_grow);
        A->core.flags |= ARRAY_OBSERVED;
    }
    return A;
}

Array *array_new_plain(lua_State *L, const Array *model, dynarray_type type, size_t capacity) {
    const uint8_t bounds = model->core.flags & ARRAY_SEQUENCE;
    Array *A = array_create(L, model->state, type, sizeof *A, inline_capacity(type, capacity));
    A->core.flags = bounds;
    first_block(L, A, capacity);
    return A;
}

/* ---------------------------------------------------------------------------------------------
** Constructors
*/

/* new([type | options]) */
int module_new(lua_State *L) {
    Options options = check_options(L, 1, DYNARRAY_VALUE);
    array_new(L, state_of(L), &options);
    return 1;
}

/* of(...) */
int module_of(lua_State *L) {
    Options options = options_for(DYNARRAY_VALUE);
    int n = lua_gettop(L);
    Array *A;
    options.capacity = (size_t)n;
    A = array_new(L, state_of(L), &options);
    append_values(L, A, lua_gettop(L), 1, n);
    return 1;
}

/* from(source [, type | options]) */
int module_from(lua_State *L) {
    State *S = state_of(L);
    const Array *source;
    Options options;
    Array *A;
    lua_settop(L, 2);
    source = array_test(L, S, 1);
    options =
        check_options(L, 2, source != NULL ? (dynarray_type)source->core.type : DYNARRAY_VALUE);
    if (!options.has_capacity && (source != NULL || lua_istable(L, 1))) {
        options.capacity = source != NULL ? source->core.size : (size_t)lua_rawlen(L, 1);
        options.has_capacity = true;
    }
    A = array_new(L, S, &options);
    extend_from(L, A, lua_gettop(L), 1);
    return 1;
}

/* filled(n, value [, type | options]) */
int module_filled(lua_State *L) {
    size_t n = check_size(L, 1, "size", 1, PTRDIFF_MAX);
    Options options;
    Array *A;
    luaL_checkany(L, 2);
    options = check_options(L, 3, DYNARRAY_VALUE);
    if (!options.has_capacity || options.capacity < n) options.capacity = n;
    options.has_capacity = true;
    A = array_new(L, state_of(L), &options);
    resize_up(L, A, lua_gettop(L), n, 2);
    return 1;
}

Array *push_copy(lua_State *L, Array *A) {
    const size_t n = A->core.size;
    Array *B = array_new_plain(L, A, (dynarray_type)A->core.type, n);
    view_sync(A);
    if (A->core.size != n) fail_changed(L); /* a finalizer did */
    if (n > 0) memcpy(B->core.data, A->core.data, n * A->core.element_size);
    B->core.size = n;
    return B;
}

/* Of an array with a setup of its own, or with objects. */
SLOW_PATH static int copy_with_options(lua_State *L, Array *A) {
    const dynarray_setup *setup = A->core.setup;
    Options options = options_like(A);
    Array *B;
    options.capacity = A->core.size;
    options.max_size = setup->max_size;
    options.block = setup->block;
    if (setup != &A->state->setup) { /* else it has the default growth and needs no setup */
        push_growth(L, A, 1);
        options.growth = lua_gettop(L);
    }
    if (A->has_fill) {
        const uint64_t fill = fill_of(A);
        conversions[A->core.type].push(L, A, 1, &fill);
        options.fill = lua_gettop(L);
    }
    B = array_new(L, A->state, &options);
    extend_from(L, B, lua_gettop(L), 1);
    if (B->core.size != options.capacity) fail_changed(L); /* a finalizer did */
    return 1;
}

int method_copy(lua_State *L) {
    Array *A = self(L), *B;
    check_open(L, A);
    if (A->core.setup != &A->state->setup || holds_values(A)) return copy_with_options(L, A);
    B = push_copy(L, A);
    if (A->has_fill) set_fill(L, B, fill_of(A));
    return 1;
}
