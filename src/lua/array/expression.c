/*
** expression.c: expressions on arrays: finds operands, stores results, raises errors; see core/compute.
**
** A text is parsed once; a table in the registry has the last ones. The only Lua code that may run are finalizers, when
** memory is allocated; then the operands are checked again.
*/
#include "lua/array/expression.h"

#include <math.h>
#include <string.h>

#include "core/compute/compute.h"
#include "lua/array/argument.h"
#include "lua/array/construction.h"
#include "lua/array/lifecycle.h"
#include "lua/array/view_sync.h"

static const char kept_key; /* its address is the key; the table has at 1 how many texts it keeps */

/* ---------------------------------------------------------------------------------------------
** Parsed texts
*/

static void push_kept_texts(lua_State *L) {
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &kept_key) == LUA_TTABLE) {
        lua_rawgeti(L, -1, 1);
        if (lua_tointeger(L, -1) < KEPT_EXPRESSIONS) {
            lua_pop(L, 1);
            return;
        }
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    lua_createtable(L, 1, KEPT_EXPRESSIONS); /* all are dropped together */
    lua_pushinteger(L, 0);
    lua_rawseti(L, -2, 1);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &kept_key);
}

SLOW_PATH static void push_parsed(lua_State *L, int text) {
    size_t length;
    const char *s = lua_tolstring(L, text, &length);
    compute_expression e = {0};
    compute_error error = {0};
    void *kept;
    size_t bytes;
    if (!compute_parse(s, length, &e, &error)) {
        lua_pushfstring(L, error.message, error.text);
        luaL_argerror(
            L, text,
            lua_pushfstring(L, "column %I: %s", (LUAI_UACINT)error.column, lua_tostring(L, -1)));
    }
    bytes = compute_expression_bytes(&e);
    kept = lua_newuserdatauv(L, bytes, 0);
    memcpy(kept, &e, bytes);
}

/* Pushes the value that keeps the expression alive. */
static const compute_expression *push_expression(lua_State *L, int text) {
    if (lua_type(L, text) != LUA_TSTRING)
        luaL_argerror(L, text,
                      lua_pushfstring(L, "expression expected, got %s", named_type(L, text)));
    push_kept_texts(L);
    lua_pushvalue(L, text);
    if (lua_rawget(L, -2) != LUA_TUSERDATA) {
        lua_pop(L, 1);
        push_parsed(L, text);
        lua_rawgeti(L, -2, 1);
        lua_pushinteger(L, lua_tointeger(L, -1) + 1);
        lua_rawseti(L, -4, 1);
        lua_pop(L, 1);
        lua_pushvalue(L, text);
        lua_pushvalue(L, -2);
        lua_rawset(L, -4);
    }
    lua_replace(L, -2);
    return lua_touserdata(L, -1);
}

/* ---------------------------------------------------------------------------------------------
** Operands
*/

typedef struct Bound {
    bool is_operator;
    size_t count;
    size_t n;     /* elements of each array */
    Array *first; /* array, NULL: there are only numbers */
    const char *first_name;
    Array *arrays[COMPUTE_MOST_NAMES]; /* NULL: a number */
    uint64_t numbers[COMPUTE_MOST_NAMES];
    compute_operand operands[COMPUTE_MOST_NAMES];
} Bound;

/* Raises the error that the value on the top of the stack is no operand. */
static int fail_operand(lua_State *L, const char *name, size_t column) {
    if (lua_isnil(L, -1))
        return luaL_error(L, "column %I: no operand is named '%s'", (LUAI_UACINT)column, name);
    return luaL_error(L, "column %I: operand '%s' is a %s, wanted an array or a number",
                      (LUAI_UACINT)column, name, named_type(L, -1));
}

/* Whether one of the first i operands is that array. It may read a file that has grown since. */
static bool was_bound(const Bound *b, size_t i, const Array *A) {
    while (i > 0 && b->arrays[i - 1] != A) i--;
    return i > 0;
}

/* Takes the operand on the top of the stack. */
static void bind(lua_State *L, State *S, Bound *b, size_t i, const char *name, size_t column) {
    compute_operand *operand = &b->operands[i];
    Array *A = array_test(L, S, -1);
    b->arrays[i] = A;
    operand->is_number = A == NULL;
    operand->data = &b->numbers[i];
    operand->type = DYNARRAY_INT64;
    if (A != NULL) {
        if (holds_values(A))
            luaL_error(L, "column %I: operand '%s' is a value array, astype makes numbers of it",
                       (LUAI_UACINT)column, name);
        check_open(L, A);
        operand->type = A->core.type;
        operand->data = A->core.data;
        if (b->first == NULL) {
            b->first = A;
            b->first_name = name;
            b->n = A->core.size;
        } else if (b->n != A->core.size && !was_bound(b, i, A))
            luaL_error(L, "operands differ: '%s' of size %I, '%s' of size %I", b->first_name,
                       (LUAI_UACINT)b->n, name, (LUAI_UACINT)A->core.size);
    } else if (lua_isinteger(L, -1) || lua_isboolean(L, -1)) {
        const int64_t number =
            lua_isboolean(L, -1) ? lua_toboolean(L, -1) : (int64_t)lua_tointeger(L, -1);
        memcpy(&b->numbers[i], &number, sizeof number);
    } else if (lua_type(L, -1) == LUA_TNUMBER) {
        const double number = (double)lua_tonumber(L, -1);
        operand->type = DYNARRAY_FLOAT64;
        memcpy(&b->numbers[i], &number, sizeof number);
    } else
        fail_operand(L, name, column);
}

