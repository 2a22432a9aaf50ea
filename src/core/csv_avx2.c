/*
** csv_avx2.c: see csv_avx2.h. It looks at 64 characters at once for those that end a field, and lists where they are. So the
** fields are known before any of them is read, and the processor can work on several at a time (as in Langdale and Lemire,
** Parsing gigabytes of JSON per second, 2019). A number of up to 16 characters is then read without a loop.
*/
#include "core/system/system.h" /* DYNARRAY_NO_CLONES */

#include "core/csv_avx2.h"

#if defined(__x86_64__) && defined(__GNUC__) && !defined(DYNARRAY_NO_CLONES)

#include <immintrin.h>
#include <string.h>

#include "dynarray.h"

#define CSV_TARGET target("avx2,bmi,bmi2,popcnt")
#define CSV_KERNEL static inline __attribute__((always_inline, CSV_TARGET))

/* A call that is inlined would take registers from the loop. */
#define SELDOM __attribute__((noinline))

/* Without it, the compiler would make the constant anew for each number. */
#define KEEP_CONSTANT(x) __asm__("" : "+x"(x))

#define BLOCK 64
#define LISTED_BYTES 512 /* whose ends of fields are listed together */
#define LISTED_AT_ONCE 8
#define WIDTH 16 /* characters of a number */

bool csv_avx2_available(void) { /* unreached block: one is missing: the one that counted has all */
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
           __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt");
}

/* The first n of 16 bytes. */
CSV_KERNEL __m128i first_bytes(size_t n) {
    static const uint8_t bytes[2 * WIDTH] = {255, 255, 255, 255, 255, 255, 255, 255,
                                             255, 255, 255, 255, 255, 255, 255, 255};
    return _mm_loadu_si128((const void *)(bytes + WIDTH - n));
}

typedef struct constants {
    __m128i points, zeros, nines; /* 16 of each */
} constants;

/* The number that 16 digits are; 0 to 9 each. */
CSV_KERNEL uint64_t number_of_digits(__m128i x) {
    const __m128i tens = _mm_set1_epi16(0x010a), hundreds = _mm_set1_epi32(0x00010064),
                  ten_thousands = _mm_set1_epi32(0x00012710);
    uint64_t halves;
    x = _mm_madd_epi16(_mm_maddubs_epi16(x, tens), hundreds);
    x = _mm_madd_epi16(_mm_packus_epi32(x, x), ten_thousands);
    halves = (uint64_t)_mm_cvtsi128_si64(x);
    return (uint32_t)halves * UINT64_C(100000000) + (halves >> 32);
}

/*
** Reads up to 16 digits, or 15 and a point, that are all of [s, end); from end - WIDTH - 1 on, characters must
** be readable. False if there is anything else, or more.
*/
CSV_KERNEL bool read_digits_before(const constants *k, const char *s, const char *end,
                                   digit_run *d) {
    const size_t length = (size_t)(end - s);
    const __m128i x = _mm_loadu_si128((const void *)(end - WIDTH)),
                  earlier = _mm_loadu_si128((const void *)(end - WIDTH - 1));
    unsigned points;
    size_t before;
    __m128i digits;
    if (length - 1 >= WIDTH) return false;
    points = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(x, k->points)) & 0xffffu
                                                                             << (WIDTH - length);
    /* what is before the point goes one place on, to where the point is */
    before = points != 0 ? (size_t)__builtin_ctz(points) + 1 : 0;
    d->has_point = points != 0;
    d->behind = points != 0 ? WIDTH - before : 0;
    d->count = length - d->has_point;
    d->end = end;
    if (d->count == 0) return false;
    digits = _mm_blendv_epi8(x, earlier, first_bytes(before));
    digits = _mm_sub_epi8(digits, k->zeros);
    digits = _mm_andnot_si128(first_bytes(WIDTH - d->count), digits);
    d->value = number_of_digits(digits);
    digits = _mm_subs_epu8(digits, k->nines);
    return _mm_testz_si128(digits, digits);
}

