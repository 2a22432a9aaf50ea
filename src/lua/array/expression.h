/* expression.h: expressions on arrays, for all that compute element by element. */
#ifndef BINDING_EXPRESSION_H
#define BINDING_EXPRESSION_H

#include "lua/base/state.h"

/* Where the operands of an expression are: a table's fields, or the arguments that are x and y; 0: none. */
typedef struct Operands {
    int table;
    int x, y;
    bool is_operator; /* the text is not the user's: errors name no column */
    bool is_bits;     /* uint64 is taken for the same bits as int64, the result as well */
} Operands;

/* Limits of what is kept of expressions. */
#define KEPT_EXPRESSIONS 64 /* parsed texts of each state */

/*
** evaluate: pushes what the expression at `text` gives: an array, or the total of a reduction. type: of the new
** array's elements, DYNARRAY_TYPE_COUNT for the expression's own. out: index of an array that takes the
** results and is what is pushed, or 0. Its elements stay as they were after an error: where one may have no
** result, and where an operand overlaps it, results are computed beside it first.
** Errors for all that is wrong. May run finalizers.
*/
void evaluate(lua_State *L, State *S, int text, Operands where, dynarray_type type, int out);

#endif
