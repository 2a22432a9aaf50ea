/*
** dynarray.h: a growable array whose growth can be chosen, observed and measured.
**
** The core: C11 (and C++17), no Lua. A dynamic array is a contiguous block of memory with a size
** (elements in use) and a capacity (elements that fit). When it is full, its growth policy says how
** large the next block is, and the elements move there: by copying, or, for large blocks where the
** operating system can do it, by moving pages or not at all.
**
**     dynarray a;
**     dynarray_init(&a, DYNARRAY_FLOAT64, NULL);
**     if (dynarray_append_float64(&a, 3.5) != DYNARRAY_OK) ...
**     double *x = dynarray_data_float64(&a);
**     dynarray_free(&a);
**
** With an allocator, a limit, a policy and figures of its own:
**
**     dynarray_heap heap;
**     dynarray_setup setup = {0};                       // C++: = {}
**     dynarray_stats stats = {0};
**     dynarray_heap_init(&heap, allocate, allocator, DYNARRAY_HEAP_POOL);
**     heap.limit = 1 << 20;                             // bytes, of all its arrays together
**     setup.heap = &heap;
**     setup.growth = dynarray_growth_named("1.5");
**     setup.max_size = 10000;                           // elements, of each array
**     setup.stats = &stats;
**     dynarray_init_opaque(&a, sizeof(struct point), &setup);
**     if (dynarray_append(&a, &p) != DYNARRAY_OK) ...
**     struct point *first = (struct point *)dynarray_at(&a, 0);
**
** Conventions
**   - Indices start at 0, sizes are counted in elements unless a name says bytes.
**   - A function that can fail returns a dynarray_status. Strong guarantee: after a failure, size,
**     capacity and elements are as before. Nothing here aborts, prints or jumps.
**   - A pointer into the block (dynarray_data_*) is valid until the next call that may change the
**     capacity (append, extend, insert, reserve, resize, shrink, set_capacity, free). With
**     DYNARRAY_BLOCK_STABLE it is valid until shrink or free.
**   - Nothing points to a dynarray but its user: it may be moved by assignment, if the old one is not
**     used any more. What it points to (setup, and through it heap, policy, stats) must outlive it.
**   - An array and its heap belong to one thread at a time. There is no mutable global state.
**   - Where there is no mmap, no file system or no operating system at all: the switches at the top of
**     src/core/system/system.h (and of the amalgamated dynarray.c) build without.
*/
#ifndef DYNARRAY_H
#define DYNARRAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define DYNARRAY_VERSION "0.1.0"
#define DYNARRAY_VERSION_NUMBER 100 /* major * 10000 + minor * 100 + patch */

#ifndef DYNARRAY_API
#if defined(__GNUC__)
#define DYNARRAY_API __attribute__((visibility("default")))
#else
#define DYNARRAY_API
#endif
#endif

#ifdef __cplusplus
#define DYNARRAY_CAST(type, x) static_cast<type>(x)
#else
#define DYNARRAY_CAST(type, x) ((type)(x))
#endif

#if defined(__GNUC__)
#define DYNARRAY_UNLIKELY(condition) __builtin_expect(!!(condition), 0)
#else
#define DYNARRAY_UNLIKELY(condition) (condition)
#endif

/* ---------------------------------------------------------------------------------------------
** Element types
*/

/*
** All that differs between the numeric element types: X(CONSTANT, name, C type, kind, min, max).
** kind is SIGNED, UNSIGNED or FLOAT; min and max bound what the type can hold.
*/
#define DYNARRAY_NUMERIC_TYPES(X)                                                                  \
    X(INT8, int8, int8_t, SIGNED, INT8_MIN, INT8_MAX)                                              \
    X(INT16, int16, int16_t, SIGNED, INT16_MIN, INT16_MAX)                                         \
    X(INT32, int32, int32_t, SIGNED, INT32_MIN, INT32_MAX)                                         \
    X(INT64, int64, int64_t, SIGNED, INT64_MIN, INT64_MAX)                                         \
    X(UINT8, uint8, uint8_t, UNSIGNED, 0, UINT8_MAX)                                               \
    X(UINT16, uint16, uint16_t, UNSIGNED, 0, UINT16_MAX)                                           \
    X(UINT32, uint32, uint32_t, UNSIGNED, 0, UINT32_MAX)                                           \
    X(UINT64, uint64, uint64_t, UNSIGNED, 0, UINT64_MAX)                                           \
    X(FLOAT32, float32, float, FLOAT, -FLT_MAX, FLT_MAX)                                           \
    X(FLOAT64, float64, double, FLOAT, -DBL_MAX, DBL_MAX)

