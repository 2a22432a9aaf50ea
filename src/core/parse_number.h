/* parse_number.h: reads numbers from text, exactly. */
#ifndef PARSE_NUMBER_H
#define PARSE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NUMERAL_MOST 1000 /* characters; enough to decide which double is the nearest */

typedef enum numeral_kind {
    NUMERAL_NONE,    /* there is no number, or one longer than NUMERAL_MOST */
    NUMERAL_INTEGER, /* only digits, below 2^64 */
    NUMERAL_REAL
} numeral_kind;

typedef struct numeral {
    numeral_kind kind;
    bool negative;
    uint64_t magnitude; /* of an integer */
    double real;        /* the nearest double, for both kinds */
    const char *end;    /* behind the number */
} numeral;

/*
** numeral_read: reads the longest decimal number at the beginning of [s, end): a sign, digits with a point among them, an
** exponent; or inf, infinity, nan in upper or lower case. The point does not depend on the locale. Most numbers take
** some ten nanoseconds; strtod reads those with more than 19 digits, and those that are nearly too small or too large.
*/
numeral numeral_read(const char *s, const char *end);

/* numeral_read_hexadecimal: reads what follows "0x"; integers wrap around at 2^64, as in Lua. */
numeral numeral_read_hexadecimal(const char *s, const char *end);

#endif
