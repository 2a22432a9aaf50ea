/* state.h: the structs of the binding: the state, arrays, views, and what they hold outside of Lua. */
#ifndef BINDING_STATE_H
#define BINDING_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/system/files.h"
#include "dynarray.h"
#include "dynarray_lua.h"
#include "lua/base/compat.h"

/* Not inlined, so that the fast path of its caller saves fewer registers. */
#if defined(__GNUC__)
#define SLOW_PATH __attribute__((noinline))
#else
#define SLOW_PATH
#endif

/* ---------------------------------------------------------------------------------------------
** The state: one for each lua_State, a userdata in the registry. Every C function of the module has its
** address as the first upvalue.
*/
#define KNOWN_ARRAYS 64 /* how many arrays need no second lookup of their type; a power of two */

typedef struct known_array {
    const struct Array *array;
    uint32_t id; /* of the array: another userdata may later have its address */
} known_array;

/*
** holding: what an array has outside of its userdata. This keeps the userdata small: most arrays are small, and a
** smaller userdata takes less time of malloc and of the collector. See holding.c.
*/
typedef struct holding {
    dynarray core;                /* a copy */
    dynarray_stats stats;         /* of its growths */
    uint64_t fill;                /* an element: what resize writes by default; see fill_of */
    uint32_t slots;               /* of the anchor table */
    uint32_t anchored;            /* of these, slots in use */
    uint32_t free_slot;           /* head of their list of free slots; 0: none */
    struct holding *next, **link; /* in the list of the state; link: the pointer that points here */
} holding;

typedef struct State {
    dynarray_lua_api api; /* first member: host.c uses one address for both */
    dynarray_heap heap;
    dynarray_setup setup;   /* of arrays without a setup of their own */
    dynarray_growth growth; /* the policy of such arrays: doubling */
    size_t array_count;
    /* of arrays, and of closed arrays (without __gc); an array is known by them, see is_array */
    const void *metatable, *closed_metatable;
    int metatable_ref,
        closed_metatable_ref; /* in the registry, from where each new array gets it */
    known_array known[KNOWN_ARRAYS];
    uint32_t last_id;
    holding *holdings;
    holding *spare_holding;    /* a node kept for the next array that holds something, or NULL */
    lua_CFunction ipairs_step; /* what Lua's ipairs returns, or NULL if there is no ipairs */
    lua_CFunction table_move;  /* Lua's table.move, or NULL if there is none */
    struct {
        size_t live;      /* bytes held after the last full cycle, less what was given back since */
        size_t threshold; /* bytes held at which the next full cycle is due */
        int pause;        /* in percent, as Lua's own pause */
        bool off;
    } collector;
    bool expects_objects; /* small value arrays get objects lately: new ones have own slots */
    bool stock_allocator; /* the allocator is that of luaL_newstate, so pages are allowed */
    bool sandbox;         /* nothing of files and no probe, see dynarray_lua.h */
    bool closed;          /* the lua_State is closing */
} State;

static inline State *state_of(lua_State *L) {
    return (State *)lua_touserdata(L, lua_upvalueindex(1));
}

/* Config: the setup of an array that has other settings than the state. */
typedef struct Config {
    dynarray_setup setup;
    dynarray_growth growth;
    files_identity file; /* of a block that is a mapped file */
    bool is_file;
} Config;

/* ---------------------------------------------------------------------------------------------
** Arrays
*/

/* Flags of an array, in core.flags. */
#define ARRAY_SEQUENCE 1u   /* bounds = "sequence" */
#define ARRAY_DEBUG 2u      /* prints each growth */
#define ARRAY_OBSERVED 4u   /* has an on_grow function */
#define ARRAY_SCRIPTED 8u   /* its growth policy is a Lua function */
#define ARRAY_CLOSED 16u    /* closed: empty from now on */
#define ARRAY_FINALIZED 32u /* __gc will not be called: another object may soon have its address */
#define ARRAY_READ_ONLY 64u /* to write to it is an error */
#define ARRAY_VIEW 128u     /* the struct is a View */

