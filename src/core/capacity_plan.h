/*
** capacity_plan.h: a change of capacity, planned once and committed once. A plan only checks, and changes nothing. Between
** plan and commit the owner of the array can do what must come before a growth: collect garbage, tell an observer.
*/
#ifndef CAPACITY_PLAN_H
#define CAPACITY_PLAN_H

#include "dynarray.h"

typedef struct capacity_plan {
    size_t old_capacity, capacity; /* elements */
    size_t ahead;                  /* bytes that get their pages at once, see block_ahead */
    dynarray_block kind;           /* where the block comes from */
} capacity_plan;

/* plan_check: DYNARRAY_OK, DYNARRAY_TOO_LARGE, _MAX_SIZE or _FIXED for a capacity of n. */
dynarray_status plan_check(const dynarray *a, size_t n);

/*
** plan_growth: asks the policy for the capacity for `needed` elements, more than there are. The answer is cut to what
** max_size, the limit of the heap and the block allow, but not below `needed`. plan_commit finds out whether the limit
** allows `needed` itself, since garbage may be collected before.
*/
dynarray_status plan_growth(const dynarray *a, size_t needed, capacity_plan *plan);

/* plan_capacity: plans exactly that capacity, larger or smaller; DYNARRAY_OUT_OF_BOUNDS if it is below the size. */
dynarray_status plan_capacity(const dynarray *a, size_t capacity, capacity_plan *plan);

/* plan_lacks_room: whether a commit failed as there was too little memory, or disk space for the file: less may be there. */
bool plan_lacks_room(const dynarray *a, dynarray_status status);

/*
** plan_less: after a commit that lacked room, plans less than before; false if nothing less is worth it. It never
** plans less than `needed`, nor a growth by less than a 64th: such small growths would copy the elements again and
** again.
*/
bool plan_less(const dynarray *a, size_t needed, capacity_plan *plan);

/*
** plan_commit: carries out a plan, which must have been made for the array as it is. If it is a growth, it fills
** *event (unless event is NULL), counts in the heap and in *stats (unless that is NULL), and calls the observer of the
** setup. After a failure (no memory, the limit of the heap, a full range) nothing has changed.
*/
dynarray_status plan_commit(dynarray *a, const capacity_plan *plan, dynarray_stats *stats,
                            dynarray_event *event);

#endif