typedef enum dynarray_type {
#define DYNARRAY_TYPE_CONSTANT(CONSTANT, name, ctype, kind, min, max) DYNARRAY_##CONSTANT,
    DYNARRAY_NUMERIC_TYPES(DYNARRAY_TYPE_CONSTANT)
#undef DYNARRAY_TYPE_CONSTANT
        DYNARRAY_VALUE, /* a 64-bit word in which the Lua binding keeps any Lua value */
    DYNARRAY_OPAQUE, /* elements of any size, a C struct for instance; see dynarray_init_opaque */
    DYNARRAY_TYPE_COUNT
} dynarray_type;

/* dynarray_type_name: "int8" ... "float64", "value", "opaque"; NULL if there is no such type. */
DYNARRAY_API const char *dynarray_type_name(dynarray_type type);

/* dynarray_type_from_name: the type of that name, DYNARRAY_TYPE_COUNT if there is none. */
DYNARRAY_API dynarray_type dynarray_type_from_name(const char *name);

/* dynarray_type_size: bytes of an element, 1 to 8; 0 for DYNARRAY_OPAQUE. */
DYNARRAY_API size_t dynarray_type_size(dynarray_type type);

/* ---------------------------------------------------------------------------------------------
** Status
*/

typedef enum dynarray_status {
    DYNARRAY_OK = 0,
    DYNARRAY_NO_MEMORY,     /* the allocator or the operating system refused */
    DYNARRAY_LIMIT,         /* the heap's limit would be passed */
    DYNARRAY_MAX_SIZE,      /* the array's max_size would be passed */
    DYNARRAY_TOO_LARGE,     /* more bytes than an object can have */
    DYNARRAY_BAD_POLICY,    /* the growth policy returned less than is needed */
    DYNARRAY_OUT_OF_BOUNDS, /* an index outside the size */
    DYNARRAY_FIXED,         /* the block cannot change: closed, pinned or not owned */
    DYNARRAY_RANGE_FULL     /* the reserved range of a stable block is used up */
} dynarray_status;

/* dynarray_strerror: what the status means, in English; a constant string. */
DYNARRAY_API const char *dynarray_strerror(dynarray_status status);

/* ---------------------------------------------------------------------------------------------
** Growth policies
*/

/*
** dynarray_growth: old capacity -> new capacity. next returns the capacity for at least `needed`
** elements of `element_size` bytes (needed > capacity; all in elements); a result below needed is
** DYNARRAY_BAD_POLICY. It must not touch the array. The array only borrows the struct.
*/
typedef struct dynarray_growth {
    const char *name;
    size_t (*next)(const struct dynarray_growth *self, size_t capacity, size_t needed,
                   size_t element_size);
    union {
        double factor; /* of a factor policy */
        size_t step;   /* of increment:N */
        void *data;    /* of a policy of your own */
    } with;
} dynarray_growth;

/*
** dynarray_growth_named: a named policy (double, 1.5, golden, cpython, python-array, rust, go, folly,
** lua, v8, exact), NULL if there is none; constant data. The formulas and their sources stand in
** src/core/growth.c.
*/
DYNARRAY_API const dynarray_growth *dynarray_growth_named(const char *name);

/* dynarray_growth_at: the i-th named policy, i from 0; NULL past the last. */
DYNARRAY_API const dynarray_growth *dynarray_growth_at(size_t i);

/* dynarray_growth_factor: capacity * factor, rounded up; factor > 1 and finite. */
DYNARRAY_API dynarray_growth dynarray_growth_factor(double factor);

/* dynarray_growth_increment: capacity + step, as often as needed; step >= 1. */
DYNARRAY_API dynarray_growth dynarray_growth_increment(size_t step);

