#!/bin/sh
# abi.sh [BASE]: compares the shared library with that of the last tag, or of the commit BASE, by abidiff. Fails for a change
# that breaks programs compiled against the older one while the soname is the same.
set -eu

command -v abidiff >/dev/null || { echo "abi: abidiff is missing (Debian: abigail-tools)" >&2; exit 1; }
base=${1:-$(git describe --tags --abbrev=0 --match 'v*' 2>/dev/null || :)}
[ -n "$base" ] || { echo "abi: no version has a tag yet to compare with; BASE=COMMIT compares with any commit" >&2; exit 0; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
git clone -q . "$work/old"
git -C "$work/old" checkout -q "$base"
build() { env -u MAKEFLAGS -u MAKELEVEL make -s -C "$1" OUT="$work/$2" CFLAGS='-O1 -g' "$work/$2/libdynarray.so" >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }; }
build "$work/old" before
build . now

soname() { readelf -d "$1" | sed -n 's/.*SONAME.*\[\(.*\)\]/\1/p'; }
status=0
abidiff --headers-dir1 "$work/old/src/include" --headers-dir2 src/include "$work/before/libdynarray.so" "$work/now/libdynarray.so" \
    >"$work/said" || status=$?
cat "$work/said"
# abidiff(1): 1 and 2 are its own failures, 4 a change, 8 one that breaks programs.
if [ $((status & 3)) -ne 0 ]; then exit "$status"; fi
# To abidiff, another size or layout of a struct need not break programs. But inline functions know the structs.
if grep -qE 'type size changed from|offset changed from' "$work/said"; then status=8; fi
if [ $((status & 8)) -ne 0 ] && [ "$(soname "$work/before/libdynarray.so")" = "$(soname "$work/now/libdynarray.so")" ]; then
    echo "abi: breaks programs compiled with $base, and the soname is the same" >&2
    exit 1
fi
echo "abi: programs compiled with $base still run"
