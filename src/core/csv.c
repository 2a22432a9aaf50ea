/* csv.c: see csv.h. */
#include "core/csv.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/csv_avx2.h"
#include "core/dispatch.h"
#include "core/parse_number.h"

#define TWO_63 9223372036854775808.0
#define TWO_64 18446744073709551616.0

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

static const char *end_of_line(const char *s, const char *end) {
    return memchr(s, '\n', (size_t)(end - s));
}

/* The end of the text of the line, before a comment and white space. */
static const char *end_of_text(const csv_format *format, const char *s, const char *end) {
    const char *comment =
        format->comment != '\0' ? memchr(s, format->comment, (size_t)(end - s)) : NULL;
    if (comment != NULL) end = comment;
    /* unreached: by end == s, since the line is not empty */
    while (end > s && is_blank(end[-1]) && end[-1] != format->separator) end--;
    return end;
}

bool csv_is_empty(const csv_format *format, const char *s, const char *end) {
    bool separated = false;
    for (; s < end && *s != format->comment && is_blank(*s); s++)
        separated = separated || *s == format->separator;
    return !separated && (s == end || (format->comment != '\0' && *s == format->comment));
}

/* The end of the field that begins at s: the separator, or the beginning of white space. */
static const char *end_of_field(const csv_format *format, const char *s, const char *end) {
    if (s < end && *s == '"') {
        const char *quote = memchr(s + 1, '"', (size_t)(end - s - 1));
        if (quote != NULL) s = quote + 1;
    }
    if (format->separator != '\0') {
        const char *separator = memchr(s, format->separator, (size_t)(end - s));
        return separator != NULL ? separator : end;
    }
    while (s < end && !is_blank(*s)) s++;
    return s;
}

bool csv_field(const csv_format *format, const char **s, const char *end, const char **text,
               size_t *length) {
    const char *start = *s, *stop;
    if (start > end) return false;
    while (start < end && is_blank(*start) && *start != format->separator) start++;
    if (start == end && format->separator == '\0') return false;
    stop = end_of_field(format, start, end);
    *s = stop + 1; /* behind the separator, or past the end */
    while (stop > start && is_blank(stop[-1])) stop--;
    if (stop - start >= 2 && *start == '"' && stop[-1] == '"') start++, stop--;
    *text = start;
    *length = (size_t)(stop - start);
    return true;
}

size_t csv_count(const csv_format *format, const char *s, const char *end) {
    const char *const line = end_of_line(s, end), *text;
    size_t count = 0, length;
    if (line != NULL) end = line;
    if (csv_is_empty(format, s, end)) return 0;
    end = end_of_text(format, s, end);
    while (csv_field(format, &s, end, &text, &length)) count++;
    return count;
}

/* ---------------------------------------------------------------------------------------------
** Numbers
*/

/*
** Halfway between the largest float32 and the next power of two: what is less is rounded to that. So is the shortest text of
** it, 3.4028235e+38.
*/
#define PAST_FLOAT32 0x1.ffffffp127

#define PUT_SIGNED(n, r, ctype, min, max)                                                          \
    int64_t x;                                                                                     \
    if ((n)->kind == NUMERAL_REAL) {                                                               \
        if (!((n)->real >= -TWO_63 && (n)->real < TWO_63) || floor((n)->real) != (n)->real)        \
            return false;                                                                          \
        x = (int64_t)(n)->real;                                                                    \
    } else {                                                                                       \
        if ((n)->magnitude > (uint64_t)INT64_MAX + (n)->negative) return false;                    \
        x = (int64_t)((n)->negative ? 0 - (n)->magnitude : (n)->magnitude);                        \
    }                                                                                              \
    if (x < (min) || x > (max)) return false;                                                      \
    *(r) = (ctype)x;                                                                               \
    return true;
