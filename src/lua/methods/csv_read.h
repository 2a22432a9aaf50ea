/* csv_read.h: reads columns of numbers from text. */
#ifndef BINDING_METHODS_CSV_READ_H
#define BINDING_METHODS_CSV_READ_H

#include "lua/base/compat.h"

extern const luaL_Reg csv_read_functions[];

#endif
