/* What a C program writes without a library: realloc to twice the capacity. */
#include <stdint.h>
#include <stdlib.h>

typedef struct doubling {
    int64_t *data;
    size_t size, capacity;
} doubling;

static void append(doubling *a, int64_t x) {
    if (a->size == a->capacity) {
        a->capacity = a->capacity > 0 ? a->capacity * 2 : 10;
        a->data = realloc(a->data, a->capacity * sizeof *a->data);
        if (a->data == NULL) abort();
    }
    a->data[a->size++] = x;
}

#define ARRAY doubling
#define CREATE(a, n) ((a).data = NULL, (a).size = (a).capacity = 0)
#define APPEND(a, x) append(&(a), x)
#define DESTROY(a) free((a).data)
#define SIZE(a) (a).size
#define AT(a, i) (a).data[i]
#include "driver.h"
