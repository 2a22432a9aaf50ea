/* parse_digits.h: reads digits, up to eight at once; inline, for loops over many numbers. */
#ifndef PARSE_DIGITS_H
#define PARSE_DIGITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__GNUC__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define EIGHT_AT_ONCE 1
#else
#define EIGHT_AT_ONCE 0
#endif

#define MOST_DIGITS 19 /* this many digits always fit into 64 bits */

extern const uint64_t digits_powers[9]; /* of ten */

/* How many digits the eight characters begin with, the first of them in the lowest byte; and, if any, their value. */
static inline size_t digits_and_value(uint64_t x, uint64_t *value) {
#if EIGHT_AT_ONCE
#define EACH_BYTE(x) (UINT64_C(0x0101010101010101) * (x))
    uint64_t others;
    size_t n;
    x ^= EACH_BYTE('0');
    others = ((x + EACH_BYTE(0x80 - 10)) | x) & EACH_BYTE(0x80); /* right up to the first one */
    n = others != 0 ? (size_t)__builtin_ctzll(others) / 8 : 8;
    if (n == 0) return 0;
    x <<= 8 * (8 - n); /* zeros before the digits */
    x = (x * 10 + (x >> 8)) & UINT64_C(0x00ff00ff00ff00ff);
    x = (x * 100 + (x >> 16)) & UINT64_C(0x0000ffff0000ffff);
    *value = (x * 10000 + (x >> 32)) & UINT32_MAX;
    return n;
#else
    (void)x, (void)value;
    return 0;
#endif
}

/* digit_run: digits, perhaps with a point among them. */
typedef struct digit_run {
    uint64_t value; /* without the point */
    size_t count;   /* of digits; with more than MOST_DIGITS, or none, nothing else is valid */
    size_t behind;  /* how many of them are behind the point */
    bool has_point;
    const char *end;
} digit_run;

/* Adds the digits from s on; stops, at the latest, eight digits after there are too many. */
static inline const char *digits_add(const char *s, digit_run *d) {
    size_t n;
    do {
        uint64_t x, part = 0;
        memcpy(&x, s, sizeof x);
        n = digits_and_value(x, &part);
        d->value = d->value * digits_powers[n] + part;
        d->count += n;
        s += n;
    } while (n == 8 && d->count <= MOST_DIGITS);
    return s;
}

/*
** digits_read: reads from s on, where DIGITS_ROOM characters must be readable. Gives no digits where it cannot read eight at
** once.
*/
#define DIGITS_ROOM 40
static inline digit_run digits_read(const char *s) {
    digit_run d = {0, 0, 0, false, s};
    s = digits_add(s, &d);
    if (*s == '.') {
        const size_t before = d.count;
        s = digits_add(s + 1, &d);
        d.behind = d.count - before;
        d.has_point = true;
    }
    d.end = s;
    return d;
}

#endif
