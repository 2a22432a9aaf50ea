/*
** holding.c: what arrays have outside of their userdata: a block, a setup of their own, and what most arrays do not
** need. This keeps the userdata small.
**
** Lua frees some userdata without calling __gc: those whose finalizer it cannot call for lack of C stack, and those
** that finalizers make while the state closes. Therefore the state has a list with a copy of the core of each array
** that holds something. When the state closes, everything in the list is freed. Finalizers that are older than the
** module run after that, and find these arrays lost (array_test).
**
** The last node that was freed is kept for the next array, as the last block is (see core/memory.c).
*/
#include "lua/array/holding.h"

#include "core/memory.h"
#include "core/open_file.h"
#include "core/owner.h"
#include "lua/array/collector.h"
#include "lua/array/value_word.h"
#include "lua/base/error.h"

bool holding_reserve(Array *A) {
    static const holding none = {0};
    State *S = A->state;
    holding *h;
    if (A->holding != NULL) return true;
    h = S->spare_holding;
    S->spare_holding = NULL;
    if (h == NULL) h = heap_allocate(&S->heap, NULL, 0, sizeof *h);
    if (h == NULL) return false;
    *h = none;
    h->next = S->holdings;
    h->link = &S->holdings;
    if (h->next != NULL) h->next->link = &h->next;
    S->holdings = A->holding = h;
    h->stats.peak_bytes = A->inline_bytes;
    holding_note(A);
    return true;
}

void holding_require(lua_State *L, Array *A) {
    int attempt = 0;
    dynarray_status status;
    do {
        check_open(L, A); /* nothing would take the node back from a closed array */
        status = holding_reserve(A) ? DYNARRAY_OK : DYNARRAY_NO_MEMORY;
    } while (collect_and_retry(L, status, &attempt));
    if (status != DYNARRAY_OK) fail_memory(L);
}

Config *own_config(lua_State *L, Array *A) {
    State *S = A->state;
    Config *config = NULL;
    int attempt = 0;
    do {
        check_open(L, A);
        if (A->core.setup != &S->setup) return (Config *)(uintptr_t)A->core.setup;
        if (holding_reserve(A)) config = heap_allocate(&S->heap, NULL, 0, sizeof *config);
    } while (collect_and_retry(L, config != NULL ? DYNARRAY_OK : DYNARRAY_NO_MEMORY, &attempt));
    if (config == NULL) fail_memory(L);
    /* cppcheck-suppress nullPointerRedundantCheck ; it does not know that fail_memory never returns */
    *config = (Config){.setup = S->setup, .is_file = false};
    array_set_setup(&A->core, &config->setup);
    holding_note(A);
    return config;
}

dynarray_stats stats_of(const Array *A) {
    dynarray_stats stats = {0};
    stats.peak_bytes = A->inline_bytes;
    return A->holding != NULL ? A->holding->stats : stats;
}

uint64_t fill_of(const Array *A) {
    if (A->has_fill) return A->holding->fill;
    return holds_values(A) ? value_of_count(0) : 0;
}

void set_fill(lua_State *L, Array *A, uint64_t fill) {
    holding_require(L, A);
    A->holding->fill = fill;
    A->has_fill = true;
}

void holding_note(const Array *A) {
    if (A->holding != NULL) A->holding->core = A->core;
}

static void drop(State *S, holding *h) {
    *h->link = h->next;
    if (h->next != NULL) h->next->link = h->link;
    if (S->spare_holding != NULL)
        heap_allocate(&S->heap, h, sizeof *h, 0);
    else
        S->spare_holding = h;
}

void holding_drop(Array *A) {
    if (A->holding != NULL) drop(A->state, A->holding);
    A->holding = NULL;
}

void free_core(State *S, dynarray *core) {
    dynarray_free(core);
    if (core->setup == &S->setup) return;
    heap_allocate(&S->heap, (void *)(uintptr_t)core->setup, sizeof(Config), 0);
    array_set_setup(core, &S->setup);
}

void holdings_close(State *S) {
    while (S->holdings != NULL) {
        dynarray *core = &S->holdings->core;
        if (core->block == DYNARRAY_BLOCK_FILE) dynarray_set_size(core, open_file_size(core));
        free_core(S, core);
        drop(S, S->holdings);
    }
    if (S->spare_holding != NULL)
        heap_allocate(&S->heap, S->spare_holding, sizeof *S->spare_holding, 0);
    S->spare_holding = NULL;
}
