/*
** lua.c: Lua programs made from bytes, for libFuzzer. They call every method and function with arguments that nobody
** would give, and change arrays from callbacks, metamethods, finalizers, coroutines and hooks; errors come at any
** instruction and any request for memory. Whatever happens, no memory is lost or touched that is not the array's, and
** afterwards each array is sound. FUZZ_PRINT=1 shows the program of an input.
*/
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/resource.h>
#include <unistd.h>

#include "dynarray_lua.h"
#include "support.h"

#define MOST_STATEMENTS 40
#define MOST_DEPTH 4
#define MOST_INSTRUCTIONS 30000
#define MOST_BYTES                                                                                 \
    ((size_t)3 << 20) /* of the arrays; and of the Lua state, if its allocator is ours */
#define MOST_FILE ((rlim_t)8 << 20)
#define SLOTS 3

static input in;

/* ---------------------------------------------------------------------------------------------
** Text of programs
*/

static char text[1 << 14];
static size_t length;

__attribute__((format(printf, 1, 2))) static void put(const char *format, ...) {
    va_list arguments;
    int n;
    va_start(arguments, format);
    n = vsnprintf(text + length, sizeof text - length, format, arguments);
    va_end(arguments);
    length = length + (size_t)n < sizeof text ? length + (size_t)n : sizeof text - 1;
}

#define PICK(list) list[choice(&in, sizeof list / sizeof *list)]

/*
** Each with the arguments that it would like: i index or count, v element, x number or array, a array, u source of elements, f
** function, c comparator, o comparator or order, m mask, t type, w word, s string, g policy, p path.
*/
static const struct {
    const char *name, *arguments;
} methods[] = {{"abs", ""},
               {"add", "x"},
               {"append", "vv"},
               {"argsort", "o"},
               {"astype", "t"},
               {"clamp", "xx"},
               {"clear", ""},
               {"close", ""},
               {"column", "ii"},
               {"concat", "sii"},
               {"contains", "v"},
               {"copy", ""},
               {"copy_from", "u"},
               {"corr", "a"},
               {"count", "v"},
               {"cummax", ""},
               {"cummin", ""},
               {"cumsum", ""},
               {"dedup", ""},
               {"diff", ""},
               {"div", "x"},
               {"dot", "a"},
               {"each", "f"},
               {"extend", "u"},
               {"fill", "vii"},
               {"filter", "f"},
               {"flush", ""},
               {"frozen", ""},
               {"get", "i"},
               {"heap_pop", "c"},
               {"heap_push", "vc"},
               {"heapify", "c"},
               {"histogram", "ixx"},
               {"index_of", "vi"},
               {"indices", "m"},
               {"insert", "iv"},
               {"insert_all", "iu"},
               {"insert_sorted", "vc"},
               {"is_sorted", "c"},
               {"iter", ""},
               {"lower_bound", "xc"},
               {"map", "ft"},
               {"max", "ii"},
               {"mean", "ii"},
               {"median", ""},
               {"min", "ii"},
               {"mul", "x"},
               {"nth", "i"},
               {"percentile", "xx"},
               {"pointer", ""},
               {"pop", ""},
               {"put", "av"},
               {"reduce", "fv"},
               {"remove", "i"},
               {"remove_range", "ii"},
               {"reserve", "i"},
               {"resize", "iv"},
               {"reverse", ""},
               {"rolling", "iw"},
               {"rotate", "i"},
               {"save", "p"},
               {"set", "iv"},
               {"set_column", "iiu"},
               {"set_growth", "g"},
               {"set_where", "mv"},
               {"shrink_to_fit", ""},
               {"shuffle", "i"},
               {"slice", "ii"},
               {"sort", "o"},
               {"sort_stable", "c"},
               {"sqrt", ""},
               {"stats", ""},
               {"std", "iii"},
               {"sub", "x"},
               {"sum", "ii"},
               {"swap", "ii"},
               {"swap_remove", "i"},
               {"take", "a"},
               {"tobytes", "w"},
               {"top", "ic"},
               {"totable", "ii"},
               {"tuples", "i"},
               {"unique", ""},
               {"unpack", "ii"},
               {"update", "fii"},
               {"upper_bound", "xc"},
               {"var", "iii"},
               {"view", "ii"},
               {"where", "m"},
               {"write", "pa"}};
