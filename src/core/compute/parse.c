/*
** parse.c: makes nodes of the text of an expression, each after its children; see compute.h.
**
** The grammar and the precedence are Lua's. It is a recursive descent whose depth is counted. What can be written by other
** operations becomes these: a > b is b < a, and clamp is two choices.
*/
#include "core/compute/parse.h"

#include <string.h>

#include "core/compute/compute.h"
#include "core/parse_number.h"

typedef struct parser {
    const char *text, *at, *end;
    compute_expression *e;
    compute_error *error;
    size_t nesting;
    size_t reduction_column;
    uint16_t reduced; /* the node that a reduction is of */
    bool failed;
} parser;

static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_decimal(char c) { return c >= '0' && c <= '9'; }

static size_t column_of(const parser *p, const char *at) { return (size_t)(at - p->text) + 1; }

/* Returns a node, so that callers can go on; but nothing more is read, so nothing else fails. */
static uint16_t fail_at(parser *p, const char *at, const char *message, const char *text,
                        size_t length) {
    if (length >= sizeof p->error->text) length = sizeof p->error->text - 1;
    p->failed = true;
    p->error->message = message;
    p->error->column = column_of(p, at);
    memcpy(p->error->text, text, length);
    p->error->text[length] = '\0';
    p->at = p->end;
    return 0;
}

static void skip_blanks(parser *p) {
    while (p->at < p->end && (*p->at == ' ' || (*p->at >= '\t' && *p->at <= '\r'))) p->at++;
}

/* The length of the symbol or name at the place of the reader; 0 at the end. */
static size_t token_length(const parser *p) {
    const size_t left = (size_t)(p->end - p->at);
    static const char *const pairs[] = {"==", "~=", "<=", ">=", "<<", ">>", "//"};
    size_t n = 0;
    if (left == 0) return 0;
    if (is_letter(*p->at)) {
        while (n < left && (is_letter(p->at[n]) || is_decimal(p->at[n]))) n++;
        return n;
    }
    for (size_t i = 0; left >= 2 && i < sizeof pairs / sizeof *pairs; i++)
        if (memcmp(p->at, pairs[i], 2) == 0) return 2;
    return 1;
}

static bool is_token(const parser *p, const char *token) {
    const size_t length = token_length(p);
    return length == strlen(token) && memcmp(p->at, token, length) == 0;
}

static bool take_token(parser *p, const char *token) {
    skip_blanks(p);
    if (!is_token(p, token)) return false;
    p->at += strlen(token);
    skip_blanks(p);
    return true;
}

/* What other languages write, and the message that tells what to write here. The longer ones come first. */
static const struct {
    const char *token, *message;
} foreign[] = {
    {"!=", "'!=' is written '~='"},
    {"<>", "'<>' is written '~='"},
    {"**", "'**' is written '^'"},
    {"&&", "'&&' is written 'and'"},
    {"||", "'||' is written 'or'"},
    {"!", "'!' is written 'not'"},
    {"=", "'=' is written '=='"},
    {"?", "'c ? x : y' is written 'select(c, x, y)'"},
    {"[", "an operand has no index: view and take choose elements"},
    {".", "unexpected '.': write 'sin' for 'math.sin', and give each field as an operand"},
    {"'", "an expression has numbers only: for strings, filter takes a function"},
    {"\"", "an expression has numbers only: for strings, filter takes a function"},
};
#define FOREIGN (sizeof foreign / sizeof *foreign)

/* Fails at what another language writes, if such a symbol begins at the reader's place or just before it. */
static bool fail_foreign(parser *p) {
    for (const char *at = p->at > p->text ? p->at - 1 : p->at; at <= p->at && at < p->end; at++)
        for (size_t i = 0; i < FOREIGN; i++) {
            const size_t length = strlen(foreign[i].token);
            if ((size_t)(p->end - at) < length || memcmp(at, foreign[i].token, length) != 0)
                continue;
            if (at < p->at && length < 2) continue;                /* that one was read */
            if (at == p->at && length < token_length(p)) continue; /* == is no = */
            fail_at(p, at, foreign[i].message, "", 0);
            return true;
        }
    return false;
}

static uint16_t fail_token(parser *p, const char *message, const char *at_end) {
    const size_t length = token_length(p);
    if (fail_foreign(p)) return 0;
    if (length == 0) return fail_at(p, p->at, at_end, "", 0);
    return fail_at(p, p->at, message, p->at, length);
}

