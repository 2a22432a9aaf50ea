/*
** probe.c: instruments. They measure appends and reads without a loop in Lua, the memory of the process, and what
** the instruments themselves cost.
*/
#include "core/system/system.h"

#include "lua/methods/probe.h"

#include <float.h>
#include <stdlib.h>

#include "core/open_file.h"
#include "core/system/clock.h"
#include "core/system/process.h"
#include "lua/array/anchor.h"
#include "lua/array/argument.h"
#include "lua/array/construction.h"
#include "lua/array/growth.h"
#include "lua/array/holding.h"

/* A word of a value array holds integers up to this without an anchor. */
#define MOST_APPENDS ((size_t)(SIZE_MAX >> 16 < UINT32_MAX ? SIZE_MAX : (uint64_t)1 << 48))
#define OVERHEAD_ROUNDS 31
#define OVERHEAD_OPERATIONS 2048 /* of one round; an array of this size stays in the cache */
#define OVERHEAD_READINGS 8      /* of probe.memory, which takes longer */

static uint64_t check_clock(lua_State *L) {
    const uint64_t now = clock_ns();
    /* unreached: Linux has this clock */
    if (now == 0) luaL_error(L, "this system has no monotonic clock");
    return now;
}

/* ---------------------------------------------------------------------------------------------
** Appends
*/

/* n appends that are being made. A growth may run Lua code, which may do anything to both arrays. */
typedef struct appends {
    Array *array, *times; /* times: NULL, or the array that gets the duration of each */
    size_t n, done;
    uint64_t ns;
} appends;

static void grow_for_append(lua_State *L, appends *d, size_t done) {
    d->done = done;
    make_room_slow(L, d->array, 1, 1);
    if (d->times != NULL && d->times->core.size < d->n)
        luaL_error(L, "times was changed by a callback: size %I, needed %I",
                   (LUAI_UACINT)d->times->core.size, (LUAI_UACINT)d->n);
}

static inline void record(const Array *times, size_t i, uint64_t ns) {
    if (times->core.type == DYNARRAY_UINT32)
        ((uint32_t *)times->core.data)[i] = ns < UINT32_MAX ? (uint32_t)ns : UINT32_MAX;
    else
        ((int64_t *)times->core.data)[i] = (int64_t)ns;
}

/* The number that append i appends: i modulo (maximum of the type + 1). */
#define APPENDED_SIGNED(ctype, i, max) ((ctype)((i) & (uint64_t)(max)))
#define APPENDED_UNSIGNED(ctype, i, max) ((ctype)((i) & (uint64_t)(max)))
#define APPENDED_FLOAT(ctype, i, max) ((ctype)(i))
#define APPENDED_VALUE(ctype, i, max) value_of_count(i)

/* dynarray_append_T for words of a value array that has room, for which dynarray.h has none. */
static inline dynarray_status dynarray_append_value(dynarray *a, uint64_t word) {
    ((uint64_t *)a->data)[a->size++] = word;
    return DYNARRAY_OK;
}

/* Appends as a C program does, but a full array grows as it does in a script: by policy, limit and observer. */
#define APPENDS(CONSTANT, name, ctype, kind, min, max)                                             \
    static inline void append_##name(lua_State *L, appends *d, size_t i) {                         \
        dynarray *a = &d->array->core;                                                             \
        if (DYNARRAY_UNLIKELY(a->size == a->capacity)) grow_for_append(L, d, i - 1);               \
        (void)dynarray_append_##name(a, APPENDED_##kind(ctype, i, max));                           \
    }                                                                                              \
    static void appends_##name(lua_State *L, appends *d) {                                         \
        for (size_t i = 1; i <= d->n; i++) append_##name(L, d, i);                                 \
    }                                                                                              \
    static void timed_appends_##name(lua_State *L, appends *d) {                                   \
        uint64_t before = clock_ns();                                                              \
        for (size_t i = 1; i <= d->n; i++) {                                                       \
            uint64_t now;                                                                          \
            append_##name(L, d, i);                                                                \
            now = clock_ns();                                                                      \
            record(d->times, i - 1, now - before);                                                 \
            before = now;                                                                          \
        }                                                                                          \
    }
DYNARRAY_NUMERIC_TYPES(APPENDS)
APPENDS(VALUE, value, uint64_t, VALUE, 0, 0)
#undef APPENDS

typedef void (*driver)(lua_State *L, appends *d);

static const struct {
    driver plain, timed;
} drivers[] = {
#define DRIVERS(CONSTANT, name, ctype, kind, min, max) {appends_##name, timed_appends_##name},
    DYNARRAY_NUMERIC_TYPES(DRIVERS)
#undef DRIVERS
        {appends_value, timed_appends_value},
};

