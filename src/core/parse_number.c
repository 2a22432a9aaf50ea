/*
** parse_number.c: numbers written as text; see parse_number.h.
**
** A number is digits * 10^exponent. If both are exact doubles, one multiplication or division rounds correctly (Clinger,
** How to read floating point numbers accurately, 1990). Otherwise the product is computed to 128 bits, with a bound on
** its error; nearly always all numbers within the bound round to the same double (as in Loitsch, Printing floating-point
** numbers quickly and accurately, 2010, and Lemire, Number parsing at a gigabyte per second, 2021). strtod does the rest.
*/
#include "core/parse_number.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/parse_digits.h"

/* An exponent that is written with more digits is cut; no text is so long that its zeros could make up for that. */
#define MOST_EXPONENT (INT64_C(1) << 56)

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

/*
** The number in the middle between two doubles has at most 767 digits, from the first that is not zero on. So this many
** decide, together with whether all behind them are zeros.
*/
#define DECISIVE_DIGITS 800
#define TEXT_BYTES (NUMERAL_MOST + 8) /* of a text for strtod */
#define FARTHEST_EXPONENT 10000       /* with up to DECISIVE_DIGITS: beyond all doubles */

/* Writes the same number, or one that rounds to the same double, without a point. `exponent` is what follows "e". */
static void write_decisive(const char *s, const char *end, int64_t exponent, char *text) {
    size_t n = 0;
    bool behind = false, more = false;
    for (; s < end && (is_digit(*s) || *s == '.'); s++) {
        const bool counts = *s != '.' && (n > 0 || *s != '0'), kept = counts && n < DECISIVE_DIGITS;
        if (*s == '.')
            behind = true;
        else if (behind)
            exponent -= kept || !counts;
        else
            exponent += counts && !kept;
        if (kept) text[n++] = *s;
        more = more || (counts && !kept && *s != '0');
    }
    if (more) { /* as one more digit */
        text[n++] = '1';
        exponent--;
    }
    if (exponent > FARTHEST_EXPONENT) exponent = FARTHEST_EXPONENT;
    if (exponent < -FARTHEST_EXPONENT) exponent = -FARTHEST_EXPONENT;
    snprintf(text + n, TEXT_BYTES - n, "e%d", (int)exponent);
}

/* Writes the number as strtod wants it, which in some locales is with another character for the point. */
static bool write_localized(const char *s, const char *end, char *text) {
    const char *const point = localeconv()->decimal_point;
    const size_t length = (size_t)(end - s), point_length = strlen(point);
    char *dot;
    if (point_length > 7) return false;
    memcpy(text, s, length);
    text[length] = '\0';
    dot = memchr(text, '.', length);
    if (dot != NULL && (point_length != 1 || *point != '.')) {
        memmove(dot + point_length, dot + 1, strlen(dot + 1) + 1);
        for (size_t i = 0; i < point_length; i++) dot[i] = point[i];
    }
    return true;
}

/* Calls strtod for a number whose exponent is written as that. */
static numeral numeral_of_strtod(const char *s, const char *end, int64_t exponent, bool negative) {
    char text[TEXT_BYTES];
    numeral n = {NUMERAL_NONE, negative, 0, 0, end};
    if ((size_t)(end - s) > NUMERAL_MOST)
        write_decisive(s, end, exponent, text);
    else if (!write_localized(s, end, text))
        return n;
    n.kind = NUMERAL_REAL;
    n.real = strtod(text, NULL);
    if (negative) n.real = -n.real;
    return n;
}

/* ---------------------------------------------------------------------------------------------
** From digits and a power of ten to a double
*/

