/*
** plan.h: a change of capacity, planned once and committed once. Planning checks and changes nothing, so
** that the owner may do in between what must come before a growth: collect garbage, tell an observer.
*/
#ifndef PLAN_H
#define PLAN_H

#include "dynarray.h"

typedef struct capacity_plan {
    size_t old_capacity, capacity; /* elements */
    dynarray_block kind;           /* where the block comes from */
} capacity_plan;

/* plan_check: DYNARRAY_OK, DYNARRAY_TOO_LARGE, _MAX_SIZE or _FIXED for a capacity of n. */
dynarray_status plan_check(const dynarray *a, size_t n);

/*
** plan_growth: the capacity that the array's policy answers for `needed` elements, more than there are. The
** answer is cut to what max_size, the heap's limit and the block allow, but not below `needed`: whether the
** limit allows that is seen when it is committed, since a collection may come before.
*/
dynarray_status plan_growth(const dynarray *a, size_t needed, capacity_plan *plan);

/* plan_capacity: exactly that capacity, larger or smaller; DYNARRAY_OUT_OF_BOUNDS below the size. */
dynarray_status plan_capacity(const dynarray *a, size_t capacity, capacity_plan *plan);

/*
** plan_commit: gives the array the block of a plan that was made for the array as it is. A growth fills *event,
** is counted in the heap and in *stats (NULL: nowhere), and is told to the setup's observer. After a failure (no
** memory, the heap's limit, a full range) nothing has changed.
*/
dynarray_status plan_commit(dynarray *a, const capacity_plan *plan, dynarray_stats *stats,
                            dynarray_event *event);

#endif
