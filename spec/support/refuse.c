/*
** A library to preload: mappings that the system refuses, at will. It stands before libc's mmap, mremap,
** munmap and madvise, as the module calls them (malloc's own calls are not seen), and is also a Lua
** module by which a script says what is refused.
*/
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "lauxlib.h"
#include "lua.h"

#define ADVICE_COLLAPSE 25 /* MADV_COLLAPSE, which older headers lack */

/* What can be refused. Mappings without MAP_NORESERVE only try something out; advice by its kind. */
enum { MMAP, PROBE, MREMAP, MUNMAP, HUGEPAGE, DONTNEED, COLLAPSE, COLLAPSIBLE, KINDS };
static const char *const names[] = {"mmap",     "probe",    "mremap",      "munmap", "hugepage",
                                    "dontneed", "collapse", "collapsible", NULL};

static struct {
    size_t calls, first, last; /* calls are refused from first to last, counted from 1 */
} kinds[KINDS];
static size_t largest; /* bytes of the largest mapping asked for */
static int strict;     /* /proc says that every mapping counts as memory in use */
static int steals;     /* a refused mremap leaves its place to somebody else, who maps it at once */
static char *stolen;   /* such a mapping: one page with "somebody else's" in it */
static const char their_text[] = "somebody else's";
static char hidden[64]; /* the path of a file that cannot be opened */
static int64_t later;   /* nanoseconds that the clock is ahead */
static size_t
    no_block; /* new blocks of the allocator of so many bytes or more are refused; 0: none */
static struct {
    int64_t *place, value; /* at the next look at the clock, somebody else writes the value there */
} written;

static int is_refused(int kind, int error) {
    const size_t call = ++kinds[kind].calls;
    if (call < kinds[kind].first || call > kinds[kind].last) return 0;
    errno = error;
    return 1;
}

