/* expression.h: expressions on arrays, for all methods that compute element by element. */
#ifndef BINDING_EXPRESSION_H
#define BINDING_EXPRESSION_H

#include "lua/base/state.h"

/* Where the operands of an expression are: in a table, or the arguments x and y; 0: there is none. */
typedef struct Operands {
    int table;
    int x, y;
    bool is_operator; /* the text is not from the user, so errors name no column */
    bool is_bits;     /* uint64 is treated as the int64 of the same bits, and so is the result */
} Operands;

/* How many parsed expressions are kept. */
#define KEPT_EXPRESSIONS 64 /* parsed texts of each state */

/*
** evaluate: pushes the result of the expression at `text`: an array, or the total of a reduction. type is that of the
** new array, or DYNARRAY_TYPE_COUNT for the type of the expression. out is the index of an array that takes the results
** and is then pushed, or 0. After an error the elements of that array are as they were: if an element may have no
** result, or an operand overlaps the array, the results are computed elsewhere first. Raises an error for everything
** that is wrong. May run finalizers.
*/
void evaluate(lua_State *L, State *S, int text, Operands where, dynarray_type type, int out);

#endif
