/*
** compute.h: expressions on whole arrays, element by element.
**
** A text is parsed once (compute_parse), compiled for operands of given types (compute_compile), and run block by block
** (compute_run). Each array is read once, and results in between fit into the cache. No expression takes more than the
** limits below. Only compute_run allocates. Others may write to the operands meanwhile; then the results have no
** meaning, but nothing worse happens.
*/
#ifndef COMPUTE_H
#define COMPUTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/compute/operations.h"
#include "dynarray.h"

#define COMPUTE_MOST_TEXT 2000    /* bytes of an expression */
#define COMPUTE_MOST_NODES 200    /* operators, numbers and names in it */
#define COMPUTE_MOST_NAMES 32     /* different names of operands */
#define COMPUTE_MOST_NESTING 50   /* parentheses and operators within each other */
#define COMPUTE_MOST_REGISTERS 32 /* blocks of memory for results in between */

/* ---------------------------------------------------------------------------------------------
** Expressions
*/

typedef enum compute_reduction {
    COMPUTE_NO_REDUCTION,
    COMPUTE_SUM,
    COMPUTE_MEAN, /* of the elements as real numbers; also if their sum is too large for one */
    COMPUTE_MIN,
    COMPUTE_MAX,
    COMPUTE_COUNT,
    COMPUTE_ANY,
    COMPUTE_ALL
} compute_reduction;

typedef struct compute_node {
    uint8_t operation; /* see parse.h */
    uint8_t type;      /* the element type of a conversion, or the code of a function of libm */
    uint16_t column;   /* its place in the text, from 1 */
    uint16_t children[3];
    union {
        int64_t whole;
        double real;
        size_t name; /* which */
    } with;
} compute_node;

/* compute_expression: a parsed text. Nodes come after their children; the last one is the whole. */
typedef struct compute_expression {
    uint16_t node_count, name_count;
    uint8_t reduction; /* compute_reduction of the whole */
    struct {
        uint16_t start, length; /* in the text */
        uint16_t column;
    } names[COMPUTE_MOST_NAMES];
    compute_node nodes[COMPUTE_MOST_NODES];
} compute_expression;

/* Bytes of an expression with that many nodes; the rest of the struct need not be kept. */
size_t compute_expression_bytes(const compute_expression *e);

/* Says what is wrong with an expression or an element. */
typedef struct compute_error {
    const char *message; /* a format for `text`, if that is not NULL: "%s" */
    char text[40];       /* of the expression; "" if there is none */
    size_t column;       /* in the text, from 1; 0 if it has no place */
} compute_error;

/* compute_parse: parses a text; false and an error if it is no expression. */
bool compute_parse(const char *text, size_t length, compute_expression *e, compute_error *error);

/* ---------------------------------------------------------------------------------------------
** Programs
*/

/* compute_operand: an array of a numeric type, or a number, which is an int64 or a float64. */
typedef struct compute_operand {
    const void *data;
    uint8_t type; /* dynarray_type */
    bool is_number;
} compute_operand;

typedef enum compute_place {
    PLACE_REGISTER,
    PLACE_ARRAY,
    PLACE_NUMBER,
    PLACE_RESULT
} compute_place;

typedef struct compute_value {
    uint16_t which; /* register, operand or number */
    uint8_t place;  /* compute_place */
    bool is_real : 1;
    bool is_truth : 1;  /* 0 or 1 */
    bool is_byte : 1;   /* a truth value as kernels have it: in a register, of one byte */
    bool is_small : 1;  /* a whole number that a double has exactly */
    bool is_loaded : 1; /* of an array: as elements of 8 bytes that need no conversion */
} compute_value;

#define COMPUTE_MOST_OPERANDS 4

typedef struct compute_instruction {
    compute_step step;
    uint16_t column;
    compute_value result, operands[COMPUTE_MOST_OPERANDS];
} compute_instruction;

#define COMPUTE_MOST_NUMBERS (3 * COMPUTE_MOST_NODES)
#define COMPUTE_MOST_INSTRUCTIONS (4 * COMPUTE_MOST_NODES)

typedef struct compute_program {
    uint16_t instruction_count, number_count, register_count;
    uint8_t reduction;
    uint8_t type;  /* type of the results, or of what is reduced: int64, float64 or a truth value */
    bool may_fail; /* an element may have no result */
    compute_value value; /* what is reduced; for count, any and all it is a truth value */
    uint64_t numbers[COMPUTE_MOST_NUMBERS]; /* each int64_t or double */
    compute_instruction instructions[COMPUTE_MOST_INSTRUCTIONS];
} compute_program;

/* What went wrong with an element, or with the whole. */
typedef struct compute_failure {
    bool
        too_complex; /* it needs more instructions or registers than the limits; nothing else is valid then */
    size_t index; /* of the element, from 0; SIZE_MAX if it is the same for all */
    size_t column;
    compute_step step; /* what has no result */
    bool is_real;      /* of that number */
    union {
        int64_t whole;
        uint64_t large; /* with CODE_LOAD_UINT64 */
        double real;
    } value;
} compute_failure;

/*
** compute_compile: operands are in the order of the names. result is the type in which results are stored, or
** DYNARRAY_TYPE_COUNT for the type of the expression itself; program->type says which that is (uint8 for truth
** values). With overflows, a result too large for float32 is an infinity and no failure. False if a part without
** arrays has no result; *failure says why.
*/
bool compute_compile(const compute_expression *e, const compute_operand *operands,
                     dynarray_type result, bool overflows, compute_program *program,
                     compute_failure *failure);

/* The result of a reduction. */
typedef struct compute_total {
    bool is_real;
    union {
        int64_t whole; /* for count, any and all, too */
        double real;
    } value;
} compute_total;

typedef enum compute_outcome { COMPUTE_DONE, COMPUTE_NO_MEMORY, COMPUTE_FAILED } compute_outcome;

/*
** compute_run: runs a program on n elements. results has room for n elements of the program's type; it is NULL for a
** reduction, whose total is then written. total must never be NULL. For no elements, sum and count are 0, any is 0, all is
** 1, and mean, min and max have no meaning. results may be the data of an operand whose elements have the same size;
** otherwise it must overlap no operand. Memory for the registers comes from the heap (see heap_allocate) and is given
** back. COMPUTE_FAILED: *failure is the first element that has no result; the results before it are written.
*/
compute_outcome compute_run(const compute_program *program, const compute_operand *operands,
                            size_t n, void *results, compute_total *total, dynarray_heap *heap,
                            compute_failure *failure);

#endif
