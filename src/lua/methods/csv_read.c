/*
** csv_read.c: reads columns of numbers from text.
**
** A file is read block by block: one of the io library directly, and anything else by its method `read`. Numbers go to a
** buffer of rows first, and from there to the arrays, which no Lua code knows yet.
*/
#include "lua/methods/csv_read.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/csv.h"
#include "lua/array/argument.h"
#include "lua/array/construction.h"
#include "lua/array/growth.h"
#include "lua/array/options.h"
#include "lua/array/view_sync.h"

#define READ_BYTES 65536            /* at once */
#define MOST_LINE ((size_t)1 << 20) /* bytes */
#define ROWS 512                    /* in the buffer */

/* Places on the stack: the source, the options, and what follows from them. */
enum { SOURCE = 1, OPTIONS, TEXT, NAME, BUFFER, ARRAYS };

typedef struct reading {
    csv_format format;
    bool is_file, ended, has_header;
    size_t line;         /* how many lines were read */
    const char *s, *end; /* the rest of the text */
    size_t room;         /* bytes of the buffer that has the text of a file */
    size_t
        order[CSV_MOST]; /* the place in the format of the column that is returned at that place */
} reading;

/* ---------------------------------------------------------------------------------------------
** Options
*/

static const char *read_option_name(size_t i) {
    static const char *const names[] = {"columns",   "comment", "header", "missing",
                                        "separator", "skip",    "type"};
    return i < sizeof names / sizeof *names ? names[i] : NULL;
}

static size_t check_lines(lua_State *L, int arg) {
    size_t n = 0;
    if (push_option(L, arg, "skip") != LUA_TNIL) n = check_count(L, arg, "skip", 0);
    lua_pop(L, 1);
    return n;
}

static bool check_flag(lua_State *L, int arg, const char *name) {
    bool flag = false;
    if (push_option(L, arg, name) != LUA_TNIL) flag = check_boolean(L, arg, name);
    lua_pop(L, 1);
    return flag;
}

static void check_missing(lua_State *L, int arg, csv_format *format) {
    format->has_missing = push_option(L, arg, "missing") != LUA_TNIL;
    if (format->has_missing && lua_type(L, -1) != LUA_TNUMBER)
        fail_option(L, arg, "missing", "a number");
    format->missing = (double)lua_tonumber(L, -1);
    lua_pop(L, 1);
}

/* ---------------------------------------------------------------------------------------------
** Text
*/

/* Makes room for more text behind the rest of the text, which it moves to the beginning of the buffer. May run finalizers. */
static char *room_for_text(lua_State *L, reading *r, size_t more) {
    const size_t rest = (size_t)(r->end - r->s);
    char *buffer = lua_touserdata(L, TEXT);
    if (buffer != NULL && rest + more <= r->room)
        memmove(buffer, r->s, rest);
    else {
        const size_t room = 2 * rest + more;
        buffer = lua_newuserdatauv(L, room, 0);
        memcpy(buffer, r->s, rest);
        lua_replace(L, TEXT);
        r->room = room;
    }
    r->s = buffer;
    r->end = buffer + rest;
    return buffer + rest;
}

static int fail_reading(lua_State *L, const char *why) {
    return luaL_error(L, "%scannot read the file: %s", lua_tostring(L, NAME), why);
}

/* C's stream, if the source is an open file of the io library; it may be another one of C's libraries on Windows. */
static FILE *open_stream(lua_State *L) {
#if defined(_WIN32)
    (void)L;
    return NULL;
#else
    const luaL_Stream *const stream = luaL_testudata(L, SOURCE, LUA_FILEHANDLE);
    return stream != NULL && stream->closef != NULL ? stream->f : NULL;
#endif
}

/* Reads from C's stream: that makes no Lua strings. */
static void read_stream(lua_State *L, reading *r) {
    char *const text = room_for_text(L, r, READ_BYTES);
    FILE *const stream = open_stream(L); /* unless a finalizer closed it */
    size_t length;
    if (stream == NULL) return;
    clearerr(stream); /* as the io library does */
    length = fread(text, 1, READ_BYTES, stream);
    if (ferror(stream)) fail_reading(L, strerror(errno));
    r->end += length;
    r->ended = length == 0;
}

static void read_by_method(lua_State *L, reading *r) {
    const char *text;
    size_t length;
    push_function_of(L, SOURCE, SOURCE, "read");
    lua_pushvalue(L, SOURCE);
    lua_pushinteger(L, READ_BYTES);
    lua_call(L, 2, 2);
    if (lua_type(L, -2) == LUA_TSTRING) {
        text = lua_tolstring(L, -2, &length);
        memcpy(room_for_text(L, r, length), text, length);
        r->end += length;
    } else {
        if (lua_type(L, -1) == LUA_TSTRING) fail_reading(L, lua_tostring(L, -1));
        r->ended = true;
    }
    lua_pop(L, 2);
}

