/*
** calls.c: a library to preload: the system's calls for files, each of which can be refused, or be the last that a
** process makes. It stands before libc's, as the module calls them (with offsets of 64 bits), and is also a Lua
** module.
*/
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lauxlib.h"
#include "lua.h"

static struct {
    int watched;         /* calls count */
    int nameless;        /* files without a name are refused, which is no call that counts */
    lua_Integer calls;   /* so far */
    lua_Integer refused; /* the number of the call that is, 0: none */
    int error;           /* 0: the process is killed */
} state;

/* Counts the call; whether it is refused. */
static int is_refused(void) {
    if (!state.watched || ++state.calls != state.refused) return 0;
    if (state.error == 0) kill(getpid(), SIGKILL);
    errno = state.error;
    return 1;
}

/* The names of libc's own parameters are reserved. */
/* NOLINTBEGIN(readability-inconsistent-declaration-parameter-name) */

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
    return is_refused() ? -1 : (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

ssize_t write(int descriptor, const void *data, size_t bytes) {
    return is_refused() ? -1 : syscall(SYS_write, descriptor, data, bytes);
}

int fsync(int descriptor) { return is_refused() ? -1 : (int)syscall(SYS_fsync, descriptor); }

int fchmod(int descriptor, mode_t mode) {
    return is_refused() ? -1 : (int)syscall(SYS_fchmod, descriptor, mode);
}

int fchown(int descriptor, uid_t owner, gid_t group) {
    return is_refused() ? -1 : (int)syscall(SYS_fchown, descriptor, owner, group);
}

int fstat64(int descriptor, struct stat64 *status) {
    return is_refused() ? -1 : (int)syscall(SYS_newfstatat, descriptor, "", status, AT_EMPTY_PATH);
}

/* What follows symbolic links. */
int stat64(const char *path, struct stat64 *status) {
    return is_refused() ? -1 : (int)syscall(SYS_newfstatat, AT_FDCWD, path, status, 0);
}

int linkat(int from, const char *old, int to, const char *name, int flags) {
    return is_refused() ? -1 : (int)syscall(SYS_linkat, from, old, to, name, flags);
}

int rename(const char *from, const char *to) {
    return is_refused() ? -1 : (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int fallocate64(int descriptor, int mode, off64_t offset, off64_t bytes) {
    return is_refused() ? -1 : (int)syscall(SYS_fallocate, descriptor, mode, offset, bytes);
}

int close(int descriptor) { return is_refused() ? -1 : (int)syscall(SYS_close, descriptor); }

/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */

/* watch(number, error): from now on the call of that number fails with the error; 0 kills the process */
static int watch(lua_State *L) {
    state.refused = luaL_checkinteger(L, 1);
    state.error = (int)luaL_checkinteger(L, 2);
    state.calls = 0;
    state.watched = 1;
    return 0;
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

int luaopen_calls(lua_State *L);
int luaopen_calls(lua_State *L) {
    static const luaL_Reg functions[] = {
        {"watch", watch}, {"stop", stop}, {"nameless", nameless}, {NULL, NULL}};
    luaL_newlib(L, functions);
    return 1;
}
