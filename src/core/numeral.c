/*
** numeral.c: numbers written as text; see numeral.h.
**
** The digits are an integer below 2^64, and a power of ten up to 27 is exact in 64 bits: where a long double
** has these, their product or quotient is off by at most half of its last bit, and so rounds to the right double
** unless it is next to the middle between two (Clinger, How to read floating point numbers accurately, 1990).
** All else is strtod's.
*/
#include "core/numeral.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MOST_DIGITS 19 /* that always fit into 64 bits */
#define MOST_EXPONENT 100000

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static bool begins_with(const char *s, const char *end, const char *word) {
    for (; *word != '\0'; s++, word++)
        if (s == end || (*s | 0x20) != *word) return false;
    return true;
}

static numeral named_numeral(const char *s, const char *end, bool negative) {
    numeral n = {NUMERAL_NONE, negative, 0, 0, s};
    if (begins_with(s, end, "nan"))
        n.real = (double)NAN, n.end = s + strlen("nan");
    else if (begins_with(s, end, "infinity"))
        n.real = (double)INFINITY, n.end = s + strlen("infinity");
    else if (begins_with(s, end, "inf"))
        n.real = (double)INFINITY, n.end = s + strlen("inf");
    else
        return n;
    n.kind = NUMERAL_REAL;
    if (negative) n.real = -n.real;
    return n;
}

/* What strtod makes of the text, whose point it may not know by that name. */
static numeral numeral_of_strtod(const char *s, const char *end, bool negative) {
    char text[NUMERAL_MOST + 8];
    const char *point = localeconv()->decimal_point;
    const size_t length = (size_t)(end - s), point_length = strlen(point);
    numeral n = {NUMERAL_NONE, negative, 0, 0, end};
    char *dot;
    if (length > NUMERAL_MOST || point_length > 7) return n;
    memcpy(text, s, length);
    text[length] = '\0';
    dot = memchr(text, '.', length);
    if (dot != NULL && (point_length != 1 || *point != '.')) {
        memmove(dot + point_length, dot + 1, strlen(dot + 1) + 1);
        memcpy(dot, point, point_length);
    }
    n.kind = NUMERAL_REAL;
    n.real = strtod(text, NULL);
    if (negative) n.real = -n.real;
    return n;
}

#if LDBL_MANT_DIG == 64
#define MOST_POWER 27
static const long double powers_of_ten[MOST_POWER + 1] = {
    1e0L,  1e1L,  1e2L,  1e3L,  1e4L,  1e5L,  1e6L,  1e7L,  1e8L,  1e9L,
    1e10L, 1e11L, 1e12L, 1e13L, 1e14L, 1e15L, 1e16L, 1e17L, 1e18L, 1e19L,
    1e20L, 1e21L, 1e22L, 1e23L, 1e24L, 1e25L, 1e26L, 1e27L};
#else
#define MOST_POWER 22
static const double powers_of_ten[MOST_POWER + 1] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                     1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                     1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
#endif

/* digits * 10^exponent; false if it cannot be told to be the nearest. */
static bool scaled(uint64_t digits, long exponent, double *result) {
    if (digits == 0 || exponent == 0) {
        *result = (double)digits;
        return true;
    }
    if (exponent < -MOST_POWER || exponent > MOST_POWER) return false;
    if (digits <= (uint64_t)1 << DBL_MANT_DIG && exponent >= -22 && exponent <= 22) {
        const double power = (double)powers_of_ten[exponent < 0 ? -exponent : exponent];
        *result = exponent < 0 ? (double)digits / power : (double)digits * power;
        return true;
    }
#if LDBL_MANT_DIG == 64
    {
        const long double x = exponent < 0 ? (long double)digits / powers_of_ten[-exponent]
                                           : (long double)digits * powers_of_ten[exponent];
        uint64_t bits;
        memcpy(&bits, &x, sizeof bits); /* the mantissa comes first */
        bits &= ((uint64_t)1 << (64 - DBL_MANT_DIG)) - 1;
        *result = (double)x;
        return bits < 0x3ff || bits > 0x401;
    }
#else
    return false;
#endif
}

