/* growth.h: what growth.c gives the rest of the core. */
#ifndef GROWTH_H
#define GROWTH_H

#include "dynarray.h"

/* The policy of an array whose setup names none. */
extern const dynarray_growth growth_default;

#endif
