/* file_mark.c: see file_mark.h. */
#include "core/system/system.h"

#include "core/file_mark.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

_Static_assert(sizeof(mark) == 128, "the format of the files");

/* The last two bytes are the number 1, so that the other byte order has another magic number. */
#define MARK_MAGIC "dynmark"
#define MARK_FORMAT 1

static void put_mark_magic(char magic[8]) {
    const uint16_t format = MARK_FORMAT;
    memcpy(magic, MARK_MAGIC, 6);
    memcpy(magic + 6, &format, sizeof format);
}

uint64_t mark_bytes_for(uint64_t bytes) {
    return (bytes + sizeof(mark) + MARK_UNIT - 1) / MARK_UNIT * MARK_UNIT;
}

void mark_init(mark *m, uint64_t bytes, size_t size, size_t flushed, uint64_t owner,
               const unsigned char boot[STORAGE_BOOT_BYTES]) {
    static const mark none = {0};
    *m = none;
    put_mark_magic(m->magic);
    m->at = bytes - sizeof *m;
    m->size = size;
    m->check = ~(uint64_t)size;
    m->flushed = flushed;
    m->owner = owner;
    memcpy(m->boot, boot, sizeof m->boot);
}

static bool is_mark(const mark *m, uint64_t at) {
    char magic[sizeof m->magic];
    put_mark_magic(magic);
    return memcmp(m->magic, magic, sizeof magic) == 0 && m->at == at;
}

#define READ_TRIES 100

bool mark_read(int descriptor, uint64_t at, mark *m) {
    files_error ignored;
    for (int i = 0; i < READ_TRIES; i++) {
        size_t n = sizeof *m;
        if (!storage_read(descriptor, at, m, &n, &ignored) || n < sizeof *m || !is_mark(m, at))
            return false;
        if (m->size == ~m->check) break;
    }
    if (~m->check < m->size) m->size = ~m->check;
    return true;
}

/* Finds the last mark in these pages; 0 if there is none. It leaves out holes, which may be larger than any disk. */
static uint64_t find_between(int descriptor, uint64_t from, uint64_t end, uint64_t least, mark *m) {
    uint64_t found = 0, stop;
    mark x;
    while (from < end && storage_find_data(descriptor, &from, &stop)) {
        for (from -= from % MARK_UNIT; from < stop && from < end; from += MARK_UNIT) {
            const uint64_t at = from + MARK_UNIT - sizeof x;
            if (at < least || !mark_read(descriptor, at, &x)) continue;
            found = at;
            *m = x;
        }
    }
    return found;
}

#define SEARCH_FIRST ((uint64_t)64 << 20) /* bytes that are searched at first; then twice as many */

/*
** Finds the last mark of the file; 0 if there is none behind the elements that the header tells. It is at the end,
** unless a crash came in the middle of a growth. If the file has another length by now, there is no need to search.
*/
static uint64_t find_mark(int descriptor, const npy *header, uint64_t file_bytes, mark *m) {
    uint64_t end = file_bytes / MARK_UNIT * MARK_UNIT, step = SEARCH_FIRST, now, found = 0;
    const uint64_t least = npy_bytes(header);
    files_error ignored;
    bool removed;
    if (end < least + sizeof *m) return 0;
    if (mark_read(descriptor, end - sizeof *m, m)) return end - sizeof *m;
    if (storage_length(descriptor, &now, &removed, &ignored) && now != file_bytes) return 0;
    while (found == 0 && end > least) {
        uint64_t from = end - least > step ? end - step : least;
        from -= from % MARK_UNIT;
        found = find_between(descriptor, from, end, least, m);
        end = from;
        step *= 2; /* does not wrap around before the last step: a file has less than 2^63 bytes */
    }
    return found;
}

PRINTF_LIKE(2, 3) static bool refuse_mark(char *message, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, NPY_MESSAGE_BYTES, format, arguments);
    va_end(arguments);
    return false;
}

/* What a mark at `at` says about that file. */
static bool size_by(const mark *m, uint64_t at, const npy *header, size_t *size, char *message) {
    unsigned char boot[STORAGE_BOOT_BYTES];
    const size_t element_size = dynarray_type_size(header->type);
    const uint64_t most = (at - header->header_bytes) / element_size;
    const bool known = storage_boot(boot), same = known && memcmp(boot, m->boot, sizeof boot) == 0;
    const uint64_t flushed = m->flushed > header->size ? m->flushed : header->size;
    const uint64_t found = same ? m->size : flushed;
    if (!known && m->size != flushed)
        return refuse_mark(message,
                           "its last elements are there if the system has not restarted "
                           "since, but " STORAGE_BOOT_PATH " cannot be read");
    if (found > most)
        return refuse_mark(message,
                           "damaged: its mark says %" PRIu64 " elements, but %" PRIu64
                           " fit; restore it, or cut it to the %zu elements of its header",
                           found, most, header->size);
    *size = (size_t)found;
    return true;
}

bool mark_size(int descriptor, const npy *header, uint64_t file_bytes, size_t *size, uint64_t *at,
               char message[NPY_MESSAGE_BYTES]) {
    const uint64_t told = npy_bytes(header);
    mark m;
    *at = 0;
    *size = header->size;
    if (file_bytes <= told) return npy_has_length(header, file_bytes, message);
    if (!header->growing) return npy_has_length(header, file_bytes, message);
    *at = find_mark(descriptor, header, file_bytes, &m);
    if (*at != 0 && (file_bytes % MARK_UNIT != 0))
        return refuse_mark(message,
                           "damaged: %" PRIu64 " bytes behind its end; cut it to %" PRIu64 " bytes",
                           file_bytes - *at - sizeof m, *at + sizeof m);
    if (*at != 0) return size_by(&m, *at, header, size, message);
    /* after a power failure, the mark may not have come to the disk, and only whole pages did */
    if (file_bytes % MARK_UNIT == 0) return true;
    return refuse_mark(
        message,
        "damaged: its end is missing; the %zu elements of its header are there: cut it "
        "to %" PRIu64 " bytes to go on with them",
        header->size, told);
}
