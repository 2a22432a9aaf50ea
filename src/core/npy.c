/* npy.c: see npy.h. */
#include "core/system/system.h"

#include "core/npy.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/system/storage.h"

#define MAGIC "\x93NUMPY"
#define MAGIC_BYTES 6
#define VERSION_BYTES (MAGIC_BYTES + 2)
#define ALIGNMENT 64 /* the elements begin at a multiple of it, as NumPy writes them */

/* How NumPy names the kinds of DYNARRAY_NUMERIC_TYPES. */
#define KIND_SIGNED 'i'
#define KIND_UNSIGNED 'u'
#define KIND_FLOAT 'f'

static const struct {
    char kind;
    unsigned char size;
} types[] = {
#define ROW(CONSTANT, name, ctype, kind, min, max) {KIND_##kind, sizeof(ctype)},
    DYNARRAY_NUMERIC_TYPES(ROW)
#undef ROW
};
#define TYPES (sizeof types / sizeof *types)

bool npy_little_endian(void) {
    const uint16_t one = 1;
    unsigned char first;
    memcpy(&first, &one, 1);
    return first == 1;
}

PRINTF_LIKE(2, 3) static bool refuse(char *message, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, NPY_MESSAGE_BYTES, format, arguments);
    va_end(arguments);
    return false;
}

size_t npy_header_bytes(const void *prefix, size_t n, char message[NPY_MESSAGE_BYTES]) {
    const unsigned char *p = prefix;
    unsigned major;
    size_t length_bytes, bytes = 0;
    if (n < MAGIC_BYTES || memcmp(p, MAGIC, MAGIC_BYTES) != 0)
        return refuse(message, "not an .npy file");
    if (n < VERSION_BYTES) return refuse(message, "the file ends within its header");
    major = p[MAGIC_BYTES];
    if (major < 1 || major > 3 || p[MAGIC_BYTES + 1] != 0)
        return refuse(message, ".npy version %u.%u, known are 1.0, 2.0 and 3.0", major,
                      p[MAGIC_BYTES + 1]);
    length_bytes = major == 1 ? 2 : 4;
    if (n < VERSION_BYTES + length_bytes) return refuse(message, "the file ends within its header");
    for (size_t i = length_bytes; i-- > 0;) bytes = bytes << 8 | p[VERSION_BYTES + i];
    if (bytes > NPY_HEADER_MOST - VERSION_BYTES - length_bytes)
        return refuse(message, "a header of %zu bytes, too long to be one of an array of numbers",
                      bytes);
    return VERSION_BYTES + length_bytes + bytes;
}

/* ---------------------------------------------------------------------------------------------
** The dict, a Python literal; it reads only what headers are made of
*/

typedef struct scanner {
    const char *next, *end;
} scanner;

static void skip_space(scanner *s) {
    while (s->next < s->end && (*s->next == ' ' || (*s->next >= '\t' && *s->next <= '\r')))
        s->next++;
}

static bool take(scanner *s, const char *token) {
    const size_t n = strlen(token);
    skip_space(s);
    if ((size_t)(s->end - s->next) < n || memcmp(s->next, token, n) != 0) return false;
    s->next += n;
    return true;
}

#define STRING_BYTES 32 /* longer strings are cut: no key and no type that we know is that long */

static bool take_string(scanner *s, char text[STRING_BYTES]) {
    size_t n = 0;
    char quote;
    skip_space(s);
    if (s->next == s->end || (*s->next != '\'' && *s->next != '"')) return false;
    for (quote = *s->next++; s->next < s->end && *s->next != quote; s->next++) {
        const char c = *s->next;
        if (n < STRING_BYTES - 1) text[n++] = (char)(c >= ' ' && c < 127 ? c : '?');
    }
    text[n] = '\0';
    if (s->next == s->end) return false;
    s->next++;
    return true;
}

/* Digits, and the L that Python 2 wrote behind them. A number of more than 64 bits becomes the largest one. */
static bool take_number(scanner *s, uint64_t *number) {
    const char *first;
    skip_space(s);
    *number = 0;
    for (first = s->next; s->next < s->end && *s->next >= '0' && *s->next <= '9'; s->next++) {
        const unsigned digit = (unsigned)(*s->next - '0');
        *number = *number > (UINT64_MAX - digit) / 10 ? UINT64_MAX : *number * 10 + digit;
    }
    if (s->next == first) return false;
    take(s, "L");
    return true;
}

typedef struct dict {
    char descr[STRING_BYTES];
    bool has_descr, has_order, has_shape;
    bool fortran, structured;
    uint64_t size; /* of the first dimension */
    size_t dimensions;
} dict;

