/*
** How a C module appends: to an array in a Lua state, by the functions that it finds there. It is not linked with the
** library. With TABLE_CURSOR, the loop keeps its place and the limit in registers.
*/
#include <dynarray_lua.h>
#include <lualib.h>
#include <stdint.h>
#include <stdlib.h>

typedef struct table_array {
    lua_State *L;
    const dynarray_lua_api *api;
    dynarray *array;
} table_array;

static void create(table_array *a) {
    a->L = luaL_newstate();
    if (a->L == NULL) abort();
    luaL_openlibs(a->L);
    if (luaL_dostring(a->L, "require 'dynarray'") != LUA_OK) abort();
    a->api = dynarray_lua(a->L);
    a->api->push(a->api, a->L, DYNARRAY_INT64, 0); /* at index 1 */
    a->array = a->api->check_writable(a->api, a->L, 1, DYNARRAY_INT64);
}

static void make_room(table_array *a, size_t extra) { a->api->room(a->api, a->L, 1, extra); }

#define ARRAY table_array
#define CREATE(a, n) create(&(a))
#define DESTROY(a) lua_close((a).L)
#define SIZE(a) (a).array->size
#define AT(a, i) dynarray_data_int64((a).array)[i]

#ifdef TABLE_CURSOR

/* The cursor of a loop that only appends. */
typedef struct writer {
    int64_t *next, *limit;
} writer;

static void flush(table_array *a, writer w) {
    if (w.next != NULL) a->array->size = (size_t)(w.next - dynarray_data_int64(a->array));
}

/* Passed by value: a cursor whose address is known elsewhere would be stored at each append. */
static writer renew(table_array *a, writer w) {
    flush(a, w);
    if (a->array->size == a->array->capacity) make_room(a, 1);
    w.next = dynarray_data_int64(a->array) + a->array->size;
    w.limit = dynarray_data_int64(a->array) + a->array->capacity;
    return w;
}

#define BEGIN(a) writer w = {NULL, NULL}
#define APPEND(a, x)                                                                               \
    do {                                                                                           \
        if (w.next == w.limit) w = renew(&(a), w);                                                 \
        *w.next++ = (x);                                                                           \
    } while (0)
#define END(a) flush(&(a), w)

#else

static inline void append(table_array *a, int64_t x) {
    dynarray *array = a->array;
    if (array->size == array->capacity) make_room(a, 1);
    dynarray_data_int64(array)[array->size++] = x;
}

#define APPEND(a, x) append(&(a), x)

#endif

#include "driver.h"
