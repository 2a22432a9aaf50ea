/*
** Checks of the engine of expressions from C, without Lua, run one by one by core_spec.lua: `compute` lists them,
** `compute NAME` runs one. Memory comes from here, so that it can run out.
*/
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checks.h"
#include "core/compute/compute.h"
#include "core/compute/parse.h"
#include "core/memory.h"

#define MOST 3000 /* elements: several blocks, and a part of one */

/* ---------------------------------------------------------------------------------------------
** Tools
*/

static bool has_memory = true;

void *heap_allocate(dynarray_heap *heap, void *ptr, size_t old_bytes, size_t bytes) {
    CHECK(heap == NULL && (ptr == NULL) == (old_bytes == 0));
    if (bytes == 0) {
        free(ptr);
        return NULL;
    }
    return has_memory ? realloc(ptr, bytes) : NULL;
}

static compute_expression expression;
static compute_program program;
static compute_operand operands[COMPUTE_MOST_NAMES];
static compute_failure failure;
static compute_total total;

/* The operand of that name, which may not be there. */
static void bind(const char *text, const char *name, const void *data, dynarray_type type,
                 bool is_number) {
    const compute_operand operand = {data, (uint8_t)type, is_number};
    for (size_t i = 0; i < expression.name_count; i++)
        if (strlen(name) == expression.names[i].length &&
            memcmp(text + expression.names[i].start, name, strlen(name)) == 0)
            operands[i] = operand;
}

static void parse(const char *text) {
    compute_error error = {0};
    if (compute_parse(text, strlen(text), &expression, &error)) return;
    printf("%s: column %zu: ", text, error.column);
    printf(error.message, error.text);
    exit(1);
}

/* Parses and compiles an expression of x and y, which have that type. */
static void compile(const char *text, const void *x, const void *y, dynarray_type type,
                    dynarray_type result) {
    parse(text);
    bind(text, "x", x, type, false);
    bind(text, "y", y, type, false);
    CHECK(compute_compile(&expression, operands, result, false, &program, &failure));
}

static compute_outcome run(size_t n, void *results) {
    return compute_run(&program, operands, n, results, &total, NULL, &failure);
}

static void set_element(void *data, dynarray_type type, size_t i, double x) {
    switch (type) {
#define ROW(CONSTANT, name, ctype, kind, min, max)                                                 \
    case DYNARRAY_##CONSTANT: ((ctype *)data)[i] = (ctype)x; break;
        DYNARRAY_NUMERIC_TYPES(ROW)
#undef ROW
    default: CHECK(false);
    }
}

static double element(const void *data, dynarray_type type, size_t i) {
    switch (type) {
#define ROW(CONSTANT, name, ctype, kind, min, max)                                                 \
    case DYNARRAY_##CONSTANT: return (double)((const ctype *)data)[i];
        DYNARRAY_NUMERIC_TYPES(ROW)
#undef ROW
    default: CHECK(false); return 0;
    }
}

/* A block of its own, so that tools see what is read or written past its end. */
static void *elements(dynarray_type type, size_t n) {
    void *data = malloc(n > 0 ? n * dynarray_type_size(type) : 1);
    CHECK(data != NULL);
    return data;
}

static void *cycle(dynarray_type type, size_t n, size_t length) {
    void *data = elements(type, n);
    for (size_t i = 0; i < n; i++) set_element(data, type, i, (double)(i % length));
    return data;
}

static const size_t sizes[] = {0, 1, 2, 15, 16, 17, 1023, 1024, 1025, MOST};
#define EACH_SIZE(n)                                                                               \
    for (size_t k = 0, n; k < sizeof sizes / sizeof *sizes && (n = sizes[k], true); k++)
#define EACH_TYPE(type)                                                                            \
    for (dynarray_type type = DYNARRAY_INT8; type < DYNARRAY_VALUE;                                \
         type = (dynarray_type)(type + 1))

/* ---------------------------------------------------------------------------------------------
** Checks
*/

