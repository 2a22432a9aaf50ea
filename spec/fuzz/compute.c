/*
** compute.c: expressions of any text, for libFuzzer. If a text is one, many elements at once give what each gives alone, and
** an operand may be replaced by the result.
*/
#include "core/compute/compute.h"

#include "core/compute/parse.h"
#include "support.h"

#define MOST_ELEMENTS 1100 /* more than one block */

static input in;
static compute_expression expression;
static compute_program program;
static allocator heap_memory;
static dynarray_heap heap;

/* Numbers of every kind, repeated. */
static void fill(void *data, dynarray_type type, size_t n) {
    static const double reals[] = {0,     1,       -1,        2.5,       -0.0,
                                   1e300, -1e-300, 1.0 / 0.0, 0.0 / 0.0, 4503599627370497};
    static const int64_t wholes[] = {0, 1, -1, 2, 3, 63, 64, INT64_MAX, INT64_MIN, -7};
    const size_t shift = choice(&in, 10);
    for (size_t i = 0; i < n; i++) {
        const size_t k = (i + shift) % 10;
        const int64_t integer = wholes[k];
        char *at = (char *)data + i * dynarray_type_size(type);
        const float single = k == 5 || k == 6 ? 3e38F : (float)reals[k];
        if (type == DYNARRAY_FLOAT64)
            memcpy(at, &reals[k], sizeof reals[k]);
        else if (type == DYNARRAY_FLOAT32)
            memcpy(at, &single, sizeof single);
        else
            memcpy(at, &integer,
                   dynarray_type_size(type)); /* its low bytes, where those come first */
    }
}

static bool same_element(dynarray_type type, const void *x, const void *y) {
    double a, b;
    float c, d;
    if (memcmp(x, y, dynarray_type_size(type)) == 0) return true;
    if (type == DYNARRAY_FLOAT64) {
        memcpy(&a, x, sizeof a);
        memcpy(&b, y, sizeof b);
        return a != a && b != b;
    }
    if (type != DYNARRAY_FLOAT32) return false;
    memcpy(&c, x, sizeof c);
    memcpy(&d, y, sizeof d);
    return c != c && d != d;
}

static bool uses_index(void) {
    for (size_t i = 0; i < expression.node_count; i++)
        if (expression.nodes[i].operation == NODE_INDEX) return true;
    return false;
}

static void *new_elements(dynarray_type type, size_t n) {
    void *elements = malloc(n > 0 ? n * dynarray_type_size(type) : 1);
    CHECK(elements != NULL);
    return elements;
}

/* Each element alone. */
static void compare_one_by_one(const compute_operand *operands, size_t n, const char *results) {
    const dynarray_type type = (dynarray_type)program.type;
    const size_t size = dynarray_type_size(type), step = n > 40 ? n / 20 : 1;
    for (size_t i = 0; i < n; i += step) {
        compute_operand one[COMPUTE_MOST_NAMES];
        uint64_t result;
        compute_total total;
        compute_failure failure;
        for (size_t k = 0; k < expression.name_count; k++) {
            one[k] = operands[k];
            if (!one[k].is_number)
                one[k].data =
                    (const char *)one[k].data + i * dynarray_type_size((dynarray_type)one[k].type);
        }
        CHECK(compute_run(&program, one, 1, &result, &total, &heap, &failure) == COMPUTE_DONE);
        CHECK(same_element(type, &result, results + i * size));
    }
}

/* Results in place of the first array, if its elements have their size. */
static void compare_in_place(compute_operand *operands, size_t n, const char *results) {
    const dynarray_type type = (dynarray_type)program.type;
    const size_t size = dynarray_type_size(type);
    for (size_t k = 0; k < expression.name_count; k++) {
        compute_total total;
        compute_failure failure;
        char *place;
        if (operands[k].is_number || dynarray_type_size((dynarray_type)operands[k].type) != size)
            continue;
        place = new_elements(type, n);
        if (n > 0) memcpy(place, operands[k].data, n * size);
        operands[k].data = place;
        CHECK(compute_run(&program, operands, n, place, &total, &heap, &failure) == COMPUTE_DONE);
        for (size_t i = 0; i < n; i++)
            CHECK(same_element(type, place + i * size, results + i * size));
        free(place);
        return;
    }
}