numeral numeral_read(const char *s, const char *end) {
    numeral n = {NUMERAL_NONE, false, 0, 0, s};
    const char *start, *digits_start;
    uint64_t digits = 0;
    long exponent = 0, written = 0;
    size_t count = 0, significant = 0;
    bool integer = true;
    if (s < end && (*s == '-' || *s == '+')) n.negative = *s++ == '-';
    start = s;
    for (digits_start = s; s < end && is_digit(*s); s++) {
        digits = digits * 10 + (uint64_t)(*s - '0');
        significant += digits != 0;
    }
    count = (size_t)(s - digits_start);
    if (s < end && *s == '.') {
        const char *const point = s++;
        for (; s < end && is_digit(*s); s++) {
            digits = digits * 10 + (uint64_t)(*s - '0');
            significant += digits != 0 || significant > 0;
        }
        count += (size_t)(s - point) - 1;
        exponent = -(long)(s - point - 1);
        integer = false;
    }
    if (count == 0) return named_numeral(start, end, n.negative);
    if (s < end && (*s | 0x20) == 'e') {
        const char *p = s + 1;
        const bool down = p < end && *p == '-';
        if (p < end && (*p == '-' || *p == '+')) p++;
        if (p < end && is_digit(*p)) {
            for (; p < end && is_digit(*p); p++)
                if (written < MOST_EXPONENT) written = written * 10 + (*p - '0');
            exponent += down ? -written : written;
            integer = false;
            s = p;
        }
    }
    if (significant > MOST_DIGITS) {
        numeral long_one = numeral_of_strtod(start, s, n.negative);
        /* twenty digits may be below 2^64 all the same */
        if (integer && long_one.kind != NUMERAL_NONE && significant == MOST_DIGITS + 1 &&
            digits >= UINT64_C(10000000000000000000) && start[count - significant] == '1') {
            long_one.kind = NUMERAL_INTEGER;
            long_one.magnitude = digits;
        }
        return long_one;
    }
    if ((size_t)(s - start) > NUMERAL_MOST) return n;
    n.end = s;
    n.kind = integer ? NUMERAL_INTEGER : NUMERAL_REAL;
    n.magnitude = digits;
    if (!scaled(digits, exponent, &n.real)) return numeral_of_strtod(start, s, n.negative);
    if (n.negative) n.real = -n.real;
    return n;
}

static int hexadecimal_digit(char c) {
    if (is_digit(c)) return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

numeral numeral_read_hexadecimal(const char *s, const char *end) {
    numeral n = {NUMERAL_NONE, false, 0, 0, s};
    const char *const start = s;
    char text[NUMERAL_MOST]; /* so that strtod gets no more than that */
    size_t count = 0, length;
    bool integer = true;
    for (; s < end && hexadecimal_digit(*s) >= 0; s++, count++)
        n.magnitude = n.magnitude << 4 | (uint64_t)hexadecimal_digit(*s);
    if (s < end && *s == '.') {
        integer = false;
        for (s++; s < end && hexadecimal_digit(*s) >= 0; s++) count++;
    }
    if (count == 0) return n;
    if (s < end && (*s | 0x20) == 'p') {
        const char *p = s + 1;
        if (p < end && (*p == '-' || *p == '+')) p++;
        if (p < end && is_digit(*p)) {
            while (p < end && is_digit(*p)) p++;
            integer = false;
            s = p;
        }
    }
    length = (size_t)(s - start);
    if (length + 2 > sizeof text) return n;
    n.end = s;
    if (integer) {
        n.kind = NUMERAL_INTEGER;
        n.real = (double)n.magnitude;
        return n;
    }
    memcpy(text, "0x", 2);
    memcpy(text + 2, start, length);
    n.real = numeral_of_strtod(text, text + 2 + length, false).real;
    n.kind = NUMERAL_REAL;
    return n;
}