/* As the system does: it unmaps the place first. Then another thread is faster. */
static void steal(void *place, size_t bytes) {
    syscall(SYS_munmap, place, bytes);
    stolen = (char *)syscall(SYS_mmap, place, bytes, PROT_READ | PROT_WRITE,
                             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
    memcpy(stolen, their_text, sizeof their_text);
}

/* The names of libc's own parameters are reserved. */
/* NOLINTBEGIN(readability-inconsistent-declaration-parameter-name) */

void *mmap(void *place, size_t bytes, int protection, int flags, int file, off_t offset) {
    if (bytes > largest) largest = bytes;
    if (is_refused(flags & MAP_NORESERVE ? MMAP : PROBE, ENOMEM)) return MAP_FAILED;
    return (void *)syscall(SYS_mmap, place, bytes, protection, flags, file, offset);
}

void *mremap(void *old, size_t old_bytes, size_t bytes, int flags, ...) {
    va_list arguments;
    void *place = NULL;
    va_start(arguments, flags);
    if (flags & MREMAP_FIXED) place = va_arg(arguments, void *);
    va_end(arguments);
    if (is_refused(MREMAP, ENOMEM)) {
        if (steals && place != NULL) steal(place, bytes);
        errno = ENOMEM;
        return MAP_FAILED;
    }
    return (void *)syscall(SYS_mremap, old, old_bytes, bytes, flags, place);
}

/* As the system does once a process has too many mappings: a part cannot be cut out. */
int munmap(void *data, size_t bytes) {
    return is_refused(MUNMAP, ENOMEM) ? -1 : (int)syscall(SYS_munmap, data, bytes);
}

int madvise(void *data, size_t bytes, int advice) {
    if (advice == MADV_HUGEPAGE && is_refused(HUGEPAGE, EINVAL)) return -1;
    /* advice for no bytes only asks whether the system knows it */
    if (advice == ADVICE_COLLAPSE && is_refused(bytes > 0 ? COLLAPSE : COLLAPSIBLE, EINVAL))
        return -1;
    if (advice == MADV_DONTNEED && is_refused(DONTNEED, EINVAL)) return -1;
    return (int)syscall(SYS_madvise, data, bytes, advice);
}

/* While `strict` is set, a pipe in the place of a file. */
int open(const char *path, int flags, ...) {
    va_list arguments;
    unsigned mode = 0;
    int ends[2];
    va_start(arguments, flags);
    if (flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE) mode = va_arg(arguments, unsigned);
    va_end(arguments);
    if (strcmp(path, hidden) == 0) {
        errno = EACCES;
        return -1;
    }
    if (!strict || strcmp(path, "/proc/sys/vm/overcommit_memory") != 0)
        return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
    if (pipe(ends) != 0) return -1;
    (void)!write(ends[1], "2\n", 2);
    close(ends[1]);
    return ends[0];
}

int clock_gettime(clockid_t clock, struct timespec *time) {
    if (written.place != NULL) *written.place = written.value;
    written.place = NULL;
    if (syscall(SYS_clock_gettime, clock, time) != 0) return -1;
    time->tv_sec += later / 1000000000;
    return 0;
}

void *realloc(void *block, size_t bytes) {
    static void *(*real)(void *block, size_t bytes);
    if (no_block != 0 && block == NULL && bytes >= no_block) {
        errno = ENOMEM;
        return NULL;
    }
    if (real == NULL) {
        void *const symbol = dlsym(RTLD_NEXT, "realloc");
        memcpy(&real, &symbol, sizeof real);
    }
    return real(block, bytes);
}

/* Their names with 64-bit file offsets, which are the same functions here. musl has none but these. */
#if defined(__GLIBC__)
void *mmap64(void *place, size_t bytes, int protection, int flags, int file, off64_t offset)
    __attribute__((alias("mmap")));
int open64(const char *path, int flags, ...) __attribute__((alias("open")));
#endif

/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */

/* set([kind, first, last]): these calls of that kind are refused, none of another; counts begin anew */
static int refuse_set(lua_State *L) {
    memset(kinds, 0, sizeof kinds);
    largest = 0;
    if (!lua_isnoneornil(L, 1)) {
        const int kind = luaL_checkoption(L, 1, NULL, names);
        kinds[kind].first = (size_t)luaL_checkinteger(L, 2);
        kinds[kind].last = (size_t)luaL_checkinteger(L, 3);
    }
    return 0;
}

/* calls(kind): how many there were since set */
static int refuse_calls(lua_State *L) {
    lua_pushinteger(L, (lua_Integer)kinds[luaL_checkoption(L, 1, NULL, names)].calls);
    return 1;
}

static int refuse_largest(lua_State *L) {
    lua_pushinteger(L, (lua_Integer)largest);
    return 1;
}

/* steals(whether): whether a refused mremap has lost its place */
static int refuse_steals(lua_State *L) {
    steals = lua_toboolean(L, 1);
    return 0;
}

/* stolen() -> nil if nothing was stolen; else whether the thief still has it */
static int refuse_stolen(lua_State *L) {
    if (stolen == NULL) return 0;
    lua_pushboolean(L, msync(stolen, 1, MS_ASYNC) == 0 && strcmp(stolen, their_text) == 0);
    return 1;
}

static int refuse_strict(lua_State *L) {
    strict = lua_toboolean(L, 1);
    return 0;
}

/* hide(path) */
static int refuse_hide(lua_State *L) {
    size_t length;
    const char *path = luaL_checklstring(L, 1, &length);
    luaL_argcheck(L, length < sizeof hidden, 1, "longer than any file of /proc");
    memcpy(hidden, path, length + 1);
    return 0;
}

/* no_block(bytes): there is no memory for new blocks of the allocator that have so many bytes or more; 0: for all */
static int refuse_no_block(lua_State *L) {
    no_block = (size_t)luaL_checkinteger(L, 1);
    return 0;
}

/* later(seconds): the clock goes on by that */
static int refuse_later(lua_State *L) {
    later += (int64_t)luaL_checkinteger(L, 1) * 1000000000;
    return 0;
}

/* write(place, integer): somebody writes it there when the clock is looked at next */
static int refuse_write(lua_State *L) {
    written.place = lua_touserdata(L, 1);
    written.value = (int64_t)luaL_checkinteger(L, 2);
    return 0;
}

int luaopen_refuse(lua_State *L) {
    static const luaL_Reg functions[] = {{"set", refuse_set},
                                         {"calls", refuse_calls},
                                         {"largest", refuse_largest},
                                         {"strict", refuse_strict},
                                         {"hide", refuse_hide},
                                         {"steals", refuse_steals},
                                         {"stolen", refuse_stolen},
                                         {"no_block", refuse_no_block},
                                         {"later", refuse_later},
                                         {"write", refuse_write},
                                         {NULL, NULL}};
    luaL_newlib(L, functions);
    return 1;
}