/* Expressions with the same in C; the numbers are small, so that all types hold all of them. */
#define EXPRESSIONS(X)                                                                             \
    X(sum, "x + y", x + y)                                                                         \
    X(difference, "x * y - x", x *y - x)                                                           \
    X(weighted, "2 * x + y * y", 2 * x + y * y)                                                    \
    X(with_product, "x - y * 3 + x * y", x - y * 3 + x * y)                                        \
    X(from_product, "y * y - (x + 1)", y *y - (x + 1))                                             \
    X(quotient, "(x + 1) // (y + 1)", floor((x + 1) / (y + 1)))                                    \
    X(rest, "x % 5", fmod(x, 5))                                                                   \
    X(number_plus, "7 + x", 7 + x)                                                                 \
    X(number_minus, "7 - x", 7 - x)                                                                \
    X(number_times, "7 * x", 7 * x)                                                                \
    X(plus_number, "x + 7", x + 7)                                                                 \
    X(minus_number, "x - 7", x - 7)                                                                \
    X(minus, "x - y", x - y)                                                                       \
    X(half, "x / 2", x / 2)                                                                        \
    X(extremes, "min(x, y) + max(x, 3)", fmin(x, y) + fmax(x, 3))                                  \
    X(above, "x > 4", x > 4)                                                                       \
    X(constant_below, "4.5 <= x", 4.5 <= x)                                                        \
    X(equal, "x == y", x == y)                                                                     \
    X(different, "x ~= y", x != y)                                                                 \
    X(number_equal, "4 == x", x == 4)                                                              \
    X(number_different, "4 ~= x", x != 4)                                                          \
    X(number_below, "4 < x", x > 4)                                                                \
    X(number_at_most, "4 <= x", x >= 4)                                                            \
    X(equal_number, "x == 4", x == 4)                                                              \
    X(different_number, "x ~= 4", x != 4)                                                          \
    X(below_number, "x < 4", x < 4)                                                                \
    X(at_most_number, "x <= 4", x <= 4)                                                            \
    X(at_most, "x <= y", x <= y)                                                                   \
    X(rounded_number, "floor(x) == 4", x == 4)                                                     \
    X(rounded, "floor(x) ~= y", x != y)                                                            \
    X(before_the_last, "x > 3 and (1 or y)", x > 3)                                                \
    X(both, "x < y and y < 9", x < y && y < 9)                                                     \
    X(either, "x > 300 or x < 0.5", x > 300 || x < 0.5)                                            \
    X(truth_of_number, "x > -1 and y", y != 0)                                                     \
    X(negated, "not (x > 2 and x < 6)", !(x > 2 && x < 6))                                         \
    X(zero, "not x", x == 0)                                                                       \
    X(counted, "(x > 3) + (y > 3) * 2", (x > 3) + (y > 3) * 2)                                     \
    X(same_truth, "(x > 3) == (y > 3)", (x > 3) == (y > 3))                                        \
    X(real_truth, "(x > 3) / 2", (x > 3) / 2.0)                                                    \
    X(chosen, "select(x > y, x, y + 1)", x > y ? x : y + 1)                                        \
    X(chosen_by_number, "select(x, 7, y)", x != 0 ? 7 : y)                                         \
    X(chosen_truth, "select(x > 3, y > 3, y < 3)", x > 3 ? y > 3 : y < 3)                          \
    X(chosen_always, "select(1 < 2, x, y)", x)                                                     \
    X(and_true, "x > 3 and 1", x > 3)                                                              \
    X(or_false, "0 or y > 3", y > 3)                                                               \
    X(numbers_alone, "1 and 0 or x", x != 0)                                                       \
    X(or_true, "x > 3 or 1", 1)                                                                    \
    X(tests, "isnan(x) or isfinite(y / 0)", isfinite(y / 0.0))                                     \
    X(index, "x - x == 0 and i > 3", i > 3)                                                        \
    X(itself, "x", x)

#define FUNCTION(name, text, expression)                                                           \
    static double name##_in_c(double x, double y, double i) {                                      \
        (void)x, (void)y, (void)i;                                                                 \
        return (double)(expression);                                                               \
    }