/* Without `probe`, whose loops are as long as they are told to be, and no hook stops them. */
static const struct {
    const char *name, *arguments;
} functions[] = {{"new", ""},          {"of", "vvv"},        {"from", "ut"},
                 {"filled", "ivt"},    {"random", "iti"},    {"range", "xxxt"},
                 {"linspace", "xxit"}, {"zeros", "it"},      {"is", "a"},
                 {"compute", "eka"},   {"ipairs", "a"},      {"frombytes", "btw"},
                 {"load", "p"},        {"map", "pw"},        {"open", "pt"},
                 {"read", "r"},        {"limit", "i"},       {"collector", ""},
                 {"memory", ""},       {"growth.go", "iii"}, {"growth['increment:3']", "iii"},
                 {"probe.memory", ""}};
static const char *const metamethods[] = {
    "__index", "__newindex", "__len", "__pairs", "__eq",    "__concat", "__add",      "__sub",
    "__mul",   "__div",      "__mod", "__idiv",  "__pow",   "__band",   "__bor",      "__bxor",
    "__shl",   "__shr",      "__unm", "__bnot",  "__close", "__gc",     "__tostring", "__serialize",
};
static const char *const host_functions[] = {"wrap", "detach", "adopt", "pin",    "unpin",
                                             "room", "push",   "limit", "commit", "flush"};
static const char *const types[] = {"value",  "int8",   "int16",  "int32",   "int64",  "uint8",
                                    "uint16", "uint32", "uint64", "float32", "float64"};
static const char *const numbers[] = {
    "0",
    "1",
    "2",
    "3",
    "-1",
    "255",
    "256",
    "-129",
    "1.5",
    "-0.0",
    "0/0",
    "1/0",
    "-1/0",
    "1e300",
    "2^53",
    "2^63",
    "math.maxinteger",
    "math.mininteger",
    "math.maxinteger-7",
    "1<<61",
    "1<<32",
    "65536",
    "1000",
    "70000",
    "4097",
};
static const char *const strings[] = {
    "''",
    "'x'",
    "'10'",
    "'f1'",
    "'f2'",
    "'f3.npy'",
    "'/'",
    "'a\\0b'",
    "'little'",
    "'big'",
    "'descending'",
    "'min'",
    "'max'",
    "'mean'",
    "'sum'",
    "'rw'",
    "'r'",
    "'a'",
    "'w'",
    "'1,2\\n3,4\\n'",
    "'1 2\\n# x\\n3 4'",
    "'%d'",
    "',\\n'",
    "'increment:2'",
    "'cpython'",
    "'exact'",
    "'x + y * 2'",
    "'sum(x > 1)'",
    "'x // y + index'",
    "'sqrt(x) < 2'",
};
static const char *const options[] = {
    "type", "capacity", "fill",   "growth",    "bounds",  "max_size", "on_grow", "block",
    "mode", "columns",  "header", "separator", "missing", "pause",    "keep",    "off"};
static const char *const words[] = {"'strict'", "'sequence'", "'copy'", "'stable'",
                                    "'auto'",   "true",       "false"};
static const char *const operators[] = {"+", "-",  "*",  "/",  "//", "%", "^",  "&",   "|",
                                        "~", "<<", ">>", "..", "==", "<", "<=", "and", "or"};

static void put_array(void) { put("v[%u]", 1 + choice(&in, 5)); }

/* A string of the input's bytes. A path must not lead out of the scratch directory. */
static void put_bytes(void) {
    put("\"");
    for (unsigned n = choice(&in, 24); n > 0; n--) {
        const unsigned byte = byte_of(&in);
        put("\\%03u", byte == '/' || byte == '.' ? '_' : byte);
    }
    put("\"");
}