/* Adds a block of the file to the rest of the text; false at the end. */
static bool read_more(lua_State *L, reading *r) {
    if (!r->is_file || r->ended) return false;
    if ((size_t)(r->end - r->s) > MOST_LINE)
        luaL_error(L, "%sline %I is too long", lua_tostring(L, NAME), (LUAI_UACINT)r->line + 1);
    if (open_stream(L) != NULL)
        read_stream(L, r);
    else
        read_by_method(L, r);
    return !r->ended;
}

/* Passes the three bytes that some programs write before text in UTF-8. */
static void skip_byte_order_mark(lua_State *L, reading *r) {
    static const char mark[] = "\xEF\xBB\xBF";
    const size_t length = sizeof mark - 1;
    while ((size_t)(r->end - r->s) < length && read_more(L, r)) continue;
    if ((size_t)(r->end - r->s) >= length && memcmp(r->s, mark, length) == 0) r->s += length;
}

static bool has_line(const reading *r) {
    return memchr(r->s, '\n', (size_t)(r->end - r->s)) != NULL;
}

static void skip_line(lua_State *L, reading *r) {
    const char *line;
    while (!has_line(r) && read_more(L, r)) continue;
    line = memchr(r->s, '\n', (size_t)(r->end - r->s));
    r->s = line != NULL ? line + 1 : r->end;
    r->line++;
}

/* Whether there is a comma in the line, before a comment. */
static bool has_comma(const reading *r, const char *s, const char *end) {
    const char *const comment =
        r->format.comment != '\0' ? memchr(s, r->format.comment, (size_t)(end - s)) : NULL;
    return memchr(s, ',', (size_t)((comment != NULL ? comment : end) - s)) != NULL;
}

/* The end of the line that begins at *s; if nothing else is there, that of the text. */
static const char *line_end(lua_State *L, reading *r, size_t from) {
    const char *line;
    while ((line = memchr(r->s + from, '\n', (size_t)(r->end - r->s) - from)) == NULL &&
           read_more(L, r))
        continue;
    return line != NULL ? line : r->end;
}

/* Passes the lines without text, of which there may be more than fit into memory. */
static void skip_empty_lines(lua_State *L, reading *r) {
    for (;;) {
        const char *const end = line_end(L, r, 0);
        if (end == r->end || !csv_is_empty(&r->format, r->s, end)) return;
        r->s = end + 1;
        r->line++;
    }
}

/* The default separator: a comma if the first line that is not empty has one. */
static char guess_separator(lua_State *L, reading *r) {
    for (size_t from = 0;;) {
        const char *const end = line_end(L, r, from), *const s = r->s + from;
        if (end == r->end || !csv_is_empty(&r->format, s, end))
            return has_comma(r, s, end) ? ',' : '\0';
        from = (size_t)(end - r->s) + 1;
    }
}

/* ---------------------------------------------------------------------------------------------
** Columns
*/

/* The field of the header whose name is on the top of the stack. */
static size_t field_named(lua_State *L, const reading *r, const char *header, const char *end) {
    size_t length, wanted_length, field = 0;
    const char *text, *wanted = lua_tolstring(L, -1, &wanted_length);
    while (csv_field(&r->format, &header, end, &text, &length)) {
        if (length == wanted_length && memcmp(text, wanted, length) == 0) return field;
        field++;
    }
    luaL_argerror(L, OPTIONS, lua_pushfstring(L, "no column is named '%s'", wanted));
    return 0; /* unreached: the error does not return */
}

/* Reads which columns are wanted: a table on the top of the stack with numbers or names of fields. */
static void choose_columns(lua_State *L, reading *r, const char *header, const char *end) {
    const size_t count = (size_t)lua_rawlen(L, -1);
    size_t places[CSV_MOST];
    if (count < 1 || count > CSV_MOST) fail_option(L, OPTIONS, "columns", "1 to 200 columns");
    for (size_t c = 0; c < count; c++) {
        if (lua_rawgeti(L, -1, (lua_Integer)c + 1) == LUA_TSTRING && header != NULL)
            places[c] = field_named(L, r, header, end);
        else {
            places[c] = check_count(L, OPTIONS, "columns", 1) - 1;
            if (places[c] > UINT16_MAX) fail_option(L, OPTIONS, "columns", "numbers up to 65536");
        }
        lua_pop(L, 1);
    }
    for (size_t c = 0; c < count; c++) { /* by the order of the fields */
        size_t before = 0;
        for (size_t other = 0; other < count; other++) {
            before += places[other] < places[c];
            if (other != c && places[other] == places[c])
                luaL_argerror(L, OPTIONS, "a column is wanted twice");
        }
        r->order[c] = before;
        r->format.places[before] = (uint16_t)places[c];
    }
    r->format.count = count;
    r->format.fields = 0;
}

