#include <stdint.h>
#include <utarray.h>

static const UT_icd icd = {sizeof(int64_t), NULL, NULL, NULL};

#define ARRAY UT_array
#define CREATE(a, n) utarray_init(&(a), &icd)
#define APPEND(a, x) utarray_push_back(&(a), &(x))
#define DESTROY(a) utarray_done(&(a))
#include "driver.h"
