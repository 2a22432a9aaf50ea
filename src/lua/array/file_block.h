/* file_block.h: arrays whose block is a file. */
#ifndef BINDING_FILE_BLOCK_H
#define BINDING_FILE_BLOCK_H

#include "lua/array/options.h"

/*
** Pushes a new array that is the file at `path`. options.type may be DYNARRAY_TYPE_COUNT: that of the file. If it fails,
** returns NULL, pushes nothing, and *why says what is wrong. May run Lua code before the file is opened, and raise.
*/
Array *file_block_open(lua_State *L, State *S, const char *path, dynarray_mode mode,
                       const Options *options, dynarray_failure *why);

#endif
