/*
** A C module that lets the specs call each function of dynarray_lua.h. It is compiled apart and linked
** with nothing of dynarray's, as another C module would be.
*/
#include <lualib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dynarray_lua.h"

#define API const dynarray_lua_api *api = dynarray_lua(L)

/* "any" or nothing: any type; a number is taken as it is, so that a wrong one can be given. */
static dynarray_type type_at(lua_State *L, int arg) {
    static const char *const names[] = {
#define NAME(CONSTANT, name, ctype, kind, min, max) #name,
        DYNARRAY_NUMERIC_TYPES(NAME)
#undef NAME
            "value",
        "opaque",
        "any",
        NULL
    };
    if (lua_type(L, arg) == LUA_TNUMBER) return (dynarray_type)lua_tointeger(L, arg);
    return (dynarray_type)luaL_checkoption(L, arg, "any", names);
}

static int push_description(lua_State *L, const dynarray *a) {
    if (a == NULL) return 0;
    lua_pushinteger(L, a->type);
    lua_pushinteger(L, (lua_Integer)a->size);
    lua_pushinteger(L, (lua_Integer)a->capacity);
    lua_pushlightuserdata(L, a->data);
    return 4;
}

/* push(type, capacity) -> array */
static int host_push(lua_State *L) {
    API;
    const dynarray *a = api->push(api, L, type_at(L, 1), (size_t)luaL_optinteger(L, 2, 0));
    if (lua_touserdata(L, -1) == NULL || a->size != 0) return luaL_error(L, "no new array");
    return 1;
}

/* test(a, type) -> type, size, capacity, data; nothing if it is something else */
static int host_test(lua_State *L) {
    API;
    return push_description(L, api->test(api, L, 1, type_at(L, 2)));
}

static int host_check(lua_State *L) {
    API;
    return push_description(L, api->check(api, L, 1, type_at(L, 2)));
}

static int host_check_writable(lua_State *L) {
    API;
    return push_description(L, api->check_writable(api, L, 1, type_at(L, 2)));
}

/* check_at_top(a, type): check of a negative index */
static int host_check_at_top(lua_State *L) {
    dynarray_type type = type_at(L, 2);
    API;
    lua_settop(L, 1);
    return push_description(L, api->check(api, L, -1, type));
}

/* at_top(a): the functions that take an index, given a negative one */
static int host_at_top(lua_State *L) {
    API;
    lua_settop(L, 1);
    if (api->test(api, L, -1, DYNARRAY_ANY) == NULL) return luaL_error(L, "not found");
    api->room(api, L, -1, 1000);
    api->pin(api, L, -1);
    api->unpin(api, L, -1);
    lua_pushinteger(L, lua_gettop(L));
    return 1;
}

/* room(a, extra) */
static int host_room(lua_State *L) {
    API;
    lua_Integer extra = luaL_checkinteger(L, 2);
    lua_settop(L, 1);
    api->room(api, L, 1, (size_t)extra);
    lua_pushinteger(L, lua_gettop(L));
    return 1;
}

/* append(a, n): the numbers 1 to n behind an int64 array's elements */
static int host_append(lua_State *L) {
    API;
    dynarray *a = api->check_writable(api, L, 1, DYNARRAY_INT64);
    lua_Integer n = luaL_checkinteger(L, 2);
    api->room(api, L, 1, (size_t)n);
    for (lua_Integer i = 1; i <= n; i++) dynarray_data_int64(a)[a->size++] = i;
    return 0;
}

/* ---------------------------------------------------------------------------------------------
** Wrap
*/

static const double constants[] = {1.5, 2.5, 3.5};

/* What is lent, and how often it was taken back. */
typedef struct loan {
    int releases;
    bool as_lent; /* data and bytes were those that were lent */
    size_t bytes;
    int32_t data[8];
} loan;

static void release(void *data, void *memory, size_t bytes) {
    loan *l = data;
    l->releases++;
    l->as_lent = memory == l->data && bytes == l->bytes;
}

/* loan() -> what is lent by wrap, eight int32 from 10 on */
static int host_loan(lua_State *L) {
    loan *l = lua_newuserdatauv(L, sizeof *l, 0);
    memset(l, 0, sizeof *l);
    for (int i = 0; i < 8; i++) l->data[i] = 10 + i;
    lua_pushvalue(L, -1);
    luaL_ref(L, LUA_REGISTRYINDEX); /* to outlive whatever wraps it */
    return 1;
}

