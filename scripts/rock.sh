#!/bin/sh
# rock.sh VERSION TARBALL HOMEPAGE URL: writes the rockspec and the source rock beside the tarball, and tries the rock:
# installs it in a tree of its own, without a network. HOMEPAGE may be empty. LUAROCKS is the command.
set -eu

version=$1 tarball=$(basename "$2") name=dynarray-$1-1
directory=$(cd "$(dirname "$2")" && pwd)
luarocks=${LUAROCKS:-luarocks}
command -v "$luarocks" >/dev/null || { echo "rock: $luarocks is missing (make setup-dev)" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

tar -C "$work" -xzf "$2"
src=$work/${tarball%.tar.gz}

# A line for each Lua file: its name for require, and its path.
(cd "$src" && find lua -name '*.lua' | LC_ALL=C sort) | while read -r path; do
    module=$(echo "$path" | sed -e 's|^lua/||; s|\.lua$||; s|/init$||; s|/|.|g')
    echo "    [\"$module\"] = \"$path\","
done >"$work/modules"

rockspec() { # homepage, url
    sed -e "/@modules@/{r $work/modules
        d
    }" -e "1d; s|@version@|$version|; s|@homepage@|$1|; s|@url@|$2|; /^ *homepage = \"\",\$/d" "$src/packaging/dynarray.rockspec.in"
}
rockspec "$3" "$4" >"$directory/$name.rockspec"

# `luarocks pack` fetches the tarball from where the rockspec says; here it is beside it. The rock then gets the rockspec
# of the release.
rockspec "$3" "file://$directory/$tarball" >"$work/$name.rockspec"
(cd "$work" && "$luarocks" pack "$name.rockspec" >log 2>&1) || { cat "$work/log" >&2; exit 1; }
(cd "$directory" && cp "$work/$name.src.rock" . && zip -q "$name.src.rock" "$name.rockspec")

(cd "$work" && "$luarocks" --lua-version "$LUA_VERSION" install --tree "$work/tree" "$directory/$name.src.rock" >log 2>&1) ||
    { cat "$work/log" >&2; exit 1; }
diff -r "$src/lua" "$work/tree/share/lua/$LUA_VERSION"
cd "$work"
for file in bin/dynarray-lab "lib/luarocks/rocks-$LUA_VERSION/dynarray/$version-1/docs/guide.md"; do
    [ -f "tree/$file" ] || { echo "rock: $file was not installed" >&2; exit 1; }
done
exported=$(nm -D --defined-only "tree/lib/lua/$LUA_VERSION/dynarray.so" | awk '$3 !~ /^_(init|fini)$/ { print $3 }')
[ "$exported" = luaopen_dynarray ] || { echo "rock: the module exports $exported" >&2; exit 1; }
said=$(LUA_PATH="tree/share/lua/$LUA_VERSION/?.lua" LUA_CPATH="tree/lib/lua/$LUA_VERSION/?.so" \
    "$LUA" -e 'local dynarray = require("dynarray") print(dynarray.version, dynarray.of(1, 2, 3):sum())')
[ "$said" = "$version	6" ] || { echo "rock: the installed module says $said" >&2; exit 1; }
case $4 in
    *://*) ;;
    *) echo "rock: before you publish the rockspec, set HOMEPAGE or SOURCE_URL: it names $4 without an address" >&2 ;;
esac
echo "$directory/$name.src.rock"