/* To be called after an allocation: reads the operands again. */
static void look_at_array_again(lua_State *L, Bound *b) {
    for (size_t i = 0; i < b->count; i++) {
        Array *A = b->arrays[i];
        if (A == NULL) continue;
        check_unchanged(L, A, b->n);
        b->operands[i].data = A->core.data;
    }
}

/* Leaves each operand on the stack, and each name. */
static void bind_all(lua_State *L, State *S, int text, const compute_expression *e, Operands where,
                     Bound *b) {
    const char *const s = lua_tostring(L, text);
    b->is_operator = where.is_operator;
    b->count = e->name_count;
    b->first = NULL;
    b->first_name = NULL;
    b->n = 0;
    compat_check_stack(L, 2 * COMPUTE_MOST_NAMES + LUA_MINSTACK);
    for (size_t i = 0; i < b->count; i++) {
        const char *name = lua_pushlstring(L, s + e->names[i].start, e->names[i].length);
        if (where.table != 0) {
            lua_pushvalue(L, -1);
            lua_rawget(L, where.table);
        } else if (strcmp(name, "x") == 0)
            lua_pushvalue(L, where.x);
        else if (strcmp(name, "y") == 0 && where.y != 0)
            lua_pushvalue(L, where.y);
        else
            lua_pushnil(L);
        bind(L, S, b, i, name, e->names[i].column);
        if (where.is_bits && b->operands[i].type == DYNARRAY_UINT64)
            b->operands[i].type = DYNARRAY_INT64;
    }
    look_at_array_again(L, b); /* a finalizer may have run while a later name was pushed */
}

/* An expression of the index alone has as many results as the array that it is for. */
static void take_size(lua_State *L, State *S, int x, Bound *b) {
    b->first = array_check(L, S, x);
    b->n = b->first->core.size;
}

/* ---------------------------------------------------------------------------------------------
** Errors of elements
*/

/* Says why there is no result for the number on the top of the stack. */
static void fail_step(lua_State *L, const compute_failure *failure) {
    const bool everywhere = failure->index == SIZE_MAX;
    const char *place = "";
    if (failure->column != 0)
        place = lua_pushfstring(L, "column %I: ", (LUAI_UACINT)failure->column);
    if (failure->column != 0) lua_insert(L, -2);
    const char *what = NULL, *advice = "";
    switch (failure->step.code) {
    case CODE_WHOLE_FLOOR_DIV: what = lua_pushliteral(L, "attempt to perform 'n//0'"); break;
    case CODE_WHOLE_MOD: what = lua_pushfstring(L, "attempt to perform 'n%%0'"); break;
    case CODE_TO_WHOLE:
        what = lua_pushfstring(L, "number %s has no integer representation", describe(L, -1));
        break;
    default:
        what = lua_pushfstring(L, "%s is too large for an integer", luaL_tolstring(L, -1, NULL));
        advice = failure->column != 0
                     ? ": float64(...) around the operand makes floats of its elements"
                     : ": astype(\"float64\") makes an array of floats";
    }
    if (!everywhere)
        what = lua_pushfstring(L, "%s at index %I", what, (LUAI_UACINT)failure->index + 1);
    luaL_error(L, "%s%s%s", place, what, advice);
}

static void fail_computation(lua_State *L, compute_failure *failure, bool is_operator) {
    const unsigned code = failure->step.code;
    if (is_operator) failure->column = 0;
    if (failure->too_complex)
        luaL_error(L, "expression is too complex: more than 32 intermediate results at once");
    if (failure->is_real)
        lua_pushnumber(L, (lua_Number)failure->value.real);
    else if (code == CODE_LOAD_UINT64)
        lua_pushnumber(L, (lua_Number)failure->value.large);
    else
        lua_pushinteger(L, (lua_Integer)failure->value.whole);
    if (code == CODE_FIT || code == CODE_STORE) {
        const bool fraction =
            failure->is_real && !dynarray_is_float((dynarray_type)failure->step.type) &&
            !(floor(failure->value.real) == failure->value.real && isfinite(failure->value.real));
        fail_element(L, (dynarray_type)failure->step.type, -1,
                     fraction ? NOT_AN_INTEGER : OUT_OF_RANGE,
                     failure->index == SIZE_MAX ? AS_OPERAND : failure->index);
    }
    fail_step(L, failure);
}

