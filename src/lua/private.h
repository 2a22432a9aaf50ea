/* private.h: what the files of the Lua binding share. */
#ifndef PRIVATE_H
#define PRIVATE_H

#include <lauxlib.h>
#include <lua.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "dynarray.h"
#include "dynarray_lua.h"

/* ---------------------------------------------------------------------------------------------
** Compatibility: all that differs between Lua versions
*/
#if LUA_VERSION_NUM < 503 || LUA_VERSION_NUM > 505
#error "dynarray needs Lua 5.3, 5.4 or 5.5"
#endif
#if LUA_VERSION_NUM == 503
#define lua_newuserdatauv(L, size, nuvalue) ((void)(nuvalue), lua_newuserdata((L), (size)))
#define lua_getiuservalue(L, index, n) ((void)(n), lua_getuservalue((L), (index)))
#define lua_setiuservalue(L, index, n) ((void)(n), lua_setuservalue((L), (index)))
#define luaL_pushfail lua_pushnil
#endif
#if !defined(lua_writestring) /* 5.5 keeps these to itself */
#include <stdio.h>
#define lua_writestring(s, n) fwrite((s), 1, (n), stdout)
#define lua_writeline() (lua_writestring("\n", 1), fflush(stdout))
#endif

_Static_assert(sizeof(lua_Integer) == 8 && sizeof(lua_Number) == 8,
               "value arrays keep Lua's 64-bit integers and doubles");

/* Kept out of its caller, whose fast path then saves few registers. */
#if defined(__GNUC__)
#define SLOW_PATH __attribute__((noinline))
#else
#define SLOW_PATH
#endif

/* ---------------------------------------------------------------------------------------------
** Limits and defaults
*/
#define DEFAULT_CAPACITY 16             /* elements, the article's */
#define INLINE_BYTES 256                /* largest first block that lies in the userdata itself */
#define DEFAULT_KEEP ((size_t)64 << 10) /* bytes of freed blocks that stay */
#define KNOWN_ARRAYS 64  /* arrays whose type need not be looked up again; a power of two */
#define SHOWN_ELEMENTS 8 /* by tostring */
#define SHOWN_STRING 32  /* bytes of a string element shown by tostring and errors */

/* ---------------------------------------------------------------------------------------------
** The state: one for each lua_State, a userdata in the registry; every C function of the module has
** its address as first upvalue.
*/
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

/* Config: the setup of an array that differs from the state's. */
typedef struct Config {
    dynarray_setup setup;
    dynarray_growth growth;
} Config;

/* ---------------------------------------------------------------------------------------------
** self.c: arguments that are arrays
*/

/* The array at that index, NULL if it is something else. */
Array *array_test(lua_State *L, State *S, int index);

/* The array at that index, or an argument error. */
Array *array_check(lua_State *L, State *S, int index);

static inline State *state_of(lua_State *L) {
    return (State *)lua_touserdata(L, lua_upvalueindex(1));
}

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

/* Argument 1, NULL unless it was seen to be an array. */
static inline Array *known_self(lua_State *L) {
    const State *S = state_of(L);
    Array *A = (Array *)lua_touserdata(L, 1);
    if (DYNARRAY_UNLIKELY(!is_known(L, S, 1, A))) return NULL;
    return A;
}

/*
** Argument 1 as an array, or an argument error. Comparing metatables takes three calls of the API; a
** userdata that was seen to be an array stays one, so that its address and its id are enough.
*/
static inline Array *self(lua_State *L) {
    Array *A = known_self(L);
    if (DYNARRAY_UNLIKELY(A == NULL)) return array_check(L, state_of(L), 1);
    return A;
}

int fail_read_only(lua_State *L);

/* Argument 1 as an array that may be written to, or an error. */
static inline Array *self_writable(lua_State *L) {
    Array *A = self(L);
    if (DYNARRAY_UNLIKELY(A->core.flags & ARRAY_READ_ONLY)) fail_read_only(L);
    return A;
}

/* The index at arg, 1 <= i <= most, counted from 0; or the error of one out of bounds. */
size_t check_place(lua_State *L, const Array *A, int arg, size_t most);

