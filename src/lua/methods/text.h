/* text.h: arrays as text. */
#ifndef BINDING_METHODS_TEXT_H
#define BINDING_METHODS_TEXT_H

#include "lua/base/compat.h"

extern const luaL_Reg text_methods[];

#endif