/* ---------------------------------------------------------------------------------------------
** Evaluation
*/

static void run_program(lua_State *L, State *S, const compute_program *program, const Bound *b,
                        void *results, compute_total *total) {
    compute_failure failure;
    compute_outcome outcome;
    failure.too_complex = false;
    outcome = compute_run(program, b->operands, b->n, results, total, &S->heap, &failure);
    if (outcome == COMPUTE_NO_MEMORY) fail_memory(L);
    if (outcome == COMPUTE_FAILED) fail_computation(L, &failure, b->is_operator);
}

static void push_total(lua_State *L, const compute_program *program, const compute_total *total,
                       size_t n) {
    const unsigned reduction = program->reduction;
    if (n == 0 && reduction >= COMPUTE_MEAN && reduction <= COMPUTE_MAX)
        lua_pushnil(L);
    else if (reduction == COMPUTE_ANY || reduction == COMPUTE_ALL)
        lua_pushboolean(L, total->value.whole != 0);
    else if (total->is_real)
        lua_pushnumber(L, (lua_Number)total->value.real);
    else
        lua_pushinteger(L, (lua_Integer)total->value.whole);
}

/*
** Whether results can be written to `out` at once: if each operand in the same memory is read only at the same index,
** before the result is written.
*/
static bool writes_safely(const Bound *b, Array *out) {
    const uintptr_t start = (uintptr_t)out->core.data,
                    end = start + out->core.size * out->core.element_size;
    for (size_t i = 0; i < b->count; i++) {
        Array *const A = b->arrays[i];
        uintptr_t from;
        if (A == NULL) continue;
        if (A != out && may_alias(A, out)) return false;
        from = (uintptr_t)A->core.data;
        if (from == start && A->core.element_size == out->core.element_size) continue;
        if (from < end && start < from + A->core.size * A->core.element_size) return false;
    }
    return true;
}

static void evaluate_into(lua_State *L, State *S, const compute_program *program, Bound *b,
                          int out) {
    Array *const A = lua_touserdata(L, out), *beside;
    compute_total total; /* of no use here */
    if (!program->may_fail && writes_safely(b, A)) {
        run_program(L, S, program, b, A->core.data, &total);
        return;
    }
    beside = array_new_plain(L, A, (dynarray_type)A->core.type, b->n);
    look_at_array_again(L, b);
    check_unchanged(L, A, b->n);
    run_program(L, S, program, b, beside->core.data, &total);
    if (b->n > 0) memcpy(A->core.data, beside->core.data, b->n * A->core.element_size);
    array_close(L, beside, -1);
}

static Array *check_out(lua_State *L, State *S, int out, Bound *b) {
    Array *const A = array_check(L, S, out);
    check_numeric(L, A, out);
    check_open(L, A);
    if (A->core.flags & ARRAY_READ_ONLY) fail_read_only(L);
    if (b->first == NULL) b->n = A->core.size;
    if (A->core.size != b->n)
        luaL_argerror(L, out,
                      lua_pushfstring(L, "%I results do not fit into an array of size %I",
                                      (LUAI_UACINT)b->n, (LUAI_UACINT)A->core.size));
    return A;
}

void evaluate(lua_State *L, State *S, int text, Operands where, dynarray_type type, int out) {
    const compute_expression *const e = push_expression(L, text);
    const int top = lua_gettop(L);
    compute_program program;
    compute_failure failure;
    compute_total total;
    Bound b;
    bind_all(L, S, text, e, where, &b);
    if (b.first == NULL && where.x != 0) take_size(L, S, where.x, &b);
    if (e->reduction != COMPUTE_NO_REDUCTION && (out != 0 || type != DYNARRAY_TYPE_COUNT))
        luaL_argerror(L, text, "a reduction gives a number, not an array");
    if (out != 0)
        type = (dynarray_type)check_out(L, S, out, &b)->core.type;
    else if (b.first == NULL)
        luaL_error(L, "no operand is an array, so there is no size");
    if (!compute_compile(e, b.operands,
                         where.is_bits && type == DYNARRAY_UINT64 ? DYNARRAY_INT64 : type,
                         where.is_operator, &program, &failure))
        fail_computation(L, &failure, b.is_operator);
    if (e->reduction != COMPUTE_NO_REDUCTION) {
        run_program(L, S, &program, &b, NULL, &total);
        push_total(L, &program, &total, b.n);
    } else if (out != 0) {
        evaluate_into(L, S, &program, &b, out);
        lua_pushvalue(L, out);
    } else {
        Array *const C = array_new_plain(
            L, b.first, type != DYNARRAY_TYPE_COUNT ? type : (dynarray_type)program.type, b.n);
        look_at_array_again(L, &b);
        run_program(L, S, &program, &b, C->core.data, &total);
        dynarray_set_size(&C->core, b.n);
    }
    lua_replace(L, top);
    lua_settop(L, top);
}
