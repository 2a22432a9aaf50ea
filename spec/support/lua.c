/*
 * A small lua5.4, to be compiled with sanitizers and linked with the system's liblua: a sanitized
 * module cannot be loaded into a program that is not. Usage: lua [-e chunk] ... [script [args]]
 */
#define _POSIX_C_SOURCE 200809L /* sigaction */

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

/* Taken instead of libc's: modules stay mapped when the state closes, so that reports have names. */
__attribute__((visibility("default"))) int dlclose(void *handle);
int dlclose(void *handle) {
    (void)handle;
    return 0;
}

static int traceback(lua_State *L) {
    luaL_traceback(L, L, luaL_tolstring(L, 1, NULL), 1);
    return 1;
}

/* Ctrl-C raises an error, as in lua5.4: from a hook, since the handler may not. */
static lua_State *interrupted_state;

static void stop(lua_State *L, lua_Debug *ar) {
    (void)ar;
    lua_sethook(L, NULL, 0, 0);
    luaL_error(L, "interrupted!");
}

static void interrupt(int signal_number) {
    signal(signal_number, SIG_DFL);
    lua_sethook(interrupted_state, stop, LUA_MASKCALL | LUA_MASKRET | LUA_MASKLINE | LUA_MASKCOUNT,
                1);
}

static int run(lua_State *L) {
    int argc = (int)lua_tointeger(L, 1);
    char **argv = lua_touserdata(L, 2);
    int script = 1;
    luaL_openlibs(L);
    lua_gc(L, LUA_GCGEN, 0, 0); /* as lua5.4 does */
    while (script + 1 < argc && strcmp(argv[script], "-e") == 0) script += 2;
    lua_createtable(L, argc, 1);
    for (int i = 0; i < argc; i++) {
        lua_pushstring(L, argv[i]);
        lua_rawseti(L, -2, i - script);
    }
    lua_setglobal(L, "arg");
    for (int i = 2; i < script; i += 2) {
        if (luaL_loadstring(L, argv[i]) != LUA_OK) return lua_error(L);
        lua_call(L, 0, 0);
    }
    if (script < argc) {
        int base = lua_gettop(L);
        if (luaL_loadfile(L, argv[script]) != LUA_OK) return lua_error(L);
        luaL_checkstack(L, argc, "too many arguments");
        for (int i = script + 1; i < argc; i++) lua_pushstring(L, argv[i]);
        lua_call(L, lua_gettop(L) - base - 1, 0);
    }
    return 0;
}

int main(int argc, char **argv) {
    lua_State *L = luaL_newstate();
    struct sigaction action = {0};
    int status;
    if (L == NULL) return 1;
    interrupted_state = L;
    action.sa_handler = interrupt;
    sigaction(SIGINT, &action, NULL);
    lua_pushcfunction(L, traceback);
    lua_pushcfunction(L, run);
    lua_pushinteger(L, argc);
    lua_pushlightuserdata(L, argv);
    status = lua_pcall(L, 2, 0, 1);
    if (status != LUA_OK) fprintf(stderr, "lua: %s\n", lua_tostring(L, -1));
    lua_close(L);
    return status != LUA_OK;
}