/* releases(loan) -> how often, and whether of the same memory; data(loan, i) -> element */
static int host_releases(lua_State *L) {
    const loan *l = lua_touserdata(L, 1);
    lua_pushinteger(L, l->releases);
    lua_pushboolean(L, l->as_lent);
    return 2;
}

static int host_data(lua_State *L) {
    lua_pushinteger(L, ((loan *)lua_touserdata(L, 1))->data[luaL_checkinteger(L, 2) - 1]);
    return 1;
}

/* wrap(loan, n, read_only [, type]) -> array */
static int host_wrap(lua_State *L) {
    API;
    loan *l = lua_touserdata(L, 1);
    size_t n = (size_t)luaL_checkinteger(L, 2);
    dynarray_type type = lua_isnoneornil(L, 4) ? DYNARRAY_INT32 : type_at(L, 4);
    l->bytes = n * 4;
    api->wrap(api, L, type, l->data, n, lua_toboolean(L, 3), release, l);
    return 1;
}

static void stop_at_return(lua_State *L, lua_Debug *event) {
    (void)event;
    lua_sethook(L, NULL, 0, 0);
    luaL_error(L, "time is up");
}

/* wrap_interrupted(loan): a hook, as a host's time limit has, raises when the first function returns */
static int host_wrap_interrupted(lua_State *L) {
    API;
    loan *l = lua_touserdata(L, 1);
    l->bytes = 32;
    lua_sethook(L, stop_at_return, LUA_MASKRET, 0);
    api->wrap(api, L, DYNARRAY_INT32, l->data, 8, false, release, l);
    return 1;
}

/* truncate(array, n): the size downwards, as a host may change it */
static int host_truncate(lua_State *L) {
    API;
    api->check(api, L, 1, DYNARRAY_ANY)->size = (size_t)luaL_checkinteger(L, 2);
    return 0;
}

/* wrap on a Lua stack that is full: wraps until an error comes */
static int host_wrap_full(lua_State *L) {
    API;
    loan *l = lua_touserdata(L, 1);
    l->bytes = 32;
    /* twice: a first refusal lets Lua 5.4.7 grow the stack a little, for the error */
    for (int i = 0; i < 2; i++)
        while (lua_checkstack(L, 1)) lua_pushnil(L);
    api->wrap(api, L, DYNARRAY_INT32, l->data, 8, false, release, l);
    return 1;
}

static void print_release(void *data, void *memory, size_t bytes) {
    (void)memory;
    printf("%s of %d bytes released\n", (const char *)data, (int)bytes);
}

/* wrap_printed() -> an array of three int8 that says so when it is released */
static int host_wrap_printed(lua_State *L) {
    API;
    static int8_t memory[3];
    api->wrap(api, L, DYNARRAY_INT8, memory, 3, false, print_release, (void *)(uintptr_t) "memory");
    return 1;
}

/* constants([type]) -> a read-only array of constant data, without a release function */
static int host_constants(lua_State *L) {
    API;
    const dynarray_type type = (dynarray_type)luaL_optinteger(L, 1, DYNARRAY_FLOAT64);
    api->wrap(api, L, type, (void *)(uintptr_t)constants, 3, true, NULL, NULL);
    return 1;
}

/* ---------------------------------------------------------------------------------------------
** Detach and adopt: what is in the host's hands is a userdata "parcel"
*/

#define PARCEL "spec.parcel"

typedef struct parcel {
    dynarray array;
    const dynarray_lua_api *api;
    bool full;
} parcel;

static int gc_parcel(lua_State *L) {
    parcel *p = lua_touserdata(L, 1);
    if (p->full) p->api->discard(p->api, &p->array);
    p->full = false;
    return 0;
}

static int host_detach(lua_State *L) {
    API;
    parcel *p = lua_newuserdatauv(L, sizeof *p, 0);
    memset(p, 0, sizeof *p);
    p->api = api;
    if (luaL_newmetatable(L, PARCEL)) {
        lua_pushcfunction(L, gc_parcel);
        lua_setfield(L, -2, "__gc");
    }
    lua_setmetatable(L, -2);
    api->detach(api, L, 1, &p->array);
    p->full = true;
    return 1;
}

