/*
** host.c: the functions of dynarray_lua.h against a model, for libFuzzer. The input is a program of a host that has two Lua
** states and moves arrays between them; any request for memory may fail, and any function may raise.
*/
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

#include "dynarray_lua.h"
#include "support.h"

#define STATES 2
#define SLOTS 4 /* arrays of each state */
#define MOST_OPERATIONS 150
#define MOST_SIZE 100000

typedef struct slot { /* what the array at that place should be; of float64 or uint8 */
    bool is_there, is_lent, is_read_only;
    dynarray_type type;
    size_t size;
    unsigned char *elements;
    unsigned pins;
} slot;

typedef struct lua {
    lua_State *L;
    allocator memory;
    const dynarray_lua_api *api;
    slot slots[SLOTS];
} lua;

static struct {
    lua states[STATES];
    dynarray detached;
    slot model; /* of what is detached */
    unsigned lent;
} world;

static input in;

/* ---------------------------------------------------------------------------------------------
** The model
*/

static size_t size_of(const slot *s) { return dynarray_type_size(s->type); }

static void model_append(slot *s, const void *elements, size_t n) {
    s->elements = realloc(s->elements, (s->size + n) * size_of(s) + 1);
    CHECK(s->elements != NULL);
    if (n > 0) memcpy(s->elements + s->size * size_of(s), elements, n * size_of(s));
    s->size += n;
}

static void model_clear(slot *s) {
    static const slot none = {0};
    free(s->elements);
    *s = none;
}

static void model_move(slot *from, slot *to) {
    static const slot none = {0};
    free(to->elements);
    *to = *from;
    *from = none;
}

static bool same(const dynarray *a, const slot *s) {
    return a->size == s->size && a->capacity >= a->size && a->type == s->type &&
           (s->size == 0 || memcmp(a->data, s->elements, s->size * size_of(s)) == 0);
}

/* ---------------------------------------------------------------------------------------------
** Operations. Each is a function that Lua calls, so that it may raise: what has succeeded tells the model at its end.
*/

typedef struct step {
    lua *state;
    slot *slot;
    int place; /* of the array in the table of arrays, which is at index 1 */
    dynarray *a;
} step;

static void release(void *data, void *block, size_t bytes) {
    (void)data, (void)bytes;
    free(block);
    world.lent--;
}

static unsigned char *some_bytes(size_t n) {
    unsigned char *bytes = malloc(n > 0 ? n : 1);
    const unsigned first = byte_of(&in);
    CHECK(bytes != NULL);
    for (size_t i = 0; i < n; i++) bytes[i] = (unsigned char)(first + i);
    return bytes;
}

static size_t a_size(void) {
    return choice(&in, 8) == 0 ? word_of(&in, 3) % MOST_SIZE : choice(&in, 70);
}

/* Puts the array on the top of the stack to its place; the one that was there may be collected now. */
static void keep(lua_State *L, step *t, slot *fresh) {
    lua_rawseti(L, 1, t->place);
    model_move(fresh, t->slot);
    t->slot->is_there = true;
}

static void push_new(lua_State *L, step *t) {
    slot fresh = {0};
    const size_t capacity = a_size();
    const dynarray *a;
    fresh.type = choice(&in, 2) ? DYNARRAY_FLOAT64 : DYNARRAY_UINT8;
    a = t->state->api->push(t->state->api, L, fresh.type, capacity);
    CHECK(a->size == 0 && a->capacity >= capacity && a->type == fresh.type);
    keep(L, t, &fresh);
}

static void wrap(lua_State *L, step *t) {
    const size_t n = a_size();
    slot fresh = {0};
    unsigned char *bytes;
    fresh.type = choice(&in, 2) ? DYNARRAY_FLOAT64 : DYNARRAY_UINT8;
    fresh.is_read_only = choice(&in, 2);
    fresh.is_lent = true;
    bytes = some_bytes(n * size_of(&fresh));
    world.lent++;
    t->state->api->wrap(t->state->api, L, fresh.type, bytes, n, fresh.is_read_only, release, NULL);
    model_append(&fresh, bytes, n);
    keep(L, t, &fresh);
}

