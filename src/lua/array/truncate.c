/* truncate.c: takes elements off the end. */
#include "lua/array/truncate.h"

#include "core/open_file.h"
#include "lua/array/conversion.h"
#include "lua/base/error.h"

void pop_element(lua_State *L, Array *A, int index) {
    const size_t last = A->core.size - 1;
    check_not_fixed(L, A);
    push_element(L, A, index, last);
    value_release(L, A, index, last, last + 1);
    array_set_size(&A->core, last);
}

void truncate_to(lua_State *L, Array *A, int index, size_t n) {
    if (n < A->core.size) check_not_fixed(L, A);
    value_release(L, A, index, n, A->core.size);
    array_set_size(&A->core, n);
}
