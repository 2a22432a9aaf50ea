#!/bin/sh
# deb.sh VERSION TARBALL HOMEPAGE DIRECTORY: Debian packages from the tarball and packaging/debian, made by dh-lua.
# HOMEPAGE may be empty. MAINTAINER is in the environment.
set -eu

version=$1 homepage=$3 directory=$4
for tool in dpkg-buildpackage dh dh_lua lintian; do
    command -v "$tool" >/dev/null || { echo "deb: $tool is missing (Debian: dpkg-dev debhelper dh-lua lintian)" >&2; exit 1; }
done
unset MAKEFLAGS MFLAGS MAKELEVEL LUA_PATH LUA_CPATH

rm -rf "$directory"
mkdir -p "$directory"
cp "$2" "$directory/lua-dynarray_$version.orig.tar.gz"
tar -C "$directory" -xzf "$2"
cd "$directory/dynarray-$version"

cp -R packaging/debian debian
sed -e "s|@homepage@|$homepage|; s|@maintainer@|$MAINTAINER|" -e '/^Homepage: $/d' debian/control.in >debian/control
rm debian/control.in
# The day of the last commit: a tarball's files carry it.
epoch=$(date -r LICENSE +%s)
cat >debian/changelog <<END
lua-dynarray ($version-1) unstable; urgency=medium

  * Version $version: see /usr/share/doc/lua-dynarray/changelog.gz.

 -- $(sed -n 's/^Maintainer: //p' debian/control)  $(LC_ALL=C date -u -d "@$epoch" '+%a, %d %b %Y %H:%M:%S +0000')
END

dpkg-buildpackage -us -uc >../log 2>&1 || { tail -n 40 ../log >&2; exit 1; }
cd ..
rm -rf "dynarray-$version"
# initial-upload-closes-no-bugs: nobody asked Debian's archive for this package.
[ "$(id -u)" -ne 0 ] || root=--allow-root
lintian ${root:-} --fail-on error,warning --suppress-tags initial-upload-closes-no-bugs ./*.changes
ls -- *.deb
