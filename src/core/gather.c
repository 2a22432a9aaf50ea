/* gather.c: see gather.h. */
#include "core/vectorize.h"

#include "core/gather.h"

#include <string.h>

#include "core/dispatch.h"

#define PIECE 1024 /* this many elements of indices and masks are copied in one step */

/* ---------------------------------------------------------------------------------------------
** By index
*/

/*
** Copies n indices from `start` on, counted from 0, and tells whether all are below the size. What cannot be an index
** becomes SIZE_MAX or is too large.
*/
#define DEFINE(with, CONSTANT, name, ctype, kind, min, max, width) DEFINE_##kind(name, ctype)
#define DEFINE_SIGNED(name, ctype)                                                                 \
    static INLINE bool load_indices_##name(const void *indices, size_t start, size_t n,            \
                                           size_t size, uint64_t *places) {                        \
        const ctype *const x = (const ctype *)indices + start;                                     \
        uint64_t outside = 0;                                                                      \
        for (size_t k = 0; k < n; k++) {                                                           \
            const uint64_t place = (uint64_t)x[k] - 1;                                             \
            outside |= place >= size;                                                              \
            places[k] = place;                                                                     \
        }                                                                                          \
        return outside == 0;                                                                       \
    }
#define DEFINE_UNSIGNED(name, ctype) DEFINE_SIGNED(name, ctype)
#define DEFINE_FLOAT(name, ctype) /* indices are integers */
DYNARRAY_NUMERIC_TABLE(DEFINE, )
#undef DEFINE

static INLINE bool load_indices(const dynarray *indices, size_t start, size_t n, size_t size,
                                uint64_t *places) {
    DISPATCH_RETURN_INTEGER(indices->type, load_indices, indices->data, start, n, size, places);
}

/* The index at that place, as a number for a message. */
static int64_t index_of_place(const dynarray *indices, uint64_t place) {
    const uint64_t index = place + 1;
    return indices->type == DYNARRAY_UINT64 && index > INT64_MAX ? INT64_MAX : (int64_t)index;
}

/* There is one, and places are a copy, which nobody changes. */
static size_t first_outside(const uint64_t *places, size_t size) {
    size_t k = 0;
    while (places[k] < size) k++;
    return k;
}

#define DEFINE_BY_INDEX(bits)                                                                      \
    static INLINE void take_##bits(const bits *x, const uint64_t *places, size_t n, bits *r) {     \
        for (size_t k = 0; k < n; k++) r[k] = x[places[k]];                                        \
    }                                                                                              \
    static INLINE void put_##bits(bits *x, const uint64_t *places, size_t n, const bits *values,   \
                                  size_t next) {                                                   \
        for (size_t k = 0; k < n; k++) x[places[k]] = values[k * next];                            \
    }
DEFINE_BY_INDEX(bits8)
DEFINE_BY_INDEX(bits16)
DEFINE_BY_INDEX(bits32)
DEFINE_BY_INDEX(bits64)

static INLINE void take_piece(const dynarray *a, const uint64_t *places, size_t n, void *r) {
    switch (a->element_size) {
    case 1: take_bits8(a->data, places, n, r); break;
    case 2: take_bits16(a->data, places, n, r); break;
    case 4: take_bits32(a->data, places, n, r); break;
    default: take_bits64(a->data, places, n, r);
    }
}

static INLINE void put_piece(dynarray *a, const uint64_t *places, size_t n, const void *values,
                             size_t next) {
    switch (a->element_size) {
    case 1: put_bits8(a->data, places, n, values, next); break;
    case 2: put_bits16(a->data, places, n, values, next); break;
    case 4: put_bits32(a->data, places, n, values, next); break;
    default: put_bits64(a->data, places, n, values, next);
    }
}