/* Expressions are in expressions; `depth` tells how many. */
/* NOLINTBEGIN(misc-no-recursion) */

static void put_expression(int depth);

static void put_list(int depth, unsigned most) {
    for (unsigned n = choice(&in, most + 1), i = 0; i < n; i++) {
        if (i > 0) put(", ");
        put_expression(depth);
    }
}

static void put_options(int depth) {
    put("{ ");
    if (choice(&in, 4)) put("type = '%s', ", PICK(types));
    for (unsigned n = choice(&in, 4); n > 0; n--) {
        put("%s = ", PICK(options));
        if (choice(&in, 2))
            put("%s", PICK(words));
        else
            put_expression(depth);
        put(", ");
    }
    put("}");
}

/* What such an argument is like. */
static void put_argument(char kind, int depth) {
    static const char *const masks[] = {"'x > 1'", "'x == x'", "'index % 2 == 0'", "'x & 1'",
                                        "'x ~= x'"};
    static const char *const expressions[] = {
        "'x + y'",       "'sum(x * y)'",  "'x // y + index'", "'max(x, 2) - y'",
        "'x < y and x'", "'int8(x) % 7'", "'min(x)'",         "'-x'"};
    static const char *const orders[] = {"'descending'", "'ascending'", "nil"};
    static const char *const figures[] = {"'sum'",    "'mean'", "'min'", "'max'",
                                          "'little'", "'big'",  "'rw'",  "'r'"};
    static const char *const paths[] = {"'f1'", "'f2'", "'f3.npy'"};
    static const char *const policies[] = {"1.5", "2", "'exact'", "'go'", "'increment:2'", "100"};
    static const char *const texts[] = {"'1,2\\n3,4\\n'", "'1 2\\n# x\\n3 4\\n'", "'f1'", "'5\\n'"};
    switch (kind) {
    case 'i':
        if (choice(&in, 3))
            put("%u", choice(&in, 9));
        else
            put("#v[%u]", 1 + choice(&in, 5));
        break;
    case 'v':
        if (choice(&in, 2))
            put("%u", choice(&in, 130));
        else
            put_expression(depth + 1);
        break;
    case 'x':
        if (choice(&in, 2))
            put_array();
        else
            put("%s", PICK(numbers));
        break;
    case 'u':
        if (choice(&in, 2))
            put_array();
        else
            put_expression(depth + 1);
        break;
    case 'c':
    case 'o':
        if (kind == 'o' && choice(&in, 2))
            put("%s", PICK(orders));
        else
            put("fn(%u, %u, 2)", 1 + choice(&in, 5), byte_of(&in));
        break;
    case 'f':
        put("fn(%u, %u, %u, %u)", 1 + choice(&in, 5), byte_of(&in), choice(&in, 8), choice(&in, 9));
        break;
    case 'g':
        if (choice(&in, 2))
            put("%s", PICK(policies));
        else
            put("fn(%u, %u, 3)", 1 + choice(&in, 5), byte_of(&in));
        break;
    case 'm':
        if (choice(&in, 2))
            put("%s", PICK(masks));
        else
            put_array();
        break;
    case 'k': put("{ x = v[%u], y = v[%u] }", 1 + choice(&in, 5), 1 + choice(&in, 5)); break;
    case 'e': put("%s", PICK(expressions)); break;
    case 't': put("'%s'", PICK(types)); break;
    case 'w': put("%s", PICK(figures)); break;
    case 's': put("%s", PICK(strings)); break;
    case 'r': put("%s", PICK(texts)); break;
    case 'b': put_bytes(); break;
    case 'p': put("%s", PICK(paths)); break;
    default: put_array();
    }
}

/* Most often arguments as they should be, and then one that is not. */
static void put_arguments(const char *kinds, int depth) {
    const unsigned how = byte_of(&in);
    unsigned n = (unsigned)strlen(kinds);
    if (how < 32) {
        put_list(depth, 3);
        return;
    }
    if (how < 96 && n > 0) n = how % (n + 1);
    for (unsigned i = 0; i < n; i++) {
        if (i > 0) put(", ");
        if (how >= 224 && how % n == i)
            put_expression(depth + 1);
        else
            put_argument(kinds[i], depth);
    }
}

