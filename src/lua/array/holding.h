/* holding.h: what arrays hold outside of their userdata, freed when the state closes or before. */
#ifndef BINDING_HOLDING_H
#define BINDING_HOLDING_H

#include "lua/base/state.h"

/* Prepares the array to hold something outside of its userdata; false if there is no memory. */
bool holding_reserve(Array *A);
/* The same, but collects garbage and then raises an error if there is no memory. May run Lua code. */
void holding_require(lua_State *L, Array *A);

/* The array's own setup, made from that of the state at the first call, which may run Lua code. */
Config *own_config(lua_State *L, Array *A);

/* The figures of its growths. */
dynarray_stats stats_of(const Array *A);

/* The element that resize writes by default: 0 unless it was set. */
uint64_t fill_of(const Array *A);
void set_fill(lua_State *L, Array *A, uint64_t fill);

/* To be called whenever the block, the capacity or the setup of such an array has changed. */
void holding_note(const Array *A);
void holding_drop(Array *A);

/* Frees the block and the setup. The core then has the setup of the state. */
void free_core(State *S, dynarray *core);
void holdings_close(State *S);

#endif
