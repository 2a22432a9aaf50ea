/*
** compile.c: makes instructions of nodes, for operands of given types; see compute.h.
**
** It walks once from the leaves up. A value is whole or real by itself, and each use converts it if needed. An array is
** loaded when it is first used, in the form that this use wants, and stays in its register while it is used again. An
** operation on numbers alone is computed here.
*/
#include <float.h>
#include <math.h>
#include <string.h>

#include "core/compute/compute.h"
#include "core/compute/parse.h"

#define EXACT_BITS 53
#define LARGEST_WHOLE 9223372036854775808.0 /* is one past it */

typedef struct compiler {
    const compute_operand *operands;
    compute_program *program;
    compute_failure *failure;
    size_t column; /* of the node that is compiled */
    bool failed;
    uint32_t used; /* a bit for each register */
    bool holds_real[COMPUTE_MOST_REGISTERS];
    uint8_t owners[COMPUTE_MOST_REGISTERS]; /* the name whose elements are in it, counted from 1 */
    uint16_t uses_left[COMPUTE_MOST_NAMES];
    compute_value results[COMPUTE_MOST_NODES];
} compiler;

static compute_value too_complex(compiler *c) {
    const compute_value nothing = {.place = PLACE_NUMBER, .is_loaded = true};
    if (!c->failed) c->failure->too_complex = true;
    c->failed = true;
    return nothing;
}

static compute_value number_value(compiler *c, const void *number, bool is_real) {
    compute_program *const program = c->program;
    compute_value value = {.which = program->number_count,
                           .place = PLACE_NUMBER,
                           .is_real = is_real,
                           .is_loaded = true};
    if (c->failed || program->number_count == COMPUTE_MOST_NUMBERS) return too_complex(c);
    memcpy(&program->numbers[program->number_count++], number, sizeof *program->numbers);
    if (!is_real) {
        int64_t whole_number;
        memcpy(&whole_number, number, sizeof whole_number);
        value.is_truth = whole_number == 0 || whole_number == 1;
        value.is_small =
            whole_number >= -((int64_t)1 << EXACT_BITS) && whole_number <= (int64_t)1 << EXACT_BITS;
    }
    return value;
}

static double real_number(const compiler *c, compute_value value) {
    double x;
    memcpy(&x, &c->program->numbers[value.which], sizeof x);
    return x;
}

/* ---------------------------------------------------------------------------------------------
** Registers and instructions
*/

static compute_value new_register(compiler *c, bool is_real) {
    compute_value value = {.place = PLACE_REGISTER, .is_real = is_real, .is_loaded = true};
    while (value.which < COMPUTE_MOST_REGISTERS && (c->used >> value.which & 1)) value.which++;
    if (value.which == COMPUTE_MOST_REGISTERS) return too_complex(c);
    c->used |= (uint32_t)1 << value.which;
    c->holds_real[value.which] = is_real;
    c->owners[value.which] = 0;
    if (value.which >= c->program->register_count)
        c->program->register_count = (uint16_t)(value.which + 1);
    return value;
}

/* Releases the registers with the elements of that name, if it is not used again. */
static void release_owned(compiler *c, unsigned name) {
    for (unsigned i = 0; c->uses_left[name] == 0 && i < COMPUTE_MOST_REGISTERS; i++)
        if (c->owners[i] == name + 1) {
            c->used &= ~((uint32_t)1 << i);
            c->owners[i] = 0;
        }
}

static void release_register(compiler *c, compute_value value) {
    unsigned owner;
    if (value.place != PLACE_REGISTER) return;
    owner = c->owners[value.which];
    if (owner == 0)
        c->used &= ~((uint32_t)1 << value.which);
    else
        release_owned(c, owner - 1);
}

/* Computes with numbers alone, one or two. */
static compute_value fold(compiler *c, compute_step step, bool is_real, size_t count,
                          const compute_value *operands) {
    const uint64_t *numbers = c->program->numbers;
    uint64_t result = 0;
    compute_value value;
    step.ones = ONE_X | ONE_Y;
    if (!compute_kernel(step, &result, &numbers[operands[0].which],
                        count > 1 ? &numbers[operands[1].which] : NULL, NULL, NULL, 0, 1)) {
        c->failed = true;
        c->failure->index = SIZE_MAX;
        c->failure->column = c->column;
        c->failure->step = step;
        c->failure->is_real = operands[0].is_real;
        memcpy(&c->failure->value, &numbers[operands[0].which], sizeof c->failure->value);
    }
    if (compute_gives_truth(step.code)) {
        truth_value truth;
        int64_t number;
        memcpy(&truth, &result, sizeof truth);
        number = truth;
        memcpy(&result, &number, sizeof result);
    }
    value = number_value(c, &result, is_real);
    value.is_truth = compute_gives_truth(step.code);
    return value;
}

