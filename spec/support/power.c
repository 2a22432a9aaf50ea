/*
** power.c: what a crash may leave of an array that is a file, state after state; see crash_spec.lua.
**
** A program of random appends, pops, growths, flushes, closes runs on a file. Each call that changes the file is
** linked to a function here (--wrap), which looks at the whole file before and after: what was stored through
** the mapping is seen there, too. From what was seen, crashes are made up and the array is opened again:
**
**   a process dies    the file is as it was seen last. Nothing that an operation returned from may be missing
**   a machine dies    what was there at the last sync is there. Of all that was seen since, each sector has any
**                     of its versions, the length is any that the file had, or a whole number of pages between:
**                     all of these states if there are few, otherwise some. Nothing from before the last flush may
**                     be missing
**
** In both cases all elements are as they were appended, and the header tells some of the first of them, which is
** what other programs see. Arguments: a directory, a seed, a number of operations.
*/
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/system/storage.h"
#include "dynarray.h"

#define SECTOR 512
#define PAGE 4096
#define MOST_BYTES ((size_t)24 * PAGE)
#define SECTORS (MOST_BYTES / SECTOR)
#define MOST_VERSIONS 6 /* of a sector; later ones take the place of others */
#define MOST_LENGTHS 16
#define FEW 48   /* all states are made up where there are no more than that */
#define STATES 8 /* otherwise some, beside the simplest ones */

static char path[4096], crashed[4096];
static uint64_t seed;
static size_t states, cuts, complete; /* power cuts, and those of which all states were made up */

/* xorshift64*, Vigna 2016 */
static size_t below(size_t n) {
    seed ^= seed >> 12, seed ^= seed << 25, seed ^= seed >> 27;
    return (size_t)((seed * 2685821657736338717u) >> 33) % n;
}

static void fail(const char *what, size_t n, size_t wanted) {
    printf("%s: %zu, wanted %zu; the file is %s\n", what, n, wanted, crashed);
    exit(1);
}

/* Each element tells where it stands, and none is zero as what was never written. */
static int64_t element(size_t i) { return (int64_t)(i * 0x9E3779B97F4A7C15u | 1); }

/* ---------------------------------------------------------------------------------------------
** The disk
*/

typedef struct seen {
    char bytes[SECTORS][SECTOR];
    size_t length;
} seen;

static seen now, durable;
static struct { char bytes[SECTOR]; } versions[SECTORS][MOST_VERSIONS];
static size_t version_count[SECTORS], lengths[MOST_LENGTHS], length_count;

static bool recording;  /* whether storage functions work on the file under test */
static bool unreserved; /* whether the file system reserves no room */
static bool other_boot; /* whether the system is another than when the file was written */
static size_t acknowledged,
    in_flight;         /* elements: at least these after kill -9, and at most those */
static size_t flushed; /* elements: at least these after a power failure */

static void look(void) {
    static seen next;
    struct stat status;
    const int file = open(path, O_RDONLY);
    if (file < 0) return; /* not yet */
    memset(&next, 0, sizeof next);
    if (fstat(file, &status) != 0 || (size_t)status.st_size > MOST_BYTES) fail("length", 0, 0);
    next.length = (size_t)pread(file, next.bytes, MOST_BYTES, 0);
    close(file);
    for (size_t i = 0; i < SECTORS; i++)
        if (memcmp(next.bytes[i], now.bytes[i], SECTOR) != 0) {
            size_t v = version_count[i];
            if (v < MOST_VERSIONS)
                version_count[i]++;
            else
                v = below(MOST_VERSIONS);
            memcpy(versions[i][v].bytes, next.bytes[i], SECTOR);
        }
    if (next.length != now.length) {
        lengths[length_count < MOST_LENGTHS ? length_count : below(MOST_LENGTHS)] = next.length;
        if (length_count < MOST_LENGTHS) length_count++;
    }
    now = next;
}

static void all_is_durable(void) {
    look();
    durable = now;
    memset(version_count, 0, sizeof version_count);
    length_count = 0;
}

/* ---------------------------------------------------------------------------------------------
** Crashes
*/

static void put(const seen *state) {
    const int file = open(crashed, O_RDWR | O_CREAT | O_TRUNC, 0666);
    if (file < 0 || pwrite(file, state->bytes, state->length, 0) != (ssize_t)state->length)
        fail("pwrite", 0, state->length);
    close(file);
}

/* What a reader of the format sees; it knows nothing of what is behind. */
static void check_header(const seen *state) {
    const char *shape = strstr(state->bytes[0] + 10, "'shape': (");
    const size_t told = shape != NULL ? (size_t)strtoull(shape + 10, NULL, 10) : SIZE_MAX;
    if (state->length == 0) return; /* a file that was just made */
    if (told > (state->length - 128) / 8) fail("elements told by the header", told, state->length);
    for (size_t i = 0; i < told; i++) {
        int64_t x;
        memcpy(&x, (const char *)state->bytes + 128 + i * 8, sizeof x);
        if (x != element(i)) fail("told by the header, but not there", i, told);
    }
}