/* dynarray_growth_next: what the policy answers, at least `needed` (0 if it answers less). */
DYNARRAY_API size_t dynarray_growth_next(const dynarray_growth *growth, size_t capacity,
                                         size_t needed, size_t element_size);

/* ---------------------------------------------------------------------------------------------
** Events and statistics
*/

typedef enum dynarray_how {
    DYNARRAY_COPIED,  /* the elements were copied to a new block */
    DYNARRAY_MOVED,   /* the pages moved to a new address, no element was copied */
    DYNARRAY_IN_PLACE /* the block grew where it stands */
} dynarray_how;

/* dynarray_event: one growth. */
typedef struct dynarray_event {
    size_t size;         /* elements in use at that moment */
    size_t old_capacity; /* elements */
    size_t new_capacity; /* elements */
    size_t bytes_copied; /* 0 unless how is DYNARRAY_COPIED */
    size_t peak_bytes;   /* held during the growth: both blocks if the elements were copied */
    uint64_t ns;         /* time taken; 0 for blocks too small to be worth two clock reads */
    dynarray_how how;
} dynarray_event;

/* dynarray_stats: growths added up. */
typedef struct dynarray_stats {
    uint64_t elements_copied;
    uint64_t growth_ns; /* of the growths to DYNARRAY_TIMED_BYTES and more */
    size_t peak_bytes;  /* most bytes held at once, a copying growth's two blocks both counted */
    uint32_t growths;
    uint32_t moves;    /* blocks moved without copying */
    uint32_t in_place; /* blocks grown where they stand */
} dynarray_stats;

/* Growths to fewer bytes are not timed: two clock reads (50 ns) would cost what they measure. */
#define DYNARRAY_TIMED_BYTES 65536u

/* dynarray_stats_add: adds the event of an array with elements of that size. */
DYNARRAY_API void dynarray_stats_add(dynarray_stats *stats, const dynarray_event *event,
                                     size_t element_size);

/* ---------------------------------------------------------------------------------------------
** Blocks and heaps: where the memory comes from
*/

typedef enum dynarray_block {
    DYNARRAY_BLOCK_AUTO,   /* as a wish: by size and allocator. As a state: no block */
    DYNARRAY_BLOCK_COPY,   /* the article's way: each growth allocates, copies, frees */
    DYNARRAY_BLOCK_STABLE, /* a reserved range of addresses: the block never moves. Needs pages */
    DYNARRAY_BLOCK_HEAP,   /* from the allocator, grown by reallocation */
    DYNARRAY_BLOCK_POOL,   /* a small block from a size class of the heap */
    DYNARRAY_BLOCK_PAGES,  /* pages of the operating system, grown in place or moved, not copied */
    DYNARRAY_BLOCK_INLINE, /* memory of the array's owner, not ours to free */
    DYNARRAY_BLOCK_LENT    /* memory of somebody who takes it back, see dynarray_lend */
} dynarray_block;

/* dynarray_block_name: "none", "copy", "stable", "heap", "pool", "pages", "inline", "lent". */
DYNARRAY_API const char *dynarray_block_name(dynarray_block block);

/*
** dynarray_alloc: an allocator, with the contract of lua_Alloc: nsize 0 frees ptr and returns NULL;
** else like realloc, NULL on failure with ptr still valid. osize is the exact old size, 0 for a new
** block. Making a block smaller should not fail: the strong guarantee, where it undoes a growth, counts
** on it.
*/
typedef void *(*dynarray_alloc)(void *data, void *ptr, size_t osize, size_t nsize);

/* Largest block, in bytes, that comes from a pool. */
#define DYNARRAY_POOL_BYTES 512
#define DYNARRAY_POOL_STEP 16 /* bytes between size classes */
#define DYNARRAY_POOL_CLASSES (DYNARRAY_POOL_BYTES / DYNARRAY_POOL_STEP)

/* Flags of a heap. */
#define DYNARRAY_HEAP_PAGES 1u /* large blocks may come from pages, beside the allocator */
#define DYNARRAY_HEAP_POOL 2u  /* blocks up to DYNARRAY_POOL_BYTES come from size classes */