static compute_value emit(compiler *c, compute_step step, bool is_real, size_t count,
                          const compute_value *operands) {
    compute_program *const program = c->program;
    compute_instruction *instruction;
    const bool is_byte = compute_gives_truth(step.code);
    /* the place of a failure is searched for in the operands; and a result of another width would run over them */
    bool apart = step.code >= CODE_FALLIBLE, numbers_alone = count > 0 && step.code != CODE_MOVE;
    compute_value result;
    if (c->failed) return too_complex(c);
    for (size_t i = 0; i < count; i++) numbers_alone &= operands[i].place == PLACE_NUMBER;
    if (numbers_alone) return fold(c, step, is_real, count, operands);
    /* unreached: of each node come its own instruction, a copy, and two that convert it at most */
    if (program->instruction_count == COMPUTE_MOST_INSTRUCTIONS) return too_complex(c);
    instruction = &program->instructions[program->instruction_count++];
    instruction->column = (uint16_t)c->column;
    step.ones = 0;
    memset(instruction->operands, 0, sizeof instruction->operands);
    for (size_t i = 0; i < COMPUTE_MOST_OPERANDS && count > 0; i++)
        instruction->operands[i] = operands[i < count ? i : 0];
    for (size_t i = 0; i < count; i++) {
        if (operands[i].place == PLACE_NUMBER) step.ones |= (uint8_t)(1u << i);
        apart = apart || operands[i].is_byte != is_byte;
    }
    instruction->step = step;
    program->may_fail = program->may_fail || step.code >= CODE_FALLIBLE;
    if (apart) result = new_register(c, is_real);
    for (size_t i = 0; i < count; i++) release_register(c, operands[i]);
    if (!apart) result = new_register(c, is_real);
    result.is_byte = result.is_truth = is_byte;
    result.is_small = is_byte;
    instruction->result = result;
    return result;
}

static compute_value emit_unary(compiler *c, compute_code code, bool is_real, compute_value x) {
    const compute_step step = {(uint8_t)code, 0, 0, false};
    return emit(c, step, is_real, 1, &x);
}

static compute_value emit_binary(compiler *c, compute_code code, bool is_real, compute_value x,
                                 compute_value y) {
    const compute_step step = {(uint8_t)code, 0, 0, false};
    const compute_value operands[2] = {x, y};
    return emit(c, step, is_real, 2, operands);
}

/* ---------------------------------------------------------------------------------------------
** Values as they are wanted
*/

/* Counts a use of elements where they are, not loaded. */
static void use_in_place(compiler *c, compute_value value) {
    if (value.place != PLACE_ARRAY) return;
    c->uses_left[value.which]--;
    release_owned(c, value.which);
}

/* Loads the elements of an array into a register, unless they can be read in place. */
static compute_value load(compiler *c, compute_value value, bool is_real) {
    const unsigned name = value.which, type = c->operands[name].type;
    const bool checked = type == DYNARRAY_UINT64 && !is_real;
    const compute_step step = {checked ? CODE_LOAD_UINT64 : CODE_LOAD, 0, (uint8_t)type, is_real};
    compute_value loaded;
    c->uses_left[name]--;
    if (type == (is_real ? DYNARRAY_FLOAT64 : DYNARRAY_INT64)) {
        value.is_loaded = true;
        return value;
    }
    for (unsigned i = 0; i < COMPUTE_MOST_REGISTERS; i++)
        if (c->owners[i] == name + 1 && c->holds_real[i] == is_real) {
            const compute_value kept = {.which = (uint16_t)i,
                                        .place = PLACE_REGISTER,
                                        .is_real = is_real,
                                        .is_small = value.is_small,
                                        .is_loaded = true};
            return kept;
        }
    value.place = PLACE_ARRAY;
    loaded = emit(c, step, is_real, 1, &value);
    loaded.is_small = value.is_small;
    if (!c->failed) c->owners[loaded.which] = (uint8_t)(name + 1);
    return loaded;
}

/* A truth value as a number. */
static compute_value load_truth(compiler *c, compute_value value, bool is_real) {
    const compute_step step = {CODE_LOAD, 0, DYNARRAY_UINT8, is_real};
    value = emit(c, step, is_real, 1, &value);
    value.is_truth = value.is_small = !is_real;
    return value;
}

static compute_value as_real(compiler *c, compute_value value) {
    if (value.is_byte) return load_truth(c, value, true);
    if (value.place == PLACE_ARRAY && !value.is_loaded) return load(c, value, true);
    return value.is_real ? value : emit_unary(c, CODE_TO_REAL, true, value);
}