/* (array, appends): makes the appends; to be called protected. */
static int run_appends(lua_State *L) {
    appends *d = lua_touserdata(L, 2);
    const int type = d->array->core.type;
    const driver run = d->times != NULL ? drivers[type].timed : drivers[type].plain;
    const uint64_t before = clock_ns();
    run(L, d);
    d->ns = clock_ns() - before;
    d->done = d->n;
    return 0;
}

static Array *check_times(lua_State *L, const Array *A, int arg, size_t n) {
    Array *times = array_check(L, state_of(L), arg);
    const int type = times->core.type;
    if (times->core.flags & (ARRAY_VIEW | ARRAY_READ_ONLY))
        luaL_argerror(L, arg, "times expected an array that is neither read-only nor a view");
    if (type != DYNARRAY_UINT32 && type != DYNARRAY_INT64)
        luaL_argerror(L, arg,
                      lua_pushfstring(L, "uint32 or int64 array expected, got a %s array",
                                      dynarray_type_name((dynarray_type)type)));
    if (times == A) luaL_argerror(L, arg, "times expected another array than the one that grows");
    if (times->core.size < n)
        luaL_argerror(L, arg,
                      lua_pushfstring(L, "times has size %I, needed %I",
                                      (LUAI_UACINT)times->core.size, (LUAI_UACINT)n));
    return times;
}

/* appends(array, n [, times]) -> ns */
static int probe_appends(lua_State *L) {
    Array *A = self_writable(L);
    const before_growth before = note_growth(A);
    appends d = {A, NULL, check_size(L, 2, "n", 0, MOST_APPENDS), 0, 0};
    lua_settop(L, 3);
    if (!lua_isnil(L, 3)) d.times = check_times(L, A, 3, d.n);
    check_clock(L);
    lua_pushcfunction(L, run_appends);
    lua_pushvalue(L, 1);
    lua_pushlightuserdata(L, &d);
    if (lua_pcall(L, 2, 0, 0) == LUA_OK) {
        dynarray_commit(&A->core);
        lua_pushinteger(L, (lua_Integer)d.ns);
        return 1;
    }
    if (A->core.size ==
        before.size + d.done) { /* otherwise a callback changed it, and that stays */
        value_release(L, A, 1, before.size, A->core.size);
        array_set_size(&A->core, before.size);
        undo_growth(A, &before);
    }
    if (lua_type(L, -1) != LUA_TSTRING) return lua_error(L);
    return luaL_error(L, "append %I of %I: %s", (LUAI_UACINT)d.done + 1, (LUAI_UACINT)d.n,
                      lua_tostring(L, -1));
}

/* ---------------------------------------------------------------------------------------------
** Reads
*/

/* chase(array, steps) -> ns, the last index; each step is i = array[i], beginning with i = 1 */
static int probe_chase(lua_State *L) {
    const Array *A = array_check(L, state_of(L), 1);
    const size_t steps = check_size(L, 2, "steps", 0, (size_t)LUA_MAXINTEGER);
    const int64_t *next = A->core.data;
    const uint64_t size = A->core.size;
    uint64_t before, place = 1;
    if (A->core.type != DYNARRAY_INT64)
        luaL_argerror(L, 1,
                      lua_pushfstring(L, "int64 array expected, got a %s array",
                                      dynarray_type_name((dynarray_type)A->core.type)));
    if (size == 0) luaL_argerror(L, 1, "array is empty");
    for (size_t i = 0; i < size; i++)
        if (next[i] < 1 || (uint64_t)next[i] > size)
            luaL_error(L, "element %I is %I, out of bounds (size %I)", (LUAI_UACINT)i + 1,
                       (LUAI_UACINT)next[i], (LUAI_UACINT)size);
    before = check_clock(L);
    for (size_t i = 0; i < steps; i++) {
        place = (uint64_t)next[place - 1];
        if (DYNARRAY_UNLIKELY(place - 1 >= size)) /* others wrote to what is mapped or lent */
            luaL_error(L, "array was changed while it was read");
    }
    lua_pushinteger(L, (lua_Integer)(clock_ns() - before));
    lua_pushinteger(L, (lua_Integer)place);
    return 2;
}

/* ---------------------------------------------------------------------------------------------
** The stack
*/

#define STACK_BYTES 4096

/* Has an array on its stack, of which it writes the first element. */
static void use_stack(uint64_t x) {
    volatile uint64_t elements[STACK_BYTES / sizeof(uint64_t)];
    elements[0] = x;
    (void)elements;
}

/* stack(count) -> ns, an address on the stack */
static int probe_stack(lua_State *L) {
    void (*volatile function)(uint64_t) = use_stack; /* so that no compiler leaves calls out */
    const size_t count = check_size(L, 1, "count", 0, (size_t)LUA_MAXINTEGER);
    const uint64_t before = check_clock(L);
    for (size_t i = 0; i < count; i++) function(i);
    lua_pushinteger(L, (lua_Integer)(clock_ns() - before));
    lua_pushinteger(L, (lua_Integer)(uintptr_t)&before);
    return 2;
}

