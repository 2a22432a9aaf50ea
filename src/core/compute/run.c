/* run.c: runs programs, block by block; see compute.h. */
#include <math.h>
#include <string.h>

#include "core/compute/compute.h"
#include "core/compute/products_avx512.h"
#include "core/memory.h"

#define OWN_WORDS 1024 /* registers that have at most this many elements in all are on the stack */
#define LINE 64 /* a line of the cache: registers begin at one, and so do most blocks of results */
#define SMALLER                                                                                    \
    0x1p-64 /* the sum of as many of the largest doubles, each times this, is a double */

static void move_block(compute_step step, void *r, const void *x, size_t n) {
    if (!(step.ones & ONE_X)) {
        memmove(r, x, n * sizeof(uint64_t));
        return;
    }
    for (size_t i = 0; i < n; i++) memcpy((char *)r + i * sizeof(uint64_t), x, sizeof(uint64_t));
}

/* Products of int32, of which AVX-512 computes all but the last few. */
static void run_products(compute_step step, void *r, const void *x, const void *y, const void *z,
                         const void *w, size_t n) {
    const element32 *const xs = x, *const ys = y, *const zs = z, *const ws = w;
    const size_t done =
        compute_products_available()
            ? compute_products_avx512(step.ones, step.code == CODE_SUB_INT32_PRODUCTS, r, xs, ys,
                                      zs, ws, n)
            : 0;
    if (done < n)
        compute_simple(step, (whole *)r + done, xs + done, step.ones & ONE_Y ? ys : ys + done,
                       zs + done, step.ones & ONE_W ? ws : ws + done, n - done);
}

bool compute_kernel(compute_step step, void *r, const void *x, const void *y, const void *z,
                    const void *w, size_t index, size_t n) {
    whole *const indices = r;
    if (step.code >= CODE_FALLIBLE) return compute_fallible(step, r, x, y, n);
    switch (step.code) {
    case CODE_LOAD: compute_load(step, r, x, n); break;
    case CODE_NARROW: compute_narrow(r, x, n); break;
    case CODE_MOVE: move_block(step, r, x, n); break;
    case CODE_ADD_INT32_PRODUCTS:
    case CODE_SUB_INT32_PRODUCTS: run_products(step, r, x, y, z, w, n); break;
    case CODE_INDEX:
        for (size_t i = 0; i < n; i++) indices[i] = (whole)(index + i + 1);
        break;
    default:
        if (step.code < CODE_FIRST_LIBM || step.code > CODE_LAST_TRUTH)
            compute_simple(step, r, x, y, z, w, n);
        else if (step.code < CODE_FIRST_TRUTH)
            compute_libm(step, r, x, y, n);
        else
            compute_truths(step, r, x, y, n);
    }
    return true;
}

/* ---------------------------------------------------------------------------------------------
** Where values are
*/

typedef struct machine {
    const compute_program *program;
    const compute_operand *operands;
    uint64_t *registers;
    size_t register_size; /* elements */
    char *results;
    size_t start; /* of the block */
    double scale; /* of what a mean adds up */
} machine;

static void *address(const machine *m, compute_value value) {
    const compute_operand *const operand = &m->operands[value.which];
    switch (value.place) {
    case PLACE_REGISTER: return m->registers + value.which * m->register_size;
    case PLACE_ARRAY:
        return (char *)(uintptr_t)operand->data +
               m->start * dynarray_type_size((dynarray_type)operand->type);
    case PLACE_NUMBER: return (void *)(uintptr_t)&m->program->numbers[value.which];
    default: return m->results + m->start * dynarray_type_size((dynarray_type)m->program->type);
    }
}

static size_t element_bytes(const machine *m, compute_value value) {
    if (value.place == PLACE_NUMBER) return 0;
    return value.place == PLACE_ARRAY
               ? dynarray_type_size((dynarray_type)m->operands[value.which].type)
               : sizeof(uint64_t);
}