static compute_value as_whole(compiler *c, compute_value value) {
    if (value.is_byte) return load_truth(c, value, false);
    if (value.place == PLACE_ARRAY && !value.is_loaded) value = load(c, value, value.is_real);
    return value.is_real ? emit_unary(c, CODE_TO_WHOLE, false, value) : value;
}

/* Whether the value is whole or real by itself. */
static compute_value as_it_is(compiler *c, compute_value value) {
    return value.is_real ? as_real(c, value) : as_whole(c, value);
}

/* Copies memory that others may change between the check and the use. */
static compute_value as_private(compiler *c, compute_value value) {
    return value.place == PLACE_ARRAY ? emit_unary(c, CODE_MOVE, value.is_real, value) : value;
}

/* ---------------------------------------------------------------------------------------------
** Nodes
*/

/* That integer as an element of a type that has it. */
static compute_value element_number(compiler *c, dynarray_type type, uint64_t integer) {
    const compute_step store = {CODE_STORE, 0, (uint8_t)type, false};
    uint64_t element = integer;
    if (dynarray_type_size(type) < sizeof element)
        compute_kernel(store, &element, &integer, NULL, NULL, NULL, 0, 1);
    return number_value(c, &element, false);
}

/* Whether that is an array of int32, not loaded, or a number that is one. */
static bool is_int32(const compiler *c, compute_value value) {
    int64_t number;
    if (value.place == PLACE_ARRAY)
        return !value.is_loaded && c->operands[value.which].type == DYNARRAY_INT32;
    if (value.place != PLACE_NUMBER || value.is_real) return false;
    memcpy(&number, &c->program->numbers[value.which], sizeof number);
    return number >= INT32_MIN && number <= INT32_MAX;
}

static compute_value int32_operand(compiler *c, compute_value value) {
    if (value.place == PLACE_ARRAY) return value;
    return element_number(c, DYNARRAY_INT32, c->program->numbers[value.which]);
}

/* Whether the last instruction multiplies elements of int32, and the value is its result. */
static bool is_last_product(const compiler *c, compute_value value) {
    const compute_program *const program = c->program;
    const compute_instruction *last;
    if (c->failed || value.place != PLACE_REGISTER || program->instruction_count == 0) return false;
    last = &program->instructions[program->instruction_count - 1];
    return last->step.code == CODE_INT32_MUL && last->result.which == value.which;
}

/*
** Takes that instruction back, and writes its factors to operands: of an array and a number, the number second. They stay
** where they are, so they can be read later.
*/
static void take_product(compiler *c, compute_value product, compute_value *operands) {
    const compute_instruction last = c->program->instructions[--c->program->instruction_count];
    const size_t number = last.step.ones & ONE_X ? 0 : 1;
    operands[0] = last.operands[1 - number];
    operands[1] = last.operands[number];
    release_register(c, product);
}

/* x + y, or x - y, if one of them is the last product. */
static compute_value sum_with_product(compiler *c, bool add, compute_value x, compute_value y) {
    compute_step step = {CODE_ADD_INT32_PRODUCTS, 0, 0, false};
    compute_value operands[COMPUTE_MOST_OPERANDS];
    const bool second = is_last_product(c, y);
    take_product(c, second ? y : x, &operands[second ? 2 : 0]);
    if (second && is_last_product(c, x)) {
        take_product(c, x, operands);
        if (!add) step.code = CODE_SUB_INT32_PRODUCTS;
        return emit(c, step, false, 4, operands);
    }
    if (second) memcpy(operands, &operands[2], 2 * sizeof *operands);
    operands[2] = as_whole(c, second ? x : y);
    step.code = add      ? CODE_ADD_INT32_PRODUCT
                : second ? CODE_SUB_INT32_PRODUCT
                         : CODE_INT32_PRODUCT_SUB;
    return emit(c, step, false, 3, operands);
}

/* Whole if both are whole, otherwise real. */
static compute_value arithmetic(compiler *c, compute_value x, compute_value y,
                                compute_code of_wholes, compute_code of_reals) {
    const bool is_real = x.is_real || y.is_real;
    const bool in_place = x.place == PLACE_ARRAY || y.place == PLACE_ARRAY;
    if (of_wholes <= CODE_WHOLE_MUL && in_place && is_int32(c, x) && is_int32(c, y)) {
        use_in_place(c, x);
        use_in_place(c, y);
        x = int32_operand(c, x);
        y = int32_operand(c, y);
        return emit_binary(c, (compute_code)(of_wholes - CODE_WHOLE_ADD + CODE_INT32_ADD), false, x,
                           y);
    }
    if (of_wholes <= CODE_WHOLE_SUB && !is_real && x.place != PLACE_NUMBER &&
        y.place != PLACE_NUMBER && (is_last_product(c, x) || is_last_product(c, y)))
        return sum_with_product(c, of_wholes == CODE_WHOLE_ADD, x, y);
    x = is_real ? as_real(c, x) : as_whole(c, x);
    y = is_real ? as_real(c, y) : as_whole(c, y);
    if (!is_real && of_wholes >= CODE_FALLIBLE) {
        x = as_private(c, x);
        y = as_private(c, y);
    }
    return emit_binary(c, is_real ? of_reals : of_wholes, is_real, x, y);
}

