#include <glib.h>

#define ARRAY GArray *
#define CREATE(a, n) ((a) = g_array_new(FALSE, FALSE, sizeof(int64_t)))
#define APPEND(a, x) g_array_append_val(a, x)
#define DESTROY(a) g_array_free(a, TRUE)
#include "driver.h"