static void put_call(int depth) {
    const char *kinds = "avv";
    unsigned which;
    switch (choice(&in, 16)) {
    case 0:
    case 1:
    case 2:
        which = choice(&in, sizeof functions / sizeof *functions);
        put("d.%s(", functions[which].name);
        kinds = functions[which].arguments;
        break;
    case 3: put("host.%s(", PICK(host_functions)); break;
    case 4: put("mm.%s(", PICK(metamethods)); break;
    default:
        which = choice(&in, sizeof methods / sizeof *methods);
        put_array();
        put(":%s(", methods[which].name);
        kinds = methods[which].arguments;
    }
    put_arguments(kinds, depth);
    put(")");
}

static void put_expression(int depth) {
    const unsigned form = choice(&in, depth > MOST_DEPTH ? 9 : 19);
    switch (form) {
    case 0: put("nil"); break;
    case 1: put("%s", PICK(numbers)); break;
    case 2: put("%u", choice(&in, 9)); break;
    case 3: put("%s", PICK(strings)); break;
    case 4: put("'%s'", PICK(types)); break;
    case 5: put("%s", PICK(words)); break;
    case 6: put_bytes(); break;
    case 7:
    case 8: put_array(); break;
    case 9:
        put("{ ");
        put_list(depth + 1, 6);
        put(" }");
        break;
    case 10: put_options(depth + 1); break;
    case 11:
    case 12:
        put("fn(%u, %u, %u, ", 1 + choice(&in, 5), byte_of(&in), choice(&in, 8));
        put_expression(depth + 1);
        put(")");
        break;
    case 13:
        put("obj(%u, %u, ", 1 + choice(&in, 5), byte_of(&in));
        put_expression(depth + 1);
        put(")");
        break;
    case 14: put_call(depth + 1); break;
    case 15:
        put_array();
        put("[");
        put_expression(depth + 1);
        put("]");
        break;
    case 16:
        put("#");
        put_array();
        break;
    case 17:
        put("{ x = ");
        put_expression(depth + 1);
        put(", y = ");
        put_expression(depth + 1);
        put(" }");
        break;
    default:
        put("(");
        put_expression(depth + 1);
        put(" %s ", PICK(operators));
        put_expression(depth + 1);
        put(")");
    }
}

static void put_loop(int depth) {
    switch (choice(&in, 5)) {
    case 0: put("for k, x in pairs("); break;
    case 1: put("for k, x in ipairs("); break;
    case 2: put("for k, x in d.ipairs("); break;
    case 3: put("for k, x in mm.__pairs("); break;
    default:
        put("for k, x in ");
        put_array();
        put(":%s(", choice(&in, 2) ? "iter" : "tuples");
        put_expression(depth);
        put(") do deed(%u, %u) end", byte_of(&in), 1 + choice(&in, 5));
        return;
    }
    put_array();
    put(") do deed(%u, %u) end", byte_of(&in), 1 + choice(&in, 5));
}

static void put_statement(int depth) {
    static const char *const library[] = {"insert", "remove", "sort", "concat", "unpack", "move"};
    switch (choice(&in, 16)) {
    case 0:
    case 1:
    case 2:
    case 3:
    case 4:
    case 5:
    case 6:
        put("set(%u, ", 1 + choice(&in, 5));
        put_call(0);
        put(")");
        break;
    case 7:
        put("set(%u, ", 1 + choice(&in, 5));
        put_expression(0);
        put(")");
        break;
    case 8:
        put_array();
        put("[");
        put_expression(2);
        put("] = ");
        put_expression(1);
        break;
    case 9: put_loop(2); break;
    case 10:
        put("table.%s(", PICK(library));
        put_array();
        for (unsigned n = choice(&in, 4); n > 0; n--) {
            put(", ");
            put_expression(2);
        }
        put(")");
        break;
    case 11: put("gc(%u, %u)", 1 + choice(&in, 5), byte_of(&in)); break;
    case 12:
        put("collectgarbage(({ 'collect', 'step', 'stop', 'restart', 'generational', 'incremental' "
            "})[%u])",
            1 + choice(&in, 6));
        break;
    case 13:
        put("set(%u, d.new", 1 + choice(&in, 5));
        put_options(1);
        put(")");
        break;
    case 14:
        if (depth > MOST_DEPTH) break;
        put("resume(function() ");
        put_statement(depth + 1);
        put(" end)");
        break;
    default:
        if (depth > MOST_DEPTH) break;
        put("do local c <close> = ");
        put_array();
        put("; ");
        put_statement(depth + 1);
        put(" end");
    }
}

