/*
** threads.c: eight threads with a Lua state each, which hand arrays to one another through queues. It is
** built from the library's sources under ThreadSanitizer, see spec/threads_spec.lua.
**
** Usage: threads queue SCRIPT | threads plain | threads race
**
** The script returns two functions: make(thread, round) -> an array of numbers and their sum;
** take(array) -> their sum.
*/
#include <dynarray_lua.h>
#include <lualib.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define THREADS 8
#define ROUNDS 40
#define QUEUE_SIZE THREADS

/* What is on its way: an array that is in no state, and what it should hold. */
typedef struct parcel {
    dynarray array;
    lua_Integer sum;
} parcel;

typedef struct queue {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    size_t size;
    parcel parcels[QUEUE_SIZE];
} queue;

static void put(queue *q, const parcel *p) {
    pthread_mutex_lock(&q->mutex);
    while (q->size == QUEUE_SIZE) pthread_cond_wait(&q->changed, &q->mutex);
    q->parcels[q->size++] = *p;
    pthread_cond_broadcast(&q->changed);
    pthread_mutex_unlock(&q->mutex);
}

static parcel take(queue *q) {
    parcel p;
    pthread_mutex_lock(&q->mutex);
    while (q->size == 0) pthread_cond_wait(&q->changed, &q->mutex);
    p = q->parcels[0];
    memmove(q->parcels, q->parcels + 1, --q->size * sizeof p);
    pthread_cond_broadcast(&q->changed);
    pthread_mutex_unlock(&q->mutex);
    return p;
}

typedef struct worker {
    pthread_t thread;
    int number;
    const char *script;
    queue *in, *out;       /* out is the next thread's in */
    dynarray *shared;      /* of the race */
    lua_Integer sent, got; /* sums */
    int taken;             /* arrays that the thread before had made */
    bool failed;
} worker;

/* ---------------------------------------------------------------------------------------------
** A state each, and a queue between them
*/

static lua_Integer to_sum(lua_State *L, int index) {
    if (!lua_isinteger(L, index)) luaL_error(L, "the script gives no sum");
    return lua_tointeger(L, index);
}

/* work(worker): stack 2 and 3 are the script's functions */
static int work(lua_State *L) {
    worker *w = lua_touserdata(L, 1);
    const dynarray_lua_api *api;
    luaL_openlibs(L);
    luaL_requiref(L, "dynarray", luaopen_dynarray, 0);
    lua_settop(L, 1);
    api = dynarray_lua(L);
    if (luaL_loadfile(L, w->script) != LUA_OK) lua_error(L);
    lua_call(L, 0, 2);
    for (int round = 1; round <= ROUNDS; round++) {
        parcel p;
        lua_pushvalue(L, 2);
        lua_pushinteger(L, w->number);
        lua_pushinteger(L, round);
        lua_call(L, 2, 2);
        p.sum = to_sum(L, -1);
        w->sent += p.sum;
        api->detach(api, L, -2, &p.array);
        put(w->out, &p);

        p = take(w->in);
        w->taken++;
        lua_pushvalue(L, 3);
        api->adopt(api, L, &p.array);
        lua_call(L, 1, 1);
        if (to_sum(L, -1) != p.sum) return luaL_error(L, "another sum than was sent");
        w->got += p.sum;
        lua_settop(L, 3);
    }
    return 0;
}

static void *run_state(void *data) {
    worker *w = data;
    lua_State *L = luaL_newstate();
    if (L == NULL) abort();
    lua_pushcfunction(L, work);
    lua_pushlightuserdata(L, w);
    w->failed = lua_pcall(L, 1, 0, 0) != LUA_OK;
    if (w->failed) {
        fprintf(stderr, "thread %d: %s\n", w->number, lua_tostring(L, -1));
        exit(EXIT_FAILURE); /* the others would wait for what this one does not send */
    }
    lua_close(L);
    return NULL;
}

/* ---------------------------------------------------------------------------------------------
** What the header forbids: one array, several threads
*/

static void *run_race(void *data) {
    worker *w = data;
    const int64_t x = w->number;
    w->failed =
        dynarray_extend(w->shared, &x, 1) != DYNARRAY_OK; /* there is room: no block is lost */
    return NULL;
}

/* Arrays without a heap, of all sizes that there are ways for: each finds its own elements. */
static void *run_plain(void *data) {
    const worker *w = data;
    for (int round = 0; round < ROUNDS; round++) {
        const size_t n = (size_t)1000 << (round + w->number) % 10;
        dynarray a;
        dynarray_init(&a, DYNARRAY_INT64, NULL);
        for (size_t i = 0; i < n; i++)
            if (dynarray_append_int64(&a, (int64_t)i * w->number) != DYNARRAY_OK) abort();
        for (size_t i = 0; i < n; i++)
            if (dynarray_data_int64(&a)[i] != (int64_t)i * w->number) abort();
        dynarray_free(&a);
    }
    return NULL;
}

int main(int argc, char **argv) {
    const bool race = argc == 2 && strcmp(argv[1], "race") == 0;
    const bool plain = argc == 2 && strcmp(argv[1], "plain") == 0;
    worker workers[THREADS];
    queue queues[THREADS];
    dynarray shared;
    lua_Integer sent = 0, got = 0;
    int taken = 0, left = 0;
    if (!race && !plain && (argc != 3 || strcmp(argv[1], "queue") != 0)) return EXIT_FAILURE;
    memset(workers, 0, sizeof workers);
    memset(queues, 0, sizeof queues);
    for (int i = 0; i < THREADS; i++) {
        pthread_mutex_init(&queues[i].mutex, NULL);
        pthread_cond_init(&queues[i].changed, NULL);
    }
    dynarray_init(&shared, DYNARRAY_INT64, NULL);
    if (dynarray_reserve(&shared, THREADS) != DYNARRAY_OK) return EXIT_FAILURE;

    for (int i = 0; i < THREADS; i++) {
        workers[i].number = i + 1;
        workers[i].script = argv[2];
        workers[i].in = &queues[i];
        workers[i].out = &queues[(i + 1) % THREADS];
        workers[i].shared = &shared;
        if (pthread_create(&workers[i].thread, NULL,
                           race    ? run_race
                           : plain ? run_plain
                                   : run_state,
                           &workers[i]) != 0)
            return EXIT_FAILURE;
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(workers[i].thread, NULL);
        sent += workers[i].sent;
        got += workers[i].got;
        taken += workers[i].taken;
    }
    dynarray_free(&shared);
    for (int i = 0; i < THREADS; i++) {
        left += (int)queues[i].size;
        pthread_cond_destroy(&queues[i].changed);
        pthread_mutex_destroy(&queues[i].mutex);
    }
    printf("%d arrays moved, %d left\n", taken, left);
    return sent == got ? EXIT_SUCCESS : EXIT_FAILURE;
}
