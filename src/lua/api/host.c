/* host.c: the functions of dynarray_lua.h, behind the table that hosts and other modules find in the state. */
#include "lua/api/host.h"

#include <string.h>

#include "core/owner.h"
#include "lua/array/argument.h"
#include "lua/array/collector.h"
#include "lua/array/construction.h"
#include "lua/array/file_block.h"
#include "lua/array/growth.h"
#include "lua/array/holding.h"
#include "lua/array/lifecycle.h"
#include "lua/array/view_sync.h"

/* The table of functions is the first member of the state. */
static State *state_of_api(const dynarray_lua_api *api) {
    return (State *)(uintptr_t)(const void *)api;
}

static bool has_type(const Array *A, dynarray_type type) {
    return type == DYNARRAY_ANY || A->core.type == type;
}

/* ---------------------------------------------------------------------------------------------
** Arguments
*/

static Array *to_array(const dynarray_lua_api *api, lua_State *L, int index) {
    State *S = state_of_api(api);
    Array *A = lua_touserdata(L, index);
    return is_known(L, S, index, A) ? A : array_test(L, S, index);
}

static dynarray *host_test(const dynarray_lua_api *api, lua_State *L, int index,
                           dynarray_type type) {
    Array *A = to_array(api, L, index);
    return A != NULL && has_type(A, type) ? &A->core : NULL;
}

/* A bad argument. An index that counts from the top is no argument, so its number would say nothing. */
static void fail_argument(lua_State *L, int arg, const char *message) {
    if (arg > 0) luaL_argerror(L, arg, message);
    luaL_error(L, "%s", message);
}

/* Says what stands at that index: its type and, where no number of an argument tells which value it is, the value. */
static const char *found_at(lua_State *L, int index) {
    const int type = lua_type(L, index);
    const bool shown = index <= 0 && (type == LUA_TNUMBER || type == LUA_TSTRING);
    index = lua_absindex(L, index);
    if (!shown) return named_type(L, index);
    return lua_pushfstring(L, "%s %s", lua_typename(L, type), describe(L, index));
}

static Array *check_array(const dynarray_lua_api *api, lua_State *L, int arg, dynarray_type type) {
    Array *A = to_array(api, L, arg);
    if (A == NULL) {
        const char *got = found_at(L, arg);
        fail_argument(L, arg, lua_pushfstring(L, "dynarray expected, got %s", got));
    } else if (!has_type(A, type)) {
        fail_argument(
            L, arg,
            lua_pushfstring(L, "%s array expected, got %s array", dynarray_type_name(type),
                            dynarray_type_name((dynarray_type)A->core.type)));
    }
    return A;
}

static dynarray *host_check(const dynarray_lua_api *api, lua_State *L, int arg,
                            dynarray_type type) {
    return &check_array(api, L, arg, type)->core;
}

static dynarray *host_check_writable(const dynarray_lua_api *api, lua_State *L, int arg,
                                     dynarray_type type) {
    Array *A = check_array(api, L, arg, type);
    if (A->core.flags & ARRAY_READ_ONLY) fail_argument(L, arg, "array is read-only");
    return &A->core;
}

/* ---------------------------------------------------------------------------------------------
** Arrays from C
*/

static void check_type(lua_State *L, dynarray_type type, bool may_be_value) {
    if (!dynarray_is_numeric(type) && !(may_be_value && type == DYNARRAY_VALUE))
        luaL_error(L, "element type %d is not allowed here", (int)type);
}

static dynarray *host_push(const dynarray_lua_api *api, lua_State *L, dynarray_type type,
                           size_t capacity) {
    Options options;
    check_type(L, type, true);
    luaL_checkstack(L, LUA_MINSTACK, NULL);
    options = options_for(type);
    if (capacity > options.capacity) options.capacity = capacity;
    return &array_new(L, state_of_api(api), &options)->core;
}