static compute_value choice(compiler *c, compute_value x, compute_value y, bool greatest) {
    const bool small = x.is_small && y.is_small;
    compute_value result = greatest ? arithmetic(c, x, y, CODE_WHOLE_MAX, CODE_REAL_MAX)
                                    : arithmetic(c, x, y, CODE_WHOLE_MIN, CODE_REAL_MIN);
    result.is_small = small;
    return result;
}

static compute_value bits(compiler *c, compute_value x, compute_value y, compute_code code) {
    x = as_whole(c, x);
    y = as_whole(c, y);
    return emit_binary(c, code, false, x, y);
}

static compute_value power_of(compiler *c, compute_value x, compute_value y) {
    x = as_real(c, x);
    y = as_real(c, y);
    if (y.place == PLACE_NUMBER && x.place != PLACE_NUMBER &&
        real_number(c, y) == 2) /* as Lua does */
        return emit_binary(c, CODE_REAL_MUL, true, x, x);
    return emit_binary(c, CODE_POW, true, x, y);
}

typedef enum compute_comparison { EQUAL, DIFFERENT, BELOW, AT_MOST } compute_comparison;

/* Whether a real value is a number that an int64 can be. */
static bool is_whole_number(const compiler *c, compute_value value) {
    double x;
    if (value.place != PLACE_NUMBER) return false;
    x = real_number(c, value);
    return x >= -LARGEST_WHOLE && x < LARGEST_WHOLE && floor(x) == x;
}

static compute_value emit_comparison(compiler *c, compute_comparison comparison, dynarray_type type,
                                     compute_value x, compute_value y) {
    const compute_step step = {(uint8_t)(CODE_EQ + comparison), 0, (uint8_t)type, false};
    const compute_value operands[2] = {x, y};
    return emit(c, step, false, 2, operands);
}

/* Makes an element of that type of floats of a number, if it is exactly one. */
static bool becomes_element(compiler *c, compute_value *number, dynarray_type type) {
    uint64_t given, element = 0, back = 0;
    if (!number->is_real) {
        if (!number->is_small) return false;
        *number = as_real(c, *number);
    }
    if (c->failed) return false;
    {
        const compute_step store = {CODE_STORE, 0, (uint8_t)type, number->is_real},
                           load = {CODE_LOAD, 0, (uint8_t)type, number->is_real};
        given = c->program->numbers[number->which];
        if (!compute_kernel(store, &element, &given, NULL, NULL, NULL, 0, 1)) return false;
        compute_kernel(load, &back, &element, NULL, NULL, NULL, 0, 1);
        if (back != given) return false;
    }
    *number = number_value(c, &element, false);
    return true;
}

/*
** Whether both can be compared as elements of that type, without being loaded: arrays of it, or one array of floats and a
** number that it has.
*/
static bool compares_in_place(compiler *c, compute_value *x, compute_value *y,
                              dynarray_type *type) {
    compute_value *const values[2] = {x, y};
    *type = DYNARRAY_TYPE_COUNT;
    for (size_t i = 0; i < 2; i++) {
        if (values[i]->place == PLACE_NUMBER) continue;
        if (values[i]->place != PLACE_ARRAY || values[i]->is_loaded) return false;
        if (*type != DYNARRAY_TYPE_COUNT && c->operands[values[i]->which].type != *type)
            return false;
        *type = (dynarray_type)c->operands[values[i]->which].type;
    }
    if (*type == DYNARRAY_TYPE_COUNT) return false;
    for (size_t i = 0; i < 2; i++)
        if (values[i]->place == PLACE_NUMBER && !becomes_element(c, values[i], *type)) return false;
    use_in_place(c, *x);
    use_in_place(c, *y);
    return true;
}

static bool is_unloaded_integer(const compiler *c, compute_value value) {
    return value.place == PLACE_ARRAY && !value.is_loaded &&
           c->operands[value.which].type <= DYNARRAY_UINT64;
}

static compute_value truth_number(compiler *c, bool truth) {
    const int64_t number = truth;
    return number_value(c, &number, false);
}

