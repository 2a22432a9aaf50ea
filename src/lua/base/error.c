/* error.c: the error messages of the binding, each written once. */
#include "lua/base/error.h"

#include <float.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHOWN_STRING 32 /* bytes that a message shows of a string */

#define QUOTED_BYTES ((size_t)SHOWN_STRING * 4 + sizeof "\"...\"")

/* Replaces the string on the top of the stack by the same in quotes, cut and escaped. */
void quote_string(lua_State *L) {
    char text[QUOTED_BYTES], *end = text;
    size_t length;
    const char *s = lua_tolstring(L, -1, &length);
    const size_t shown = length < SHOWN_STRING ? length : SHOWN_STRING;
    *end++ = '"';
    for (size_t i = 0; i < shown; i++) {
        const unsigned char c = (unsigned char)s[i];
        if (c == '"' || c == '\\') *end++ = '\\';
        if (c >= ' ' && c != 127)
            *end++ = (char)c;
        else
            end += snprintf(end, sizeof "\\255", "\\%03d", c);
    }
    for (const char *rest = shown < length ? "...\"" : "\""; *rest != '\0'; rest++) *end++ = *rest;
    lua_pop(L, 1);
    lua_pushlstring(L, text, (size_t)(end - text));
}

/* It makes an error message, so what it leaves on the stack does no harm. */
const char *describe(lua_State *L, int index) {
    switch (lua_type(L, index)) {
    case LUA_TNUMBER:
        /* C writes the sign of a NaN, which tells nothing */
        if (!lua_rawequal(L, index, index)) return lua_pushliteral(L, "nan");
        return luaL_tolstring(L, index, NULL);
    case LUA_TSTRING:
        lua_pushvalue(L, index);
        quote_string(L);
        return lua_tostring(L, -1);
    default: return luaL_typename(L, index);
    }
}

const char *named_type(lua_State *L, int index) {
    const int type = lua_type(L, index);
    const bool may_have = type == LUA_TTABLE || type == LUA_TUSERDATA;
    if (may_have && luaL_getmetafield(L, index, "__name") == LUA_TSTRING)
        return lua_tostring(L, -1);
    return lua_typename(L, type);
}

/* Whether the value has that operator. Strings have Lua's own ones, which take numbers alone; somebody may give them others. */
static bool has_metamethod(lua_State *L, int index, const char *event) {
    bool given;
    if (luaL_getmetafield(L, index, event) == LUA_TNIL) return false;
    given = lua_type(L, index) != LUA_TSTRING || !lua_iscfunction(L, -1);
    lua_pop(L, 1);
    return given;
}

/* Which element it is, from 0, as text behind a message. */
static const char *element_text(lua_State *L, size_t i) {
    return i == NO_ELEMENT ? "" : lua_pushfstring(L, " (element %I)", (LUAI_UACINT)i + 1);
}

void check_comparable(lua_State *L, int x, int y, size_t i) {
    const char *left, *right;
    x = lua_absindex(L, x);
    y = lua_absindex(L, y);
    if (has_metamethod(L, x, "__lt") || has_metamethod(L, y, "__lt")) return;
    left = named_type(L, x);
    right = named_type(L, y);
    if (strcmp(left, right) == 0)
        luaL_error(L, "attempt to compare two %s values%s", left, element_text(L, i));
    else
        luaL_error(L, "attempt to compare %s with %s%s", left, right, element_text(L, i));
}

void check_arithmetic(lua_State *L, int x, int y, const char *event, size_t i) {
    x = lua_absindex(L, x);
    y = lua_absindex(L, y);
    if (lua_isnumber(L, x) && lua_isnumber(L, y)) return;
    if (has_metamethod(L, x, event) || has_metamethod(L, y, event)) return;
    luaL_error(L, "attempt to perform arithmetic on a %s value%s",
               named_type(L, lua_isnumber(L, x) ? y : x), element_text(L, i));
}