/* Elements i to j of the arguments arg and arg + 1, all by default; none if j < i. */
typedef struct range {
    size_t first, end; /* from 0; end is past the last, never below first */
} range;
range check_range(lua_State *L, const Array *A, int arg);

/* The string at that index, "" if it is something else or has a zero in it: no name has one. */
const char *name_at(lua_State *L, int index);

/* ---------------------------------------------------------------------------------------------
** view.c
*/

/* Data and size as the parent has them now; nothing for an array that is no view. */
void view_sync(Array *A);
/* The array whose slots anchor the elements: the parent of a view. */
Array *anchor_owner(Array *A);
/* Pushes that array; index: where A is. */
void push_anchor_owner(lua_State *L, const Array *A, int index);
int method_view(lua_State *L);
int method_frozen(lua_State *L);
int method_slice(lua_State *L);

/* ---------------------------------------------------------------------------------------------
** list.c: elements put in, taken out and moved about
*/
int method_insert(lua_State *L);
int method_insert_all(lua_State *L);
int method_remove(lua_State *L);
int method_remove_range(lua_State *L);
int method_swap(lua_State *L);
int method_swap_remove(lua_State *L);
int method_reverse(lua_State *L);
int method_rotate(lua_State *L);
int method_fill(lua_State *L);
int method_dedup(lua_State *L);

/* ---------------------------------------------------------------------------------------------
** functional.c: functions on each element, and elements as Lua has them
*/
int method_map(lua_State *L);
int method_filter(lua_State *L);
int method_reduce(lua_State *L);
int method_each(lua_State *L);
int method_totable(lua_State *L);
int method_unpack(lua_State *L);
int method_iter(lua_State *L);

/* ---------------------------------------------------------------------------------------------
** file.c: elements as bytes and as files
*/
int method_tobytes(lua_State *L);
int method_pointer(lua_State *L);
int method_save(lua_State *L);
int method_flush(lua_State *L);
int module_frombytes(lua_State *L);
int module_load(lua_State *L);
int module_map(lua_State *L);

/* ---------------------------------------------------------------------------------------------
** fail.c: error messages, each raised at the caller's line
*/
/* The value at that index as messages name it: a number, a string in quotes, else its type. Pushes. */
const char *describe(lua_State *L, int index);
/* The type of that value as Lua's own messages name it: by __name if it has one. Pushes. */
const char *named_type(lua_State *L, int index);
/* The string on the top of the stack gives way to the same in quotes, cut and escaped. */
void quote_string(lua_State *L);

/* They return an int so that a C function can return them; none does return. */
int fail_index(lua_State *L, const Array *A, lua_Integer i);
int fail_key(lua_State *L, int index);
int fail_status(lua_State *L, const Array *A, dynarray_status status, size_t needed);
/* Raises "array is closed" if it is. */
void check_open(lua_State *L, const Array *A);
_Noreturn void fail_memory(lua_State *L);
int fail_changed(lua_State *L);

/* Why a Lua value cannot become an element. */
typedef enum misfit { FITS, NOT_A_NUMBER, NOT_AN_INTEGER, OUT_OF_RANGE, NEEDS_SLOT } misfit;
#define AS_FILL SIZE_MAX          /* in place of an index: the element is the array's fill */
#define AS_OPERAND (SIZE_MAX - 1) /* or an operand of arithmetic */
int fail_element(lua_State *L, dynarray_type type, int arg, misfit why, size_t i);
/* What was computed for element i (from 0), told by `how`, is no element of that type. */
int fail_result(lua_State *L, dynarray_type type, const char *how, size_t i);
/*
** Lua's own error, but at the caller's line, if the values cannot have the operator: check_comparable for all
** but two numbers or two strings. Tables and userdata are left to Lua.
*/
void check_comparable(lua_State *L, int x, int y);
void check_arithmetic(lua_State *L, int x, int y, const char *event);
int fail_operands(lua_State *L, const Array *A, const Array *B);

/* The integer at arg, least <= n <= most, or an argument error that names all three. */
size_t check_size(lua_State *L, int arg, const char *what, size_t least, size_t most);