EXPRESSIONS(FUNCTION)

static const struct reference {
    const char *text;
    double (*in_c)(double x, double y, double i);
} references[] = {
#define ROW(name, text, expression) {text, name##_in_c},
    EXPRESSIONS(ROW)
#undef ROW
};
#define REFERENCES (sizeof references / sizeof *references)

/* For every type and size, also into the first operand if the elements have the same size. */
static void all_types(void) {
    EACH_TYPE(type) EACH_SIZE(n) for (size_t e = 0; e < REFERENCES; e++) {
        void *const x = cycle(type, n, 7), *const y = cycle(type, n, 11), *results;
        const struct reference *const reference = &references[e];
        compile(reference->text, x, y, type, DYNARRAY_TYPE_COUNT);
        results = elements((dynarray_type)program.type, n);
        CHECK(run(n, results) == COMPUTE_DONE);
        for (size_t i = 0; i < n; i++) {
            const double got = element(results, (dynarray_type)program.type, i);
            const double want = reference->in_c((double)(i % 7), (double)(i % 11), (double)i + 1);
            if (got == want) continue;
            printf("%s of %s at %zu of %zu: %.17g, not %.17g\n", reference->text,
                   dynarray_type_name(type), i, n, got, want);
            exit(1);
        }
        if (dynarray_type_size(type) == dynarray_type_size((dynarray_type)program.type)) {
            CHECK(run(n, x) == COMPUTE_DONE);
            CHECK(n == 0 || memcmp(x, results, n * dynarray_type_size(type)) == 0);
        }
        free(x), free(y), free(results);
    }
}

/* The type of the results, and that elements are not touched before the first or behind the last. */
static void results_of_any_type(void) {
    EACH_TYPE(type) EACH_TYPE(result) {
        void *const x = cycle(type, MOST, 5);
        const size_t size = dynarray_type_size(result);
        char *const results = malloc((MOST + 2) * size);
        CHECK(results != NULL);
        memset(results, 0x5a, (MOST + 2) * size);
        compile("x * x + (x > 1)", x, x, type, result);
        CHECK(program.type == result);
        CHECK(run(MOST, results + size) == COMPUTE_DONE);
        for (size_t i = 0; i < MOST; i++) {
            const double a = (double)(i % 5);
            CHECK(element(results + size, result, i) == a * a + (a > 1));
        }
        for (size_t i = 0; i < size; i++)
            CHECK(results[i] == 0x5a && results[(MOST + 1) * size + i] == 0x5a);
        free(x), free(results);
    }
}

static void own_types(void) {
    static const double x[] = {1};
    static const int64_t y[] = {1};
    static const struct {
        const char *text;
        dynarray_type type;
    } cases[] = {{"x", DYNARRAY_FLOAT64},      {"y", DYNARRAY_INT64},
                 {"y / 1", DYNARRAY_FLOAT64},  {"x + y", DYNARRAY_FLOAT64},
                 {"x > y", DYNARRAY_UINT8},    {"not y", DYNARRAY_UINT8},
                 {"y and y", DYNARRAY_UINT8},  {"(y > 0) + 0", DYNARRAY_INT64},
                 {"int16(y)", DYNARRAY_INT16}, {"floor(x)", DYNARRAY_FLOAT64}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        parse(cases[i].text);
        bind(cases[i].text, "x", x, DYNARRAY_FLOAT64, false);
        bind(cases[i].text, "y", y, DYNARRAY_INT64, false);
        CHECK(
            compute_compile(&expression, operands, DYNARRAY_TYPE_COUNT, false, &program, &failure));
        CHECK(program.type == cases[i].type);
    }
}

