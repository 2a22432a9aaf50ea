/* random.h: pseudo-random numbers: xoshiro256** 1.0 (Blackman and Vigna, 2018), Lua 5.4's own generator. */
#ifndef RANDOM_H
#define RANDOM_H

#include "dynarray.h"

typedef struct random_state {
    uint64_t s[4];
} random_state;

/* random_seed: makes a state from 64 bits, by splitmix64. */
random_state random_seed(uint64_t seed);

uint64_t random_next(random_state *r);

/* random_below: a number from 0 to n - 1, all equally likely (Lemire, Fast random integer generation, 2019). */
uint64_t random_below_of(random_state *r, uint64_t n);

/* dynarray_shuffle: puts elements of any type into random order; all orders are equally likely. O(n). */
void dynarray_shuffle(dynarray *a, random_state *r);

/* dynarray_randomize: n random elements of a numeric type: all integers of it, or floats from 0 to below 1. */
void dynarray_randomize(dynarray *a, size_t n, random_state *r);

#endif