/*
** Compares the elements of an array of integers with any number. What the type cannot hold is below all elements, above all
** of them, or between two neighbours: no element needs to be loaded, which some of uint64 could not be.
*/
static compute_value compare_integers(compiler *c, compute_comparison comparison, compute_value x,
                                      compute_value y) {
    const bool array_first = x.place == PLACE_ARRAY;
    const compute_value array = array_first ? x : y, other = array_first ? y : x;
    const dynarray_type type = (dynarray_type)c->operands[array.which].type;
    const int width = (int)(8 * dynarray_type_size(type));
    const bool is_signed = type <= DYNARRAY_INT64;
    const double least = is_signed ? -ldexp(1, width - 1) : 0,
                 past = ldexp(1, is_signed ? width - 1 : width); /* the greatest */
    uint64_t given, element;
    double number, below;
    bool has_number;
    if (c->failed) return too_complex(c);
    use_in_place(c, array);
    given = c->program->numbers[other.which];
    number = other.is_real ? real_number(c, other) : (double)(int64_t)given;
    below = floor(number);
    /* as a double, the greatest int64 seems to be past it */
    has_number = (number >= least && number < past) || (!other.is_real && type == DYNARRAY_INT64);
    if (isnan(number) || (comparison <= DIFFERENT && !(has_number && below == number)))
        return truth_number(c, comparison == DIFFERENT);
    if (!has_number) return truth_number(c, array_first == (number >= past));
    element = !other.is_real           ? given
              : below >= LARGEST_WHOLE ? (uint64_t)below
                                       : (uint64_t)(int64_t)below;
    if (below != number) comparison = array_first ? AT_MOST : BELOW;
    x = array_first ? array : element_number(c, type, element);
    y = array_first ? element_number(c, type, element) : array;
    return emit_comparison(c, comparison, type, x, y);
}

static bool is_uint64(const compiler *c, compute_value value) {
    return value.place == PLACE_ARRAY && !value.is_loaded &&
           c->operands[value.which].type == DYNARRAY_UINT64;
}

/* Compares elements of uint64, which need not be whole, with values that are no such elements and no numbers. */
static compute_value compare_large(compiler *c, compute_comparison comparison, compute_value x,
                                   compute_value y) {
    static const uint8_t with_whole[] = {CODE_UINT64_EQ_WHOLE, CODE_UINT64_NE_WHOLE,
                                         CODE_UINT64_LT_WHOLE, CODE_UINT64_LE_WHOLE};
    static const uint8_t with_real[] = {CODE_UINT64_EQ_REAL, CODE_UINT64_NE_REAL,
                                        CODE_UINT64_LT_REAL, CODE_UINT64_LE_REAL};
    static const uint8_t of_whole[] = {CODE_UINT64_EQ_WHOLE, CODE_UINT64_NE_WHOLE,
                                       CODE_WHOLE_LT_UINT64, CODE_WHOLE_LE_UINT64};
    static const uint8_t of_real[] = {CODE_UINT64_EQ_REAL, CODE_UINT64_NE_REAL, CODE_REAL_LT_UINT64,
                                      CODE_REAL_LE_UINT64};
    const bool first = is_uint64(c, x), second = !first && comparison > DIFFERENT;
    const compute_value elements = first ? x : y, other = as_it_is(c, first ? y : x);
    const uint8_t *const codes =
        second ? (other.is_real ? of_real : of_whole) : (other.is_real ? with_real : with_whole);
    use_in_place(c, elements);
    return emit_binary(c, (compute_code)codes[comparison], false, second ? other : elements,
                       second ? elements : other);
}

