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

/*
** Whether that path is the file to which the array, or the parent of the view, writes. A file that took its place would leave
** the array in one without a name.
*/
bool is_own_file(Array *A, const char *path);
#define OWN_FILE "the array's own file; flush writes it to the disk, close completes it"

#endif
