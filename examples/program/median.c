/*
** median.c: the median of the numbers that it is given. No Lua.
**
**     cc -O2 -I../../src/include -o median median.c ../../libdynarray.a -lm
**     ./median 3 1 2
*/
#include <dynarray.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static int compare(const void *x, const void *y) {
    const double a = *(const double *)x, b = *(const double *)y;
    return (a > b) - (a < b);
}

int main(int argc, char **argv) {
    dynarray a;
    dynarray_status status = DYNARRAY_OK;
    dynarray_init(&a, DYNARRAY_FLOAT64, NULL);
    for (int i = 1; i < argc && status == DYNARRAY_OK; i++) {
        const double x = strtod(argv[i], NULL); /* 0 for what is no number */
        if (!isnan(x)) status = dynarray_append_float64(&a, x);
    }
    if (status != DYNARRAY_OK)
        fprintf(stderr, "%s\n", dynarray_strerror(status));
    else if (a.size > 0) {
        double *x = dynarray_data_float64(&a);
        qsort(x, a.size, sizeof *x, compare);
        printf("%zu numbers, median %g\n", a.size, (x[(a.size - 1) / 2] + x[a.size / 2]) / 2);
    }
    dynarray_free(&a);
    return status == DYNARRAY_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
