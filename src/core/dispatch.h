/*
** dispatch.h: from an element type to the function for it.
**
** For a function that DYNARRAY_NUMERIC_TYPES defines for each numeric type T as function_T:
**
**   DISPATCH(type, function, ...)         calls function_T(...)
**   DISPATCH_RETURN(type, function, ...)  returns what function_T returns
**
** If the functions are inlined, only the switch remains. Callers have checked that the type is numeric. Any other would
** be taken for int8, the smallest: nothing outside of the array would be touched.
*/
#ifndef DISPATCH_H
#define DISPATCH_H

#include "dynarray.h"

#define DISPATCH(type, function, ...)                                                              \
    do {                                                                                           \
        switch (type) {                                                                            \
        default: DYNARRAY_NUMERIC_TABLE(DISPATCH_CALL_CASE, (function, (__VA_ARGS__)))             \
        }                                                                                          \
    } while (0)

#define DISPATCH_RETURN(type, function, ...)                                                       \
    do {                                                                                           \
        switch (type) {                                                                            \
        default: DYNARRAY_NUMERIC_TABLE(DISPATCH_RETURN_CASE, (function, (__VA_ARGS__)))           \
        }                                                                                          \
    } while (0)

#define DISPATCH_CALL_CASE(call, CONSTANT, name, ctype, kind, min, max, width)                     \
    case DYNARRAY_##CONSTANT:                                                                      \
        DISPATCH_CALL(name, DISPATCH_UNPACKED call);                                               \
        break;
#define DISPATCH_RETURN_CASE(call, CONSTANT, name, ctype, kind, min, max, width)                   \
    case DYNARRAY_##CONSTANT:                                                                      \
        return DISPATCH_CALL(name, DISPATCH_UNPACKED call);
#define DISPATCH_UNPACKED(...) __VA_ARGS__
#define DISPATCH_CALL(...) DISPATCH_CALL_(__VA_ARGS__)
#define DISPATCH_CALL_(name, function, arguments) function##_##name arguments

#endif
