#!/bin/sh
# install.sh install|uninstall all|lua: copies what was built to its places, or removes it. Called by `make`, which sets
# all the variables that are used here, see mk/install.mk.
set -eu

tab=$(printf '\t')

# Each file as a line: mode, where it is, where it goes.
put() { printf '%s\t%s\t%s\n' "$1" "$2" "$3"; }

# The files below a folder of ours, as they stand there.
put_all() { # mode, folder, place
    find "$2" -type f ! -name '*.ld' | LC_ALL=C sort | while read -r file; do put "$1" "$file" "$3${file#"$2"}"; done
}

lua_part() {
    put 755 "$FROM/dynarray.so" "$LUA_CDIR/dynarray.so"
    put_all 644 lua "$LUA_DIR"
    put_all 755 bin "$BINDIR"
}

c_part() {
    put 644 "$FROM/libdynarray.a" "$LIBDIR/libdynarray.a"
    put 755 "$FROM/$SHARED" "$LIBDIR/$SHARED"
    put link "$SHARED" "$LIBDIR/$SONAME"
    put link "$SONAME" "$LIBDIR/$LINKED_NAME"
    put_all 644 src/include "$INCLUDEDIR"
    put pkg-config src/dynarray.pc.in "$PKGCONFDIR/dynarray.pc"
    for file in *.md LICENSE; do put 644 "$file" "$DOCDIR/$file"; done
    put_all 644 docs "$DOCDIR/docs"
    put_all 644 examples "$DOCDIR/examples"
}

in_sed() { printf '%s' "$1" | sed 's/[\\&|]/\\&/g'; }

write_pkg_config() {
    sed -e "s|@prefix@|$(in_sed "$PREFIX")|; s|@libdir@|$(in_sed "$LIBDIR")|" \
        -e "s|@includedir@|$(in_sed "$INCLUDEDIR")|; s|@version@|$VERSION|" "$1" >"$2"
}

copy() { # mode, from, to
    rm -f "$3" # a program that has it mapped keeps its own
    case $1 in
        link) ln -s "$2" "$3" ;;
        pkg-config) write_pkg_config "$2" "$3" && chmod 644 "$3" ;;
        *) cp "$2" "$3" && chmod "$1" "$3" ;;
    esac
}

files() {
    lua_part
    if [ "$part" = all ]; then c_part; fi
}

# Directories that are ours alone, the deepest first, go if nothing else is in them.
remove_directories() {
    { find lua -depth -type d | sed -n "s|^lua/||p" | while read -r d; do echo "$LUA_DIR/$d"; done
      find docs examples -depth -type d | while read -r d; do echo "$DOCDIR/$d"; done
      echo "$DOCDIR"; } | while read -r directory; do rmdir "$DESTDIR$directory" 2>/dev/null || :; done
}

part=$2
case $1 in
    install)
        files | while IFS=$tab read -r mode from to; do
            to=$DESTDIR$to
            mkdir -p "${to%/*}"
            copy "$mode" "$from" "$to"
            echo "$to"
        done ;;
    uninstall)
        files | while IFS=$tab read -r mode from to; do rm -f "$DESTDIR$to"; done
        remove_directories ;;
esac
