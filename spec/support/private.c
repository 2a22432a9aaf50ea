/*
** Checks of functions that only the core itself and the binding call, with what no script can give them; run one by one
** by private_spec.lua: `private` lists them, `private NAME` runs one. A check that fails says where and ends the program.
** It is linked with --wrap for the functions of libc below, so that they can fail or speak another language.
*/
#define _GNU_SOURCE
#include <locale.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "checks.h"
#include "core/argsort.h"
#include "core/arithmetic.h"
#include "core/compute/compute.h"
#include "core/csv.h"
#include "core/gather.h"
#include "core/npy.h"
#include "core/open_file.h"
#include "core/parse_number.h"
#include "core/random.h"
#include "core/rolling.h"
#include "core/sort.h"
#include "core/sort_avx512.h"
#include "core/system/pages.h"
#include "core/system/storage.h"
#include "dynarray.h"

/* ---------------------------------------------------------------------------------------------
** libc, as the linker has the core call it
*/

/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): the linker gives these names */

void *__real_realloc(void *block, size_t bytes);
void *__wrap_realloc(void *block, size_t bytes);
double __real_strtod(const char *text, char **end);
double __wrap_strtod(const char *text, char **end);
struct lconv *__wrap_localeconv(void);
int __wrap_snprintf(char *text, size_t bytes, const char *format, ...);

static bool no_memory;
static const char *point = "."; /* what stands before the fraction in that language */

void *__wrap_realloc(void *block, size_t bytes) {
    return no_memory ? NULL : __real_realloc(block, bytes);
}

struct lconv *__wrap_localeconv(void) {
    static struct lconv conventions;
    static char text[16];
    memcpy(text, point, strlen(point) + 1);
    conventions.decimal_point = text;
    return &conventions;
}

/* Knows only that language's point. */
double __wrap_strtod(const char *text, char **end) {
    char copy[NUMERAL_MOST + 100];
    const char *const found = strstr(text, point);
    const size_t before = found != NULL ? (size_t)(found - text) : strlen(text);
    CHECK(strlen(text) < sizeof copy);
    memcpy(copy, text, before);
    copy[before] = '\0';
    CHECK(strchr(copy, '.') == NULL);
    if (found != NULL) {
        copy[before] = '.';
        memcpy(copy + before + 1, found + strlen(point), strlen(found + strlen(point)) + 1);
    }
    return __real_strtod(copy, end);
}

/* Writes that language's point. */
int __wrap_snprintf(char *text, size_t bytes, const char *format, ...) {
    const size_t n = strlen(point);
    va_list arguments;
    char *found;
    int length;
    va_start(arguments, format);
    length = vsnprintf(text, bytes, format, arguments);
    va_end(arguments);
    found = memchr(text, '.', (size_t)length);
    if (found == NULL) return length;
    CHECK((size_t)length + n <= bytes);
    memmove(found + n, found + 1, strlen(found));
    for (size_t i = 0; i < n; i++) found[i] = point[i];
    return length - 1 + (int)n;
}

/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */

/* ---------------------------------------------------------------------------------------------
** Checks
*/

static void *refuse(void *data, void *ptr, size_t osize, size_t nsize) {
    (void)data, (void)osize, (void)nsize;
    free(ptr);
    return NULL;
}

static void scratch(void) {
    int32_t elements[100];
    int64_t results[100];
    char byte = 0;
    dynarray_heap poor;
    const dynarray_setup setup = {.heap = &poor};
    dynarray a, most;
    dynarray_heap_init(&poor, refuse, NULL, 0);
    for (int32_t i = 0; i < 100; i++) elements[i] = i * 7 % 11;
    dynarray_init(&a, DYNARRAY_INT32, &setup);
    dynarray_lend(&a, elements, 100);
    CHECK(dynarray_argsort(&a, false, results) == DYNARRAY_NO_MEMORY);
    CHECK(dynarray_top(&a, 10, results) == DYNARRAY_NO_MEMORY);
    CHECK(dynarray_rolling(&a, 10, DYNARRAY_ROLLING_SUM, results) == DYNARRAY_NO_MEMORY);
    /* nothing is read before the memory is there */
    dynarray_init(&most, DYNARRAY_INT8, NULL);
    dynarray_lend(&most, &byte, dynarray_max_capacity(1));
    CHECK(dynarray_argsort(&most, false, results) == DYNARRAY_TOO_LARGE);
    CHECK(dynarray_rolling(&most, most.size, DYNARRAY_ROLLING_MAX, results) == DYNARRAY_TOO_LARGE);
}