/* A whole and a real number are compared exactly; as doubles they might seem equal. */
static compute_value compare(compiler *c, compute_comparison comparison, compute_value x,
                             compute_value y) {
    static const uint8_t whole_first[] = {CODE_WHOLE_EQ_REAL, CODE_WHOLE_NE_REAL,
                                          CODE_WHOLE_LT_REAL, CODE_WHOLE_LE_REAL};
    static const uint8_t real_first[] = {CODE_WHOLE_EQ_REAL, CODE_WHOLE_NE_REAL, CODE_REAL_LT_WHOLE,
                                         CODE_REAL_LE_WHOLE};
    const compute_value one = x.is_real ? y : x,
                        other = x.is_real ? x : y; /* the whole one, if there is one */
    dynarray_type type;
    if ((is_unloaded_integer(c, x) && y.place == PLACE_NUMBER) ||
        (is_unloaded_integer(c, y) && x.place == PLACE_NUMBER))
        return compare_integers(c, comparison, x, y);
    if (compares_in_place(c, &x, &y, &type)) return emit_comparison(c, comparison, type, x, y);
    if (is_uint64(c, x) || is_uint64(c, y)) return compare_large(c, comparison, x, y);
    if (one.is_real == other.is_real || one.is_small) {
        const bool is_real = x.is_real || y.is_real;
        x = is_real ? as_real(c, x) : as_whole(c, x);
        y = is_real ? as_real(c, y) : as_whole(c, y);
        return emit_comparison(c, comparison, is_real ? DYNARRAY_FLOAT64 : DYNARRAY_INT64, x, y);
    }
    if (is_whole_number(c, other)) {
        x = as_whole(c, x);
        y = as_whole(c, y);
        return emit_comparison(c, comparison, DYNARRAY_INT64, x, y);
    }
    {
        const bool swapped = x.is_real && comparison <= DIFFERENT;
        const compute_value left = as_it_is(c, swapped ? y : x),
                            right = as_it_is(c, swapped ? x : y);
        const compute_code code =
            (compute_code)(left.is_real ? real_first : whole_first)[comparison];
        return emit_binary(c, code, false, left, right);
    }
}

static compute_value compare_with_zero(compiler *c, compute_comparison comparison,
                                       compute_value value) {
    const int64_t nothing = 0; /* as an element it is zero in every type */
    const compute_value zero = number_value(c, &nothing, false);
    return value.is_byte ? emit_comparison(c, comparison, DYNARRAY_UINT8, value, zero)
                         : compare(c, comparison, value, zero);
}

/* Copies loaded elements that a node passes on, as floor(n) does, while the array is used again. */
static compute_value as_own(compiler *c, compute_value value) {
    const unsigned owner = value.place == PLACE_REGISTER ? c->owners[value.which] : 0;
    compute_value copy;
    if (owner == 0 || c->uses_left[owner - 1] == 0) return value;
    copy = emit_unary(c, CODE_MOVE, value.is_real, value);
    copy.is_truth = value.is_truth;
    copy.is_small = value.is_small;
    return copy;
}

/* In a register, or the number 0 or 1. */
static compute_value as_truth(compiler *c, compute_value value) {
    if (value.is_byte || (value.place == PLACE_NUMBER && value.is_truth)) return value;
    return compare_with_zero(c, DIFFERENT, value);
}

/* `and`, or `or`: if one of them is a number, the result is that or the other. */
static compute_value combine(compiler *c, compute_code code, compute_value x, compute_value y) {
    x = as_truth(c, x);
    y = as_truth(c, y);
    if (x.place == PLACE_NUMBER || y.place == PLACE_NUMBER) {
        const compute_value number = x.place == PLACE_NUMBER ? x : y,
                            other = x.place == PLACE_NUMBER ? y : x;
        const bool decides =
            !c->failed && (c->program->numbers[number.which] != 0) == (code == CODE_TRUTH_OR);
        if (decides) release_register(c, other);
        return decides ? number : other;
    }
    return emit_binary(c, code, false, x, y);
}

static compute_value select_by(compiler *c, compute_value x, compute_value y, compute_value z) {
    const compute_step step = {CODE_SELECT, 0, 0, false};
    const bool is_real = y.is_real || z.is_real, is_small = y.is_small && z.is_small,
               is_truth = y.is_truth && z.is_truth;
    compute_value operands[3], result;
    x = as_truth(c, x);
    y = is_real ? as_real(c, y) : as_whole(c, y);
    z = is_real ? as_real(c, z) : as_whole(c, z);
    if (x.place == PLACE_NUMBER) {
        const bool first = !c->failed && c->program->numbers[x.which] != 0;
        const compute_value other = first ? z : y;
        compute_value chosen = first ? y : z;
        /* both may be the same array, which is loaded only once */
        if (other.place != chosen.place || other.which != chosen.which) release_register(c, other);
        chosen.is_truth = is_truth; /* so that the type of the result does not depend on x */
        return chosen;
    }
    operands[0] = x;
    operands[1] = y;
    operands[2] = z;
    result = emit(c, step, is_real, 3, operands);
    result.is_small = is_small;
    result.is_truth = is_truth;
    return result;
}

static compute_value convert(compiler *c, compute_value x, dynarray_type type) {
    const bool to_real = dynarray_is_float(type);
    const compute_step step = {CODE_FIT, 0, (uint8_t)type, to_real};
    const bool is_small = !to_real && type != DYNARRAY_INT64 && type != DYNARRAY_UINT64;
    x = to_real ? as_real(c, x) : as_whole(c, x);
    if (type == DYNARRAY_INT64 || type == DYNARRAY_FLOAT64) return x;
    x = emit(c, step, to_real, 1, &x);
    x.is_small = is_small;
    return x;
}