static void host_room(const dynarray_lua_api *api, lua_State *L, int index, size_t extra) {
    Array *A = check_array(api, L, index, DYNARRAY_ANY);
    if (A->core.flags & ARRAY_READ_ONLY) fail_read_only(L);
    luaL_checkstack(L, LUA_MINSTACK, NULL);
    make_room(L, A, lua_absindex(L, index), extra);
}

/* The arguments of wrap, for the protected call that makes the array. */
typedef struct loan {
    State *state;
    dynarray_setup setup; /* release and release_data */
    dynarray_type type;
    void *data;
    size_t size;
} loan;

static int push_lent(lua_State *L) {
    loan *l = lua_touserdata(L, 1);
    Options options;
    dynarray_setup *setup;
    Array *A;
    check_type(L, l->type, false);
    if (l->size > dynarray_max_capacity(dynarray_type_size(l->type)))
        luaL_error(L, "size %I out of range", (LUAI_UACINT)l->size);
    if (l->setup.release != NULL) /* the memory is freed when the array is collected */
        collector_pace(L, l->state, l->size * dynarray_type_size(l->type));
    options = options_for(l->type);
    options.capacity = 0;
    A = array_new(L, l->state, &options);
    setup = &own_config(L, A)->setup;
    check_blank(L, A);
    setup->release = l->setup.release;
    setup->lent_counts = l->setup.release != NULL;
    setup->release_data = l->setup.release_data;
    return 1;
}

static dynarray *host_wrap(const dynarray_lua_api *api, lua_State *L, dynarray_type type,
                           void *data, size_t n, bool read_only, dynarray_release release,
                           void *release_data) {
    loan l = {0};
    const bool has_stack = lua_checkstack(L, 2) != 0;
    bool made = false;
    l.state = state_of_api(api);
    l.setup.release = release;
    l.setup.release_data = release_data;
    l.type = type;
    l.data = data;
    l.size = n;
    if (has_stack) {
        lua_pushcfunction(L, push_lent);
        lua_pushlightuserdata(L, &l);
        made = lua_pcall(L, 1, 1, 0) == LUA_OK;
    }
    if (made) { /* from here on the array releases the memory */
        Array *A = lua_touserdata(L, -1);
        dynarray_lend(&A->core, data, n);
        holding_note(A);
        if (read_only) A->core.flags |= ARRAY_READ_ONLY;
        return &A->core;
    }
    /* nothing else would release the memory */
    if (release != NULL) release(release_data, data, n * dynarray_type_size(type));
    if (!has_stack) luaL_error(L, "stack overflow");
    lua_error(L);
    return NULL; /* unreached: lua_error does not return */
}

/* ---------------------------------------------------------------------------------------------
** Blocks that change hands
*/

static void host_detach(const dynarray_lua_api *api, lua_State *L, int index, dynarray *out) {
    State *S = state_of_api(api);
    Array *A = check_array(api, L, index, DYNARRAY_ANY);
    if (holds_values(A)) luaL_error(L, "a value array cannot leave its state");
    if (A->core.block == DYNARRAY_BLOCK_LENT)
        luaL_error(L, "the memory is the host's or a mapped file's, and cannot be detached");
    check_not_fixed(L, A);
    if (A->core.block == DYNARRAY_BLOCK_FILE)
        luaL_error(L, "an array of a file cannot leave its state");
    dynarray_init(out, (dynarray_type)A->core.type, NULL);
    if (array_is_portable(&A->core, S->stock_allocator)) {
        array_hand_over(&A->core, out);
    } else {
        if (dynarray_extend(out, A->core.data, A->core.size) != DYNARRAY_OK) fail_memory(L);
        dynarray_free(&A->core);
    }
    holding_note(A);
}

/* Whether this state may take over the block of an array without a setup, of whatever state. */
static bool can_take_over(const State *S, const dynarray *in) {
    return S->stock_allocator && in->setup->heap == NULL && array_is_portable(in, true);
}

