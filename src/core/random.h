/* random.h: pseudo-random numbers: xoshiro256** 1.0 (Blackman and Vigna, 2018), Lua 5.4's own generator. */
#ifndef RANDOM_H
#define RANDOM_H

#include "dynarray.h"

typedef struct random_state {
    uint64_t s[4];
} random_state;

/* random_seed: a state from 64 bits, by splitmix64. */
random_state random_seed(uint64_t seed);

uint64_t random_next(random_state *r);

/* random_below: 0 <= result < n, each as likely (Lemire, Fast random integer generation in an interval, 2019). */
uint64_t random_below_of(random_state *r, uint64_t n);

/* dynarray_shuffle: elements of any type in random order, each order as likely. O(n). */
void dynarray_shuffle(dynarray *a, random_state *r);

/* dynarray_randomize: n elements of a numeric type: any integer of the type; floats from 0 to below 1. */
void dynarray_randomize(dynarray *a, size_t n, random_state *r);

#endif