/* ---------------------------------------------------------------------------------------------
** convert.c: elements to and from Lua values
*/
typedef struct conversion {
    /* pushes the element; index: where the array is, for anchored objects */
    void (*push)(lua_State *L, const Array *A, int index, const void *element);
    /* stores the Lua value at arg; nothing is written unless it fits; never raises */
    misfit (*put)(lua_State *L, int arg, void *element);
    /*
    ** take stores n values from arg on, read the n elements from i (counted from 1) on of a table that
    ** has no metatable: lua_geti, which then runs no code, is a fifth faster than lua_rawgeti. Both stop
    ** at the first that does not fit and return how many were stored, *why telling why.
    */
    size_t (*take)(lua_State *L, int arg, size_t n, void *elements, misfit *why);
    size_t (*read)(lua_State *L, int source, size_t i, size_t n, void *elements, misfit *why);
} conversion;

#define READ_BATCH 32 /* values on the stack before they are popped at once */

extern const conversion conversions[DYNARRAY_VALUE + 1];

static inline void *element_at(const Array *A, size_t i) {
    return (char *)A->core.data + i * A->core.element_size;
}

static inline void push_element(lua_State *L, const Array *A, int index, size_t i) {
    conversions[A->core.type].push(L, A, index, element_at(A, i));
}

static inline bool holds_values(const Array *A) { return A->core.type == DYNARRAY_VALUE; }

/* Raises an error unless the value at arg can be an element; i: its index, for the message. */
void check_element(lua_State *L, const Array *A, int arg, size_t i);

/* ---------------------------------------------------------------------------------------------
** value.c: the words of value arrays and the objects that they anchor
*/

/* A word for the value at arg; a slot that it needs must be reserved. */
uint64_t value_encode(lua_State *L, Array *A, int index, int arg);
void value_push(lua_State *L, const Array *A, int index, const void *element);
/* See conversion; they stop at the first value that needs a slot. */
size_t value_take(lua_State *L, int arg, size_t n, void *elements, misfit *why);
size_t value_read(lua_State *L, int source, size_t i, size_t n, void *elements, misfit *why);
bool value_is_nil(uint64_t word);
/*
** Sees to it that n objects can be anchored without an error. May create a table, and so run
** finalizers: what is known of the array must be looked at again. Nothing else in this file does.
*/
void value_reserve_slots(lua_State *L, Array *A, int index, size_t n);
/* How many objects can be anchored now. */
size_t value_unused_slots(Array *A);
/* Gives up what elements i to j - 1 (from 0) anchor. Never raises. */
void value_release(lua_State *L, Array *A, int index, size_t i, size_t j);
void value_release_word(lua_State *L, Array *A, int index, uint64_t word);

/* Words, see value.c: the upper 16 bits of those that are no float, and integers. */
#define VALUE_WORD(tag) ((uint64_t)(tag) << 48)
#define VALUE_CONSTANT_TAG 0xFFF9
#define VALUE_SLOT_TAG 0xFFFA
#define VALUE_INTEGER_TAG 0xFFFC
#define VALUE_INTEGER_BITS 50
#define VALUE_INTEGER_HALF ((lua_Integer)1 << (VALUE_INTEGER_BITS - 1))

/* The word of an integer 0 <= i < 2^49. */
static inline uint64_t value_of_count(uint64_t i) { return VALUE_WORD(VALUE_INTEGER_TAG) | i; }

static inline bool value_is_anchored(uint64_t word) { return word >> 48 == VALUE_SLOT_TAG; }

/* Whether the word is a number itself; those that are anchored are others. */
static inline bool value_is_plain_number(uint64_t word) {
    return word >> 48 != VALUE_SLOT_TAG && word >> 48 != VALUE_CONSTANT_TAG;
}

/* value_plain for all that is no small number. */
bool value_plain_other(lua_State *L, int arg, uint64_t *word);

