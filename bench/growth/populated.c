/*
** The least that a cold array on small pages takes: a block of the final size, which gets all of its pages by one call, and
** the stores.
*/
#define _GNU_SOURCE
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23 /* since Linux 5.14 */
#endif
#define SMALL_PAGE ((size_t)4096)

typedef struct populated {
    int64_t *next, *data;
    size_t bytes;
} populated;

static void create(populated *a, size_t n) {
    a->bytes = (n * sizeof(int64_t) + SMALL_PAGE - 1) / SMALL_PAGE * SMALL_PAGE;
    a->data = mmap(NULL, a->bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (a->data == MAP_FAILED) abort();
    madvise(a->data, a->bytes, MADV_NOHUGEPAGE);
    if (madvise(a->data, a->bytes, MADV_POPULATE_WRITE) != 0) abort();
    a->next = a->data;
}

#define ARRAY populated
#define CREATE(a, n) create(&(a), n)
#define APPEND(a, x) (*cursor++ = (x))
#define DESTROY(a) munmap((a).data, (a).bytes)
#define SIZE(a) (size_t)((a).next - (a).data)
#define AT(a, i) (a).data[i]
#define BEGIN(a) int64_t *cursor = (a).next
#define END(a) ((a).next = cursor)
#include "driver.h"
