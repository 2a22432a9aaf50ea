/*
** checks.h: programs of checks, each with a name. Without an argument such a program lists the names, with one it runs
** that check. A check that fails says where, and ends the program.
*/
#ifndef CHECKS_H
#define CHECKS_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(condition) check(condition, #condition, __FILE__, __LINE__)

static inline void check(bool holds, const char *condition, const char *file, int line) {
    if (holds) return;
    printf("%s:%d: %s\n", file, line, condition);
    exit(1);
}

typedef struct named_check {
    const char *name;
    void (*run)(void);
} named_check;

/* What main returns. */
static inline int run_checks(int argc, char **argv, const named_check *checks, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (argc < 2)
            printf("%s\n", checks[i].name);
        else if (strcmp(argv[1], checks[i].name) == 0) {
            checks[i].run();
            return 0;
        }
    }
    return argc < 2 ? 0 : 2;
}

#endif