/*
** The word of the value at arg, false if it needs a slot. Never raises. Two calls of the API for an
** integer and for a fraction, where asking for the type first would take three: a number that is no
** whole one cannot be an integer, and what is no number reads as 0. One call for a fraction whose type
** is known, else -1.
*/
static inline bool value_plain_typed(lua_State *L, int arg, int type, uint64_t *word) {
    const lua_Number half = (lua_Number)VALUE_INTEGER_HALF;
    const lua_Number x = lua_tonumber(L, arg);
    if (x >= -half && x < half) {
        const lua_Integer i = (lua_Integer)x;
        if ((lua_Number)i != x) { /* unless it is a string */
            memcpy(word, &x, sizeof *word);
            if ((type < 0 ? lua_type(L, arg) : type) == LUA_TNUMBER) return true;
        } else if (lua_isinteger(L, arg)) {
            *word = VALUE_WORD(VALUE_INTEGER_TAG) | (lua_Unsigned)i;
            return true;
        }
    }
    return value_plain_other(L, arg, word);
}

static inline bool value_plain(lua_State *L, int arg, uint64_t *word) {
    return value_plain_typed(L, arg, -1, word);
}

/* The key of an anchored object in the table of the array that anchors it. */
lua_Integer value_slot(uint64_t word);
/* Whether the word is a float, but no NaN; an integer. */
bool value_is_float(uint64_t word);
bool value_is_integer(uint64_t word);
/* Turns the sign bit of integers' words: then their order is that of the words, and back. */
void value_flip_signs(uint64_t *words, size_t n);

static inline misfit value_put(lua_State *L, int arg, void *element) {
    uint64_t word;
    if (!value_plain(L, arg, &word)) return NEEDS_SLOT;
    memcpy(element, &word, sizeof word);
    return FITS;
}

/* conversion.put of element i, which lies past the size. The two commonest types are spared a call. */
static inline misfit put_element(lua_State *L, const Array *A, size_t i, int arg) {
    if (holds_values(A)) return value_put(L, arg, (uint64_t *)A->core.data + i);
    if (A->core.type == DYNARRAY_FLOAT64) {
        if (lua_type(L, arg) != LUA_TNUMBER) return NOT_A_NUMBER;
        ((double *)A->core.data)[i] = lua_tonumber(L, arg);
        return FITS;
    }
    return conversions[A->core.type].put(L, arg, element_at(A, i));
}

/* The same over element i: an anchored object gives up its slot, which is more than writing. */
static inline misfit write_element(lua_State *L, const Array *A, size_t i, int arg) {
    if (holds_values(A) && value_is_anchored(((const uint64_t *)A->core.data)[i]))
        return NEEDS_SLOT;
    return put_element(L, A, i, arg);
}

/* ---------------------------------------------------------------------------------------------
** grow.c: capacity with policies, observers and the collector in between
*/

/*
** Room for `extra` more elements, or an error. May run Lua code (policy, observer, finalizers), so the
** array may be another afterwards, but has the room.
*/
void make_room_slow(lua_State *L, Array *A, int index, size_t extra);

static inline void make_room(lua_State *L, Array *A, int index, size_t extra) {
    if (DYNARRAY_UNLIKELY(extra > A->core.capacity - A->core.size))
        make_room_slow(L, A, index, extra);
}

/* Sets the capacity as dynarray_set_capacity does; a small block is the userdata's own if it has one. */
dynarray_status resize_block(Array *A, size_t capacity, dynarray_event *event);

/* The capacity becomes exactly this (size <= capacity), or an error. May run Lua code. */
void change_capacity(lua_State *L, Array *A, int index, size_t capacity);

/*
** Takes back what make_room did since these were the capacity and the figures. A host's allocator that
** refuses to make a block smaller leaves the capacity, and the figures that go with it.
*/
void undo_growth(Array *A, size_t capacity, const dynarray_stats *stats);

/* The policy at arg (a factor, a name, a function) becomes the array's. */
void set_growth(lua_State *L, Array *A, int index, int arg);
void push_growth(lua_State *L, const Array *A, int index);
int method_set_growth(lua_State *L);
int method_stats(lua_State *L);
/* Pushes the table of named policies, each callable. */
void push_growth_table(lua_State *L);

