/*
** costs.c: what the functions of dynarray_lua.h cost a host, ns a call. It is not linked with the library.
**
** Usage: costs check | checkudata | wrap BYTES | lend BYTES | detach BYTES | adopt BYTES
**
** wrap: wraps memory without a release function and closes the array; lend: the same with a release function.
*/
#define _GNU_SOURCE
#include <dynarray_lua.h>
#include <lualib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#define CHECKS 2000000
#define CALLS 2000

#define HIDE(x) __asm__ volatile("" : "+r"(x))

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* How long two readings of the clock take. */
static double clock_cost(void) {
    double least = 1e9;
    for (int i = 0; i < 10000; i++) {
        const double start = now(), elapsed = now() - start;
        if (elapsed < least) least = elapsed;
    }
    return least;
}

static int compare(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *times, size_t n) {
    qsort(times, n, sizeof *times, compare);
    return times[n / 2] - clock_cost();
}

static double check(lua_State *L, const dynarray_lua_api *api) {
    const double start = now();
    api->push(api, L, DYNARRAY_FLOAT64, 0);
    for (int i = 0; i < CHECKS; i++) {
        dynarray *a = api->check(api, L, 1, DYNARRAY_FLOAT64);
        HIDE(a);
    }
    return (now() - start) / CHECKS;
}

static double checkudata(lua_State *L) {
    const double start = now();
    lua_newuserdatauv(L, sizeof(dynarray), 0);
    luaL_newmetatable(L, "benchmark.userdata");
    lua_setmetatable(L, -2);
    for (int i = 0; i < CHECKS; i++) {
        void *a = luaL_checkudata(L, 1, "benchmark.userdata");
        HIDE(a);
    }
    return (now() - start) / CHECKS;
}

static void release(void *count, void *data, size_t bytes) {
    (void)data;
    (void)bytes;
    ++*(size_t *)count;
}

static double wrap(lua_State *L, const dynarray_lua_api *api, size_t bytes, bool released) {
    static double times[CALLS];
    size_t releases = 0;
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) abort();
    for (int i = 0; i < CALLS; i++) {
        const double start = now();
        api->wrap(api, L, DYNARRAY_FLOAT64, memory, bytes / sizeof(double), false,
                  released ? release : NULL, &releases);
        times[i] = now() - start;
        lua_getfield(L, -1, "close");
        lua_insert(L, -2);
        lua_call(L, 1, 0);
    }
    if (released && releases != CALLS) abort();
    munmap(memory, bytes);
    return median(times, CALLS);
}

/* Detaches an array from the state and adopts it again. */
static double move(lua_State *L, const dynarray_lua_api *api, size_t bytes, bool detach) {
    static double out[CALLS], in[CALLS];
    dynarray *a = api->push(api, L, DYNARRAY_FLOAT64, bytes / sizeof(double));
    a->size = a->capacity; /* not written to: that would take time, and makes no difference here */
    for (int i = 0; i < CALLS; i++) {
        dynarray free_one;
        double start = now();
        api->detach(api, L, 1, &free_one);
        out[i] = now() - start;
        lua_settop(L, 0);
        start = now();
        api->adopt(api, L, &free_one);
        in[i] = now() - start;
    }
    return median(detach ? out : in, CALLS);
}

static int run(lua_State *L) {
    char **argv = lua_touserdata(L, 1);
    const size_t bytes = argv[2] == NULL ? 0 : (size_t)strtod(argv[2], NULL);
    const dynarray_lua_api *api;
    double ns = -1;
    luaL_openlibs(L);
    if (luaL_dostring(L, "require 'dynarray'") != LUA_OK) lua_error(L);
    lua_settop(L, 0);
    api = dynarray_lua(L);
    if (strcmp(argv[1], "check") == 0)
        ns = check(L, api);
    else if (strcmp(argv[1], "checkudata") == 0)
        ns = checkudata(L);
    else if (bytes > 0 && strcmp(argv[1], "wrap") == 0)
        ns = wrap(L, api, bytes, false);
    else if (bytes > 0 && strcmp(argv[1], "lend") == 0)
        ns = wrap(L, api, bytes, true);
    else if (bytes > 0 && strcmp(argv[1], "detach") == 0)
        ns = move(L, api, bytes, true);
    else if (bytes > 0 && strcmp(argv[1], "adopt") == 0)
        ns = move(L, api, bytes, false);
    if (ns < 0) return luaL_error(L, "usage: see the source");
    printf("%.2f\n", ns);
    return 0;
}

int main(int argc, char **argv) {
    lua_State *L = luaL_newstate();
    int status;
    if (L == NULL || argc < 2) return EXIT_FAILURE;
    lua_pushcfunction(L, run);
    lua_pushlightuserdata(L, argv);
    status = lua_pcall(L, 1, 0, 0);
    if (status != LUA_OK) fprintf(stderr, "%s\n", lua_tostring(L, -1));
    lua_close(L);
    return status == LUA_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
