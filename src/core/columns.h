/* columns.h: columns of numbers in lines of text, as CSV files have them. */
#ifndef COLUMNS_H
#define COLUMNS_H

#include "dynarray.h"

#define COLUMNS_MOST 200 /* that are read at once */

/* columns_format: what the lines are like. */
typedef struct columns_format {
    char separator; /* '\0': any white space */
    char comment;   /* what follows it in a line is left out; '\0': nothing */
    bool has_missing;
    double missing; /* stands for a field that is no number */
    size_t count;   /* fields that are read of each line */
    size_t fields;  /* that a line must have: 0 if it may have any number that is enough */
    uint16_t places
        [COLUMNS_MOST]; /* which field of the line is that column, from 0; each but once, in ascending order */
    uint8_t types[COLUMNS_MOST]; /* of the elements, dynarray_type */
} columns_format;

/* columns_error: the first thing that is wrong. */
typedef enum columns_problem {
    COLUMNS_FINE,
    COLUMNS_NO_NUMBER,
    COLUMNS_NO_FIT, /* a number that the column's type does not have */
    COLUMNS_TOO_FEW /* fields: `column` of them; also too many */
} columns_problem;

typedef struct columns_error {
    columns_problem problem;
    size_t line;   /* from 1, of those read here */
    size_t column; /* the field, from 1 */
    char text[40]; /* of the field */
} columns_error;

/*
** columns_read: reads complete lines from *s on (all, if `last`), at most `most` that are not empty, and writes
** the field of column c of each to elements[c]. Returns how many, moves *s behind them, adds to *lines those that are
** behind. Stops at an error, with what was read before.
*/
size_t columns_read(const columns_format *format, const char **s, const char *end, bool last,
                    void *const *elements, size_t most, size_t *lines, columns_error *error);

/* columns_count: how many fields the first line from s on has that is not empty; 0 if it is not complete. */
size_t columns_count(const columns_format *format, const char *s, const char *end, bool last);

/* columns_field: the next field from *s on, up to `end`, the line's; false at the end. Quotes are left out. */
bool columns_field(const columns_format *format, const char **s, const char *end, const char **text,
                   size_t *length);

/*
** columns_write: the element as the shortest text of 15 to 17 digits (6 to 9 of float32) that reads as the same
** number, to `text`, of COLUMNS_TEXT bytes. Returns its length.
*/
#define COLUMNS_TEXT 40
size_t columns_write(const dynarray *a, size_t i, char *text);

#endif