/* ---------------------------------------------------------------------------------------------
** Nodes
*/

static uint16_t add_node(parser *p, const char *at, compute_operation operation, unsigned type,
                         uint16_t first, uint16_t second, uint16_t third) {
    compute_node *node;
    if (p->failed) return 0;
    if (p->e->node_count == COMPUTE_MOST_NODES)
        return fail_at(p, at, "expression is too long: more than 200 operators and operands", "",
                       0);
    node = &p->e->nodes[p->e->node_count];
    memset(node, 0, sizeof *node);
    node->operation = (uint8_t)operation;
    node->type = (uint8_t)type;
    node->column = (uint16_t)column_of(p, at);
    node->children[0] = first;
    node->children[1] = second;
    node->children[2] = third;
    return p->e->node_count++;
}

static uint16_t add_whole(parser *p, const char *at, uint64_t value) {
    const uint16_t node = add_node(p, at, NODE_WHOLE, 0, 0, 0, 0);
    if (!p->failed) p->e->nodes[node].with.whole = (int64_t)value;
    return node;
}

static uint16_t add_number(parser *p) {
    const char *const at = p->at;
    const bool hexadecimal = p->end - at > 1 && at[0] == '0' && (at[1] | 0x20) == 'x';
    const numeral n =
        hexadecimal ? numeral_read_hexadecimal(at + 2, p->end) : numeral_read(at, p->end);
    uint16_t node;
    if (n.kind == NUMERAL_NONE) return fail_at(p, at, "malformed number", "", 0);
    p->at = n.end;
    if (p->at < p->end && (is_letter(*p->at) || *p->at == '.'))
        return fail_at(p, at, "malformed number", "", 0);
    if (n.kind == NUMERAL_INTEGER && (hexadecimal || n.magnitude <= INT64_MAX))
        return add_whole(p, at, n.magnitude);
    node = add_node(p, at, NODE_REAL, 0, 0, 0, 0);
    if (!p->failed) p->e->nodes[node].with.real = n.real;
    return node;
}

static uint16_t add_name(parser *p, const char *at, size_t length) {
    compute_expression *const e = p->e;
    uint16_t node;
    size_t i = 0;
    while (i < e->name_count &&
           (e->names[i].length != length || memcmp(p->text + e->names[i].start, at, length) != 0))
        i++;
    if (i == COMPUTE_MOST_NAMES) return fail_at(p, at, "more than 32 different operands", "", 0);
    if (i == e->name_count) {
        e->names[i].start = (uint16_t)(at - p->text);
        e->names[i].length = (uint16_t)length;
        e->names[i].column = (uint16_t)column_of(p, at);
        e->name_count++;
    }
    node = add_node(p, at, NODE_NAME, 0, 0, 0, 0);
    if (!p->failed) e->nodes[node].with.name = i;
    return node;
}

/* ---------------------------------------------------------------------------------------------
** Functions
*/

#define REDUCTIONS "sum, mean, min, max, count, any, all"

/* Functions that are no nodes of their own: see add_call. */
enum { CALL_REDUCTION = 200, CALL_CLAMP, CALL_LOG };

#define ANY_NUMBER UINT8_MAX /* of arguments */

typedef struct function {
    const char *name;
    uint8_t least, most; /* arguments */
    uint8_t operation, type;
} function;

