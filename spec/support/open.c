/* open.c: arrays that are files, from C without Lua; see open_spec.lua. Arguments: a path. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "dynarray.h"

#define CHECK(condition)                                                                           \
    do                                                                                             \
        if (!(condition)) {                                                                        \
            printf("line %d: %s\n", __LINE__, #condition);                                         \
            return 1;                                                                              \
        }                                                                                          \
    while (0)

static const char *path;

static dynarray_status open_as(dynarray *a, dynarray_type type, dynarray_mode mode,
                               dynarray_failure *why) {
    return dynarray_open(a, path, type, mode, NULL, why);
}

static size_t events;

static void observe(void *data, const dynarray *a, const dynarray_event *event) {
    (void)data, (void)a;
    if (event->how == DYNARRAY_EXTENDED && event->bytes_copied == 0) events++;
}

/* What a process leaves that dies after these appends: by _exit, which closes nothing. */
static int appended_by_child(int commits, int with_appender) {
    const pid_t child = fork();
    int status;
    if (child == 0) {
        dynarray a;
        if (open_as(&a, DYNARRAY_INT32, DYNARRAY_MODE_WRITE, NULL) != DYNARRAY_OK) _exit(1);
        if (dynarray_reserve(&a, 1000) != DYNARRAY_OK) _exit(1);
        if (with_appender) {
            dynarray_appender_int32 w = dynarray_appender_begin_int32(&a);
            for (int i = 0; i < 500; i++) (void)dynarray_appender_push_int32(&w, i);
            dynarray_appender_end_int32(&w);
        } else
            for (int i = 0; i < 500; i++) (void)dynarray_append_int32(&a, i);
        if (commits) dynarray_commit(&a);
        _exit(0);
    }
    return waitpid(child, &status, 0) == child && status == 0;
}

/* NOLINTBEGIN(readability-function-cognitive-complexity): each CHECK counts as a branch */

static int opens(void) {
    dynarray a, b;
    dynarray_failure why;
    const int32_t seven = 7;
    CHECK(open_as(&a, DYNARRAY_INT32, DYNARRAY_MODE_READ, &why) == DYNARRAY_FILE);
    CHECK(why.code == ENOENT && why.message[0] == '\0');
    CHECK(open_as(&a, DYNARRAY_TYPE_COUNT, DYNARRAY_MODE_APPEND, &why) == DYNARRAY_FILE);
    CHECK(open_as(&a, DYNARRAY_INT32, DYNARRAY_MODE_APPEND, NULL) == DYNARRAY_OK);
    CHECK(a.size == 0 && a.type == DYNARRAY_INT32 && a.element_size == 4);
    CHECK(open_as(&b, DYNARRAY_INT32, DYNARRAY_MODE_APPEND, &why) == DYNARRAY_FILE);
    CHECK(why.code == EWOULDBLOCK && strstr(why.message, "another array") != NULL);
    CHECK(dynarray_append(&a, &seven) == DYNARRAY_OK &&
          dynarray_append_int32(&a, 8) == DYNARRAY_OK);
    CHECK(open_as(&b, DYNARRAY_TYPE_COUNT, DYNARRAY_MODE_READ, &why) == DYNARRAY_OK);
    CHECK(b.size == 1); /* the other one is not committed */
    dynarray_commit(&a);
    dynarray_refresh(&b);
    CHECK(b.size == 2 && dynarray_data_int32(&b)[1] == 8);
    dynarray_commit(&b); /* a reader has nothing to tell, and a writer nothing to learn */
    dynarray_refresh(&a);
    CHECK(a.size == 2 && dynarray_flush(&b, &why) == DYNARRAY_OK);
    CHECK(dynarray_append_int32(&b, 1) == DYNARRAY_FIXED &&
          dynarray_reserve(&b, 10) == DYNARRAY_FIXED);
    dynarray_free(&b);
    dynarray_free(&b);
    CHECK(dynarray_flush(&b, &why) == DYNARRAY_FIXED);
    CHECK(dynarray_flush(&a, &why) == DYNARRAY_OK);
    CHECK(dynarray_close(&a, &why) == DYNARRAY_OK && a.data == NULL && a.size == 0);
    CHECK(dynarray_append_int32(&a, 1) == DYNARRAY_OK); /* an array in memory, like any other */
    dynarray_refresh(&a);
    dynarray_commit(&a);
    CHECK(a.size == 1 && dynarray_why(&a)->code == 0 && dynarray_why(&a)->message[0] == '\0');
    CHECK(dynarray_close(&a, &why) == DYNARRAY_OK);
    CHECK(open_as(&a, DYNARRAY_FLOAT32, DYNARRAY_MODE_APPEND, &why) == DYNARRAY_FILE);
    CHECK(strcmp(why.message, "elements of type int32, wanted float32") == 0 && why.code == 0);
    return 0;
}

