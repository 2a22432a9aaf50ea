/*
** parse_number.c: numbers written as text; see parse_number.h.
**
** The digits are an integer below 2^64, and a power of ten up to 10^27 is exact in 64 bits. If a long double has 64 bits,
** the product or quotient of the two is off by at most half of the last bit. It rounds to the right double unless it is
** next to the middle between two (Clinger, How to read floating point numbers accurately, 1990). strtod does the rest.
*/
#include "core/parse_number.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MOST_DIGITS 19 /* this many digits always fit into 64 bits */
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

/* Calls strtod, which in some locales wants another character for the point. */
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

/* digits * 10^exponent; false if it is not certain that this is the nearest double. */
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

typedef struct digits {
    uint64_t value; /* modulo 2^64 */
    size_t count;   /* of all */
    size_t significant;
} digits;

/*
** Up to eight digits at once. The eight characters at s are read, or the last eight before `end`, if the text from
** `begin` on is that long; else none. Returns how many of them are digits, without one in between that is none.
*/
#if defined(__GNUC__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define EACH_BYTE(x) (UINT64_C(0x0101010101010101) * (x))

static size_t eight_digits(const char *begin, const char *s, const char *end, uint64_t *value) {
    const size_t left = (size_t)(end - s);
    uint64_t x, others;
    size_t n;
    if (left == 0 || end - begin < 8) return 0;
    memcpy(&x, left < 8 ? end - 8 : s, sizeof x);
    if (left < 8)
        x >>= 8 * (8 - left); /* what is before s goes; zero bytes come in, which are no digits */
    x ^= EACH_BYTE('0');
    others = ((x + EACH_BYTE(0x80 - 10)) | x) & EACH_BYTE(0x80); /* right up to the first one */
    n = others != 0 ? (size_t)__builtin_ctzll(others) / 8 : 8;
    if (n == 0) return 0;
    x <<= 8 * (8 - n); /* zeros before the digits */
    x = (x * 10 + (x >> 8)) & UINT64_C(0x00ff00ff00ff00ff);
    x = (x * 100 + (x >> 16)) & UINT64_C(0x0000ffff0000ffff);
    *value = (x * 10000 + (x >> 32)) & UINT32_MAX;
    return n;
}
#else
static size_t eight_digits(const char *begin, const char *s, const char *end, uint64_t *value) {
    (void)begin, (void)s, (void)end, (void)value;
    return 0;
}
#endif

/* Reads digits from s on, in a text from `begin` to `end`. */
static const char *read_digits(const char *begin, const char *s, const char *end, digits *d) {
    static const uint64_t powers[] = {1,      10,      100,      1000,     10000,
                                      100000, 1000000, 10000000, 100000000};
    const char *const start = s, *first;
    uint64_t value = d->value, part = 0;
    size_t n;
    while (d->significant == 0 && s < end && *s == '0') s++;
    first = s;
    while ((n = eight_digits(begin, s, end, &part)) > 0) {
        value = value * powers[n] + part;
        s += n;
        if (n < 8) break;
    }
    for (; s < end && is_digit(*s); s++) value = value * 10 + (uint64_t)(*s - '0');
    d->value = value;
    d->significant += (size_t)(s - first);
    d->count += (size_t)(s - start);
    return s;
}

/* Reads what follows "e"; returns s if that is no exponent. */
static const char *read_exponent(const char *s, const char *end, long *exponent) {
    const char *p = s + 1;
    const bool down = p < end && *p == '-';
    long written = 0;
    if (p < end && (*p == '-' || *p == '+')) p++;
    if (p == end || !is_digit(*p)) return s;
    for (; p < end && is_digit(*p); p++)
        if (written < MOST_EXPONENT) written = written * 10 + (*p - '0');
    *exponent += down ? -written : written;
    return p;
}

/* More digits than always fit; twenty may still be below 2^64. */
static numeral long_numeral(const char *start, const char *end, bool integer, bool negative,
                            const digits *d) {
    numeral n = numeral_of_strtod(start, end, negative);
    const char first = start[d->count - d->significant];
    if (integer && n.kind != NUMERAL_NONE && d->significant == MOST_DIGITS + 1 && first == '1' &&
        d->value >= UINT64_C(10000000000000000000)) {
        n.kind = NUMERAL_INTEGER;
        n.magnitude = d->value;
    }
    return n;
}

numeral numeral_read(const char *s, const char *end) {
    numeral n = {NUMERAL_NONE, false, 0, 0, s};
    digits d = {0, 0, 0};
    const char *const begin = s, *start, *after;
    long exponent = 0;
    bool integer = true;
    if (s < end && (*s == '-' || *s == '+')) n.negative = *s++ == '-';
    start = s;
    s = read_digits(begin, s, end, &d);
    if (s < end && *s == '.') {
        after = read_digits(begin, s + 1, end, &d);
        exponent = -(long)(after - s - 1);
        integer = false;
        s = after;
    }
    if (d.count == 0) return named_numeral(start, end, n.negative);
    if (s < end && (*s | 0x20) == 'e') {
        after = read_exponent(s, end, &exponent);
        if (after != s) integer = false;
        s = after;
    }
    if (d.significant > MOST_DIGITS) return long_numeral(start, s, integer, n.negative, &d);
    if ((size_t)(s - start) > NUMERAL_MOST) return n;
    n.end = s;
    n.kind = integer ? NUMERAL_INTEGER : NUMERAL_REAL;
    n.magnitude = d.value;
    if (!scaled(d.value, exponent, &n.real)) return numeral_of_strtod(start, s, n.negative);
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
    text[0] = '0';
    text[1] = 'x';
    memcpy(text + 2, start, length);
    n.real = numeral_of_strtod(text, text + 2 + length, false).real;
    n.kind = NUMERAL_REAL;
    return n;
}