static void take_over(lua_State *L, State *S, Array *A, dynarray *in) {
    int attempt = 0;
    dynarray_status status;
    collector_pace(L, S, in->capacity * in->element_size);
    do {
        holding_require(L, A);
        check_blank(L, A);
        status = array_hand_over(in, &A->core);
    } while (collect_and_retry(L, status, &attempt));
    if (status != DYNARRAY_OK) fail_status(L, A, status, in->capacity);
    holding_note(A);
}

static dynarray *host_adopt(const dynarray_lua_api *api, lua_State *L, dynarray *in) {
    State *S = state_of_api(api);
    const bool copies = !can_take_over(S, in); /* the host's limit holds for what it gives, too */
    Options options;
    Array *A;
    check_type(L, (dynarray_type)in->type, false);
    if (in->fixed) luaL_error(L, "an array that is lent or pinned cannot be adopted");
    if (in->block == DYNARRAY_BLOCK_FILE) luaL_error(L, "an array of a file cannot be adopted");
    luaL_checkstack(L, LUA_MINSTACK, NULL);
    options = options_for((dynarray_type)in->type);
    options.capacity = copies ? in->size : 0;
    A = array_new(L, S, &options);
    if (!copies) {
        take_over(L, S, A, in);
    } else {
        if (in->size > 0) memcpy(A->core.data, in->data, in->size * in->element_size);
        dynarray_set_size(&A->core, in->size);
        dynarray_free(in);
    }
    return &A->core;
}

static void host_discard(const dynarray_lua_api *api, dynarray *a) {
    (void)api;
    dynarray_free(a);
}

/* ---------------------------------------------------------------------------------------------
** Pins
*/

#define MOST_PINS 250 /* core.fixed has 8 bits */

/* A pin of a view counts twice: for the parent, whose block must stay, and for the view, which will be unpinned. */
static void host_pin(const dynarray_lua_api *api, lua_State *L, int index) {
    Array *A = check_array(api, L, index, DYNARRAY_ANY), *owner = anchor_owner(A);
    check_open(L, owner);
    if (pins_of(owner) >= MOST_PINS || pins_of(A) >= MOST_PINS)
        luaL_error(L, "array is pinned %d times", MOST_PINS);
    array_fix(&owner->core);
    if (A != owner) array_fix(&A->core);
}

static void host_unpin(const dynarray_lua_api *api, lua_State *L, int index) {
    Array *A = check_array(api, L, index, DYNARRAY_ANY);
    if (!is_pinned(A)) luaL_error(L, "array is not pinned");
    remove_pins(A, 1);
}

/* ---------------------------------------------------------------------------------------------
** Files
*/

static dynarray *host_open(const dynarray_lua_api *api, lua_State *L, const char *path,
                           dynarray_type type, dynarray_mode mode, dynarray_failure *why) {
    Options options;
    Array *A;
    if (type != DYNARRAY_ANY) check_type(L, type, false);
    luaL_checkstack(L, LUA_MINSTACK, NULL);
    options = options_for(type);
    A = file_block_open(L, state_of_api(api), path, mode, &options, why);
    return A != NULL ? &A->core : NULL;
}

static void host_commit(const dynarray_lua_api *api, lua_State *L, int index) {
    dynarray_commit(&check_array(api, L, index, DYNARRAY_ANY)->core);
}

static dynarray_status host_flush(const dynarray_lua_api *api, lua_State *L, int index,
                                  dynarray_failure *why) {
    return dynarray_flush(&anchor_owner(check_array(api, L, index, DYNARRAY_ANY))->core, why);
}

static dynarray_heap *host_heap(const dynarray_lua_api *api) { return &state_of_api(api)->heap; }

void host_init(State *S) {
    static const dynarray_lua_api functions = {
        DYNARRAY_LUA_ABI, sizeof(dynarray_lua_api),
        host_push,        host_test,
        host_check,       host_check_writable,
        host_room,        host_wrap,
        host_detach,      host_adopt,
        host_pin,         host_unpin,
        host_heap,        host_discard,
        host_open,        host_commit,
        host_flush,
    };
    S->api = functions;
}