/* ---------------------------------------------------------------------------------------------
** The process
*/

static int probe_clock(lua_State *L) {
    lua_pushinteger(L, (lua_Integer)check_clock(L));
    return 1;
}

static void set_bytes(lua_State *L, const char *name, size_t n) {
    lua_pushinteger(L, (lua_Integer)n);
    lua_setfield(L, -2, name);
}

/* memory() -> table, without figures that the system does not tell */
static int probe_memory(lua_State *L) {
    const process_memory memory = process_memory_now();
    lua_createtable(L, 0, 5);
    if (memory.has_bytes) {
        set_bytes(L, "resident", memory.resident);
        set_bytes(L, "peak", memory.peak);
        set_bytes(L, "mapped", memory.mapped);
    }
    if (memory.has_faults) {
        set_bytes(L, "minor_faults", memory.minor_faults);
        set_bytes(L, "major_faults", memory.major_faults);
    }
    return 1;
}

static int probe_reset_peak(lua_State *L) {
    lua_pushboolean(L, process_reset_peak());
    return 1;
}

/* ---------------------------------------------------------------------------------------------
** What the instruments cost
*/

static int compare_ns(const void *x, const void *y) {
    const uint64_t a = *(const uint64_t *)x, b = *(const uint64_t *)y;
    return (a > b) - (a < b);
}

/* Sets a field to the median over rounds of the ns that one operation took. */
static void set_cost(lua_State *L, const char *name, uint64_t *rounds, size_t operations) {
    const size_t middle = OVERHEAD_ROUNDS / 2;
    qsort(rounds, OVERHEAD_ROUNDS, sizeof *rounds, compare_ns);
    lua_pushnumber(L, (lua_Number)rounds[middle] / (lua_Number)operations);
    lua_setfield(L, -2, name);
}

/* overhead() -> { clock, memory, append }: ns of one reading of the clock, one call of memory, one append */
static int probe_overhead(lua_State *L) {
    uint64_t rounds[OVERHEAD_ROUNDS];
    Options options = options_for(DYNARRAY_INT64);
    appends d = {NULL, NULL, OVERHEAD_OPERATIONS, 0, 0};
    check_clock(L);
    options.capacity = OVERHEAD_OPERATIONS;
    lua_settop(L, 0);
    d.array = array_new(L, state_of(L), &options);
    lua_createtable(L, 0, 3);
    for (int r = 0; r < OVERHEAD_ROUNDS; r++) {
        const uint64_t before = clock_ns();
        for (int i = 0; i < OVERHEAD_OPERATIONS - 1; i++) clock_ns();
        rounds[r] = clock_ns() - before;
    }
    set_cost(L, "clock", rounds, OVERHEAD_OPERATIONS);
    for (int r = 0; r < OVERHEAD_ROUNDS; r++) {
        const uint64_t before = clock_ns();
        for (int i = 0; i < OVERHEAD_READINGS; i++) process_memory_now();
        rounds[r] = clock_ns() - before;
    }
    set_cost(L, "memory", rounds, OVERHEAD_READINGS);
    for (int r = 0; r < OVERHEAD_ROUNDS; r++) {
        const uint64_t before = clock_ns();
        dynarray_set_size(&d.array->core, 0);
        appends_int64(L, &d);
        rounds[r] = clock_ns() - before;
    }
    set_cost(L, "append", rounds, OVERHEAD_OPERATIONS);
    return 1;
}

/* ---------------------------------------------------------------------------------------------
** The table
*/

#ifdef __OPTIMIZE__
#define OPTIMIZED 1
#else
#define OPTIMIZED 0
#endif
#ifdef __VERSION__
#define COMPILER __VERSION__
#else
#define COMPILER "unknown"
#endif

static const luaL_Reg probe_functions[] = {
    {"clock", probe_clock},           {"memory", probe_memory},
    {"reset_peak", probe_reset_peak}, {"appends", probe_appends},
    {"chase", probe_chase},           {"stack", probe_stack},
    {"overhead", probe_overhead},     {NULL, NULL},
};

static int probe_table(lua_State *L) {
    lua_newtable(L);
    lua_pushvalue(L, lua_upvalueindex(1));
    luaL_setfuncs(L, probe_functions, 1);
    lua_createtable(L, 0, 3);
    lua_pushliteral(L, COMPILER);
    lua_setfield(L, -2, "compiler");
    lua_pushboolean(L, OPTIMIZED);
    lua_setfield(L, -2, "optimized");
    lua_pushboolean(L, SYSTEM_HAS_ASAN);
    lua_setfield(L, -2, "sanitized");
    lua_setfield(L, -2, "build");
    return 1;
}

const luaL_Reg probe_values[] = {
    {"probe", probe_table},
    {NULL, NULL},
};
