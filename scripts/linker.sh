#!/bin/sh
# Says nothing if the tools can hide names (the linker of CC and LDFLAGS by a version script, OBJCOPY by giving others).
# make asks before `make setup` has installed a compiler. What it installs is gcc with GNU's linker, which can.
command -v "${CC:-cc}" >/dev/null || exit 0
directory=$(mktemp -d) || exit 1
trap 'rm -rf "$directory"' EXIT
cd "$directory" || exit 1
{
    echo 'int internal(void); int internal(void) { return 1; }' >a.c
    echo 'internal dynarray__internal' >names
    echo '{ global: dynarray__internal; local: *; };' >map
    ${CC:-cc} -fPIC -c -o a.o a.c &&
        ${OBJCOPY:-objcopy} --redefine-syms=names a.o b.o && ${OBJCOPY:-objcopy} --wildcard --weaken-symbol='lua_*' b.o &&
        ${CC:-cc} -shared ${LDFLAGS:-} -Wl,--version-script=map -o a.so b.o
} >/dev/null 2>&1 || echo "names cannot be hidden one by one here"