static bool take_shape(scanner *s, dict *d) {
    d->dimensions = 0;
    if (!take(s, "(")) return false;
    while (!take(s, ")")) {
        uint64_t size;
        if (d->dimensions > 0 && !take(s, ",")) return false;
        if (d->dimensions > 0 && take(s, ")")) return true;
        if (!take_number(s, &size)) return false;
        if (d->dimensions++ == 0) d->size = size;
    }
    return d->dimensions != 1; /* in Python (3) is a number; a tuple of one has a comma */
}

static bool take_entry(scanner *s, dict *d) {
    char key[STRING_BYTES];
    if (!take_string(s, key) || !take(s, ":")) return false;
    if (strcmp(key, "descr") == 0 && !d->has_descr) {
        d->has_descr = true;
        skip_space(s);
        d->structured = s->next < s->end && (*s->next == '[' || *s->next == '(');
        return d->structured || take_string(s, d->descr);
    }
    if (strcmp(key, "fortran_order") == 0 && !d->has_order) {
        d->has_order = true;
        d->fortran = take(s, "True");
        return d->fortran || take(s, "False");
    }
    if (strcmp(key, "shape") == 0 && !d->has_shape) {
        d->has_shape = true;
        return take_shape(s, d);
    }
    return false;
}

static bool take_dict(scanner *s, dict *d) {
    if (!take(s, "{")) return false;
    while (!take(s, "}")) {
        if ((d->has_descr || d->has_order || d->has_shape) && !take(s, ",")) return false;
        if (take(s, "}")) break;
        if (!take_entry(s, d)) return false;
        if (d->structured) return true; /* it is refused, whatever follows */
    }
    skip_space(s);
    return s->next == s->end && d->has_descr && d->has_order && d->has_shape;
}

/*
** The type of a name as "<f8"; DYNARRAY_TYPE_COUNT if there is no such element type. "f8" is the same as "=f8",
** in this machine's order.
*/
static dynarray_type type_of(const char *descr, bool *swapped) {
    const bool has_order = strlen(descr) == 3;
    const char *name = has_order ? descr + 1 : descr;
    char order = '=';
    *swapped = false;
    if (has_order) order = descr[0];
    if (strlen(name) != 2 || strchr("<>=|", order) == NULL) return DYNARRAY_TYPE_COUNT;
    for (size_t i = 0; i < TYPES; i++)
        if (name[0] == types[i].kind && name[1] == '0' + types[i].size) {
            if (order == '|' && types[i].size > 1) break;
            /* unreached: a machine has one byte order */
            *swapped = types[i].size > 1 && order == (npy_little_endian() ? '>' : '<');
            return (dynarray_type)i;
        }
    return DYNARRAY_TYPE_COUNT;
}

/* The place of the number in headers of npy_write_growing: a word of the upper digits and one of the lower. */
#define TELL_AT 64
#define TELL_WORD ((size_t)8)
#define TELL_BYTES (2 * TELL_WORD)
#define TELL_UNIT 100000000 /* 10^8: the lower word holds smaller numbers */

/*
** Whether the header is exactly what npy_write_growing writes, except for the number; and whether that can be had by a
** change of its first sector.
*/
static void compare_growing(npy *parsed, const char *header) {
    char expected[NPY_HEADER_MOST];
    const size_t end = TELL_AT + TELL_BYTES, bytes = parsed->header_bytes;
    parsed->growing = false;
    parsed->in_a_sector = true;
    if (bytes < NPY_GROWING_LEAST) return;
    npy_write_growing(expected, bytes, parsed->type, 0);
    parsed->growing = !parsed->swapped && memcmp(header, expected, TELL_AT) == 0 &&
                      memcmp(header + end, expected + end, bytes - end) == 0;
    parsed->in_a_sector =
        bytes <= NPY_SECTOR_BYTES || memcmp(header + NPY_SECTOR_BYTES, expected + NPY_SECTOR_BYTES,
                                            bytes - NPY_SECTOR_BYTES) == 0;
}

