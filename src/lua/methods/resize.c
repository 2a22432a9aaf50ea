/* resize.c: size and capacity: clear, resize, reserve, shrink_to_fit. */
#include "lua/methods/resize.h"

#include "lua/array/anchor.h"
#include "lua/array/append.h"
#include "lua/array/argument.h"
#include "lua/array/growth.h"
#include "lua/array/truncate.h"

/* clear(a) -> a */
static int method_clear(lua_State *L) {
    truncate_to(L, self_most(L, 1), 1, 0);
    lua_settop(L, 1);
    return 1;
}

/* reserve(a, n) -> a */
static int method_reserve(lua_State *L) {
    Array *A = self_most(L, 2);
    size_t n = check_size(L, 2, "capacity", 0, dynarray_max_capacity(A->core.element_size));
    if (n > A->core.capacity) raise_capacity(L, A, 1, n);
    lua_settop(L, 1);
    return 1;
}

/* shrink_to_fit(a) -> a */
static int method_shrink_to_fit(lua_State *L) {
    Array *A = self_most(L, 1);
    if (A->core.size < A->core.capacity) lower_capacity(L, A, A->core.size);
    if (holds_values(A)) value_drop_slots(L, A, 1);
    lua_settop(L, 1);
    return 1;
}

/* resize(a, n [, fill]) -> a */
static int method_resize(lua_State *L) {
    Array *A = self_writable_most(L, 3);
    size_t n = check_size(L, 2, "size", 0, dynarray_max_capacity(A->core.element_size));
    if (n < A->core.size)
        truncate_to(L, A, 1, n);
    else if (n > A->core.size)
        resize_up(L, A, 1, n, lua_isnone(L, 3) ? 0 : 3);
    lua_settop(L, 1);
    return 1;
}

const luaL_Reg resize_methods[] = {
    {"clear", method_clear},
    {"resize", method_resize},
    {"reserve", method_reserve},
    {"shrink_to_fit", method_shrink_to_fit},
    {NULL, NULL},
};
