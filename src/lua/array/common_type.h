/* common_type.h: the type of results of two operands of different types. */
#ifndef BINDING_COMMON_TYPE_H
#define BINDING_COMMON_TYPE_H

#include "lua/base/state.h"

/*
** common_type: the type for two arrays, or for one array and the number at `arg` (then B is NULL). Two integer types give
** the smallest type that has the numbers of both (int64 for uint64 and a signed type); other different types give float64.
** A number has the type of the array, but a fraction with an array of integers gives float64.
*/
dynarray_type common_type(lua_State *L, const Array *A, const Array *B, int arg);

/*
** operate_by_expression: pushes the result of the expression `text`, in which x and y are the arguments 1 and 2. Errors are
** those of operators. For type and out see evaluate.
*/
void operate_by_expression(lua_State *L, State *S, const char *text, dynarray_type type, int out);

#endif
