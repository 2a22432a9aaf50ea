/*
** error.h: the error messages of the binding, each written once and raised at the caller's line. The
** functions return an int so that a C function can return them; none does return.
*/
#ifndef BINDING_ERROR_H
#define BINDING_ERROR_H

#include "lua/base/state.h"

/* The value at that index as messages name it: a number, a string in quotes, else its type. Pushes. */
const char *describe(lua_State *L, int index);
/* The type of that value as Lua's own messages name it: by __name if it has one. Pushes. */
const char *named_type(lua_State *L, int index);
/* The string on the top of the stack gives way to the same in quotes, cut and escaped. */
void quote_string(lua_State *L);

int fail_index(lua_State *L, const Array *A, lua_Integer i);
int fail_key(lua_State *L, int index);
int fail_status(lua_State *L, const Array *A, dynarray_status status, size_t needed);
int fail_read_only(lua_State *L);
int fail_changed(lua_State *L);
int fail_operands(lua_State *L, const Array *A, const Array *B);
_Noreturn void fail_memory(lua_State *L);

/* Raises "array is closed" if it is. */
void check_open(lua_State *L, const Array *A);
/* Raises why the array cannot grow or shrink, if it cannot. */
void check_not_fixed(lua_State *L, const Array *A);

/* Why a Lua value cannot become an element. */
typedef enum misfit { FITS, NOT_A_NUMBER, NOT_AN_INTEGER, OUT_OF_RANGE, NEEDS_SLOT } misfit;
#define AS_FILL SIZE_MAX          /* in place of an index: the element is the array's fill */
#define AS_OPERAND (SIZE_MAX - 1) /* or an operand of arithmetic */
int fail_element(lua_State *L, dynarray_type type, int arg, misfit why, size_t i);
/* What was computed for element i (from 0), told by `how`, is no element of that type. */
int fail_result(lua_State *L, dynarray_type type, const char *how, size_t i);

/*
** Lua's own error, but at the caller's line, if the values cannot have the operator: check_comparable for all
** but two numbers or two strings. Tables and userdata are left to Lua.
*/
void check_comparable(lua_State *L, int x, int y);
void check_arithmetic(lua_State *L, int x, int y, const char *event);

#endif