/* NOLINTEND(misc-no-recursion) */

/* ---------------------------------------------------------------------------------------------
** The host
*/

static struct {
    allocator memory;
    const dynarray_lua_api *api;
    dynarray detached;
    bool has_detached;
    unsigned lent;         /* blocks that are lent and were not given back */
    unsigned instructions; /* that may still run */
    unsigned raise_at;     /* an error comes at that instruction; 0: none */
    bool raises_once;
    unsigned deed; /* in place of an error */
} host;

static void release(void *data, void *block, size_t bytes) {
    (void)data;
    for (size_t i = 0; i < bytes; i++)
        ((volatile char *)block)[i] = 0x5a; /* all of it is still there */
    free(block);
    host.lent--;
}

static int host_wrap(lua_State *L) {
    static const char *const names[] = {"int8",   "int16",  "int32",   "int64",   "uint8", "uint16",
                                        "uint32", "uint64", "float32", "float64", NULL};
    const int type = luaL_checkoption(L, 1, "float64", names);
    const size_t n = (size_t)luaL_optinteger(L, 2, 3) % 1000;
    const size_t bytes = n * dynarray_type_size((dynarray_type)type);
    void *block = calloc(1, bytes > 0 ? bytes : 1);
    CHECK(block != NULL);
    host.lent++;
    host.api->wrap(host.api, L, (dynarray_type)type, block, n, lua_toboolean(L, 3), release, NULL);
    return 1;
}

static void discard_detached(void) {
    if (host.has_detached) host.api->discard(host.api, &host.detached);
    host.has_detached = false;
}

static int host_detach(lua_State *L) {
    discard_detached();
    lua_settop(L, 1);
    host.api->detach(host.api, L, 1, &host.detached);
    host.has_detached = true;
    return 0;
}

static int host_adopt(lua_State *L) {
    if (!host.has_detached) return 0;
    host.api->adopt(host.api, L, &host.detached);
    CHECK(host.detached.size == 0 && host.detached.data == NULL);
    return 1;
}

static int host_pin(lua_State *L) {
    lua_settop(L, 1);
    host.api->pin(host.api, L, 1);
    return 0;
}

static int host_unpin(lua_State *L) {
    lua_settop(L, 1);
    host.api->unpin(host.api, L, 1);
    return 0;
}

static int host_room(lua_State *L) {
    const size_t n = (size_t)luaL_optinteger(L, 2, 5) % 3000;
    dynarray *a;
    host.api->check_writable(host.api, L, 1, DYNARRAY_ANY);
    host.api->room(host.api, L, 1, n);
    a = host.api->check_writable(host.api, L, 1, DYNARRAY_ANY);
    CHECK(a->capacity - a->size >= n || a->fixed);
    if (n == 0 || a->capacity - a->size < n || a->type == DYNARRAY_VALUE) return 0;
    memset((char *)a->data + a->size * a->element_size, 1, n * a->element_size);
    dynarray_set_size(a, a->size + n);
    return 0;
}

static int host_push(lua_State *L) {
    host.api->push(host.api, L,
                   (dynarray_type)((size_t)luaL_optinteger(L, 1, 0) % (DYNARRAY_VALUE + 1)),
                   (size_t)luaL_optinteger(L, 2, 0));
    return 1;
}