/* Numbers that a double does not hold, and elements that have no such number. */
static void exact_comparisons(void) {
    static const int64_t wholes[] = {((int64_t)1 << 53) + 1, INT64_MAX, INT64_MIN, 0};
    static const double reals[] = {9007199254740992.0, 9223372036854775808.0,
                                   -9223372036854775808.0, 0.5};
    static const char *const texts[] = {"x < y", "x <= y", "x == y", "x ~= y", "y < x", "y <= x"};
    static const uint8_t want[][4] = {{0, 1, 0, 1}, {0, 1, 1, 1}, {0, 0, 1, 0},
                                      {1, 1, 0, 1}, {1, 0, 0, 0}, {1, 0, 1, 0}};
    static const int8_t bytes[] = {-128, 0, 127};
    static const uint64_t large[] = {UINT64_MAX, 5};
    static const float singles[] = {0.1F, 16777216.0F};
    uint8_t truths[4];
    for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) {
        parse(texts[k]);
        bind(texts[k], "x", wholes, DYNARRAY_INT64, false);
        bind(texts[k], "y", reals, DYNARRAY_FLOAT64, false);
        CHECK(
            compute_compile(&expression, operands, DYNARRAY_TYPE_COUNT, false, &program, &failure));
        CHECK(run(4, truths) == COMPUTE_DONE && memcmp(truths, want[k], 4) == 0);
    }
    compile("x < 128 and x > -129 and x ~= 0.5", bytes, bytes, DYNARRAY_INT8, DYNARRAY_UINT8);
    CHECK(run(3, truths) == COMPUTE_DONE && truths[0] && truths[1] && truths[2]);
    compile("x > 9007199254740993", large, large, DYNARRAY_UINT64, DYNARRAY_UINT8);
    CHECK(run(2, truths) == COMPUTE_DONE && truths[0] && !truths[1]);
    compile("x == 0.1", singles, singles, DYNARRAY_FLOAT32, DYNARRAY_UINT8);
    CHECK(run(1, truths) == COMPUTE_DONE && !truths[0]); /* as doubles they differ */
    compile("x < 16777217", singles, singles, DYNARRAY_FLOAT32, DYNARRAY_UINT8);
    CHECK(run(2, truths) == COMPUTE_DONE && truths[0] && truths[1]);
}

static double total_of(const char *text, const void *x, dynarray_type type, size_t n) {
    compile(text, x, x, type, DYNARRAY_TYPE_COUNT);
    CHECK(run(n, NULL) == COMPUTE_DONE);
    return total.is_real ? total.value.real : (double)total.value.whole;
}

static void reductions(void) {
    EACH_TYPE(type) EACH_SIZE(n) {
        void *const x = cycle(type, n, 9);
        double sum = 0, above = 0;
        for (size_t i = 0; i < n; i++) sum += (double)(i % 9), above += i % 9 > 4;
        CHECK(total_of("sum(x)", x, type, n) == sum);
        CHECK(total_of("mean(2 * x)", x, type, n) == 2 * sum / (double)n || n == 0);
        CHECK(total_of("max(x - 20)", x, type, n) == (n < 9 ? (double)n - 21 : -12) || n == 0);
        CHECK(total_of("min(20 - x)", x, type, n) == (n < 9 ? 21 - (double)n : 12) || n == 0);
        CHECK(total_of("count(x > 4)", x, type, n) == above);
        CHECK(total_of("sum(x > 4)", x, type, n) == above && !total.is_real);
        CHECK(total_of("count(1)", x, type, n) == (double)n);
        CHECK(total_of("any(x)", x, type, n) == (n > 1));
        CHECK(total_of("all(x < 8)", x, type, n) == (n < 9));
        free(x);
    }
}