static bool is_white(char c) { return c == ' ' || c == '\t' || c == '\r'; }

/* Digits as an element that is no float64. */
SELDOM static bool put_digits(unsigned type, const digit_run *d, bool negative, void *elements,
                              size_t i, csv_put *put) {
    const double x = numeral_plain(d);
    const numeral n = {d->has_point ? NUMERAL_REAL : NUMERAL_INTEGER, negative, d->value,
                       negative ? -x : x, d->end};
    return put(type, &n, elements, i);
}

/* Reads a field that is nothing but a sign and digits, or false. */
CSV_KERNEL bool put_plain(const constants *k, unsigned type, const char *begin, const char *s,
                          const char *end, void *elements, size_t i, csv_put *put) {
    const bool negative = *s == '-';
    digit_run d;
    uint64_t bits;
    double x;
    if (end - begin <= WIDTH || !read_digits_before(k, s + negative, end, &d)) return false;
    if (type != DYNARRAY_FLOAT64) {
        const digit_run copy = d;
        return put_digits(type, &copy, negative, elements, i, put);
    }
    x = numeral_plain(&d);
    memcpy(&bits, &x, sizeof bits);
    bits |= (uint64_t)negative << 63;
    memcpy((double *)elements + i, &bits, sizeof bits);
    return true;
}

/* Any number in [s, end), white space around it: every last field where lines end with CR LF. */
SELDOM __attribute__((CSV_TARGET)) static bool put_any(const constants *k, unsigned type,
                                                       const char *begin, const char *s,
                                                       const char *end, void *elements, size_t i,
                                                       csv_put *put) {
    const size_t length = (size_t)(end - s);
    numeral n;
    while (s < end && is_white(*s)) s++;
    while (s < end && is_white(end[-1])) end--;
    if (s < end && (size_t)(end - s) < length &&
        put_plain(k, type, begin, s, end, elements, i, put))
        return true;
    n = numeral_read(s, end);
    return n.kind != NUMERAL_NONE && n.end == end && put(type, &n, elements, i);
}

/* Reads the field [s, end) of a text from `begin` on to element i. */
CSV_KERNEL bool put_number(const constants *k, unsigned type, const char *begin, const char *s,
                           const char *end, void *elements, size_t i, csv_put *put) {
    return put_plain(k, type, begin, s, end, elements, i, put) ||
           put_any(k, type, begin, s, end, elements, i, put);
}

/* ---------------------------------------------------------------------------------------------
** Fields
*/

/* Where fields end, in LISTED_BYTES characters from `from` on: at from + at[next] and so on. */
typedef struct field_ends {
    const char *from, *end; /* those characters, the end of the text */
    __m256i separators, line_feeds, quotes, comments;
    size_t next, count;
    uint16_t at[LISTED_BYTES + LISTED_AT_ONCE];
} field_ends;

/* A bit for each of 32 characters: whether it is one of those. */
CSV_KERNEL uint32_t find_ends(const field_ends *e, const char *s) {
    const __m256i x = _mm256_loadu_si256((const void *)s);
    const __m256i ends =
        _mm256_or_si256(_mm256_cmpeq_epi8(x, e->separators), _mm256_cmpeq_epi8(x, e->line_feeds));
    const __m256i others =
        _mm256_or_si256(_mm256_cmpeq_epi8(x, e->quotes), _mm256_cmpeq_epi8(x, e->comments));
    return (uint32_t)_mm256_movemask_epi8(_mm256_or_si256(ends, others));
}