/*
** Array: the userdata. Its first user value is nil or a table, which has anchored objects of a value array at the
** keys 1, 2 and so on, and the functions growth and on_grow at these keys. More user values, if there are some, have
** anchored objects, too: the own slots. The inline block follows the struct.
*/
#define INLINE_BYTES 256   /* the largest first block that is in the userdata itself */
#define MOST_OWN_SLOTS 10u /* for few objects: a table takes as much memory as this many slots */

#define BITS_MASK(n) ((1u << (n)) - 1)
#define INLINE_BITS 9    /* for 0 to INLINE_BYTES */
#define OWN_SLOTS_BITS 4 /* for 0 to MOST_OWN_SLOTS */

typedef struct Array {
    uint32_t id; /* see is_known */
    unsigned inline_bytes : INLINE_BITS;
    unsigned own_slots : OWN_SLOTS_BITS;
    unsigned own_free : MOST_OWN_SLOTS; /* a bit for each that is free */
    unsigned has_table : 1;             /* whether the first user value is a table */
    unsigned has_fill : 1;              /* in its holding */
    dynarray core;
    State *state;
    holding *holding; /* NULL if there is nothing to hold */
} Array;

/*
** An array that reads a file while another writes to it (is_reader) gets the size that the file has then
** whenever it is an argument, and so is never among the known arrays either. While a method runs, its size
** may grow: pointers to its elements stay valid.
**
** View: a window on the elements of another array, its parent. Its core borrows the block of the parent and is
** brought up to date whenever the view is an argument (array_test), so views are never known arrays. After a
** call into Lua, view_sync must be called again. The user value is a table that holds the parent.
*/
typedef struct View {
    Array array;
    Array *parent;         /* the parent, never a view itself */
    size_t offset, length; /* in elements; the window may reach past the size of the parent */
} View;

/* A bit for each own slot that has an object. */
static inline unsigned own_taken(const Array *A) { return A->own_free ^ BITS_MASK(A->own_slots); }

static inline void *element_at(const Array *A, size_t i) {
    return (char *)A->core.data + i * A->core.element_size;
}

static inline bool holds_values(const Array *A) { return A->core.type == DYNARRAY_VALUE; }

/* Whether it is a file that another array, perhaps of another process, may be writing to. */
static inline bool is_reader(const Array *A) {
    return A->core.block == DYNARRAY_BLOCK_FILE && (A->core.flags & ARRAY_READ_ONLY) != 0;
}

/* Flags in `fixed`; the rest of it counts pins. */
static inline unsigned fixed_by_nature(const Array *A) {
    return (A->core.flags & (ARRAY_CLOSED | ARRAY_VIEW)) || A->core.block == DYNARRAY_BLOCK_LENT ||
           is_reader(A);
}

static inline unsigned pins_of(const Array *A) { return A->core.fixed - fixed_by_nature(A); }

static inline bool is_pinned(const Array *A) { return pins_of(A) > 0; }

/* ---------------------------------------------------------------------------------------------
** Known arrays
*/

static inline size_t known_place(const void *array) {
    return ((uintptr_t)array >> 6) % KNOWN_ARRAYS;
}

/* The address in an unused place of `known`. No argument can have it. */
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

static inline void forget_all_arrays(State *S) {
    for (int i = 0; i < KNOWN_ARRAYS; i++) S->known[i].array = NO_ARRAY(S);
}

/*
** Whether the value at that index, with the address A, is a known array. The address alone does not tell. A light
** userdata can have any address. And Lua drops finalizers that it cannot call for lack of C stack, so an array may
** be gone unnoticed, and another userdata may have its address; that one has another id.
*/
static inline bool is_known(lua_State *L, const State *S, int index, const Array *A) {
    const known_array *known = &S->known[known_place(A)];
    if (DYNARRAY_UNLIKELY(known->array != A || lua_type(L, index) != LUA_TUSERDATA)) return false;
    return !DYNARRAY_UNLIKELY(A->id != known->id);
}

#endif
