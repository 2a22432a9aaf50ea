/* growth.h: what growth.c gives the rest of the core. */
#ifndef GROWTH_H
#define GROWTH_H

#include "dynarray.h"

/* Ten 64-bit elements: small arrays grow once or not at all, and hold little that is unused. */
#define GROWTH_FIRST_BYTES 80

/* The policy of an array whose setup names none. */
extern const dynarray_growth growth_default;

#endif