static void all_columns(lua_State *L, reading *r, size_t count) {
    if (count > CSV_MOST)
        luaL_error(L, "%I columns, but at most 200 can be read", (LUAI_UACINT)count);
    for (size_t c = 0; c < count; c++) {
        r->format.places[c] = (uint16_t)c;
        r->order[c] = c;
    }
    r->format.count = r->format.fields = count;
}

static void check_columns(lua_State *L, reading *r) {
    const char *header, *end;
    while (r->has_header && !has_line(r) && read_more(L, r)) continue;
    header = r->s;
    if (r->has_header)
        skip_line(L, r); /* this may read more; the header is in the same text, before the rest */
    end = r->s;
    while (end > header && (end[-1] == '\r' || end[-1] == '\n')) end--;
    if (push_option(L, OPTIONS, "columns") == LUA_TTABLE) {
        choose_columns(L, r, r->has_header ? header : NULL, end);
    } else if (lua_type(L, -1) == LUA_TSTRING)
        fail_option(L, OPTIONS, "columns",
                    "a table of names and numbers, or the number of columns");
    else if (!lua_isnil(L, -1))
        all_columns(L, r, check_count(L, OPTIONS, "columns", 1));
    else {
        skip_empty_lines(L, r);
        all_columns(L, r, csv_count(&r->format, r->s, r->end));
    }
    lua_pop(L, 1);
}

/* The type of each column: one for all, or a table of them. */
static void check_types(lua_State *L, reading *r) {
    const bool is_table = push_option(L, OPTIONS, "type") == LUA_TTABLE;
    for (size_t c = 0; c < r->format.count; c++) {
        dynarray_type type = DYNARRAY_FLOAT64;
        if (is_table) lua_rawgeti(L, -1, (lua_Integer)c + 1);
        if (is_table || !lua_isnil(L, -1)) type = check_type_name(L, OPTIONS, true);
        if (is_table) lua_pop(L, 1);
        r->format.types[r->order[c]] = (uint8_t)type;
    }
    lua_pop(L, 1);
}

/* ---------------------------------------------------------------------------------------------
** Reading
*/

/* What to do about a field that is no number. The first line most often is a header. */
static const char *no_number_advice(lua_State *L, const reading *r) {
    const Array *const first = lua_touserdata(L, ARRAYS);
    return first->core.size == 0 && !r->has_header
               ? "header = true skips a line of names, columns = { ... } chooses columns of numbers"
               : "missing = ... puts a number there, columns = { ... } chooses columns of numbers";
}

static int fail_field(lua_State *L, const reading *r, const csv_error *error) {
    const char *const name = lua_tostring(L, NAME), *field;
    const LUAI_UACINT line = (LUAI_UACINT)error->line, column = (LUAI_UACINT)error->column;
    lua_pushstring(L, error->text);
    quote_string(L);
    field = lua_tostring(L, -1);
    switch (error->problem) {
    case CSV_NO_NUMBER:
        return luaL_error(L, "%sline %I, column %I: %s is not a number (%s)", name, line, column,
                          field, no_number_advice(L, r));
    case CSV_MISSING_NO_FIT:
        return luaL_error(L,
                          "%sline %I, column %I: %s is not a number, and missing = %f does not fit "
                          "into the type of the column",
                          name, line, column, field, (LUAI_UACNUMBER)r->format.missing);
    case CSV_NO_FIT:
        return luaL_error(L, "%sline %I, column %I: %s does not fit into the type of the column",
                          name, line, column, field);
    default:
        return luaL_error(
            L, "%sline %I has %I fields, wanted %I", name, line, column,
            (LUAI_UACINT)(r->format.fields != 0 ? r->format.fields
                                                : r->format.places[r->format.count - 1] + 1U));
    }
}

/* Moves the rows in the buffer to the arrays. */
static void append_rows(lua_State *L, const reading *r, char *buffer, size_t rows) {
    for (size_t c = 0; c < r->format.count; c++) {
        const int index = ARRAYS + (int)c;
        Array *const A = lua_touserdata(L, index);
        make_room(L, A, index, rows);
        dynarray_extend(&A->core, buffer + c * ROWS * sizeof(uint64_t), rows);
    }
}

