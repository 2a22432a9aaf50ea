/* file_block.c: see file_block.h. */
#include "lua/array/file_block.h"

#include "core/open_file.h"
#include "lua/array/construction.h"
#include "lua/array/holding.h"
#include "lua/array/lifecycle.h"
#include "lua/array/view_sync.h"

/* The default capacity is cut to max_size; array_new refuses a given one that is too large. */
static size_t capacity_of(const Options *options) {
    if (options->max_size == 0 || options->capacity <= options->max_size) return options->capacity;
    return options->max_size;
}

Array *file_block_open(lua_State *L, State *S, const char *path, dynarray_mode mode,
                       const Options *options, dynarray_failure *why) {
    Options blank = *options;
    dynarray_status status;
    Config *config;
    Array *A;
    int index;
    if (options->type == DYNARRAY_TYPE_COUNT) blank.type = DYNARRAY_FLOAT64;
    if (!options->has_capacity || options->max_size == 0 || options->capacity <= options->max_size)
        blank.capacity = 0;
    A = array_new(L, S, &blank);
    index = lua_gettop(L);
    config = own_config(L, A);
    holding_require(
        L, A); /* so that the file is closed with the state, even if something fails later */
    check_blank(L, A);
    status = open_file_open(&A->core, path, options->type, mode, capacity_of(options), why);
    if (status != DYNARRAY_OK) {
        array_close(L, A, index);
        lua_settop(L, index - 1);
        return NULL;
    }
    A->holding->stats.peak_bytes = A->core.capacity * A->core.element_size;
    config->is_file = open_file_identify(&A->core, &config->file);
    if (mode == DYNARRAY_MODE_READ) {
        A->core.flags |= ARRAY_READ_ONLY;
        forget_array(S, A); /* it is never a known array, see array_test */
    }
    holding_note(A);
    return A;
}

bool is_own_file(Array *A, const char *path) {
    const Array *const owner = anchor_owner(A);
    return owner->core.block == DYNARRAY_BLOCK_FILE && !is_reader(owner) &&
           open_file_is_at(&owner->core, path);
}