#define PUT_UNSIGNED(n, r, ctype, min, max)                                                        \
    uint64_t x = (n)->magnitude;                                                                   \
    if ((n)->kind == NUMERAL_REAL) {                                                               \
        if (!((n)->real >= 0 && (n)->real < TWO_64) || floor((n)->real) != (n)->real)              \
            return false;                                                                          \
        x = (uint64_t)(n)->real;                                                                   \
    } else if ((n)->negative && x != 0)                                                            \
        return false;                                                                              \
    if (x > (max)) return false;                                                                   \
    *(r) = (ctype)x;                                                                               \
    return true;
#define PUT_FLOAT(n, r, ctype, min, max)                                                           \
    if ((max) < DBL_MAX && fabs((n)->real) >= PAST_FLOAT32 && fabs((n)->real) <= DBL_MAX)          \
        return false;                                                                              \
    *(r) = (ctype)(n)->real;                                                                       \
    return true;
#define DEFINE(with, CONSTANT, name, ctype, kind, min, max, width)                                 \
    static bool put_numeral_##name(const numeral *n, void *elements, size_t i) {                   \
        ctype *const r = (ctype *)elements + i;                                                    \
        PUT_##kind(n, r, ctype, min, max)                                                          \
    }
DYNARRAY_NUMERIC_TABLE(DEFINE, )
#undef DEFINE

static bool put_numeral(unsigned type, const numeral *n, void *elements, size_t i) {
    DISPATCH_RETURN(type, put_numeral, n, elements, i);
}

static csv_problem put_field(const csv_format *format, size_t c, const char *text, size_t length,
                             void *elements, size_t i) {
    numeral n = numeral_read(text, text + length);
    if (n.kind == NUMERAL_NONE || n.end != text + length) {
        if (!format->has_missing) return CSV_NO_NUMBER;
        n.kind = NUMERAL_REAL;
        n.real = format->missing;
        return put_numeral(format->types[c], &n, elements, i) ? CSV_FINE : CSV_MISSING_NO_FIT;
    }
    return put_numeral(format->types[c], &n, elements, i) ? CSV_FINE : CSV_NO_FIT;
}

/* ---------------------------------------------------------------------------------------------
** Lines
*/

static void note_problem(csv_error *error, csv_problem problem, size_t line, size_t column,
                         const char *text, size_t length) {
    if (length >= sizeof error->text) length = sizeof error->text - 1;
    error->problem = problem;
    error->line = line;
    error->column = column;
    memcpy(error->text, text, length);
    error->text[length] = '\0';
}

static bool read_line(const csv_format *format, const char *s, const char *end,
                      void *const *elements, size_t i, size_t line, csv_error *error) {
    size_t field = 0, c = 0, length;
    const char *text;
    while (csv_field(format, &s, end, &text, &length)) {
        if (c < format->count && field == format->places[c]) {
            const csv_problem problem = put_field(format, c, text, length, elements[c], i);
            if (problem != CSV_FINE) {
                note_problem(error, problem, line, field + 1, text, length);
                return false;
            }
            c++;
        }
        field++;
        if (c == format->count && format->fields == 0) return true;
    }
    if (c == format->count && field == format->fields) return true;
    note_problem(error, CSV_TOO_FEW, line, field, "", 0);
    return false;
}

/* Whether that character may be in a number. */
static bool in_numeral(char c) {
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '+' ||
           c == '-' || c == '.';
}

static const char *skip_spaces(const csv_format *format, const char *s, const char *end) {
    while (s < end && is_blank(*s) && *s != format->separator) s++;
    return s;
}

/* The end of a field that is not wanted; NULL if it is in quotes. */
static const char *skip_field(const csv_format *format, const char *s, const char *end) {
    const bool by_blanks = format->separator == '\0';
    if (s < end && *s == '"') return NULL;
    while (s < end && *s != '\n' && (by_blanks ? !is_blank(*s) : *s != format->separator)) s++;
    return s;
}

