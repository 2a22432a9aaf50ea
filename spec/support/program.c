/* program.c: a program without Lua that uses an installed copy; C and C++. See install_spec.lua. */
#include <dynarray.h>
#include <stdio.h>

int main(void) {
    dynarray a;
    static dynarray_setup setup; /* zeros */
    static dynarray_stats stats;
    double sum = 0;
    setup.growth = dynarray_growth_named("1.5");
    setup.stats = &stats;
    dynarray_init(&a, DYNARRAY_FLOAT64, &setup);
    for (int i = 0; i < 1000; i++)
        if (dynarray_append_float64(&a, i) != DYNARRAY_OK) return 1;
    for (size_t i = 0; i < a.size; i++) sum += dynarray_data_float64(&a)[i];
    printf("%s: %.0f, %u growths\n", DYNARRAY_VERSION, sum, (unsigned)stats.growths);
    dynarray_free(&a);
    return 0;
}
