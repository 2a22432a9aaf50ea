/*
** scribble.c: memory that changes while it is read. It lends memory between pages that nobody may touch, and a
** thread writes to it and to mapped files, without a pause, until it is stopped. See scribble.lua.
** And files as memory that a host lends, see aliases_spec.lua.
*/
#define _GNU_SOURCE
#include <fcntl.h>
#include <lualib.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "dynarray_lua.h"

#define RANGES 8

typedef struct range {
    volatile unsigned char *bytes;
    size_t n;
} range;

static struct {
    pthread_t thread;
    range ranges[RANGES];
    int count;
    int stops;
    int runs;
} scribbler;

/* ---------------------------------------------------------------------------------------------
** The thread
*/

static uint64_t next_random(uint64_t *state) {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* What kernels treat in a way of its own: zeros, NaNs, infinities, the least and the greatest. */
static const uint64_t specials[] = {
    0,
    UINT64_MAX,
    0x7FF8000000000000,
    0x7FF00000FFF00000,
    0x7FC000007FC00000,
    0x8000000080000000,
    0x7FFFFFFF7FFFFFFF,
    0x8000800080008000,
    0x0101010101010101,
    0x3FF0000000000000,
    0x000186A0000186A0,
    0x00000000FFFFFFFF,
};
#define SPECIALS (sizeof specials / sizeof *specials)

static void write_word(const range *r, size_t at, uint64_t word) {
    unsigned char bytes[8];
    memcpy(bytes, &word, sizeof bytes);
    for (size_t i = 0; i < sizeof bytes && at + i < r->n; i++) r->bytes[at + i] = bytes[i];
}

static void scribble(const range *r, uint64_t *state) {
    const uint64_t chance = next_random(state);
    const size_t words = (r->n + 7) / 8;
    const size_t first = (size_t)(next_random(state) % words);
    const size_t most = chance & 64 ? 512 : 4;
    const size_t n = words - first < most ? words - first : most;
    const uint64_t word = specials[next_random(state) % SPECIALS];
    for (size_t i = 0; i < n; i++) switch (chance & 3) {
        case 0: write_word(r, (first + i) * 8, next_random(state)); break;
        case 1: write_word(r, (first + i) * 8, word + i); break;
        default: write_word(r, (first + i) * 8, word);
        }
    if (chance & 128) write_word(r, first * 8, ~word); /* it was there for a moment */
}

static void *run(void *nothing) {
    uint64_t state = 88172645463325252;
    (void)nothing;
    while (!__atomic_load_n(&scribbler.stops, __ATOMIC_RELAXED))
        for (int i = 0; i < scribbler.count; i++) scribble(&scribbler.ranges[i], &state);
    return NULL;
}

/* ---------------------------------------------------------------------------------------------
** Its module
*/

static void add_range(lua_State *L, void *bytes, size_t n) {
    if (scribbler.runs || scribbler.count == RANGES) luaL_error(L, "no more ranges now");
    scribbler.ranges[scribbler.count].bytes = bytes;
    scribbler.ranges[scribbler.count++].n = n;
}

static size_t pages_of(size_t bytes) {
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    return (bytes + page - 1) / page * page;
}

static void unmap(void *start, void *data, size_t bytes) {
    (void)data;
    munmap(start, pages_of(bytes) + 2 * pages_of(1));
}

static void unmap_file(void *start, void *data, size_t bytes) {
    munmap(start, (size_t)((char *)data - (char *)start) + bytes);
}

static const char *const type_names[] = {
#define NAME(CONSTANT, name, ctype, kind, min, max) #name,
    DYNARRAY_NUMERIC_TYPES(NAME)
#undef NAME
        NULL};
static const size_t type_sizes[] = {
#define SIZE(CONSTANT, name, ctype, kind, min, max) sizeof(ctype),
    DYNARRAY_NUMERIC_TYPES(SIZE)
#undef SIZE
};

/* lend(type, n) -> an array of n elements that end where a page does which nobody may touch */
static int lend(lua_State *L) {
    const dynarray_lua_api *api = dynarray_lua(L);
    const int type = luaL_checkoption(L, 1, NULL, type_names);
    const size_t n = (size_t)luaL_checkinteger(L, 2), bytes = n * type_sizes[type];
    const size_t pages = pages_of(bytes), page = pages_of(1);
    char *start = mmap(NULL, pages + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (start == MAP_FAILED || mprotect(start + page, pages, PROT_READ | PROT_WRITE) != 0)
        return luaL_error(L, "no memory to lend");
    add_range(L, start + page + pages - bytes, bytes);
    api->wrap(api, L, (dynarray_type)type, start + page + pages - bytes, n, false, unmap, start);
    return 1;
}

/* file(path, offset [, bytes]): these bytes of the file, by default all that follow, are written to as well */
static int file(lua_State *L) {
    const int descriptor = open(luaL_checkstring(L, 1), O_RDWR);
    off_t bytes = descriptor < 0 ? -1 : lseek(descriptor, 0, SEEK_END);
    const size_t offset = (size_t)luaL_checkinteger(L, 2);
    char *start;
    if (bytes >= 0 && !lua_isnoneornil(L, 3))
        bytes = (off_t)offset + (off_t)luaL_checkinteger(L, 3);
    if (bytes < 0) return luaL_error(L, "cannot open the file");
    start = mmap(NULL, (size_t)bytes, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    close(descriptor);
    if (start == MAP_FAILED) return luaL_error(L, "cannot map the file");
    add_range(L, start + offset, (size_t)bytes - offset);
    return 0;
}

/* lend_file(path, offset, type, n) -> an array of what stands there in the file, lent as a host's own mapping */
static int lend_file(lua_State *L) {
    const dynarray_lua_api *api = dynarray_lua(L);
    const int descriptor = open(luaL_checkstring(L, 1), O_RDWR);
    const size_t offset = (size_t)luaL_checkinteger(L, 2), n = (size_t)luaL_checkinteger(L, 4);
    const int type = luaL_checkoption(L, 3, NULL, type_names);
    const size_t bytes = offset + n * type_sizes[type];
    char *start;
    if (descriptor < 0 || lseek(descriptor, 0, SEEK_END) < (off_t)bytes)
        return luaL_error(L, "the file is shorter");
    start = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    close(descriptor);
    if (start == MAP_FAILED) return luaL_error(L, "cannot map the file");
    api->wrap(api, L, (dynarray_type)type, start + offset, n, false, unmap_file, start);
    return 1;
}

/* lend_again(place, type, n) -> an array of n elements that stand there, in memory of another array */
static int lend_again(lua_State *L) {
    const dynarray_lua_api *api = dynarray_lua(L);
    void *const place = lua_touserdata(L, 1);
    const int type = luaL_checkoption(L, 2, NULL, type_names);
    api->wrap(api, L, (dynarray_type)type, place, (size_t)luaL_checkinteger(L, 3), false, NULL,
              NULL);
    return 1;
}

/* lend_own(array, type, n) -> an array of the same memory, as a host lends it that has pinned the first one */
static int lend_own(lua_State *L) {
    const dynarray_lua_api *api = dynarray_lua(L);
    const dynarray *a = api->check(api, L, 1, DYNARRAY_ANY);
    const int type = luaL_checkoption(L, 2, NULL, type_names);
    const size_t n = (size_t)luaL_checkinteger(L, 3);
    if (n * type_sizes[type] > a->size * a->element_size)
        return luaL_error(L, "the array is shorter");
    api->pin(api, L, 1);
    api->wrap(api, L, (dynarray_type)type, a->data, n, false, NULL, NULL);
    return 1;
}

/* start(): all that was lent and named is written to from now on, until stop() */
static int start(lua_State *L) {
    if (scribbler.runs || scribbler.count == 0) return luaL_error(L, "nothing to write to");
    scribbler.stops = 0;
    if (pthread_create(&scribbler.thread, NULL, run, NULL) != 0) return luaL_error(L, "no thread");
    scribbler.runs = 1;
    return 0;
}

static int stop(lua_State *L) {
    (void)L;
    if (scribbler.runs) {
        __atomic_store_n(&scribbler.stops, 1, __ATOMIC_RELAXED);
        pthread_join(scribbler.thread, NULL);
    }
    scribbler.runs = scribbler.count = 0;
    return 0;
}

int luaopen_scribble(lua_State *L);
int luaopen_scribble(lua_State *L) {
    static const luaL_Reg functions[] = {{"lend", lend},         {"lend_file", lend_file},
                                         {"lend_own", lend_own}, {"lend_again", lend_again},
                                         {"file", file},         {"start", start},
                                         {"stop", stop},         {NULL, NULL}};
    luaL_newlib(L, functions);
    return 1;
}
