/* A library that stands before libc: each pread waits first, so that files change while they are looked at. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <sys/types.h>
#include <time.h>

ssize_t pread(int descriptor, void *data, size_t n, off_t at) {
    static ssize_t (*next)(int, void *, size_t, off_t);
    const struct timespec wait = {0, 1000000};
    if (next == NULL) *(void **)&next = dlsym(RTLD_NEXT, "pread");
    nanosleep(&wait, NULL);
    return next(descriptor, data, n, at);
}
