/*
** npy.h: the header of NumPy's .npy files, https://numpy.org/neps/nep-0001-npy-format.html: a magic
** string, a version, the length of a Python dict and the dict, then the elements. Nothing here
** allocates or knows of files.
*/
#ifndef NPY_H
#define NPY_H

#include "dynarray.h"

#define NPY_PREFIX_BYTES 12   /* read so many (fewer if the file is shorter) for npy_header_bytes */
#define NPY_HEADER_MOST 10000 /* bytes; as NumPy's own max_header_size */
#define NPY_WRITTEN_BYTES 128 /* of a header that we write */
#define NPY_MESSAGE_BYTES 160 /* of the reason why a header is refused */

typedef struct npy {
    dynarray_type type;
    size_t size;         /* elements */
    size_t header_bytes; /* where they begin */
    bool swapped;        /* their bytes are in the order that is not this machine's */
} npy;

/*
** npy_header_bytes: where the elements begin, by the first n bytes of the file, n <= NPY_PREFIX_BYTES;
** 0, with the reason in message, if it is no file that can be read.
*/
size_t npy_header_bytes(const void *prefix, size_t n, char message[NPY_MESSAGE_BYTES]);

/*
** npy_parse: reads the whole header, header_bytes long, of a file of file_bytes, which must be exactly
** as long as the header says. False, with the reason in message, if anything is not so.
*/
bool npy_parse(npy *result, const void *header, size_t header_bytes, uint64_t file_bytes,
               char message[NPY_MESSAGE_BYTES]);

/* npy_write: the header, version 1.0, for `size` elements of a numeric type. */
void npy_write(char header[NPY_WRITTEN_BYTES], dynarray_type type, size_t size);

/* npy_swap: turns the bytes of n elements round. */
void npy_swap(void *elements, size_t n, size_t element_size);

#endif
