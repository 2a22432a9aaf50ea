/*
** calls.c: a library to preload: the system's calls for files. Each can be refused, be the last that a process makes, or
** come after something that somebody else does meanwhile. It stands before libc's, as the module calls them (with
** offsets of 64 bits), and is also a Lua module.
*/
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "lauxlib.h"
#include "lua.h"

/* glibc gives the first parameters of getrlimit and getrusage types of their own. */
#if defined(__GLIBC__)
typedef __rlimit_resource_t limit_kind;
typedef __rusage_who_t usage_of;
#else
typedef int limit_kind, usage_of;
#endif

/* The last ones only clean up: they are watched where their names are given. */
#define CALLS(CALL)                                                                                \
    CALL(open64)                                                                                   \
    CALL(read)                                                                                     \
    CALL(pread64)                                                                                  \
    CALL(write)                                                                                    \
    CALL(pwrite64)                                                                                 \
    CALL(fsync)                                                                                    \
    CALL(fdatasync)                                                                                \
    CALL(msync)                                                                                    \
    CALL(fchmod)                                                                                   \
    CALL(fchown)                                                                                   \
    CALL(fstat64)                                                                                  \
    CALL(stat64)                                                                                   \
    CALL(lstat64)                                                                                  \
    CALL(realpath)                                                                                 \
    CALL(linkat)                                                                                   \
    CALL(rename)                                                                                   \
    CALL(fallocate64)                                                                              \
    CALL(ftruncate64)                                                                              \
    CALL(lseek64)                                                                                  \
    CALL(flock)                                                                                    \
    CALL(fcntl64)                                                                                  \
    CALL(getxattr)                                                                                 \
    CALL(fsetxattr)                                                                                \
    CALL(fremovexattr)                                                                             \
    CALL(getrlimit64)                                                                              \
    CALL(getrandom)                                                                                \
    CALL(mmap64)                                                                                   \
    CALL(mprotect)                                                                                 \
    CALL(close)                                                                                    \
    CALL(unlink)                                                                                   \
    CALL(munmap)                                                                                   \
    CALL(getrusage)                                                                                \
    CALL(fstatvfs64)

enum {
#define NUMBER(name) CALL_##name,
    CALLS(NUMBER)
#undef NUMBER
        KINDS
};
static const char *const names[] = {
#define NAME(name) #name,
    CALLS(NAME)
#undef NAME
};
#define USUAL (((uint64_t)1 << CALL_unlink) - 1)

static struct {
    int watched;             /* calls count */
    int nameless;            /* files without a name are refused, which is no call that counts */
    int unreserved;          /* no room is reserved: as on file systems that cannot do that */
    int small_pages;         /* files have no huge pages: as on a disk */
    uint64_t kinds;          /* a bit for each kind that counts */
    lua_Integer calls;       /* so far */
    lua_Integer first, last; /* the calls that are refused, counted from 1 */
    int error;               /* 0: the process is killed */
    char meanwhile
        [1024]; /* what the shell does before such a call, instead of refusing it; "": nothing */
} state;

/* Counts the call; whether it is refused. */
static int is_refused(int kind) {
    if (!state.watched || !(state.kinds >> kind & 1)) return 0;
    state.calls++;
    if (state.calls < state.first || state.calls > state.last) return 0;
    if (state.meanwhile[0] != '\0') {
        const int before = errno;
        state.watched = 0;
        if (system(state.meanwhile) != 0) abort(); /* NOLINT(cert-env33-c): what the spec says */
        state.watched = 1;
        errno = before;
        return 0;
    }
    if (state.error == 0) kill(getpid(), SIGKILL);
    errno = state.error;
    return 1;
}

/* The names of libc's own parameters are reserved. */
/* NOLINTBEGIN(readability-inconsistent-declaration-parameter-name) */

#define CALL(kind, ...) is_refused(CALL_##kind) ? -1 : syscall(__VA_ARGS__)

int open64(const char *path, int flags, ...) {
    va_list arguments;
    unsigned mode = 0;
    va_start(arguments, flags);
    if (flags & (O_CREAT | O_TMPFILE)) mode = va_arg(arguments, unsigned);
    va_end(arguments);
    if (state.nameless && (flags & O_TMPFILE) == O_TMPFILE) {
        errno = EOPNOTSUPP;
        return -1;
    }
    return (int)(CALL(open64, SYS_openat, AT_FDCWD, path, flags, mode));
}

ssize_t read(int descriptor, void *data, size_t bytes) {
    return CALL(read, SYS_read, descriptor, data, bytes);
}