/*
** From the end of a field to the beginning of the next one, or to the line feed; NULL if there is anything else between.
*/
static const char *next_field(const csv_format *format, const char *s, const char *end,
                              bool *is_last) {
    const char *const next = skip_spaces(format, s, end);
    if (next == end) return NULL;
    *is_last = *next == '\n';
    if (*is_last) return next;
    if (format->separator != '\0') return *next == format->separator ? next + 1 : NULL;
    return next > s ? next : NULL;
}

/* Reads a number into element i; returns what is behind it, or NULL if there is none, or it does not fit. */
static inline const char *read_number(unsigned type, const char *s, const char *end, void *elements,
                                      size_t i) {
    const bool negative = s < end && *s == '-';
    numeral n;
    if (type == DYNARRAY_FLOAT64 && end - s > DIGITS_ROOM) { /* most are this */
        const digit_run d = digits_read(s + negative);
        if (numeral_is_plain(&d)) {
            const double x = numeral_plain(&d);
            ((double *)elements)[i] = negative ? -x : x;
            return d.end;
        }
    }
    n = numeral_read(s, end);
    return n.kind != NUMERAL_NONE && put_numeral(type, &n, elements, i) ? n.end : NULL;
}

/*
** Reads the line at *s in one pass, if it has nothing but numbers and a line feed. False if there is anything else:
** an error, quotes, a comment. Then read_line reads it again. No separator may be in a number.
*/
static bool read_plain_line(const csv_format *format, const char **s, const char *end,
                            void *const *elements, size_t i) {
    const char *p = *s;
    size_t field = 0, c = 0;
    for (bool is_last = false; !is_last; field++) {
        p = skip_spaces(format, p, end);
        if (c < format->count && field == format->places[c]) {
            p = read_number(format->types[c], p, end, elements[c], i);
            c++;
        } else
            p = skip_field(format, p, end);
        if (p != NULL) p = next_field(format, p, end, &is_last);
        if (p != NULL && c == format->count && format->fields == 0) { /* no other is wanted */
            p = memchr(p, '\n', (size_t)(end - p));
            is_last = true;
        }
        if (p == NULL) return false;
    }
    if (c < format->count || (format->fields != 0 && field != format->fields)) return false;
    if (format->comment != '\0' && memchr(*s, format->comment, (size_t)(p - *s)) != NULL)
        return false;
    *s = p + 1;
    return true;
}

/*
** csv_avx2_read lists the ends of many fields before it reads one, in vain where each line has a quote or nothing in a field.
** If it reads few lines, the other readers get ever more lines before it is called again.
*/
#define FEW_LINES 8
#define MOST_LINES_PAUSED 63

typedef struct wide_reader {
    bool is_used;
    size_t pause, wait; /* how many lines: the last time, and still now */
} wide_reader;

static bool fits_wide_reader(const csv_format *format) {
    return !in_numeral(format->separator) && format->separator != '\0' &&
           /* unreached: by a processor without AVX2, which the one that counted has */
           format->separator != format->comment && csv_avx2_available();
}

/* Returns how many lines it has read. */
static size_t read_wide(wide_reader *w, const csv_format *format, const char **s, const char *end,
                        void *const *elements, size_t i, size_t most) {
    size_t count;
    if (!w->is_used) return 0;
    if (w->wait > 0) {
        w->wait--;
        return 0;
    }
    count = csv_avx2_read(format, s, end, elements, i, most, put_numeral);
    if (count >= FEW_LINES)
        w->pause = 0;
    else if (w->pause < MOST_LINES_PAUSED)
        w->pause = 2 * w->pause + 1;
    w->wait = w->pause;
    return count;
}

