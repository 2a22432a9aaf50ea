/*
** host.c: a program that embeds Lua and dynarray, and stays within 32 MiB whatever the script does.
**
** Build it with Lua's headers and library, and dynarray linked statically:
**
**     cc -std=c11 -O2 -I../../src/include $(pkg-config --cflags lua5.4) -o host host.c \
**        ../../libdynarray.a $(pkg-config --libs lua5.4) -lm
**     ./host script.lua
*/
#include <dynarray_lua.h>
#include <lualib.h>
#include <stdio.h>
#include <stdlib.h>

#define LIMIT ((size_t)32 << 20)
#define SAMPLES 1000

/* ---------------------------------------------------------------------------------------------
** The state's allocator: all memory of Lua and of its arrays
*/

typedef struct budget {
    size_t used, peak, refused;
} budget;

static void *allocate(void *data, void *block, size_t old_bytes, size_t bytes) {
    budget *b = data;
    void *result;
    if (block == NULL) old_bytes = 0; /* otherwise Lua says there what kind of object it is for */
    if (bytes == 0) {
        free(block);
        b->used -= old_bytes;
        return NULL;
    }
    if (bytes > old_bytes && bytes - old_bytes > LIMIT - b->used) {
        b->refused++;
        return NULL;
    }
    result = realloc(block, bytes);
    if (result == NULL) return NULL;
    b->used = b->used - old_bytes + bytes;
    if (b->used > b->peak) b->peak = b->used;
    if (b->used > LIMIT) abort(); /* never fails: see above */
    return result;
}

/* ---------------------------------------------------------------------------------------------
** What the script gets
*/

/* Memory of the host, which Lua reads and writes as an array. */
static double samples[SAMPLES];

static void release_samples(void *data, void *memory, size_t bytes) {
    int *releases = data;
    if (memory == samples && bytes == sizeof samples) ++*releases;
}

/* Constant data is lent read-only and need not be freed. */
static const int16_t primes[] = {2, 3, 5, 7, 11, 13, 17, 19};

/* left() -> bytes that may still be allocated */
static int left(lua_State *L) {
    const budget *b = lua_touserdata(L, lua_upvalueindex(1));
    lua_pushinteger(L, (lua_Integer)(LIMIT - b->used));
    return 1;
}

/* run(script, releases, budget): everything that may raise an error; to be called protected */
static int run(lua_State *L) {
    const char *script = lua_touserdata(L, 1);
    int *releases = lua_touserdata(L, 2);
    const dynarray_lua_api *api;
    luaL_openlibs(L);
    luaL_requiref(L, "dynarray", luaopen_dynarray, 0);
    api = dynarray_lua(L);

    if (luaL_loadfile(L, script) != LUA_OK) lua_error(L);
    api->wrap(api, L, DYNARRAY_FLOAT64, samples, SAMPLES, false, release_samples, releases);
    api->wrap(api, L, DYNARRAY_INT16, (void *)(uintptr_t)primes, sizeof primes / sizeof *primes,
              true, NULL, NULL);
    lua_pushvalue(L, 3);
    lua_pushcclosure(L, left, 1);
    lua_call(L, 3, 0);
    return 0;
}

int main(int argc, char **argv) {
    budget memory = {0, 0, 0};
    int releases = 0, status;
    double sum = 0;
    lua_State *L = lua_newstate(allocate, &memory);
    if (L == NULL) return EXIT_FAILURE;
    for (int i = 0; i < SAMPLES; i++) samples[i] = i;

    lua_pushcfunction(L, run);
    lua_pushlightuserdata(L, argc > 1 ? argv[1] : "script.lua");
    lua_pushlightuserdata(L, &releases);
    lua_pushlightuserdata(L, &memory);
    status = lua_pcall(L, 3, 0, 0);
    if (status != LUA_OK) fprintf(stderr, "%s\n", lua_tostring(L, -1));
    lua_close(L);

    for (int i = 0; i < SAMPLES; i++) sum += samples[i];
    printf("peak %zu of %zu bytes, %zu requests refused\n", memory.peak, LIMIT, memory.refused);
    printf("left %zu bytes, samples released %d times, their sum %g\n", memory.used, releases, sum);
    return status == LUA_OK && memory.used == 0 && releases == 1 ? EXIT_SUCCESS : EXIT_FAILURE;
}