static int host_limit(lua_State *L) {
    const size_t bytes = (size_t)luaL_optinteger(L, 1, 0) % MOST_BYTES;
    host.api->heap(host.api)->limit = bytes == 0 ? MOST_BYTES : bytes;
    return 0;
}

static int host_commit(lua_State *L) {
    lua_settop(L, 1);
    if (host.api->test(host.api, L, 1, DYNARRAY_ANY) != NULL) host.api->commit(host.api, L, 1);
    return 0;
}

static int host_flush(lua_State *L) {
    dynarray_failure why;
    lua_settop(L, 1);
    if (host.api->test(host.api, L, 1, DYNARRAY_ANY) != NULL) host.api->flush(host.api, L, 1, &why);
    return 0;
}

/* What programs use. `deed` does something to an array that its caller did not expect, from inside of it. */
static const char prelude[] =
    "v, host, mm = { d.of(1, 'x', {}), d.from({ 3, 1, 2 }, 'int8'), d.from({ 1.5, 2, -1 }, "
    "'float64'),\n"
    "  d.new{ type = 'uint16', bounds = 'sequence' }, d.filled(600, 7, 'int32') }, ...\n"
    "local inside = 0\n"
    "local deeds = {\n"
    "  function() end, function(a) a:close() end, function(a) a:clear() end, function(a) "
    "a:resize(1) end,\n"
    "  function(a) a:resize(300) end, function(a) a:append(9) end, function(a) a:append(1, 2, 3, "
    "4, 5, 6, 7, 8) end,\n"
    "  function(a) if #a < 100 then a:extend(a) end end, function(a) a:pop() end, function(a) "
    "a:shrink_to_fit() end,\n"
    "  function(a) a:reserve(1000) end, function(a) a:set_growth(3) end, function() error 'deed' "
    "end,\n"
    "  function() error {} end, function() coroutine.yield(1) end, function() collectgarbage() "
    "end,\n"
    "  function(a) a:sort() end, function(a) a:reverse() end, function(a) mm.__gc(a) end, "
    "function(a) a[1] = 5 end,\n"
    "  function(a) a:insert(1, 7) end, function(a) set(1, a:view(1, #a)) end, function(a) "
    "a:copy_from { 7, 8 } end,\n"
    "  function(a) host.pin(a) end, function(a) host.unpin(a) end, function(a) host.detach(a) "
    "end,\n"
    "  function(a) return tostring(a) end, function(a) return a == a:copy() end, function(a) "
    "a:remove_range(1, 2) end,\n"
    "  function(a) a:fill(3) end, function(a) a:clear():shrink_to_fit() end, function(a) "
    "a:append({}, 'y') end,\n"
    "  function() collectgarbage 'step' end, function(a) a:resize(0) end, function(a) set(2, "
    "a:frozen()) end,\n"
    "}\n"
    "function deed(k, i)\n"
    "  if inside >= 3 then return end\n"
    "  inside = inside + 1\n"
    "  local ok, e = pcall(deeds[k % #deeds + 1], v[i])\n"
    "  inside = inside - 1\n"
    "  if not ok then error(e, 0) end\n"
    "end\n"
    "function fn(i, k, mode, r)\n"
    "  local n = 0\n"
    "  return function(x, y)\n"
    "    n = n + 1\n"
    "    if n % 3 == k % 3 then deed(k // 3, i) end\n"
    "    if mode == 0 then return r elseif mode == 1 then return x elseif mode == 2 then return x "
    "< y\n"
    "    elseif mode == 3 then return math.max(x * 2, y) elseif mode == 4 then if n < 9 then "
    "return n end\n"
    "    elseif mode == 5 then return not x elseif mode == 6 then return x, y else return n end\n"
    "  end\n"
    "end\n"
    "function obj(i, k, r)\n"
    "  local n = 0\n"
    "  local f = function() n = n + 1; if n % 3 == k % 3 then deed(k // 3, i) end return r end\n"
    "  return setmetatable({}, { __len = f, __index = function(_, key)\n"
    "    if key == 'read' then return function() f() if n < 4 then return '1,2\\n' end end end\n"
    "    if key == 'write' then return function(self) f() return self end end\n"
    "    return f() end, __call = f, __eq = f, __lt = f, __le = f, __add = f, __sub = f, __mul = "
    "f, __div = f,\n"
    "    __concat = f, __tostring = f, __name = k % 2 == 0 and 'thing' or nil, __pairs = f, __idiv "
    "= f, __band = f,\n"
    "    __close = f, __unm = f })\n"
    "end\n"
    "function set(i, a) if d.is(a) then v[i] = a end end\n"
    "function gc(i, k) setmetatable({}, { __gc = function() deed(k, i) end }) end\n"
    "function resume(f)\n"
    "  local co = coroutine.create(f)\n"
    "  for _ = 1, 3 do if not coroutine.resume(co) then coroutine.close(co) return end end\n"
    "end\n";