/* Pushes the table that is the user value, a new one if there is none. May run finalizers. */
void push_user_table(lua_State *L, int index, int slots);

/* Stores the function at arg under that key of the user value. */
void set_callback(lua_State *L, int index, const char *key, int arg);

/* ---------------------------------------------------------------------------------------------
** holding.c: what is freed when the state closes, if not before
*/

/* Sees to it that the array may hold something outside of its userdata; false if there is no memory. */
bool holding_reserve(Array *A);
/* The same, or an error, after a collection: may run Lua code. */
void holding_require(lua_State *L, Array *A);
/* The array's own setup, made from the state's at the first call. May run Lua code, then, as well. */
Config *own_config(lua_State *L, Array *A);
/* The figures of its growths. */
dynarray_stats stats_of(const Array *A);
/* What resize writes if it is told nothing else, an element: 0 unless set. */
uint64_t fill_of(const Array *A);
void set_fill(lua_State *L, Array *A, uint64_t fill);
/* To be called whenever block, capacity or setup of such an array have changed. */
void holding_note(const Array *A);
void holding_drop(Array *A);
/* Frees block and setup; the core has the state's setup then. */
void free_core(State *S, dynarray *core);
void holdings_close(State *S);

/* ---------------------------------------------------------------------------------------------
** collector.c: Lua's collector and the memory that it does not see
*/

/* Before `bytes` more are held: runs a full cycle if one is due. May run finalizers. */
void collector_pace(lua_State *L, State *S, size_t bytes);
int module_memory(lua_State *L);
int module_limit(lua_State *L);
int module_collector(lua_State *L);
void collector_init(State *S);

/* ---------------------------------------------------------------------------------------------
** host.c: the functions that dynarray_lua.h declares
*/
void host_init(State *S);
/* What keeps the block in place anyhow: the rest of `fixed` counts pins. */
static inline unsigned fixed_by_nature(const Array *A) {
    return (A->core.flags & (ARRAY_CLOSED | ARRAY_VIEW)) || A->core.block == DYNARRAY_BLOCK_LENT;
}
static inline unsigned pins_of(const Array *A) { return A->core.fixed - fixed_by_nature(A); }
static inline bool is_pinned(const Array *A) { return pins_of(A) > 0; }
/* All pins of an array that goes; a view's come off its parent, too. */
void release_pins(Array *A);

/* ---------------------------------------------------------------------------------------------
** probe.c: instruments
*/

/* Pushes the table of instruments. */
void push_probe(lua_State *L);

/* ---------------------------------------------------------------------------------------------
** construct.c: new arrays
*/

/* What a new array is to be; 0 and NULL where nothing was asked for. */
typedef struct Options {
    dynarray_type type;
    size_t capacity;
    bool has_type, has_capacity;
    bool sequence, debug;
    size_t max_size;
    dynarray_block block;
    int growth, fill, on_grow; /* stack indices of the values, 0 if not given */
} Options;

/*
** Pushes an array without options: struct_bytes, of an Array or a struct that begins with one, whose rest
** is the caller's to set, and an inline block of that capacity.
*/
Array *array_create(lua_State *L, State *S, dynarray_type type, size_t struct_bytes,
                    size_t own_capacity);

/* Raises an error if a finalizer, with the debug library, has found a new array and changed it. */
void check_blank(lua_State *L, const Array *A);

/* Pushes a new empty array. */
Array *array_new(lua_State *L, State *S, const Options *options);

/* The same without options but the bounds of the model. */
Array *array_new_plain(lua_State *L, const Array *model, dynarray_type type, size_t capacity);

/* The same with the elements of A, of a numeric type. */
Array *push_copy(lua_State *L, Array *A);

/* Options with all defaults and this type; with type and bounds of that array. */
Options options_for(dynarray_type type);
Options options_like(const Array *A);

/* The type named by the argument, or an argument error. */
dynarray_type check_type_argument(lua_State *L, int arg, bool numeric);

/* Frees the block and everything else; the array is empty for good. */
void array_close(lua_State *L, Array *A, int index);
/* The same for an array whose state has closed, which freed what it held. */
void array_lose(Array *A);

