#!/bin/sh
# version.sh VERSION: the sources get the version, CHANGELOG.md a section for what was not released. Nothing is committed.
set -eu

case $1 in
    [0-9]*.[0-9]*.[0-9]*) ;;
    *) echo "version: which one? make version VERSION=1.2.3" >&2; exit 1 ;;
esac
number=$(echo "$1" | awk -F . '{ print $1 * 10000 + $2 * 100 + $3 }')

replace() { # file, sed's commands
    sed "$2" "$1" >"$1.new"
    ! cmp -s "$1" "$1.new" || { rm "$1.new"; echo "version: nothing to change in $1" >&2; exit 1; }
    cat "$1.new" >"$1" # it keeps its mode
    rm "$1.new"
}

replace src/include/dynarray.h "s/^\(#define DYNARRAY_VERSION \)\".*\"/\1\"$1\"/; s/^\(#define DYNARRAY_VERSION_NUMBER \)[0-9]*/\1$number/"
replace lua/dynarray/meta.lua "/[vV]ersion/s/[0-9][0-9]*\.[0-9][0-9]*\.[0-9][0-9]*/$1/"
replace CHANGELOG.md "s/^## \[Unreleased\]$/&\n\n## [$1] - $(date -u +%Y-%m-%d)/"
echo "version: $1. Now: make distcheck rock deb abi; git commit -a -m 'Release $1'; git tag v$1"
