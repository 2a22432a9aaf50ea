/* random.c: see random.h. */
#include "core/random.h"

#include <string.h>

#include "core/dispatch.h"

static uint64_t splitmix(uint64_t *x) {
    uint64_t z = *x += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

random_state random_seed(uint64_t seed) {
    random_state r;
    for (int i = 0; i < 4; i++) r.s[i] = splitmix(&seed);
    return r;
}

static uint64_t rotate_left(uint64_t x, int k) { return x << k | x >> (64 - k); }

uint64_t random_next(random_state *r) {
    const uint64_t result = rotate_left(r->s[1] * 5, 7) * 9, t = r->s[1] << 17;
    r->s[2] ^= r->s[0];
    r->s[3] ^= r->s[1];
    r->s[1] ^= r->s[2];
    r->s[0] ^= r->s[3];
    r->s[2] ^= t;
    r->s[3] = rotate_left(r->s[3], 45);
    return result;
}

/* The upper half of x * y; *low becomes the lower half. */
static uint64_t product(uint64_t x, uint64_t y, uint64_t *low) {
    const uint64_t x0 = (uint32_t)x, x1 = x >> 32, y0 = (uint32_t)y, y1 = y >> 32;
    const uint64_t middle = x1 * y0 + (x0 * y0 >> 32), other = x0 * y1 + (uint32_t)middle;
    *low = x * y;
    return x1 * y1 + (middle >> 32) + (other >> 32);
}

uint64_t random_below_of(random_state *r, uint64_t n) {
    uint64_t low, result = product(random_next(r), n, &low);
    if (low < n) {
        const uint64_t least = (0 - n) % n;
        while (low < least) result = product(random_next(r), n, &low);
    }
    return result;
}

#define DEFINE_SHUFFLE(width)                                                                      \
    static void shuffle_##width(void *data, size_t n, random_state *r) {                           \
        char *const x = data;                                                                      \
        for (size_t i = n; i > 1; i--) {                                                           \
            char element[width];                                                                   \
            char *const last = x + (i - 1) * (width), *const other =                               \
                                                          x + random_below_of(r, i) * (width);     \
            memcpy(element, last, width);                                                          \
            memmove(last, other, width);                                                           \
            memcpy(other, element, width);                                                         \
        }                                                                                          \
    }
DEFINE_SHUFFLE(1)
DEFINE_SHUFFLE(2)
DEFINE_SHUFFLE(4)
DEFINE_SHUFFLE(8)

void dynarray_shuffle(dynarray *a, random_state *r) {
    switch (a->element_size) {
    case 1: shuffle_1(a->data, a->size, r); break;
    case 2: shuffle_2(a->data, a->size, r); break;
    case 4: shuffle_4(a->data, a->size, r); break;
    default: shuffle_8(a->data, a->size, r);
    }
}

#define RANDOM_SIGNED(ctype, width, bits) ((ctype)(bits))
#define RANDOM_UNSIGNED(ctype, width, bits) ((ctype)(bits))
#define RANDOM_FLOAT(ctype, width, bits) ((ctype)FRACTION_##width(bits))
/* As many bits as a float of that width holds exactly: with more it could be rounded up to 1. */
#define FRACTION_32(bits) ((double)((bits) >> 40) * 0x1p-24)
#define FRACTION_64(bits) ((double)((bits) >> 11) * 0x1p-53)
#define DEFINE(with, CONSTANT, name, ctype, kind, min, max, width)                                 \
    static void randomize_##name(void *data, size_t n, random_state *r) {                          \
        ctype *const x = data;                                                                     \
        for (size_t i = 0; i < n; i++) {                                                           \
            const uint64_t bits = random_next(r);                                                  \
            x[i] = RANDOM_##kind(ctype, width, bits);                                              \
        }                                                                                          \
    }
DYNARRAY_NUMERIC_TABLE(DEFINE, )
#undef DEFINE

void dynarray_randomize(dynarray *a, size_t n, random_state *r) {
    DISPATCH(a->type, randomize, a->data, n, r);
}
