/*
** grow.c: growth as a script sees it: policies that may be Lua functions, the debug line, observers.
**
** Every call into Lua (policy, finalizers of a cycle, observer) may do anything with the array, so what
** was known before is checked again after. An error raised there leaves the array as it was.
*/
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/array.h"
#include "lua/private.h"

#define GROWTH_KEY "growth"
#define ON_GROW_KEY "on_grow"
#define INCREMENT "increment:"

/* ---------------------------------------------------------------------------------------------
** Callbacks, kept in the table that is the user value
*/

void push_user_table(lua_State *L, int index, int slots) {
    Array *A = lua_touserdata(L, index);
    if (lua_getiuservalue(L, index, 1) == LUA_TTABLE) return;
    lua_createtable(L, slots, 0);
    check_open(L, A);                                   /* by a finalizer */
    if (lua_getiuservalue(L, index, 1) != LUA_TTABLE) { /* a finalizer may have made one */
        lua_pop(L, 1);
        lua_pushvalue(L, -1);
        lua_setiuservalue(L, index, 1);
        A->has_table = true;
    } else
        lua_replace(L, -2);
    lua_replace(L, -2);
}

void set_callback(lua_State *L, int index, const char *key, int arg) {
    arg = lua_absindex(L, arg);
    push_user_table(L, lua_absindex(L, index), 0);
    lua_pushvalue(L, arg);
    lua_setfield(L, -2, key);
    lua_pop(L, 1);
}

static void push_callback(lua_State *L, int index, const char *key) {
    lua_getiuservalue(L, index, 1);
    lua_getfield(L, -1, key);
    lua_remove(L, -2);
}

/* ---------------------------------------------------------------------------------------------
** Policies
*/

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
    return luaL_error(L, "growth %s is no policy (a factor > 1, a function, or one of %s)", given,
                      lua_tostring(L, -1));
}

/* N of "increment:N", 0 if the name is something else. */
static size_t increment_of(const char *name) {
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
    if (A->core.flags & ARRAY_SCRIPTED) { /* the function is not needed any more */
        lua_pushnil(L);
        set_callback(L, index, GROWTH_KEY, -1);
        lua_pop(L, 1);
    }
    A->core.flags &= (uint8_t)~ARRAY_SCRIPTED;
    config->growth = own;
    config->setup.growth = named != NULL ? named : &config->growth;
}

/* An integer where it is one, as the script wrote it. */
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

int method_set_growth(lua_State *L) {
    Array *A = self(L);
    luaL_checkany(L, 2);
    check_open(L, A);
    set_growth(L, A, 1, 2);
    lua_settop(L, 1);
    return 1;
}

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

/* growth["increment:N"]: a function for that N */
static int index_growth_table(lua_State *L) {
    size_t step = increment_of(name_at(L, 2));
    dynarray_growth *growth;
    if (step == 0) return 0;
    lua_pushvalue(L, lua_upvalueindex(1));
    growth = lua_newuserdatauv(L, sizeof *growth, 0);
    *growth = dynarray_growth_increment(step);
    lua_pushcclosure(L, call_named_growth, 2);
    return 1;
}

void push_growth_table(lua_State *L) {
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
}