static void append(lua_State *L, step *t) {
    const size_t n = a_size();
    unsigned char *bytes = lua_newuserdata(L, n * 8 + 1);
    memset(bytes, (int)byte_of(&in), n * 8);
    t->state->api->room(t->state->api, L, 2, n);
    CHECK(t->a->capacity - t->a->size >= n);
    CHECK(n == 0 || !t->slot->is_lent);
    if (n == 0) return;
    memcpy((char *)t->a->data + t->a->size * t->a->element_size, bytes, n * t->a->element_size);
    t->a->size += n;
    model_append(t->slot, bytes, n);
}

static void detach(lua_State *L, step *t) {
    const size_t size = t->a->size;
    if (world.model.is_there) {
        t->state->api->discard(t->state->api, &world.detached);
        model_clear(&world.model);
    }
    t->state->api->detach(t->state->api, L, 2, &world.detached);
    CHECK(!t->slot->is_lent && t->slot->pins == 0 && t->a->size == 0 &&
          world.detached.size == size);
    world.model.is_there = true;
    world.model.type = t->slot->type;
    world.model.size = 0;
    model_append(&world.model, t->slot->elements, t->slot->size);
    t->slot->size = 0;
}

static void adopt(lua_State *L, step *t) {
    if (!world.model.is_there) return;
    t->state->api->adopt(t->state->api, L, &world.detached);
    CHECK(world.detached.data == NULL && world.detached.size == 0);
    keep(L, t, &world.model);
}

static void pin(lua_State *L, step *t) {
    t->state->api->pin(t->state->api, L, 2);
    CHECK(++t->slot->pins <= 250);
}

static void unpin(lua_State *L, step *t) {
    t->state->api->unpin(t->state->api, L, 2);
    CHECK(t->slot->pins-- > 0);
}

/* A change of the capacity, by a method. A pinned array keeps its block. */
static void change_block(lua_State *L, step *t) {
    static const char *const methods[] = {"shrink_to_fit", "reserve", "clear"};
    const unsigned k = choice(&in, 3);
    const void *const data = t->a->data;
    const size_t capacity = t->a->capacity;
    lua_getfield(L, 2, methods[k]);
    lua_pushvalue(L, 2);
    lua_pushinteger(L, (lua_Integer)a_size());
    if (lua_pcall(L, k == 1 ? 2 : 1, 0, 0) == LUA_OK) {
        if (k == 2) t->slot->size = 0;
    } else
        CHECK(t->a->data == data && t->a->capacity == capacity);
    if (t->slot->pins > 0) CHECK(t->a->data == data && t->a->capacity == capacity);
}

/* Writes by Lua, through a view of the array. */
static void write_by_view(lua_State *L, step *t) {
    const size_t n = t->a->size, i = n > 0 ? word_of(&in, 2) % n : 0;
    const unsigned char x = (unsigned char)byte_of(&in);
    const double real = x;
    lua_getfield(L, 2, "view");
    lua_pushvalue(L, 2);
    lua_call(L, 1, 1);
    if (n == 0) return;
    lua_pushinteger(L, (lua_Integer)i + 1);
    lua_pushinteger(L, x);
    lua_settable(L, -3);
    CHECK(!t->slot->is_read_only);
    memcpy(t->slot->elements + i * size_of(t->slot),
           t->slot->type == DYNARRAY_UINT8 ? (const void *)&x : &real, size_of(t->slot));
}

static void close_array(lua_State *L, step *t) {
    const unsigned lent = world.lent;
    lua_getfield(L, 2, "close");
    lua_pushvalue(L, 2);
    lua_call(L, 1, 0);
    CHECK(t->slot->pins == 0 && world.lent == lent - t->slot->is_lent);
    lua_pushnil(L);
    lua_rawseti(L, 1, t->place);
    model_clear(t->slot);
}

static void check_types(lua_State *L, step *t) {
    const dynarray_lua_api *api = t->state->api;
    CHECK(api->test(api, L, 2, DYNARRAY_INT16) == NULL &&
          api->test(api, L, 1, DYNARRAY_ANY) == NULL);
    CHECK(api->check(api, L, 2, t->slot->type) == t->a);
    CHECK(api->check_writable(api, L, 2, DYNARRAY_ANY) == t->a && !t->slot->is_read_only);
}

static void collect(lua_State *L, step *t) {
    (void)t;
    lua_gc(L, LUA_GCCOLLECT, 0);
}

