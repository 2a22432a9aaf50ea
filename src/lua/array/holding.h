/* holding.h: what is freed when the state closes, if not before. */
#ifndef BINDING_HOLDING_H
#define BINDING_HOLDING_H

#include "lua/base/state.h"

/* Sees to it that the array may hold something outside of its userdata; false if there is no memory. */
bool holding_reserve(Array *A);
/* The same, or an error, after a collection: may run Lua code. */
void holding_require(lua_State *L, Array *A);

/* The array's own setup, made from the state's at the first call. May run Lua code, then, as well. */
Config *own_config(lua_State *L, Array *A);

/* The figures of its growths. */
dynarray_stats stats_of(const Array *A);

/* What resize writes if it is told nothing else, an element: 0 unless set. */
uint64_t fill_of(const Array *A);
void set_fill(lua_State *L, Array *A, uint64_t fill);

/* To be called whenever block, capacity or setup of an array that holds something have changed. */
void holding_note(const Array *A);
void holding_drop(Array *A);

/* Frees block and setup; the core has the state's setup then. */
void free_core(State *S, dynarray *core);
void holdings_close(State *S);

#endif
