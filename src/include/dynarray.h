/*
** dynarray.h: a growable array whose growth can be chosen, observed and measured.
**
** The array alone, without Lua, for C11 and C++17. A dynamic array is one block of memory with a size
** (the elements in use) and a capacity (the elements that fit). When the block is full, the growth policy
** says how large it becomes. Elements are then copied to a new block. Where the operating system can do
** it, a large block grows in place, or its pages move to another address, and nothing is copied.
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
**   - Indices start at 0. Sizes are in elements, unless the name says bytes.
**   - A function that can fail returns a dynarray_status. After a failure, size, capacity and elements are
**     as they were before (the strong guarantee). No function aborts, prints or jumps.
**   - A pointer into the block (dynarray_data_*) is valid until the next call that may change the
**     capacity: append, extend, insert, reserve, resize, shrink, set_capacity, free. With
**     DYNARRAY_BLOCK_STABLE it is valid until shrink or free.
**   - The library keeps no pointer to a dynarray. You may move it by assignment, if you then use only the
**     new one. What the dynarray points to (its setup, and through it heap, policy and statistics) must
**     live longer than the dynarray.
**   - An array and its heap belong to one thread at a time. The library has three global variables that
**     change, all of them atomic. Two are about one freed block that is kept for the next array without a
**     heap, in any thread (see dynarray_setup). The third is the address up to which the pages of malloc's
**     memory are known to exist.
**   - Some systems have no mmap, no files or no operating system at all. The macros at the top of
**     src/core/system/system.h (and of the amalgamated dynarray.c) leave out what needs them.
*/
#ifndef DYNARRAY_H
#define DYNARRAY_H

#include <assert.h>
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
** The numeric element types, with everything in which they differ: X(CONSTANT, name, C type, kind, min,
** max). kind is SIGNED, UNSIGNED or FLOAT; min and max are the least and the greatest number of the type.
*/
#define DYNARRAY_NUMERIC_TYPES(X) DYNARRAY_NUMERIC_TABLE(DYNARRAY_NUMERIC_COLUMNS, X)
#define DYNARRAY_NUMERIC_COLUMNS(X, CONSTANT, name, ctype, kind, min, max, width)                  \
    X(CONSTANT, name, ctype, kind, min, max)

/* The table itself, whose rows have `with` before and the width in bits behind. */
#define DYNARRAY_NUMERIC_TABLE(X, with)                                                            \
    X(with, INT8, int8, int8_t, SIGNED, INT8_MIN, INT8_MAX, 8)                                     \
    X(with, INT16, int16, int16_t, SIGNED, INT16_MIN, INT16_MAX, 16)                               \
    X(with, INT32, int32, int32_t, SIGNED, INT32_MIN, INT32_MAX, 32)                               \
    X(with, INT64, int64, int64_t, SIGNED, INT64_MIN, INT64_MAX, 64)                               \
    X(with, UINT8, uint8, uint8_t, UNSIGNED, 0, UINT8_MAX, 8)                                      \
    X(with, UINT16, uint16, uint16_t, UNSIGNED, 0, UINT16_MAX, 16)                                 \
    X(with, UINT32, uint32, uint32_t, UNSIGNED, 0, UINT32_MAX, 32)                                 \
    X(with, UINT64, uint64, uint64_t, UNSIGNED, 0, UINT64_MAX, 64)                                 \
    X(with, FLOAT32, float32, float, FLOAT, -FLT_MAX, FLT_MAX, 32)                                 \
    X(with, FLOAT64, float64, double, FLOAT, -DBL_MAX, DBL_MAX, 64)

typedef enum dynarray_type {
#define DYNARRAY_TYPE_CONSTANT(CONSTANT, name, ctype, kind, min, max) DYNARRAY_##CONSTANT,
    DYNARRAY_NUMERIC_TYPES(DYNARRAY_TYPE_CONSTANT)
#undef DYNARRAY_TYPE_CONSTANT
        DYNARRAY_VALUE, /* a 64-bit word, in which the Lua binding keeps any Lua value */
    DYNARRAY_OPAQUE, /* elements of any size, a C struct for instance; see dynarray_init_opaque */
    DYNARRAY_TYPE_COUNT
} dynarray_type;

/* dynarray_type_name: "int8" ... "float64", "value", "opaque"; NULL if there is no such type. */
DYNARRAY_API const char *dynarray_type_name(dynarray_type type);