/* What has no result names the first such element, its number and its place in the text. */
static void failures(void) {
    int64_t *const x = cycle(DYNARRAY_INT64, MOST, MOST), *const results =
                                                              elements(DYNARRAY_INT64, MOST);
    double *const y = cycle(DYNARRAY_FLOAT64, MOST, MOST);
    uint64_t *const z = cycle(DYNARRAY_UINT64, MOST, MOST);
    compile("7 // (x - 2000)", x, x, DYNARRAY_INT64, DYNARRAY_TYPE_COUNT);
    CHECK(run(MOST, results) == COMPUTE_FAILED);
    CHECK(failure.index == 2000 && failure.column == 3 &&
          failure.step.code == CODE_WHOLE_FLOOR_DIV);
    CHECK(results[1999] == -7); /* what is before it is written */
    compile("x * x", x, x, DYNARRAY_INT64, DYNARRAY_INT16);
    CHECK(run(MOST, results) == COMPUTE_FAILED);
    CHECK(failure.index == 182 && failure.step.code == CODE_STORE && failure.value.whole == 33124);
    y[2999] = 0.5;
    compile("x | 1", y, y, DYNARRAY_FLOAT64, DYNARRAY_TYPE_COUNT);
    CHECK(run(MOST, results) == COMPUTE_FAILED);
    CHECK(failure.index == 2999 && failure.is_real && failure.value.real == 0.5);
    z[1500] = UINT64_MAX;
    compile("x + 1", z, z, DYNARRAY_UINT64, DYNARRAY_TYPE_COUNT);
    CHECK(run(MOST, results) == COMPUTE_FAILED);
    CHECK(failure.index == 1500 && failure.step.code == CODE_LOAD_UINT64 &&
          failure.value.large == UINT64_MAX);
    parse("x + 1 % 0");
    bind("x + 1 % 0", "x", x, DYNARRAY_INT64, false);
    CHECK(!compute_compile(&expression, operands, DYNARRAY_TYPE_COUNT, false, &program, &failure));
    CHECK(failure.index == SIZE_MAX && !failure.too_complex && failure.column == 7);
    free(x), free(y), free(z), free(results);
}

/* Each level keeps two results that wait for the third: select(x>0,x+0,select(x>1,x+1, ... inner)) */
static const char *waiting(size_t levels, const char *inner) {
    static char text[COMPUTE_MOST_TEXT];
    size_t length = 0;
    for (size_t i = 0; i < levels; i++)
        length +=
            (size_t)snprintf(text + length, sizeof text - length, "select(x>%zu,x+%zu,", i, i);
    length += (size_t)snprintf(text + length, sizeof text - length, "%s", inner);
    memset(text + length, ')', levels);
    text[length + levels] = '\0';
    return text;
}

static void complexity(void) {
    static const int64_t x[] = {1};
    int64_t result;
    for (size_t levels = 1; levels < 20; levels++) {
        const char *const text = waiting(levels, "x");
        const bool fits = 2 * levels < COMPUTE_MOST_REGISTERS;
        parse(text);
        bind(text, "x", x, DYNARRAY_INT64, false);
        CHECK(compute_compile(&expression, operands, DYNARRAY_TYPE_COUNT, false, &program,
                              &failure) == fits);
        CHECK(fits || failure.too_complex);
        if (fits) CHECK(run(1, &result) == COMPUTE_DONE && result == 1);
    }
}

/* Whether there are registers for it; then it has that result, as an element of that type or as a total. */
static bool fits(const char *text, dynarray_type type, double want) {
    static const int64_t x[] = {-1};
    static const float y[] = {6};
    static const int8_t z[] = {5};
    static const uint64_t u[] = {8};
    uint64_t result = 0;
    parse(text);
    bind(text, "x", x, DYNARRAY_INT64, false);
    bind(text, "y", y, DYNARRAY_FLOAT32, false);
    bind(text, "z", z, DYNARRAY_INT8, false);
    bind(text, "u", u, DYNARRAY_UINT64, false);
    if (!compute_compile(&expression, operands, type, false, &program, &failure)) {
        CHECK(failure.too_complex);
        return false;
    }
    if (expression.reduction == COMPUTE_NO_REDUCTION) {
        CHECK(run(1, &result) == COMPUTE_DONE && element(&result, type, 0) == want);
    } else {
        CHECK(run(1, NULL) == COMPUTE_DONE);
        CHECK((total.is_real ? total.value.real : (double)total.value.whole) == want);
    }
    return true;
}

