/* policies.h: growth policies, for the rest of the core. */
#ifndef POLICIES_H
#define POLICIES_H

#include "dynarray.h"

/* Ten 64-bit elements: small arrays grow once or not at all, and waste little. */
#define GROWTH_FIRST_BYTES 80

/* The policy of an array whose setup has none. */
extern const dynarray_growth growth_default;

#endif