/* Each array is as sound as a new one; and so is the library. */
static const char audit[] =
    "function deed() end\n" /* by finalizers that still run */
    "collectgarbage 'restart'\n"
    "for i, a in pairs(v) do\n"
    "  local text = tostring(a)\n"
    "  if not text:find('(closed)', 1, true) then\n"
    "    local ok, n = pcall(function() return #a end)\n"
    "    assert(ok, n)\n"
    "    assert(a.capacity >= n and a.size == n, text)\n"
    "    for k = 1, math.min(n, 100) do local x = a[k] end\n"
    "    if n > 0 then local x = a[n] end\n"
    "    assert(#a:slice(1, n) == n)\n"
    "    for _, x in d.ipairs(a) do if x ~= x then n = nil break end end\n"
    "  end\n"
    "end\n"
    "d.limit()\n"
    "local a = d.new 'int32'\n"
    "for k = 1, 100 do a:append(k) end\n"
    "assert(#a == 100 and a:sum() == 5050)\n";

/* ---------------------------------------------------------------------------------------------
** Runs
*/

static void hook(lua_State *L, lua_Debug *ar) {
    (void)ar;
    if (host.instructions == 0) luaL_error(L, "too long");
    host.instructions--;
    if (host.raise_at == 0 || --host.raise_at > 0) return;
    if (!host.raises_once) host.raise_at = 1;
    if (host.deed == 0) luaL_error(L, "stopped by the hook");
    lua_getglobal(L, "deed");
    lua_pushinteger(L, host.deed);
    lua_pushinteger(L, 1 + host.deed % 5);
    lua_call(L, 2, 0);
}

static void *metatable_of_arrays(lua_State *L) {
    lua_getglobal(L, "d");
    lua_getfield(L, -1, "new");
    lua_call(L, 0, 1);
    lua_getmetatable(L, -1);
    lua_replace(L, -3);
    lua_pop(L, 1);
    return NULL;
}

static int prepare(lua_State *L) {
    static const luaL_Reg host_list[] = {{"wrap", host_wrap},
                                         {"detach", host_detach},
                                         {"adopt", host_adopt},
                                         {"pin", host_pin},
                                         {"unpin", host_unpin},
                                         {"room", host_room},
                                         {"push", host_push},
                                         {"limit", host_limit},
                                         {"commit", host_commit},
                                         {"flush", host_flush},
                                         {NULL, NULL}};
    static const luaL_Reg libraries[] = {
        {LUA_GNAME, luaopen_base},        {LUA_TABLIBNAME, luaopen_table},
        {LUA_STRLIBNAME, luaopen_string}, {LUA_COLIBNAME, luaopen_coroutine},
        {LUA_MATHLIBNAME, luaopen_math},  {LUA_IOLIBNAME, luaopen_io},
        {"dynarray", luaopen_dynarray},   {NULL, NULL}};
    for (const luaL_Reg *library = libraries; library->func != NULL; library++) {
        luaL_requiref(L, library->name, library->func, 1);
        lua_setglobal(L, library->func == luaopen_dynarray ? "d" : library->name);
    }
    host.api = dynarray_lua(L);
    if (!host.api->heap(host.api)->limit) host.api->heap(host.api)->limit = MOST_BYTES;
    if (luaL_loadstring(L, prelude) != LUA_OK) return lua_error(L);
    luaL_newlib(L, host_list);
    metatable_of_arrays(L);
    lua_call(L, 2, 0);
    return 0;
}

