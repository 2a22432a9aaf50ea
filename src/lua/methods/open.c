/* open.c: arrays that are files. */
#include "lua/methods/open.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "lua/array/argument.h"
#include "lua/array/file_block.h"
#include "lua/array/path.h"

/* Takes the mode on the top of the stack. */
static dynarray_mode check_mode(lua_State *L, int arg) {
    const char *name = name_at(L, -1);
    if (strcmp(name, "a") == 0) return DYNARRAY_MODE_APPEND;
    if (strcmp(name, "r") == 0) return DYNARRAY_MODE_READ;
    if (strcmp(name, "w") != 0)
        luaL_argerror(L, arg,
                      lua_pushfstring(L, "mode expected a, r or w, got %s", describe(L, -1)));
    return DYNARRAY_MODE_WRITE;
}

/*
** open(path [, type | options]) -> an array whose block is the .npy file, which grows with it; or nil, message, code.
** It has the options of new without block, and mode: "a", the default, reads, writes, grows and makes the file; "r"
** reads, also while another process writes; "w" makes a new file.
*/
static int module_open(lua_State *L) {
    check_most(L, 2);
    const char *path = check_path(L, 1);
    dynarray_mode mode = DYNARRAY_MODE_APPEND;
    dynarray_failure why;
    Options options;
    lua_settop(L, 2);
    options = check_file_options(L, 2);
    if (options.mode != 0) {
        lua_pushvalue(L, options.mode);
        mode = check_mode(L, 2);
    }
    if (!options.has_type) {
        if (options.fill != 0) luaL_argerror(L, 2, "fill needs a type");
        options.type = DYNARRAY_TYPE_COUNT;
    }
    if (file_block_open(L, state_of(L), path, mode, &options, &why) != NULL) return 1;
    if (why.code == ENOENT && mode != DYNARRAY_MODE_READ && !options.has_type)
        snprintf(why.message, sizeof why.message, "%s; a new file needs a type: open(path, type)",
                 strerror(why.code));
    return push_failure(L, path, why.code, why.message);
}

const luaL_Reg open_functions[] = {
    {"open", module_open},
    {NULL, NULL},
};