/* dynarray_type_from_name: the type of that name, DYNARRAY_TYPE_COUNT if there is none. */
DYNARRAY_API dynarray_type dynarray_type_from_name(const char *name);

/* dynarray_type_size: bytes of an element, 1 to 8; 0 for DYNARRAY_OPAQUE. */
DYNARRAY_API size_t dynarray_type_size(dynarray_type type);

/* dynarray_is_numeric: whether it is one of the numeric types, neither value nor opaque. */
static inline bool dynarray_is_numeric(dynarray_type type) {
    return DYNARRAY_CAST(unsigned, type) < DYNARRAY_CAST(unsigned, DYNARRAY_VALUE);
}

/* dynarray_is_float: whether it is one of the numeric types for floating-point numbers. */
DYNARRAY_API bool dynarray_is_float(dynarray_type type);

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
    DYNARRAY_FIXED,         /* the block must not change: the array is closed, pinned or lent */
    DYNARRAY_RANGE_FULL,    /* the reserved range of a stable block is used up */
    DYNARRAY_FILE           /* the file of the array failed: a dynarray_failure says how */
} dynarray_status;

/* dynarray_strerror: what the status means, in English; a constant string. */
DYNARRAY_API const char *dynarray_strerror(dynarray_status status);

/* ---------------------------------------------------------------------------------------------
** Growth policies
*/

/*
** dynarray_growth: a growth policy. next takes the capacity and the number of elements that are needed
** (more than the capacity), and returns the new capacity, all in elements; element_size is in bytes. If the
** result is less than needed, the growth fails with DYNARRAY_BAD_POLICY. next must not use the array. The
** struct stays yours: the array keeps a pointer to it.
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
** dynarray_growth_named: the policy of that name, "1.5" or "go" for instance, or NULL if there is none. It is
** constant and need not be freed. src/core/policies.c has all names, with the formulas and their sources.
*/
DYNARRAY_API const dynarray_growth *dynarray_growth_named(const char *name);

/* dynarray_growth_at: the i-th named policy, i from 0; NULL if there are fewer. */
DYNARRAY_API const dynarray_growth *dynarray_growth_at(size_t i);

/* dynarray_growth_factor: capacity * factor, rounded up; factor > 1 and finite. */
DYNARRAY_API dynarray_growth dynarray_growth_factor(double factor);

/* dynarray_growth_increment: capacity + step, as often as needed; step >= 1. */
DYNARRAY_API dynarray_growth dynarray_growth_increment(size_t step);

/* dynarray_growth_next: the policy's new capacity; 0 if that is less than `needed`. */
DYNARRAY_API size_t dynarray_growth_next(const dynarray_growth *growth, size_t capacity,
                                         size_t needed, size_t element_size);

/* ---------------------------------------------------------------------------------------------
** Events and statistics
*/

typedef enum dynarray_how {
    DYNARRAY_COPIED,   /* the elements were copied to a new block */
    DYNARRAY_MOVED,    /* the pages moved to a new address, no element was copied */
    DYNARRAY_IN_PLACE, /* the block grew where it is */
    DYNARRAY_EXTENDED  /* the block is a file, which became longer; nothing was copied */
} dynarray_how;

/* dynarray_event: one growth. */
typedef struct dynarray_event {
    size_t size;         /* elements in use at that moment */
    size_t old_capacity; /* elements */
    size_t new_capacity; /* elements */
    size_t bytes_copied; /* 0 unless how is DYNARRAY_COPIED */
    size_t peak_bytes;   /* held during the growth: both blocks if the elements were copied */
    uint64_t ns;         /* time it took; 0 if it was not timed, see DYNARRAY_TIMED_BYTES */
    dynarray_how how;
} dynarray_event;

/* dynarray_stats: sums over all growths. */
typedef struct dynarray_stats {
    uint64_t elements_copied;
    uint64_t growth_ns; /* of the growths to DYNARRAY_TIMED_BYTES and more */
    size_t peak_bytes;  /* most bytes held at one moment: both blocks while elements are copied */
    uint32_t growths;
    uint32_t moves;    /* blocks moved without copying */
    uint32_t in_place; /* blocks that grew where they are, and files that became longer */
} dynarray_stats;

/* Smaller growths are not timed: reading the clock twice (50 ns) would take as long as they do. */
#define DYNARRAY_TIMED_BYTES 65536u