static int grows(void) {
    dynarray a;
    dynarray_failure why;
    dynarray_stats stats = {0};
    dynarray_growth growth = dynarray_growth_increment(10);
    dynarray_heap heap;
    dynarray_setup setup = {0};
    dynarray_heap_init(&heap, NULL, NULL, DYNARRAY_HEAP_PAGES);
    heap.limit = 16;
    setup.heap = &heap;
    setup.growth = &growth;
    setup.stats = &stats;
    setup.max_size = 100;
    setup.observer = observe;
    CHECK(dynarray_open(&a, path, DYNARRAY_INT32, DYNARRAY_MODE_APPEND, &setup, &why) ==
          DYNARRAY_OK);
    while (a.size < 100) CHECK(dynarray_append_int32(&a, 9) == DYNARRAY_OK);
    CHECK(dynarray_append_int32(&a, 9) == DYNARRAY_MAX_SIZE && a.size == 100);
    CHECK(heap.held == 0 && heap.growths == 10 && stats.growths == 10 && events == 10);
    CHECK(stats.in_place == 10 && stats.elements_copied == 0 && a.capacity == 100);
    CHECK(unlink(path) == 0);
    CHECK(dynarray_flush(&a, &why) == DYNARRAY_FILE && strstr(why.message, "removed") != NULL);
    CHECK(strcmp(dynarray_why(&a)->message, why.message) == 0);
    CHECK(dynarray_close(&a, NULL) == DYNARRAY_FILE && a.data == NULL);
    return 0;
}

/* Each growth is some system calls: there are no more of them than the default policy asks for. */
static int grows_by_default(void) {
    dynarray a;
    dynarray_failure why;
    dynarray_stats stats = {0};
    dynarray_setup setup = {0};
    dynarray_heap heap;
    size_t capacity = 0, growths = 0;
    dynarray_heap_init(&heap, NULL, NULL, DYNARRAY_HEAP_PAGES);
    setup.heap = &heap;
    setup.stats = &stats;
    CHECK(dynarray_open(&a, path, DYNARRAY_INT64, DYNARRAY_MODE_WRITE, &setup, &why) ==
          DYNARRAY_OK);
    while (a.size < 600000) { /* more than a huge page */
        CHECK(dynarray_append_int64(&a, 1) == DYNARRAY_OK);
        CHECK(a.capacity == capacity || capacity == 0 || a.capacity == 2 * capacity);
        growths += a.capacity != capacity;
        capacity = a.capacity;
    }
    CHECK(stats.growths == growths);
    CHECK(dynarray_close(&a, &why) == DYNARRAY_OK);
    return 0;
}

static int outlives(void) {
    dynarray a;
    dynarray_failure why;
    for (int with_appender = 0; with_appender <= 1; with_appender++)
        for (int commits = 0; commits <= 1; commits++) {
            CHECK(appended_by_child(commits, with_appender));
            CHECK(open_as(&a, DYNARRAY_INT32, DYNARRAY_MODE_APPEND, &why) == DYNARRAY_OK);
            CHECK(a.size == (commits ? 500 : 0));
            for (size_t i = 0; i < a.size; i++) CHECK(dynarray_data_int32(&a)[i] == (int32_t)i);
            dynarray_free(&a);
        }
    return 0;
}

/* Leaves words on the stack that the next function finds in its variables, unless it sets them. */
__attribute__((noinline)) static void scribble(int byte) {
    volatile unsigned char stack[1 << 14];
    for (size_t i = 0; i < sizeof stack; i++) stack[i] = (unsigned char)byte;
}

