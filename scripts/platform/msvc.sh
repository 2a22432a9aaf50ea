#!/bin/sh
# msvc.sh: what Microsoft's compiler can be thought to say of the library, asked of clang, which compiles for its system by
# wine's headers: without __GNUC__, so that an extension of gcc that is used without asking for it is found.
set -eu

place=build/platform/msvc
headers=/usr/include/wine/wine
missing() { echo "check-platform: msvc needs $1 (Debian: $2)" >&2; exit 77; }
command -v clang >/dev/null || missing clang clang
[ -e "$headers/windows/windows.h" ] || missing "wine's headers" libwine-dev

scripts/platform/lua-source.sh build/platform/lua
"${LUA:-lua5.4}" scripts/amalgamate.lua "$place"

passed=0 failed=0
# wine's headers have no isunordered and no FLT_EVAL_METHOD, Microsoft's have.
compile() {
    clang --target=x86_64-pc-windows-msvc -std=c11 -nostdlibinc -isystem "$headers/msvcrt" -isystem "$headers/windows" \
        -isystem build/platform/lua/src -D'isunordered(x,y)=__builtin_isunordered(x,y)' -DFLT_EVAL_METHOD=0 \
        -Wall -Wextra -Wpedantic -Werror -Wno-unused-function "$@" "$place/dynarray.c"
}
# Lines that come from our sources, by the marks that the preprocessor leaves.
ours() {
    awk -v name="$place/" '/^# [0-9]+ "/ { mine = index($3, name); next } mine' "$1"
}
for switches in "-DDYNARRAY_MODULE" "-DDYNARRAY_NO_LUA" "-DNDEBUG"; do
    if compile -c -o "$place/dynarray.obj" "$switches" >"$place/log" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "msvc: clang does not compile it with $switches:"
        tail -n 25 "$place/log"
    fi
    compile -E -o "$place/dynarray.i" "$switches"
    # what isunordered (see above), offsetof, va_arg, NAN, INFINITY and HUGE_VAL of these headers become
    if ours "$place/dynarray.i" | grep -n '__attribute__\|__asm__\|__typeof\|__builtin_' | grep -v '__builtin_\(isunordered\|offsetof\|va_\|nanf\|inff\|huge_val()\)' >"$place/log"; then
        failed=$((failed + 1))
        echo "msvc: extensions of gcc in what is compiled with $switches:"
        head -n 25 "$place/log"
    else
        passed=$((passed + 1))
    fi
done
[ "$failed" -gt 0 ] || echo "msvc: clang compiles the module, the core and the library; no extension of gcc is in them"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