/*
** The same by indices of int64, which most are: each is read, checked and used at once, four side by side. Returns how many
** there are before one that is outside; *outside is then its place.
*/
#define DEFINE_TAKE_CHECKED(bits)                                                                  \
    static INLINE size_t take_checked_##bits(const bits *x, size_t size, const int64_t *indices,   \
                                             size_t n, bits *r, uint64_t *outside) {               \
        size_t k = 0;                                                                              \
        for (; n - k >= 4; k += 4) {                                                               \
            uint64_t first = (uint64_t)indices[k] - 1, second = (uint64_t)indices[k + 1] - 1;      \
            uint64_t third = (uint64_t)indices[k + 2] - 1, fourth = (uint64_t)indices[k + 3] - 1;  \
            READ_ONCE(first);                                                                      \
            READ_ONCE(second);                                                                     \
            READ_ONCE(third);                                                                      \
            READ_ONCE(fourth);                                                                     \
            if ((first >= size) | (second >= size) | (third >= size) | (fourth >= size)) break;    \
            r[k] = x[first];                                                                       \
            r[k + 1] = x[second];                                                                  \
            r[k + 2] = x[third];                                                                   \
            r[k + 3] = x[fourth];                                                                  \
        }                                                                                          \
        for (; k < n; k++) {                                                                       \
            uint64_t place = (uint64_t)indices[k] - 1;                                             \
            READ_ONCE(place);                                                                      \
            *outside = place;                                                                      \
            if (place >= size) break;                                                              \
            r[k] = x[place];                                                                       \
        }                                                                                          \
        return k;                                                                                  \
    }
DEFINE_TAKE_CHECKED(bits8)
DEFINE_TAKE_CHECKED(bits16)
DEFINE_TAKE_CHECKED(bits32)
DEFINE_TAKE_CHECKED(bits64)

static size_t take_checked(const dynarray *a, const dynarray *indices, void *r, uint64_t *outside) {
    const int64_t *const x = indices->data;
    const size_t n = indices->size;
    switch (a->element_size) {
    case 1: return take_checked_bits8(a->data, a->size, x, n, r, outside);
    case 2: return take_checked_bits16(a->data, a->size, x, n, r, outside);
    case 4: return take_checked_bits32(a->data, a->size, x, n, r, outside);
    default: return take_checked_bits64(a->data, a->size, x, n, r, outside);
    }
}

CLONES_WITH_ALL static size_t take_by_any(const dynarray *a, const dynarray *indices, void *results,
                                          int64_t *index) {
    uint64_t places[PIECE];
    char *r = results;
    for (size_t start = 0; start < indices->size; start += PIECE) {
        const size_t left = indices->size - start, n = left < PIECE ? left : PIECE;
        if (!load_indices(indices, start, n, a->size, places)) {
            const size_t k = first_outside(places, a->size);
            *index = index_of_place(indices, places[k]);
            return start + k;
        }
        take_piece(a, places, n, r);
        r += n * a->element_size;
    }
    return indices->size;
}

size_t dynarray_take(const dynarray *a, const dynarray *indices, void *results, int64_t *index) {
    uint64_t outside = 0;
    size_t k;
    if (indices->type != DYNARRAY_INT64) return take_by_any(a, indices, results, index);
    k = take_checked(a, indices, results, &outside);
    if (k < indices->size) *index = index_of_place(indices, outside);
    return k;
}

CLONES_WITH_ALL size_t dynarray_put(dynarray *a, const dynarray *indices, const void *values,
                                    bool one, int64_t *index) {
    uint64_t places[PIECE];
    for (int writes = 0; writes <= 1; writes++) { /* all indices are checked first */
        for (size_t start = 0; start < indices->size; start += PIECE) {
            const size_t left = indices->size - start, n = left < PIECE ? left : PIECE;
            const char *const from = (const char *)values + (one ? 0 : start * a->element_size);
            if (!load_indices(indices, start, n, a->size, places)) {
                const size_t k = first_outside(places, a->size);
                *index = index_of_place(indices, places[k]);
                return start + k;
            }
            if (writes) put_piece(a, places, n, from, one ? 0 : 1);
        }
    }
    return indices->size;
}

/* ---------------------------------------------------------------------------------------------
** By truth value
*/

/* All bits of n elements. */
static INLINE uint8_t bits_of(const uint8_t *marks, size_t n) {
    uint8_t bits = 0;
    for (size_t i = 0; i < n; i++) bits |= marks[i];
    return bits;
}

CLONES_FOR_MEMORY size_t dynarray_find_no_mark(const dynarray *mask) {
    const uint8_t *marks = mask->data;
    for (size_t start = 0; start < mask->size; start += PIECE) {
        const size_t left = mask->size - start, n = left < PIECE ? left : PIECE;
        if (bits_of(marks + start, n) <= 1) continue;
        for (size_t i = start; i < start + n; i++) /* unreached: its end: others write */
            if (marks[i] > 1) return i;
    }
    return mask->size;
}