/* A reader asks for the address space that its file takes: no less, which would be that of other mappings, and no more. */
static int reads_in_little_space(void) {
    const pid_t child = fork();
    int status = 1;
    if (child == 0) {
        const struct rlimit limit = {(rlim_t)1 << 46, (rlim_t)1 << 46}; /* ASan takes much */
        const size_t bytes = 1 << 16;
        if (setrlimit(RLIMIT_DATA, &limit) != 0) _exit(2);
        for (int i = 0; i < 3; i++) {
            dynarray a;
            dynarray_failure why;
            unsigned char *other =
                mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
            if (other == MAP_FAILED) _exit(3);
            memset(other, 7, bytes);
            scribble(i == 0 ? 0xff : i == 1 ? 0x7f : 0);
            if (open_as(&a, DYNARRAY_INT32, DYNARRAY_MODE_READ, &why) != DYNARRAY_OK) _exit(4);
            if (a.size != 500 || dynarray_data_int32(&a)[499] != 499) _exit(5);
            for (size_t k = 0; k < bytes; k++)
                if (other[k] != 7) _exit(6);
            dynarray_free(&a);
        }
        _exit(0);
    }
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(status == 0);
    return 0;
}

/* The second array gets no lock on a network that loses locks; here it begins as one that has its own. */
static int two_write(void) {
    dynarray a;
    dynarray_failure why;
    const uint64_t owner = 12345;
    uint64_t mark[16];
    struct stat status;
    const int file = open(path, O_RDWR);
    CHECK(file >= 0);
    CHECK(open_as(&a, DYNARRAY_INT32, DYNARRAY_MODE_APPEND, &why) == DYNARRAY_OK);
    CHECK(dynarray_reserve(&a, 5000) == DYNARRAY_OK && fstat(file, &status) == 0);
    CHECK(pwrite(file, &owner, sizeof owner, status.st_size - 128 + 40) == sizeof owner);
    CHECK(dynarray_append_int32(&a, 1) == DYNARRAY_OK);
    dynarray_commit(&a);
    CHECK(a.capacity >= 5000); /* a host may have counted on the room */
    CHECK(pread(file, mark, sizeof mark, status.st_size - 128) == sizeof mark);
    CHECK(mark[2] == a.size - 1 && mark[5] == owner);
    CHECK(dynarray_append_int32(&a, 2) == DYNARRAY_OK); /* not in the file */
    dynarray_commit(&a);
    CHECK(pread(file, mark, sizeof mark, status.st_size - 128) == sizeof mark);
    CHECK(mark[2] == a.size - 2 && mark[5] == owner);
    CHECK(dynarray_reserve(&a, 10000) == DYNARRAY_FILE);
    CHECK(strstr(dynarray_why(&a)->message, "changed by somebody else") != NULL);
    CHECK(dynarray_close(&a, &why) == DYNARRAY_FILE && close(file) == 0);
    CHECK(open_as(&a, DYNARRAY_INT32, DYNARRAY_MODE_APPEND, &why) == DYNARRAY_OK);
    CHECK(a.size == mark[2] && dynarray_close(&a, &why) == DYNARRAY_OK);
    return 0;
}

static int forks(void) {
    dynarray a, b;
    dynarray_failure why;
    /* in a fork, the file is the parent's */
    CHECK(open_as(&a, DYNARRAY_INT32, DYNARRAY_MODE_APPEND, &why) == DYNARRAY_OK);
    if (fork() == 0) {
        const int left_alone = dynarray_flush(&a, &why) == DYNARRAY_FILE &&
                               dynarray_reserve(&a, 100000) == DYNARRAY_FILE &&
                               dynarray_close(&a, &why) == DYNARRAY_FILE;
        exit(left_alone ? 0 : 1);
    } else {
        int status = 1;
        wait(&status);
        CHECK(status == 0);
    }
    CHECK(open_as(&b, DYNARRAY_INT32, DYNARRAY_MODE_APPEND, &why) ==
          DYNARRAY_FILE); /* locked still */
    CHECK(dynarray_append_int32(&a, 1) == DYNARRAY_OK && a.size == 501);
    CHECK(dynarray_close(&a, &why) == DYNARRAY_OK);
    CHECK(open_as(&a, DYNARRAY_INT32, DYNARRAY_MODE_READ, &why) == DYNARRAY_OK && a.size == 501);
    dynarray_free(&a);
    return 0;
}

/* NOLINTEND(readability-function-cognitive-complexity) */

int main(int argc, char **argv) {
    if (argc != 2) return 2;
    path = argv[1];
    if (opens() != 0 || grows() != 0 || grows_by_default() != 0 || outlives() != 0 ||
        reads_in_little_space() != 0 || two_write() != 0 || forks() != 0)
        return 1;
    puts("done");
    return 0;
}
