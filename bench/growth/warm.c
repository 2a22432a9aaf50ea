/*
** warm.c: touches that many bytes and gives them back, so that a machine which lends free memory to
** its host has it again before an arm is measured.
*/
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/mman.h>

int main(int argc, char **argv) {
    size_t bytes = argc > 1 ? (size_t)strtod(argv[1], NULL) : 0, i;
    volatile char *memory =
        mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return 0;
#ifdef MADV_HUGEPAGE
    madvise((void *)memory, bytes, MADV_HUGEPAGE);
#endif
    for (i = 0; i < bytes; i += 4096) memory[i] = 1;
    return 0;
}
