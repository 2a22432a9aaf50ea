/* user_table.h: the table that is an array's user value: anchored objects, functions, a view's parent. */
#ifndef BINDING_USER_TABLE_H
#define BINDING_USER_TABLE_H

#include "lua/base/state.h"

/* Keys of functions. */
#define GROWTH_KEY "growth"
#define ON_GROW_KEY "on_grow"

/* Pushes the table, and makes it if there is none. May run finalizers. */
void push_user_table(lua_State *L, int index, int slots);

/* Stores the function at arg under that key. */
void set_callback(lua_State *L, int index, const char *key, int arg);
void push_callback(lua_State *L, int index, const char *key);

#endif
