/*
** compute.h: expressions on whole arrays, element by element.
**
** A text is parsed once (compute_parse), made into a program for operands of given types (compute_compile), and
** run block by block (compute_run): each array is read once, and what lies between fits into the cache.
** No expression takes more than the limits below, whatever it says, and no call allocates but compute_run.
** Operands may be memory that others change meanwhile: what was computed then means nothing, no more.
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
#define COMPUTE_MOST_REGISTERS 32 /* results that wait for others: blocks of memory */

/* ---------------------------------------------------------------------------------------------
** Expressions
*/

typedef enum compute_reduction {
    COMPUTE_NO_REDUCTION,
    COMPUTE_SUM,
    COMPUTE_MIN,
    COMPUTE_MAX,
    COMPUTE_COUNT,
    COMPUTE_ANY,
    COMPUTE_ALL
} compute_reduction;

typedef struct compute_node {
    uint8_t operation; /* see parse.h */
    uint8_t type;      /* the element type of a conversion, the code of a function of libm */
    uint16_t column;   /* where it stands in the text, from 1 */
    uint16_t children[3];
    union {
        int64_t whole;
        double real;
        size_t name; /* which */
    } with;
} compute_node;

/* compute_expression: a parsed text; nodes come after their children, the last is the whole. */
typedef struct compute_expression {
    uint16_t node_count, name_count;
    uint8_t reduction; /* compute_reduction of the whole */
    struct {
        uint16_t start, length; /* in the text */
        uint16_t column;
    } names[COMPUTE_MOST_NAMES];
    compute_node nodes[COMPUTE_MOST_NODES];
} compute_expression;

/* Bytes of an expression with that many nodes: the rest need not be kept. */
size_t compute_expression_bytes(const compute_expression *e);

/* What is wrong with an expression or an element. */
typedef struct compute_error {
    const char *message; /* a format for `text`, if that is not NULL: "%s" */
    char text[40];       /* of the expression; "" if there is none */
    size_t column;       /* from 1; 0: of no place */
} compute_error;

/* compute_parse: false and an error if the text is no expression. */
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
    bool is_small : 1;  /* a whole number that a double has exactly */
    bool is_loaded : 1; /* of an array: as elements of 8 bytes that need no conversion */
} compute_value;

typedef struct compute_instruction {
    compute_step step;
    uint16_t column;
    compute_value result, operands[3];
} compute_instruction;

#define COMPUTE_MOST_NUMBERS (3 * COMPUTE_MOST_NODES)
#define COMPUTE_MOST_INSTRUCTIONS (4 * COMPUTE_MOST_NODES)

typedef struct compute_program {
    uint16_t instruction_count, number_count, register_count;
    uint8_t reduction;
    uint8_t
        type; /* of the elements of the result, or of what is reduced: int64, float64, or a truth value */
    bool may_fail;                          /* an element may have no result */
    compute_value value;                    /* what is reduced */
    uint64_t numbers[COMPUTE_MOST_NUMBERS]; /* each int64_t or double */
    compute_instruction instructions[COMPUTE_MOST_INSTRUCTIONS];
} compute_program;

/* What went wrong with an element, or with the whole. */
typedef struct compute_failure {
    bool
        too_complex; /* more than an instruction or register of the limits is needed; nothing else holds then */
    size_t index; /* of the element, from 0; SIZE_MAX if it is all the same for all */
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
** compute_compile: operands: by the numbers of the names. result: the type that the results are stored as,
** DYNARRAY_TYPE_COUNT for the expression's own, which stands in program->type (uint8 of truth values).
** overflows: a result too large for float32 is an infinity there, not a failure.
** False: a part without arrays has no result, *failure says why.
*/
bool compute_compile(const compute_expression *e, const compute_operand *operands,
                     dynarray_type result, bool overflows, compute_program *program,
                     compute_failure *failure);

/* What a reduction gives. */
typedef struct compute_total {
    bool is_real;
    union {
        int64_t whole; /* of count, any and all, too */
        double real;
    } value;
} compute_total;

typedef enum compute_outcome { COMPUTE_DONE, COMPUTE_NO_MEMORY, COMPUTE_FAILED } compute_outcome;

/*
** compute_run: of n elements. results: of n elements of the program's type, or NULL for a reduction, whose total
** is written (it must not be NULL in any case; of no elements: sum 0, count 0, any 0, all 1; min and max mean nothing). results may be the data of
** an operand of a type as large, else it overlaps none. Memory for the registers comes from the heap's allocator
** (see heap_allocate) and goes back. COMPUTE_FAILED: *failure is the first element that has no result; results
** before it are written.
*/
compute_outcome compute_run(const compute_program *program, const compute_operand *operands,
                            size_t n, void *results, compute_total *total, dynarray_heap *heap,
                            compute_failure *failure);

#endif