CLONES_FOR_MEMORY size_t dynarray_count_marked(const dynarray *mask) {
    const uint8_t *marks = mask->data;
    size_t count = 0;
    for (size_t start = 0; start < mask->size;) {
        const size_t left = mask->size - start, n = left < UINT8_MAX ? left : UINT8_MAX;
        uint8_t some = 0; /* in parts whose count fits into a byte */
        for (size_t i = 0; i < n; i++) some = (uint8_t)(some + (marks[start + i] != 0));
        count += some;
        start += n;
    }
    return count;
}

/*
** Writes which of n elements are marked, counted from 0. There is no branch, as the processor could not predict it.
** results has room for one more than there are.
*/
static INLINE size_t marked_places(const uint8_t *marks, size_t n, uint16_t *results) {
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        results[count] = (uint16_t)i;
        count += marks[i] != 0;
    }
    return count;
}

#define DEFINE_SELECT(bits)                                                                        \
    static INLINE void select_##bits(const bits *x, const uint16_t *places, size_t n, bits *r) {   \
        for (size_t k = 0; k < n; k++) r[k] = x[places[k]];                                        \
    }
DEFINE_SELECT(bits8)
DEFINE_SELECT(bits16)
DEFINE_SELECT(bits32)
DEFINE_SELECT(bits64)

static void select_piece(const dynarray *a, size_t start, const uint16_t *places, size_t n,
                         void *r) {
    const char *const x = (const char *)a->data + start * a->element_size;
    switch (a->element_size) {
    case 1: select_bits8((const bits8 *)x, places, n, r); break;
    case 2: select_bits16((const void *)x, places, n, r); break;
    case 4: select_bits32((const void *)x, places, n, r); break;
    default: select_bits64((const void *)x, places, n, r);
    }
}

size_t dynarray_select_marked(const dynarray *a, const dynarray *mask, void *results, size_t most) {
    uint16_t places[PIECE + 1];
    const uint8_t *const marks = mask->data;
    size_t count = 0;
    for (size_t start = 0; start < mask->size && count < most; start += PIECE) {
        const size_t left = mask->size - start, n = left < PIECE ? left : PIECE;
        size_t found = marked_places(marks + start, n, places);
        if (found > most - count) found = most - count; /* the mask has changed */
        select_piece(a, start, places, found, (char *)results + count * a->element_size);
        count += found;
    }
    return count;
}

size_t dynarray_select_places(const dynarray *mask, int64_t *results, size_t most) {
    uint16_t places[PIECE + 1];
    const uint8_t *const marks = mask->data;
    size_t count = 0;
    for (size_t start = 0; start < mask->size && count < most; start += PIECE) {
        const size_t left = mask->size - start, n = left < PIECE ? left : PIECE;
        size_t found = marked_places(marks + start, n, places);
        if (found > most - count) found = most - count;
        for (size_t k = 0; k < found; k++) results[count + k] = (int64_t)(start + places[k] + 1);
        count += found;
    }
    return count;
}

#define DEFINE_SET(bits)                                                                           \
    static INLINE void set_##bits(bits *x, const uint8_t *marks, size_t n, const bits *values,     \
                                  bool one) {                                                      \
        const bits value = *values;                                                                \
        if (one)                                                                                   \
            for (size_t i = 0; i < n; i++) x[i] = marks[i] ? value : x[i];                         \
        else                                                                                       \
            for (size_t i = 0; i < n; i++) x[i] = marks[i] ? values[i] : x[i];                     \
    }
DEFINE_SET(bits8)
DEFINE_SET(bits16)
DEFINE_SET(bits32)
DEFINE_SET(bits64)

CLONES_WITH_ALL void dynarray_set_marked(dynarray *a, const dynarray *mask, const void *values,
                                         bool one) {
    if (a->size == 0) return;
    switch (a->element_size) {
    case 1: set_bits8(a->data, mask->data, a->size, values, one); break;
    case 2: set_bits16(a->data, mask->data, a->size, values, one); break;
    case 4: set_bits32(a->data, mask->data, a->size, values, one); break;
    default: set_bits64(a->data, mask->data, a->size, values, one);
    }
}