/* dynarray_stats_add: adds one growth of an array whose elements have that size in bytes. */
DYNARRAY_API void dynarray_stats_add(dynarray_stats *stats, const dynarray_event *event,
                                     size_t element_size);

/* ---------------------------------------------------------------------------------------------
** Blocks and heaps: where the memory comes from
*/

typedef enum dynarray_block {
    DYNARRAY_BLOCK_AUTO,   /* in a setup: the library chooses. In an array: there is no block yet */
    DYNARRAY_BLOCK_COPY,   /* each growth allocates a new block, copies, and frees the old one */
    DYNARRAY_BLOCK_STABLE, /* in a reserved range of addresses: it never moves. Needs pages */
    DYNARRAY_BLOCK_HEAP,   /* from the allocator; grows by reallocation */
    DYNARRAY_BLOCK_POOL,   /* a small block from the heap's pool */
    DYNARRAY_BLOCK_PAGES,  /* pages of the operating system; grows in place or moves, uncopied */
    DYNARRAY_BLOCK_INLINE, /* memory beside the array, which its owner frees */
    DYNARRAY_BLOCK_LENT,   /* memory of somebody else, given back later; see dynarray_lend */
    DYNARRAY_BLOCK_FILE    /* a file, see dynarray_open; does not count as memory of the heap */
} dynarray_block;

/* dynarray_block_name: "none", "copy", "stable", "heap", "pool", "pages", "inline", "lent", "file". */
DYNARRAY_API const char *dynarray_block_name(dynarray_block block);

/*
** dynarray_alloc: an allocator that works as lua_Alloc does. With nsize 0 it frees ptr and returns NULL.
** Otherwise it works as realloc; if it fails, it returns NULL and ptr stays valid. osize is the exact old
** size, or 0 for a new block. To make a block smaller should never fail: the array needs that to undo a
** growth.
*/
typedef void *(*dynarray_alloc)(void *data, void *ptr, size_t osize, size_t nsize);

/* The largest block, in bytes, that comes from the pool. */
#define DYNARRAY_POOL_BYTES 512
#define DYNARRAY_POOL_STEP 16 /* bytes between size classes */
#define DYNARRAY_POOL_CLASSES (DYNARRAY_POOL_BYTES / DYNARRAY_POOL_STEP)

/* Flags of a heap. */
#define DYNARRAY_HEAP_PAGES 1u /* large blocks may be pages of the system, not of the allocator */
#define DYNARRAY_HEAP_POOL 2u  /* blocks up to DYNARRAY_POOL_BYTES come from a pool by size */

/*
** dynarray_heap: an allocator with a limit and figures. Any number of arrays of one thread share it. You
** may write limit and keep at any time; they hold from the next change of a block on. Call
** dynarray_heap_trim to give back at once what was kept. Only read the other fields.
**
** keep: how many bytes of freed blocks may be kept for the next arrays:
**
**   spare  the last freed block of the allocator, if it has 64 KiB or less; an array that needs a block of
**          the same size takes it
**   kept   the last freed blocks of pages, with at most `keep` bytes together; of a block that is larger, its
**          first `keep` bytes. Only if keep is 2 MiB or more, and address space is not limited. The next
**          arrays then need not wait for new pages. When the system needs memory, it may take back the huge
**          pages, but not the small ones.
**   loan   a growing array that takes a kept block has the pages past its capacity on loan, until it needs
**          them or is freed. One array at a time has a loan.
**
** All of this counts towards the limit, and is given back before an array is refused memory.
*/
typedef struct dynarray_heap {
    dynarray_alloc alloc;
    void *alloc_data;
    size_t limit; /* the most bytes of all blocks together; 0: no limit */
    size_t held;  /* bytes in blocks now */
    size_t peak;  /* most bytes held at one moment */
    uint64_t growths;
    unsigned flags;
    struct {
        void *free[DYNARRAY_POOL_CLASSES]; /* lists of free blocks, linked through the blocks */
        void *chunks;                      /* list of chunks, linked through their first words */
        char *next, *end;                  /* the unused rest of the newest chunk */
        size_t chunk_bytes;                /* size of the newest chunk */
    } pool;
    size_t keep; /* 0, the default: no freed block is kept */
    struct {
        void *data; /* the newest; NULL if there is none */
        size_t bytes;
    } kept, spare;
    struct {
        void *data; /* the block of the array that has it; NULL if there is none */
        size_t used, bytes;
    } loan;
} dynarray_heap;