/*
** dynarray_heap: an allocator with a limit and figures, shared by any number of arrays of one
** thread. limit and keep may be written at any time and hold from the next change of a block on (call
** dynarray_heap_trim to give back at once what was kept); the other fields are for reading only.
**
** keep: freed blocks up to so many bytes may stay for the next ones, one block of either kind:
**
**   spare  the allocator's last one of 64 KiB at most, for one of the same size; it is given up before
**          an array gets no memory
**   kept   so much of the last one of pages, if keep is 2 MiB or more, whose pages then need not be
**          faulted and zeroed again; the system may take them before, if it needs memory; only where
**          address space costs nothing
**
** Both count for the limit, which goes before.
*/
typedef struct dynarray_heap {
    dynarray_alloc alloc;
    void *alloc_data;
    size_t limit; /* bytes that the blocks may hold together; 0: no limit */
    size_t held;  /* bytes in blocks now */
    size_t peak;  /* most bytes held at once */
    uint64_t growths;
    unsigned flags;
    struct {
        void *free[DYNARRAY_POOL_CLASSES]; /* lists of free blocks, linked through the blocks */
        void *chunks;                      /* list of chunks, linked through their first words */
        char *next, *end;                  /* what is left of the newest chunk */
        size_t chunk_bytes;                /* of the newest chunk */
    } pool;
    size_t keep; /* 0, the default: no freed block stays */
    struct {
        void *data; /* NULL if there is none */
        size_t bytes;
    } kept, spare;
} dynarray_heap;

/*
** dynarray_heap_init: alloc NULL means realloc and free. flags: DYNARRAY_HEAP_*; ask for PAGES only
** where memory beside the allocator is allowed. O(1), allocates nothing.
*/
DYNARRAY_API void dynarray_heap_init(dynarray_heap *heap, dynarray_alloc alloc, void *alloc_data,
                                     unsigned flags);

/* dynarray_heap_trim: gives back the freed blocks that stay, if there are any. */
DYNARRAY_API void dynarray_heap_trim(dynarray_heap *heap);

/*
** dynarray_heap_close: gives back the pool's chunks and the freed blocks that stay, and forgets limit and
** figures. Free the heap's arrays first: blocks of the pool are gone afterwards.
*/
DYNARRAY_API void dynarray_heap_close(dynarray_heap *heap);

struct dynarray;

/* dynarray_release: takes lent memory back: its `bytes` from `data` on. */
typedef void (*dynarray_release)(void *release_data, void *data, size_t bytes);

/*
** dynarray_setup: what arrays may share: where their blocks come from, how they grow, how far, who
** watches. The array keeps a pointer to it, so it must outlive the array; fill it before use, change
** growth, max_size, stats and observer at any time (a capacity that is there already stays, whatever
** max_size says). All zero is valid: realloc and pages, the default policy, no bound.
*/
typedef struct dynarray_setup {
    dynarray_heap *heap;           /* NULL: realloc, free and pages, not counted */
    const dynarray_growth *growth; /* NULL: doubling, from 80 bytes or one element on */
    size_t max_size;               /* elements; 0: no bound */
    dynarray_stats *stats;         /* NULL, or where growths are added up */
    /* NULL, or called after each growth; must not change the array */
    void (*observer)(void *observer_data, const struct dynarray *array,
                     const dynarray_event *event);
    void *observer_data;
    dynarray_block block;     /* AUTO, COPY or STABLE */
    dynarray_release release; /* NULL, or of a lent block */
    void *release_data;
    bool lent_counts; /* the heap's figures hold lent blocks: memory that is freed with the array */
} dynarray_setup;

/* ---------------------------------------------------------------------------------------------
** The array
*/

/*
** dynarray: 40 bytes on 64-bit systems. data, size and capacity may be read at any time, and
** elements written through data; change them only through the functions below.
*/
typedef struct dynarray {
    void *data;      /* the block; NULL while there is none */
    size_t size;     /* elements in use */
    size_t capacity; /* elements that fit */
    const dynarray_setup *setup;
    uint32_t element_size; /* bytes */
    uint8_t type;          /* dynarray_type */
    uint8_t block;         /* dynarray_block, where the block is now */
    uint8_t fixed;         /* not 0: the block cannot change (closed, pinned, not owned) */
    uint8_t flags;         /* for the owner; the core does not look at it */
} dynarray;