int module_new(lua_State *L);
int module_of(lua_State *L);
int module_from(lua_State *L);
int module_filled(lua_State *L);

int meta_gc(lua_State *L);
int meta_close(lua_State *L);
int method_copy(lua_State *L);

/* ---------------------------------------------------------------------------------------------
** edit.c: methods that change the array; extend is also what constructors fill with
*/

/* Appends all that the source at that index (a table, an array, a function) gives, or nothing. */
void extend_from(lua_State *L, Array *A, int index, int source);
/* The same for what will stand from `first` (from 0) on, so for messages; returns how many. */
size_t extend_from_as(lua_State *L, Array *A, int index, int source, size_t first);
/* Appends the `count` values from arg on, or nothing. */
void append_values(lua_State *L, Array *A, int index, int arg, int count);
/* Writes the value at arg over element i (from 0) of a value array. */
void value_set(lua_State *L, Array *A, int index, size_t i, int arg);
/* Only the first n elements stay, n <= size, or an error. */
void truncate_to(lua_State *L, Array *A, int index, size_t n);
/* Removes the last element and pushes it. */
void pop_element(lua_State *L, Array *A, int index);
/* Grows to n elements, the new ones from the value at arg, or the array's fill if arg is 0. */
void resize_up(lua_State *L, Array *A, int index, size_t n, int arg);

int method_append(lua_State *L);
int method_pop(lua_State *L);
int method_extend(lua_State *L);
int method_clear(lua_State *L);
int method_reserve(lua_State *L);
int method_resize(lua_State *L);
int method_shrink_to_fit(lua_State *L);
int method_copy_from(lua_State *L);

/* ---------------------------------------------------------------------------------------------
** access.c: indexing, iteration, comparison, text
*/
int meta_index(lua_State *L);
int meta_newindex(lua_State *L);
int meta_len(lua_State *L);
int meta_pairs(lua_State *L);
int meta_eq(lua_State *L);
int meta_concat(lua_State *L);
int meta_tostring(lua_State *L);
int method_get(lua_State *L);
int method_set(lua_State *L);
int module_ipairs(lua_State *L);
/* Pushes the table of methods and fields, the second upvalue of meta_index. */
void push_member_table(lua_State *L, const luaL_Reg *methods);

/* ---------------------------------------------------------------------------------------------
** search.c
*/
int method_index_of(lua_State *L);
int method_contains(lua_State *L);
int method_count(lua_State *L);
int method_lower_bound(lua_State *L);
int method_upper_bound(lua_State *L);
int method_insert_sorted(lua_State *L);

/* ---------------------------------------------------------------------------------------------
** order.c
*/

/* An argument that is a comparator, or nothing: its index, or 0. */
int check_less(lua_State *L, int arg);
/*
** Whether the value at x sorts before that at y: as the comparator at `less` says, which may do anything;
** if that is 0, by Lua's <, but NaN comes after all other numbers.
*/
bool value_less(lua_State *L, int less, int x, int y);
int method_sort(lua_State *L);
int method_sort_stable(lua_State *L);
int method_is_sorted(lua_State *L);
int method_nth(lua_State *L);
int method_percentile(lua_State *L);

/* ---------------------------------------------------------------------------------------------
** arithmetic.c: reductions and element-wise arithmetic
*/

/* An argument error unless the array is of a numeric type. */
void check_numeric(lua_State *L, const Array *A, int arg);
int method_sum(lua_State *L);
int method_mean(lua_State *L);
int method_min(lua_State *L);
int method_max(lua_State *L);
int method_dot(lua_State *L);
int method_add(lua_State *L);
int method_sub(lua_State *L);
int method_mul(lua_State *L);
int method_div(lua_State *L);
int method_abs(lua_State *L);
int method_sqrt(lua_State *L);
int method_clamp(lua_State *L);
int method_cumsum(lua_State *L);
int meta_add(lua_State *L);
int meta_sub(lua_State *L);
int meta_mul(lua_State *L);
int meta_div(lua_State *L);

#endif