const double numeral_exact_powers[NUMERAL_EXACT_POWER + 1] = {
    1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

#define STEP 28 /* between the exponents of the large powers */
#define LEAST_POWER (-12L * STEP)
#define GREATEST_POWER (12L * STEP - 1)

typedef struct wide {
    uint64_t high, low;
} wide;

/* 10^(28 k) for k from -12 on: mantissa * 2^exponent, the mantissa of 128 bits, the first of them 1, rounded down. */
static const struct large_power {
    int exponent;
    uint64_t high, low;
} large_powers[] = {{-1244, UINT64_C(0xe3e27a444d8d98b7), UINT64_C(0xfd1b1b2308169b25)},
                    {-1151, UINT64_C(0xe61acf033d1a45df), UINT64_C(0x6fb92487298e33bd)},
                    {-1058, UINT64_C(0xe858ad248f5c22c9), UINT64_C(0xd1b3400f8f9cff68)},
                    {-965, UINT64_C(0xea9c227723ee8bcb), UINT64_C(0x465e15a979c1cadc)},
                    {-872, UINT64_C(0xece53cec4a314ebd), UINT64_C(0xa4f8bf5635246428)},
                    {-779, UINT64_C(0xef340a98172aace4), UINT64_C(0x86fb897116c87c34)},
                    {-686, UINT64_C(0xf18899b1bc3f8ca1), UINT64_C(0xdc44e6c3cb279ac1)},
                    {-593, UINT64_C(0xf3e2f893dec3f126), UINT64_C(0x5a89dba3c3efccfa)},
                    {-500, UINT64_C(0xf64335bcf065d37d), UINT64_C(0x4d4617b5ff4a16d5)},
                    {-407, UINT64_C(0xf8a95fcf88747d94), UINT64_C(0x75a44c6397ce912a)},
                    {-314, UINT64_C(0xfb158592be068d2e), UINT64_C(0xeed6e2f0f0d56712)},
                    {-221, UINT64_C(0xfd87b5f28300ca0d), UINT64_C(0x8bca9d6e188853fc)},
                    {-127, UINT64_C(0x8000000000000000), UINT64_C(0x0000000000000000)},
                    {-34, UINT64_C(0x813f3978f8940984), UINT64_C(0x4000000000000000)},
                    {59, UINT64_C(0x82818f1281ed449f), UINT64_C(0xbff8f10e7a8921a4)},
                    {152, UINT64_C(0x83c7088e1aab65db), UINT64_C(0x792667c6da79e0fa)},
                    {245, UINT64_C(0x850fadc09923329e), UINT64_C(0x03e2cf6bc604ddb0)},
                    {338, UINT64_C(0x865b86925b9bc5c2), UINT64_C(0x0b8a2392ba45a9b2)},
                    {431, UINT64_C(0x87aa9aff79042286), UINT64_C(0x90fb44d2f05d0842)},
                    {524, UINT64_C(0x88fcf317f22241e2), UINT64_C(0x441fece3bdf81f03)},
                    {617, UINT64_C(0x8a5296ffe33cc92f), UINT64_C(0x82bd6b70d99aaa6f)},
                    {710, UINT64_C(0x8bab8eefb6409c1a), UINT64_C(0x1ad089b6c2f7548e)},
                    {803, UINT64_C(0x8d07e33455637eb2), UINT64_C(0xdb0b487b6423e1e8)},
                    {896, UINT64_C(0x8e679c2f5e44ff8f), UINT64_C(0x570f09eaa7ea7648)}};

/* 10^r for r from 0 on, exactly: mantissa * 2^exponent, the first of the 64 bits 1. */
static const struct small_power {
    int exponent;
    uint64_t mantissa;
} small_powers[STEP] = {{-63, UINT64_C(0x8000000000000000)}, {-60, UINT64_C(0xa000000000000000)},
                        {-57, UINT64_C(0xc800000000000000)}, {-54, UINT64_C(0xfa00000000000000)},
                        {-50, UINT64_C(0x9c40000000000000)}, {-47, UINT64_C(0xc350000000000000)},
                        {-44, UINT64_C(0xf424000000000000)}, {-40, UINT64_C(0x9896800000000000)},
                        {-37, UINT64_C(0xbebc200000000000)}, {-34, UINT64_C(0xee6b280000000000)},
                        {-30, UINT64_C(0x9502f90000000000)}, {-27, UINT64_C(0xba43b74000000000)},
                        {-24, UINT64_C(0xe8d4a51000000000)}, {-20, UINT64_C(0x9184e72a00000000)},
                        {-17, UINT64_C(0xb5e620f480000000)}, {-14, UINT64_C(0xe35fa931a0000000)},
                        {-10, UINT64_C(0x8e1bc9bf04000000)}, {-7, UINT64_C(0xb1a2bc2ec5000000)},
                        {-4, UINT64_C(0xde0b6b3a76400000)},  {0, UINT64_C(0x8ac7230489e80000)},
                        {3, UINT64_C(0xad78ebc5ac620000)},   {6, UINT64_C(0xd8d726b7177a8000)},
                        {10, UINT64_C(0x878678326eac9000)},  {13, UINT64_C(0xa968163f0a57b400)},
                        {16, UINT64_C(0xd3c21bcecceda100)},  {20, UINT64_C(0x84595161401484a0)},
                        {23, UINT64_C(0xa56fa5b99019a5c8)},  {26, UINT64_C(0xcecb8f27f4200f3a)}};

static wide wide_product(uint64_t x, uint64_t y) {
#if defined(__SIZEOF_INT128__)
    __extension__ const unsigned __int128 xy = (unsigned __int128)x * y;
    const wide result = {(uint64_t)(xy >> 64), (uint64_t)xy};
#else
    const uint64_t x_high = x >> 32, x_low = (uint32_t)x, y_high = y >> 32, y_low = (uint32_t)y;
    const uint64_t low = x_low * y_low, mixed = x_high * y_low + (low >> 32),
                   middle = x_low * y_high + (uint32_t)mixed;
    const wide result = {x_high * y_high + (mixed >> 32) + (middle >> 32),
                         middle << 32 | (uint32_t)low};
#endif
    return result;
}

static unsigned leading_zeros(uint64_t x) {
#if defined(__GNUC__)
    return (unsigned)__builtin_clzll(x);
#else
    unsigned n = 0;
    while (!(x >> (63 - n) & 1)) n++;
    return n;
#endif
}

/*
** The upper 128 bits of the product of x and the mantissa of a large power. They are less than the exact ones by less than
** 3: one for what is cut off, one for the product of the lower halves, one for the mantissa.
*/
static wide upper_product(wide x, const struct large_power *y) {
    const wide first = wide_product(x.high, y->high), second = wide_product(x.high, y->low),
               third = wide_product(x.low, y->high);
    const uint64_t carry = second.low + third.low < second.low;
    wide result = first;
    result.low += second.high;
    result.high += result.low < second.high;
    result.low += third.high;
    result.high += result.low < third.high;
    result.low += carry;
    result.high += result.low < carry;
    return result;
}

#define SPARE_BITS                                                                                 \
    11            /* the first 64 bits of a product have these more than the mantissa of a double */
#define BIAS 1023 /* of the exponents of doubles */
#define MOST_ERROR                                                                                 \
    24 /* of a product whose first bit was shifted to the top, by at most three places */

/* digits * 10^exponent, digits > 0; false if it is not certain which is the nearest double, or that is not normal. */
static bool scaled_by_integers(uint64_t digits, int64_t exponent, double *result) {
    const size_t power = (size_t)(exponent - LEAST_POWER);
    const struct large_power *const large = &large_powers[power / STEP];
    const struct small_power *const small = &small_powers[power % STEP];
    const unsigned zeros = leading_zeros(digits);
    const uint64_t half = (uint64_t)1 << (SPARE_BITS - 1);
    const wide x = upper_product(wide_product(digits << zeros, small->mantissa), large);
    const unsigned shift = leading_zeros(x.high);
    const uint64_t high = x.high << shift | x.low >> 1 >> (63 - shift), low = x.low << shift;
    const uint64_t rest = high & (2 * half - 1);
    /* x is 1.something times two to this power */
    const long binary = small->exponent + large->exponent - (long)zeros - (long)shift + 128 + 127;
    uint64_t bits;
    if (binary <= -BIAS || binary >= BIAS) return false;
    if (rest == half - 1 && low >= (uint64_t)0 - MOST_ERROR) return false;
    if (rest == half && low == 0) return false;
    bits =
        (high >> SPARE_BITS) + (rest >= half); /* the first bit, and a carry, go to the exponent */
    bits += (uint64_t)(binary + BIAS - 1) << (DBL_MANT_DIG - 1);
    memcpy(result, &bits, sizeof *result);
    return true;
}

/* digits * 10^exponent; false if it is not certain that this is the nearest double. */
static bool scaled(uint64_t digits, int64_t exponent, double *result) {
    if (digits == 0 || exponent == 0) {
        *result = (double)digits;
        return true;
    }
#if FLT_EVAL_METHOD == 0 /* otherwise a result would be rounded twice */
    if (digits <= (uint64_t)1 << DBL_MANT_DIG && exponent >= -NUMERAL_EXACT_POWER &&
        exponent <= NUMERAL_EXACT_POWER) {
        *result = exponent < 0 ? (double)digits / numeral_exact_powers[-exponent]
                               : (double)digits * numeral_exact_powers[exponent];
        return true;
    }
#endif
    if (exponent < LEAST_POWER || exponent > GREATEST_POWER) return false;
    return scaled_by_integers(digits, exponent, result);
}

/* ---------------------------------------------------------------------------------------------
** Digits
*/

const uint64_t digits_powers[9] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000};