/*
** dynarray_heap_init: if alloc is NULL, realloc and free are used. flags: DYNARRAY_HEAP_*; with PAGES, memory
** also comes from the system, past the allocator. O(1), allocates nothing.
*/
DYNARRAY_API void dynarray_heap_init(dynarray_heap *heap, dynarray_alloc alloc, void *alloc_data,
                                     unsigned flags);

/*
** dynarray_heap_trim: gives back the freed blocks that were kept, if there are any. heap NULL: the one of the
** arrays without a heap.
*/
DYNARRAY_API void dynarray_heap_trim(dynarray_heap *heap);

/*
** dynarray_heap_close: gives back the pool's chunks and the freed blocks that were kept, and clears limit and
** figures. Free the arrays of the heap first: their blocks in the pool are gone afterwards.
*/
DYNARRAY_API void dynarray_heap_close(dynarray_heap *heap);

struct dynarray;

/* dynarray_release: a function that gets lent memory back: `bytes` bytes at `data`. */
typedef void (*dynarray_release)(void *release_data, void *data, size_t bytes);

/*
** dynarray_setup: the settings of one or more arrays: where blocks come from, how and how far arrays grow,
** and who watches. The array keeps a pointer to the setup, which must live longer than the array. Fill
** it before its first use; you may change growth, max_size, stats and observer at any time. A smaller
** max_size does not take capacity away. A setup of zeros is valid: realloc and pages, the default policy,
** no bound.
**
** If heap is NULL, at most 16 MiB of the last freed block of pages are kept for the next array without a heap, in
** any thread. If growth is NULL and the block is pages, an array between 128 KiB and 2 MiB doubles its capacity
** in steps, each in place and without copying, so that it takes at most 1.15 times the memory of its elements. A file
** of more than 2 MiB in memory (tmpfs) then grows by an eighth, as its pages are cleared in each growth.
*/
typedef struct dynarray_setup {
    dynarray_heap *heap;           /* NULL: realloc, free and pages, not counted */
    const dynarray_growth *growth; /* NULL: doubling, from 80 bytes or one element on, see above */
    size_t max_size;               /* elements; 0: no bound */
    dynarray_stats *stats;         /* NULL, or where growths are added up */
    /* NULL, or a function to be called after each growth; it must not change the array */
    void (*observer)(void *observer_data, const struct dynarray *array,
                     const dynarray_event *event);
    void *observer_data;
    dynarray_block block;     /* AUTO, COPY or STABLE */
    dynarray_release release; /* NULL, or called when a lent block is given back */
    void *release_data;
    bool lent_counts; /* whether lent blocks count in the heap's figures */
} dynarray_setup;

/* ---------------------------------------------------------------------------------------------
** The array
*/

/*
** dynarray: 40 bytes on 64-bit systems. You may read data, size and capacity at any time, and write
** elements through data. Change these fields only by the functions below.
*/
typedef struct dynarray {
    void *data;      /* the block; NULL while there is none */
    size_t size;     /* elements in use */
    size_t capacity; /* elements that fit */
    const dynarray_setup *setup;
    uint32_t element_size; /* bytes */
    uint8_t type;          /* dynarray_type */
    uint8_t block;         /* dynarray_block, where the block is now */
    uint8_t fixed;         /* not 0: the block must not change (closed, pinned, not its own) */
    uint8_t flags;         /* for the array's owner; the library does not use it */
} dynarray;

/*
** dynarray_init: makes an empty array without a block, of any type but DYNARRAY_OPAQUE. If setup is NULL,
** all settings have their defaults. O(1), allocates nothing, cannot fail.
*/
DYNARRAY_API void dynarray_init(dynarray *a, dynarray_type type, const dynarray_setup *setup);

/* dynarray_init_opaque: the same for elements of element_size bytes, 1 to 2^32 - 1. */
DYNARRAY_API void dynarray_init_opaque(dynarray *a, size_t element_size,
                                       const dynarray_setup *setup);

/*
** dynarray_lend: makes n elements in somebody else's memory the elements of the array, which must have no
** block. The capacity is n from then on. dynarray_free gives the memory back: it calls the setup's
** `release` once. The heap counts the memory only if the setup's lent_counts is true.
*/
DYNARRAY_API void dynarray_lend(dynarray *a, void *data, size_t n);

/* dynarray_free: frees the block. The array is empty then, and may be used again. */
DYNARRAY_API void dynarray_free(dynarray *a);