/* As if others wrote after the kernel had refused an element: the first results replace it, which then fits. */
static void changing_failures(void) {
    static const char text[] = "x";
    static compute_expression e;
    static compute_program program;
    int64_t x[] = {300, 0, 7};
    const compute_operand operands[] = {{x, DYNARRAY_INT64, false}};
    compute_error error = {0};
    compute_failure failure = {0};
    compute_total total = {0};
    if (!npy_little_endian()) return;
    CHECK(compute_parse(text, strlen(text), &e, &error));
    CHECK(compute_compile(&e, operands, DYNARRAY_INT8, false, &program, &failure));
    CHECK(compute_run(&program, operands, 2, x, &total, NULL, &failure) == COMPUTE_FAILED);
    CHECK(x[0] == 300 - 256 && x[1] == 0 && x[2] == 7);
    CHECK(failure.index == 0 && failure.step.code == CODE_STORE && failure.value.whole == x[0]);
}

/* An expression whose results in between do not fit on the stack. */
static void registers(void) {
    static const char text[] = "(x + 1) * (x + 2)";
    static compute_expression e;
    static compute_program program;
    enum { N = 3000 };
    int64_t x[N], results[N];
    const compute_operand operands[] = {{x, DYNARRAY_INT64, false}};
    compute_error error = {0};
    compute_failure failure = {0};
    compute_total total = {0};
    dynarray_heap poor;
    dynarray_heap_init(&poor, refuse, NULL, 0);
    for (int i = 0; i < N; i++) x[i] = i;
    memset(results, 0, sizeof results);
    CHECK(compute_parse(text, strlen(text), &e, &error));
    CHECK(compute_compile(&e, operands, DYNARRAY_INT64, false, &program, &failure));
    CHECK(compute_run(&program, operands, N, results, &total, &poor, &failure) ==
          COMPUTE_NO_MEMORY);
    for (int i = 0; i < N; i++) CHECK(results[i] == 0);
    CHECK(compute_run(&program, operands, N, results, &total, NULL, &failure) == COMPUTE_DONE);
    for (int i = 0; i < N; i++) CHECK(results[i] == (int64_t)(i + 1) * (i + 2));
}

/* As if others wrote between two reads: the results are written to the second operand, which is read again. */
static void changing_operands(void) {
    for (size_t n = 1; n <= 3000; n += 2999) {
        int8_t x[3000], y[3000];
        dynarray a, b;
        memset(x, 100, sizeof x);
        memset(y, 100, sizeof y);
        dynarray_init(&a, DYNARRAY_INT8, NULL);
        dynarray_init(&b, DYNARRAY_INT8, NULL);
        dynarray_lend(&a, x, n);
        dynarray_lend(&b, y, n);
        CHECK(dynarray_arithmetic(DYNARRAY_ADD, &a, &b, NULL, y) == n);
        for (size_t i = 0; i < n; i++) CHECK(y[i] == 100 - 56); /* 100 + 100 wraps to -56 */
        for (size_t i = n; i < sizeof y; i++) CHECK(y[i] == 100);
    }
}

