/* stride.c: see stride.h. */
#include "core/vectorize.h"

#include "core/stride.h"

#define DEFINE_STRIDE(bits)                                                                        \
    static INLINE void get_column_##bits(const bits *x, size_t k, size_t count, bits *r) {         \
        for (size_t i = 0; i < count; i++) r[i] = x[i * k];                                        \
    }                                                                                              \
    static INLINE void set_column_##bits(bits *x, size_t k, size_t count, const bits *values) {    \
        for (size_t i = 0; i < count; i++) x[i * k] = values[i];                                   \
    }
DEFINE_STRIDE(bits8)
DEFINE_STRIDE(bits16)
DEFINE_STRIDE(bits32)
DEFINE_STRIDE(bits64)

void dynarray_get_column(const dynarray *a, size_t first, size_t k, size_t count, void *results) {
    if (count == 0) return;
    switch (a->element_size) {
    case 1: get_column_bits8((const bits8 *)a->data + first, k, count, results); break;
    case 2: get_column_bits16((const bits16 *)a->data + first, k, count, results); break;
    case 4: get_column_bits32((const bits32 *)a->data + first, k, count, results); break;
    default: get_column_bits64((const bits64 *)a->data + first, k, count, results);
    }
}

void dynarray_set_column(dynarray *a, size_t first, size_t k, size_t count, const void *values) {
    if (count == 0) return;
    switch (a->element_size) {
    case 1: set_column_bits8((bits8 *)a->data + first, k, count, values); break;
    case 2: set_column_bits16((bits16 *)a->data + first, k, count, values); break;
    case 4: set_column_bits32((bits32 *)a->data + first, k, count, values); break;
    default: set_column_bits64((bits64 *)a->data + first, k, count, values);
    }
}