/*
** Up to eight digits at once. The eight characters at s are read, or the last eight before `end`, if the text from
** `begin` on is that long; else none. Returns how many of them are digits, without one in between that is none.
*/
static size_t eight_digits(const char *begin, const char *s, const char *end, uint64_t *value) {
    const size_t left = (size_t)(end - s);
    uint64_t x;
    if (left == 0 || end - begin < 8 || !EIGHT_AT_ONCE) return 0;
    memcpy(&x, left < 8 ? end - 8 : s, sizeof x);
    if (left < 8)
        x >>= 8 * (8 - left); /* what is before s goes; zero bytes come in, which are no digits */
    return digits_and_value(x, value);
}

/* Reads digits from s on, in a text from `begin` to `end`, and puts them behind those of *value, modulo 2^64. */
static const char *read_digits(const char *begin, const char *s, const char *end, uint64_t *value) {
    uint64_t part = 0;
    size_t n;
    while ((n = eight_digits(begin, s, end, &part)) > 0) {
        *value = *value * digits_powers[n] + part;
        s += n;
        if (n < 8) break;
    }
    for (; s < end && is_digit(*s); s++) *value = *value * 10 + (uint64_t)(*s - '0');
    return s;
}

/* Reads what follows "e"; returns s if that is no exponent. */
static const char *read_exponent(const char *s, const char *end, int64_t *exponent) {
    const char *p = s + 1;
    const bool down = p < end && *p == '-';
    int64_t written = 0;
    if (p < end && (*p == '-' || *p == '+')) p++;
    if (p == end || !is_digit(*p)) return s;
    for (; p < end && is_digit(*p); p++)
        if (written < MOST_EXPONENT) written = written * 10 + (*p - '0');
    *exponent = down ? -written : written;
    return p;
}

