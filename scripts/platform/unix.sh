#!/bin/sh
# unix.sh: what macOS, FreeBSD and others need, as far as Linux can try it: the tools of other systems (bmake, BusyBox, lld
# and LLVM's), the commands that make gives where uname says Darwin, and clang for these systems, by musl's headers.
set -eu

place=$PWD/build/platform/unix
missing() { echo "check-platform: unix needs $1 (Debian: $2)" >&2; exit 77; }
needs() { command -v "$1" >/dev/null || missing "$1" "$2"; }
needs bmake bmake
needs busybox busybox
needs clang clang
needs ld.lld lld
headers=/usr/include/x86_64-linux-musl
[ -e "$headers/unistd.h" ] || missing "musl's headers" musl-dev

unset MAKEFLAGS MFLAGS MAKELEVEL LUA_PATH LUA_CPATH
lua=$(command -v "${LUA:-lua5.4}")
unset LUA CC
rm -rf "$place"
mkdir -p "$place"
passed=0 failed=0
# A check prints only what is wrong.
check() { # what, function
    if said=$("$2" 2>&1) && [ -z "$said" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "unix: $1:"
        echo "$said" | tail -n 25
    fi
}

bsd_make() {
    said=$(bmake 2>&1 | grep .)
    echo "$said" | grep -q 'needs GNU make: gmake$' && [ "$(echo "$said" | wc -l)" -eq 1 ] || echo "$said"
}

# Commands that GNU make of 2006, as macOS has it, does not know.
old_make() {
    grep -n '\$(file \|^[A-Za-z_]* *!=\|::=\|^undefine \|^define .*=\|ONESHELL\|SHELLFLAGS\|^private \|\$(let \|\$(intcmp ' Makefile mk/*.mk || :
}

# A folder with all that make calls, from BusyBox, and what compiles.
busybox_tools() {
    tools=$place/tools
    mkdir -p "$tools"
    for tool in $(busybox --list); do ln -s "$(command -v busybox)" "$tools/$tool"; done
    for tool in ar as ld make nm objcopy pkg-config; do ln -sf "$(command -v $tool)" "$tools/$tool"; done
    for tool in cc gcc; do # perhaps ccache, which looks for the compiler
        printf '#!/bin/sh\nPATH="%s" exec "%s" "$@"\n' "$PATH" "$(command -v $tool)" >"$tools/$tool"
        chmod +x "$tools/$tool"
    done
    ln -s "$lua" "$tools/lua5.4"
    try() { env -i PATH="$tools" HOME="$HOME" make -s OUT="$place/busybox" WHOLE=yes CFLAGS=-O1 DESTDIR="$place/root" PREFIX=/usr "$@"; }
    try build >"$place/built" && try install >"$place/installed" && [ -e "$place/root/usr/lib/pkgconfig/dynarray.pc" ] &&
        try uninstall && find "$place/root" ! -type d
}

lld_and_llvm() {
    llvm=$(ls -d /usr/lib/llvm-*/bin | tail -n 1)
    for tool in ar nm objcopy; do
        [ -e "$llvm/llvm-$tool" ] || { echo "no llvm-$tool here (Debian: llvm)"; return; }
    done
    make -s OUT="$place/lld" CC=clang LDFLAGS=-fuse-ld=lld CFLAGS=-O1 AR="$llvm/llvm-ar" NM="$llvm/llvm-nm" OBJCOPY="$llvm/llvm-objcopy" >"$place/built" &&
        LUA_CPATH="$place/lld/?.so" LUA_PATH="$PWD/lua/?.lua" "$lua" -e 'assert(require("dynarray").of(1, 2, 3):sum() == 6)'
}

darwin() {
    mkdir -p "$place/darwin"
    printf '#!/bin/sh\necho Darwin\n' >"$place/darwin/uname"
    chmod +x "$place/darwin/uname"
    said=$(PATH=$place/darwin:$PATH make -n OUT="$place/dylib" OBJCOPY=false 2>&1) || { echo "$said"; return; }
    echo "$said" | grep -- 'version-script\|soname\|objcopy\|-shared' || :
    for words in '-bundle -undefined dynamic_lookup' '-dynamiclib -undefined dynamic_lookup' 'libdynarray\.0\.dylib'; do
        echo "$said" | grep -q -e "$words" || echo "make does not say $words"
    done
}

# Alpine, Fedora, FreeBSD and Homebrew name Lua in their ways. `lua` may be any version: another one is not taken.
package_of_lua() { # name, version
    mkdir -p "$place/$1"
    printf 'Name: Lua\nDescription: Lua\nVersion: %s\nCflags: -I/where/%s/is\n' "$2" "$1" >"$place/$1/$1.pc"
    PKG_CONFIG_LIBDIR="$place/$1" make -n OUT="$place/none" module 2>/dev/null | grep -q "I/where/$1/is"
}
names_of_lua() {
    for name in lua5.4 lua-5.4 lua54 lua; do
        package_of_lua $name 5.4.8 || echo "$name is not found"
    done
    if package_of_lua lua 5.5.0; then echo "Lua 5.5 is taken for 5.4"; fi
}

# Other systems' branches: files without what Linux has, no pages, no files that grow.
other_systems() {
    scripts/platform/lua-source.sh build/platform/lua
    "$lua" scripts/amalgamate.lua "$place/whole"
    for system in arm64-apple-macos13 x86_64-unknown-freebsd13 x86_64-unknown-netbsd x86_64-unknown-openbsd; do
        clang --target=$system -std=c11 -fsyntax-only -nostdlibinc -isystem "$headers" -isystem build/platform/lua/src \
            -DF_FULLFSYNC=51 -Wall -Wextra -Wpedantic -Werror -Wno-unused-function "$place/whole/dynarray.c" || echo "$system"
    done
}

check "bmake does not say in one line what is needed" bsd_make
check "GNU make 3.81 does not know" old_make
check "with BusyBox's tools" busybox_tools
check "with clang, lld and LLVM's tools" lld_and_llvm
check "the commands for Darwin" darwin
check "Lua by another name of pkg-config" names_of_lua
check "clang for other systems" other_systems
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
