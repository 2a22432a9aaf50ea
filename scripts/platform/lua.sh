#!/bin/sh
# lua.sh TARGET DIRECTORY: Lua 5.4, built for the target by CC into DIRECTORY: the program lua.bin, for musl liblua.a, too
# (windows: lua.exe and lua54.dll).
# Its source is fetched into build/platform/lua.
set -eu

source=build/platform/lua
scripts/platform/lua-source.sh "$source"
mkdir -p "$2"
all=$(ls "$source"/src/*.c | grep -v '/luac\?\.c$')
case $1 in
    windows)
        [ -e "$2/lua.exe" ] && exit 0
        # shellcheck disable=SC2086  # one word a file
        $CC -O2 -shared -static-libgcc -DLUA_BUILD_AS_DLL -o "$2/lua54.dll" $all -Wl,--out-implib,"$2/liblua54.dll.a"
        $CC -O2 -static-libgcc -DLUA_BUILD_AS_DLL -o "$2/lua.exe" "$source/src/lua.c" -L"$2" -llua54 ;;
    *)
        [ -e "$2/lua.bin" ] && exit 0
        mkdir -p "$2/objects"
        for file in $all; do # by default it finds what Debian has of modules in Lua
            $CC -O2 -DLUA_USE_POSIX -DLUA_USE_DLOPEN \
                '-DLUA_PATH_DEFAULT="/usr/share/lua/5.4/?.lua;/usr/share/lua/5.4/?/init.lua;./?.lua;./?/init.lua"' \
                -c -o "$2/objects/$(basename "$file" .c).o" "$file"
        done
        [ "$1" != musl ] || ar qcs "$2/liblua.a" "$2"/objects/*.o
        $CC -O2 -o "$2/lua.bin" "$source/src/lua.c" "$2"/objects/*.o -Wl,-E -lm -ldl ;;
esac