/* leave(cpath): an array leaves another state, is discarded, and that state closes */
static int host_leave(lua_State *L) {
    lua_State *other = luaL_newstate();
    const dynarray_lua_api *api;
    dynarray a;
    if (other == NULL) return luaL_error(L, "no state");
    luaL_openlibs(other);
    lua_getglobal(other, "package");
    lua_pushstring(other, luaL_checkstring(L, 1));
    lua_setfield(other, -2, "cpath");
    if (luaL_dostring(other, "return require('dynarray').filled(2000000, 1, 'float64')") != LUA_OK)
        return luaL_error(L, "%s", lua_tostring(other, -1));
    api = dynarray_lua(other);
    api->detach(api, other, -1, &a);
    api->discard(api, &a);
    lua_close(other);
    return 0;
}

/* parcel(p) -> type, size, capacity, data */
static int host_parcel(lua_State *L) {
    return push_description(L, &((parcel *)lua_touserdata(L, 1))->array);
}

static int host_adopt(lua_State *L) {
    API;
    parcel *p = luaL_checkudata(L, 1, PARCEL);
    api->adopt(api, L, &p->array);
    if (p->array.data != NULL || p->array.size != 0 || p->array.capacity != 0)
        return luaL_error(L, "something was left behind");
    return 1;
}

/* set(p, field, n): makes what adopt must refuse */
static int host_set(lua_State *L) {
    parcel *p = luaL_checkudata(L, 1, PARCEL);
    uint8_t n = (uint8_t)luaL_checkinteger(L, 3);
    switch (*luaL_checkstring(L, 2)) {
    case 't': p->array.type = n; break;
    case 'b': p->array.block = n; break;
    default: p->array.fixed = n;
    }
    return 0;
}

typedef struct counting {
    size_t bytes;
} counting;

static void *allocate(void *data, void *ptr, size_t osize, size_t nsize) {
    counting *c = data;
    c->bytes += nsize - osize;
    if (nsize > 0) return realloc(ptr, nsize);
    free(ptr);
    return NULL;
}

static int adopt_it(lua_State *L) {
    API;
    api->adopt(api, L, lua_touserdata(L, 1));
    return 1;
}

/*
** adopt_foreign(): an array from a heap of its own -> the array here, or why it was refused, and then left as it was and
** freed; bytes that the heap still holds
*/
static int host_adopt_foreign(lua_State *L) {
    API;
    const size_t capacity = 64, bytes = capacity * sizeof(int64_t);
    int64_t *elements = malloc(bytes);
    counting c = {bytes};
    dynarray_heap heap;
    dynarray_setup setup;
    dynarray a;
    if (elements == NULL) return luaL_error(L, "not enough memory");
    for (size_t i = 0; i < capacity; i++) elements[i] = (int64_t)i + 1;
    memset(&heap, 0, sizeof heap);
    memset(&setup, 0, sizeof setup);
    memset(&a, 0, sizeof a);
    heap.alloc = allocate;
    heap.alloc_data = &c;
    heap.held = bytes;
    setup.heap = &heap;
    a.data = elements;
    a.setup = &setup;
    a.type = DYNARRAY_INT64;
    a.element_size = sizeof *elements;
    a.block = DYNARRAY_BLOCK_HEAP;
    a.capacity = capacity;
    a.size = 60;
    lua_pushcfunction(L, adopt_it);
    lua_pushlightuserdata(L, &a);
    if (lua_pcall(L, 1, 1, 0) != LUA_OK) {
        if (a.data != elements || a.size != 60 || a.capacity != capacity || heap.held != bytes)
            return luaL_error(L, "what was refused is not as it was");
        api->discard(api, &a);
    }
    lua_pushinteger(L, (lua_Integer)(c.bytes + heap.held));
    return 2;
}

/*
** move(code): a second state in this process makes an array by that code (which gets `arguments`),
** and it moves here -> array, whether the elements stayed where they were
*/
static int open_and_make(lua_State *M) {
    luaL_openlibs(M);
    lua_getglobal(M, "package");
    lua_pushstring(M, lua_touserdata(M, 2));
    lua_setfield(M, -2, "cpath");
    lua_settop(M, 1);
    if (luaL_loadstring(M, lua_touserdata(M, 1)) != LUA_OK) lua_error(M);
    lua_call(M, 0, 1);
    return 1;
}

static int detach_there(lua_State *M) {
    const dynarray_lua_api *api = dynarray_lua(M);
    api->detach(api, M, 1, lua_touserdata(M, 2));
    return 0;
}

