/* csv_write.c: writes columns of numbers as text to files, and to anything else that has a `write`. */
#include "lua/methods/csv_write.h"

#include "core/csv.h"
#include "lua/array/argument.h"
#include "lua/array/file_block.h"
#include "lua/array/options.h"
#include "lua/array/path.h"
#include "lua/array/view_sync.h"

#define WRITE_BYTES 65536 /* at once */

static const char *write_option_name(size_t i) {
    static const char *const names[] = {"header", "separator"};
    return i < sizeof names / sizeof *names ? names[i] : NULL;
}

/* Pushes a string of some dozen kilobytes of rows from `first` on; returns the row behind them. */
static size_t push_rows(lua_State *L, int columns, size_t first, size_t n, char separator) {
    const char line_feed = '\n';
    luaL_Buffer buffer;
    size_t bytes = 0, i = first;
    luaL_buffinit(L, &buffer);
    for (; i < n && bytes < WRITE_BYTES; i++)
        for (int c = 1; c <= columns; c++) {
            Array *const A = lua_touserdata(L, c);
            char *const text = luaL_prepbuffsize(&buffer, CSV_TEXT + 1);
            size_t length;
            view_sync(A); /* the buffer allocates, which may have run finalizers */
            if (i >= A->core.size) fail_changed(L);
            length = csv_write(&A->core, i, text);
            text[length] = line_feed;
            if (c < columns) text[length] = separator;
            length++;
            luaL_addsize(&buffer, length);
            bytes += length;
        }
    luaL_pushresult(&buffer);
    return i;
}

#define TARGET_ARGUMENT 2

/* Raises an argument error unless the target is a path, or may be a file. An array's own `write` would ask it for a path. */
static void check_target(lua_State *L, State *S) {
    const int type = lua_type(L, TARGET_ARGUMENT);
    const bool may_be_file =
        (type == LUA_TUSERDATA || type == LUA_TTABLE) && array_test(L, S, TARGET_ARGUMENT) == NULL;
    if (type == LUA_TSTRING) check_path(L, TARGET_ARGUMENT);
    if (type != LUA_TSTRING && !may_be_file)
        luaL_argerror(
            L, TARGET_ARGUMENT,
            lua_pushfstring(L, "path or file expected, got %s", named_type(L, TARGET_ARGUMENT)));
}

/* Raises an argument error unless that argument is an array of numbers of A's size. */
static void check_written_column(lua_State *L, State *S, const Array *A, int arg) {
    const Array *B = array_check(L, S, arg);
    check_numeric(L, B, arg);
    if (B->core.size != A->core.size) fail_operands(L, A, B);
}

/* The columns are the first arguments; the target is behind them. */
static bool write_string(lua_State *L, int target) {
    push_function_of(L, target, TARGET_ARGUMENT, "write");
    lua_pushvalue(L, target);
    lua_pushvalue(L, -3);
    lua_call(L, 2, 3);
    if (!lua_toboolean(L, -3)) return false;
    lua_pop(L, 4);
    return true;
}

static int write_to_file(lua_State *L, int columns, int target, char separator) {
    const Array *const A = lua_touserdata(L, 1);
    if (!lua_isnil(L, target + 1)) {
        lua_settop(L, target + 1);
        if (!write_string(L, target)) return 3;
    }
    for (size_t i = 0; i < A->core.size;) {
        i = push_rows(L, columns, i, A->core.size, separator);
        if (!write_string(L, target)) return 3;
    }
    lua_settop(L, 1);
    return 1;
}

/* From here on no Lua code runs, so the arrays stay as they are. */
static int write_to_path(lua_State *L, int columns, int target, char separator) {
    const char *const path = lua_tostring(L, target);
    const dynarray **arrays = lua_newuserdatauv(L, sizeof(const dynarray *) * (size_t)columns, 0);
    csv_text *const text = lua_newuserdatauv(L, sizeof *text, 0);
    const size_t n = ((const Array *)lua_touserdata(L, 1))->core.size;
    files_error error;
    for (int c = 1; c <= columns; c++) {
        Array *const A = lua_touserdata(L, c);
        check_unchanged(L, A, n);
        if (is_own_file(A, path)) return push_failure(L, path, 0, OWN_FILE);
        arrays[c - 1] = &A->core;
    }
    text->arrays = arrays;
    text->count = (size_t)columns;
    text->size = n;
    text->separator = separator;
    text->header_bytes = 0;
    text->header = lua_tolstring(L, target + 1, &text->header_bytes);
    if (!csv_save(path, text, &error)) return push_failure(L, path, error.code, error.message);
    lua_settop(L, 1);
    return 1;
}

/* Pushes the header with its line feed, or nil. */
static void push_header(lua_State *L, int options) {
    if (push_option(L, options, "header") == LUA_TNIL) return;
    if (lua_type(L, -1) != LUA_TSTRING) fail_option(L, options, "header", "a string");
    lua_pushliteral(L, "\n");
    lua_concat(L, 2);
}

/* write(a, path | file [, b, ...] [, options]) -> a; nil, why and a code if the file cannot be written */
static int method_write(lua_State *L) {
    State *const S = state_of(L);
    const Array *A = self(L);
    const bool has_options = lua_istable(L, -1) && lua_gettop(L) > 2;
    int options, columns, target;
    char separator;
    check_target(L, S);
    if (!has_options) lua_pushnil(L);
    options = lua_gettop(L);
    if (has_options) check_option_names(L, options, write_option_name);
    check_written_column(L, S, A, 1);
    for (int arg = TARGET_ARGUMENT + 1; arg < options; arg++) check_written_column(L, S, A, arg);
    columns = options - 2;
    lua_pushvalue(L, TARGET_ARGUMENT);
    lua_remove(L, TARGET_ARGUMENT); /* now the columns are 1 to `columns` */
    target = options;
    options--;
    luaL_checkstack(L, LUA_MINSTACK, NULL);
    separator = check_character(L, options, "separator");
    if (separator == '\0') separator = ',';
    lua_settop(L, target);
    push_header(L, options);
    if (lua_type(L, target) == LUA_TSTRING) return write_to_path(L, columns, target, separator);
    return write_to_file(L, columns, target, separator);
}

const luaL_Reg csv_write_methods[] = {
    {"write", method_write},
    {NULL, NULL},
};
