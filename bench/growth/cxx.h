/* A C++ container with push_back, for driver.h. */
#include <stdint.h>

/* Constructed and destroyed where the driver says so. */
union Storage {
    CONTAINER array;
    Storage() {}
    ~Storage() {}
};

#define ARRAY Storage
#define CREATE(a, n) new (&(a).array) CONTAINER()
#define APPEND(a, x) (a).array.push_back(x)
#define DESTROY(a) destroy(&(a).array)
#define SIZE(a) (a).array.size()
#define AT(a, i) (a).array[i]

template <class T>
static inline void destroy(T *array) {
    array->~T();
}

#include "driver.h"