/* Which element of the block has no result; the first one, if the memory has changed and all have results. */
static void find_failure(const machine *m, const compute_instruction *instruction, size_t n,
                         compute_failure *failure) {
    const char *const x = address(m, instruction->operands[0]), *const y = address(
                                                                    m, instruction->operands[1]);
    const size_t x_bytes = element_bytes(m, instruction->operands[0]),
                 y_bytes = element_bytes(m, instruction->operands[1]);
    uint64_t nowhere;
    size_t i = 0;
    while (i < n && compute_kernel(instruction->step, &nowhere, x + i * x_bytes, y + i * y_bytes,
                                   NULL, NULL, 0, 1))
        i++;
    if (i == n) i = 0;
    failure->index = m->start + i;
    failure->column = instruction->column;
    failure->step = instruction->step;
    failure->is_real = instruction->operands[0].is_real;
    memcpy(&failure->value, x + i * x_bytes, sizeof failure->value);
}

static bool run_block(const machine *m, size_t n, compute_failure *failure) {
    const compute_instruction *instruction = m->program->instructions;
    const compute_instruction *const end = instruction + m->program->instruction_count;
    for (; instruction < end; instruction++) {
        const compute_value *const operands = instruction->operands;
        if (!compute_kernel(instruction->step, address(m, instruction->result),
                            address(m, operands[0]), address(m, operands[1]),
                            address(m, operands[2]), address(m, operands[3]), m->start, n)) {
            find_failure(m, instruction, n, failure);
            return false;
        }
    }
    return true;
}

/* ---------------------------------------------------------------------------------------------
** Reductions
*/

/* Adds sums of the same number of blocks, so that the error grows with the logarithm of that number. */
typedef struct sum_tree {
    double sums[64]; /* at i: the sum of 2^i blocks, if bit i of `blocks` is set */
    uint64_t blocks;
} sum_tree;

static void add_block(sum_tree *t, double sum) {
    unsigned level = 0;
    for (; t->blocks >> level & 1; level++) sum += t->sums[level];
    t->sums[level] = sum;
    t->blocks++;
}

static double sum_of_blocks(const sum_tree *t) {
    double sum = 0;
    for (unsigned level = 0; level < 64; level++)
        if (t->blocks >> level & 1) sum += t->sums[level];
    return sum;
}

/* Each adds a block to the total; returns false if the other blocks cannot change it any more. */

static double scaled_sum_of_block(const void *x, double scale, size_t n) {
    const compute_step times = {CODE_REAL_MUL, ONE_Y, 0, false};
    double scaled[COMPUTE_BLOCK];
    compute_simple(times, scaled, x, &scale, x, x, n);
    return compute_sum_real(scaled, n);
}

static bool add_sum(bool is_real, double scale, const void *x, size_t n, compute_total *total,
                    sum_tree *sums) {
    if (is_real)
        add_block(sums, scale == 1 ? compute_sum_real(x, n) : scaled_sum_of_block(x, scale, n));
    else
        total->value.whole =
            (int64_t)((uint64_t)total->value.whole + (uint64_t)compute_sum_whole(x, n));
    return true;
}

static bool add_best_real(bool greatest, bool first, const void *x, size_t n,
                          compute_total *total) {
    const double best = compute_best_real(x, greatest, n), before = total->value.real;
    const bool is_nan = best != best;
    if (first || is_nan || (greatest ? best > before : best < before)) total->value.real = best;
    return !is_nan;
}

static bool add_best_whole(bool greatest, bool first, const void *x, size_t n,
                           compute_total *total) {
    const int64_t best = compute_best_whole(x, greatest, n), before = total->value.whole;
    if (first || (greatest ? best > before : best < before)) total->value.whole = best;
    return true;
}

