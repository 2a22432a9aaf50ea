/* rearrange.c: see rearrange.h. Most functions depend only on the size of an element. */
#include "core/vectorize.h"

#include "core/rearrange.h"

#include <string.h>

#include "core/dispatch.h"
#include "core/open_file.h"

#define LINE_BYTES 64
#define SWAP_BYTES 256 /* bytes swapped in one step */

/*
** From this size on, which no cache close to the processor holds, x86's string store is faster than vectors: it
** does not read the lines that it overwrites.
*/
#define STRING_BYTES ((size_t)4 << 20)

/* n words of eight bytes */
static INLINE void store_words(void *x, size_t n, const void *word) {
    uint64_t bits;
    memcpy(&bits, word, sizeof bits);
#if defined(__GNUC__) && defined(__x86_64__) && defined(__LP64__)
    __asm__ volatile("rep stosq" : "+D"(x), "+c"(n) : "a"(bits) : "memory");
#else
    for (size_t i = 0; i < n; i++) memcpy((char *)x + i * sizeof bits, &bits, sizeof bits);
#endif
}

#define ELEMENT_SIZES(X) X(bits8) X(bits16) X(bits32) X(bits64)

static void swap_bytes(char *x, char *y, size_t n) {
    char buffer[SWAP_BYTES];
    while (n > 0) {
        const size_t k = n < sizeof buffer ? n : sizeof buffer;
        memcpy(buffer, x, k);
        memcpy(x, y, k);
        memcpy(y, buffer, k);
        x += k, y += k, n -= k;
    }
}

#define DEFINE(ctype)                                                                              \
    /* whole vectors are reversed: the two halves have no element in common */                     \
    static INLINE void reverse_##ctype(ctype *x, size_t n) {                                       \
        ctype *restrict head = x, *restrict tail = x + n;                                          \
        for (size_t i = 0; i < n / 2; i++) {                                                       \
            const ctype first = head[i];                                                           \
            head[i] = *--tail;                                                                     \
            *tail = first;                                                                         \
        }                                                                                          \
    }                                                                                              \
                                                                                                   \
    static INLINE void fill_##ctype(ctype *x, size_t n, const void *element) {                     \
        ctype value;                                                                               \
        memcpy(&value, element, sizeof value);                                                     \
        if (n > LINE_BYTES) { /* a vector within one line of the cache is written twice as fast */ \
            const size_t head = (LINE_BYTES - (uintptr_t)x % LINE_BYTES) / sizeof(ctype);          \
            for (size_t i = 0; i < LINE_BYTES / sizeof(ctype); i++) x[i] = value;                  \
            x += head;                                                                             \
            n -= head;                                                                             \
        }                                                                                          \
        if (n >= STRING_BYTES / sizeof(ctype)) {                                                   \
            ctype word[8 / sizeof(ctype)];                                                         \
            for (size_t i = 0; i < 8 / sizeof(ctype); i++) word[i] = value;                        \
            store_words(x, n / (8 / sizeof(ctype)), word);                                         \
            x += n / (8 / sizeof(ctype)) * (8 / sizeof(ctype));                                    \
            n %= 8 / sizeof(ctype);                                                                \
        }                                                                                          \
        for (size_t i = 0; i < n; i++) x[i] = value;                                               \
    }
ELEMENT_SIZES(DEFINE)
#undef DEFINE

CLONES_FOR_MEMORY void dynarray_reverse(dynarray *a) {
    if (a->size < 2) return;
    switch (a->element_size) {
    default:
#define ROW(ctype)                                                                                 \
    case sizeof(ctype): reverse_##ctype(a->data, a->size); break;
        ELEMENT_SIZES(ROW)
#undef ROW
    }
}

/* Swaps blocks until the shorter part fits into a buffer. */
void dynarray_rotate(dynarray *a, size_t k) {
    char buffer[4096];
    char *x = a->data;
    size_t head = k * a->element_size, tail = (a->size - k) * a->element_size;
    while (head > 0 && tail > 0) {
        if (head <= tail && head <= sizeof buffer) {
            memcpy(buffer, x, head);
            memmove(x, x + head, tail);
            memcpy(x + tail, buffer, head);
            return;
        }
        if (tail < head && tail <= sizeof buffer) {
            memcpy(buffer, x + head, tail);
            memmove(x + tail, x, head);
            memcpy(x, buffer, tail);
            return;
        }
        if (head <= tail) { /* the first block of the tail is in its place */
            swap_bytes(x, x + head, head);
            x += head, tail -= head;
        } else { /* and so is the tail, now at the front */
            swap_bytes(x, x + head, tail);
            x += tail, head -= tail;
        }
    }
}

CLONES void dynarray_fill(dynarray *a, size_t i, size_t j, const void *element) {
    char *const x = (char *)a->data + i * a->element_size;
    switch (a->element_size) {
    default:
#define ROW(ctype)                                                                                 \
    case sizeof(ctype): fill_##ctype((ctype *)(void *)x, j - i, element); break;
        ELEMENT_SIZES(ROW)
#undef ROW
    }
}

/* Writes every element to the place of the next one to keep; the place moves on if it is kept. */
#define DEFINE(CONSTANT, name, ctype, kind, min, max)                                              \
    static size_t dedup_##name(ctype *x, size_t n) {                                               \
        ctype last = x[0];                                                                         \
        size_t kept = 1;                                                                           \
        for (size_t i = 1; i < n; i++) {                                                           \
            const ctype next = x[i];                                                               \
            x[kept] = next;                                                                        \
            kept += !(next == last);                                                               \
            last = next;                                                                           \
        }                                                                                          \
        return kept;                                                                               \
    }
DYNARRAY_NUMERIC_TYPES(DEFINE)
#undef DEFINE

static size_t dedup(dynarray *a) { DISPATCH_RETURN(a->type, dedup, a->data, a->size); }

size_t dynarray_dedup_numeric(dynarray *a) {
    const size_t size = a->size;
    if (size < 2) return 0;
    array_set_size(a, dedup(a));
    return size - a->size;
}