ssize_t pread64(int descriptor, void *data, size_t bytes, off64_t offset) {
    return CALL(pread64, SYS_pread64, descriptor, data, bytes, offset);
}

ssize_t write(int descriptor, const void *data, size_t bytes) {
    return CALL(write, SYS_write, descriptor, data, bytes);
}

ssize_t pwrite64(int descriptor, const void *data, size_t bytes, off64_t offset) {
    return CALL(pwrite64, SYS_pwrite64, descriptor, data, bytes, offset);
}

int fsync(int descriptor) { return (int)(CALL(fsync, SYS_fsync, descriptor)); }

int fdatasync(int descriptor) { return (int)(CALL(fdatasync, SYS_fdatasync, descriptor)); }

int msync(void *data, size_t bytes, int flags) {
    return (int)(CALL(msync, SYS_msync, data, bytes, flags));
}

int fchmod(int descriptor, mode_t mode) {
    return (int)(CALL(fchmod, SYS_fchmod, descriptor, mode));
}

int fchown(int descriptor, uid_t owner, gid_t group) {
    return (int)(CALL(fchown, SYS_fchown, descriptor, owner, group));
}

int fstat64(int descriptor, struct stat64 *status) {
    return (int)(CALL(fstat64, SYS_newfstatat, descriptor, "", status, AT_EMPTY_PATH));
}

/* What follows symbolic links. */
int stat64(const char *path, struct stat64 *status) {
    return (int)(CALL(stat64, SYS_newfstatat, AT_FDCWD, path, status, 0));
}

int lstat64(const char *path, struct stat64 *status) {
    return (int)(CALL(lstat64, SYS_newfstatat, AT_FDCWD, path, status, AT_SYMLINK_NOFOLLOW));
}

char *realpath(const char *path, char *resolved) {
    static char *(*real)(const char *, char *);
    if (real == NULL) *(void **)&real = dlsym(RTLD_NEXT, "realpath");
    return is_refused(CALL_realpath) ? NULL : real(path, resolved);
}

int linkat(int from, const char *old, int to, const char *name, int flags) {
    return (int)(CALL(linkat, SYS_linkat, from, old, to, name, flags));
}

int rename(const char *from, const char *to) {
    return (int)(CALL(rename, SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0));
}

int fallocate64(int descriptor, int mode, off64_t offset, off64_t bytes) {
    if (state.unreserved) {
        errno = EOPNOTSUPP;
        return -1;
    }
    return (int)(CALL(fallocate64, SYS_fallocate, descriptor, mode, offset, bytes));
}

int ftruncate64(int descriptor, off64_t bytes) {
    return (int)(CALL(ftruncate64, SYS_ftruncate, descriptor, bytes));
}

off64_t lseek64(int descriptor, off64_t offset, int from) {
    return CALL(lseek64, SYS_lseek, descriptor, offset, from);
}

int flock(int descriptor, int operation) {
    return (int)(CALL(flock, SYS_flock, descriptor, operation));
}

/* With a pointer, as for locks. */
int fcntl64(int descriptor, int command, ...) {
    va_list arguments;
    void *argument;
    va_start(arguments, command);
    argument = va_arg(arguments, void *);
    va_end(arguments);
    return (int)(CALL(fcntl64, SYS_fcntl, descriptor, command, argument));
}

ssize_t getxattr(const char *path, const char *name, void *value, size_t bytes) {
    return CALL(getxattr, SYS_getxattr, path, name, value, bytes);
}

int fsetxattr(int descriptor, const char *name, const void *value, size_t bytes, int flags) {
    return (int)(CALL(fsetxattr, SYS_fsetxattr, descriptor, name, value, bytes, flags));
}

int fremovexattr(int descriptor, const char *name) {
    return (int)(CALL(fremovexattr, SYS_fremovexattr, descriptor, name));
}

int getrlimit64(limit_kind kind, struct rlimit64 *limit) {
    return (int)(CALL(getrlimit64, SYS_prlimit64, 0, (int)kind, NULL, limit));
}

ssize_t getrandom(void *data, size_t bytes, unsigned flags) {
    return CALL(getrandom, SYS_getrandom, data, bytes, flags);
}

void *mmap64(void *place, size_t bytes, int protection, int flags, int file, off64_t offset) {
    if (is_refused(CALL_mmap64)) return MAP_FAILED;
    return (void *)syscall(SYS_mmap, place, bytes, protection, flags, file, offset);
}

int mprotect(void *data, size_t bytes, int protection) {
    return (int)(CALL(mprotect, SYS_mprotect, data, bytes, protection));
}

int close(int descriptor) { return (int)(CALL(close, SYS_close, descriptor)); }