/* As if others marked more elements after they were counted. */
static void changing_masks(void) {
    enum { N = 3000 };
    int32_t elements[N], chosen[N];
    uint8_t marks[N];
    int64_t places[N];
    dynarray a, mask;
    for (int32_t i = 0; i < N; i++) elements[i] = i;
    memset(marks, 1, sizeof marks);
    dynarray_init(&a, DYNARRAY_INT32, NULL);
    dynarray_init(&mask, DYNARRAY_UINT8, NULL);
    dynarray_lend(&a, elements, N);
    dynarray_lend(&mask, marks, N);
    for (size_t most = 0; most <= N; most += 500) {
        memset(chosen, -1, sizeof chosen);
        memset(places, -1, sizeof places);
        CHECK(dynarray_select_marked(&a, &mask, chosen, most) == most);
        CHECK(dynarray_select_places(&mask, places, most) == most);
        for (size_t i = 0; i < N; i++) {
            CHECK(chosen[i] == (i < most ? (int32_t)i : -1));
            CHECK(places[i] == (i < most ? (int64_t)i + 1 : -1));
        }
    }
}

/* Of so large a range a quarter of all numbers must be thrown away, else some would be twice as likely. */
static void random_numbers(void) {
    const uint64_t third = (uint64_t)1 << 62;
    size_t counts[3] = {0};
    random_state r = random_seed(7);
    for (int i = 0; i < 30000; i++) {
        const uint64_t x = random_below_of(&r, 3 * third);
        CHECK(x < 3 * third);
        counts[x / third]++;
    }
    for (int i = 0; i < 3; i++) CHECK(counts[i] > 9700 && counts[i] < 10300);
}

/* The longest number at the beginning of the text, as strtod reads it. */
static void check_numeral(const char *text, size_t length, numeral_kind kind) {
    const numeral n = numeral_read(text, text + strlen(text));
    if (n.kind != kind || (kind != NUMERAL_NONE && n.end != text + length))
        printf("%.40s is read as %d, %zu characters\n", text, (int)n.kind, (size_t)(n.end - text));
    CHECK(n.kind == kind);
    if (kind == NUMERAL_NONE) return;
    CHECK(n.end == text + length);
    const double want = __real_strtod(text, NULL);
    CHECK(n.real == want || (want != want && n.real != n.real));
    CHECK(n.negative == (*text == '-'));
    if (kind == NUMERAL_INTEGER) CHECK(n.magnitude == strtoull(text + n.negative, NULL, 10));
}

static void numerals(void) {
    static const struct {
        const char *text;
        size_t length;
        numeral_kind kind;
    } cases[] = {
        {"", 0, NUMERAL_NONE},
        {"-", 0, NUMERAL_NONE},
        {".", 0, NUMERAL_NONE},
        {"x", 0, NUMERAL_NONE},
        {"e5", 0, NUMERAL_NONE},
        {"na", 0, NUMERAL_NONE},
        {"in", 0, NUMERAL_NONE},
        {"NaN", 3, NUMERAL_REAL},
        {"nano", 3, NUMERAL_REAL},
        {"-inf", 4, NUMERAL_REAL},
        {"infinit", 3, NUMERAL_REAL},
        {"Infinity!", 8, NUMERAL_REAL},
        {"0", 1, NUMERAL_INTEGER},
        {"-7", 2, NUMERAL_INTEGER},
        {"+7 8", 2, NUMERAL_INTEGER},
        {"12345678", 8, NUMERAL_INTEGER},
        {"123456789012", 12, NUMERAL_INTEGER},
        {"0000000000000000000000000000012", 31, NUMERAL_INTEGER},
        {"1234567890123456789", 19, NUMERAL_INTEGER},
        {"10000000000000000000", 20, NUMERAL_INTEGER},
        {"18446744073709551615", 20, NUMERAL_INTEGER},
        {"0018446744073709551615", 22, NUMERAL_INTEGER},
        {"18446744073709551616", 20, NUMERAL_REAL},
        {"19999999999999999999", 20, NUMERAL_REAL},
        {"20000000000000000000", 20, NUMERAL_REAL},
        {"100000000000000000000", 21, NUMERAL_REAL},
        {"-12345678901234567890.5", 23, NUMERAL_REAL},
        {"1e", 1, NUMERAL_INTEGER},
        {"1e-", 1, NUMERAL_INTEGER},
        {"1ex", 1, NUMERAL_INTEGER},
        {"1E5", 3, NUMERAL_REAL},
        {"1e+5,", 4, NUMERAL_REAL},
        {"-1e-5", 5, NUMERAL_REAL},
        {"5.", 2, NUMERAL_REAL},
        {".5e3", 4, NUMERAL_REAL},
        {"1.5.2", 3, NUMERAL_REAL},
        {"0e9", 3, NUMERAL_REAL},
        {"0.00000000000000000012345", 25, NUMERAL_REAL},
        {"9007199254740993e22", 19, NUMERAL_REAL},
        {"9007199254740991e23", 19, NUMERAL_REAL},
        {"9007199254740992e-23", 20, NUMERAL_REAL},
        {"1234567890123456789e-27", 23, NUMERAL_REAL},
        {"1234567890123456789e27", 22, NUMERAL_REAL},
        {"9007199254740993e0", 18, NUMERAL_REAL},
        {"9007199254740993e1", 18, NUMERAL_REAL},
        {"1e-28", 5, NUMERAL_REAL},
        {"1e28", 4, NUMERAL_REAL},
        {"1e400", 5, NUMERAL_REAL},
        {"-1e-400", 7, NUMERAL_REAL},
        {"1e99999999999999999999", 22, NUMERAL_REAL},
    };
    char text[NUMERAL_MOST + 100];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_numeral(cases[i].text, cases[i].length, cases[i].kind);
    memset(text, '0', sizeof text);
    text[sizeof text - 1] = '\0';
    check_numeral(text, sizeof text - 1, NUMERAL_INTEGER);
    text[1] = '.';
    check_numeral(text, sizeof text - 1, NUMERAL_REAL);
    memset(text, '7', sizeof text - 1);
    check_numeral(text, sizeof text - 1, NUMERAL_REAL);
    text[NUMERAL_MOST] = '\0';
    check_numeral(text, NUMERAL_MOST, NUMERAL_REAL);
}

