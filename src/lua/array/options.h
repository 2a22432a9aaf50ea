/* options.h: the options of a new array: read from a table, applied, and shown as fields. */
#ifndef BINDING_OPTIONS_H
#define BINDING_OPTIONS_H

#include "lua/base/state.h"

#define DEFAULT_CAPACITY 16 /* elements */

/* Whether a value array will get objects: then it has slots of its own for some. */
typedef enum objects_expected { OBJECTS_UNKNOWN, OBJECTS_NO, OBJECTS_YES } objects_expected;

/* What a new array is to be; 0 and NULL for options that were not given. */
typedef struct Options {
    dynarray_type type;
    size_t capacity;
    bool has_type, has_capacity;
    bool sequence, debug;
    size_t max_size;
    dynarray_block block;
    int growth, fill, on_grow; /* stack indices of the values; 0 if they were not given */
    int mode;                  /* the same, of a file */
    objects_expected objects;
} Options;

/* Options with this type and defaults; with the type and bounds of that array and defaults. */
Options options_for(dynarray_type type);
Options options_like(const Array *A);

/* Reads the options at arg: none, the name of a type, or a table. Leaves values on the stack. */
Options check_options(lua_State *L, int arg, dynarray_type type);

/* The same for an array that is a file: numeric types, no choice of blocks, but a mode. */
Options check_file_options(lua_State *L, int arg);

/* Gives them to the new array at `index`: all but type and capacity, which it was made with. */
void apply_options(lua_State *L, Array *A, int index, const Options *options);

/* The options that can be read as fields; push takes the array that is argument 1. A name of NULL is the end. */
typedef struct option_field {
    const char *name;
    void (*push)(lua_State *L, const Array *A);
} option_field;
extern const option_field option_fields[];

/* Raises an error if the table of elements at `source` has an option in it, while there are no options at arg. */
void check_no_options(lua_State *L, int source, int arg);

/* Raises an error if there are more than `most` arguments. */
void check_no_more(lua_State *L, int most);

/* The type that the value on the top of the stack names; anything else is an error of argument `arg`. */
dynarray_type check_type_name(lua_State *L, int arg, bool numeric);

/* The type that the argument names; anything else is an argument error. */
dynarray_type check_type_argument(lua_State *L, int arg, bool numeric);

/* ---------------------------------------------------------------------------------------------
** Single options, for other tables of options. The value is on the top of the stack. Errors name the argument at
** arg.
*/

/* "NAME expected EXPECTED, got ...". */
int fail_option(lua_State *L, int arg, const char *name, const char *expected);

/* Raises an error unless each key of the table is one of the names that name_of gives, from 0 on until NULL. */
void check_option_names(lua_State *L, int arg, const char *(*name_of)(size_t i));

bool check_boolean(lua_State *L, int arg, const char *name);

/* An integer >= least, which is 0 or 1. */
size_t check_count(lua_State *L, int arg, const char *name, size_t least);

/* Pushes the option of that name, nil if there is no table at arg or no such option in it; returns its type. */
int push_option(lua_State *L, int arg, const char *name);

/* An option that is one character; '\0' if it is not given. */
char check_character(lua_State *L, int arg, const char *name);

#endif
