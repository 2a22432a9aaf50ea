#!/bin/sh
# dist.sh VERSION TARBALL: all files of the last commit, and the amalgamation beside them, as a tarball. The same commit
# gives the same bytes, whoever makes it, and whenever. Needs git and GNU tar.
set -eu

git rev-parse --git-dir >/dev/null 2>&1 || { echo "dist: a tarball is made from a git checkout" >&2; exit 1; }
[ -z "$(git status --porcelain --untracked-files=no)" ] || echo "dist: what is not committed is not in the tarball" >&2

name=dynarray-$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
git archive --prefix="$name/" HEAD | tar -C "$work" -xf -
(cd "$work/$name" && "$LUA" scripts/amalgamate.lua amalgamation)

mkdir -p "$(dirname "$2")"
LC_ALL=C tar -C "$work" --sort=name --format=ustar --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX \
    --mtime="@${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}" -cf - "$name" | gzip -9 -n >"$2"
echo "$2"
