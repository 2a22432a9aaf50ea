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
    bool growing;     /* the header is one of npy_write_growing: there may be more than it tells */
    bool in_a_sector; /* behind NPY_SECTOR_BYTES, the header is as npy_write_growing writes it */
} npy;

/*
** npy_header_bytes: reads from the first n bytes of a file where its elements begin; n <= NPY_PREFIX_BYTES. 0 if
** the file cannot be read, and then message says why.
*/
size_t npy_header_bytes(const void *prefix, size_t n, char message[NPY_MESSAGE_BYTES]);

/*
** npy_parse: reads the whole header of header_bytes bytes. False if it is not for numbers of a known type in one
** dimension; message then says why.
*/
bool npy_parse(npy *result, const void *header, size_t header_bytes,
               char message[NPY_MESSAGE_BYTES]);

/*
** npy_has_length: whether a file of file_bytes bytes is exactly as long as the header says, and not longer than an object
** can be. If not, message says why.
*/
bool npy_has_length(const npy *header, uint64_t file_bytes, char message[NPY_MESSAGE_BYTES]);

/* npy_bytes: the bytes of header and elements; the largest number if there are too many. */
uint64_t npy_bytes(const npy *header);

/*
** npy_write: writes a header, version 1.0, for `size` elements of a numeric type. header_bytes is NPY_WRITTEN_BYTES, or
** the length that another program chose, NPY_GROWING_LEAST to NPY_HEADER_MOST.
*/
void npy_write(char *header, size_t header_bytes, dynarray_type type, size_t size);

/* ---------------------------------------------------------------------------------------------
** Headers of growing files: the same dict, but the number of elements is right-aligned in 16 columns, always at the same
** place, so that two words written in place change it.
*/

#define NPY_SECTOR_BYTES 512 /* what a disk writes at once, or not at all */
#define NPY_GROWING_LEAST 96 /* bytes of such a header */
#define NPY_GROWING_MOST ((uint64_t)9999999999999999) /* the most elements that it can tell */

void npy_write_growing(char *header, size_t header_bytes, dynarray_type type, size_t size);

/*
** npy_tell: changes the number of elements in the header from `told` to `size`. Others may read the header meanwhile: each
** word is written at once. If the upper word changes, the header tells fewer than both for a moment.
*/
void npy_tell(void *header, size_t told, size_t size);

/* npy_little_endian: whether the lowest byte of a number is the first one on this machine. */
bool npy_little_endian(void);

/* npy_swap: reverses the bytes of each of n elements. */
void npy_swap(void *elements, size_t n, size_t element_size);

#endif
