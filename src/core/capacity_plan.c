/* capacity_plan.c: a change of capacity, planned once and committed once. */
#include "core/system/system.h"

#include "core/capacity_plan.h"

#include <limits.h>

#include "core/block.h"
#include "core/memory.h"
#include "core/open_file.h"
#include "core/policies.h"
#include "core/system/clock.h"

#define LEAST_PART 64 /* see plan_less */

size_t dynarray_max_capacity(size_t element_size) { return (size_t)PTRDIFF_MAX / element_size; }

/* Divides only if one of the two is so large that the product could overflow. */
static bool is_too_large(size_t n, size_t element_size) {
    return (n | element_size) >> (sizeof n * CHAR_BIT / 2 - 1) != 0 &&
           n > dynarray_max_capacity(element_size);
}

dynarray_status plan_check(const dynarray *a, size_t n) {
    if (a->fixed) return DYNARRAY_FIXED;
    if (is_too_large(n, a->element_size)) return DYNARRAY_TOO_LARGE;
    if (a->setup->max_size != 0 && n > a->setup->max_size) return DYNARRAY_MAX_SIZE;
    return DYNARRAY_OK;
}

/* Cuts a capacity to what the array may have, but not below needed. Most arrays have no bound of their own. */
static size_t cut_to_bounds(const dynarray *a, size_t capacity, size_t needed) {
    size_t most, available, room;
    if (a->setup->max_size == 0 && !block_is_bounded(a) && !is_too_large(capacity, a->element_size))
        return capacity;
    most = dynarray_max_capacity(a->element_size);
    available = block_available(a) / a->element_size;
    room = block_room(a) / a->element_size;
    if (a->setup->max_size != 0 && a->setup->max_size < most) most = a->setup->max_size;
    if (available < most) most = available;
    if (room < most) most = room;
    if (capacity > most) capacity = most;
    return capacity > needed ? capacity : needed;
}

static void set_plan(const dynarray *a, size_t capacity, bool grows, capacity_plan *plan) {
    plan->old_capacity = a->capacity;
    plan->capacity = capacity;
    plan->ahead = 0;
    plan->kind = block_kind(a, capacity * a->element_size, grows);
}

/* Only a growth gets pages at once, those for `needed` elements. */
static void set_ahead(const dynarray *a, size_t needed, capacity_plan *plan) {
    if (plan->kind == DYNARRAY_BLOCK_PAGES ||
        (plan->kind == DYNARRAY_BLOCK_HEAP &&
         plan->capacity * a->element_size > HEAP_EXPECTED_BYTES))
        plan->ahead = block_ahead(a, plan->kind, needed, plan->capacity);
}

dynarray_status plan_growth(const dynarray *a, size_t needed, capacity_plan *plan) {
    const dynarray_growth *growth = a->setup->growth != NULL ? a->setup->growth : &growth_default;
    const dynarray_status status = plan_check(a, needed);
    size_t capacity;
    if (status != DYNARRAY_OK) return status;
    capacity = dynarray_growth_next(growth, a->capacity, needed, a->element_size);
    if (capacity < needed) return DYNARRAY_BAD_POLICY;
    if (a->setup->growth == NULL) capacity = block_step(a, needed, capacity);
    capacity = cut_to_bounds(a, capacity, needed);
    set_plan(a, capacity, a->size > 0, plan);
    set_ahead(a, needed, plan);
    return DYNARRAY_OK;
}

dynarray_status plan_capacity(const dynarray *a, size_t capacity, capacity_plan *plan) {
    dynarray_status status = a->fixed ? DYNARRAY_FIXED : DYNARRAY_OK;
    if (capacity < a->size) return DYNARRAY_OUT_OF_BOUNDS;
    if (capacity > a->capacity) status = plan_check(a, capacity);
    if (status == DYNARRAY_OK) set_plan(a, capacity, false, plan);
    return status;
}

bool plan_lacks_room(const dynarray *a, dynarray_status status) {
    return status == DYNARRAY_NO_MEMORY || (status == DYNARRAY_FILE && open_file_is_full(a));
}

bool plan_less(const dynarray *a, size_t needed, capacity_plan *plan) {
    size_t capacity;
    const size_t worth = a->capacity + a->capacity / LEAST_PART;
    const size_t least = needed > worth ? needed : worth;
    if (plan->capacity <= least) return false;
    capacity = least + (plan->capacity - least) / 2;
    set_plan(a, capacity, true, plan);
    set_ahead(a, least, plan);
    return true;
}

static void count_growth(dynarray_stats *stats, const dynarray_event *event, size_t element_size) {
    stats->growths++;
    if (event->bytes_copied > 0) stats->elements_copied += event->bytes_copied / element_size;
    stats->growth_ns += event->ns;
    if (event->how == DYNARRAY_MOVED) stats->moves++;
    if (event->how == DYNARRAY_IN_PLACE || event->how == DYNARRAY_EXTENDED) stats->in_place++;
    if (event->peak_bytes > stats->peak_bytes) stats->peak_bytes = event->peak_bytes;
}

void dynarray_stats_add(dynarray_stats *stats, const dynarray_event *event, size_t element_size) {
    count_growth(stats, event, element_size);
}

dynarray_status plan_commit(dynarray *a, const capacity_plan *plan, dynarray_stats *stats,
                            dynarray_event *event) {
    const dynarray_setup *setup = a->setup;
    const bool grows = plan->capacity > plan->old_capacity;
    const bool is_seen = event != NULL || stats != NULL || setup->observer != NULL;
    const bool timed = is_seen && grows && plan->capacity * a->element_size >= DYNARRAY_TIMED_BYTES;
    dynarray_event unseen;
    dynarray_status status;
    if (event == NULL) event = &unseen;
    event->size = a->size;
    event->old_capacity = plan->old_capacity;
    event->new_capacity = plan->capacity;
    event->ns = timed ? clock_ns() : 0;
    status = block_resize(a, plan->capacity, plan->kind, plan->ahead, event);
    if (status != DYNARRAY_OK || !grows) return status;
    if (timed) event->ns = clock_ns() - event->ns;
    if (setup->heap != NULL) setup->heap->growths++;
    if (stats != NULL) count_growth(stats, event, a->element_size);
    if (setup->observer != NULL) setup->observer(setup->observer_data, a, event);
    return DYNARRAY_OK;
}
