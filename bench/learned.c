/*
** learned.c: the same from C, where no call of Lua hides what growth costs. Prints ns an append for three arrays: one
** that grows from empty; one that knows its final size and reserves it; one that reserves a wrong size, as a policy
** does that guesses from the past.
*/
#define _POSIX_C_SOURCE 199309L
#include <dynarray.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ROUNDS 41
#define APPENDS 200000 /* of an arm in a round */

/* Hides the value from the compiler, which then can neither vectorize nor compute anything in advance. */
#define HIDE(x) __asm__ volatile("" : "+r"(x))

static double ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void build(size_t n, size_t reserved) {
    dynarray a;
    dynarray_init(&a, DYNARRAY_INT64, NULL);
    if (reserved > 0 && dynarray_reserve(&a, reserved) != DYNARRAY_OK) abort();
    for (size_t i = 0; i < n; i++) {
        int64_t x = (int64_t)i;
        HIDE(x);
        if (dynarray_append_int64(&a, x) != DYNARRAY_OK) abort();
    }
    dynarray_free(&a);
}

static double measure(size_t n, size_t reserved) {
    const size_t arrays = APPENDS / n;
    const double start = ns();
    for (size_t i = 0; i < arrays; i++) build(n, reserved);
    return (ns() - start) / (double)arrays / (double)n;
}

static int compare(const void *x, const void *y) {
    const double a = *(const double *)x, b = *(const double *)y;
    return (a > b) - (a < b);
}

int main(void) {
    static const size_t sizes[] = {10, 20, 100, 1000, 10000};
    printf("\n%-25s %9s %9s %9s %9s\n", "from C; ns an append", "double", "exact", "told 10",
           "told 1000");
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        const size_t n = sizes[s], reserved[] = {0, n, 10, 1000};
        enum { ARMS = sizeof reserved / sizeof *reserved };
        double times[ARMS][ROUNDS];
        for (size_t round = 0; round < ROUNDS; round++)
            for (size_t arm = 0; arm < ARMS; arm++) times[arm][round] = measure(n, reserved[arm]);
        printf("%-25zu", n);
        for (size_t arm = 0; arm < ARMS; arm++) {
            qsort(times[arm], ROUNDS, sizeof *times[arm], compare);
            printf(" %9.2f", times[arm][ROUNDS / 2]);
        }
        printf("\n");
    }
    return 0;
}
