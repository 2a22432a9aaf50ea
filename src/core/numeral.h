/* numeral.h: numbers written as text, read exactly. */
#ifndef NUMERAL_H
#define NUMERAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NUMERAL_MOST 1000 /* characters: all that decide which double it is, and many more */

typedef enum numeral_kind {
    NUMERAL_NONE,    /* there is none, or a longer one than NUMERAL_MOST */
    NUMERAL_INTEGER, /* digits alone, below 2^64 */
    NUMERAL_REAL
} numeral_kind;

typedef struct numeral {
    numeral_kind kind;
    bool negative;
    uint64_t magnitude; /* of an integer */
    double real;        /* the double that is nearest to it, of either kind */
    const char *end;    /* what comes behind it */
} numeral;

/*
** numeral_read: the longest decimal numeral at the beginning of [s, end): a sign, digits with a point among
** them, an exponent; or inf, infinity, nan, in any case. The point is a point whatever the locale. Most take
** some ten nanoseconds; past 19 digits, or far from 1, it is strtod.
*/
numeral numeral_read(const char *s, const char *end);

/* numeral_read_hexadecimal: the same for what follows "0x"; integers wrap around 2^64, as Lua's do. */
numeral numeral_read_hexadecimal(const char *s, const char *end);

#endif
