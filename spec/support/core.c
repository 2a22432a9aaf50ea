/*
** Checks of the core from C, run one by one by core_spec.lua: `core` lists them, `core NAME SEED`
** runs one. A check that fails says where and ends the program.
*/
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dynarray.h"

#define CHECK(condition) check(condition, #condition, __LINE__)

static void check(bool holds, const char *condition, int line) {
    if (holds) return;
    printf("core.c:%d: %s\n", line, condition);
    exit(1);
}

/* ---------------------------------------------------------------------------------------------
** Tools
*/

static uint64_t random_state = 1;

/* xorshift64*, 0 <= result < n */
static size_t random_below(size_t n) {
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    return (size_t)(random_state * 0x2545f4914f6cdd1dULL >> 33) % n;
}

/* An allocator that counts, checks the sizes it is told, and refuses now and then. */
typedef struct Memory {
    size_t bytes, requests;
    size_t refuse_one_in; /* 0: never */
} Memory;

static void *allocate(void *data, void *ptr, size_t osize, size_t nsize) {
    Memory *m = data;
    size_t *block = ptr == NULL ? NULL : (size_t *)ptr - 2, *grown;
    CHECK(osize == (block == NULL ? 0 : block[0]));
    if (nsize == 0) {
        m->bytes -= osize;
        free(block);
        return NULL;
    }
    m->requests++;
    if (nsize > osize && m->refuse_one_in != 0 && random_below(m->refuse_one_in) == 0) return NULL;
    grown = realloc(block, nsize + 2 * sizeof *block);
    if (grown == NULL) return NULL;
    grown[0] = nsize;
    m->bytes += nsize - osize;
    return grown + 2;
}

static dynarray_heap new_heap(Memory *m, unsigned flags) {
    dynarray_heap heap;
    memset(m, 0, sizeof *m);
    dynarray_heap_init(&heap, allocate, m, flags);
    return heap;
}

static int32_t int32_at(const dynarray *a, size_t i) { return dynarray_data_int32(a)[i]; }

static void fill_int32(dynarray *a, int32_t n) {
    for (int32_t i = 0; i < n; i++) CHECK(dynarray_append_int32(a, i) == DYNARRAY_OK);
}

/* ---------------------------------------------------------------------------------------------
** Checks
*/

static void names(void) {
    static const char *const types[] = {"int8",    "int16",   "int32",  "int64",
                                        "uint8",   "uint16",  "uint32", "uint64",
                                        "float32", "float64", "value",  "opaque"};
    static const size_t sizes[] = {1, 2, 4, 8, 1, 2, 4, 8, 4, 8, 8, 0};
    CHECK(sizeof types / sizeof *types == DYNARRAY_TYPE_COUNT);
    for (int t = 0; t < DYNARRAY_TYPE_COUNT; t++) {
        CHECK(strcmp(dynarray_type_name((dynarray_type)t), types[t]) == 0);
        CHECK(dynarray_type_from_name(types[t]) == (dynarray_type)t);
        CHECK(dynarray_type_size((dynarray_type)t) == sizes[t]);
        CHECK(dynarray_is_numeric((dynarray_type)t) == (t < DYNARRAY_VALUE));
        CHECK(dynarray_is_float((dynarray_type)t) == (strncmp(types[t], "float", 5) == 0));
    }
    CHECK(!dynarray_is_numeric(DYNARRAY_TYPE_COUNT) && !dynarray_is_float(DYNARRAY_TYPE_COUNT));
    CHECK(dynarray_type_name(DYNARRAY_TYPE_COUNT) == NULL);
    CHECK(dynarray_type_from_name("int") == DYNARRAY_TYPE_COUNT);
    CHECK(dynarray_type_size(DYNARRAY_VALUE) == 8 && dynarray_type_size(DYNARRAY_TYPE_COUNT) == 0);
    for (int s = DYNARRAY_OK; s <= DYNARRAY_FILE + 1; s++) /* the last is none */
        for (int t = DYNARRAY_OK; t < s; t++)
            CHECK(strcmp(dynarray_strerror((dynarray_status)s),
                         dynarray_strerror((dynarray_status)t)) != 0);
    CHECK(strcmp(dynarray_block_name(DYNARRAY_BLOCK_AUTO), "none") == 0);
    CHECK(strcmp(dynarray_block_name(DYNARRAY_BLOCK_PAGES), "pages") == 0);
    CHECK(strcmp(dynarray_block_name(DYNARRAY_BLOCK_FILE), "file") == 0);
    CHECK(dynarray_block_name((dynarray_block)(DYNARRAY_BLOCK_FILE + 1)) == NULL);
}

