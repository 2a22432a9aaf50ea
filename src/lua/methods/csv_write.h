/* csv_write.h: writes columns of numbers as text. */
#ifndef BINDING_METHODS_CSV_WRITE_H
#define BINDING_METHODS_CSV_WRITE_H

#include "lua/base/compat.h"

extern const luaL_Reg csv_write_methods[];

#endif