/*
** Lists the ends in the characters at `from`; false if the text ends within them. It writes several places at once, also where
** there are fewer: how many they are could not be predicted.
*/
SELDOM __attribute__((CSV_TARGET)) static bool list_ends(field_ends *e) {
    size_t count = 0;
    e->next = e->count = 0;
    if (e->end - e->from < LISTED_BYTES) return false;
    for (unsigned start = 0; start < LISTED_BYTES; start += BLOCK) {
        uint64_t marks = find_ends(e, e->from + start) |
                         (uint64_t)find_ends(e, e->from + start + BLOCK / 2) << (BLOCK / 2);
        const size_t found = (size_t)_mm_popcnt_u64(marks);
        for (size_t k = 0; k < LISTED_AT_ONCE; k++) {
            e->at[count + k] = (uint16_t)(start + _tzcnt_u64(marks));
            marks = _blsr_u64(marks);
        }
        for (size_t k = LISTED_AT_ONCE; k < found; k++) {
            e->at[count + k] = (uint16_t)(start + _tzcnt_u64(marks));
            marks = _blsr_u64(marks);
        }
        count += found;
    }
    e->count = count;
    return true;
}

/* Goes on to characters among which are ends; false if there are none before the text ends. */
SELDOM static bool list_more(field_ends *e) {
    do e->from += LISTED_BYTES;
    while (list_ends(e) && e->count == 0);
    return e->next < e->count;
}

/* The next character that ends a field, or a quote or a comment; NULL if the text soon ends. */
CSV_KERNEL const char *next_end(field_ends *e) {
    if (e->next == e->count && !list_more(e)) return NULL;
    return e->from + e->at[e->next++];
}

/* Reads the line that begins at s; returns the next one, or NULL. */
CSV_KERNEL const char *read_line_of_numbers(const constants *k, const csv_format *format,
                                            field_ends *e, const char *begin, const char *s,
                                            void *const *elements, size_t i, csv_put *put) {
    const char separator = format->separator;
    const size_t count = format->count;
    size_t field = 0;
    for (size_t c = 0;; field++) {
        const char *const stop = next_end(e);
        if (stop == NULL) return NULL;
        if (field == format->places[c]) {
            if (!put_number(k, format->types[c], begin, s, stop, elements[c], i, put)) return NULL;
            if (++c == count) {
                s = stop;
                break;
            }
        }
        if (*stop != separator) return NULL;
        s = stop + 1;
    }
    while (*s == separator && format->fields == 0) { /* others are not wanted */
        s = next_end(e);
        if (s == NULL) return NULL;
    }
    return *s == '\n' ? s + 1 : NULL;
}

__attribute__((CSV_TARGET)) size_t csv_avx2_read(const csv_format *format, const char **s,
                                                 const char *end, void *const *elements, size_t i,
                                                 size_t most, csv_put *put) {
    const char *const begin = *s, *line = begin;
    const char quote = '"';
    char comment = format->comment;
    constants k = {_mm_set1_epi8('.'), _mm_set1_epi8('0'), _mm_set1_epi8(9)};
    field_ends e;
    size_t count = 0;
    KEEP_CONSTANT(k.points);
    KEEP_CONSTANT(k.zeros);
    KEEP_CONSTANT(k.nines);
    e.from = begin;
    e.end = end;
    e.separators = _mm256_set1_epi8(format->separator);
    e.line_feeds = _mm256_set1_epi8('\n');
    e.quotes = _mm256_set1_epi8(quote);
    if (comment == '\0') comment = quote;
    e.comments = _mm256_set1_epi8(comment);
    if (!list_ends(&e)) return 0;
    while (count < most) {
        line = read_line_of_numbers(&k, format, &e, begin, line, elements, i + count, put);
        if (line == NULL) break;
        *s = line;
        count++;
    }
    return count;
}

#else

/* unreached: a build without it is not counted */
bool csv_avx2_available(void) { return false; }

/* unreached: it is not available */
size_t csv_avx2_read(const csv_format *format, const char **s, const char *end,
                     void *const *elements, size_t i, size_t most, csv_put *put) {
    (void)format, (void)s, (void)end, (void)elements, (void)i, (void)most, (void)put;
    return 0; /* unreached: it is not available */
}

#endif