/* What the array's Lua function answers, checked. */
static size_t scripted_capacity(lua_State *L, Array *A, int index, size_t needed) {
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

/* ---------------------------------------------------------------------------------------------
** Capacity
*/

static void *inline_block(Array *A) { return A + 1; }

/* Back into the userdata: for capacities that fit there. */
static void move_inline(Array *A, size_t capacity) {
    size_t size = A->core.size;
    memcpy(inline_block(A), A->core.data, size * A->core.element_size);
    dynarray_free(&A->core);
    A->core.data = inline_block(A);
    A->core.size = size;
    A->core.capacity = capacity;
    A->core.block = DYNARRAY_BLOCK_INLINE;
}

dynarray_status resize_block(Array *A, size_t capacity, dynarray_event *event) {
    dynarray_status status;
    memset(event, 0, sizeof *event);
    if (capacity < A->core.capacity && capacity * A->core.element_size <= A->inline_bytes &&
        A->core.setup->block == DYNARRAY_BLOCK_AUTO && capacity > 0 && !A->core.fixed) {
        if (A->core.block == DYNARRAY_BLOCK_INLINE)
            A->core.capacity = capacity;
        else
            move_inline(A, capacity);
        holding_note(A);
        return DYNARRAY_OK;
    }
    if (capacity > 0 && !A->core.fixed && !holding_reserve(A)) return DYNARRAY_NO_MEMORY;
    status = dynarray_set_capacity(&A->core, capacity, event);
    holding_note(A);
    return status;
}

void undo_growth(Array *A, size_t capacity, const dynarray_stats *stats) {
    dynarray_event undone;
    if (capacity >= A->core.capacity || A->core.size > capacity) return;
    if (resize_block(A, capacity, &undone) != DYNARRAY_OK) return;
    A->state->heap.growths -= A->holding->stats.growths - stats->growths;
    A->holding->stats = *stats;
}

/*
** The event is made before the block changes, so that a lack of memory is found while nothing has
** happened; what is known only afterwards is written over fields and strings that exist.
*/
static const char *const how_names[] = {"copied", "moved", "in place"};
#define HOW_COUNT (int)(sizeof how_names / sizeof *how_names)

static void set_event_field(lua_State *L, int event, const char *name, size_t n) {
    lua_pushinteger(L, (lua_Integer)n);
    lua_setfield(L, event, name);
}

/* Pushes the event with `how` still open, and behind it the strings for that. */
static void push_event(lua_State *L, const Array *A, size_t capacity) {
    int event;
    lua_createtable(L, 0, 5);
    event = lua_gettop(L);
    set_event_field(L, event, "size", A->core.size);
    set_event_field(L, event, "old_capacity", A->core.capacity);
    set_event_field(L, event, "new_capacity", capacity);
    set_event_field(L, event, "bytes_copied", 0);
    for (int i = 0; i < HOW_COUNT; i++) lua_pushstring(L, how_names[i]);
    lua_pushvalue(L, -1);
    lua_setfield(L, event, "how");
}

/*
** Shows the event at that stack index to on_grow; if that raises, the array gets its old capacity and
** figures back.
*/
static void observe(lua_State *L, Array *A, int index, int table, const dynarray_event *event,
                    const dynarray_stats *before) {
    set_event_field(L, table, "size", event->size);
    set_event_field(L, table, "bytes_copied", event->bytes_copied);
    lua_pushvalue(L, table + 1 + (int)event->how);
    lua_setfield(L, table, "how");
    push_callback(L, index, ON_GROW_KEY);
    lua_pushvalue(L, table);
    if (lua_pcall(L, 1, 0, 0) == LUA_OK) return;
    if (A->core.capacity == event->new_capacity) undo_growth(A, event->old_capacity, before);
    lua_error(L);
}

/* As print writes, at once. */
static void print_growth(const Array *A, size_t capacity) {
    char line[128];
    const int n = snprintf(line, sizeof line,
                           "Ran out of memory: old allocated size: %zu, new allocated size is %zu",
                           A->core.capacity, capacity);
    lua_writestring(line, (size_t)n);
    lua_writeline();
}

void change_capacity(lua_State *L, Array *A, int index, size_t capacity) {
    const size_t old_capacity = A->core.capacity;
    const int top = lua_gettop(L);
    const bool observed = (A->core.flags & ARRAY_OBSERVED) != 0 && capacity > old_capacity;
    dynarray_event event;
    dynarray_stats before;
    dynarray_status status = array_may_hold(&A->core, capacity);

    if (capacity > old_capacity) {
        if (status != DYNARRAY_OK) fail_status(L, A, status, capacity);
        if (A->core.flags & ARRAY_DEBUG) print_growth(A, capacity);
        collector_pace(L, A->state, (capacity - old_capacity) * A->core.element_size);
    }
    if (observed) push_event(L, A, capacity);
    if (A->core.capacity != old_capacity || A->core.size > capacity) fail_changed(L);
    status = resize_block(A, capacity, &event);
    if (status == DYNARRAY_NO_MEMORY || status == DYNARRAY_LIMIT) {
        lua_gc(L, LUA_GCCOLLECT, 0); /* as Lua does before it gives up */
        if (A->core.capacity != old_capacity || A->core.size > capacity) fail_changed(L);
        status = resize_block(A, capacity, &event);
    }
    if (status != DYNARRAY_OK) fail_status(L, A, status, capacity);
    if (event.new_capacity == 0) return;
    before = A->holding->stats;
    dynarray_stats_add(&A->holding->stats, &event, A->core.element_size);
    if (observed) observe(L, A, index, top + 1, &event, &before);
    lua_settop(L, top);
}

void make_room_slow(lua_State *L, Array *A, int index, size_t extra) {
    size_t needed, capacity;
    dynarray_status status;
    index = lua_absindex(L, index);
    luaL_checkstack(L, 12, NULL);
    if (extra > SIZE_MAX - A->core.size) fail_status(L, A, DYNARRAY_TOO_LARGE, SIZE_MAX >> 1);
    needed = A->core.size + extra;
    if (A->core.flags & ARRAY_SCRIPTED) {
        status = array_may_hold(&A->core, needed);
        if (status != DYNARRAY_OK) fail_status(L, A, status, needed);
        capacity = scripted_capacity(L, A, index, needed);
        if (A->core.size + extra != needed) fail_changed(L);
        if (capacity <= A->core.capacity) return; /* the policy reserved it itself */
    } else {
        status = array_next_capacity(&A->core, needed, &capacity);
        if (status != DYNARRAY_OK) fail_status(L, A, status, needed);
    }
    change_capacity(L, A, index, capacity);
    if (extra > A->core.capacity - A->core.size) fail_changed(L);
}

int method_stats(lua_State *L) {
    const Array *A = self(L);
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
