/* parse.h: the kinds of nodes of an expression. */
#ifndef COMPUTE_PARSE_H
#define COMPUTE_PARSE_H

#include "core/compute/operations.h"

typedef enum compute_operation {
    NODE_WHOLE, /* a number */
    NODE_REAL,
    NODE_NAME,
    NODE_INDEX,
    NODE_NEG, /* operators of one operand */
    NODE_COMPLEMENT,
    NODE_NOT,
    NODE_ADD, /* of two */
    NODE_SUB,
    NODE_MUL,
    NODE_DIV,
    NODE_FLOOR_DIV,
    NODE_MOD,
    NODE_POW,
    NODE_BIT_AND,
    NODE_BIT_OR,
    NODE_BIT_XOR,
    NODE_SHL,
    NODE_SHR,
    NODE_EQ,
    NODE_NE,
    NODE_LT,
    NODE_LE,
    NODE_AND,
    NODE_OR,
    NODE_ABS, /* functions */
    NODE_LEAST,
    NODE_GREATEST,
    NODE_SELECT,
    NODE_ROUNDED, /* floor, ceil, trunc, round: whole numbers stay; the code is the type of the node */
    NODE_TEST,    /* isnan and the like, of a real number; the code likewise */
    NODE_REAL_FUNCTION, /* of one or two arguments; the code likewise */
    NODE_CONVERT        /* to the node's type */
} compute_operation;

#endif
