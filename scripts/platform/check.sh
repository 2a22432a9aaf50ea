#!/bin/sh
# check.sh TARGET [SPEC ...]: builds Lua and the library for another system, in build/platform/TARGET, and tries what can be
# tried here: the core's checks, the examples of the reference, specs. SHORT=1: few specs, as CI does. Where something is
# missing, it says in one line what, and ends with 77.
set -eu

target=$1
shift
case $target in msvc|unix) exec "scripts/platform/$target.sh" ;; esac
place=build/platform/$target
host_lua=${LUA:-lua5.4}
seed=${DYNARRAY_SEED:-$(date +%s)}

missing() { echo "check-platform: $target needs $1 (Debian: $2)" >&2; exit 77; }
needs() { command -v "$1" >/dev/null || missing "$1" "$2"; }

# What compiles for each target, and what runs its programs. gcc for other processors is fetched unless it is installed.
run=
emulated() { # triple, architecture, qemu's name for it
    needs "qemu-$3-static" qemu-user-static
    cc=$1-gcc root=/usr/$1
    if ! command -v "$cc" >/dev/null; then
        scripts/platform/cross.sh "$1" "$2" "build/platform/cross-$2"
        PATH=$PWD/build/platform/cross-$2/bin:$PATH root=$PWD/build/platform/cross-$2/root/usr/$1
    fi
    run="qemu-$3-static -L $root"
}
case $target in
    musl) cc=musl-gcc; needs musl-gcc musl-tools ;;
    arm64) emulated aarch64-linux-gnu arm64 aarch64 ;;
    s390x) emulated s390x-linux-gnu s390x s390x ;;
    armhf) emulated arm-linux-gnueabihf armhf arm ;;
    windows)
        cc=x86_64-w64-mingw32-gcc run=$(command -v wine64 || echo /usr/lib/wine/wine64)
        needs "$cc" gcc-mingw-w64-x86-64
        needs "$run" wine64 ;;
    *) echo "check-platform: which one? TARGET=musl, arm64, s390x, armhf, windows, msvc or unix" >&2; exit 2 ;;
esac
[ -e /usr/share/lua/5.4/busted/runner.lua ] || missing busted lua-busted

export WINEDEBUG=-all WINEPREFIX="$PWD/$place/wine"
unset MAKEFLAGS MFLAGS MAKELEVEL LUA_CPATH
mkdir -p "$place" build/spec
log=$place/log
: >"$log"

# Where no program of that system runs, that says nothing of the library.
echo 'int main(void) { return 0; }' >"$place/nothing.c"
$cc -o "$place/nothing.exe" "$place/nothing.c" && $run "$place/nothing.exe" >"$place/said" 2>&1 ||
    { echo "check-platform: programs for $target do not run here: ${run:-$cc}" >&2; exit 77; }

passed=0 failed=0
check() { # what, command...
    what=$1
    shift
    if "$@" >"$place/said" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "$target: $what failed:"
        tail -n 25 "$place/said"
    fi
    cat "$place/said" >>"$log"
}

CC=$cc scripts/platform/lua.sh "$target" "$place"
lua=$PWD/$place/lua
case $target in
    windows)
        make -s -j"$(getconf _NPROCESSORS_ONLN)" TARGET=windows OUT="$place/build" CFLAGS="${CFLAGS:--O2 -g}" >"$log" 2>&1 || { tail -n 20 "$log"; exit 1; }
        program=$lua.exe module='?.dll' ;;
    *)
        tools=
        [ "$target" = musl ] || tools="OBJCOPY=${cc%gcc}objcopy NM=${cc%gcc}nm AR=${cc%gcc}ar"
        # shellcheck disable=SC2086  # one word a tool
        make -s -j"$(getconf _NPROCESSORS_ONLN)" OUT="$place/build" CC="$cc" $tools CFLAGS="${CFLAGS:--O2 -g}" \
            LUA_CFLAGS=-Ibuild/platform/lua/src >"$log" 2>&1 || { tail -n 20 "$log"; exit 1; }
        program=$lua.bin module='?.so' ;;
esac
# A command of one word, for specs that start Lua themselves. By qemu's -0, Lua knows itself by that name.
named=
case $run in qemu*) named="-0 '$lua'" ;; esac
printf '#!/bin/sh\nexec %s %s "%s" "$@"\n' "$run" "$named" "$program" >"$lua"
chmod +x "$lua"

export CC="$cc" LUA="$lua"
here=$PWD # as scripts may start in another folder; wine has other names for it
[ "$target" != windows ] || here=.
export LUA_PATH="$here/lua/?.lua;$here/lua/?/init.lua;$here/spec/?.lua;/usr/share/lua/5.4/?.lua;/usr/share/lua/5.4/?/init.lua"
export LUA_CPATH="$here/$place/build/$module" DYNARRAY_OUT="$PWD/$place/build"
export LUA_CFLAGS="-I$PWD/build/platform/lua/src" DYNARRAY_RUN="$run" LUA_LIBS=
[ "$target" != musl ] || LUA_LIBS=$place/liblua.a