/* With ever fewer registers, each part of an operation is the first for which there is none. */
static void lack_of_registers(void) {
    static const struct {
        const char *text;
        double result;
    } inner[] = {{"y | 8", 14},
                 {"z or z", 1},
                 {"y and z", 1},
                 {"z and 3", 1},
                 {"0 or y", 1},
                 {"not y", 0},
                 {"select(z, y, u)", 6},
                 {"select(y - 6, z, u)", 8},
                 {"select(1, y, z / 2)", 6},
                 {"u == z + 3", 1},
                 {"u < y / 2", 0},
                 {"y / 2 <= u", 1},
                 {"z < u", 1},
                 {"u > z", 1},
                 {"9007199254740993 > u + 0", 1},
                 {"u + 0 < y / 2", 0},
                 {"y / 2 <= u + 0", 1},
                 {"u + 0 > 3.0", 1},
                 {"u + 0 < 1e30", 1},
                 {"u + 0 > -1e30", 1},
                 {"z // 2", 2},
                 {"u % x", 0},
                 {"z ^ 2", 25},
                 {"min(z, y)", 5},
                 {"max(z, u)", 8},
                 {"floor(y / 4)", 1},
                 {"floor(z) + z", 10},
                 {"int8(y + 1)", 7},
                 {"float32(u)", 8},
                 {"isnan(y)", 0},
                 {"hypot(u, y)", 10},
                 {"-y", -6},
                 {"~z", -6},
                 {"i", 1},
                 {"(z > 4) / 2 * 2", 1},
                 {"(y > 4) + (y | 1)", 8}};
    static const struct {
        const char *reduction; /* or none */
        dynarray_type type;
    } forms[] = {{"", DYNARRAY_INT64},         {"", DYNARRAY_FLOAT64},
                 {"", DYNARRAY_FLOAT32},       {"", DYNARRAY_INT8},
                 {"sum", DYNARRAY_TYPE_COUNT}, {"max", DYNARRAY_TYPE_COUNT},
                 {"any", DYNARRAY_TYPE_COUNT}, {"mean", DYNARRAY_TYPE_COUNT}};
    const size_t inners = sizeof inner / sizeof *inner;
    char text[100], full[COMPUTE_MOST_TEXT + 10];
    for (size_t k = 0; k < 2 * inners; k++) {
        const bool one_more = k >= inners; /* result waits */
        const double value = one_more ? -inner[k - inners].result : inner[k].result;
        snprintf(text, sizeof text, one_more ? "x+1-(%s)" : "%s", inner[k % inners].text);
        for (size_t f = 0; f < sizeof forms / sizeof *forms; f++) {
            const bool any = strcmp(forms[f].reduction, "any") == 0;
            size_t levels = 0;
            do {
                snprintf(full, sizeof full, "%s(%s)", forms[f].reduction, waiting(levels, text));
            } while (fits(full, forms[f].type, any ? value != 0 : value) && levels++ < 20);
            CHECK(levels > 12 && levels < 18);
        }
    }
}

/* Expressions that no text has: with one number in many places. How many numbers they need is what is tried. */
static void add_node(unsigned operation, unsigned x, unsigned y, unsigned z) {
    compute_node *const node = &expression.nodes[expression.node_count++];
    memset(node, 0, sizeof *node);
    node->operation = (uint8_t)operation;
    node->children[0] = (uint16_t)x;
    node->children[1] = (uint16_t)y;
    node->children[2] = (uint16_t)z;
}