static compute_value name_value(compiler *c, size_t name) {
    const compute_operand *const operand = &c->operands[name];
    const bool is_real = dynarray_is_float((dynarray_type)operand->type);
    const compute_value value = {
        .which = (uint16_t)name,
        .place = PLACE_ARRAY,
        .is_real = is_real,
        .is_small = !is_real && dynarray_type_size((dynarray_type)operand->type) < 8};
    return operand->is_number ? number_value(c, operand->data, is_real) : value;
}

static compute_value negation(compiler *c, compute_value x, compute_code of_wholes,
                              compute_code of_reals) {
    x = as_it_is(c, x);
    return emit_unary(c, x.is_real ? of_reals : of_wholes, x.is_real, x);
}

static compute_value index_value(compiler *c) {
    const compute_step step = {CODE_INDEX, 0, 0, false};
    compute_value value = emit(c, step, false, 0, NULL);
    value.is_small = true;
    return value;
}

static compute_value compile_node(compiler *c, const compute_node *node) {
    const compute_value x = c->results[node->children[0]], y = c->results[node->children[1]],
                        z = c->results[node->children[2]];
    switch (node->operation) {
    case NODE_WHOLE: return number_value(c, &node->with.whole, false);
    case NODE_REAL: return number_value(c, &node->with.real, true);
    case NODE_NAME: return name_value(c, node->with.name);
    case NODE_INDEX: return index_value(c);
    case NODE_NEG: return negation(c, x, CODE_WHOLE_NEG, CODE_REAL_NEG);
    case NODE_ABS: return negation(c, x, CODE_WHOLE_ABS, CODE_REAL_ABS);
    case NODE_COMPLEMENT: return emit_unary(c, CODE_WHOLE_NOT, false, as_whole(c, x));
    case NODE_NOT: return compare_with_zero(c, EQUAL, x);
    case NODE_ADD: return arithmetic(c, x, y, CODE_WHOLE_ADD, CODE_REAL_ADD);
    case NODE_SUB: return arithmetic(c, x, y, CODE_WHOLE_SUB, CODE_REAL_SUB);
    case NODE_MUL: return arithmetic(c, x, y, CODE_WHOLE_MUL, CODE_REAL_MUL);
    case NODE_FLOOR_DIV: return arithmetic(c, x, y, CODE_WHOLE_FLOOR_DIV, CODE_REAL_FLOOR_DIV);
    case NODE_MOD: return arithmetic(c, x, y, CODE_WHOLE_MOD, CODE_REAL_MOD);
    case NODE_DIV: {
        const compute_value dividend = as_real(c, x);
        return emit_binary(c, CODE_REAL_DIV, true, dividend, as_real(c, y));
    }
    case NODE_POW: return power_of(c, x, y);
    case NODE_BIT_AND: return bits(c, x, y, CODE_WHOLE_AND);
    case NODE_BIT_OR: return bits(c, x, y, CODE_WHOLE_OR);
    case NODE_BIT_XOR: return bits(c, x, y, CODE_WHOLE_XOR);
    case NODE_SHL: return bits(c, x, y, CODE_WHOLE_SHL);
    case NODE_SHR: return bits(c, x, y, CODE_WHOLE_SHR);
    case NODE_EQ: return compare(c, EQUAL, x, y);
    case NODE_NE: return compare(c, DIFFERENT, x, y);
    case NODE_LT: return compare(c, BELOW, x, y);
    case NODE_LE: return compare(c, AT_MOST, x, y);
    case NODE_AND: return combine(c, CODE_TRUTH_AND, x, y);
    case NODE_OR: return combine(c, CODE_TRUTH_OR, x, y);
    case NODE_LEAST: return choice(c, x, y, false);
    case NODE_GREATEST: return choice(c, x, y, true);
    case NODE_SELECT: return select_by(c, x, y, z);
    case NODE_ROUNDED:
        return x.is_real ? emit_unary(c, (compute_code)node->type, true, as_real(c, x))
                         : as_whole(c, x);
    case NODE_TEST: return emit_unary(c, (compute_code)node->type, false, as_real(c, x));
    case NODE_REAL_FUNCTION: {
        const bool two =
            node->type == CODE_HYPOT || node->type == CODE_FMOD || node->type == CODE_ATAN2;
        const compute_value first = as_real(c, x);
        return two ? emit_binary(c, (compute_code)node->type, true, first, as_real(c, y))
                   : emit_unary(c, (compute_code)node->type, true, first);
    }
    default: return convert(c, x, (dynarray_type)node->type);
    }
}

/* ---------------------------------------------------------------------------------------------
** Programs
*/