/*
** dynarray_init: an empty array without a block, of any type but DYNARRAY_OPAQUE. setup NULL: all
** defaults. O(1), allocates nothing, cannot fail.
*/
DYNARRAY_API void dynarray_init(dynarray *a, dynarray_type type, const dynarray_setup *setup);

/* dynarray_init_opaque: the same for elements of element_size bytes, 1 to 2^32 - 1. */
DYNARRAY_API void dynarray_init_opaque(dynarray *a, size_t element_size,
                                       const dynarray_setup *setup);

/*
** dynarray_lend: the array, which must have no block, gets n elements in memory of somebody else's, and
** that capacity for good. dynarray_free gives the memory back by calling the setup's `release`, once. It is
** counted in the heap only if the setup's lent_counts says so.
*/
DYNARRAY_API void dynarray_lend(dynarray *a, void *data, size_t n);

/* dynarray_free: frees the block and leaves an empty array that may be used again. */
DYNARRAY_API void dynarray_free(dynarray *a);

/* dynarray_max_capacity: most elements an array of that element size can have. */
DYNARRAY_API size_t dynarray_max_capacity(size_t element_size);

/*
** dynarray_grow: a capacity of at least `needed`, as the growth policy says, but never past max_size.
** Does nothing if the capacity is enough. Amortised O(1) an element with a geometric policy.
*/
DYNARRAY_API dynarray_status dynarray_grow(dynarray *a, size_t needed);

/*
** dynarray_set_capacity: exactly this capacity, larger or smaller (size <= capacity). A growth in
** this way counts as one. event: NULL, or filled if the block grew (else event->new_capacity is 0).
*/
DYNARRAY_API dynarray_status dynarray_set_capacity(dynarray *a, size_t capacity,
                                                   dynarray_event *event);

/* dynarray_reserve: a capacity of at least n, exactly n if that is a growth. */
DYNARRAY_API dynarray_status dynarray_reserve(dynarray *a, size_t n);

/* dynarray_shrink: capacity down to size; gives memory back. Without a failure that matters. */
DYNARRAY_API dynarray_status dynarray_shrink(dynarray *a);

/*
** dynarray_resize: n elements; new ones are copies of the element at fill, or zero bytes if fill is
** NULL. Grows to exactly n if n is past the capacity. fill must not point into the block.
*/
DYNARRAY_API dynarray_status dynarray_resize(dynarray *a, size_t n, const void *fill);

/* dynarray_at: the address of element i, NULL unless i < size. Valid as long as data is. */
static inline void *dynarray_at(const dynarray *a, size_t i) {
    if (DYNARRAY_UNLIKELY(i >= a->size)) return NULL;
    return DYNARRAY_CAST(char *, a->data) + i * a->element_size;
}

/* dynarray_extend: appends n elements from memory outside the block, or from the array itself. */
DYNARRAY_API dynarray_status dynarray_extend(dynarray *a, const void *elements, size_t n);

/*
** dynarray_append: appends a copy of the element at that address, of any type; it may be one of the
** array's own. Typed, and faster: dynarray_append_T below. Amortised O(1).
*/
static inline dynarray_status dynarray_append(dynarray *a, const void *element) {
    return dynarray_extend(a, element, 1);
}

/* dynarray_insert: n elements before position `at`, 0 <= at <= size; memory outside the block. */
DYNARRAY_API dynarray_status dynarray_insert(dynarray *a, size_t at, const void *elements,
                                             size_t n);

/* dynarray_remove: n elements from position `at`; at + n <= size. The capacity stays. */
DYNARRAY_API dynarray_status dynarray_remove(dynarray *a, size_t at, size_t n);