static bool add_truths(unsigned reduction, size_t truths, size_t n, compute_total *total) {
    switch (reduction) {
    case COMPUTE_ANY: total->value.whole = truths > 0; return truths == 0;
    case COMPUTE_ALL: total->value.whole = truths == n; return truths == n;
    default: total->value.whole += (int64_t)truths; return true;
    }
}

static bool reduce_block(const machine *m, size_t n, compute_total *total, sum_tree *sums) {
    const compute_value value = m->program->value;
    const void *const x = address(m, value);
    const bool first = m->start == 0;
    const unsigned reduction = m->program->reduction;
    switch (reduction) {
    case COMPUTE_SUM:
    case COMPUTE_MEAN: return add_sum(value.is_real, m->scale, x, n, total, sums);
    case COMPUTE_MIN:
    case COMPUTE_MAX:
        return (value.is_real ? add_best_real : add_best_whole)(reduction == COMPUTE_MAX, first, x,
                                                                n, total);
    default: return add_truths(reduction, compute_count_true(x, n), n, total);
    }
}

/* ---------------------------------------------------------------------------------------------
** All of it
*/

/* The first block ends at a line of the cache in the results: a register within one line is written twice as fast. */
static size_t first_block_size(const compute_program *program, const void *results) {
    const size_t past = (uintptr_t)results % LINE;
    return results == NULL || past == 0
               ? COMPUTE_BLOCK
               : COMPUTE_BLOCK - past / dynarray_type_size((dynarray_type)program->type);
}

/* Runs all blocks and writes the total. */
static compute_outcome run_blocks(machine *m, size_t n, compute_total *total,
                                  compute_failure *failure) {
    const compute_program *const program = m->program;
    bool goes_on = true;
    sum_tree sums;
    sums.blocks = 0;
    total->is_real = program->type == DYNARRAY_FLOAT64;
    total->value.whole = program->reduction == COMPUTE_ALL;
    m->start = 0;
    for (size_t block = first_block_size(program, m->results); goes_on && m->start < n;
         block = COMPUTE_BLOCK) {
        if (block > n - m->start) block = n - m->start;
        if (!run_block(m, block, failure)) return COMPUTE_FAILED;
        if (program->reduction != COMPUTE_NO_REDUCTION)
            goes_on = reduce_block(m, block, total, &sums);
        m->start += block;
    }
    if (total->is_real && program->reduction <= COMPUTE_MEAN)
        total->value.real = sum_of_blocks(&sums);
    if (program->reduction == COMPUTE_MEAN) total->value.real /= (double)n * m->scale;
    return COMPUTE_DONE;
}

compute_outcome compute_run(const compute_program *program, const compute_operand *operands,
                            size_t n, void *results, compute_total *total, dynarray_heap *heap,
                            compute_failure *failure) {
    const size_t size = n < COMPUTE_BLOCK ? (n + 7) & ~(size_t)7 : COMPUTE_BLOCK;
    const size_t words = size * program->register_count;
    const size_t bytes = words * sizeof(uint64_t) + LINE;
    uint64_t own[OWN_WORDS + LINE / sizeof(uint64_t)], *memory = own;
    machine m = {program, operands, NULL, size, results, 0, 1};
    compute_outcome outcome;
    if (words > OWN_WORDS) {
        memory = heap_allocate(heap, NULL, 0, bytes);
        if (memory == NULL) return COMPUTE_NO_MEMORY;
    }
    m.registers = (uint64_t *)(void *)((char *)memory + (LINE - (uintptr_t)memory % LINE) % LINE);
    outcome = run_blocks(&m, n, total, failure);
    if (outcome == COMPUTE_DONE && program->reduction == COMPUTE_MEAN && n > 0 &&
        !isfinite(total->value.real)) { /* perhaps all that was added up is finite */
        m.scale = SMALLER;
        outcome = run_blocks(&m, n, total, failure);
    }
    if (memory != own) heap_allocate(heap, memory, bytes, 0);
    return outcome;
}