static void lack_of_numbers(void) {
    static const struct {
        unsigned operation;
        uint8_t x, y, z; /* 0: the number 1.5; 1: y; 2: z */
        double result;
    } last[] = {{NODE_AND, 0, 0, 0, 1}, {NODE_NOT, 1, 0, 0, 0},    {NODE_EQ, 1, 0, 0, 0},
                {NODE_AND, 1, 2, 0, 1}, {NODE_SELECT, 0, 0, 1, 1}, {NODE_SELECT, 1, 0, 2, 1}};
    static const float y[] = {6};
    static const int8_t z[] = {5};
    enum { OF_EACH_AND = 6, ANDS = COMPUTE_MOST_NUMBERS / OF_EACH_AND - 2, MOST_LEFT = 12 };
    for (size_t k = 0; k < sizeof last / sizeof *last; k++) {
        size_t fitting = 0;
        for (size_t numbers = 1; numbers <= MOST_LEFT; numbers++) {
            double result = 0;
            memset(&expression, 0, sizeof expression);
            add_node(NODE_REAL, 0, 0, 0);
            expression.nodes[0].with.real = 1.5;
            add_node(NODE_NAME, 0, 0, 0);
            add_node(NODE_NAME, 0, 0, 0);
            expression.nodes[2].with.name = 1;
            operands[0] = (compute_operand){y, DYNARRAY_FLOAT32, false};
            operands[1] = (compute_operand){z, DYNARRAY_INT8, false};
            for (size_t i = 0; i < ANDS; i++) add_node(NODE_AND, 0, 0, 0);
            for (size_t i = 1; i < numbers; i++) add_node(NODE_WHOLE, 0, 0, 0);
            add_node(last[k].operation, last[k].x, last[k].y, last[k].z);
            if (!compute_compile(&expression, operands, DYNARRAY_FLOAT64, false, &program,
                                 &failure)) {
                CHECK(failure.too_complex);
                continue;
            }
            CHECK(fitting == numbers - 1);
            fitting++;
            CHECK(run(1, &result) == COMPUTE_DONE);
            CHECK((result != 0) == (last[k].result != 0));
        }
        CHECK(fitting > 0 && fitting < MOST_LEFT);
    }
}

static void memory(void) {
    void *const x = cycle(DYNARRAY_FLOAT64, MOST, 3), *const results =
                                                          elements(DYNARRAY_FLOAT64, MOST);
    compile(waiting(9, "x"), x, x, DYNARRAY_FLOAT64, DYNARRAY_TYPE_COUNT);
    has_memory = false;
    CHECK(run(MOST, results) == COMPUTE_NO_MEMORY);
    CHECK(run(8, results) == COMPUTE_DONE); /* few elements need none */
    has_memory = true;
    CHECK(run(MOST, results) == COMPUTE_DONE);
    free(x), free(results);
}

static void limits(void) {
    static char text[COMPUTE_MOST_TEXT + 2];
    compute_error error = {0};
    memset(text, ' ', COMPUTE_MOST_TEXT + 1);
    text[0] = 'x';
    CHECK(compute_parse(text, COMPUTE_MOST_TEXT, &expression, &error));
    CHECK(!compute_parse(text, COMPUTE_MOST_TEXT + 1, &expression, &error));
    CHECK(!compute_parse("", 0, &expression, &error) && error.column == 1);
    CHECK(!compute_parse("x y", 3, &expression, &error) && error.column == 3);
    CHECK(!compute_parse("x\0y", 3, &expression, &error) && error.column == 2);
    for (size_t depth = 1; depth < 100; depth++) {
        memset(text, '(', depth);
        text[depth] = 'x';
        memset(text + depth + 1, ')', depth);
        const bool parsed = compute_parse(text, 2 * depth + 1, &expression, &error);
        CHECK(depth >= COMPUTE_MOST_NESTING || parsed);
        CHECK(depth <= COMPUTE_MOST_NESTING || !parsed);
    }
    for (size_t i = 0; i < 300; i++) text[i] = "x+"[i % 2];
    text[300] = 'x';
    CHECK(!compute_parse(text, 301, &expression, &error)); /* 301 nodes */
    CHECK(compute_parse(text + 102, 199, &expression, &error));
    CHECK(expression.node_count == 199 && expression.name_count == 1);
}

static const named_check checks[] = {
    {"has the results of C for every type and size", all_types},
    {"stores results as any type, and nothing beside them", results_of_any_type},
    {"gives each expression a type", own_types},
    {"compares exactly what a double does not hold", exact_comparisons},
    {"reduces every type and size", reductions},
    {"names the first element without a result", failures},
    {"says so when too many results wait", complexity},
    {"says so when no register is left for any part of an operation", lack_of_registers},
    {"says so when it needs too many numbers", lack_of_numbers},
    {"says so when memory runs out", memory},
    {"has limits for texts", limits},
};

int main(int argc, char **argv) {
    return run_checks(argc, argv, checks, sizeof checks / sizeof *checks);
}
