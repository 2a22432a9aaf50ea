/*
** policies.c: growth policies: from the old capacity to the new one.
**
** A policy gets the capacity, the number of elements needed (more than the capacity) and the bytes of an
** element. The formulas are those of the programs named, from the sources given. Each answer is at least
** `needed`. Computations stop at the largest number, so that an absurd request is refused by the
** allocator and does not overflow.
*/
#include "core/policies.h"

#include <math.h>
#include <string.h>

#define SELF const dynarray_growth *self
#define UNUSED(x) ((void)(x))

static size_t max(size_t x, size_t y) { return x > y ? x : y; }

static size_t add(size_t x, size_t y) { return x > SIZE_MAX - y ? SIZE_MAX : x + y; }

/* y > 0 */
static size_t times(size_t x, size_t y) { return x > SIZE_MAX / y ? SIZE_MAX : x * y; }

/* libstdc++ vector.tcc, _M_check_len: size + max(size, n). */
static size_t double_next(SELF, size_t capacity, size_t needed, size_t element_size) {
    UNUSED(self), UNUSED(element_size);
    return max(times(capacity, 2), needed);
}

/* Java ArrayList.grow: old + (old >> 1), at least 10 (DEFAULT_CAPACITY); MSVC vector _Calculate_growth. */
static size_t three_halves_next(SELF, size_t capacity, size_t needed, size_t element_size) {
    UNUSED(self), UNUSED(element_size);
    if (capacity == 0) return max(10, needed);
    return max(add(capacity, capacity >> 1), needed);
}

/* A factor. The result is rounded up, so that it is larger with every factor > 1. */
static size_t factor_next(SELF, size_t capacity, size_t needed, size_t element_size) {
    double next = ceil((double)capacity * self->with.factor);
    UNUSED(element_size);
    if (next >= (double)SIZE_MAX) return SIZE_MAX;
    return max((size_t)next, needed);
}

/* CPython 3.9+ Objects/listobject.c, list_resize: 1/8 more, plus 6, rounded to a multiple of 4. */
static size_t cpython_next(SELF, size_t capacity, size_t needed, size_t element_size) {
    size_t next = add(add(needed, needed >> 3), 6) & ~(size_t)3;
    UNUSED(self), UNUSED(element_size);
    /* a request larger than that gets no reserve */
    if (needed - capacity > next - needed) next = add(needed, 3) & ~(size_t)3;
    return max(next, needed);
}

/* CPython Modules/arraymodule.c, array_resize: 1/16 more, plus 3 (below 8 elements) or 7. */
static size_t python_array_next(SELF, size_t capacity, size_t needed, size_t element_size) {
    UNUSED(self), UNUSED(element_size);
    return add(add(needed, needed >> 4), capacity < 8 ? 3 : 7);
}

/* Rust library/alloc/src/raw_vec: max(2 * cap, needed, 8, 4 or 1 depending on the element size). */
static size_t rust_next(SELF, size_t capacity, size_t needed, size_t element_size) {
    size_t least = element_size == 1 ? 8 : element_size <= 1024 ? 4 : 1;
    UNUSED(self);
    return max(max(times(capacity, 2), needed), least);
}

/* Go src/runtime/sizeclasses.go: the allocator's size classes in bytes; larger ones are pages of 8 KiB. */
static const uint16_t go_classes[] = {
    8,     16,    24,    32,    48,    64,    80,    96,    112,   128,   144,   160,  176,   192,
    208,   224,   240,   256,   288,   320,   352,   384,   416,   448,   480,   512,  576,   640,
    704,   768,   896,   1024,  1152,  1280,  1408,  1536,  1792,  2048,  2304,  2688, 3072,  3200,
    3456,  4096,  4864,  5120,  5376,  6144,  6528,  6784,  6912,  8192,  9472,  9728, 10240, 10880,
    12288, 13568, 14336, 16384, 18432, 19072, 20480, 21760, 24576, 27264, 28672, 32768};
#define GO_CLASSES (sizeof go_classes / sizeof *go_classes)
#define GO_PAGE 8192

static size_t go_round_up(size_t bytes) {
    size_t i = 0;
    if (bytes > go_classes[GO_CLASSES - 1])
        return bytes > SIZE_MAX - GO_PAGE ? bytes : (bytes + GO_PAGE - 1) / GO_PAGE * GO_PAGE;
    while (go_classes[i] < bytes) i++;
    return go_classes[i];
}

