/*
** npy.c: the reader of .npy files with any bytes, by load and by map, for libFuzzer: `make fuzz`. What it reads
** must be as long as the file says, in memory that ASan watches; what it refuses must say why.
*/
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/file.h"

#define MOST_BYTES ((size_t)1 << 20)

static void check(bool holds) {
    if (!holds) abort();
}

static uint64_t sum_of(const void *data, size_t bytes) {
    const unsigned char *x = data;
    uint64_t sum = 0;
    for (size_t i = 0; i < bytes; i++) sum += x[i];
    return sum;
}

static void load_and_map(const char *path, size_t file_bytes) {
    files_error error = {0};
    file f;
    void *mapping, *elements, *memory;
    size_t bytes;
    if (!file_open(&f, path, false, &error)) {
        check(error.code != 0 || error.message[0] != '\0');
        check(memchr(error.message, '\0', sizeof error.message) != NULL);
        return;
    }
    bytes = f.header.size * dynarray_type_size(f.header.type);
    check(f.header.header_bytes + bytes <= file_bytes);
    if (bytes <= MOST_BYTES) {
        memory = malloc(bytes + 1);
        check(memory != NULL && file_read(&f, memory, &error));
        if (file_map(&f, false, &mapping, &elements, &error)) {
            check(f.header.swapped || sum_of(elements, bytes) == sum_of(memory, bytes));
            file_unmap(mapping, elements, bytes);
        }
        free(memory);
    }
    file_close(&f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    char path[64];
    const int descriptor = memfd_create("fuzz", MFD_CLOEXEC);
    check(descriptor >= 0 && write(descriptor, data, n) == (ssize_t)n);
    snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
    load_and_map(path, n);
    close(descriptor);
    return 0;
}
