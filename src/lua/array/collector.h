/* collector.h: Lua's collector and the memory that it does not see. */
#ifndef BINDING_COLLECTOR_H
#define BINDING_COLLECTOR_H

#include "lua/base/state.h"

#define LEAST_PAUSE 110 /* in percent; with less, cycles would follow each other without end */
#define MOST_PAUSE 1000

void collector_init(State *S);

/* To be called before `bytes` more are held: runs a full cycle if it is due. May run finalizers. */
void collector_pace(lua_State *L, State *S, size_t bytes);

/* Computes when the next cycle is due, from what is in use and the pause. */
void collector_set_threshold(lua_State *L, State *S);

/*
** Whether to repeat an operation that ended with that status. After the first lack of memory it runs a full
** collection, as Lua does before it gives up. *attempt is 0 before the first attempt. May run finalizers: check again
** what was checked before.
*/
bool collect_and_retry(lua_State *L, dynarray_status status, int *attempt);

#endif