static const function functions[] = {
    {"sum", 1, 1, CALL_REDUCTION, COMPUTE_SUM},
    {"mean", 1, 1, CALL_REDUCTION, COMPUTE_MEAN},
    {"min", 1, 1, CALL_REDUCTION, COMPUTE_MIN},
    {"max", 1, 1, CALL_REDUCTION, COMPUTE_MAX},
    {"count", 1, 1, CALL_REDUCTION, COMPUTE_COUNT},
    {"any", 1, 1, CALL_REDUCTION, COMPUTE_ANY},
    {"all", 1, 1, CALL_REDUCTION, COMPUTE_ALL},
    {"abs", 1, 1, NODE_ABS, 0},
    {"min", 2, ANY_NUMBER, NODE_LEAST, 0},
    {"max", 2, ANY_NUMBER, NODE_GREATEST, 0},
    {"clamp", 3, 3, CALL_CLAMP, 0},
    {"select", 3, 3, NODE_SELECT, 0},
    {"sqrt", 1, 1, NODE_REAL_FUNCTION, CODE_REAL_SQRT},
    {"floor", 1, 1, NODE_ROUNDED, CODE_REAL_FLOOR},
    {"ceil", 1, 1, NODE_ROUNDED, CODE_REAL_CEIL},
    {"trunc", 1, 1, NODE_ROUNDED, CODE_REAL_TRUNC},
    {"round", 1, 1, NODE_ROUNDED, CODE_ROUND},
    {"isnan", 1, 1, NODE_TEST, CODE_REAL_ISNAN},
    {"isinf", 1, 1, NODE_TEST, CODE_REAL_ISINF},
    {"isfinite", 1, 1, NODE_TEST, CODE_REAL_ISFINITE},
    {"hypot", 2, 2, NODE_REAL_FUNCTION, CODE_HYPOT},
    {"fmod", 2, 2, NODE_REAL_FUNCTION, CODE_FMOD},
    {"atan2", 2, 2, NODE_REAL_FUNCTION, CODE_ATAN2},
    {"atan", 2, 2, NODE_REAL_FUNCTION, CODE_ATAN2}, /* in the order of math.atan */
    {"log", 2, 2, CALL_LOG, 0},
#define ROW(NAME, name) {#name, 1, 1, NODE_REAL_FUNCTION, CODE_##NAME},
    COMPUTE_LIBM_UNARY(ROW)
#undef ROW
#define ROW(CONSTANT, name, ctype, kind, min, max) {#name, 1, 1, NODE_CONVERT, DYNARRAY_##CONSTANT},
        DYNARRAY_NUMERIC_TYPES(ROW)
#undef ROW
};
#define FUNCTIONS (sizeof functions / sizeof *functions)

static bool is_name(const char *at, size_t length, const char *name) {
    return strlen(name) == length && memcmp(at, name, length) == 0;
}

#define MOST_ARGUMENTS 16

/* log(x, base), as math.log. */
static uint16_t add_log(parser *p, const char *at, uint16_t x, uint16_t base) {
    const compute_node *node = &p->e->nodes[base];
    uint16_t dividend;
    if (p->e->reduction == COMPUTE_NO_REDUCTION && node->operation == NODE_WHOLE &&
        (node->with.whole == 2 || node->with.whole == 10)) {
        const bool two = node->with.whole == 2;
        p->e->node_count--; /* the base's, which is the last */
        return add_node(p, at, NODE_REAL_FUNCTION, two ? CODE_LOG2 : CODE_LOG10, x, 0, 0);
    }
    base = add_node(p, at, NODE_REAL_FUNCTION, CODE_LOG, base, 0, 0);
    dividend = add_node(p, at, NODE_REAL_FUNCTION, CODE_LOG, x, 0, 0);
    return add_node(p, at, NODE_DIV, 0, dividend, base, 0);
}

static uint16_t add_reduction(parser *p, const char *at, unsigned reduction, uint16_t argument) {
    if (p->e->reduction != COMPUTE_NO_REDUCTION)
        return fail_at(p, at, "at most one reduction (" REDUCTIONS ") is allowed", "", 0);
    p->e->reduction = (uint8_t)reduction;
    p->reduction_column = column_of(p, at);
    if (reduction == COMPUTE_MEAN)
        argument = add_node(p, at, NODE_CONVERT, DYNARRAY_FLOAT64, argument, 0, 0);
    p->reduced = argument;
    return argument;
}

/* Functions that others have: the message says what takes their place here. */
static const struct {
    const char *name, *message;
} absent[] = {
    {"where", "no function 'where': select(c, x, y) chooses"},
    {"iif", "no function 'iif': select(c, x, y) chooses"},
    {"pow", "no function 'pow': write x ^ y"},
    {"mod", "no function 'mod': write x %% y"},
    {"maximum", "no function 'maximum': max(x, y) is the greater one"},
    {"minimum", "no function 'minimum': min(x, y) is the lesser one"},
    {"std", "no function 'std': give the result of a:std() as an operand"},
    {"var", "no function 'var': give the result of a:var() as an operand"},
    {"median", "no function 'median': give the result of a:median() as an operand"},
};

