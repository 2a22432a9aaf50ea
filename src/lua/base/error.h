/*
** error.h: the error messages of the binding, each written once and raised at the caller's line. The functions
** never return; they have the type int so that a C function can end with `return fail_...`.
*/
#ifndef BINDING_ERROR_H
#define BINDING_ERROR_H

#include "lua/base/state.h"

/* Names the value at that index for a message: a number, a string in quotes, or its type. Pushes. */
const char *describe(lua_State *L, int index);
/* Names the type of that value as Lua's own messages do: by __name if there is one. Pushes. */
const char *named_type(lua_State *L, int index);
/* Replaces the string on the top of the stack by the same in quotes, cut and escaped. */
void quote_string(lua_State *L);

int fail_index(lua_State *L, const Array *A, lua_Integer i);
/* For a write right behind the last element of a strict array, where a table would grow. */
int fail_past_end(lua_State *L, const Array *A);
/* For an index that is element k, from 0 on, of an array of indices. */
int fail_index_among(lua_State *L, const Array *A, lua_Integer i, size_t k);
int fail_key(lua_State *L, int index);
/* For an argument behind the first `most`, unless all of them are nil. */
void fail_too_many(lua_State *L, int most);
int fail_status(lua_State *L, const Array *A, dynarray_status status, size_t needed);
int fail_read_only(lua_State *L);
int fail_changed(lua_State *L);
int fail_operands(lua_State *L, const Array *A, const Array *B);
_Noreturn void fail_memory(lua_State *L);

/* Raises "array is closed" if the array is closed. */
void check_open(lua_State *L, const Array *A);
/* If the array cannot grow or shrink, raises an error that says why. */
void check_not_fixed(lua_State *L, const Array *A);

/* Why a Lua value cannot become an element. */
typedef enum misfit { FITS, NOT_A_NUMBER, NOT_AN_INTEGER, OUT_OF_RANGE, NEEDS_SLOT } misfit;
#define AS_FILL SIZE_MAX          /* in place of an index: the element is the fill of the array */
#define AS_OPERAND (SIZE_MAX - 1) /* or it is an operand of arithmetic */
int fail_element(lua_State *L, dynarray_type type, int arg, misfit why, size_t i);
/* The result for element i (from 0), which `how` describes, does not fit into that type. */
int fail_result(lua_State *L, dynarray_type type, const char *how, size_t i);

/*
** Raise Lua's own error, but at the caller's line, if the values do not have the operator. Call check_comparable for
** all but two numbers or two strings. The error names element i, from 0, if it is not NO_ELEMENT. A loop that has
** checked its first elements can leave two tables to Lua: they most often have the operator, and to look for it takes
** a third of the time of its call.
*/
#define NO_ELEMENT SIZE_MAX
void check_comparable(lua_State *L, int x, int y, size_t i);
void check_arithmetic(lua_State *L, int x, int y, const char *event, size_t i);

#endif
