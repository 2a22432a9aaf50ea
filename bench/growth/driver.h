/*
** driver.h: the program of every arm. Only the container differs, which defines the following and then
** includes this file:
**
**   ARRAY               its type
**   CREATE(a, n)        an empty array; n, the final size, is for `presized` alone
**   APPEND(a, x)        one int64_t, at the end
**   DESTROY(a)
**   BEGIN(a), END(a)    optional: around a loop that does nothing but append
**   SIZE(a), AT(a, i)   optional, for `sum`: size and elements as a user would read them
**
** or, with ARM_EXTERN, elsewhere the functions arm_* below.
**
** Usage: program append N | cold N | sum N | latency N | many COUNT N | again COUNT N. Prints one line of
** numbers.
*/
#ifndef DRIVER_H
#define DRIVER_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#ifndef BEGIN
#define BEGIN(a) ((void)0)
#define END(a) ((void)0)
#endif

#define SAMPLE_SECONDS 0.05
#define BATCH_APPENDS 200000 /* appends between two readings of the clock */
#define TICK_SLOTS 65536     /* the last one counts all longer appends */

/* Hides the value from the compiler, which then can neither vectorize nor compute anything in advance. */
#define HIDE(x) __asm__ volatile("" : "+r"(x))
/* Uses the array, so that the compiler leaves nothing out. */
#define KEEP(a) __asm__ volatile("" : : "r"(&(a)) : "memory")

#ifdef __cplusplus
#define EXTERN_C extern "C"
#else
#define EXTERN_C
#endif

EXTERN_C uint64_t arm_tick(void);

/* An array of n elements, created and destroyed. */
EXTERN_C void arm_build(size_t n);

/* The same; calls `look` while the array is there. */
EXTERN_C void arm_build_once(size_t n, void (*look)(void));

/* The same; counts[t]: appends that took t ticks. Returns the longest. */
EXTERN_C uint64_t arm_latency(size_t n, uint32_t *counts);

/* `count` arrays of n elements, alive for good. Returns something that depends on them. */
EXTERN_C int arm_many(size_t count, size_t n);

static double clock_seconds(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* Processor time, with page faults: it depends less on what else the machine does. */
static double seconds(void) { return clock_seconds(CLOCK_PROCESS_CPUTIME_ID); }

/* Wall clock time, in ticks. */
EXTERN_C uint64_t arm_tick(void) {
#if defined(__x86_64__)
    return __builtin_ia32_rdtsc();
#else
    return (uint64_t)(clock_seconds(CLOCK_MONOTONIC) * 1e9);
#endif
}

/* A field of a file in /proc/self that is given in kB. */
static double proc_bytes(const char *path, const char *field) {
    char line[256];
    double kilobytes = 0;
    FILE *file = fopen(path, "r");
    if (file == NULL) return 0;
    while (fgets(line, sizeof line, file) != NULL)
        if (strncmp(line, field, strlen(field)) == 0) {
            kilobytes = strtod(line + strlen(field), NULL);
            break;
        }
    fclose(file);
    return kilobytes * 1024;
}

/* Bytes in memory, exactly (VmRSS of status is off). */
static double resident_bytes(void) { return proc_bytes("/proc/self/smaps_rollup", "Rss:"); }

/* Without code and constants, which come from files as they are needed. */
static double data_bytes(void) { return proc_bytes("/proc/self/smaps_rollup", "Anonymous:"); }

static double faults(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_minflt + usage.ru_majflt);
}

#ifndef ARM_EXTERN

/* 0 to n - 1, appended. */
#define FILL(a, n)                                                                                 \
    do {                                                                                           \
        size_t filled;                                                                             \
        BEGIN(a);                                                                                  \
        for (filled = 0; filled < (n); filled++) {                                                 \
            int64_t x = (int64_t)filled;                                                           \
            HIDE(x);                                                                               \
            APPEND(a, x);                                                                          \
        }                                                                                          \
        END(a);                                                                                    \
    } while (0)

EXTERN_C void arm_build(size_t n) {
    ARRAY a;
    CREATE(a, n);
    FILL(a, n);
    KEEP(a);
    DESTROY(a);
}

EXTERN_C void arm_build_once(size_t n, void (*look)(void)) {
    ARRAY a;
    CREATE(a, n);
    FILL(a, n);
    KEEP(a);
    look();
    DESTROY(a);
}

EXTERN_C uint64_t arm_latency(size_t n, uint32_t *counts) {
    size_t i;
    uint64_t longest = 0, before;
    ARRAY a;
    CREATE(a, n);
    {
        BEGIN(a);
        before = arm_tick();
        for (i = 0; i < n; i++) {
            int64_t x = (int64_t)i;
            uint64_t after, ticks;
            HIDE(x);
            APPEND(a, x);
            after = arm_tick();
            ticks = after - before;
            before = after;
            if (ticks > longest) longest = ticks;
            counts[ticks < TICK_SLOTS ? ticks : TICK_SLOTS - 1]++;
        }
        END(a);
    }
    KEEP(a);
    DESTROY(a);
    return longest;
}

