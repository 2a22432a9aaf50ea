/* meeting.h: the type of what two operands of different types give. */
#ifndef BINDING_MEETING_H
#define BINDING_MEETING_H

#include "lua/base/state.h"

/*
** meeting_type: of two arrays, or of one array and the number at `arg` (B NULL). Integers meet in the least type that
** has the numbers of both, int64 for uint64 and one with a sign; all else in float64. A number has the type of the
** array, unless it has a fraction and the array has not.
*/
dynarray_type meeting_type(lua_State *L, const Array *A, const Array *B, int arg);

/*
** operate_meeting: pushes what the expression `text` of arguments 1 and 2, as x and y, gives, with errors that speak of
** operators. type, out: see evaluate.
*/
void operate_meeting(lua_State *L, State *S, const char *text, dynarray_type type, int out);

#endif
