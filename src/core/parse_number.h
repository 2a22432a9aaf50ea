/* parse_number.h: reads numbers from text, exactly. */
#ifndef PARSE_NUMBER_H
#define PARSE_NUMBER_H

#include <float.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/parse_digits.h"

#define NUMERAL_MOST                                                                               \
    1000 /* characters of a number that strtod gets as it is; longer ones are shortened for it */

typedef enum numeral_kind {
    NUMERAL_NONE,    /* there is no number */
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

#define NUMERAL_EXACT_POWER                                                                        \
    22 /* the greatest power of ten that a double has exactly, and all below it */
extern const double numeral_exact_powers[NUMERAL_EXACT_POWER + 1];

/*
** numeral_is_plain, numeral_plain: whether digits without an exponent behind them are the quotient of an exact double and an
** exact power of ten, and that quotient, which is the nearest double.
*/
static inline bool numeral_is_plain(const digit_run *d) {
    return FLT_EVAL_METHOD == 0 && d->count - 1 < MOST_DIGITS &&
           d->value <= (uint64_t)1 << DBL_MANT_DIG && (*d->end | 0x20) != 'e';
}

static inline double numeral_plain(const digit_run *d) {
    return (double)(int64_t)d->value / numeral_exact_powers[d->behind];
}

/* numeral_read_hexadecimal: reads what follows "0x"; integers wrap around at 2^64, as in Lua. */
numeral numeral_read_hexadecimal(const char *s, const char *end);

#endif