/* The values are small enough for every type. */
#define TYPED(CONSTANT, name, ctype, kind, min, max)                                               \
    static void typed_##name(void) {                                                               \
        dynarray a;                                                                                \
        ctype x = 9;                                                                               \
        dynarray_init(&a, DYNARRAY_##CONSTANT, NULL);                                              \
        CHECK(a.size == 0 && a.capacity == 0 && a.data == NULL);                                   \
        CHECK(a.element_size == sizeof(ctype));                                                    \
        CHECK(dynarray_get_##name(&a, 0, &x) == DYNARRAY_OUT_OF_BOUNDS);                           \
        CHECK(dynarray_set_##name(&a, 0, x) == DYNARRAY_OUT_OF_BOUNDS);                            \
        for (size_t i = 0; i < 1000; i++) {                                                        \
            CHECK(dynarray_append_##name(&a, (ctype)(i & 127)) == DYNARRAY_OK);                    \
            CHECK(a.size == i + 1 && a.capacity >= a.size);                                        \
        }                                                                                          \
        for (size_t i = 0; i < 1000; i++) {                                                        \
            CHECK(dynarray_get_##name(&a, i, &x) == DYNARRAY_OK);                                  \
            CHECK(x == (ctype)(i & 127) && dynarray_data_##name(&a)[i] == x);                      \
        }                                                                                          \
        CHECK(dynarray_set_##name(&a, 999, 5) == DYNARRAY_OK);                                     \
        CHECK(dynarray_data_##name(&a)[999] == 5);                                                 \
        x = 9;                                                                                     \
        CHECK(dynarray_get_##name(&a, 1000, &x) == DYNARRAY_OUT_OF_BOUNDS);                        \
        CHECK(dynarray_set_##name(&a, 1000, 5) == DYNARRAY_OUT_OF_BOUNDS);                         \
        CHECK(x == 9 && a.size == 1000);                                                           \
        dynarray_free(&a);                                                                         \
        CHECK(a.size == 0 && a.capacity == 0 && a.data == NULL);                                   \
        CHECK(dynarray_append_##name(&a, 1) == DYNARRAY_OK);                                       \
        dynarray_free(&a);                                                                         \
    }
DYNARRAY_NUMERIC_TYPES(TYPED)

static void typed(void) {
#define CALL(CONSTANT, name, ctype, kind, min, max) typed_##name();
    DYNARRAY_NUMERIC_TYPES(CALL)
#undef CALL
}

static void appender_without_block(void) {
    dynarray a;
    dynarray_appender_int32 w;
    dynarray_init(&a, DYNARRAY_INT32, NULL);
    w = dynarray_appender_begin_int32(&a);
    dynarray_appender_end_int32(&w);
    CHECK(a.size == 0);
    dynarray_free(&a);
}

static void appender(void) {
    dynarray a;
    dynarray_setup setup = {0};
    dynarray_appender_int32 w;
    setup.max_size = 1000;
    dynarray_init(&a, DYNARRAY_INT32, &setup);
    fill_int32(&a, 3);
    w = dynarray_appender_begin_int32(&a);
    for (int32_t i = 3; i < 1000; i++) CHECK(dynarray_appender_push_int32(&w, i) == DYNARRAY_OK);
    CHECK(dynarray_appender_push_int32(&w, 1000) == DYNARRAY_MAX_SIZE);
    CHECK(dynarray_appender_push_int32(&w, 1000) == DYNARRAY_MAX_SIZE);
    dynarray_appender_end_int32(&w);
    CHECK(a.size == 1000);
    for (size_t i = 0; i < 1000; i++) CHECK(int32_at(&a, i) == (int32_t)i);
    dynarray_free(&a);
}

/* Three elements in at `at`, and out again, of an array of n. */
static void insert_and_remove_at(int32_t n, size_t at) {
    static const int32_t three[] = {-1, -2, -3};
    dynarray a;
    dynarray_init(&a, DYNARRAY_INT32, NULL);
    fill_int32(&a, n);
    CHECK(dynarray_insert(&a, at, three, 3) == DYNARRAY_OK);
    CHECK(a.size == (size_t)n + 3);
    for (size_t i = 0; i < at; i++) CHECK(int32_at(&a, i) == (int32_t)i);
    for (size_t i = 0; i < 3; i++) CHECK(int32_at(&a, at + i) == three[i]);
    for (size_t i = at + 3; i < a.size; i++) CHECK(int32_at(&a, i) == (int32_t)i - 3);
    CHECK(dynarray_insert(&a, a.size + 1, three, 1) == DYNARRAY_OUT_OF_BOUNDS);
    CHECK(dynarray_remove(&a, a.size + 1, 0) == DYNARRAY_OUT_OF_BOUNDS);
    CHECK(dynarray_remove(&a, at, a.size - at + 1) == DYNARRAY_OUT_OF_BOUNDS);
    CHECK(dynarray_remove(&a, 1, SIZE_MAX) == DYNARRAY_OUT_OF_BOUNDS);
    CHECK(a.size == (size_t)n + 3);
    CHECK(dynarray_remove(&a, at, 3) == DYNARRAY_OK);
    CHECK(dynarray_remove(&a, at, 0) == DYNARRAY_OK);
    CHECK(a.size == (size_t)n);
    for (size_t i = 0; i < a.size; i++) CHECK(int32_at(&a, i) == (int32_t)i);
    dynarray_free(&a);
}

static void insert_and_remove(void) {
    for (int32_t n = 0; n <= 40; n++)
        for (size_t at = 0; at <= (size_t)n; at++) insert_and_remove_at(n, at);
}

static void resize_and_fill(void) {
    const int32_t seven = 7;
    dynarray a;
    dynarray_init(&a, DYNARRAY_INT32, NULL);
    CHECK(dynarray_resize(&a, 5, &seven) == DYNARRAY_OK);
    CHECK(a.size == 5 && a.capacity == 5);
    CHECK(dynarray_resize(&a, 100000, NULL) == DYNARRAY_OK);
    CHECK(a.size == 100000 && a.capacity == 100000);
    for (size_t i = 0; i < a.size; i++) CHECK(int32_at(&a, i) == (i < 5 ? 7 : 0));
    CHECK(dynarray_resize(&a, 2, NULL) == DYNARRAY_OK);
    CHECK(a.size == 2 && a.capacity == 100000);
    CHECK(dynarray_resize(&a, 10000, &seven) == DYNARRAY_OK);
    for (size_t i = 0; i < a.size; i++) CHECK(int32_at(&a, i) == 7);
    dynarray_free(&a);
}

/* Elements that are larger than what is copied at once. */
static void fill_with_large_elements(void) {
    static unsigned char element[20000];
    dynarray a;
    for (size_t i = 0; i < sizeof element; i++) element[i] = (unsigned char)(i % 251);
    dynarray_init_opaque(&a, sizeof element, NULL);
    CHECK(dynarray_resize(&a, 5, element) == DYNARRAY_OK && a.size == 5);
    for (size_t i = 0; i < 5; i++) CHECK(memcmp(dynarray_at(&a, i), element, sizeof element) == 0);
    dynarray_free(&a);
}

static void capacity(void) {
    dynarray a;
    dynarray_event event;
    int32_t *elements;
    dynarray_init(&a, DYNARRAY_INT32, NULL);
    CHECK(dynarray_reserve(&a, 17) == DYNARRAY_OK && a.capacity == 17 && a.size == 0);
    CHECK(dynarray_reserve(&a, 5) == DYNARRAY_OK && a.capacity == 17);
    fill_int32(&a, 10);
    CHECK(dynarray_set_capacity(&a, 30, &event) == DYNARRAY_OK && a.capacity == 30);
    CHECK(event.size == 10 && event.old_capacity == 17 && event.new_capacity == 30);
    CHECK(event.how == DYNARRAY_COPIED ? event.bytes_copied == 40 : event.bytes_copied == 0);
    CHECK(dynarray_set_capacity(&a, 12, &event) == DYNARRAY_OK && a.capacity == 12);
    CHECK(event.new_capacity == 0);
    elements = dynarray_data_int32(&a);
    elements[10] = 77;
    dynarray_set_size(&a, 11);
    CHECK(a.size == 11 && a.capacity == 12 && *(int32_t *)dynarray_at(&a, 10) == 77);
    dynarray_set_size(&a, 10);
    CHECK(dynarray_shrink(&a) == DYNARRAY_OK && a.capacity == 10 && a.size == 10);
    CHECK(dynarray_grow(&a, 10) == DYNARRAY_OK && a.capacity == 10);
    CHECK(dynarray_grow(&a, 11) == DYNARRAY_OK && a.capacity >= 11 && a.size == 10);
    for (size_t i = 0; i < 10; i++) CHECK(int32_at(&a, i) == (int32_t)i);
    CHECK(dynarray_remove(&a, 0, 10) == DYNARRAY_OK);
    CHECK(dynarray_shrink(&a) == DYNARRAY_OK && a.capacity == 0 && a.data == NULL);
    dynarray_free(&a);
}

/* The same without a setup, where small arrays have a way of their own. */
static void plain(void) {
    static const int32_t more[1000] = {1, 2, 3};
    int32_t lent[3] = {1, 2, 3};
    dynarray a, view;
    dynarray_init(&a, DYNARRAY_INT32, NULL);
    fill_int32(&a, 10);
    CHECK(dynarray_set_capacity(&a, 9, NULL) == DYNARRAY_OUT_OF_BOUNDS && a.size == 10);
    CHECK(dynarray_extend(&a, more, 1000) == DYNARRAY_OK && a.size == 1010);
    CHECK(int32_at(&a, 9) == 9 && int32_at(&a, 12) == 3 && int32_at(&a, 1009) == 0);
    a.fixed = 1;
    CHECK(dynarray_resize(&a, 5000, NULL) == DYNARRAY_FIXED);
    CHECK(dynarray_extend(&a, more, 1000) == DYNARRAY_FIXED && a.size == 1010);
    a.fixed = 0;
    dynarray_free(&a);
    dynarray_init(&view, DYNARRAY_INT32, NULL);
    dynarray_lend(&view, lent, 3);
    CHECK(dynarray_append_int32(&view, 4) == DYNARRAY_FIXED && view.size == 3);
    dynarray_free(&view);
    CHECK(view.size == 0 && view.data == NULL && lent[2] == 3);
}

/* Blocks of pages are passed on from array to array; the heap of the arrays without a setup keeps one. */
static void passed_on(void) {
    dynarray arrays[3], next;
    dynarray_heap_trim(NULL);
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < 3; i++) {
            dynarray_init(&arrays[i], DYNARRAY_INT64, NULL);
            CHECK(dynarray_resize(&arrays[i], (size_t)400000 * (i + 1), NULL) == DYNARRAY_OK);
            dynarray_data_int64(&arrays[i])[0] = (int64_t)i;
        }
        for (size_t i = 0; i < 3; i++) {
            CHECK(dynarray_data_int64(&arrays[i])[0] == (int64_t)i);
            dynarray_free(&arrays[i]);
        }
        dynarray_init(&next, DYNARRAY_INT64, NULL);
        dynarray_init(&arrays[0], DYNARRAY_INT64, NULL);
        for (int64_t i = 0; i < 300000; i++) { /* both grow; one of them has the pages at first */
            CHECK(dynarray_append_int64(&next, i) == DYNARRAY_OK);
            CHECK(dynarray_append_int64(&arrays[0], -i) == DYNARRAY_OK);
        }
        for (int64_t i = 0; i < 300000; i++)
            CHECK(dynarray_data_int64(&next)[i] == i && dynarray_data_int64(&arrays[0])[i] == -i);
        dynarray_free(&next);
        dynarray_free(&arrays[0]);
        if (round == 0) dynarray_heap_trim(NULL);
    }
    dynarray_heap_trim(NULL);
}

/* Kept blocks, the oldest of which fits, and a limit, under which none is on loan. */
static void kept_in_order(void) {
    Memory memory;
    dynarray_heap heap = new_heap(&memory, DYNARRAY_HEAP_PAGES);
    dynarray_setup setup = {.heap = &heap};
    dynarray arrays[4], a;
    heap.keep = (size_t)100 << 20;
    for (size_t i = 0; i < 4; i++) { /* 12, 9, 6, 3 MB */
        dynarray_init(&arrays[i], DYNARRAY_INT8, &setup);
        CHECK(dynarray_resize(&arrays[i], (4 - i) * 3000000, NULL) == DYNARRAY_OK);
    }
    for (size_t i = 0; i < 4; i++) dynarray_free(&arrays[i]);
    dynarray_init(&a, DYNARRAY_INT8, &setup);
    CHECK(dynarray_resize(&a, 11000000, NULL) == DYNARRAY_OK);
    CHECK(dynarray_resize(&a, 12000000, NULL) == DYNARRAY_OK);
    for (size_t i = 0; i < 12000000; i += 4096) CHECK(dynarray_data_int8(&a)[i] == 0);
    dynarray_free(&a);
    heap.limit = (size_t)64 << 20;
    dynarray_init(&a, DYNARRAY_INT8, &setup);
    for (int32_t i = 0; i < 300000; i++)
        CHECK(dynarray_append_int8(&a, (int8_t)(i % 100)) == DYNARRAY_OK);
    CHECK(heap.loan.data == NULL);
    heap.limit = 1000; /* less than there is: nothing is kept from the next change on */
    CHECK(dynarray_grow(&a, a.capacity + 1) == DYNARRAY_LIMIT);
    CHECK(dynarray_shrink(&a) == DYNARRAY_OK);
    CHECK(heap.kept.bytes == 0 && heap.held == 300000);
    for (int32_t i = 0; i < 300000; i++) CHECK(dynarray_data_int8(&a)[i] == (int8_t)(i % 100));
    dynarray_free(&a);
    CHECK(heap.held == 0);
    dynarray_heap_close(&heap);
    CHECK(memory.bytes == 0);
}

static void count_event(void *data, const dynarray *a, const dynarray_event *event) {
    size_t *events = data;
    (void)a, (void)event;
    ++*events;
}

/* An observer without figures, and a bound that is larger than any block. */
static void observed_alone(void) {
    size_t events = 0;
    dynarray_setup setup = {
        .observer = count_event, .observer_data = &events, .max_size = SIZE_MAX};
    dynarray a;
    dynarray_init(&a, DYNARRAY_INT64, &setup);
    for (int64_t i = 0; i < 700000; i++) CHECK(dynarray_append_int64(&a, i) == DYNARRAY_OK);
    CHECK(events >= 17);
    for (int64_t i = 0; i < 700000; i++) CHECK(dynarray_data_int64(&a)[i] == i);
    dynarray_free(&a);
    setup.block = DYNARRAY_BLOCK_STABLE;
    dynarray_init(&a, DYNARRAY_INT64, &setup);
    if (dynarray_append_int64(&a, 1) == DYNARRAY_OK) /* there are pages */
        for (int64_t i = 0; i < 10000; i++) CHECK(dynarray_append_int64(&a, i) == DYNARRAY_OK);
    dynarray_free(&a);
}

static size_t too_little(const dynarray_growth *self, size_t old, size_t needed, size_t bytes) {
    (void)self, (void)old, (void)bytes;
    return needed - 1;
}

/* The right status, and the array of ten is as before. */
static void refused(bool right_status, const dynarray *a, const dynarray *before, int line) {
    check(right_status, "another status", line);
    check(a->size == 10 && a->capacity == before->capacity && a->data == before->data,
          "the array is not as before", line);
    for (int32_t i = 0; i < 10; i++) check(int32_at(a, (size_t)i) == i, "an element is lost", line);
}

static void refusals(void) {
    static const dynarray_growth bad = {"bad", too_little, {0}};
    static const int32_t more[100] = {0};
    Memory memory;
    dynarray_heap heap = new_heap(&memory, 0);
    dynarray_setup setup = {0};
    dynarray_event event = {.new_capacity = 1};
    dynarray a, before;
    setup.heap = &heap;
    dynarray_init(&a, DYNARRAY_INT32, &setup);
    fill_int32(&a, 10);
    CHECK(dynarray_shrink(&a) == DYNARRAY_OK);
    before = a;
#define REFUSED(call, status) refused((call) == (status), &a, &before, __LINE__)
    setup.max_size = 12;
    REFUSED(dynarray_extend(&a, more, 3), DYNARRAY_MAX_SIZE);
    REFUSED(dynarray_insert(&a, 5, more, 3), DYNARRAY_MAX_SIZE);
    REFUSED(dynarray_resize(&a, 13, NULL), DYNARRAY_MAX_SIZE);
    REFUSED(dynarray_reserve(&a, 13), DYNARRAY_MAX_SIZE);
    setup.max_size = 0;
    setup.growth = &bad;
    REFUSED(dynarray_append_int32(&a, 1), DYNARRAY_BAD_POLICY);
    REFUSED(dynarray_extend(&a, more, 3), DYNARRAY_BAD_POLICY);
    setup.growth = NULL;
    heap.limit = heap.held + 8;
    REFUSED(dynarray_extend(&a, more, 100), DYNARRAY_LIMIT);
    REFUSED(dynarray_resize(&a, 1000, NULL), DYNARRAY_LIMIT);
    heap.limit = 0;
    memory.refuse_one_in = 1;
    REFUSED(dynarray_append_int32(&a, 1), DYNARRAY_NO_MEMORY);
    REFUSED(dynarray_extend(&a, more, 100), DYNARRAY_NO_MEMORY);
    REFUSED(dynarray_insert(&a, 0, more, 100), DYNARRAY_NO_MEMORY);
    REFUSED(dynarray_resize(&a, 1000, NULL), DYNARRAY_NO_MEMORY);
    REFUSED(dynarray_reserve(&a, 1000), DYNARRAY_NO_MEMORY);
    memory.refuse_one_in = 0;
    REFUSED(dynarray_reserve(&a, SIZE_MAX), DYNARRAY_TOO_LARGE);
    REFUSED(dynarray_reserve(&a, dynarray_max_capacity(4) + 1), DYNARRAY_TOO_LARGE);
    REFUSED(dynarray_resize(&a, SIZE_MAX / 4 + 2, NULL), DYNARRAY_TOO_LARGE);
    REFUSED(dynarray_extend(&a, more, SIZE_MAX - 5), DYNARRAY_TOO_LARGE);
    REFUSED(dynarray_insert(&a, 0, more, SIZE_MAX - 5), DYNARRAY_TOO_LARGE);
    REFUSED(dynarray_set_capacity(&a, SIZE_MAX, NULL), DYNARRAY_TOO_LARGE);
    REFUSED(dynarray_set_capacity(&a, SIZE_MAX, &event), DYNARRAY_TOO_LARGE);
    CHECK(event.new_capacity == 0);
    a.fixed = 1;
    REFUSED(dynarray_append_int32(&a, 1), DYNARRAY_FIXED);
    REFUSED(dynarray_reserve(&a, 100), DYNARRAY_FIXED);
    a.fixed = 0;
#undef REFUSED
    CHECK(dynarray_append_int32(&a, 10) == DYNARRAY_OK);
    dynarray_free(&a);
    CHECK(heap.held == 0 && memory.bytes == 0);
    dynarray_heap_close(&heap);
}

typedef struct Seen {
    size_t events, elements_copied, moves, in_place;
    dynarray_stats stats;
} Seen;

static void see(void *data, const dynarray *a, const dynarray_event *event) {
    Seen *seen = data;
    seen->events++;
    seen->moves += event->how == DYNARRAY_MOVED;
    seen->in_place += event->how == DYNARRAY_IN_PLACE;
    seen->elements_copied += event->bytes_copied / a->element_size;
    dynarray_stats_add(&seen->stats, event, a->element_size);
    CHECK(event->new_capacity == a->capacity && event->old_capacity < event->new_capacity);
    CHECK(event->how == DYNARRAY_COPIED || event->bytes_copied == 0);
}

static void events(void) {
    static const dynarray_block blocks[] = {DYNARRAY_BLOCK_AUTO, DYNARRAY_BLOCK_COPY,
                                            DYNARRAY_BLOCK_STABLE};
    for (size_t b = 0; b < sizeof blocks / sizeof *blocks; b++) {
        Seen seen = {0};
        dynarray_stats stats = {0};
        dynarray_setup setup = {0};
        const void *first;
        dynarray a;
        setup.block = blocks[b];
        setup.observer = see;
        setup.observer_data = &seen;
        setup.stats = &stats;
        setup.growth = dynarray_growth_named("double");
        setup.max_size = 1 << 20;
        dynarray_init(&a, DYNARRAY_INT32, &setup);
#if defined(DYNARRAY_NO_PAGES)
        if (blocks[b] == DYNARRAY_BLOCK_STABLE) {
            CHECK(dynarray_reserve(&a, 1) == DYNARRAY_NO_MEMORY && a.capacity == 0);
            continue;
        }
#endif
        CHECK(dynarray_reserve(&a, 1) == DYNARRAY_OK);
        memset(&seen, 0, sizeof seen);
        memset(&stats, 0, sizeof stats);
        first = a.data;
        fill_int32(&a, 1000000);
        CHECK(seen.events == 20 && stats.growths == 20);
        CHECK(seen.moves == stats.moves && seen.in_place == stats.in_place);
        CHECK(seen.elements_copied == stats.elements_copied);
        CHECK(seen.stats.growths == 20 && seen.stats.elements_copied == stats.elements_copied);
        CHECK(seen.stats.moves == stats.moves && seen.stats.in_place == stats.in_place);
        CHECK(seen.stats.peak_bytes == stats.peak_bytes && seen.stats.growth_ns == stats.growth_ns);
        if (blocks[b] == DYNARRAY_BLOCK_COPY) CHECK(stats.elements_copied == (1 << 20) - 1);
        if (blocks[b] == DYNARRAY_BLOCK_STABLE)
            CHECK(a.data == first && stats.in_place == 20 && stats.elements_copied == 0);
        CHECK(stats.peak_bytes >= (size_t)4 << 20);
        for (size_t i = 0; i < 1000000; i++) CHECK(int32_at(&a, i) == (int32_t)i);
        dynarray_free(&a);
    }
}

static void policies(void) {
    static const size_t element_sizes[] = {1, 2, 24, 1024, 1025, 10000};
    dynarray_growth factor = dynarray_growth_factor(1.5), step = dynarray_growth_increment(10);
    size_t count = 0;
    for (const dynarray_growth *g; (g = dynarray_growth_at(count)) != NULL; count++) {
        CHECK(dynarray_growth_named(g->name) == g);
        for (size_t c = 0; c < 5000; c += 7)
            for (size_t needed = c + 1; needed < c + 100; needed += 13)
                CHECK(dynarray_growth_next(g, c, needed, 8) >= needed);
        CHECK(dynarray_growth_next(g, SIZE_MAX - 5, SIZE_MAX - 4, 8) >= SIZE_MAX - 4);
        CHECK(dynarray_growth_next(g, SIZE_MAX / 2, SIZE_MAX / 2 + 1, 8) >= SIZE_MAX / 2 + 1);
    }
    CHECK(count >= 11 && dynarray_growth_named("none such") == NULL);
    for (const dynarray_growth *g; (g = dynarray_growth_at(count - 1)) != NULL && count > 1;
         count--)
        for (size_t s = 0; s < sizeof element_sizes / sizeof *element_sizes; s++)
            for (size_t c = 0; c < 300; c++)
                CHECK(dynarray_growth_next(g, c, c + 1, element_sizes[s]) > c);
    CHECK(dynarray_growth_next(dynarray_growth_named("rust"), 0, 1, 1) == 8);
    CHECK(dynarray_growth_next(dynarray_growth_named("rust"), 0, 1, 1024) == 4);
    CHECK(dynarray_growth_next(dynarray_growth_named("rust"), 0, 1, 1025) == 1);
    CHECK(dynarray_growth_next(&factor, 10, 11, 8) == 15);
    CHECK(dynarray_growth_next(&step, 10, 11, 8) == 20);
    CHECK(dynarray_growth_next(&step, 10, 31, 8) == 40);
    CHECK(dynarray_growth_next(&step, SIZE_MAX - 5, SIZE_MAX - 4, 8) >= SIZE_MAX - 4);
}

/* Many small arrays come and go; what the pool took from the allocator it gives back. */
static void pool(void) {
    enum { ARRAYS = 2000 };
    static dynarray arrays[ARRAYS];
    Memory memory;
    dynarray_heap heap = new_heap(&memory, DYNARRAY_HEAP_POOL);
    dynarray_setup setup = {0};
    setup.heap = &heap;
    for (size_t i = 0; i < ARRAYS; i++) dynarray_init(&arrays[i], DYNARRAY_INT32, &setup);
    for (size_t round = 0; round < (size_t)40 * ARRAYS; round++) {
        dynarray *a = &arrays[random_below(ARRAYS)];
        const int32_t id = (int32_t)(a - arrays);
        if (random_below(20) == 0)
            dynarray_free(a);
        else if (random_below(20) == 0)
            CHECK(dynarray_shrink(a) == DYNARRAY_OK);
        else
            CHECK(dynarray_append_int32(a, id) == DYNARRAY_OK);
        for (size_t i = 0; i < a->size; i++) CHECK(int32_at(a, i) == id);
    }
    CHECK(heap.held > 0 && heap.held <= heap.peak);
    for (size_t i = 0; i < ARRAYS; i++) {
        for (size_t k = 0; k < arrays[i].size; k++) CHECK(int32_at(&arrays[i], k) == (int32_t)i);
        dynarray_free(&arrays[i]);
    }
    CHECK(heap.held == 0);
    dynarray_heap_close(&heap);
    CHECK(memory.bytes == 0);
}

/* An allocator that has so many bytes. */
static void *allocate_within(void *data, void *ptr, size_t osize, size_t nsize) {
    size_t *left = data;
    void *result;
    if (nsize > osize && nsize - osize > *left) return NULL;
    if (nsize == 0) {
        free(ptr);
        *left += osize;
        return NULL;
    }
    result = realloc(ptr, nsize);
    if (result != NULL) *left = *left + osize - nsize;
    return result;
}

static void pool_in_need(void) {
    enum { ARRAYS = 1000, BLOCK = 64 };
    static dynarray arrays[ARRAYS];
    size_t left = 20480, made = 0;
    dynarray_heap heap;
    dynarray_setup setup = {0};
    dynarray_heap_init(&heap, allocate_within, &left, DYNARRAY_HEAP_POOL);
    setup.heap = &heap;
    while (made < ARRAYS) {
        dynarray_init(&arrays[made], DYNARRAY_INT8, &setup);
        if (dynarray_reserve(&arrays[made], BLOCK) != DYNARRAY_OK) break;
        made++;
    }
    CHECK(made < ARRAYS && left < 8192); /* no chunk that fits was left out */
    while (made > 0) dynarray_free(&arrays[--made]);
    dynarray_heap_close(&heap);
    CHECK(left == 20480);
}

/* A smaller block of the pool is another one, for which there may be no room. */
static void pool_used_up(void) {
    enum { ARRAYS = 2000 };
    static dynarray arrays[ARRAYS];
    size_t made = 0;
    Memory memory;
    dynarray_heap heap = new_heap(&memory, DYNARRAY_HEAP_POOL);
    dynarray_setup setup = {0};
    dynarray a;
    setup.heap = &heap;
    dynarray_init(&a, DYNARRAY_INT32, &setup);
    CHECK(dynarray_reserve(&a, 16) == DYNARRAY_OK);
    fill_int32(&a, 3);
    memory.refuse_one_in = 1;
    while (made < ARRAYS) {
        dynarray_init(&arrays[made], DYNARRAY_INT32, &setup);
        if (dynarray_reserve(&arrays[made], 4) != DYNARRAY_OK) break;
        made++;
    }
    CHECK(made > 100 && made < ARRAYS);
    CHECK(dynarray_shrink(&a) == DYNARRAY_NO_MEMORY && a.capacity == 16 && a.size == 3);
    for (size_t i = 0; i < 3; i++) CHECK(int32_at(&a, i) == (int32_t)i);
    dynarray_free(&arrays[--made]);
    CHECK(dynarray_shrink(&a) == DYNARRAY_OK && a.capacity == 3 && int32_at(&a, 2) == 2);
    while (made > 0) dynarray_free(&arrays[--made]);
    dynarray_free(&a);
    CHECK(heap.held == 0);
    dynarray_heap_close(&heap);
    CHECK(memory.bytes == 0);
}

/* Chunks become larger up to 4 MiB; the largest may be pages. */
static void large_pool(void) {
    enum { ARRAYS = 30000, BYTES = 500 };
    static dynarray arrays[ARRAYS];
    for (unsigned pages = 0; pages <= DYNARRAY_HEAP_PAGES; pages += DYNARRAY_HEAP_PAGES) {
        Memory memory;
        dynarray_heap heap = new_heap(&memory, DYNARRAY_HEAP_POOL | pages);
        dynarray_setup setup = {0};
        setup.heap = &heap;
        for (size_t i = 0; i < ARRAYS; i++) {
            dynarray_init(&arrays[i], DYNARRAY_INT8, &setup);
            CHECK(dynarray_reserve(&arrays[i], BYTES) == DYNARRAY_OK);
            CHECK(dynarray_append_int8(&arrays[i], (int8_t)(i % 100)) == DYNARRAY_OK);
        }
        CHECK(heap.held == (size_t)ARRAYS * BYTES);
        for (size_t i = 0; i < ARRAYS; i++) {
            CHECK(dynarray_data_int8(&arrays[i])[0] == (int8_t)(i % 100));
            dynarray_free(&arrays[i]);
        }
        CHECK(heap.held == 0 && memory.requests < 30);
        dynarray_heap_close(&heap);
        CHECK(memory.bytes == 0);
    }
}

static void heap_of_malloc(void) {
    dynarray_heap heap;
    dynarray_setup setup = {0};
    dynarray a;
    dynarray_heap_init(&heap, NULL, NULL, DYNARRAY_HEAP_POOL);
    setup.heap = &heap;
    dynarray_init(&a, DYNARRAY_INT32, &setup);
    fill_int32(&a, 10000);
    CHECK(heap.held == a.capacity * sizeof(int32_t));
    for (size_t i = 0; i < a.size; i++) CHECK(int32_at(&a, i) == (int32_t)i);
    dynarray_free(&a);
    CHECK(heap.held == 0);
    dynarray_heap_close(&heap);
}

/* Growth stops at the end of what is reserved, not at the last power of two before it. */
static void stable_to_the_end(void) {
    dynarray_heap heap;
    dynarray_setup setup = {0};
    dynarray a;
    size_t room;
    dynarray_heap_init(&heap, NULL, NULL, DYNARRAY_HEAP_PAGES);
    setup.heap = &heap;
    setup.block = DYNARRAY_BLOCK_STABLE;
    setup.max_size = 100000; /* says how much is reserved, in whole pages */
    dynarray_init(&a, DYNARRAY_INT32, &setup);
    if (dynarray_append_int32(&a, 0) != DYNARRAY_OK) return; /* no pages here */
    setup.max_size = 0;
    room = a.size;
    while (dynarray_append_int32(&a, 0) == DYNARRAY_OK) room++;
    CHECK(dynarray_append_int32(&a, 0) == DYNARRAY_RANGE_FULL);
    CHECK(room >= 100000 && room == a.capacity);
    CHECK(dynarray_reserve(&a, room + 1) == DYNARRAY_RANGE_FULL);
    dynarray_free(&a);
    CHECK(heap.held == 0);
}

static void reserve_and_free(const dynarray_setup *setup, size_t n) {
    dynarray a;
    dynarray_init(&a, DYNARRAY_INT32, setup);
    CHECK(dynarray_reserve(&a, n) == DYNARRAY_OK);
    dynarray_free(&a);
}

static void spare(void) {
    Memory memory;
    dynarray_heap heap = new_heap(&memory, 0);
    dynarray_setup setup = {0};
    dynarray a;
    setup.heap = &heap;
    reserve_and_free(&setup, 1000);
    CHECK(memory.bytes == 0); /* unless asked for, none stays */

    heap.keep = 100000;
    reserve_and_free(&setup, 1000);
    CHECK(memory.bytes == 4000 && heap.spare.bytes == 4000 && heap.held == 0);
    memory.requests = 0;
    reserve_and_free(&setup, 1000);
    dynarray_init(&a, DYNARRAY_FLOAT64, &setup);
    CHECK(dynarray_reserve(&a, 500) == DYNARRAY_OK && memory.requests == 0);
    CHECK(heap.spare.bytes == 0 && heap.held == 4000 && memory.bytes == 4000);
    reserve_and_free(&setup, 20000); /* larger than 64 KiB: goes at once */
    CHECK(memory.bytes == 4000);
    reserve_and_free(&setup, 10);
    CHECK(heap.spare.bytes == 40 && memory.bytes == 4040);
    dynarray_free(&a); /* the last one stays, in place of the one before */
    CHECK(heap.spare.bytes == 4000 && memory.bytes == 4000);

    dynarray_init(&a, DYNARRAY_INT32, &setup);
    CHECK(dynarray_reserve(&a, 10) == DYNARRAY_OK && heap.spare.bytes == 4000);
    heap.limit = 4000; /* with it, more than that */
    CHECK(dynarray_reserve(&a, 11) == DYNARRAY_OK && heap.spare.bytes == 0 && memory.bytes == 44);
    heap.limit = 0;
    reserve_and_free(&setup, 1000);
    heap.keep = 3999; /* holds from the next change of a block on, whatever that is */
    reserve_and_free(&setup, 20000);
    CHECK(heap.spare.bytes == 0 && memory.bytes == 44);
    heap.keep = 100000;
    reserve_and_free(&setup, 1000);
    memory.refuse_one_in = 1;
    memory.requests = 0;
    CHECK(dynarray_reserve(&a, 2000) == DYNARRAY_NO_MEMORY && memory.requests == 2);
    CHECK(heap.spare.bytes == 0 && memory.bytes == 44); /* given up before memory was short */
    memory.refuse_one_in = 0;
    reserve_and_free(&setup, 1000);
    dynarray_heap_trim(&heap);
    CHECK(heap.spare.bytes == 0 && memory.bytes == 44);
    dynarray_free(&a);
    dynarray_heap_close(&heap);
    CHECK(memory.bytes == 0);
}

/* ---------------------------------------------------------------------------------------------
** Random lives: an array of `bytes` per element beside a plain buffer, on an allocator that refuses
*/

#define MODEL_ELEMENTS ((size_t)4000)
#define SOME_ELEMENTS ((size_t)600)

typedef struct Life {
    dynarray a;
    unsigned char *model;
    size_t size, bytes; /* elements; bytes of one */
} Life;

static void compare(const Life *life) {
    CHECK(life->a.size == life->size && life->a.capacity >= life->size);
    CHECK(life->size == 0 || memcmp(life->a.data, life->model, life->size * life->bytes) == 0);
}

/* Each acts on array and model alike; `some` holds n random elements. */

static dynarray_status life_extend(Life *life, const unsigned char *some, size_t n) {
    dynarray_status status = dynarray_extend(&life->a, some, n);
    if (status != DYNARRAY_OK) return status;
    memcpy(life->model + life->size * life->bytes, some, n * life->bytes);
    life->size += n;
    return status;
}

static dynarray_status life_extend_itself(Life *life) {
    const size_t size = life->size;
    dynarray_status status;
    if (size == 0 || size * 2 > MODEL_ELEMENTS) return DYNARRAY_OK;
    status = dynarray_extend(&life->a, life->a.data, size);
    if (status != DYNARRAY_OK) return status;
    memcpy(life->model + size * life->bytes, life->model, size * life->bytes);
    life->size += size;
    return status;
}

static dynarray_status life_insert(Life *life, const unsigned char *some, size_t n) {
    const size_t at = random_below(life->size + 1);
    unsigned char *place = life->model + at * life->bytes;
    dynarray_status status = dynarray_insert(&life->a, at, some, n);
    if (status != DYNARRAY_OK) return status;
    memmove(place + n * life->bytes, place, (life->size - at) * life->bytes);
    memcpy(place, some, n * life->bytes);
    life->size += n;
    return status;
}

static dynarray_status life_remove(Life *life, size_t n) {
    const size_t at = random_below(life->size + 1);
    unsigned char *place = life->model + at * life->bytes;
    if (n > life->size - at) n = life->size - at;
    CHECK(dynarray_remove(&life->a, at, n) == DYNARRAY_OK);
    memmove(place, place + n * life->bytes, (life->size - at - n) * life->bytes);
    life->size -= n;
    return DYNARRAY_OK;
}

static dynarray_status life_resize(Life *life, const unsigned char *fill, size_t n) {
    static const unsigned char zero[100];
    const size_t to = random_below(4) == 0 ? random_below(MODEL_ELEMENTS) : life->size + n;
    dynarray_status status = dynarray_resize(&life->a, to, fill);
    if (status != DYNARRAY_OK) return status;
    for (; life->size < to; life->size++)
        memcpy(life->model + life->size * life->bytes, fill == NULL ? zero : fill, life->bytes);
    life->size = to;
    return status;
}

static dynarray_status life_reserve(Life *life) {
    const size_t before = life->a.capacity, n = random_below(MODEL_ELEMENTS);
    dynarray_status status = dynarray_reserve(&life->a, n);
    CHECK(status != DYNARRAY_OK || life->a.capacity == (n > before ? n : before));
    return status;
}

static dynarray_status life_shrink(Life *life) {
    const size_t before = life->a.capacity;
    if (random_below(4) == 0) (void)dynarray_shrink(&life->a); /* may be refused: not needed */
    CHECK(life->a.capacity <= before);
    return DYNARRAY_OK;
}

static dynarray_status life_free(Life *life) {
    if (random_below(50) != 0) return DYNARRAY_OK;
    dynarray_free(&life->a);
    CHECK(life->a.capacity == 0 && life->a.data == NULL);
    life->size = 0;
    return DYNARRAY_OK;
}

static dynarray_status life_act(Life *life, const unsigned char *some, size_t n) {
    switch (random_below(10)) {
    case 0:
    case 1:
    case 2: return life_extend(life, some, n);
    case 3: return life_insert(life, some, n);
    case 4:
    case 5: return life_remove(life, n);
    case 6: return life_resize(life, n == 0 || random_below(2) == 0 ? NULL : some, n);
    case 7: return life_reserve(life);
    case 8: return random_below(2) == 0 ? life_shrink(life) : life_free(life);
    default: return random_below(3) == 0 ? life_extend_itself(life) : DYNARRAY_OK;
    }
}

static void step(Life *life, unsigned char *some) {
    const size_t capacity = life->a.capacity, size = life->size;
    size_t n = random_below(random_below(8) == 0 ? SOME_ELEMENTS : 12);
    dynarray_status status;
    if (size + n > MODEL_ELEMENTS) n = 0;
    for (size_t i = 0; i < n * life->bytes; i++) some[i] = (unsigned char)random_below(256);
    status = life_act(life, some, n);
    CHECK(status == DYNARRAY_OK || status == DYNARRAY_NO_MEMORY);
    CHECK(status == DYNARRAY_OK || (life->a.capacity == capacity && life->a.size == size));
    compare(life);
}

static void live(dynarray_setup *setup, Memory *memory, size_t bytes, size_t refuse_one_in) {
    Life life;
    unsigned char *some = malloc(SOME_ELEMENTS * bytes);
    life.model = malloc(MODEL_ELEMENTS * bytes);
    CHECK(life.model != NULL && some != NULL);
    memory->refuse_one_in = refuse_one_in;
    life.size = 0;
    life.bytes = bytes;
    dynarray_init_opaque(&life.a, bytes, setup);
    for (int i = 0; i < 3000; i++) step(&life, some);
    dynarray_free(&life.a);
    CHECK(setup->heap->held == 0);
    free(life.model);
    free(some);
}

/* Elements of several sizes, with an allocator that gives all and one that refuses now and then. */
static void lives(unsigned flags, dynarray_block block, size_t keep) {
    static const size_t sizes[] = {1, 2, 3, 4, 8, 24, 100};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
        for (size_t refuse_one_in = 0; refuse_one_in <= 4; refuse_one_in += 4) {
            Memory memory;
            dynarray_heap heap = new_heap(&memory, flags);
            dynarray_setup setup = {0};
            heap.keep = keep;
            setup.heap = &heap;
            setup.block = block;
            setup.max_size = MODEL_ELEMENTS;
            live(&setup, &memory, sizes[s], refuse_one_in);
            dynarray_heap_close(&heap);
            CHECK(memory.bytes == 0);
        }
}

static void life_plain(void) { lives(0, DYNARRAY_BLOCK_AUTO, 0); }
static void life_spare(void) { lives(0, DYNARRAY_BLOCK_COPY, 64 << 10); }
static void life_pool(void) { lives(DYNARRAY_HEAP_POOL, DYNARRAY_BLOCK_AUTO, 0); }
static void life_pages(void) {
    lives(DYNARRAY_HEAP_POOL | DYNARRAY_HEAP_PAGES, DYNARRAY_BLOCK_AUTO, (size_t)4 << 20);
}
static void life_copy(void) { lives(0, DYNARRAY_BLOCK_COPY, 0); }
static void life_stable(void) { lives(DYNARRAY_HEAP_PAGES, DYNARRAY_BLOCK_STABLE, 0); }

/* Large blocks: over every threshold up and down, on pages where there are pages. */
static void large(void) {
    static const size_t sizes[] = {1, 1000, 4096, 100000, 262144, 300000, 1u << 20, 3000000};
    dynarray a;
    dynarray_init(&a, DYNARRAY_INT32, NULL);
    for (int round = 0; round < 300; round++) {
        const size_t n = sizes[random_below(sizeof sizes / sizeof *sizes)];
        const int32_t mark = (int32_t)random_below(1000);
        const size_t kept = n < a.size ? n : a.size;
        const int32_t first = a.size > 0 ? int32_at(&a, 0) : mark;
        const int32_t last = kept > 0 ? int32_at(&a, kept - 1) : mark;
        CHECK(dynarray_resize(&a, n, &mark) == DYNARRAY_OK);
        if (random_below(2) == 0) CHECK(dynarray_shrink(&a) == DYNARRAY_OK && a.capacity == n);
        CHECK(int32_at(&a, 0) == first && int32_at(&a, kept > 0 ? kept - 1 : 0) == last);
        if (n > kept) CHECK(int32_at(&a, n - 1) == mark && int32_at(&a, kept) == mark);
    }
    dynarray_free(&a);
}

#if defined(__linux__)
int mincore(void *address, size_t bytes, unsigned char *pages); /* hidden by -std=c11 */
#endif

#define SMALL_PAGE 4096

/* Whether all whole pages of those bytes have memory; also where that cannot be asked. */
static bool is_resident(const char *data, size_t bytes) {
#if defined(__linux__)
    unsigned char pages[1024];
    char *first = (char *)(((uintptr_t)data + SMALL_PAGE - 1) / SMALL_PAGE * SMALL_PAGE);
    const size_t n = (size_t)(data + bytes - first) / SMALL_PAGE;
    if (n > sizeof pages || mincore(first, n * SMALL_PAGE, pages) != 0) return true;
    for (size_t i = 0; i < n; i++)
        if ((pages[i] & 1) == 0) return false;
#else
    (void)data, (void)bytes;
#endif
    return true;
}

/*
** How many bytes of an array that has grown to `bytes` have pages at most: with 80 KiB that it left to malloc, 1.15 times
** its elements and 64 KiB from 240,000 bytes on.
*/
static size_t most_ahead(size_t bytes) {
    const size_t share = bytes / 8, left = 16 << 10, least = 8 << 10;
    return bytes + (share > left + least ? share - left : least);
}

/* Where arrays that grow are of pages. */
static void pages_ahead(void) {
    dynarray a;
    size_t growths = 0, capacity = 0, copied = 0;
    dynarray_stats stats = {0};
    const dynarray_setup setup = {.stats = &stats};
    dynarray_heap_trim(NULL);
    dynarray_init(&a, DYNARRAY_INT64, &setup);
    for (int64_t i = 0; i < 200000; i++) {
        const size_t bytes = (size_t)(i + 1) * sizeof i;
        CHECK(dynarray_append_int64(&a, i) == DYNARRAY_OK);
        if (a.capacity == capacity) continue;
        capacity = a.capacity;
        if (a.block != DYNARRAY_BLOCK_PAGES) continue;
        if (growths++ == 0) copied = stats.elements_copied;
        CHECK(bytes > 80 << 10 && capacity * sizeof i <= most_ahead(bytes));
        CHECK(is_resident(a.data, capacity * sizeof i));
    }
    for (int64_t i = 0; i < 200000; i++) CHECK(dynarray_data_int64(&a)[i] == i);
    CHECK(a.block != DYNARRAY_BLOCK_PAGES || (growths >= 20 && growths <= 50));
    CHECK(growths == 0 ||
          (copied <= 20480 && stats.elements_copied == copied)); /* moved, or in place */
    dynarray_free(&a);

    /* the next has the pages of the one before, and so doubles as far as these go */
    dynarray_init(&a, DYNARRAY_INT64, NULL);
    for (int64_t i = 0; i < 20000; i++) CHECK(dynarray_append_int64(&a, i) == DYNARRAY_OK);
    if (a.block == DYNARRAY_BLOCK_PAGES && sizeof(void *) >= 8) /* otherwise none are kept */
        CHECK(is_resident(a.data, 200000 * sizeof(int64_t)));
    CHECK(dynarray_shrink(&a) == DYNARRAY_OK && a.capacity == 20000);
    for (int64_t i = 0; i < 20000; i++) CHECK(dynarray_data_int64(&a)[i] == i);
    dynarray_free(&a);
    dynarray_heap_trim(NULL);
}

/* In a process whose allocator has nothing that was used before. */
static void heap_pages_ahead(void) {
    dynarray a;
    bool seen = false, there = false;
    dynarray_init(&a, DYNARRAY_INT64, NULL);
    for (int64_t i = 0; i < 20000; i++) {
        const size_t before = a.capacity;
        CHECK(dynarray_append_int64(&a, i) == DYNARRAY_OK);
        if (seen || a.capacity == before || a.capacity * sizeof i <= 16 << 10) continue;
        seen = true;
        there = is_resident(a.data, a.capacity * sizeof i);
    }
    CHECK(there || a.block != DYNARRAY_BLOCK_PAGES); /* otherwise there are none to be had */
    for (size_t i = 0; i < a.size; i++) CHECK(dynarray_data_int64(&a)[i] == (int64_t)i);
    dynarray_free(&a);
}

static void shrink_in_need(void) {
    for (int kind = 0; kind < 2; kind++) {
        Memory m;
        dynarray_heap heap = new_heap(&m, DYNARRAY_HEAP_POOL);
        const dynarray_setup setup = {
            .heap = &heap, .block = kind == 0 ? DYNARRAY_BLOCK_COPY : DYNARRAY_BLOCK_AUTO};
        dynarray a;
        dynarray_init(&a, DYNARRAY_INT32, &setup);
        fill_int32(&a, 1000);
        m.refuse_one_in = 1;
        CHECK(dynarray_remove(&a, 10, 990) == DYNARRAY_OK);
        CHECK(dynarray_shrink(&a) == DYNARRAY_OK);
        CHECK(a.capacity == 10 && heap.held == 10 * sizeof(int32_t));
        for (size_t i = 0; i < 10; i++) CHECK(int32_at(&a, i) == (int32_t)i);
        dynarray_free(&a);
        CHECK(heap.held == 0);
        dynarray_heap_close(&heap);
        CHECK(m.bytes == 0);
    }
}

typedef struct Point {
    double x, y;
    char name[5];
} Point;

/* Elements of no type, an allocator, a policy and a bound, as the header's first page shows. */
static void opaque(void) {
    Memory memory;
    dynarray_heap heap = new_heap(&memory, DYNARRAY_HEAP_POOL);
    dynarray_setup setup = {0};
    dynarray_stats stats = {0};
    dynarray a, moved;
    setup.heap = &heap;
    setup.growth = dynarray_growth_named("1.5");
    setup.max_size = 1000;
    setup.stats = &stats;
    dynarray_init_opaque(&a, sizeof(Point), &setup);
    CHECK(dynarray_at(&a, 0) == NULL);
    for (int i = 0; i < 1000; i++) {
        const Point p = {i, -i, "p"};
        CHECK(dynarray_append(&a, &p) == DYNARRAY_OK);
    }
    CHECK(dynarray_append(&a, dynarray_at(&a, 0)) == DYNARRAY_MAX_SIZE && a.size == 1000);
    CHECK(stats.growths == 13 && heap.held == 1000 * sizeof(Point));
    setup.max_size = 0;
    CHECK(dynarray_append(&a, dynarray_at(&a, 7)) ==
          DYNARRAY_OK); /* its own, while the block moves */
    moved = a;
    for (size_t i = 0; i < 1000; i++) CHECK(((Point *)dynarray_at(&moved, i))->y == -(double)i);
    CHECK(((Point *)dynarray_at(&moved, 1000))->x == 7 && dynarray_at(&moved, 1001) == NULL);
    heap.limit = heap.held;
    CHECK(dynarray_reserve(&moved, 10000) == DYNARRAY_LIMIT && moved.size == 1001);
    dynarray_free(&moved);
    dynarray_heap_close(&heap);
    CHECK(heap.held == 0 && memory.bytes == 0);
}

static void too_large(void) {
    static const size_t half = SIZE_MAX >> sizeof(size_t) * 4; /* the lower half of its bits */
    dynarray a;
    dynarray_init_opaque(&a, half, NULL);
    CHECK(dynarray_reserve(&a, half) == DYNARRAY_TOO_LARGE);
    CHECK(dynarray_reserve(&a, half / 2 + 1) !=
          DYNARRAY_TOO_LARGE); /* of 32 bits there may be room */
    dynarray_free(&a);
    CHECK(dynarray_reserve(&a, half / 2 + 2) == DYNARRAY_TOO_LARGE);
    CHECK(dynarray_reserve(&a, SIZE_MAX) == DYNARRAY_TOO_LARGE);
    dynarray_init(&a, DYNARRAY_FLOAT64, NULL);
    CHECK(dynarray_reserve(&a, SIZE_MAX / 16) != DYNARRAY_TOO_LARGE);
    dynarray_free(&a);
    CHECK(dynarray_reserve(&a, SIZE_MAX / 16 + 1) == DYNARRAY_TOO_LARGE);
}

static const struct {
    const char *name;
    void (*run)(void);
} checks[] = {
    {"names types, blocks and errors", names},
    {"appends, reads and writes every type", typed},
    {"leaves an array without a block as it is, if an appender pushes nothing",
     appender_without_block},
    {"keeps what an appender pushed, also when a push fails", appender},
    {"keeps structs, within a bound and a limit", opaque},
    {"inserts and removes anywhere", insert_and_remove},
    {"fills what resize adds", resize_and_fill},
    {"fills with elements of many pages", fill_with_large_elements},
    {"sets the capacity exactly", capacity},
    {"keeps an array without a setup that cannot grow", plain},
    {"passes blocks on from array to array", passed_on},
    {"finds the block that fits among those that are kept", kept_in_order},
    {"tells an observer of growths that nobody counts", observed_alone},
    {"gives an array that grows its pages ahead, few of them, and leaves them to the next",
     pages_ahead},
    {"gives a growing block of malloc its pages ahead", heap_pages_ahead},
    {"becomes smaller where it is if there is no memory", shrink_in_need},
    {"refuses with a status and loses nothing", refusals},
    {"tells of each growth", events},
    {"grows by policies that never answer too little", policies},
    {"gives back what a pool took", pool},
    {"uses up the memory that there is for a pool", pool_in_need},
    {"keeps a block of the pool for which there is no smaller one", pool_used_up},
    {"has a pool of many megabytes", large_pool},
    {"takes and gives back memory of malloc, and counts it", heap_of_malloc},
    {"knows what is larger than an object can be", too_large},
    {"keeps a small block that is freed for the next of its size", spare},
    {"grows a stable block to the end of its range", stable_to_the_end},
    {"leads a random life while memory is refused: plain", life_plain},
    {"leads a random life while memory is refused: copying, a freed block stays", life_spare},
    {"leads a random life while memory is refused: pool", life_pool},
    {"leads a random life while memory is refused: pool and pages", life_pages},
    {"leads a random life while memory is refused: copying", life_copy},
    {"leads a random life while memory is refused: stable", life_stable},
    {"keeps large blocks over every threshold", large},
};

static void wrong_type(void) {
    dynarray a;
    dynarray_init(&a, DYNARRAY_INT32, NULL);
    (void)dynarray_append_float64(&a, 1.5);
}

int main(int argc, char **argv) {
    if (argc == 2 && strcmp(argv[1], "wrong type") == 0) wrong_type();
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
        if (argc < 3)
            printf("%s\n", checks[i].name);
        else if (strcmp(argv[1], checks[i].name) == 0) {
            random_state = strtoull(argv[2], NULL, 10) | 1;
            checks[i].run();
            return 0;
        }
    }
    return argc < 3 ? 0 : 2;
}