int fail_index(lua_State *L, const Array *A, lua_Integer i) {
    return luaL_error(L, "index %I out of bounds (size %I)", (LUAI_UACINT)i,
                      (LUAI_UACINT)A->core.size);
}

int fail_past_end(lua_State *L, const Array *A) {
    return luaL_error(L,
                      "index %I out of bounds (size %I): append adds elements; with bounds = "
                      "\"sequence\", so does this",
                      (LUAI_UACINT)A->core.size + 1, (LUAI_UACINT)A->core.size);
}

int fail_index_among(lua_State *L, const Array *A, lua_Integer i, size_t k) {
    return luaL_error(
        L,
        i == 0 ? "index %I out of bounds (size %I), at place %I of the indices: where takes a mask"
               : "index %I out of bounds (size %I), at place %I of the indices",
        (LUAI_UACINT)i, (LUAI_UACINT)A->core.size, (LUAI_UACINT)k + 1);
}

/* Raises the error for a key that is neither an index nor a field. */
int fail_key(lua_State *L, int index) {
    switch (lua_type(L, index)) {
    case LUA_TNUMBER: return luaL_error(L, "index %s is not an integer", describe(L, index));
    case LUA_TSTRING: {
        const char *name = lua_tostring(L, index);
        lua_pushvalue(L, index);
        lua_gettable(L, 1); /* an array: to read one of its fields never raises */
        if (lua_isnil(L, -1)) return luaL_error(L, "no field '%s' in a dynarray", name);
        return luaL_error(L, "field '%s' is read-only", name);
    }
    case LUA_TTABLE:
    case LUA_TUSERDATA:
        return luaL_error(L,
                          "a %s cannot be an index: take, put, where and set_where choose elements",
                          luaL_typename(L, index));
    default: return luaL_error(L, "a %s cannot be an index", luaL_typename(L, index));
    }
}

void fail_too_many(lua_State *L, int most) {
    const int top = lua_gettop(L);
    for (int arg = most + 1; arg <= top; arg++)
        if (!lua_isnil(L, arg))
            luaL_argerror(L, arg,
                          lua_pushfstring(L, "no argument expected, got %s", describe(L, arg)));
    lua_settop(L, most);
}

void fail_memory(lua_State *L) {
    lua_pushliteral(
        L, "not enough memory"); /* Lua's own message, which exists already: allocates nothing */
    lua_error(L);
    abort(); /* unreached: lua_error does not return */
}

void check_open(lua_State *L, const Array *A) {
    if (A->core.flags & ARRAY_CLOSED) fail_status(L, A, DYNARRAY_FIXED, 0);
}

void check_not_fixed(lua_State *L, const Array *A) {
    if (A->core.fixed) fail_status(L, A, DYNARRAY_FIXED, 0);
}

int fail_read_only(lua_State *L) { return luaL_error(L, "array is read-only"); }

int fail_changed(lua_State *L) { return luaL_error(L, "array was changed by a callback"); }

int fail_status(lua_State *L, const Array *A, dynarray_status status, size_t needed) {
    switch (status) {
    case DYNARRAY_MAX_SIZE:
        return luaL_error(L, "size %I exceeds max_size %I", (LUAI_UACINT)needed,
                          (LUAI_UACINT)A->core.setup->max_size);
    case DYNARRAY_TOO_LARGE:
        return luaL_error(L, "size %I out of range (0 to %I)", (LUAI_UACINT)needed,
                          (LUAI_UACINT)dynarray_max_capacity(A->core.element_size));
    case DYNARRAY_LIMIT:
        return luaL_error(L, "not enough memory: %I bytes wanted, limit %I, held %I",
                          (LUAI_UACINT)(needed * A->core.element_size),
                          (LUAI_UACINT)A->state->heap.limit, (LUAI_UACINT)A->state->heap.held);
    case DYNARRAY_NO_MEMORY: fail_memory(L);
    case DYNARRAY_FIXED:
        if (is_pinned(A)) return luaL_error(L, "array is pinned");
        if (A->core.flags & ARRAY_READ_ONLY) return fail_read_only(L);
        return luaL_error(L, A->core.flags & ARRAY_CLOSED ? "array is closed"
                             : A->core.flags & ARRAY_VIEW ? "a view cannot grow or shrink"
                                                          : "array cannot grow or shrink");
    case DYNARRAY_FILE: {
        const dynarray_failure *why = dynarray_why(&A->core);
        return luaL_error(L, "file cannot have room for %I elements: %s", (LUAI_UACINT)needed,
                          why->message[0] != '\0' ? why->message : strerror(why->code));
    }
    default: return luaL_error(L, "%s", dynarray_strerror(status));
    }
}