/* How many digits of a number with a point do not count, since there are only zeros before them. */
static size_t zeros_before(const char *s, const char *end) {
    size_t zeros = 0;
    for (; s < end && (*s == '0' || *s == '.'); s++) zeros += *s == '0';
    return zeros;
}

/* More digits than always fit; twenty may still be below 2^64. */
static numeral long_numeral(const char *start, const char *end, int64_t exponent, bool integer,
                            bool negative, uint64_t value, size_t significant) {
    numeral n = numeral_of_strtod(start, end, exponent, negative);
    while (*start == '0') start++;
    if (integer && n.kind != NUMERAL_NONE && significant == MOST_DIGITS + 1 && *start == '1' &&
        value >= UINT64_C(10000000000000000000)) {
        n.kind = NUMERAL_INTEGER;
        n.magnitude = value;
    }
    return n;
}

/* Any number, behind its sign; the text begins before that. */
static numeral read_any(const char *begin, const char *s, const char *end, bool negative) {
    const char *const start = s, *after;
    uint64_t value = 0;
    double real;
    size_t count, behind = 0;
    int64_t exponent = 0;
    bool integer = true;
    s = read_digits(begin, s, end, &value);
    count = (size_t)(s - start);
    if (s < end && *s == '.') {
        after = read_digits(begin, s + 1, end, &value);
        behind = (size_t)(after - s - 1);
        count += behind;
        integer = false;
        s = after;
    }
    if (count == 0) return named_numeral(start, end, negative);
    if (s < end && (*s | 0x20) == 'e') {
        after = read_exponent(s, end, &exponent);
        if (after != s) integer = false;
        s = after;
    }
    if (count > MOST_DIGITS) count -= zeros_before(start, s);
    if (count > MOST_DIGITS)
        return long_numeral(start, s, exponent, integer, negative, value, count);
    if (!scaled(value, exponent - (int64_t)behind, &real))
        return numeral_of_strtod(start, s, exponent, negative);
    return (numeral){integer ? NUMERAL_INTEGER : NUMERAL_REAL, negative, value,
                     negative ? -real : real, s};
}

numeral numeral_read(const char *s, const char *end) {
    const bool negative = s < end && *s == '-';
    const char *const start = negative || (s < end && *s == '+') ? s + 1 : s;
    digit_run d;
    double real;
    if (end - start < DIGITS_ROOM) return read_any(s, start, end, negative);
    d = digits_read(start);
    if (!numeral_is_plain(&d)) return read_any(s, start, end, negative);
    real = numeral_plain(&d);
    /* its parts are stored where they are wanted: to copy the whole at once, a processor has to wait for all stores */
    return (numeral){d.has_point ? NUMERAL_REAL : NUMERAL_INTEGER, negative, d.value,
                     negative ? -real : real, d.end};
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
    n.real = numeral_of_strtod(text, text + 2 + length, 0, false).real;
    n.kind = NUMERAL_REAL;
    return n;
}
