/*
** npy.h: the header of NumPy's .npy files, https://numpy.org/neps/nep-0001-npy-format.html: a magic
** string, a version, the length of a Python dict and the dict, then the elements. Nothing here
** allocates or knows of files.
*/
#ifndef NPY_H
#define NPY_H

#include "dynarray.h"

#define NPY_PREFIX_BYTES                                                                           \
    12 /* how many bytes to read for npy_header_bytes; fewer if the file is shorter */
#define NPY_HEADER_MOST 10000 /* bytes; NumPy's max_header_size */
#define NPY_WRITTEN_BYTES 128 /* bytes of a header that we write */
#define NPY_MESSAGE_BYTES 160 /* bytes of the message that says why a header is refused */

typedef struct npy {
    dynarray_type type;
    size_t size;         /* elements */
    size_t header_bytes; /* where they begin */
    bool swapped;        /* whether their bytes are in the other order than this machine's */
} npy;

/*
** npy_header_bytes: reads from the first n bytes of a file where its elements begin; n <= NPY_PREFIX_BYTES. 0 if
** the file cannot be read, and then message says why.
*/
size_t npy_header_bytes(const void *prefix, size_t n, char message[NPY_MESSAGE_BYTES]);

/*
** npy_parse: reads the whole header of header_bytes bytes. The file of file_bytes bytes must be exactly as long as
** the header says. False if anything is wrong, and then message says what.
*/
bool npy_parse(npy *result, const void *header, size_t header_bytes, uint64_t file_bytes,
               char message[NPY_MESSAGE_BYTES]);

/* npy_write: writes the header, version 1.0, of `size` elements of a numeric type. */
void npy_write(char header[NPY_WRITTEN_BYTES], dynarray_type type, size_t size);

/* npy_swap: reverses the bytes of each of n elements. */
void npy_swap(void *elements, size_t n, size_t element_size);

#endif