/* The range of a numeric type as text, e.g. "0 to 255". */
static const char *range_text(dynarray_type type, char *buffer, size_t size) {
    /* unreached: every number fits into float64 */
    switch (type) {
    default:
#define RANGE_SIGNED(min, max) snprintf(buffer, size, "%" PRId64 " to %" PRId64, min, max)
#define RANGE_UNSIGNED(min, max) snprintf(buffer, size, "%d to %" PRIu64, min, (uint64_t)max)
#define RANGE_FLOAT(min, max) snprintf(buffer, size, "%.14g to %.14g", (double)min, (double)max)
#define INTEGER_CAST_SIGNED(x) ((int64_t)(x))
#define INTEGER_CAST_UNSIGNED(x) (x)
#define INTEGER_CAST_FLOAT(x) (x)
#define ROW(CONSTANT, name, ctype, kind, min, max)                                                 \
    case DYNARRAY_##CONSTANT:                                                                      \
        RANGE_##kind(INTEGER_CAST_##kind(min), INTEGER_CAST_##kind(max));                          \
        break;
        DYNARRAY_NUMERIC_TYPES(ROW)
#undef ROW
    }
    return buffer;
}

int fail_element(lua_State *L, dynarray_type type, int arg, misfit why, size_t i) {
    const char *name = dynarray_type_name(type);
    const int value = arg < 0 ? lua_gettop(L) + arg + 1 : arg; /* before anything is pushed */
    const char *place = i == AS_FILL ? lua_pushliteral(L, "as fill")
                        : i == AS_OPERAND
                            ? lua_pushliteral(L, "as operand: astype gives another type")
                            : lua_pushfstring(L, "at index %I", (LUAI_UACINT)i + 1);
    char bounds[64];
    switch (why) {
    case NOT_A_NUMBER:
        if (lua_type(L, value) == LUA_TSTRING)
            return luaL_error(L, "string %s is not a number, wanted %s %s", describe(L, value),
                              name, place);
        return luaL_error(L, "%s is not a number, wanted %s %s", luaL_typename(L, value), name,
                          place);
    case NOT_AN_INTEGER:
        return luaL_error(L, "%s has no integer representation, wanted %s %s", describe(L, value),
                          name, place);
    default:
        return luaL_error(L, "%s does not fit into %s (%s) %s", describe(L, value), name,
                          range_text(type, bounds, sizeof bounds), place);
    }
}

int fail_result(lua_State *L, dynarray_type type, const char *how, size_t i) {
    char bounds[64];
    return luaL_error(L, "%s does not fit into %s (%s) at index %I: astype gives another type", how,
                      dynarray_type_name(type), range_text(type, bounds, sizeof bounds),
                      (LUAI_UACINT)i + 1);
}

int fail_operands(lua_State *L, const Array *A, const Array *B) {
    return luaL_error(L, "operands differ: %s of size %I, %s of size %I",
                      dynarray_type_name((dynarray_type)A->core.type), (LUAI_UACINT)A->core.size,
                      dynarray_type_name((dynarray_type)B->core.type), (LUAI_UACINT)B->core.size);
}