/* Digits and zeros by the thousand: numbers in the middle between two doubles, and next to it. */
static void very_long_numerals(void) {
    static const int exponents[] = {-1075, -1000, -537, -1, 0, 1, 53, 970};
    static const char *const endings[] = {"",      "1",      "00000000001", "e0",       "e300",
                                          "e-300", "e-2000", "e9999999",    "e-9999999"};
    static char text[3 * NUMERAL_MOST];
    for (size_t k = 0; k < sizeof exponents / sizeof *exponents; k++)
        for (int odd = 1; odd <= 7; odd += 2)
            for (int large = 0; large <= 1; large++) {
                const long double middle = ldexpl((large ? 0x1p53L : 0) + odd, exponents[k]);
                const int length = snprintf(text, sizeof text, "%.1100Lf", middle);
                for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
                    memcpy(text + length, endings[i], strlen(endings[i]) + 1);
                    check_numeral(text, strlen(text), NUMERAL_REAL);
                }
            }
    memset(text, '0', (size_t)2 * NUMERAL_MOST);
    text[1] = '.';
    memcpy(text + NUMERAL_MOST, "15e1000", sizeof "15e1000");
    check_numeral(text, strlen(text), NUMERAL_REAL);
    memset(text, '0', (size_t)2 * NUMERAL_MOST);
    text[0] = '7';
    memcpy(text + NUMERAL_MOST, "5e-1010", sizeof "5e-1010");
    check_numeral(text, strlen(text), NUMERAL_REAL);
}

