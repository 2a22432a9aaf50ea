#!/bin/sh
# Runs the module under a Lua of the same version as Debian's that is built to find faults: `make check-hard`. Usage:
# hard.sh [SPEC...]: these specs, or those that use most of Lua's C API.
#
#   checked   LUA_USE_APICHECK and LUAI_ASSERT: each call of Lua's C API is checked. Specs run under it.
#   hard      and HARDMEMTESTS and HARDSTACKTESTS: a full collection wherever one may come, and the stack moves whenever it is
#             looked at. The examples of the reference, random lives, and the inputs of the fuzzers run under it.
#
# The source comes from apt (see platform/lua-source.sh). Where it cannot be had, nothing runs, which is no failure.
set -u

lua=build/platform/lua out=build/hard
mkdir -p $out
if ! scripts/platform/lua-source.sh $lua 2>$out/source.log; then
    echo "check-hard: skipped: no source of Lua: $(cat $out/source.log)"
    exit 0
fi
files=$(find $lua/src -name '*.c' ! -name lua.c ! -name luac.c)
flags="-g -DLUA_USE_POSIX -DLUA_USE_DLOPEN -DLUA_USE_APICHECK -DLUAI_ASSERT"
hard="$flags -DHARDMEMTESTS -DHARDSTACKTESTS"
build() { # program, flags
    # shellcheck disable=SC2086  # one word a flag and a file
    [ -e "$out/$1" ] || "${CC:-cc}" -O1 $2 -o "$out/$1" $lua/src/lua.c $files -Wl,-E -lm -ldl
}
build checked "$flags" && build hard "$hard" || exit 1

# Where Debian's Lua finds busted.
path=$(unset LUA_PATH; "${LUA:-lua5.4}" -e 'print(package.path)')
cpath=$(unset LUA_CPATH; "${LUA:-lua5.4}" -e 'print(package.cpath)')
export LUA_PATH="$PWD/lua/?.lua;$PWD/lua/?/init.lua;$PWD/spec/?.lua;$path"
export LUA_CPATH="${DYNARRAY_OUT:-$PWD}/?.so;$cpath"
status=0

[ $# -gt 0 ] || set -- accounting aliases append arithmetic collector compare_concat compute construct copy csv \
    element_types extend growth host index insert_remove iterate limit map_filter_reduce mapped_file memory misuse priority_queue \
    reduce reentry resize sandbox search sequence several_blocks tostring value view
echo "check-hard: specs under a Lua that checks each call of its API"
for name in "$@"; do
    name=${name#spec/}
    LUA="$PWD/$out/checked" $out/checked spec/run.lua --output=plainTerminal "spec/${name%_spec.lua}_spec.lua" || status=1
done

echo "check-hard: examples and random lives under a Lua that collects and moves its stack all the time"
LUA="$PWD/$out/hard" $out/hard spec/support/examples.lua || status=1
$out/hard -e '
    local run, types = require "model.life", require "support.types"
    local seed = math.tointeger(os.getenv "DYNARRAY_SEED") or os.time()
    for k, kind in ipairs(types.all) do
        for _, bounds in ipairs { "strict", "sequence" } do
            math.randomseed(seed, k)
            run(kind, bounds, 300, seed)
        end
    end' || status=1

if [ -x build/fuzz/lua ] && [ -x build/fuzz/host ]; then
    echo "check-hard: the inputs of the fuzzers under that Lua, and the address sanitizer"
    mkdir -p $out/objects
    # shellcheck disable=SC2086,SC2016  # one word a flag; the inner shell's
    [ -e $out/liblua.a ] || { echo $files | tr ' ' '\n' | flags=$hard xargs -P "$(getconf _NPROCESSORS_ONLN)" -n 1 sh -c '
        clang $flags -O1 -fsanitize=address -c -o "build/hard/objects/$(basename "$0").o" "$0"' &&
        ar qcs $out/liblua.a $out/objects/*.o; } || exit 1
    for name in host lua; do
        clang -g -O1 -fsanitize=fuzzer,address,undefined -Isrc -Isrc/include -I$lua/src -o "$out/$name" \
            "spec/fuzz/$name.c" build/fuzz/library.a $out/liblua.a -lm -ldl &&
            "$out/$name" -runs=0 -timeout=300 -report_slow_units=300 -close_fd_mask=1 \
                -artifact_prefix="$PWD/$out/$name-" "spec/fuzz/$name" 2>"$out/$name.log" && continue
        status=1
        tail -n 40 "$out/$name.log"
    done
else
    echo "check-hard: without the inputs of the fuzzers: make fuzz builds those"
fi
exit $status
