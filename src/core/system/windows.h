/* windows.h: includes Windows' own header without rarely used parts, and without its macros for common words. */
#ifndef DYNARRAY_WINDOWS_H
#define DYNARRAY_WINDOWS_H

#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN
#endif
#ifndef NOMINMAX
#define NOMINMAX
#endif
#include <windows.h>
#undef near
#undef far

#endif