static void hexadecimal_numerals(void) {
    static const struct {
        const char *text; /* behind "0x" */
        size_t length;
        numeral_kind kind;
        double real;
    } cases[] = {
        {"", 0, NUMERAL_NONE, 0},          {".", 0, NUMERAL_NONE, 0},
        {"g", 0, NUMERAL_NONE, 0},         {"p1", 0, NUMERAL_NONE, 0},
        {"1F", 2, NUMERAL_INTEGER, 31},    {"fg", 1, NUMERAL_INTEGER, 15},
        {"8.", 2, NUMERAL_REAL, 8},        {".8x", 2, NUMERAL_REAL, 0.5},
        {"1p", 1, NUMERAL_INTEGER, 1},     {"1p+", 1, NUMERAL_INTEGER, 1},
        {"1px", 1, NUMERAL_INTEGER, 1},    {"1p-x", 1, NUMERAL_INTEGER, 1},
        {"1p3", 3, NUMERAL_REAL, 8},       {"1P+3 ", 4, NUMERAL_REAL, 8},
        {"1.8p-1", 6, NUMERAL_REAL, 0.75},
    };
    char text[NUMERAL_MOST + 100];
    numeral n;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        n = numeral_read_hexadecimal(cases[i].text, cases[i].text + strlen(cases[i].text));
        CHECK(n.kind == cases[i].kind && n.end == cases[i].text + cases[i].length);
        CHECK(n.kind == NUMERAL_NONE || n.real == cases[i].real);
    }
    memset(text, '1', sizeof text);
    n = numeral_read_hexadecimal(text, text + sizeof text);
    CHECK(n.kind == NUMERAL_NONE && n.end == text);
}

/* What csv_write writes, and reads again as the same. */
static void check_written(double x, const char *want) {
    char text[CSV_TEXT];
    dynarray a;
    dynarray_init(&a, DYNARRAY_FLOAT64, NULL);
    dynarray_lend(&a, &x, 1);
    CHECK(csv_write(&a, 0, text) == strlen(want));
    CHECK(memcmp(text, want, strlen(want)) == 0);
}

static void languages(void) {
    static const char text[] = "1234567890123456789.25e-40"; /* so long that strtod reads it */
    static const char digits[] = "12345678901234567890";
    static const char *const points[] = {".", ",", "\xd9\xab"};
    numeral n;
    for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
        point = points[i];
        n = numeral_read(text, text + strlen(text));
        CHECK(n.kind == NUMERAL_REAL && n.real == 1234567890123456789.25e-40);
        CHECK(n.end == text + strlen(text));
        check_written(0.1, "0.1");
        check_written(-12.25, "-12.25");
        check_written(-1.7976931348623157e308, "-1.7976931348623157e+308");
        check_written(1e300, "1e+300");
        check_written(-7, "-7");
    }
    point = "12345678"; /* longer than any */
    n = numeral_read(text, text + strlen(text));
    CHECK(n.kind == NUMERAL_NONE);
    n = numeral_read(digits, digits + strlen(digits));
    CHECK(n.kind == NUMERAL_NONE);
}

/* Arrays without a heap grow by realloc; the larger ones by the general way. */
static void refused_growth(void) {
    dynarray a;
    dynarray_init(&a, DYNARRAY_INT32, NULL);
    for (int32_t i = 0; i < 3000; i++) {
        const dynarray before = a;
        no_memory = true;
        if (dynarray_append_int32(&a, i) != DYNARRAY_OK) {
            CHECK(a.size == before.size && a.capacity == before.capacity && a.data == before.data);
            no_memory = false;
            CHECK(dynarray_append_int32(&a, i) == DYNARRAY_OK);
        }
        no_memory = false;
        CHECK(a.size == (size_t)i + 1);
    }
    for (int32_t i = 0; i < 3000; i++) CHECK(dynarray_data_int32(&a)[i] == i);
    dynarray_free(&a);
}

static void append_to(dynarray *a, int32_t n) {
    dynarray_init(a, DYNARRAY_INT32, NULL);
    for (int32_t i = 0; i < n; i++) CHECK(dynarray_append_int32(a, i) == DYNARRAY_OK);
}

static void check_elements(const dynarray *a, int32_t n) {
    CHECK(a->size == (size_t)n);
    for (int32_t i = 0; i < n; i++) CHECK(dynarray_data_int32(a)[i] == i);
}