static size_t go_unrounded(size_t capacity, size_t needed) {
    const size_t threshold = 256;
    size_t next = capacity;
    if (needed > times(capacity, 2)) return needed;
    if (capacity < threshold) return times(capacity, 2);
    while (next < needed) next = add(next, add(next, 3 * threshold) >> 2);
    return next;
}

/* Go 1.18+ src/runtime/slice.go, nextslicecap: 2 x below 256 elements, then closer and closer to 1.25 x. */
static size_t go_next(SELF, size_t capacity, size_t needed, size_t element_size) {
    UNUSED(self);
    return max(go_round_up(times(go_unrounded(capacity, needed), element_size)) / element_size,
               needed);
}

/* folly FBVector.h, computePushBackCapacity: 64 bytes, 2 x below 4 KiB, 1.5 x to 128 KiB, then 2 x. */
static size_t folly_next(SELF, size_t capacity, size_t needed, size_t element_size) {
    const size_t small = 4096, large = small * 32;
    size_t next;
    UNUSED(self);
    if (capacity == 0)
        next = max(64 / element_size, 1);
    else if (capacity < small / element_size || capacity > large / element_size)
        next = times(capacity, 2);
    else
        next = (times(capacity, 3) + 1) / 2;
    return max(next, needed);
}

/* Lua 5.4 ltable.c, computesizes: the array part has a power of two of slots. */
static size_t powers_next(SELF, size_t capacity, size_t needed, size_t element_size) {
    size_t next = 1;
    UNUSED(self), UNUSED(capacity), UNUSED(element_size);
    while (next < needed && next <= SIZE_MAX / 2) next *= 2;
    return max(next, needed);
}

/* V8 src/objects/js-objects.h, NewElementsCapacity(index + 1): n + n / 2 + 16 for the n needed. */
static size_t v8_next(SELF, size_t capacity, size_t needed, size_t element_size) {
    UNUSED(self), UNUSED(capacity), UNUSED(element_size);
    return add(add(needed, needed >> 1), 16);
}

/* No reserve, as a naive program does it: O(n^2) copies. */
static size_t exact_next(SELF, size_t capacity, size_t needed, size_t element_size) {
    UNUSED(self), UNUSED(capacity), UNUSED(element_size);
    return needed;
}

static size_t increment_next(SELF, size_t capacity, size_t needed, size_t element_size) {
    size_t steps = (needed - capacity - 1) / self->with.step + 1;
    UNUSED(element_size);
    return add(capacity, times(steps, self->with.step));
}

#define GOLDEN_RATIO 1.6180339887498949

static const dynarray_growth named[] = {
    {"double", double_next, {0}},
    {"1.5", three_halves_next, {0}},
    {"golden", factor_next, {GOLDEN_RATIO}},
    {"cpython", cpython_next, {0}},
    {"python-array", python_array_next, {0}},
    {"rust", rust_next, {0}},
    {"go", go_next, {0}},
    {"folly", folly_next, {0}},
    {"lua", powers_next, {0}},
    {"v8", v8_next, {0}},
    {"exact", exact_next, {0}},
};

static size_t default_next(SELF, size_t capacity, size_t needed, size_t element_size) {
    UNUSED(self);
    if (capacity == 0) return max(GROWTH_FIRST_BYTES / element_size, needed);
    return max(times(capacity, 2), needed);
}

const dynarray_growth growth_default = {"default", default_next, {0}};

const dynarray_growth *dynarray_growth_at(size_t i) {
    return i < sizeof named / sizeof *named ? &named[i] : NULL;
}

const dynarray_growth *dynarray_growth_named(const char *name) {
    size_t i = 0;
    const dynarray_growth *growth;
    while ((growth = dynarray_growth_at(i++)) != NULL)
        if (strcmp(growth->name, name) == 0) return growth;
    return NULL;
}

dynarray_growth dynarray_growth_factor(double factor) {
    dynarray_growth growth = {"factor", factor_next, {0}};
    growth.with.factor = factor;
    return growth;
}

dynarray_growth dynarray_growth_increment(size_t step) {
    dynarray_growth growth = {"increment", increment_next, {0}};
    growth.with.step = step;
    return growth;
}

size_t dynarray_growth_next(const dynarray_growth *growth, size_t capacity, size_t needed,
                            size_t element_size) {
    size_t next;
    if (needed <= capacity) return capacity;
    next = growth->next(growth, capacity, needed, element_size);
    return next < needed ? 0 : next;
}
