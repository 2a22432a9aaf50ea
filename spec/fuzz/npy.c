/*
** npy.c: the reader of .npy files with any bytes, by load, map and open, for libFuzzer: `make fuzz`. What it reads
** must be as long as the file says, in memory that ASan watches; what it refuses must say why.
*/
#define _GNU_SOURCE
#include <sys/mman.h>
#include <unistd.h>

#include "core/save_load.h"
#include "support.h"

#define MOST_BYTES ((size_t)1 << 20)

static uint64_t sum_of(const void *data, size_t bytes) {
    const unsigned char *x = data;
    uint64_t sum = 0;
    for (size_t i = 0; i < bytes; i++) sum += x[i];
    return sum;
}

static void load_and_map(const char *path, size_t file_bytes) {
    files_error error = {0};
    file f;
    void *mapping, *elements, *copy;
    size_t bytes;
    if (!file_open(&f, path, false, &error)) {
        CHECK(error.code != 0 || error.message[0] != '\0');
        CHECK(memchr(error.message, '\0', sizeof error.message) != NULL);
        return;
    }
    bytes = f.header.size * dynarray_type_size(f.header.type);
    CHECK(f.header.header_bytes + bytes <= file_bytes);
    if (bytes <= MOST_BYTES) {
        copy = malloc(bytes + 1);
        CHECK(copy != NULL && file_read(&f, copy, &error));
        if (file_map(&f, false, &mapping, &elements, &error)) {
            CHECK(f.header.swapped || sum_of(elements, bytes) == sum_of(copy, bytes));
            file_unmap(mapping, elements, bytes);
        }
        free(copy);
    }
    file_close(&f);
}

/* A reader sees the size that the header or the mark tells; a writer goes on behind it. */
static void open_and_append(const char *path, int descriptor) {
    dynarray a;
    dynarray_failure why;
    const uint64_t zero = 0;
    size_t size;
    if (dynarray_open(&a, path, DYNARRAY_TYPE_COUNT, DYNARRAY_MODE_READ, NULL, &why) ==
        DYNARRAY_OK) {
        sum_of(a.data, a.size * a.element_size);
        dynarray_free(&a);
    } else
        CHECK(why.code != 0 || why.message[0] != '\0');
    if (dynarray_open(&a, path, DYNARRAY_TYPE_COUNT, DYNARRAY_MODE_APPEND, NULL, &why) !=
        DYNARRAY_OK) {
        CHECK(why.code != 0 || why.message[0] != '\0');
        return;
    }
    size = a.size;
    sum_of(a.data, size * a.element_size);
    if (dynarray_append(&a, &zero) == DYNARRAY_OK) size++;
    CHECK(a.size == size);
    dynarray_commit(&a);
    dynarray_close(&a, &why);
    lseek(descriptor, 0, SEEK_SET);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    char path[64];
    const int descriptor = memfd_create("fuzz", MFD_CLOEXEC);
    CHECK(descriptor >= 0 && write(descriptor, data, n) == (ssize_t)n);
    snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
    load_and_map(path, n);
    open_and_append(path, descriptor);
    close(descriptor);
    return 0;
}
