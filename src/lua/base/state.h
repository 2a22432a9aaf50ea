/* state.h: what all of the binding stands on: the state, arrays, views, and what they hold outside. */
#ifndef BINDING_STATE_H
#define BINDING_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "dynarray.h"
#include "dynarray_lua.h"
#include "lua/base/compat.h"

/* Kept out of its caller, whose fast path then saves few registers. */
#if defined(__GNUC__)
#define SLOW_PATH __attribute__((noinline))
#else
#define SLOW_PATH
#endif

/* ---------------------------------------------------------------------------------------------
** The state: one for each lua_State, a userdata in the registry; every C function of the module has
** its address as first upvalue.
*/
#define KNOWN_ARRAYS 64 /* arrays whose type need not be looked up again; a power of two */

typedef struct known_array {
    const struct Array *array;
    uint32_t id; /* the array's: another userdata may come to lie at its address */
} known_array;

/*
** holding: what an array has outside of its userdata, which thereby is small: most arrays are, and a
** smaller userdata costs less of malloc's time and of the collector's. See holding.c.
*/
typedef struct holding {
    dynarray core;        /* a copy */
    dynarray_stats stats; /* of its growths */
    uint64_t fill;      /* an element, what resize writes if it is told nothing else; see fill_of */
    uint32_t slots;     /* of the anchor table */
    uint32_t anchored;  /* slots in use */
    uint32_t free_slot; /* head of the list of the others; 0: none */
    struct holding *next, **link; /* of the state's list; link: what points here */
} holding;

typedef struct State {
    dynarray_lua_api api; /* first: host.c takes one address for the other */
    dynarray_heap heap;
    dynarray_setup setup;   /* of arrays that chose nothing else */
    dynarray_growth growth; /* the policy of these: doubling */
    size_t array_count;
    /* of arrays, and of those closed, without __gc: their identities, see is_array */
    const void *metatable, *closed_metatable;
    int metatable_ref, closed_metatable_ref; /* in the registry: looked up for each array */
    known_array known[KNOWN_ARRAYS];
    uint32_t last_id;
    holding *holdings;
    holding *spare_holding;    /* for the next array that holds something, NULL: none */
    lua_CFunction ipairs_step; /* what stock ipairs returns, NULL if there is none */
    lua_CFunction table_move;  /* stock table.move, NULL if there is none */
    struct {
        size_t live;      /* bytes held after the last full cycle, or less if that was given back */
        size_t threshold; /* bytes held at which the next one is due */
        int pause;        /* percent, as Lua's own */
        bool off;
    } collector;
    bool stock_allocator; /* the state's allocator is luaL_newstate's: pages are allowed */
    bool closed;          /* the lua_State is closing */
} State;

static inline State *state_of(lua_State *L) {
    return (State *)lua_touserdata(L, lua_upvalueindex(1));
}

/* Config: the setup of an array that differs from the state's. */
typedef struct Config {
    dynarray_setup setup;
    dynarray_growth growth;
} Config;

/* ---------------------------------------------------------------------------------------------
** Arrays
*/

/* Flags of an array, in core.flags. */
#define ARRAY_SEQUENCE 1u   /* bounds = "sequence" */
#define ARRAY_DEBUG 2u      /* prints each growth */
#define ARRAY_OBSERVED 4u   /* has an on_grow function */
#define ARRAY_SCRIPTED 8u   /* its growth policy is a Lua function */
#define ARRAY_CLOSED 16u    /* empty for good */
#define ARRAY_FINALIZED 32u /* no __gc is to come: its address may soon be another object's */
#define ARRAY_READ_ONLY 64u /* writing is an error */
#define ARRAY_VIEW 128u     /* the struct is a View */

/*
** Array: the userdata. Its user value is nil or a table: the anchored objects of a value array at
** 1, 2, ..., and the functions growth and on_grow at these keys. The inline block follows the struct.
*/
typedef struct Array {
    uint32_t id; /* see is_known */
    uint16_t inline_bytes;
    bool has_table; /* as its user value */
    bool has_fill;  /* in its holding */
    dynarray core;
    State *state;
    holding *holding; /* NULL if there is nothing to be held */
} Array;

/*
** View: a window on another array's elements. Its core borrows the parent's block and is brought up to
** date whenever it is an argument (array_test), so views are never among the known arrays. After a call
** into Lua, view_sync must be called again. Its user value is a table that holds the parent.
*/
typedef struct View {
    Array array;
    Array *parent;         /* never a view itself */
    size_t offset, length; /* elements; the window may reach past the parent's size */
} View;

static inline void *element_at(const Array *A, size_t i) {
    return (char *)A->core.data + i * A->core.element_size;
}

static inline bool holds_values(const Array *A) { return A->core.type == DYNARRAY_VALUE; }

/* What keeps the block in place anyhow: the rest of `fixed` counts pins. */
static inline unsigned fixed_by_nature(const Array *A) {
    return (A->core.flags & (ARRAY_CLOSED | ARRAY_VIEW)) || A->core.block == DYNARRAY_BLOCK_LENT;
}

static inline unsigned pins_of(const Array *A) { return A->core.fixed - fixed_by_nature(A); }

static inline bool is_pinned(const Array *A) { return pins_of(A) > 0; }

/* ---------------------------------------------------------------------------------------------
** Known arrays
*/

static inline size_t known_place(const void *array) {
    return ((uintptr_t)array >> 6) % KNOWN_ARRAYS;
}

/* No array has this address; an unused place of `known` holds it, as no argument can be equal to it. */
#define NO_ARRAY(S) ((const Array *)(const void *)(S)->known)

static inline void remember_array(State *S, const Array *A) {
    known_array *known = &S->known[known_place(A)];
    known->array = A;
    known->id = A->id;
}

static inline void forget_array(State *S, const Array *A) {
    known_array *known = &S->known[known_place(A)];
    if (known->array == A) known->array = NO_ARRAY(S);
}

/*
** Whether the value at that index, with the address A, was seen to be an array. A light userdata may hold
** any address; and since Lua drops finalizers that it cannot call (for lack of C stack), an array may be
** gone without a word and another userdata be at its address, which then has not its id.
*/
static inline bool is_known(lua_State *L, const State *S, int index, const Array *A) {
    const known_array *known = &S->known[known_place(A)];
    if (DYNARRAY_UNLIKELY(known->array != A || lua_type(L, index) != LUA_TUSERDATA)) return false;
    return !DYNARRAY_UNLIKELY(A->id != known->id);
}

#endif
