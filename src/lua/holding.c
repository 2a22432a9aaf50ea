/*
** holding.c: what arrays hold outside of their userdata: a block, a setup of their own.
**
** Lua frees some userdata without calling __gc: those whose finalizer it could not call for lack of C
** stack, and those that finalizers make while the state closes. So the state has a copy of the core of
** each array that holds something; from it, what is still held is freed when the state closes.
*/
#include "private.h"

#define FIRST_HOLDINGS 16
#define MOST_HOLDINGS (UINT32_MAX / 2)
#define TAKEN UINT32_MAX

/* Holdings are counted from 1: 0 is none. */
struct holding {
    dynarray core;
    uint32_t next_free; /* or TAKEN */
};

static bool more_holdings(State *S) {
    const size_t old = S->holdings.count, n = old == 0 ? FIRST_HOLDINGS : old * 2;
    holding *list;
    if (n > MOST_HOLDINGS || n > SIZE_MAX / sizeof *list) return false;
    list =
        S->heap.alloc(S->heap.alloc_data, S->holdings.list, old * sizeof *list, n * sizeof *list);
    if (list == NULL) return false;
    S->holdings.list = list;
    S->holdings.count = (uint32_t)n;
    for (size_t i = n; i > old; i--) {
        list[i - 1].next_free = S->holdings.free;
        S->holdings.free = (uint32_t)i;
    }
    return true;
}

bool holding_reserve(Array *A) {
    State *S = A->state;
    if (A->holding != 0) return true;
    if (S->holdings.free == 0 && !more_holdings(S)) return false;
    A->holding = S->holdings.free;
    S->holdings.free = S->holdings.list[A->holding - 1].next_free;
    S->holdings.list[A->holding - 1].next_free = TAKEN;
    holding_note(A);
    return true;
}

void holding_note(const Array *A) {
    if (A->holding != 0) A->state->holdings.list[A->holding - 1].core = A->core;
}

void holding_drop(Array *A) {
    State *S = A->state;
    if (A->holding == 0) return;
    S->holdings.list[A->holding - 1].next_free = S->holdings.free;
    S->holdings.free = A->holding;
    A->holding = 0;
}

void free_core(State *S, dynarray *core) {
    dynarray_free(core);
    if (core->setup == &S->setup) return;
    S->heap.alloc(S->heap.alloc_data, (void *)(uintptr_t)core->setup, sizeof(Config), 0);
    core->setup = &S->setup;
}

void holdings_close(State *S) {
    for (uint32_t i = 0; i < S->holdings.count; i++)
        if (S->holdings.list[i].next_free == TAKEN) free_core(S, &S->holdings.list[i].core);
    if (S->holdings.count > 0)
        S->heap.alloc(S->heap.alloc_data, S->holdings.list,
                      S->holdings.count * sizeof *S->holdings.list, 0);
    S->holdings.list = NULL;
    S->holdings.count = S->holdings.free = 0;
}