static void run(compute_operand *operands, size_t n) {
    char *results = program.reduction != COMPUTE_NO_REDUCTION
                        ? NULL
                        : new_elements((dynarray_type)program.type, n);
    compute_total total;
    compute_failure failure;
    failure.too_complex = false;
    switch (compute_run(&program, operands, n, results, &total, &heap, &failure)) {
    case COMPUTE_FAILED:
        CHECK(program.may_fail && (failure.index < n || failure.index == SIZE_MAX));
        break;
    case COMPUTE_NO_MEMORY: CHECK(heap_memory.limit < MOST_ELEMENTS); break;
    default:
        if (results == NULL) break;
        if (!uses_index()) compare_one_by_one(operands, n, results);
        compare_in_place(operands, n, results);
    }
    free(results);
}

static void compile_and_run(void) {
    static const size_t sizes[] = {0, 1, 3, 8, 100, 1023, MOST_ELEMENTS};
    const size_t n = sizes[choice(&in, 7)];
    const unsigned type = choice(&in, DYNARRAY_VALUE + 1);
    compute_operand operands[COMPUTE_MOST_NAMES];
    void *memory[COMPUTE_MOST_NAMES] = {NULL};
    compute_failure failure = {0};
    for (size_t i = 0; i < expression.name_count; i++) {
        const unsigned kind = choice(&in, 2 * DYNARRAY_VALUE);
        operands[i].is_number = kind >= DYNARRAY_VALUE && i > 0;
        operands[i].type =
            (uint8_t)(operands[i].is_number ? (kind & 1 ? DYNARRAY_INT64 : DYNARRAY_FLOAT64)
                                            : kind % DYNARRAY_VALUE);
        memory[i] = new_elements((dynarray_type)operands[i].type, operands[i].is_number ? 1 : n);
        fill(memory[i], (dynarray_type)operands[i].type, operands[i].is_number ? 1 : n);
        operands[i].data = memory[i];
    }
    if (compute_compile(
            &expression, operands,
            dynarray_is_numeric((dynarray_type)type) ? (dynarray_type)type : DYNARRAY_TYPE_COUNT,
            choice(&in, 2), &program, &failure)) {
        CHECK(program.instruction_count <= COMPUTE_MOST_INSTRUCTIONS &&
              program.number_count <= COMPUTE_MOST_NUMBERS);
        CHECK(program.register_count <= COMPUTE_MOST_REGISTERS);
        run(operands, n);
    }
    for (size_t i = 0; i < expression.name_count; i++) free(memory[i]);
}

/* The first bytes choose the operands, what follows is the text. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    const size_t choices = n < 16 ? n : 16;
    compute_error error = {0};
    char *text = malloc(n > choices ? n - choices : 1);
    CHECK(text != NULL);
    in.next = data;
    in.end = data + choices;
    if (n > choices) memcpy(text, data + choices, n - choices);
    heap_memory = kind_memory;
    dynarray_heap_init(&heap, memory_alloc, &heap_memory, 0);
    if (compute_parse(text, n - choices, &expression, &error)) {
        CHECK(expression.node_count > 0 && expression.node_count <= COMPUTE_MOST_NODES);
        CHECK(expression.name_count <= COMPUTE_MOST_NAMES);
        compile_and_run();
    } else {
        CHECK(error.message != NULL && error.column >= 1 && error.column <= n - choices + 1);
        CHECK(memchr(error.text, '\0', sizeof error.text) != NULL);
    }
    free(text);
    dynarray_heap_close(&heap);
    CHECK(heap_memory.bytes == 0);
    return 0;
}