/* Raises the error that there is no such function, or none with that many arguments. */
static uint16_t fail_call(parser *p, const char *at, size_t length) {
    const function *f = NULL;
    for (size_t i = 0; i < FUNCTIONS; i++) /* the last of that name */
        if (is_name(at, length, functions[i].name)) f = &functions[i];
    for (size_t i = 0; f == NULL && i < sizeof absent / sizeof *absent; i++)
        if (is_name(at, length, absent[i].name)) return fail_at(p, at, absent[i].message, "", 0);
    if (f == NULL) return fail_at(p, at, "no function '%s'", at, length);
    switch (f->least) {
    case 1: return fail_at(p, at, "%s takes one argument", at, length);
    case 2:
        return fail_at(p, at,
                       f->most > 2 ? "%s takes at least one argument" : "%s takes two arguments",
                       at, length);
    default: return fail_at(p, at, "%s takes three arguments", at, length);
    }
}

static uint16_t add_call(parser *p, const char *at, size_t length, const uint16_t *arguments,
                         size_t count) {
    const function *f = functions, *const end = functions + FUNCTIONS;
    uint16_t node;
    while (f < end && !(is_name(at, length, f->name) && count >= f->least && count <= f->most)) f++;
    if (f == end) return fail_call(p, at, length);
    switch (f->operation) {
    case CALL_REDUCTION: return add_reduction(p, at, f->type, arguments[0]);
    case CALL_LOG: return add_log(p, at, arguments[0], arguments[1]);
    case CALL_CLAMP:
        node = add_node(p, at, NODE_GREATEST, 0, arguments[0], arguments[1], 0);
        return add_node(p, at, NODE_LEAST, 0, node, arguments[2], 0);
    default:
        node =
            add_node(p, at, (compute_operation)f->operation, f->type, arguments[0],
                     count > 1 ? arguments[1] : 0, f->operation == NODE_SELECT ? arguments[2] : 0);
        for (size_t i = 2; f->most == ANY_NUMBER && i < count; i++)
            node = add_node(p, at, (compute_operation)f->operation, f->type, node, arguments[i], 0);
        return node;
    }
}

/* From here on functions call each other, as deep as COMPUTE_MOST_NESTING allows. */
/* NOLINTBEGIN(misc-no-recursion) */

static uint16_t parse_expression(parser *p, int limit);

static uint16_t parse_call(parser *p, const char *at, size_t length) {
    uint16_t arguments[MOST_ARGUMENTS];
    size_t count = 0;
    if (!take_token(p, ")")) {
        do {
            if (count == MOST_ARGUMENTS) return fail_at(p, p->at, "more than 16 arguments", "", 0);
            arguments[count++] = parse_expression(p, 0);
        } while (take_token(p, ","));
        if (!p->failed && !take_token(p, ")"))
            return fail_token(p, "')' or ',' expected near '%s'", "')' expected at the end");
    }
    return p->failed ? 0 : add_call(p, at, length, arguments, count);
}

/* ---------------------------------------------------------------------------------------------
** Operators
*/

#define UNARY_PRIORITY 12

static const struct binary_operator {
    const char *token;
    uint8_t left, right; /* priorities, as in Lua */
    uint8_t operation;
    bool swapped;
} binary_operators[] = {
    {"+", 10, 10, NODE_ADD, false},
    {"-", 10, 10, NODE_SUB, false},
    {"*", 11, 11, NODE_MUL, false},
    {"/", 11, 11, NODE_DIV, false},
    {"//", 11, 11, NODE_FLOOR_DIV, false},
    {"%", 11, 11, NODE_MOD, false},
    {"^", 14, 13, NODE_POW, false},
    {"<<", 7, 7, NODE_SHL, false},
    {">>", 7, 7, NODE_SHR, false},
    {"&", 6, 6, NODE_BIT_AND, false},
    {"~", 5, 5, NODE_BIT_XOR, false},
    {"|", 4, 4, NODE_BIT_OR, false},
    {"==", 3, 3, NODE_EQ, false},
    {"~=", 3, 3, NODE_NE, false},
    {"<", 3, 3, NODE_LT, false},
    {"<=", 3, 3, NODE_LE, false},
    {">", 3, 3, NODE_LT, true},
    {">=", 3, 3, NODE_LE, true},
    {"and", 2, 2, NODE_AND, false},
    {"or", 1, 1, NODE_OR, false},
};

