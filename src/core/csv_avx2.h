/* csv_avx2.h: reads lines of numbers, if the processor has AVX2: in two thirds of the time. */
#ifndef CSV_AVX2_H
#define CSV_AVX2_H

#include "core/csv_format.h"
#include "core/parse_number.h"

/* csv_avx2_available: whether this processor has what it needs. */
bool csv_avx2_available(void);

/* Writes a number to element i of that type; false if it does not fit. */
typedef bool csv_put(unsigned type, const numeral *n, void *elements, size_t i);

/*
** csv_avx2_read: reads lines from *s on, at most `most`, as long as each has nothing but numbers. Stops before any other line,
** and before the last characters. Moves *s behind the lines, and returns how many they are. The first one goes to element
** i. The format must have a separator, and one that is in no number. Only if it is available.
*/
size_t csv_avx2_read(const csv_format *format, const char **s, const char *end,
                     void *const *elements, size_t i, size_t most, csv_put *put);

#endif