/* dynarray_max_capacity: the most elements of that size in bytes that an array can have. */
DYNARRAY_API size_t dynarray_max_capacity(size_t element_size);

/*
** dynarray_grow: makes the capacity at least `needed`; the growth policy says how much more, but never more
** than max_size. Does nothing if the capacity is enough. Amortised O(1) an element if the policy
** multiplies the capacity. If there is no memory for that, or no room in the file, it tries less, but never less
** than `needed`, and never less than a 64th above the old capacity.
*/
DYNARRAY_API dynarray_status dynarray_grow(dynarray *a, size_t needed);

/*
** dynarray_set_capacity: makes the capacity exactly this, larger or smaller, but not less than the size. To
** make it larger counts as a growth. event is NULL, or is filled in if the block grew; if it did not,
** event->new_capacity is 0.
*/
DYNARRAY_API dynarray_status dynarray_set_capacity(dynarray *a, size_t capacity,
                                                   dynarray_event *event);

/* dynarray_reserve: makes the capacity at least n, and exactly n if it was less. */
DYNARRAY_API dynarray_status dynarray_reserve(dynarray *a, size_t n);

/* dynarray_shrink: makes the capacity the size, and gives memory back. If it fails, nothing changes. */
DYNARRAY_API dynarray_status dynarray_shrink(dynarray *a);

/*
** dynarray_resize: makes the size n. New elements are copies of the element at fill, or zero bytes if fill
** is NULL. If n is more than the capacity, the capacity becomes exactly n. fill must not point into the
** block.
*/
DYNARRAY_API dynarray_status dynarray_resize(dynarray *a, size_t n, const void *fill);

/*
** dynarray_set_size: makes the size n, n <= capacity. To make it larger, write the new elements through data before
** this call. If the array is a file, call dynarray_commit afterwards.
*/
static inline void dynarray_set_size(dynarray *a, size_t n) {
    assert(n <= a->capacity && "the size is past the capacity");
    a->size = n;
}

/* dynarray_at: the address of element i, or NULL unless i < size. Valid as long as data is. */
static inline void *dynarray_at(const dynarray *a, size_t i) {
    if (DYNARRAY_UNLIKELY(i >= a->size)) return NULL;
    return DYNARRAY_CAST(char *, a->data) + i * a->element_size;
}

/* dynarray_extend: appends n elements, which may be elements of the array itself. */
DYNARRAY_API dynarray_status dynarray_extend(dynarray *a, const void *elements, size_t n);

/*
** dynarray_append: appends a copy of the element at that address, which may be an element of the array
** itself. Works for every type; dynarray_append_T below is faster. Amortised O(1).
*/
static inline dynarray_status dynarray_append(dynarray *a, const void *element) {
    return dynarray_extend(a, element, 1);
}

/* dynarray_insert: inserts n elements from outside the block before position `at`, 0 to size. */
DYNARRAY_API dynarray_status dynarray_insert(dynarray *a, size_t at, const void *elements,
                                             size_t n);

/* dynarray_remove: removes n elements from position `at` on; at + n <= size. Keeps the capacity. */
DYNARRAY_API dynarray_status dynarray_remove(dynarray *a, size_t at, size_t n);

/* ---------------------------------------------------------------------------------------------
** Files: arrays that outlive the process. The block is a .npy file, which grows by the policy of the array;
** nothing is copied. All functions above work on such an array. This needs Linux; on other systems dynarray_open
** fails with a message that says so.
**
**     dynarray a;
**     dynarray_failure why;
**     if (dynarray_open(&a, "samples.npy", DYNARRAY_FLOAT64, DYNARRAY_MODE_APPEND, NULL, &why) != DYNARRAY_OK)
**         fprintf(stderr, "samples.npy: %s\n", why.message[0] ? why.message : strerror(why.code));
**     dynarray_append_float64(&a, 3.5);
**     dynarray_commit(&a);              // what was appended survives the end of this process
**     dynarray_flush(&a, &why);         // and now also a power failure
**     dynarray_close(&a, &why);
**
** What a crash leaves: an element is in the file as soon as it is written. The size is in the file after each
** growth, after dynarray_commit, and after dynarray_append, _extend, _insert, _remove and _resize. It is not yet
** there after dynarray_append_T, dynarray_set_size and an appender, which are inline and change only the array.
** So a process that is killed loses at most what these appended since the last dynarray_commit. A power failure
** loses at most what was appended since the last dynarray_flush.
**
** If others write to the file, the elements may change at any time. If somebody cuts off a part of the file, an
** access to that part ends the process (SIGBUS). docs/files.md says more.
*/