static void read_rows(lua_State *L, reading *r) {
    char *const buffer = lua_touserdata(L, BUFFER);
    void *elements[CSV_MOST];
    csv_error error;
    for (size_t c = 0; c < r->format.count; c++) elements[c] = buffer + c * ROWS * sizeof(uint64_t);
    for (;;) {
        const bool last = r->ended || !r->is_file;
        const size_t rows =
            csv_read(&r->format, &r->s, r->end, last, elements, ROWS, &r->line, &error);
        append_rows(L, r, buffer, rows);
        if (error.problem != CSV_FINE) fail_field(L, r, &error);
        if (rows == ROWS) continue;
        if (last) return;
        read_more(L, r);
    }
}

/* A string with a line feed is the text itself, another one is a path. If false, pushes nil and what failed. */
static bool open_source(lua_State *L, reading *r) {
    size_t length;
    const char *s;
    r->is_file = lua_type(L, SOURCE) != LUA_TSTRING;
    if (r->is_file) {
        if (lua_type(L, SOURCE) != LUA_TUSERDATA && lua_type(L, SOURCE) != LUA_TTABLE)
            luaL_argerror(
                L, SOURCE,
                lua_pushfstring(L, "path, text or file expected, got %s", named_type(L, SOURCE)));
        return true;
    }
    s = lua_tolstring(L, SOURCE, &length);
    if (memchr(s, '\n', length) != NULL) {
        r->s = s;
        r->end = s + length;
        return true;
    }
    lua_getfield(L, LUA_REGISTRYINDEX, "_LOADED");
    if (lua_getfield(L, -1, "io") != LUA_TTABLE) luaL_error(L, "a path needs the io library");
    lua_getfield(L, -1, "open");
    lua_pushvalue(L, SOURCE);
    lua_pushliteral(L, "rb");
    lua_call(L, 2, 3);
    if (!lua_toboolean(L, -3)) return false;
    lua_pop(L, 2);
    lua_pushfstring(L, "%s: ", s);
    lua_replace(L, NAME);
    lua_replace(L, SOURCE);
    lua_settop(L, NAME);
    r->is_file = true;
    return true;
}

/* Closes the file that was opened here. */
static void close_source(lua_State *L, bool opened) {
    if (!opened) return;
    push_function_of(L, SOURCE, SOURCE, "close");
    lua_pushvalue(L, SOURCE);
    lua_call(L, 1, 0);
}

/* read(path | file | text [, options]) -> an array for each column; nil, why and a code if the file cannot be opened */
static int module_read(lua_State *L) {
    check_most(L, 2);
    State *const S = state_of(L);
    reading r = {0};
    bool opened;
    size_t skip;
    lua_settop(L, OPTIONS);
    if (!lua_isnil(L, OPTIONS)) {
        luaL_checktype(L, OPTIONS, LUA_TTABLE);
        check_option_names(L, OPTIONS, read_option_name);
    }
    lua_pushliteral(L, "");
    lua_pushliteral(L, "");
    r.s = r.end = lua_tostring(L, TEXT);
    opened = lua_type(L, SOURCE) == LUA_TSTRING;
    if (!open_source(L, &r)) return 3;
    opened = opened && r.is_file;
    r.format.separator = check_character(L, OPTIONS, "separator");
    if (r.format.separator == ' ') r.format.separator = '\0';
    r.format.comment = check_character(L, OPTIONS, "comment");
    r.has_header = check_flag(L, OPTIONS, "header");
    check_missing(L, OPTIONS, &r.format);
    skip_byte_order_mark(L, &r);
    for (skip = check_lines(L, OPTIONS); skip > 0; skip--) skip_line(L, &r);
    if (!r.has_header) skip_empty_lines(L, &r);
    if (push_option(L, OPTIONS, "separator") == LUA_TNIL)
        r.format.separator = guess_separator(L, &r);
    lua_pop(L, 1);
    check_columns(L, &r);
    check_types(L, &r);
    compat_check_stack(L, 2 * CSV_MOST + LUA_MINSTACK); /* arrays, once more as results */
    lua_newuserdatauv(L, r.format.count * ROWS * sizeof(uint64_t) + 1, 0);
    for (size_t c = 0; c < r.format.count; c++) {
        Options options = options_for((dynarray_type)r.format.types[c]);
        array_new(L, S, &options);
    }
    if (r.format.count > 0) read_rows(L, &r);
    close_source(L, opened);
    for (size_t c = 0; c < r.format.count; c++) lua_pushvalue(L, ARRAYS + (int)r.order[c]);
    return (int)r.format.count;
}

const luaL_Reg csv_read_functions[] = {
    {"read", module_read},
    {NULL, NULL},
};
