/*
** collector.c: Lua's collector sees a userdata of some hundred bytes, whatever its block holds, so a
** program that drops large arrays would run out of memory long before a cycle starts. The blocks pace
** it here: when the bytes held have grown, since the last full cycle, by as much as was live after it
** (or as the Lua heap holds, whichever is larger, times (pause - 100)%), a full cycle is run. So the
** time spent is in proportion to the bytes allocated, and garbage is bounded by what is live.
**
** Only full cycles count, since young collections never free an array that has grown old.
*/
#include "lua/array/collector.h"

#define DEFAULT_PAUSE 200

/* Bytes that may pass between two cycles even if next to nothing is live: a cycle has a base cost. */
#define LEAST_STEP ((size_t)24 << 20)

/* Within a finalizer, lua_gc answers -1. */
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
    if (S->heap.held < S->collector.live) { /* given back since: less is live than it was */
        S->collector.live = S->heap.held;
        collector_set_threshold(L, S);
    }
    if (S->heap.held + bytes < S->collector.threshold || S->collector.off) return;
    /* What is asked for is no garbage yet: with little since the last cycle, another would find little. */
    if (S->heap.held - S->collector.live < LEAST_STEP) return;
    /* a stopped collector stays stopped; within a finalizer, lua_gc answers -1 */
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