/* Whether the last instruction computes that value; then it writes to the results. */
static bool becomes_result(compiler *c, compute_value value) {
    compute_instruction *last;
    if (value.place != PLACE_REGISTER) return false;
    last = &c->program->instructions[c->program->instruction_count - 1];
    if (last->result.which != value.which) return false;
    last->result.place = PLACE_RESULT;
    return true;
}

/* Stores the value to the results; if possible, by the instruction that computes it. */
static void finish(compiler *c, compute_value value, dynarray_type type, bool overflows) {
    compute_program *const program = c->program;
    const bool direct = type == DYNARRAY_INT64 || type == DYNARRAY_FLOAT64;
    if (type == DYNARRAY_UINT8 && value.is_byte && becomes_result(c, value)) return;
    if (type == DYNARRAY_FLOAT64)
        value = as_real(c, value);
    else if (type == DYNARRAY_INT64)
        value = as_whole(c, value);
    else
        value = as_it_is(c, value);
    if (direct && becomes_result(c, value)) return;
    if (direct || value.place == PLACE_NUMBER)
        value = emit_unary(c, CODE_MOVE, value.is_real, value);
    if (!direct) {
        const bool narrows = dynarray_is_float(type) && value.is_real && overflows;
        const bool always_fits = (type == DYNARRAY_UINT8 && value.is_truth) || narrows ||
                                 (type == DYNARRAY_FLOAT32 && !value.is_real);
        const compute_step step = {narrows ? CODE_NARROW : CODE_STORE, 0, (uint8_t)type,
                                   value.is_real};
        const bool may_fail = program->may_fail || !always_fits;
        value = emit(c, step, value.is_real, 1, &value);
        program->may_fail = may_fail;
    }
    (void)becomes_result(c, value);
}

static void reduce(compiler *c, compute_value value) {
    compute_program *const program = c->program;
    if (value.place == PLACE_NUMBER) value = emit_unary(c, CODE_MOVE, value.is_real, value);
    if (program->reduction == COMPUTE_SUM && value.is_byte) program->reduction = COMPUTE_COUNT;
    value = program->reduction >= COMPUTE_COUNT ? as_truth(c, value) : as_it_is(c, value);
    program->value = value;
    program->type = (uint8_t)(value.is_real ? DYNARRAY_FLOAT64 : DYNARRAY_INT64);
}

static dynarray_type own_type(const compute_node *root, compute_value value) {
    if (root->operation == NODE_CONVERT) return (dynarray_type)root->type;
    if (value.is_truth && root->operation != NODE_WHOLE) return DYNARRAY_UINT8;
    return value.is_real ? DYNARRAY_FLOAT64 : DYNARRAY_INT64;
}

bool compute_compile(const compute_expression *e, const compute_operand *operands,
                     dynarray_type result, bool overflows, compute_program *program,
                     compute_failure *failure) {
    const compute_node *const root = &e->nodes[e->node_count - 1];
    compiler c;
    compute_value value;
    c.operands = operands;
    c.program = program;
    c.failure = failure;
    c.failed = false;
    c.used = 0;
    memset(c.holds_real, 0, sizeof c.holds_real);
    memset(c.owners, 0, sizeof c.owners);
    memset(c.uses_left, 0, sizeof c.uses_left);
    memset(c.results, 0, e->node_count * sizeof *c.results);
    failure->too_complex = false;
    program->instruction_count = program->number_count = program->register_count = 0;
    program->may_fail = false;
    program->reduction = e->reduction;
    for (size_t i = 0; i < e->node_count; i++)
        if (e->nodes[i].operation == NODE_NAME) c.uses_left[e->nodes[i].with.name]++;
    for (size_t i = 0; i < e->node_count && !c.failed; i++) {
        /* a value that is stored as the type that it is converted to is checked when it is stored */
        const bool stored = i + 1U == e->node_count && e->nodes[i].operation == NODE_CONVERT &&
                            e->reduction == COMPUTE_NO_REDUCTION &&
                            (result == DYNARRAY_TYPE_COUNT || result == e->nodes[i].type);
        c.column = e->nodes[i].column;
        c.results[i] = stored ? c.results[e->nodes[i].children[0]]
                              : as_own(&c, compile_node(&c, &e->nodes[i]));
    }
    if (c.failed) return false;
    value = c.results[e->node_count - 1];
    if (e->reduction != COMPUTE_NO_REDUCTION)
        reduce(&c, value);
    else {
        program->type = (uint8_t)(result != DYNARRAY_TYPE_COUNT ? result : own_type(root, value));
        finish(&c, value, (dynarray_type)program->type, overflows);
    }
    return !c.failed;
}
