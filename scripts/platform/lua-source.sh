#!/bin/sh
# lua-source.sh DIRECTORY: the source of Lua 5.4 as Debian has it, in DIRECTORY/src, unless it is there. Fetched by apt from
# where this machine's packages come from, with lists of its own: nothing outside of DIRECTORY changes.
set -eu

[ ! -e "$1/src/lua.h" ] || exit 0
mkdir -p "$1"
cd "$1"
command -v apt-get >/dev/null || { echo "check-platform: Lua's source comes from apt, which is missing; or unpack it, so that $1/src/lua.h is there" >&2; exit 77; }

rm -rf apt
mkdir -p apt/lists/partial apt/parts
# Lines of both forms that Debian has for its sources.
for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
    [ ! -f "$file" ] || sed -n 's/^deb /deb-src /p' "$file" >"apt/parts/$(basename "$file")"
done
for file in /etc/apt/sources.list.d/*.sources; do
    [ ! -f "$file" ] || sed 's/^Types:.*/Types: deb-src/' "$file" >"apt/parts/$(basename "$file")"
done
own() { apt-get -q -o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts="$PWD/apt/parts" -o Dir::State::Lists="$PWD/apt/lists" -o APT::Sandbox::User=root "$@"; }
{ own update && own source --tar-only lua5.4; } >apt/log 2>&1 ||
    { echo "check-platform: apt has no source of lua5.4 for this machine, see $PWD/apt/log" >&2; exit 77; }
tar -xzf lua5.4_*.orig.tar.gz
mv lua-5.4.*/src src || mv lua5.4-*/src src
