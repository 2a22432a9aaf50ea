/* options.h: what a new array is to be, and how tables of options are read. */
#ifndef BINDING_OPTIONS_H
#define BINDING_OPTIONS_H

#include "lua/base/state.h"

#define DEFAULT_CAPACITY 16 /* elements, the article's */

/* What a new array is to be; 0 and NULL where nothing was asked for. */
typedef struct Options {
    dynarray_type type;
    size_t capacity;
    bool has_type, has_capacity;
    bool sequence, debug;
    size_t max_size;
    dynarray_block block;
    int growth, fill, on_grow; /* stack indices of the values, 0 if not given */
} Options;

/* Options with all defaults and this type; with type and bounds of that array. */
Options options_for(dynarray_type type);
Options options_like(const Array *A);

/* The options at arg: none, a type's name, or a table. Leaves values on the stack. */
Options check_options(lua_State *L, int arg, dynarray_type type);

/* The type named by the argument, or an argument error. */
dynarray_type check_type_argument(lua_State *L, int arg, bool numeric);

/* ---------------------------------------------------------------------------------------------
** Single options, for other tables of options. Each is on the top of the stack and is given by the
** argument at arg, which errors name.
*/

/* "NAME expected EXPECTED, got ...". */
int fail_option(lua_State *L, int arg, const char *name, const char *expected);

/* An error unless each key of the table is one of the names that name_of tells from 0 on until NULL. */
void check_option_names(lua_State *L, int arg, const char *(*name_of)(size_t i));

bool check_boolean(lua_State *L, int arg, const char *name);

/* An integer >= least, which is 0 or 1. */
size_t check_count(lua_State *L, int arg, const char *name, size_t least);

#endif