typedef enum dynarray_mode {
    DYNARRAY_MODE_APPEND, /* reads, writes and grows; makes the file if there is none */
    DYNARRAY_MODE_READ,   /* only reads, also while another process writes; see dynarray_refresh */
    DYNARRAY_MODE_WRITE   /* makes a new file, which replaces the old one */
} dynarray_mode;

#define DYNARRAY_FAILURE_BYTES 160

/* dynarray_failure: an errno, or 0; and a message, which is empty if the errno says enough. */
typedef struct dynarray_failure {
    int code;
    char message[DYNARRAY_FAILURE_BYTES];
} dynarray_failure;

/*
** dynarray_open: makes an array of the .npy file at `path`, and locks the file until the array is closed or the
** process ends. type is a numeric type, or DYNARRAY_TYPE_COUNT for the type that the file has. setup is as in
** dynarray_init; the heap's limit does not count files. O(1), whatever the size. Fails with DYNARRAY_FILE if the
** file has another type, is not an array, is damaged, or is open for writing elsewhere. The file is then
** unchanged, and *why (unless why is NULL) says what is wrong.
*/
DYNARRAY_API dynarray_status dynarray_open(dynarray *a, const char *path, dynarray_type type,
                                           dynarray_mode mode, const dynarray_setup *setup,
                                           dynarray_failure *why);

/*
** dynarray_commit: writes the size to the file. If the process ends from here on, however it ends, the file has the
** array as it is now. Three stores. Does nothing to other arrays. If another process writes to the file by now, as
** its lock was lost, nothing is written; the next growth and dynarray_flush then fail.
*/
DYNARRAY_API void dynarray_commit(dynarray *a);

/*
** dynarray_flush: commits, and waits until all of it is on the disk: a power failure from here on leaves the array
** as it is now. Waits twice if the size has changed. DYNARRAY_FIXED if the array is not a file.
*/
DYNARRAY_API dynarray_status dynarray_flush(dynarray *a, dynarray_failure *why);

/*
** dynarray_close: flushes, gives the file its exact length, and frees the array. If that fails with DYNARRAY_FILE,
** the array is closed all the same, and the file is as a crash would leave it. dynarray_free does the same, but
** does not tell whether it failed.
*/
DYNARRAY_API dynarray_status dynarray_close(dynarray *a, dynarray_failure *why);

/*
** dynarray_refresh: gives an array of DYNARRAY_MODE_READ the size that the file has now. data may change, but old
** pointers stay valid until the array is closed. Does nothing to other arrays.
*/
DYNARRAY_API void dynarray_refresh(dynarray *a);

/* dynarray_why: says why the last growth, flush or close of that array failed with DYNARRAY_FILE. */
DYNARRAY_API const dynarray_failure *dynarray_why(const dynarray *a);

/* ---------------------------------------------------------------------------------------------
** Typed access, inline. For each numeric type T (int8 ... float64):
**
**   ctype *dynarray_data_T(const dynarray *a)
**       the elements; NULL if there is no block.
**   dynarray_status dynarray_append_T(dynarray *a, ctype value)
**       amortised O(1); the array grows when it is full.
**   dynarray_status dynarray_get_T(const dynarray *a, size_t i, ctype *value)
**   dynarray_status dynarray_set_T(dynarray *a, size_t i, ctype value)
**       DYNARRAY_OUT_OF_BOUNDS unless i < size.
**
** The array must have been made with that type: unless NDEBUG is defined, assert stops a program that gives
** one of another type. A loop that does nothing but append is fastest with an
** appender: it keeps its place in registers, which the compiler cannot do with the array itself.
**
**   dynarray_appender_T w = dynarray_appender_begin_T(&a);
**   while (...) if (dynarray_appender_push_T(&w, value) != DYNARRAY_OK) break;
**   dynarray_appender_end_T(&w);
**
** Do not use the array between begin and end: its size is not up to date. After end, all that was pushed is
** in the array, also if a push failed.
*/
#define DYNARRAY_TYPED_ACCESS(CONSTANT, name, ctype, kind, min, max)                               \
    static inline ctype *dynarray_data_##name(const dynarray *a) {                                 \
        assert(a->type == DYNARRAY_##CONSTANT && "the array has elements of another type");        \
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