size_t csv_read(const csv_format *format, const char **s, const char *end, bool last,
                void *const *elements, size_t most, size_t *lines, csv_error *error) {
    const bool plain = !in_numeral(format->separator);
    wide_reader wide = {fits_wide_reader(format), 0, 0};
    size_t count = 0;
    error->problem = CSV_FINE;
    for (;;) {
        const size_t read = read_wide(&wide, format, s, end, elements, count, most - count);
        count += read;
        *lines += read;
        if (count == most || *s >= end) break;
        if (plain && read_plain_line(format, s, end, elements, count)) {
            count++;
            ++*lines;
            continue;
        }
        const char *const line = end_of_line(*s, end);
        const char *const stop = line != NULL ? line : end;
        if (line == NULL && !last) break;
        if (!csv_is_empty(format, *s, stop)) {
            if (!read_line(format, *s, end_of_text(format, *s, stop), elements, count, *lines + 1,
                           error))
                return count;
            count++;
        }
        ++*lines;
        *s = line != NULL ? line + 1 : end;
    }
    return count;
}

/* ---------------------------------------------------------------------------------------------
** Text of numbers
*/

/* Puts back the point between digits, if the locale has something else there, of one byte or more. Returns the length. */
static size_t set_point(char *text) {
    char *const point = text + strspn(text, "-0123456789");
    if (*point != '\0' && *point != 'e') {
        const char *const behind = point + strcspn(point, "0123456789");
        *point = '.';
        memmove(point + 1, behind, strlen(behind) + 1);
    }
    return strlen(text);
}

static size_t write_real(double x, int least, int most, bool is_float32, char *text) {
    if (isnan(x)) return (size_t)snprintf(text, CSV_TEXT, "nan");
    if (isinf(x)) return (size_t)snprintf(text, CSV_TEXT, x < 0 ? "-inf" : "inf");
    for (int digits = least;; digits++) {
        size_t length;
        double back;
        snprintf(text, CSV_TEXT, "%.*g", digits, x);
        length = set_point(text);
        back = numeral_read(text, text + length).real;
        if (digits == most || (is_float32 ? (float)back == (float)x : back == x)) return length;
    }
}

#define WRITE_SIGNED(x) (size_t) snprintf(text, CSV_TEXT, "%" PRId64, (int64_t)(x))
#define WRITE_UNSIGNED(x) (size_t) snprintf(text, CSV_TEXT, "%" PRIu64, (uint64_t)(x))
#define WRITE_FLOAT(x)                                                                             \
    write_real((double)(x), sizeof(x) == 4 ? 6 : 15, sizeof(x) == 4 ? 9 : 17, sizeof(x) == 4, text)
#define DEFINE(with, CONSTANT, name, ctype, kind, min, max, width)                                 \
    static size_t write_element_##name(const void *data, size_t i, char *text) {                   \
        const ctype x = ((const ctype *)data)[i];                                                  \
        return WRITE_##kind(x);                                                                    \
    }
DYNARRAY_NUMERIC_TABLE(DEFINE, )
#undef DEFINE

size_t csv_write(const dynarray *a, size_t i, char *text) {
    DISPATCH_RETURN(a->type, write_element, a->data, i, text);
}

/* Part 0 is the header, the others are elements, line by line. */
static bool text_part(void *data, size_t i, files_part *part) {
    csv_text *const t = data;
    /* 64 bits, since an array may be written many times side by side: more elements than fit into memory */
    const uint64_t elements = (uint64_t)t->count * t->size;
    uint64_t first = i > 0 ? (uint64_t)(i - 1) * CSV_AT_ONCE : 0;
    const uint64_t end = elements - first < CSV_AT_ONCE ? elements : first + CSV_AT_ONCE;
    size_t length = 0;
    part->data = i > 0 ? t->text : t->header;
    part->bytes = t->header_bytes;
    if (i == 0) return true;
    if (first >= elements) return false;
    for (; first < end; first++) {
        const size_t column = (size_t)(first % t->count);
        length += csv_write(t->arrays[column], (size_t)(first / t->count), t->text + length);
        t->text[length] = '\n';
        if (column + 1 < t->count) t->text[length] = t->separator;
        length++;
    }
    part->bytes = length;
    return true;
}

bool csv_save(const char *path, csv_text *text, files_error *error) {
    return files_replace(path, text_part, text, error);
}