static void change_limit(lua_State *L, step *t) {
    dynarray_heap *heap = t->state->api->heap(t->state->api);
    (void)L;
    heap->limit = choice(&in, 2) ? 0 : heap->held + word_of(&in, 2);
}

/* With an array at index 2, or without. */
static void (*const with_array[])(lua_State *, step *) = {
    append, append,       append,        detach,      pin,
    unpin,  change_block, write_by_view, close_array, check_types,
};
static void (*const without[])(lua_State *, step *) = {push_new, push_new, wrap,
                                                       adopt,    collect,  change_limit};

static int operate(lua_State *L) {
    step *t = lua_touserdata(L, 2);
    const unsigned operation = choice(&in, 16);
    lua_settop(L, 1);
    lua_rawgeti(L, 1, t->place);
    t->a = t->state->api->test(t->state->api, L, 2, DYNARRAY_ANY);
    CHECK((t->a != NULL) == t->slot->is_there);
    if (operation < 10 && t->a != NULL)
        with_array[operation](L, t);
    else
        without[operation < 10 ? 0 : operation - 10](L, t);
    return 0;
}

/* ---------------------------------------------------------------------------------------------
** Runs
*/

static void check_state(lua *s) {
    lua_rawgetp(s->L, LUA_REGISTRYINDEX, s);
    for (int i = 0; i < SLOTS; i++) {
        lua_rawgeti(s->L, -1, i + 1);
        CHECK(lua_isnil(s->L, -1) == !s->slots[i].is_there);
        if (s->slots[i].is_there)
            CHECK(same(s->api->test(s->api, s->L, -1, DYNARRAY_ANY), &s->slots[i]));
        lua_pop(s->L, 1);
    }
    lua_pop(s->L, 1);
    if (world.model.is_there) CHECK(same(&world.detached, &world.model));
}

static int open_state(lua_State *L) {
    lua *s = lua_touserdata(L, 1);
    luaL_requiref(L, "_G", luaopen_base, 1);
    luaL_requiref(L, "dynarray", luaopen_dynarray, 0);
    s->api = dynarray_lua(L);
    lua_createtable(L, SLOTS, 0); /* so that `keep` needs no memory */
    lua_rawsetp(L, LUA_REGISTRYINDEX, s);
    return 0;
}

static void begin(lua *s, unsigned flags) {
    s->memory = kind_memory;
    s->memory.eight = (flags & 2) != 0;
    s->L = flags & 1 ? luaL_newstate() : lua_newstate(memory_alloc, &s->memory);
    CHECK(s->L != NULL);
    lua_pushcfunction(s->L, open_state);
    lua_pushlightuserdata(s->L, s);
    CHECK(lua_pcall(s->L, 1, 0, 0) == LUA_OK);
}

static void run_step(void) {
    const unsigned where = byte_of(&in);
    lua *s = &world.states[where % STATES];
    step t;
    int status;
    t.state = s;
    t.place = 1 + (int)(where / STATES % SLOTS);
    t.slot = &s->slots[t.place - 1];
    lua_pushcfunction(s->L, operate);
    lua_rawgetp(s->L, LUA_REGISTRYINDEX, s);
    lua_pushlightuserdata(s->L, &t);
    if (where >= 192) memory_choose_failure(&s->memory, &in);
    status = lua_pcall(s->L, 2, 0, 0);
    CHECK(status == LUA_OK || status == LUA_ERRRUN || status == LUA_ERRMEM);
    s->memory.fail_after = SIZE_MAX;
    s->memory.shrinks_fail = false;
    lua_settop(s->L, 0);
    check_state(s);
}

static void end(lua *s) {
    lua_close(s->L);
    CHECK(s->memory.bytes == 0);
    for (int i = 0; i < SLOTS; i++) model_clear(&s->slots[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    in.next = data;
    in.end = data + n;
    memset(&world, 0, sizeof world);
    for (int i = 0; i < STATES; i++) begin(&world.states[i], byte_of(&in));
    for (int i = 0; i < MOST_OPERATIONS && !input_ended(&in); i++) run_step();
    if (world.model.is_there) dynarray_free(&world.detached);
    model_clear(&world.model);
    for (int i = 0; i < STATES; i++) end(&world.states[i]);
    CHECK(world.lent == 0);
    return 0;
}
