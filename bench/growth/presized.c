/* The limit: stores into a block of the final size. */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

#define HUGE_PAGE ((size_t)2 << 20)

typedef struct presized {
    int64_t *next, *data;
    size_t bytes;
} presized;

static void create(presized *a, size_t n) {
    a->bytes = n * sizeof(int64_t);
    if (a->bytes < HUGE_PAGE) {
        a->data = malloc(a->bytes);
        if (a->data == NULL) abort();
    } else {
        a->bytes = (a->bytes + HUGE_PAGE - 1) & ~(HUGE_PAGE - 1);
        a->data = mmap(NULL, a->bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (a->data == MAP_FAILED) abort();
#ifdef MADV_HUGEPAGE
        madvise(a->data, a->bytes, MADV_HUGEPAGE);
#endif
    }
    a->next = a->data;
}

static void destroy(presized *a) {
    if (a->bytes < HUGE_PAGE)
        free(a->data);
    else
        munmap(a->data, a->bytes);
}

#define ARRAY presized
#define CREATE(a, n) create(&(a), n)
#define APPEND(a, x) (*cursor++ = (x))
#define DESTROY(a) destroy(&(a))
#define SIZE(a) (size_t)((a).next - (a).data)
#define AT(a, i) (a).data[i]
#define BEGIN(a) int64_t *cursor = (a).next
#define END(a) ((a).next = cursor)
#include "driver.h"