static void must_succeed(lua_State *L, int status) {
    if (status == LUA_OK) return;
    fprintf(stderr, "%s\n", luaL_tolstring(L, -1, NULL));
    abort();
}

/* Two bytes say what fails while the statement runs; most often nothing does. */
static void run_statement(lua_State *L) {
    int status;
    length = 0;
    put_statement(0);
    if (getenv("FUZZ_PRINT") != NULL) fprintf(stderr, "%s\n", text);
    status = luaL_loadbufferx(L, text, length, "=statement", "t");
    if (status == LUA_OK) {
        const unsigned how = byte_of(&in);
        if ((how & 3) == 1) memory_choose_failure(&host.memory, &in);
        if ((how & 3) == 2) {
            host.raise_at = 1 + byte_of(&in);
            host.raises_once = (how & 4) != 0;
            host.deed = how & 8 ? byte_of(&in) : 0;
        }
        status = lua_pcall(L, 0, 0, 0);
        CHECK(status == LUA_OK || status == LUA_ERRRUN || status == LUA_ERRMEM);
    }
    host.memory.fail_after = SIZE_MAX;
    host.memory.shrinks_fail = false;
    host.raise_at = 0;
    if (getenv("FUZZ_PRINT") != NULL && status != LUA_OK)
        fprintf(stderr, "    --> %s\n", lua_tostring(L, -1));
    lua_settop(L, 0);
}

static void run_program(void) {
    const unsigned flags = byte_of(&in);
    lua_State *L;
    memset(&host, 0, sizeof host);
    host.memory = kind_memory;
    host.memory.eight = (flags & 2) != 0;
    L = flags & 1 ? luaL_newstate() : lua_newstate(memory_alloc, &host.memory);
    CHECK(L != NULL);
    if (flags & 4) lua_gc(L, LUA_GCGEN, 0, 0);
    lua_pushcfunction(L, prepare);
    must_succeed(L, lua_pcall(L, 0, 0, 0));
    host.memory.limit = MOST_BYTES;
    host.instructions = MOST_INSTRUCTIONS;
    lua_sethook(L, hook, LUA_MASKCOUNT, 1);
    for (int i = 0; i < MOST_STATEMENTS && !input_ended(&in); i++) run_statement(L);
    lua_sethook(L, NULL, 0, 0);
    host.memory.limit = SIZE_MAX;
    host.api->heap(host.api)->limit = 0;
    host.instructions = 0;
    must_succeed(L, luaL_dostring(L, audit));
    discard_detached();
    lua_close(L);
    CHECK(host.memory.bytes == 0 && host.lent == 0);
}

/* ---------------------------------------------------------------------------------------------
** The scratch directory, in which programs make files
*/

static char scratch[] = "/tmp/dynarray-fuzz-XXXXXX";
static int home = -1;

static void empty_scratch(void) {
    DIR *directory = opendir(".");
    const struct dirent *entry;
    CHECK(directory != NULL);
    while ((entry = readdir(directory)) != NULL) unlink(entry->d_name);
    closedir(directory);
}

static void remove_scratch(void) { rmdir(scratch); }

static void make_scratch(void) {
    const struct rlimit most = {MOST_FILE, MOST_FILE};
    home = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    CHECK(home >= 0 && mkdtemp(scratch) != NULL);
    atexit(remove_scratch);
    setrlimit(RLIMIT_FSIZE, &most);
    signal(SIGXFSZ, SIG_IGN);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    if (home < 0) make_scratch();
    CHECK(chdir(scratch) == 0);
    in.next = data;
    in.end = data + n;
    run_program();
    empty_scratch();
    CHECK(fchdir(home) == 0);
    return 0;
}
