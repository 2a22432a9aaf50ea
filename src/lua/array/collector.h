/* collector.h: Lua's collector and the memory that it does not see. */
#ifndef BINDING_COLLECTOR_H
#define BINDING_COLLECTOR_H

#include "lua/base/state.h"

#define LEAST_PAUSE 110 /* percent; below, cycles would follow each other without end */
#define MOST_PAUSE 1000

void collector_init(State *S);

/* Before `bytes` more are held: runs a full cycle if one is due. May run finalizers. */
void collector_pace(lua_State *L, State *S, size_t bytes);

/* When the next cycle is due, by what is live and the pause. */
void collector_set_threshold(lua_State *L, State *S);

/*
** Whether to try again what ended in that status: after the first lack of memory, a full collection, as Lua
** does before it gives up. *attempt: 0 before the first. May run finalizers: what was checked before is to be
** checked again.
*/
bool collect_and_retry(lua_State *L, dynarray_status status, int *attempt);

#endif