/* A growing array may use the pages of a freed one past its capacity, but only one array at a time. */
static void freed_pages(void) {
    enum { MANY = 2000000, FEW = 200000 };
    dynarray freed, a, b;
    append_to(&freed, MANY);
    dynarray_free(&freed);
    append_to(&a, FEW);
    append_to(&freed, MANY);
    dynarray_free(&freed);
    append_to(&b, FEW);
    if (b.block == DYNARRAY_BLOCK_PAGES && pages_are_spacious(b.data)) {
        CHECK(pages_idle_bytes(a.data) > a.capacity * a.element_size);
        CHECK(pages_idle_bytes(b.data) == 0); /* given back */
    }
    check_elements(&a, FEW);
    CHECK(dynarray_shrink(&a) == DYNARRAY_OK && a.capacity == FEW);
    check_elements(&a, FEW);
    dynarray_free(&a); /* now another one may */
    append_to(&freed, MANY);
    dynarray_free(&freed);
    append_to(&a, FEW);
    if (a.block == DYNARRAY_BLOCK_PAGES && pages_are_spacious(a.data))
        CHECK(pages_idle_bytes(a.data) > a.capacity * a.element_size);
    check_elements(&a, FEW);
    dynarray_free(&a);
    check_elements(&b, FEW);
    dynarray_free(&b);
    dynarray_heap_trim(NULL);
}

/* A stable block is of pages, so a heap with another allocator has none. */
static void no_stable_block(void) {
    dynarray a;
    dynarray_heap poor;
    const dynarray_setup setup = {.heap = &poor, .block = DYNARRAY_BLOCK_STABLE};
    dynarray_heap_init(&poor, refuse, NULL, 0);
    dynarray_init(&a, DYNARRAY_INT32, &setup);
    CHECK(dynarray_reserve(&a, 10) == DYNARRAY_NO_MEMORY && a.capacity == 0);
}

/* By default, a file with huge pages grows by an eighth, from a huge page to 64 MiB, and ends with a huge page. */
static void steps_of_files(void) {
    enum { OTHERS = 256 }; /* header and mark */
    static const size_t MiB = 1 << 20;
    static const struct {
        size_t needed, most; /* in MiB */
    } cases[] = {{3, 2}, {160, 20}, {1000, 64}};
    char path[] = "/dev/shm/dynarray-XXXXXX";
    const int descriptor = mkstemp(path);
    dynarray a;
    if (descriptor < 0) return;
    const size_t huge = storage_huge_bytes(descriptor);
    close(descriptor);
    CHECK(dynarray_open(&a, path, DYNARRAY_INT8, DYNARRAY_MODE_WRITE, NULL, NULL) == DYNARRAY_OK);
    CHECK(open_file_step(&a, MiB, 2 * MiB) == 2 * MiB);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const size_t needed = cases[i].needed * MiB, most = cases[i].most * MiB,
                     doubled = 2 * needed;
        const size_t capacity = open_file_step(&a, needed, doubled);
        CHECK(open_file_step(&a, needed, needed + 10) == needed + 10);
        if (huge == 0)
            CHECK(capacity == doubled);
        else {
            CHECK((capacity + OTHERS) % huge == 0);
            CHECK(capacity > needed && capacity <= needed + most);
            CHECK(capacity > needed + most - huge - OTHERS);
        }
    }
    CHECK(dynarray_close(&a, NULL) == DYNARRAY_OK);
    unlink(path);
}

/* ---------------------------------------------------------------------------------------------
** Sorting where every split goes wrong
*/

#define SAMPLES 31 /* as in sort.c, by whose pivots these elements are split */

static int compare_int64(const void *x, const void *y) {
    const int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
    return (a > b) - (a < b);
}

/* Does what the sort does, and gives the least numbers to the elements that it looks at, as it looks at them. */
static void make_worst(int64_t *values, size_t *ids, size_t n) {
    int64_t next = 0;
    size_t *x = ids, left = n;
    for (size_t i = 0; i < n; i++) ids[i] = i, values[i] = INT64_MAX;
    for (int level = 0; level < 70; level++) {
        int64_t samples[SAMPLES], pivot;
        size_t less = 0;
        for (size_t i = 0; i < SAMPLES; i++) {
            int64_t *const value = &values[x[left / SAMPLES * i]];
            if (*value == INT64_MAX) *value = next++;
            samples[i] = *value;
        }
        qsort(samples, SAMPLES, sizeof *samples, compare_int64);
        pivot = samples[SAMPLES / 2];
        for (size_t i = 0; i < left; i++) {
            const size_t moved = x[i];
            x[i] = x[less];
            x[less] = moved;
            less += values[moved] < pivot;
        }
        x += less;
        left -= less;
    }
    for (size_t i = 0; i < n; i++)
        if (values[i] == INT64_MAX) values[i] = next + (int64_t)(i * 7919 % n);
}