static int host_move(lua_State *L) {
    API;
    dynarray a;
    const void *data;
    lua_State *M = luaL_newstate();
    const char *cpath;
    lua_getglobal(L, "package");
    lua_getfield(L, -1, "cpath");
    cpath = lua_tostring(L, -1);
    lua_pushcfunction(M, open_and_make);
    lua_pushlightuserdata(M, (void *)(uintptr_t)luaL_checkstring(L, 1));
    lua_pushlightuserdata(M, (void *)(uintptr_t)cpath);
    if (lua_pcall(M, 2, 1, 0) == LUA_OK) {
        lua_pushcfunction(M, detach_there);
        lua_insert(M, -2);
        lua_pushlightuserdata(M, &a);
        if (lua_pcall(M, 2, 0, 0) == LUA_OK) {
            lua_close(M);
            data = a.data;
            lua_pushboolean(L, api->adopt(api, L, &a)->data == data);
            return 2;
        }
    }
    lua_pushstring(L, lua_tostring(M, -1));
    lua_close(M);
    return lua_error(L);
}

/* ---------------------------------------------------------------------------------------------
** Pins, figures, the table itself
*/

static int host_pin(lua_State *L) {
    API;
    api->pin(api, L, 1);
    return 0;
}

static int host_unpin(lua_State *L) {
    API;
    api->unpin(api, L, 1);
    return 0;
}

/* heap([limit]) -> held, limit */
static int host_heap(lua_State *L) {
    API;
    dynarray_heap *heap = api->heap(api);
    if (!lua_isnone(L, 1)) heap->limit = (size_t)luaL_checkinteger(L, 1);
    lua_pushinteger(L, (lua_Integer)heap->held);
    lua_pushinteger(L, (lua_Integer)heap->limit);
    return 2;
}

/* number(a): what the userdata begins with, by which the library tells it from another one at the same address */
static int host_number(lua_State *L) {
    uint32_t number;
    memcpy(&number, lua_touserdata(L, 1), sizeof number);
    lua_pushinteger(L, (lua_Integer)number);
    return 1;
}

static int fetch(lua_State *L) {
    API;
    lua_pushinteger(L, api->abi);
    return 1;
}

/* with_api(abi, size): what dynarray_lua says of a table whose ABI and size differ by that */
static int host_with_api(lua_State *L) {
    dynarray_lua_api other = *dynarray_lua(L);
    other.abi += (int)luaL_checkinteger(L, 1);
    other.size = (size_t)((lua_Integer)other.size + luaL_checkinteger(L, 2));
    lua_getfield(L, LUA_REGISTRYINDEX, DYNARRAY_LUA_KEY);
    lua_pushlightuserdata(L, &other);
    lua_setfield(L, LUA_REGISTRYINDEX, DYNARRAY_LUA_KEY);
    lua_pushcfunction(L, fetch);
    lua_pcall(L, 0, 1, 0);
    lua_insert(L, -2);
    lua_setfield(L, LUA_REGISTRYINDEX, DYNARRAY_LUA_KEY);
    return 1;
}

int luaopen_host(lua_State *L);

#if defined(__GNUC__)
__attribute__((visibility("default")))
#endif
int luaopen_host(lua_State *L) {
    static const luaL_Reg functions[] = {
        {"push", host_push},
        {"test", host_test},
        {"check", host_check},
        {"check_writable", host_check_writable},
        {"check_at_top", host_check_at_top},
        {"at_top", host_at_top},
        {"room", host_room},
        {"append", host_append},
        {"loan", host_loan},
        {"releases", host_releases},
        {"data", host_data},
        {"wrap", host_wrap},
        {"wrap_full", host_wrap_full},
        {"wrap_interrupted", host_wrap_interrupted},
        {"truncate", host_truncate},
        {"wrap_printed", host_wrap_printed},
        {"constants", host_constants},
        {"detach", host_detach},
        {"leave", host_leave},
        {"parcel", host_parcel},
        {"adopt", host_adopt},
        {"set", host_set},
        {"adopt_foreign", host_adopt_foreign},
        {"move", host_move},
        {"pin", host_pin},
        {"unpin", host_unpin},
        {"heap", host_heap},
        {"number", host_number},
        {"with_api", host_with_api},
        {NULL, NULL},
    };
    luaL_newlib(L, functions);
    return 1;
}
