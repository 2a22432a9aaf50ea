#include <stdint.h>
#define STB_DS_IMPLEMENTATION
#include <stb/stb_ds.h>

#define ARRAY int64_t *
#define CREATE(a, n) ((a) = NULL)
#define APPEND(a, x) arrput(a, x)
#define DESTROY(a) arrfree(a)
#include "driver.h"