static void check(const seen *state, size_t least, size_t most) {
    const bool was = recording;
    dynarray a;
    dynarray_failure why;
    recording = false;
    put(state);
    check_header(state);
    if (dynarray_open(&a, crashed, DYNARRAY_INT64, DYNARRAY_MODE_APPEND, NULL, &why) !=
        DYNARRAY_OK) {
        printf("%s\n", why.message);
        fail("not opened", state->length, least);
    }
    if (a.size < least) fail("elements lost", a.size, least);
    if (a.size > most) fail("elements too many", a.size, most);
    for (size_t i = 0; i < a.size; i++)
        if (dynarray_data_int64(&a)[i] != element(i)) fail("another element", i, a.size);
    /* and on it goes */
    for (size_t i = 0; i < 3; i++)
        if (dynarray_append_int64(&a, element(a.size)) != DYNARRAY_OK) fail("append", i, 3);
    if (states % 16 == 0) {
        const size_t size = a.size;
        if (dynarray_close(&a, &why) != DYNARRAY_OK) fail("close", 0, 0);
        if (dynarray_open(&a, crashed, DYNARRAY_INT64, DYNARRAY_MODE_READ, NULL, &why) !=
                DYNARRAY_OK ||
            a.size != size)
            fail("closed", a.size, size);
    }
    dynarray_free(&a);
    states++;
    recording = was;
}

static size_t some_length(void) {
    const size_t i = below(length_count + 2);
    size_t between;
    if (i < length_count) return lengths[i];
    if (i == length_count || now.length <= durable.length) return durable.length;
    between = (durable.length / PAGE + below((now.length - durable.length) / PAGE + 1)) * PAGE;
    return between > durable.length ? between : durable.length; /* as on ext4, for one */
}

/* unit: sectors that come to the disk together */
static void lose_power(size_t unit) {
    static seen state;
    state = durable;
    state.length = some_length();
    for (size_t i = 0; i < SECTORS; i += unit) {
        const size_t chosen = below(MOST_VERSIONS + 1);
        for (size_t j = i; j < i + unit; j++) {
            if (chosen < version_count[j])
                memcpy(state.bytes[j], versions[j][chosen].bytes, SECTOR);
            if (chosen == MOST_VERSIONS) memcpy(state.bytes[j], now.bytes[j], SECTOR);
        }
    }
    if (state.length < durable.length && state.length < 128) state.length = durable.length;
    for (size_t i = state.length; i < MOST_BYTES; i++) ((char *)state.bytes)[i] = 0;
    check(&state, flushed, in_flight);
}

/* How long the file may be; returns how many lengths there are. */
static size_t each_length(size_t list[MOST_LENGTHS + SECTORS]) {
    size_t n = 0;
    list[n++] = durable.length;
    for (size_t i = 0; i < length_count; i++) list[n++] = lengths[i];
    for (size_t at = (durable.length / PAGE + 1) * PAGE; at < now.length; at += PAGE)
        list[n++] = at;
    return n;
}

/* How many states there are; more than FEW if more. */
static size_t count_states(size_t length_options) {
    size_t n = length_options;
    for (size_t i = 0; i < SECTORS && n <= FEW; i++) n *= version_count[i] + 1;
    return n;
}

/* The k-th of all states: its digits choose a version of each sector, and a length. */
static void lose_power_as(size_t k, const size_t *length_list, size_t length_options) {
    static seen state;
    state = durable;
    for (size_t i = 0; i < SECTORS; i++) {
        const size_t chosen = k % (version_count[i] + 1);
        k /= version_count[i] + 1;
        if (chosen > 0) memcpy(state.bytes[i], versions[i][chosen - 1].bytes, SECTOR);
    }
    state.length = length_list[k % length_options];
    for (size_t i = state.length; i < MOST_BYTES; i++) ((char *)state.bytes)[i] = 0;
    check(&state, flushed, in_flight);
}

static void lose_power_in_all_ways(void) {
    size_t length_list[MOST_LENGTHS + SECTORS];
    const size_t length_options = each_length(length_list), n = count_states(length_options);
    cuts++;
    if (n <= FEW) {
        for (size_t k = 0; k < n; k++) lose_power_as(k, length_list, length_options);
        complete++;
    } else
        for (size_t i = 0; i < STATES; i++) lose_power(i % 2 == 0 ? 1 : PAGE / SECTOR);
}

static void crash(void) {
    look();
    if (now.length == 0) return;
    other_boot = false;
    check(&now, acknowledged, in_flight);
    if (durable.length == 0) return; /* the name is not on the disk yet */
    other_boot = true;
    check(&durable, flushed, in_flight);
    check(&now, flushed, in_flight);
    lose_power_in_all_ways();
    other_boot = false;
}

/* ---------------------------------------------------------------------------------------------
** The calls
*/

/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): the linker chose the names */

bool __real_storage_reserve(int descriptor, uint64_t from, uint64_t to, files_error *error);
bool __real_storage_fill(int descriptor, uint64_t from, uint64_t to, files_error *error);
bool __real_storage_write(int descriptor, uint64_t at, const void *data, size_t n,
                          files_error *error);
