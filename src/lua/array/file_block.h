/* file_block.h: arrays whose block is a file. */
#ifndef BINDING_FILE_BLOCK_H
#define BINDING_FILE_BLOCK_H

#include "lua/array/options.h"

/*
** Pushes a new array on the file at `path`; options.type is DYNARRAY_TYPE_COUNT for the file's. NULL, with
** nothing pushed and *why filled, if that fails. May run Lua code, before the file is opened, and raise.
*/
Array *file_block_open(lua_State *L, State *S, const char *path, dynarray_mode mode,
                       const Options *options, dynarray_failure *why);

#endif
