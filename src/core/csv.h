/* csv.h: columns of numbers in lines of text, such as CSV files. */
#ifndef CSV_H
#define CSV_H

#include "core/csv_format.h"
#include "core/system/files.h"
#include "dynarray.h"

/* csv_error: the first thing that is wrong. */
typedef enum csv_problem {
    CSV_FINE,
    CSV_NO_NUMBER,
    CSV_NO_FIT,         /* a number that does not fit into the type of the column */
    CSV_MISSING_NO_FIT, /* no number, and `missing` does not fit either */
    CSV_TOO_FEW         /* too few or too many fields: `column` says how many there are */
} csv_problem;

typedef struct csv_error {
    csv_problem problem;
    size_t line;   /* from 1, of those read here */
    size_t column; /* the field, from 1 */
    char text[40]; /* of the field */
} csv_error;

/*
** csv_read: reads complete lines from *s on, at most `most` that are not empty. With `last`, it also reads a line
** that has no line feed. Writes the field of column c of each line to elements[c]. Returns how many lines it read,
** moves *s behind them, and adds all lines that it passed to *lines. Stops at an error; what was read before is
** valid.
*/
size_t csv_read(const csv_format *format, const char **s, const char *end, bool last,
                void *const *elements, size_t most, size_t *lines, csv_error *error);

/* csv_is_empty: whether a line, up to its end, has no fields: only white space that does not separate before a comment. */
bool csv_is_empty(const csv_format *format, const char *s, const char *end);

/* csv_count: how many fields the first line has; 0 if it is empty. */
size_t csv_count(const csv_format *format, const char *s, const char *end);

/* csv_field: reads the next field from *s on, without quotes; `end` is that of the line. False at the end. */
bool csv_field(const csv_format *format, const char **s, const char *end, const char **text,
               size_t *length);

/*
** csv_write: writes the element to `text`, of CSV_TEXT bytes, with as few digits as read as the same number: 15
** to 17, or 6 to 9 for float32. Returns the length.
*/
#define CSV_TEXT 40
size_t csv_write(const dynarray *a, size_t i, char *text);

/* csv_save: writes the header and a line for each index of arrays of numbers, all of one size; see files_replace. */
#define CSV_AT_ONCE 400 /* elements */
typedef struct csv_text {
    const dynarray *const *arrays;
    size_t count; /* of arrays, >= 1 */
    size_t size;  /* of each of them */
    char separator;
    const char *header; /* with its line feed */
    size_t header_bytes;
    char text[CSV_AT_ONCE * (CSV_TEXT + 1)];
} csv_text;

bool csv_save(const char *path, csv_text *text, files_error *error);

#endif
