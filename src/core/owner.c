/* owner.c: see owner.h. */
#include "core/owner.h"

#include <string.h>

#include "core/block.h"
#include "core/capacity_plan.h"
#include "core/memory.h"

void array_set_setup(dynarray *a, const dynarray_setup *setup) { a->setup = setup; }

dynarray_status array_begin(dynarray *a, size_t capacity, dynarray_stats *stats) {
    dynarray_status status = plan_check(a, capacity);
    if (status == DYNARRAY_OK)
        status = block_first(a, capacity, block_kind(a, capacity * a->element_size, false));
    if (status == DYNARRAY_OK) stats->peak_bytes = capacity * a->element_size;
    return status;
}

bool array_fits_plan(const dynarray *a, const capacity_plan *plan) {
    return a->capacity == plan->old_capacity;
}

void array_undo_growths(dynarray *a, dynarray_stats *stats, const dynarray_stats *before) {
    a->setup->heap->growths -= stats->growths - before->growths;
    *stats = *before;
}

void array_start_inline(dynarray *a, void *memory, size_t capacity) {
    a->data = memory;
    a->capacity = capacity;
    a->block = DYNARRAY_BLOCK_INLINE;
}

void array_return_inline(dynarray *a, void *memory, size_t capacity) {
    const size_t size = a->size;
    if (a->block != DYNARRAY_BLOCK_INLINE) {
        memcpy(memory, a->data, size * a->element_size);
        dynarray_free(a);
        a->size = size;
    }
    array_start_inline(a, memory, capacity);
}

void array_show(dynarray *a, void *data, size_t size) {
    array_start_inline(a, data, size);
    a->size = size;
}

void array_forget(dynarray *a) {
    a->data = NULL;
    a->size = a->capacity = 0;
    a->block = DYNARRAY_BLOCK_AUTO;
}

void array_fix(dynarray *a) { a->fixed++; }

void array_unfix(dynarray *a, unsigned n) { a->fixed = (uint8_t)(a->fixed - n); }

bool array_is_shared(const dynarray *a) { return a->fixed != 0 || a->block == DYNARRAY_BLOCK_FILE; }

bool array_is_portable(const dynarray *a, bool of_malloc) {
    return a->block == DYNARRAY_BLOCK_PAGES || a->block == DYNARRAY_BLOCK_STABLE ||
           (of_malloc && (a->block == DYNARRAY_BLOCK_HEAP || a->block == DYNARRAY_BLOCK_COPY));
}

dynarray_status array_hand_over(dynarray *from, dynarray *to) {
    const size_t bytes = from->capacity * from->element_size;
    if (bytes > heap_available(to->setup->heap, 0)) return DYNARRAY_LIMIT;
    if (from->block == DYNARRAY_BLOCK_PAGES) heap_end_loan(from->setup->heap, from->data, bytes);
    heap_account(from->setup->heap, bytes, 0, 0);
    heap_account(to->setup->heap, 0, bytes, bytes);
    to->data = from->data;
    to->size = from->size;
    to->capacity = from->capacity;
    to->block = from->block == DYNARRAY_BLOCK_COPY ? DYNARRAY_BLOCK_HEAP : from->block;
    array_forget(from);
    return DYNARRAY_OK;
}
