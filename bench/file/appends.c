/*
** appends.c: N appends of int64 in C: appends ARM N PATH. Prints ns an append: processor time, and then the time by
** the clock until everything is on the disk. The arm "write" is write(2) of CHUNK elements at a time: the floor of every
** way that goes through a file descriptor.
*/
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "dynarray.h"

static double clock_of(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static double start, started;

static void begin(void) {
    started = clock_of(CLOCK_MONOTONIC);
    start = clock_of(CLOCK_PROCESS_CPUTIME_ID);
}

static void end(double appended, size_t n) {
    printf("%.3f %.3f\n", (appended - start) / (double)n,
           (clock_of(CLOCK_MONOTONIC) - started) / (double)n);
}

static int fail(const char *what) {
    perror(what);
    return 1;
}

static int array(int in_file, int with_appender, size_t n, const char *path) {
    dynarray a;
    dynarray_failure why;
    double appended;
    dynarray_init(&a, DYNARRAY_INT64, NULL);
    if (in_file && dynarray_open(&a, path, DYNARRAY_INT64, DYNARRAY_MODE_WRITE, NULL, &why) != 0)
        return fail(why.message);
    begin();
    if (with_appender) {
        dynarray_appender_int64 w = dynarray_appender_begin_int64(&a);
        for (size_t i = 0; i < n; i++)
            if (dynarray_appender_push_int64(&w, (int64_t)i) != DYNARRAY_OK) return fail("push");
        dynarray_appender_end_int64(&w);
    } else {
        for (size_t i = 0; i < n; i++)
            if (dynarray_append_int64(&a, (int64_t)i) != DYNARRAY_OK) return fail("append");
    }
    dynarray_commit(&a);
    appended = clock_of(CLOCK_PROCESS_CPUTIME_ID);
    if (dynarray_close(&a, &why) != DYNARRAY_OK) return fail(why.message);
    end(appended, n);
    return 0;
}

static int stream(size_t n, const char *path) {
    FILE *f = fopen(path, "wb");
    double appended;
    if (f == NULL) return fail(path);
    begin();
    for (size_t i = 0; i < n; i++) {
        const int64_t x = (int64_t)i;
        if (fwrite(&x, sizeof x, 1, f) != 1) return fail("fwrite");
    }
    fflush(f);
    appended = clock_of(CLOCK_PROCESS_CPUTIME_ID);
    if (fsync(fileno(f)) != 0 || fclose(f) != 0) return fail("fclose");
    end(appended, n);
    return 0;
}

#define CHUNK 1000

static int bare(size_t n, const char *path) {
    static int64_t chunk[CHUNK];
    const int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    double appended;
    if (file < 0) return fail(path);
    begin();
    for (size_t i = 0; i < n / CHUNK; i++)
        if (write(file, chunk, sizeof chunk) != (ssize_t)sizeof chunk) return fail("write");
    appended = clock_of(CLOCK_PROCESS_CPUTIME_ID);
    if (close(file) != 0) return fail("close");
    end(appended, n);
    return 0;
}

int main(int argc, char **argv) {
    const size_t n = argc == 4 ? (size_t)strtoull(argv[2], NULL, 10) : 0;
    if (n == 0) return 2;
    if (strcmp(argv[1], "fwrite") == 0) return stream(n, argv[3]);
    if (strcmp(argv[1], "write") == 0) return bare(n, argv[3]);
    return array(strncmp(argv[1], "file", 4) == 0, strstr(argv[1], "appender") != NULL, n, argv[3]);
}
