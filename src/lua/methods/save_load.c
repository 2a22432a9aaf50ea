/*
** save_load.c: save, load, map, flush: elements as .npy files.
**
** A function that cannot do its work returns nil, a message and the system's error number (nil if the content of the file
** is the reason). Wrong arguments raise errors, and so does a lack of memory.
*/
#include "lua/methods/save_load.h"

#include <string.h>

#include "core/open_file.h"
#include "lua/array/argument.h"
#include "lua/array/construction.h"
#include "lua/array/file_block.h"
#include "lua/array/holding.h"
#include "lua/array/lifecycle.h"
#include "lua/array/path.h"
#include "lua/array/view_sync.h"

static int push_file_failure(lua_State *L, const char *path, const files_error *error) {
    return push_failure(L, path, error->code, error->message);
}

/* save(a, path) -> a; or nil, message, code, and the old file is still there */
static int method_save(lua_State *L) {
    check_most(L, 2);
    Array *A = self_with_bytes(L);
    const char *path = check_path(L, 2);
    files_error error;
    if (is_own_file(A, path)) return push_failure(L, path, 0, OWN_FILE);
    if (!file_save(&A->core, path, &error)) return push_file_failure(L, path, &error);
    lua_settop(L, 1);
    return 1;
}

static int gc_file(lua_State *L) {
    file_close(lua_touserdata(L, 1));
    return 0;
}

/* Pushes a userdata that holds an open file, so that it is closed after an error, too. */
static file *push_file(lua_State *L) {
    file *f = lua_newuserdatauv(L, sizeof *f, 0);
    f->descriptor = -1;
    lua_createtable(L, 0, 1);
    lua_pushcfunction(L, gc_file);
    lua_setfield(L, -2, "__gc");
    lua_setmetatable(L, -2);
    return f;
}

/* load(path) -> a new array of the elements in the .npy file; or nil, message, code */
static int module_load(lua_State *L) {
    check_most(L, 1);
    const char *path = check_path(L, 1);
    file *f = push_file(L);
    files_error error;
    Options options = options_for(DYNARRAY_VALUE);
    Array *A;
    bool ok;
    if (!file_open(f, path, false, &error)) return push_file_failure(L, path, &error);
    options.type = f->header.type;
    options.capacity = f->header.size;
    A = array_new(L, state_of(L), &options);
    ok = file_read(f, A->core.data, &error);
    file_close(f);
    if (!ok) return push_file_failure(L, path, &error);
    dynarray_set_size(&A->core, options.capacity);
    return 1;
}

static bool check_writable(lua_State *L, int arg) {
    const char *mode = lua_isnoneornil(L, arg) ? "r" : name_at(L, arg);
    if (strcmp(mode, "rw") == 0) return true;
    if (strcmp(mode, "r") != 0)
        luaL_argerror(L, arg,
                      lua_pushfstring(L, "mode expected r or rw, got %s", describe(L, arg)));
    return false;
}

/*
** map(path [, mode]) -> an array of fixed size whose elements are those in the .npy file, which are read when they are
** used; or nil, message, code. With mode "r", the default, it is read-only. With "rw" the system writes changes to the
** file, at the latest when the array is closed or collected.
**
** If somebody makes the file shorter, an access to what is gone ends the process with SIGBUS. dynarray.memory() does not
** count the bytes: the system drops and reads them as it likes.
*/
static int module_map(lua_State *L) {
    check_most(L, 2);
    const char *path = check_path(L, 1);
    const bool writable = check_writable(L, 2);
    file *f = push_file(L);
    files_error error;
    Options options = options_for(DYNARRAY_VALUE);
    Config *config;
    void *elements = NULL;
    Array *A;
    bool ok;
    if (!file_open(f, path, writable, &error)) return push_file_failure(L, path, &error);
    options.type = f->header.type;
    options.capacity = 0;
    A = array_new(L, state_of(L), &options);
    config = own_config(L, A);
    check_blank(L, A);
    ok = files_identify(f->descriptor, &config->file, &error) &&
         file_map(f, writable, &config->setup.release_data, &elements, &error);
    file_close(f);
    if (!ok) return push_file_failure(L, path, &error);
    config->is_file = true;
    config->setup.release = file_unmap;
    dynarray_lend(&A->core, elements, f->header.size);
    holding_note(A);
    if (!writable) A->core.flags |= ARRAY_READ_ONLY;
    return 1;
}

/* flush(a) -> a, when all changes are on the disk; or nil, message, code */
static int method_flush(lua_State *L) {
    Array *A = anchor_owner(self_most(L, 1));
    const dynarray_setup *setup = A->core.setup;
    dynarray_failure why;
    files_error error;
    check_open(L, A);
    lua_settop(L, 1);
    if (A->core.block == DYNARRAY_BLOCK_FILE) {
        if (dynarray_flush(&A->core, &why) == DYNARRAY_OK) return 1;
        return push_failure(L, "flush", why.code, why.message);
    }
    if (setup->release != file_unmap) return luaL_error(L, "array is not a file");
    if (file_flush(setup->release_data, A->core.data, A->core.size * A->core.element_size, &error))
        return 1;
    return push_file_failure(L, "flush", &error);
}

const luaL_Reg save_load_methods[] = {
    {"save", method_save},
    {"flush", method_flush},
    {NULL, NULL},
};

const luaL_Reg save_load_functions[] = {
    {"load", module_load},
    {"map", module_map},
    {NULL, NULL},
};
