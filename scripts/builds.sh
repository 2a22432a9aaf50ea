#!/bin/sh
# builds.sh [NAME ...]: the library built in other ways than by default, each in build/builds/NAME and without a warning, and
# the examples of the reference and the core's checks with it. All ways, or those named; what is not here is said.
set -eu

unset MAKEFLAGS MFLAGS MAKELEVEL LUA_PATH LUA_CPATH
seed=${DYNARRAY_SEED:-$(date +%s)}
chosen=" $* "
passed=0 failed=0 left=0

# A way to build: name, compiler, flags of the compiler, flags of the linker. LUA_CFLAGS is Debian's for each.
build() {
    name=$1 cc=$2 cflags=$3 ldflags=${4:-}
    case $chosen in "  "|*" $name "*) ;; *) return 0 ;; esac
    if ! command -v "$cc" >/dev/null; then
        echo "builds: $name left out: no $cc here"
        left=$((left + 1))
        return 0
    fi
    place=build/builds/$name
    mkdir -p "$place"
    if try >"$place/log" 2>&1; then
        passed=$((passed + 1))
        echo "builds: $name: $(tail -n 1 "$place/log")"
    else
        failed=$((failed + 1))
        echo "builds: $name failed:"
        tail -n 25 "$place/log"
    fi
}

# Called as a condition, where -e does nothing.
try() {
    # shellcheck disable=SC2086  # words
    make -s OUT="$place" CC="$cc" CFLAGS="$cflags -Werror" LDFLAGS="$ldflags" &&
        $cc -std=c11 $cflags $ldflags -Isrc/include -o "$place/check" spec/support/core.c "$place/libdynarray.a" -lm &&
        "$place/check" | { while read -r check; do "$place/check" "$check" "$seed" || { echo "$check, DYNARRAY_SEED=$seed"; exit 1; }; done; } &&
        make -s check-lua OUT="$place" CC="$cc" CFLAGS="$cflags -Werror" LDFLAGS="$ldflags"
}

# Programs of 32 bits, for the core alone: Debian's Lua for them is another package.
build_32() {
    case $chosen in "  "|*" m32 "*) ;; *) return 0 ;; esac
    place=build/builds/m32
    mkdir -p "$place"
    if ! printf '#include <errno.h>\nint main(void) { return 0; }\n' | gcc -m32 -x c -o "$place/try" - 2>/dev/null; then
        echo "builds: m32 left out: gcc -m32 does not build programs here (Debian: gcc-multilib)"
        left=$((left + 1))
        return 0
    fi
    if ! "$place/try"; then
        echo "builds: m32 left out: this kernel runs no programs of 32 bits"
        left=$((left + 1))
        return 0
    fi
    if "$LUA" scripts/amalgamate.lua "$place" && gcc -std=c11 -O2 -m32 -Wall -Wextra -Wpedantic -Werror -DDYNARRAY_NO_LUA -I"$place" \
        -o "$place/check" spec/support/core.c "$place/dynarray.c" -lm >"$place/log" 2>&1 && checks=$("$place/check") &&
        echo "$checks" | { while read -r check; do "$place/check" "$check" "$seed" >>"$place/log" 2>&1 || exit 1; done; }; then
        passed=$((passed + 1))
        echo "builds: m32: $(echo "$checks" | wc -l) checks of the core passed"
    else
        failed=$((failed + 1))
        echo "builds: m32 failed (DYNARRAY_SEED=$seed):"
        tail -n 25 "$place/log"
    fi
}

build O0 gcc -O0
build O3-lto gcc "-O3 -flto"
build gnu11 gcc "-O2 -std=gnu11"
build unsigned-char gcc "-O2 -funsigned-char"
if command -v dpkg-buildflags >/dev/null; then
    build hardening gcc "$(DEB_BUILD_MAINT_OPTIONS=hardening=+all dpkg-buildflags --get CFLAGS | sed 's/-ffile-prefix-map=[^ ]*//') \
$(dpkg-buildflags --get CPPFLAGS)" "$(DEB_BUILD_MAINT_OPTIONS=hardening=+all dpkg-buildflags --get LDFLAGS | sed 's/-fPIE\|-pie//g')"
fi
build clang clang -O2
build lld clang -O2 -fuse-ld=lld
for version in 11 12 13 14 15; do build "gcc-$version" "gcc-$version" -O2; done
build_32

echo "$passed passed, $failed failed, $left skipped"
[ "$failed" -eq 0 ]
