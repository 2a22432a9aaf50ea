/*
** csv.c: columns of numbers in any text, for libFuzzer. What is read in one piece is read the same in two; a number is
** what strtod reads; and what is written of an element reads back as the same.
*/
#include "core/csv.h"

#include <math.h>

#include "core/parse_number.h"
#include "support.h"

#define ROWS 16
#define MOST_COLUMNS 8

static input in;

typedef struct table {
    csv_format format;
    uint64_t elements[MOST_COLUMNS][ROWS];
    size_t rows, lines;
    csv_error error;
} table;

/* A copy in exactly its memory. */
static char *copy_of(const char *s, size_t n) {
    char *copy = malloc(n > 0 ? n : 1);
    CHECK(copy != NULL);
    copy[0] = '\0';
    if (n > 0) memcpy(copy, s, n);
    return copy;
}

/* Reads on from the rows that are there; returns how many characters it took. */
static size_t read_some(table *t, const char *s, size_t n, bool last) {
    char *copy = copy_of(s, n);
    const char *at = copy;
    void *elements[MOST_COLUMNS];
    size_t rows, taken;
    for (size_t c = 0; c < MOST_COLUMNS; c++)
        elements[c] = (char *)t->elements[c] +
                      t->rows * dynarray_type_size((dynarray_type)t->format.types[c]);
    rows =
        csv_read(&t->format, &at, copy + n, last, elements, ROWS - t->rows, &t->lines, &t->error);
    CHECK(rows <= ROWS - t->rows && at >= copy && at <= copy + n);
    CHECK(memchr(t->error.text, '\0', sizeof t->error.text) != NULL ||
          t->error.problem == CSV_FINE);
    t->rows += rows;
    taken = (size_t)(at - copy);
    free(copy);
    return taken;
}

static void read_in_pieces(table *t, const char *s, size_t n, size_t cut) {
    size_t taken = read_some(t, s, cut, false);
    if (t->error.problem == CSV_FINE && t->rows < ROWS) read_some(t, s + taken, n - taken, true);
}

static void choose_format(csv_format *format) {
    static const char separators[] = {'\0', ',', ';', '\t', '1', '"', '|', '.'};
    static const char comments[] = {'\0', '#', ';', ','};
    memset(format, 0, sizeof *format);
    format->separator = separators[choice(&in, sizeof separators)];
    format->comment = comments[choice(&in, sizeof comments)];
    format->has_missing = choice(&in, 2);
    format->missing = format->has_missing ? choice(&in, 3) - 1.5 : 0;
    format->count = 1 + choice(&in, MOST_COLUMNS);
    for (size_t c = 0; c < MOST_COLUMNS; c++) {
        format->places[c] =
            (uint16_t)(c == 0 ? choice(&in, 2) : format->places[c - 1] + 1U + choice(&in, 2));
        format->types[c] = (uint8_t)choice(&in, DYNARRAY_VALUE);
    }
    if (choice(&in, 2)) {
        for (size_t c = 0; c < format->count; c++) format->places[c] = (uint16_t)c;
        format->fields = format->count;
    }
}

static bool same_number(double x, double y) { return x == y || (isnan(x) && isnan(y)); }

/* The longest number at the beginning: strtod reads more (hexadecimal, names of NaN), but no other value of these. */
static void check_numeral(const char *s, size_t n) {
    char *copy = copy_of(s, n);
    const numeral x = numeral_read(copy, copy + n);
    if (x.kind != NUMERAL_NONE) {
        const size_t length = (size_t)(x.end - copy);
        char *const terminated = calloc(length + 1, 1);
        CHECK(x.end > copy && length <= n && terminated != NULL);
        memcpy(terminated, copy, length);
        CHECK(same_number(strtod(terminated, NULL), x.real));
        free(terminated);
    }
    if (n > 0) CHECK(numeral_read_hexadecimal(copy, copy + n).end <= copy + n);
    free(copy);
}

static void check_written(const table *t) {
    for (size_t c = 0; c < t->format.count; c++) {
        const dynarray_type type = (dynarray_type)t->format.types[c];
        table back = {0};
        void *elements[] = {back.elements[0]};
        dynarray a;
        back.format.count = back.format.fields = 1;
        back.format.types[0] = (uint8_t)type;
        dynarray_init(&a, type, NULL);
        CHECK(dynarray_extend(&a, t->elements[c], t->rows) == DYNARRAY_OK);
        for (size_t i = 0; i < t->rows; i++) {
            char text[CSV_TEXT];
            const size_t length = csv_write(&a, i, text);
            const char *s = text;
            CHECK(length < CSV_TEXT);
            CHECK(csv_read(&back.format, &s, text + length, true, elements, 1, &back.lines,
                           &back.error) == 1);
            if (dynarray_is_float(type) && strncmp(text, "nan", 3) == 0) continue;
            CHECK(memcmp(elements[0], dynarray_at(&a, i), a.element_size) == 0);
        }
        dynarray_free(&a);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    static table whole, pieces;
    const char *s;
    size_t cut;
    in.next = data;
    in.end = data + n;
    memset(&whole, 0, sizeof whole);
    choose_format(&whole.format);
    cut = word_of(&in, 2);
    pieces = whole;
    s = (const char *)in.next;
    n = (size_t)(in.end - in.next);
    read_some(&whole, s, n, true);
    read_in_pieces(&pieces, s, n, cut % (n + 1));
    CHECK(whole.rows == pieces.rows && whole.error.problem == pieces.error.problem);
    CHECK(whole.lines == pieces.lines || whole.rows == ROWS);
    for (size_t c = 0; c < whole.format.count; c++) /* behind the last row may be anything */
        CHECK(memcmp(whole.elements[c], pieces.elements[c],
                     whole.rows * dynarray_type_size((dynarray_type)whole.format.types[c])) == 0);
    CHECK(csv_count(&whole.format, s, s + n) <= n + 1);
    check_numeral(s, n);
    check_written(&whole);
    return 0;
}