# The core's checks.
suffix=
[ "$target" != windows ] || suffix=.exe
$cc -std=c11 -O1 -Isrc/include -o "$place/core$suffix" spec/support/core.c "$place/build/libdynarray.a" -lm
$run "$place/core$suffix" | tr -d '\r' >"$place/checks"
while read -r name; do
    case $run$name in # qemu does not pass on the advice that asks for pages
        qemu*" pages ahead"*) echo "$target: left out under qemu: $name"; continue ;;
    esac
    check "core: $name (DYNARRAY_SEED=$seed)" $run "$place/core$suffix" "$name" "$seed"
done <"$place/checks"
checks=$passed

check "the examples of the reference" "$lua" spec/support/examples.lua
tail -n 1 "$place/said"

# Specs: those named. Else with musl all but those that need Debian's packages, which know glibc alone: its Luas, servers, ldoc
# (clingo haproxy lighttpd lua_versions site), compilers that link with it, and sanitizers (amalgamation install threads), a shell
# after which a library of ours is loaded (file_refusal save), make's library in the checkout (bench).
# With Windows those that start no other program, which it does in another way; few where each instruction is emulated.
with_musl() {
    for spec in spec/*_spec.lua; do
        case $spec in
            */amalgamation_* | */bench_* | */clingo_* | */file_refusal_* | */haproxy_* | */install_* | */lighttpd_* | \
                */lua_versions_* | */save_* | */site_* | */threads_*) ;;
            *) echo "$spec" ;;
        esac
    done
}
alone() { grep -LE 'io\.popen|os\.execute|model\.life|support\.(build|child|native|outside|plain|server|lighttpd|lab|browser|documents)' spec/*_spec.lua; }
if [ $# -eq 0 ]; then
    # shellcheck disable=SC2046  # a word a file
    case ${SHORT:+short-}$target in
        short-*) set -- spec/append_spec.lua spec/arithmetic_spec.lua spec/insert_remove_spec.lua spec/system_spec.lua ;;
        musl) set -- $(with_musl) ;;
        windows) set -- $(alone) ;;
        *) set -- spec/arithmetic_spec.lua spec/file_spec.lua spec/insert_remove_spec.lua spec/mapped_file_spec.lua spec/sort_spec.lua spec/value_spec.lua spec/view_spec.lua ;;
    esac
fi
files=$# # of specs
: >"$place/counts"
for spec in "$@"; do
    check "$spec" timeout 900 "$lua" scripts/platform/specs.lua --output=plainTerminal "$spec"
    grep ' pending : ' "$place/said" | tail -n 1 >>"$place/counts" || :
done

# musl's headers do without extensions of gcc: so the library can be tried as compilers build it that have none.
if [ "$target" = musl ]; then
    "$host_lua" scripts/amalgamate.lua "$place/plain"
    musl-gcc -std=c11 -O2 -U__GNUC__ -fPIC -shared -DDYNARRAY_MODULE "$LUA_CFLAGS" -o "$place/plain/dynarray.so" "$place/plain/dynarray.c" 2>"$place/said"
    export LUA_CPATH="./$place/plain/?.so"
    for spec in arithmetic compute insert_remove sort; do
        check "spec/${spec}_spec.lua without extensions of gcc" "$lua" scripts/platform/specs.lua --output=plainTerminal \
            "spec/${spec}_spec.lua"
    done
fi

# LuaRocks as a system with musl has it: it runs in that Lua, and compiles for it.
if [ "$target" = musl ] && [ -z "${SHORT:-}" ]; then
    if luarocks=$(command -v luarocks) && command -v zip >/dev/null && git rev-parse HEAD >/dev/null 2>&1; then
        printf '#!/bin/sh\nLUA_PATH="/usr/share/lua/5.4/?.lua" exec "%s" "%s" "$@" CC=musl-gcc LD=musl-gcc LUA_INCDIR="%s"\n' \
            "$lua" "$luarocks" "$PWD/build/platform/lua/src" >"$place/luarocks"
        chmod +x "$place/luarocks"
        check "a source rock, installed by LuaRocks" make -s rock LUA="$lua" LUAROCKS="$PWD/$place/luarocks"
    else
        echo "$target: left out: the source rock (Debian: luarocks, zip; in a git checkout)"
    fi
fi

# A time says nothing of whether the library works, so it is only told.
if [ "$target" = musl ] && [ -z "${SHORT:-}" ] && make -s module OUT="$place/here" CC=gcc LUA="$host_lua" >>"$log" 2>&1; then
    echo "$target: dropping 400 arrays of 1 MiB takes $("$host_lua" scripts/platform/churn.lua \
        "$lua" "./$place/build/?.so" "$host_lua" "./$place/here/?.so") times what it takes with this system's libc"
fi

echo "$target: $checks checks of the core; $files spec files: $(awk '{ s += $1; f += $4; e += $7; p += $10 }
    END { printf "%d specs passed, %d failed, %d are pending", s, f + e, p }' "$place/counts")"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
