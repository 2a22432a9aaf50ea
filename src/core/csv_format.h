/* csv_format.h: how columns of numbers are written in lines of text. */
#ifndef CSV_FORMAT_H
#define CSV_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CSV_MOST 200 /* columns that are read at once */

/* csv_format: the format of the lines. */
typedef struct csv_format {
    char separator; /* '\0': any white space */
    char comment;   /* from it on, the rest of a line is ignored; '\0': there is none */
    bool has_missing;
    double missing; /* the number for a field that is not one */
    size_t count;   /* how many fields are read from each line */
    size_t fields;  /* how many fields a line must have; 0: any number that is enough */
    uint16_t places
        [CSV_MOST]; /* which field is that column, from 0; each at most once, in ascending order */
    uint8_t types[CSV_MOST]; /* of the elements, dynarray_type */
} csv_format;

#endif