bool npy_parse(npy *result, const void *header, size_t header_bytes,
               char message[NPY_MESSAGE_BYTES]) {
    scanner s = {header, (const char *)header + header_bytes};
    dict d = {0};
    s.next += VERSION_BYTES + (s.next[MAGIC_BYTES] == 1 ? 2 : 4);
    if (!take_dict(&s, &d)) return refuse(message, "a header that cannot be understood");
    if (d.structured) return refuse(message, "structured elements, not numbers");
    result->type = type_of(d.descr, &result->swapped);
    if (result->type == DYNARRAY_TYPE_COUNT)
        return refuse(message, "element type '%s', known are i1 to i8, u1 to u8, f4 and f8",
                      d.descr);
    /* in one dimension, Fortran order is the same as C order */
    if (d.dimensions != 1) return refuse(message, "%zu dimensions, wanted one", d.dimensions);
    result->size = (size_t)d.size;
    if (result->size != d.size) /* unreached: only where size_t has 32 bits */
        /* unreached: as above */
        return refuse(message, "%" PRIu64 " elements, more than fit into memory", d.size);
    result->header_bytes = header_bytes;
    compare_growing(result, header);
    return true;
}

uint64_t npy_bytes(const npy *header) {
    const size_t element_size = types[header->type].size;
    const uint64_t most = (UINT64_MAX - header->header_bytes) / element_size;
    return header->size > most ? UINT64_MAX
                               : header->header_bytes + (uint64_t)header->size * element_size;
}

bool npy_has_length(const npy *header, uint64_t file_bytes, char message[NPY_MESSAGE_BYTES]) {
    if (file_bytes == npy_bytes(header)) {
        if (file_bytes <= PTRDIFF_MAX) return true; /* unreached: only where size_t has 32 bits */
        /* unreached: as above */
        return refuse(message, "%zu elements, more than fit into memory", header->size);
    }
    return refuse(message, "%" PRIu64 " bytes of elements, its header says %zu x %zu: %s",
                  file_bytes - header->header_bytes, header->size, dynarray_type_size(header->type),
                  file_bytes < npy_bytes(header) ? "restore it" : "cut off what is behind them");
}

/* Writes everything before the number of elements; returns the length. */
static size_t begin_header(char *header, size_t header_bytes, dynarray_type type) {
    const size_t dict_bytes = header_bytes - VERSION_BYTES - 2;
    /* unreached: a machine has one byte order */
    const int order = types[type].size == 1 ? '|' : npy_little_endian() ? '<' : '>';
    memcpy(header, MAGIC "\1", MAGIC_BYTES + 2); /* version 1, and the zero that ends the string */
    header[VERSION_BYTES] = (char)(dict_bytes & 0xff);
    header[VERSION_BYTES + 1] = (char)(dict_bytes >> 8);
    memset(header + VERSION_BYTES + 2, ' ', dict_bytes - 1);
    header[header_bytes - 1] = '\n';
    return VERSION_BYTES + 2 +
           (size_t)snprintf(header + VERSION_BYTES + 2, dict_bytes,
                            "{'descr': '%c%c%d', 'fortran_order': False, 'shape': (", order,
                            types[type].kind, types[type].size);
}

#define TELL_END ",), }"

void npy_write(char *header, size_t header_bytes, dynarray_type type, size_t size) {
    const size_t at = begin_header(header, header_bytes, type);
    char text[32];
    const int n = snprintf(text, sizeof text, "%zu" TELL_END, size);
    header[at] = ' '; /* the zero that ended the string */
    memcpy(header + at, text, (size_t)n);
}

/* The two words of a number as they are in the header. */
static void digits_of(size_t size, char digits[TELL_BYTES + 1]) {
    snprintf(digits, TELL_BYTES + 1, "%*zu", (int)TELL_BYTES, size);
}

void npy_write_growing(char *header, size_t header_bytes, dynarray_type type, size_t size) {
    const size_t at = begin_header(header, header_bytes, type);
    char digits[TELL_BYTES + 1];
    header[at] = ' ';
    digits_of(size, digits);
    memcpy(header + TELL_AT, digits, TELL_BYTES);
    memcpy(header + TELL_AT + TELL_BYTES, TELL_END, sizeof TELL_END - 1);
}

static void put_word(char *place, const char *digits) {
    uint64_t word;
    memcpy(&word, digits, sizeof word);
    storage_put(place, word);
}

void npy_tell(void *header, size_t told, size_t size) {
    char *upper = (char *)header + TELL_AT, *lower = upper + TELL_WORD;
    char digits[TELL_BYTES + 1];
    digits_of(size, digits);
    if (told / TELL_UNIT != size / TELL_UNIT) {
        put_word(lower, "00000000");
        put_word(upper, digits);
    }
    put_word(lower, digits + TELL_WORD);
}

void npy_swap(void *elements, size_t n, size_t element_size) {
    unsigned char *p = elements;
    for (; n > 0; n--, p += element_size)
        for (size_t i = 0, j = element_size - 1; i < j; i++, j--) {
            const unsigned char byte = p[i];
            p[i] = p[j];
            p[j] = byte;
        }
}
