#!/bin/sh
# cross.sh TRIPLE ARCHITECTURE DIRECTORY: gcc for another processor, and its C library, as Debian's packages have them, unpacked
# into DIRECTORY: installed, they would drive out gcc-multilib. Leaves DIRECTORY/bin/TRIPLE-gcc and the others.
set -eu

triple=$1 arch=$2
[ ! -e "$3/bin/$triple-gcc" ] || exit 0
mkdir -p "$3/packages" "$3/bin"
cd "$3"
command -v apt-get >/dev/null && command -v dpkg >/dev/null ||
    { echo "check-platform: no $triple-gcc here, and no apt to fetch one" >&2; exit 77; }
version=$(gcc -dumpversion | cut -d . -f 1)
(cd packages && apt-get -q -o APT::Sandbox::User=root download "gcc-$version-$triple" "cpp-$version-$triple" "binutils-$triple" \
    "libgcc-$version-dev-$arch-cross" "libc6-dev-$arch-cross" "libc6-$arch-cross" "linux-libc-dev-$arch-cross" \
    "libgcc-s1-$arch-cross") >log 2>&1 ||
    { echo "check-platform: apt has no gcc $version for $arch here, see $PWD/log (apt-get update?)" >&2; exit 77; }
for package in packages/*.deb; do dpkg -x "$package" root; done

wrap() { # name, program, option
    printf '#!/bin/sh\nLD_LIBRARY_PATH="%s/root/usr/lib/%s-linux-gnu" exec "%s/root/usr/bin/%s" %s "$@"\n' \
        "$PWD" "$(uname -m)" "$PWD" "$2" "$3" >"bin/$triple-$1"
    chmod +x "bin/$triple-$1"
}
for tool in ar nm objcopy objdump; do wrap "$tool" "$triple-$tool" ""; done
wrap gcc "$triple-gcc-$version" "--sysroot=\"$PWD/root\""
