/*
** holding.c: what arrays hold outside of their userdata: a block, a setup of their own.
**
** Lua frees some userdata without calling __gc: those whose finalizer it could not call for lack of C
** stack, and those that finalizers make while the state closes. So the state has a list with a copy of
** the core of each array that holds something; from it, what is still held is freed when the state
** closes. Finalizers that are older than the module run after that, and find arrays lost (array_test).
*/
#include "private.h"

struct holding {
    dynarray core;
    holding *next, **link; /* link: what points here */
};

bool holding_reserve(Array *A) {
    State *S = A->state;
    holding *h;
    if (A->holding != NULL) return true;
    h = S->heap.alloc(S->heap.alloc_data, NULL, 0, sizeof *h);
    if (h == NULL) return false;
    h->next = S->holdings;
    h->link = &S->holdings;
    if (h->next != NULL) h->next->link = &h->next;
    S->holdings = A->holding = h;
    holding_note(A);
    return true;
}

void holding_note(const Array *A) {
    if (A->holding != NULL) A->holding->core = A->core;
}

static void drop(State *S, holding *h) {
    *h->link = h->next;
    if (h->next != NULL) h->next->link = h->link;
    S->heap.alloc(S->heap.alloc_data, h, sizeof *h, 0);
}

void holding_drop(Array *A) {
    if (A->holding != NULL) drop(A->state, A->holding);
    A->holding = NULL;
}

void free_core(State *S, dynarray *core) {
    dynarray_free(core);
    if (core->setup == &S->setup) return;
    S->heap.alloc(S->heap.alloc_data, (void *)(uintptr_t)core->setup, sizeof(Config), 0);
    core->setup = &S->setup;
}

void holdings_close(State *S) {
    while (S->holdings != NULL) {
        free_core(S, &S->holdings->core);
        drop(S, S->holdings);
    }
}