static const struct binary_operator *binary_operator_at(const parser *p) {
    for (size_t i = 0; i < sizeof binary_operators / sizeof *binary_operators; i++)
        if (is_token(p, binary_operators[i].token)) return &binary_operators[i];
    return NULL;
}

static uint16_t parse_primary(parser *p) {
    const char *const at = p->at;
    const size_t length = token_length(p);
    if (take_token(p, "(")) {
        const uint16_t node = parse_expression(p, 0);
        if (!p->failed && !take_token(p, ")"))
            return fail_token(p, "')' expected near '%s'", "')' expected at the end");
        return node;
    }
    if (length > 0 && (is_decimal(*at) || (*at == '.' && p->end - at > 1 && is_decimal(at[1]))))
        return add_number(p);
    if (length == 0 || !is_letter(*at) || binary_operator_at(p) != NULL)
        return fail_token(p, "unexpected '%s'", "expression ends too early");
    p->at += length;
    if (take_token(p, "(")) return parse_call(p, at, length);
    if (is_name(at, length, "i")) return add_node(p, at, NODE_INDEX, 0, 0, 0, 0);
    if (is_name(at, length, "true")) return add_whole(p, at, 1);
    if (is_name(at, length, "false")) return add_whole(p, at, 0);
    return add_name(p, at, length);
}

static uint16_t parse_unary(parser *p) {
    const char *at;
    compute_operation operation;
    skip_blanks(p);
    at = p->at;
    if (take_token(p, "-"))
        operation = NODE_NEG;
    else if (take_token(p, "~"))
        operation = NODE_COMPLEMENT;
    else if (take_token(p, "not"))
        operation = NODE_NOT;
    else
        return parse_primary(p);
    return add_node(p, at, operation, 0, parse_expression(p, UNARY_PRIORITY), 0, 0);
}

static bool is_comparison(const parser *p, uint16_t node) {
    const unsigned operation = p->e->nodes[node].operation;
    return operation >= NODE_EQ && operation <= NODE_LE;
}

/* Reads operators that bind more strongly than `limit`. */
static uint16_t parse_expression(parser *p, int limit) {
    const struct binary_operator *operator;
    uint16_t left;
    if (++p->nesting > COMPUTE_MOST_NESTING)
        return fail_at(p, p->at, "expression is nested too deep: more than 50 levels", "", 0);
    left = parse_unary(p);
    for (;;) {
        const char *at;
        uint16_t right;
        skip_blanks(p);
        operator= binary_operator_at(p);
        if (p->failed || operator== NULL || operator->left <= limit) break;
        at = p->at;
        p->at += strlen(operator->token);
        right = parse_expression(p, operator->right);
        if (p->failed) break;
        if ((operator->operation == NODE_LT || operator->operation == NODE_LE) &&
            (is_comparison(p, left) || is_comparison(p, right)))
            return fail_at(p, at, "comparisons cannot be chained: join them by 'and'", "", 0);
        left = add_node(p, at, (compute_operation) operator->operation,
                        0, operator->swapped ? right : left, operator->swapped ? left : right, 0);
    }
    p->nesting--;
    return left;
}

/* NOLINTEND(misc-no-recursion) */

bool compute_parse(const char *text, size_t length, compute_expression *e, compute_error *error) {
    parser p = {text, text, text + length, e, error, 0, 0, 0, false};
    uint16_t root;
    e->node_count = e->name_count = 0;
    e->reduction = COMPUTE_NO_REDUCTION;
    if (length > COMPUTE_MOST_TEXT) {
        fail_at(&p, text, "expression is longer than 2000 bytes", "", 0);
        return false;
    }
    root = parse_expression(&p, 0);
    skip_blanks(&p);
    if (!p.failed && p.at < p.end) fail_token(&p, "unexpected '%s'", "");
    if (!p.failed && e->reduction != COMPUTE_NO_REDUCTION && root != p.reduced)
        fail_at(&p, text + p.reduction_column - 1, "a reduction (" REDUCTIONS ") must be outermost",
                "", 0);
    return !p.failed;
}

size_t compute_expression_bytes(const compute_expression *e) {
    return offsetof(compute_expression, nodes) + e->node_count * sizeof *e->nodes;
}