bool __real_storage_cut(int descriptor, uint64_t bytes, files_error *error);
bool __real_storage_sync(int descriptor, files_error *error);
bool __real_storage_boot(unsigned char id[STORAGE_BOOT_BYTES]);
bool __real_storage_create(int *descriptor, const char *name, const void *data, size_t bytes,
                           bool *exists, files_error *error);

bool __wrap_storage_reserve(int descriptor, uint64_t from, uint64_t to, files_error *error) {
    bool done;
    if (unreserved && to > from) {
        error->code = EOPNOTSUPP;
        return false;
    }
    if (recording) crash();
    done = __real_storage_reserve(descriptor, from, to, error);
    if (recording) crash();
    return done;
}

bool __wrap_storage_fill(int descriptor, uint64_t from, uint64_t to, files_error *error) {
    bool done;
    if (recording) crash();
    done = __real_storage_fill(descriptor, from, to, error);
    if (recording) crash();
    return done;
}

bool __wrap_storage_write(int descriptor, uint64_t at, const void *data, size_t n,
                          files_error *error) {
    bool done;
    if (recording) crash();
    done = __real_storage_write(descriptor, at, data, n, error);
    if (recording) crash();
    return done;
}

bool __wrap_storage_cut(int descriptor, uint64_t bytes, files_error *error) {
    bool done;
    if (recording) crash();
    done = __real_storage_cut(descriptor, bytes, error);
    if (recording) crash();
    return done;
}

bool __wrap_storage_sync(int descriptor, files_error *error) {
    bool done;
    if (!recording) return __real_storage_sync(descriptor, error);
    crash();
    done = __real_storage_sync(descriptor, error);
    all_is_durable();
    crash();
    return done;
}

bool __wrap_storage_create(int *descriptor, const char *name, const void *data, size_t bytes,
                           bool *exists, files_error *error) {
    const bool done = __real_storage_create(descriptor, name, data, bytes, exists, error);
    if (recording) all_is_durable();
    return done;
}

bool __wrap_storage_boot(unsigned char id[STORAGE_BOOT_BYTES]) {
    const bool known = __real_storage_boot(id);
    if (other_boot) id[0] ^= 1;
    return known;
}

/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */

/* ---------------------------------------------------------------------------------------------
** The program
*/

static void start(dynarray *a, const dynarray_setup *setup) {
    dynarray_failure why;
    if (dynarray_open(a, path, DYNARRAY_INT64, DYNARRAY_MODE_APPEND, setup, &why) != DYNARRAY_OK) {
        printf("%s\n", why.message);
        fail("open", 0, 0);
    }
    if (a->size != acknowledged) fail("opened", a->size, acknowledged);
}

static void append(dynarray *a, size_t n) {
    for (size_t i = 0; i < n; i++) {
        const int64_t x = element(a->size);
        if (a->size + 1 > in_flight) in_flight = a->size + 1;
        if (dynarray_append(a, &x) != DYNARRAY_OK) fail("append", i, n);
        acknowledged = a->size;
    }
}

static void flush(dynarray *a) {
    dynarray_failure why;
    if (dynarray_flush(a, &why) != DYNARRAY_OK) fail("flush", 0, 0);
    flushed = a->size;
    in_flight = a->size;
}

/* What was taken off and is put there again is the same: only the size can be wrong. */
static void take(dynarray *a, size_t n) {
    if (n > a->size) n = a->size;
    acknowledged = a->size - n;
    if (flushed > acknowledged) flushed = acknowledged;
    if (dynarray_remove(a, a->size - n, n) != DYNARRAY_OK) fail("remove", n, 0);
}

int main(int argc, char **argv) {
    const size_t operations = argc > 3 ? (size_t)strtoull(argv[3], NULL, 10) : 0;
    dynarray_growth growth = dynarray_growth_increment(200);
    dynarray_setup setup = {0};
    dynarray a;
    if (argc != 4) return 2;
    snprintf(path, sizeof path, "%s/file.npy", argv[1]);
    snprintf(crashed, sizeof crashed, "%s/crashed.npy", argv[1]);
    seed = strtoull(argv[2], NULL, 10) * 2 + 1;
    setup.growth = &growth;
    unreserved = below(2) == 0;
    recording = true;
    start(&a, &setup);
    for (size_t i = 0; i < operations; i++) {
        dynarray_failure why;
        switch (below(8)) {
        case 0: flush(&a); break;
        case 1: take(&a, below(1500)); break;
        case 2:
            if (dynarray_shrink(&a) != DYNARRAY_OK) fail("shrink", 0, 0);
            break;
        case 3:
            if (dynarray_reserve(&a, a.size + below(1000)) != DYNARRAY_OK) fail("reserve", 0, 0);
            break;
        case 4:
            if (dynarray_close(&a, &why) != DYNARRAY_OK) fail("close", 0, 0);
            flushed = acknowledged;
            start(&a, &setup);
            break;
        default: append(&a, 1 + below(300)); break;
        }
        if (a.size > MOST_BYTES / 8 / 2) take(&a, a.size);
        crash();
    }
    dynarray_free(&a);
    printf("%zu states, %zu of %zu power cuts in each of theirs\n", states, complete, cuts);
    return 0;
}