EXTERN_C int arm_many(size_t count, size_t n) {
    size_t i;
    ARRAY *arrays = (ARRAY *)calloc(count, sizeof *arrays);
    if (arrays == NULL) abort();
    for (i = 0; i < count; i++) {
        CREATE(arrays[i], n);
        FILL(arrays[i], n);
    }
    KEEP(arrays);
    return arrays != NULL;
}

#endif

#ifdef AT

/* ns an element of a sum of all */
static void pass_sum(size_t n) {
    double start, elapsed;
    size_t sums = 0;
    ARRAY a;
    CREATE(a, n);
    FILL(a, n);
    start = seconds();
    do {
        size_t i;
        int64_t sum = 0;
        KEEP(a);
        for (i = 0; i < SIZE(a); i++) sum += AT(a, i);
        if (sum != (int64_t)(n * (n - 1) / 2)) abort();
        sums++;
        elapsed = seconds() - start;
    } while (elapsed < SAMPLE_SECONDS);
    DESTROY(a);
    printf("%.4f\n", elapsed / (double)sums / (double)n * 1e9);
}

#endif

/* ns an append, page faults of the first array, peak resident bytes of the first array */
static void pass_append(size_t n) {
    double start, elapsed, first_faults = faults(), peak;
    double resident = resident_bytes();
    size_t built = 0, batch = n < BATCH_APPENDS ? BATCH_APPENDS / n : 1, i;
    start = seconds();
    arm_build(n);
    elapsed = seconds() - start;
    first_faults = faults() - first_faults;
    peak = proc_bytes("/proc/self/status", "VmHWM:") - resident;
    if (n >= 10000000) {
        built = 1;
    } else {
        start = seconds();
        do {
            for (i = 0; i < batch; i++) arm_build(n);
            built += batch;
            elapsed = seconds() - start;
        } while (elapsed < SAMPLE_SECONDS);
    }
    printf("%.4f %.0f %.0f\n", elapsed / (double)built / (double)n * 1e9, first_faults, peak);
}

static double cold_end, cold_faults, cold_resident;

static void look_at_first(void) {
    cold_end = seconds();
    cold_faults = faults();
    cold_resident = data_bytes();
}

/* Of the first array of the process: ns an append, page faults, resident bytes. */
static void pass_cold(size_t n) {
    double start, first_faults, resident;
    look_at_first(); /* what that needs is resident */
    resident = data_bytes();
    first_faults = faults();
    start = seconds();
    arm_build_once(n, look_at_first);
    printf("%.4f %.0f %.0f\n", (cold_end - start) / (double)n * 1e9, cold_faults - first_faults,
           cold_resident - resident);
}

/* longest append and 99.99th percentile, ns */
static void pass_latency(size_t n) {
    static uint32_t counts[TICK_SLOTS];
    double start, tick;
    uint64_t start_tick, longest;
    size_t slot = TICK_SLOTS, above = 0;
    memset(counts, 1, sizeof counts); /* so that it is in memory before the measurement */
    memset(counts, 0, sizeof counts);
    start = clock_seconds(CLOCK_MONOTONIC);
    start_tick = arm_tick();
    longest = arm_latency(n, counts);
    tick = (clock_seconds(CLOCK_MONOTONIC) - start) * 1e9 / (double)(arm_tick() - start_tick);
    while (slot > 0 && above < n / 10000) above += counts[--slot];
    printf("%.0f %.0f\n", (double)longest * tick, (double)slot * tick);
}

/* ns an array, bytes an array */
static void pass_many(size_t count, size_t n) {
    double resident = resident_bytes(), start, elapsed;
    start = seconds();
    if (!arm_many(count, n)) abort();
    elapsed = seconds() - start;
    printf("%.2f %.2f\n", elapsed / (double)count * 1e9,
           (resident_bytes() - resident) / (double)count);
}

/* ns an append, for arrays that are built one after another, without the first */
static void pass_again(size_t count, size_t n) {
    double start;
    size_t i;
    arm_build(n);
    start = seconds();
    for (i = 0; i < count; i++) arm_build(n);
    printf("%.4f\n", (seconds() - start) / (double)count / (double)n * 1e9);
}

int main(int argc, char **argv) {
    size_t n = argc > 2 ? (size_t)strtod(argv[2], NULL) : 0;
    if (argc == 3 && n > 0 && strcmp(argv[1], "append") == 0)
        pass_append(n);
    else if (argc == 3 && n > 0 && strcmp(argv[1], "cold") == 0)
        pass_cold(n);
#ifdef AT
    else if (argc == 3 && n > 0 && strcmp(argv[1], "sum") == 0)
        pass_sum(n);
#endif
    else if (argc == 3 && n > 0 && strcmp(argv[1], "latency") == 0)
        pass_latency(n);
    else if (argc == 4 && n > 0 && strcmp(argv[1], "many") == 0)
        pass_many(n, (size_t)strtod(argv[3], NULL));
    else if (argc == 4 && n > 0 && strcmp(argv[1], "again") == 0)
        pass_again(n, (size_t)strtod(argv[3], NULL));
    else
        return 2;
    return 0;
}

#endif