int unlink(const char *path) { return (int)(CALL(unlink, SYS_unlink, path)); }

int getrusage(usage_of who, struct rusage *usage) {
    return (int)(CALL(getrusage, SYS_getrusage, (int)who, usage));
}

/* With ENODATA, the file system tells no number of blocks, with ETIME no size of one, and with ENOSR that none are free. */
int fstatvfs64(int descriptor, struct statvfs64 *status) {
    static int (*real)(int, struct statvfs64 *);
    const int refused = is_refused(CALL_fstatvfs64), code = errno;
    if (real == NULL) *(void **)&real = dlsym(RTLD_NEXT, "fstatvfs64");
    if (refused && code != ENODATA && code != ETIME && code != ENOSR) return -1;
    if (real(descriptor, status) != 0) return -1;
    if (refused && code == ENODATA) status->f_blocks = 0;
    if (refused && code == ETIME) status->f_frsize = 0;
    if (refused && code == ENOSR) status->f_bfree = status->f_bavail = 0;
    return 0;
}

int fstatfs64(int descriptor, struct statfs64 *status) {
    static int (*real)(int, struct statfs64 *);
    if (real == NULL) *(void **)&real = dlsym(RTLD_NEXT, "fstatfs64");
    if (!state.small_pages) return real(descriptor, status);
    errno = ENOSYS;
    return -1;
}

int munmap(void *data, size_t bytes) { return (int)(CALL(munmap, SYS_munmap, data, bytes)); }

/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */

/* From now on, those calls of these kinds, given as words, count. */
static int watch_from(lua_State *L, int last, int kinds) {
    const char *words = luaL_optstring(L, kinds, "");
    state.first = luaL_checkinteger(L, 1);
    state.last = luaL_optinteger(L, last, state.first);
    state.kinds = words[0] == '\0' ? USUAL : 0;
    for (int kind = 0; kind < KINDS; kind++) {
        const size_t length = strlen(names[kind]);
        for (const char *s = words; (s = strstr(s, names[kind])) != NULL; s += length)
            if ((s == words || s[-1] == ' ') && (s[length] == ' ' || s[length] == '\0'))
                state.kinds |= (uint64_t)1 << kind;
    }
    if (state.kinds == 0) return luaL_error(L, "no such calls: %s", words);
    state.calls = 0;
    state.watched = 1;
    return 0;
}

/* watch(first, error [, last [, kinds]]): from now on these calls fail with the error; 0 kills the process */
static int watch(lua_State *L) {
    state.error = (int)luaL_checkinteger(L, 2);
    state.meanwhile[0] = '\0';
    return watch_from(L, 3, 4);
}

/* meanwhile(number, command, kinds [, last]): before these calls, the shell does that */
static int meanwhile(lua_State *L) {
    const int length =
        snprintf(state.meanwhile, sizeof state.meanwhile, "%s", luaL_checkstring(L, 2));
    luaL_argcheck(L, length > 0 && (size_t)length < sizeof state.meanwhile, 2, "length");
    return watch_from(L, 4, 3);
}

/* stop() -> how many calls there were */
static int stop(lua_State *L) {
    state.watched = 0;
    lua_pushinteger(L, state.calls);
    return 1;
}

/* nameless(b): whether files without a name are refused */
static int nameless(lua_State *L) {
    state.nameless = lua_toboolean(L, 1);
    return 0;
}

/* unreserved(b): whether file systems reserve no room */
static int unreserved(lua_State *L) {
    state.unreserved = lua_toboolean(L, 1);
    return 0;
}

/* small_pages(b): whether files have no huge pages */
static int small_pages(lua_State *L) {
    state.small_pages = lua_toboolean(L, 1);
    return 0;
}

/* setxattr(path, name, value) -> whether the file has the attribute now */
static int set_attribute(lua_State *L) {
    size_t bytes;
    const char *value = luaL_checklstring(L, 3, &bytes);
    lua_pushboolean(L,
                    setxattr(luaL_checkstring(L, 1), luaL_checkstring(L, 2), value, bytes, 0) == 0);
    return 1;
}

int luaopen_calls(lua_State *L);
int luaopen_calls(lua_State *L) {
    static const luaL_Reg functions[] = {{"watch", watch},
                                         {"meanwhile", meanwhile},
                                         {"stop", stop},
                                         {"nameless", nameless},
                                         {"unreserved", unreserved},
                                         {"small_pages", small_pages},
                                         {"setxattr", set_attribute},
                                         {NULL, NULL}};
    luaL_newlib(L, functions);
    return 1;
}
