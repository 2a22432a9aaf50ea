#!/bin/sh
# distcheck.sh TARBALL ARGS: what the tarball holds builds, passes its tests, installs and leaves nothing behind, in a
# folder of its own. ARGS goes to busted.
set -eu

name=$(basename "$1" .tar.gz)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset MAKEFLAGS MFLAGS MAKELEVEL LUA_PATH LUA_CPATH

say() { echo "distcheck: $*"; }
fail() { say "$*" >&2; exit 1; }
# Nothing is shown of what goes well.
run() { say "$*"; "$@" >"$work/log" 2>&1 || { tail -n 40 "$work/log" >&2; fail "failed: $*"; }; }

# The same commit, made elsewhere by somebody with other habits, gives the same bytes.
if git rev-parse --git-dir >/dev/null 2>&1; then
    say "made again from a clone"
    git clone -q . "$work/clone"
    (cd "$work/clone" && umask 077 && TZ=Pacific/Apia LC_ALL=C.UTF-8 scripts/dist.sh "${name#dynarray-}" "$work/again.tar.gz") >/dev/null
    cmp "$1" "$work/again.tar.gz" || fail "the tarball is another each time"
    rm -rf "$work/clone"
fi

tar -C "$work" -xzf "$1"
cd "$work/$name"
find . -type f | LC_ALL=C sort | xargs cksum >"$work/sums"

run make -j"$(getconf _NPROCESSORS_ONLN)"
say "make test ARGS='$2'"
make test ARGS="$2" >"$work/log" 2>&1 || { tail -n 40 "$work/log" >&2; fail "the tests failed"; }
tail -n 1 "$work/log"
run make install DESTDIR="$work/root" PREFIX=/usr
installed=$work/root/usr
for file in lib/libdynarray.a include/dynarray.h lib/pkgconfig/dynarray.pc bin/dynarray-lab; do
    [ -f "$installed/$file" ] || fail "$file was not installed"
done
said=$(cd / && LUA_PATH="$installed/share/lua/5.4/?.lua" LUA_CPATH="$installed/lib/lua/5.4/?.so" \
    "$LUA" -e 'print(require("dynarray").version)')
[ "dynarray-$said" = "$name" ] || fail "the installed module is $said, the tarball $name"
run make uninstall DESTDIR="$work/root" PREFIX=/usr
left=$(find "$work/root" ! -type d)
[ -z "$left" ] || fail "uninstall leaves $left"
run make clean
find . -type f | LC_ALL=C sort | xargs cksum | diff "$work/sums" - || fail "what was unpacked is not what is left after make clean"
say "$name is complete"
