/*
** collector.c: starts Lua's collector. To Lua, an array is a userdata of some hundred bytes, however large its block
** is, so a program that drops large arrays would run out of memory long before Lua starts a cycle. Here a full
** cycle starts when the bytes held have grown by (pause - 100)% of a base since the last one, and by LEAST_STEP or
** more. The base is what was held after that cycle, or the memory of Lua, whichever is larger. So the time for
** collections is in proportion to the bytes allocated, and the garbage is in proportion to what is in use.
**
** Only full cycles count, since young collections never free an array that has grown old.
*/
#include "core/system/system.h"

#include "lua/array/collector.h"

#define DEFAULT_PAUSE 200

/*
** In bytes: a cycle costs something even if nearly nothing is in use. Where malloc gives freed blocks back, a cycle frees no
** more than is kept for the next arrays (DEFAULT_KEEP): the rest would have to get its pages again.
*/
#define LEAST_STEP ((size_t)(SYSTEM_MALLOC_GIVES_BACK ? 16 : 24) << 20)

/* Within a finalizer lua_gc returns -1. */
static size_t lua_heap_bytes(lua_State *L) {
    const int kilobytes = lua_gc(L, LUA_GCCOUNT, 0);
    return kilobytes < 0 ? 0 : (size_t)kilobytes << 10;
}

void collector_init(State *S) {
    S->collector.pause = DEFAULT_PAUSE;
    S->collector.threshold = LEAST_STEP;
}

void collector_set_threshold(lua_State *L, State *S) {
    const size_t live = S->collector.live;
    size_t step = lua_heap_bytes(L);
    if (step < live) step = live;
    step = step / 100 * (size_t)(S->collector.pause - 100);
    if (step < LEAST_STEP) step = LEAST_STEP;
    S->collector.threshold = live + step;
}

void collector_pace(lua_State *L, State *S, size_t bytes) {
    if (S->heap.held < S->collector.live) { /* memory was given back since: less is in use now */
        S->collector.live = S->heap.held;
        collector_set_threshold(L, S);
    }
    if (S->heap.held + bytes < S->collector.threshold || S->collector.off) return;
    /* The new bytes are no garbage yet: a cycle soon after the last one would find little. */
    if (S->heap.held - S->collector.live < LEAST_STEP) return;
    /* a stopped collector stays stopped; within a finalizer lua_gc returns -1 */
    if (lua_gc(L, LUA_GCISRUNNING, 0) != 1) return;
    lua_gc(L, LUA_GCCOLLECT, 0);
    S->collector.live = S->heap.held;
    collector_set_threshold(L, S);
}

bool collect_and_retry(lua_State *L, dynarray_status status, int *attempt) {
    if ((status != DYNARRAY_NO_MEMORY && status != DYNARRAY_LIMIT) || ++*attempt > 1) return false;
    lua_gc(L, LUA_GCCOLLECT, 0);
    return true;
}