/* ---------------------------------------------------------------------------------------------
** Typed access, inline. For each numeric type T (int8 ... float64):
**
**   ctype *dynarray_data_T(const dynarray *a)
**       the elements; NULL while there is no block.
**   dynarray_status dynarray_append_T(dynarray *a, ctype value)
**       amortised O(1); grows when full.
**   dynarray_status dynarray_get_T(const dynarray *a, size_t i, ctype *value)
**   dynarray_status dynarray_set_T(dynarray *a, size_t i, ctype value)
**       checked: DYNARRAY_OUT_OF_BOUNDS unless i < size.
**
** The array must have been made with that type. In a loop that does nothing but append, an appender
** keeps cursor and limit in registers, which the compiler cannot do with the array itself:
**
**   dynarray_appender_T w = dynarray_appender_begin_T(&a);
**   while (...) if (dynarray_appender_push_T(&w, value) != DYNARRAY_OK) break;
**   dynarray_appender_end_T(&w);
**
** Between begin and end the array must not be used: its size is that of the last growth. What was
** pushed is in the array after end, also when a push failed.
*/
#define DYNARRAY_TYPED_ACCESS(CONSTANT, name, ctype, kind, min, max)                               \
    static inline ctype *dynarray_data_##name(const dynarray *a) {                                 \
        return DYNARRAY_CAST(ctype *, a->data);                                                    \
    }                                                                                              \
                                                                                                   \
    static inline dynarray_status dynarray_append_##name(dynarray *a, ctype value) {               \
        size_t size = a->size;                                                                     \
        if (DYNARRAY_UNLIKELY(size == a->capacity)) {                                              \
            dynarray_status status = dynarray_grow(a, size + 1);                                   \
            if (status != DYNARRAY_OK) return status;                                              \
        }                                                                                          \
        dynarray_data_##name(a)[size] = value;                                                     \
        a->size = size + 1;                                                                        \
        return DYNARRAY_OK;                                                                        \
    }                                                                                              \
                                                                                                   \
    static inline dynarray_status dynarray_get_##name(const dynarray *a, size_t i, ctype *value) { \
        if (DYNARRAY_UNLIKELY(i >= a->size)) return DYNARRAY_OUT_OF_BOUNDS;                        \
        *value = dynarray_data_##name(a)[i];                                                       \
        return DYNARRAY_OK;                                                                        \
    }                                                                                              \
                                                                                                   \
    static inline dynarray_status dynarray_set_##name(dynarray *a, size_t i, ctype value) {        \
        if (DYNARRAY_UNLIKELY(i >= a->size)) return DYNARRAY_OUT_OF_BOUNDS;                        \
        dynarray_data_##name(a)[i] = value;                                                        \
        return DYNARRAY_OK;                                                                        \
    }                                                                                              \
                                                                                                   \
    typedef struct dynarray_appender_##name {                                                      \
        dynarray *array;                                                                           \
        ctype *next, *limit;                                                                       \
    } dynarray_appender_##name;                                                                    \
                                                                                                   \
    static inline dynarray_appender_##name dynarray_appender_begin_##name(dynarray *a) {           \
        dynarray_appender_##name w;                                                                \
        w.array = a;                                                                               \
        w.next = w.limit = dynarray_data_##name(a);                                                \
        if (w.next != NULL) w.next += a->size, w.limit += a->capacity;                             \
        return w;                                                                                  \
    }                                                                                              \
                                                                                                   \
    static inline void dynarray_appender_end_##name(dynarray_appender_##name *w) {                 \
        dynarray *a = w->array;                                                                    \
        if (a->data != NULL) a->size = DYNARRAY_CAST(size_t, w->next - dynarray_data_##name(a));   \
    }                                                                                              \
                                                                                                   \
    static inline dynarray_status dynarray_appender_push_##name(dynarray_appender_##name *w,       \
                                                                ctype value) {                     \
        if (DYNARRAY_UNLIKELY(w->next == w->limit)) {                                              \
            dynarray_status status;                                                                \
            dynarray_appender_end_##name(w);                                                       \
            status = dynarray_grow(w->array, w->array->size + 1);                                  \
            if (status != DYNARRAY_OK) return status;                                              \
            w->next = dynarray_data_##name(w->array) + w->array->size;                             \
            w->limit = dynarray_data_##name(w->array) + w->array->capacity;                        \
        }                                                                                          \
        *w->next++ = value;                                                                        \
        return DYNARRAY_OK;                                                                        \
    }
DYNARRAY_NUMERIC_TYPES(DYNARRAY_TYPED_ACCESS)
#undef DYNARRAY_TYPED_ACCESS

#ifdef __cplusplus
}
#endif

#endif
