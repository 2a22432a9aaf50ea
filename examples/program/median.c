/*
** median.c: reads numbers, one a line, and prints how many there are and the median. No Lua.
**
**     cc -O2 -I../../src/include -o median median.c ../../libdynarray.a -lm
**     seq 1 99 | ./median
*/
#include <dynarray.h>
#include <stdio.h>
#include <stdlib.h>

static int compare(const void *x, const void *y) {
    const double a = *(const double *)x, b = *(const double *)y;
    return (a > b) - (a < b);
}

int main(void) {
    dynarray a;
    dynarray_status status = DYNARRAY_OK;
    char line[64], *end = NULL;
    dynarray_init(&a, DYNARRAY_FLOAT64, NULL);
    while (status == DYNARRAY_OK && fgets(line, sizeof line, stdin) != NULL) {
        const double x = strtod(line, &end);
        if (end == line) break; /* no number */
        status = dynarray_append_float64(&a, x);
    }
    if (status != DYNARRAY_OK)
        fprintf(stderr, "%s\n", dynarray_strerror(status));
    else if (a.size > 0) {
        double *numbers = dynarray_data_float64(&a);
        qsort(numbers, a.size, sizeof *numbers, compare);
        printf("%zu numbers, the median is %g\n", a.size, numbers[a.size / 2]);
    }
    dynarray_free(&a);
    return status == DYNARRAY_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
