/*
** dispatch.h: from an element type to the function for it.
**
** For a function that DYNARRAY_NUMERIC_TYPES defines for each numeric type T as function_T:
**
**   DISPATCH(type, function, ...)         calls function_T(...)
**   DISPATCH_RETURN(type, function, ...)  returns what function_T returns
**   DISPATCH_RETURN_INTEGER(...)          the same, if only integer types have that function
**   DISPATCH_RETURN_FLOAT(...)            the same, if only float types have it
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

#define DISPATCH_RETURN_INTEGER(type, function, ...)                                               \
    do {                                                                                           \
        switch (type) {                                                                            \
        default: DYNARRAY_NUMERIC_TABLE(DISPATCH_INTEGER_CASE, (function, (__VA_ARGS__)))          \
        }                                                                                          \
    } while (0)

#define DISPATCH_RETURN_FLOAT(type, function, ...)                                                 \
    do {                                                                                           \
        switch (type) {                                                                            \
        default: DYNARRAY_NUMERIC_TABLE(DISPATCH_FLOAT_CASE, (function, (__VA_ARGS__)))            \
        }                                                                                          \
    } while (0)

#define DISPATCH_CALL_CASE(call, CONSTANT, name, ctype, kind, min, max, width)                     \
    case DYNARRAY_##CONSTANT:                                                                      \
        DISPATCH_CALL(name, DISPATCH_UNPACKED call);                                               \
        break;
#define DISPATCH_RETURN_CASE(call, CONSTANT, name, ctype, kind, min, max, width)                   \
    case DYNARRAY_##CONSTANT:                                                                      \
        return DISPATCH_CALL(name, DISPATCH_UNPACKED call);
#define DISPATCH_INTEGER_CASE(call, CONSTANT, name, ctype, kind, min, max, width)                  \
    DISPATCH_INTEGER_##kind(call, CONSTANT, name, ctype, kind, min, max, width)
#define DISPATCH_INTEGER_SIGNED(...) DISPATCH_RETURN_CASE(__VA_ARGS__)
#define DISPATCH_INTEGER_UNSIGNED(...) DISPATCH_RETURN_CASE(__VA_ARGS__)
#define DISPATCH_INTEGER_FLOAT(...)
#define DISPATCH_FLOAT_CASE(call, CONSTANT, name, ctype, kind, min, max, width)                    \
    DISPATCH_FLOAT_##kind(call, CONSTANT, name, ctype, kind, min, max, width)
#define DISPATCH_FLOAT_SIGNED(...)
#define DISPATCH_FLOAT_UNSIGNED(...)
#define DISPATCH_FLOAT_FLOAT(...) DISPATCH_RETURN_CASE(__VA_ARGS__)
#define DISPATCH_UNPACKED(...) __VA_ARGS__
#define DISPATCH_CALL(...) DISPATCH_CALL_(__VA_ARGS__)
#define DISPATCH_CALL_(name, function, arguments) function##_##name arguments

#endif