static void worst_order(void) {
    enum { N = 150001 };
    static int64_t values[N];
    static int16_t narrow[N];
    static size_t ids[N];
    dynarray a;
    make_worst(values, ids, N);
    for (size_t i = 0; i < N; i++) narrow[i] = (int16_t)(values[i] < 30000 ? values[i] : 30000);
    dynarray_init(&a, DYNARRAY_INT16, NULL);
    dynarray_lend(&a, narrow, N);
    dynarray_sort(&a);
    for (size_t i = 1; i < N; i++) CHECK(narrow[i - 1] <= narrow[i]);
    dynarray_init(&a, DYNARRAY_INT64, NULL);
    dynarray_lend(&a, values, N);
    dynarray_sort(&a);
    for (size_t i = 1; i < N; i++) CHECK(values[i - 1] <= values[i]);
}

static size_t fallbacks;

static void fall_back_64(void *keys, size_t n) {
    fallbacks++;
    qsort(keys, n, sizeof(int64_t), compare_int64);
}

static int compare_int32(const void *x, const void *y) {
    const int32_t a = *(const int32_t *)x, b = *(const int32_t *)y;
    return (a > b) - (a < b);
}

static void fall_back_32(void *keys, size_t n) {
    fallbacks++;
    qsort(keys, n, sizeof(int32_t), compare_int32);
}

static void few_splits(void) {
    enum { N = 20000 };
    static int64_t wide[N];
    static int32_t narrow[N];
    if (!dynarray_sort_avx512_available()) return;
    for (unsigned splits = 0; splits < 6; splits++) {
        random_state r = random_seed(splits);
        for (size_t i = 0; i < N; i++) wide[i] = (int64_t)random_next(&r);
        for (size_t i = 0; i < N; i++) narrow[i] = (int32_t)random_next(&r);
        fallbacks = 0;
        dynarray_sort_avx512(wide, N, sizeof *wide, splits, fall_back_64);
        CHECK(fallbacks > 0);
        for (size_t i = 1; i < N; i++) CHECK(wide[i - 1] <= wide[i]);
        fallbacks = 0;
        dynarray_sort_avx512(narrow, N, sizeof *narrow, splits, fall_back_32);
        CHECK(fallbacks > 0);
        for (size_t i = 1; i < N; i++) CHECK(narrow[i - 1] <= narrow[i]);
    }
}

static const named_check checks[] = {
    {"says that there is no scratch memory", scratch},
    {"says that there is no memory for an expression", registers},
    {"ends with operands that others change between two reads", changing_operands},
    {"names an element where others change the one that has no result", changing_failures},
    {"writes no more elements than were counted, where others change the mask", changing_masks},
    {"makes all numbers of a large range equally likely", random_numbers},
    {"reads numbers as strtod does", numerals},
    {"reads numbers of thousands of digits as strtod does", very_long_numerals},
    {"reads hexadecimal numbers, to the longest", hexadecimal_numerals},
    {"sorts an order in which each split takes off a few elements", worst_order},
    {"sorts what is left of few splits in another way", few_splits},
    {"reads and writes numbers whatever the language of the process", languages},
    {"keeps an array without a heap for which there is no memory", refused_growth},
    {"gives the pages of a freed array to one that grows", freed_pages},
    {"has no stable block where there are no pages", no_stable_block},
    {"lets a file with huge pages grow by few at a time", steps_of_files},
};

int main(int argc, char **argv) {
    return run_checks(argc, argv, checks, sizeof checks / sizeof *checks);
}
