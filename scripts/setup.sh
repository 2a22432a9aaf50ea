#!/bin/sh
# Installs what is missing, by apt-get; touches nothing when all is there. Usage: setup.sh LUA-VERSION [LIST ...]
set -eu

# package, and the command that succeeds once it is there
base='gcc|command -v "${CC:-cc}"
pkg-config|command -v pkg-config
lua5.4|command -v "${LUA:-lua5.4}"
liblua5.4-dev|pkg-config --exists lua5.4 || pkg-config --exists lua-5.4
lua-busted|"${LUA:-lua5.4}" -e "assert(package.searchpath([[busted.runner]], package.path))"
lua-dkjson|"${LUA:-lua5.4}" -e "require [[dkjson]]"
lua-argparse|"${LUA:-lua5.4}" -e "require [[argparse]]"
gnuplot-nox|command -v gnuplot
python3-numpy|/usr/bin/python3 -c "import numpy"'
# What only specs use; a browser is large.
test='g++|command -v g++
clang|command -v clang
gcc-multilib|echo "#include <stdio.h>" | gcc -m32 -x c -c -o /dev/null -
lua5.3|command -v lua5.3
liblua5.3-dev|pkg-config --exists lua5.3
lua-inspect|test -e /usr/share/lua/5.3/inspect.lua
lua-penlight|"${LUA:-lua5.4}" -e "require [[pl.pretty]]"
lua-cjson|"${LUA:-lua5.4}" -e "require [[cjson]]"
parallel|command -v parallel
lighttpd|command -v lighttpd
lighttpd-modules-lua|test -e /usr/lib/lighttpd/mod_magnet.so
apache2-utils|command -v ab
gringo|command -v clingo
haproxy|command -v haproxy
chromium-headless-shell|command -v chromium-headless-shell || command -v chromium || command -v google-chrome'
# LDoc runs in Lua 5.1.
dev='clang|command -v clang
libclang-rt-14-dev|echo "int LLVMFuzzerTestOneInput(void) { return 0; }" | clang -x c -fsanitize=fuzzer -o /dev/null -
clang-tidy|command -v clang-tidy
clang-format|command -v clang-format
cppcheck|command -v cppcheck
lua-check|command -v luacheck
lua5.1|command -v lua5.1
lua-ldoc|command -v ldoc
lua-discount|lua5.1 -e "require [[discount]]"
luarocks|command -v luarocks
valgrind|command -v valgrind
ccache|command -v ccache
gcovr|command -v gcovr'
release='luarocks|command -v luarocks
zip|command -v zip
debhelper|command -v dh
dh-lua|command -v dh_lua
lintian|command -v lintian
abigail-tools|command -v abidiff'
# For make check-platform.
musl='musl-tools|command -v musl-gcc'
windows='gcc-mingw-w64-x86-64-win32|command -v x86_64-w64-mingw32-gcc
wine64|command -v wine64 || test -x /usr/lib/wine/wine64'

PATH=$PATH:/usr/sbin:/sbin # where servers are, for users too

base=$(echo "$base" | sed "s/lua\(-*\)5\.4/lua\1${1:-5.4}/g")
wanted=$base
[ $# -eq 0 ] || shift
for list in "$@"; do
    case "$list" in
        test) wanted="$wanted
$test" ;;
        dev) wanted="$wanted
$dev" ;;
        release) wanted="$wanted
$release" ;;
        musl) wanted="$wanted
$musl" ;;
        windows) wanted="$wanted
$windows" ;;
    esac
done

missing=$(echo "$wanted" | while IFS='|' read -r package check; do
    sh -c "$check" >/dev/null 2>&1 || echo "$package"
done | tr '\n' ' ')
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null; then
    echo "setup: please install, by their Debian names: $missing" >&2
    exit 1
fi
root=
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || { echo "setup: needs root or sudo to install: $missing" >&2; exit 1; }
    root=sudo
fi

$root apt-get update
# Ubuntu has no Chromium but a snap; one unknown name would keep apt-get from installing the others. Without what
# builds the library, nothing that follows could work.
known=
for package in $missing; do
    if apt-cache show "$package" >/dev/null 2>&1; then known="$known $package"; continue; fi
    echo "setup: not among this system's packages, please install it another way: $package" >&2
    if echo "$base" | grep -q "^$package|"; then exit 1; fi
done
[ -n "$known" ] || exit 0
# The specs run these servers themselves. Nobody asked for a service of this machine: if one comes now, it is not started,
# and not at the next boot either.
policy=/usr/sbin/policy-rc.d
services=
for service in lighttpd haproxy; do
    case " $known " in *" $service "*) services="$services $service" ;; esac
done
if [ -n "$services" ] && [ ! -e "$policy" ] && [ ! -L "$policy" ]; then
    trap '$root rm -f "$policy"' EXIT
    trap 'exit 1' HUP INT TERM
    # shellcheck disable=SC2016  # $* and $service are the policy's
    printf '#!/bin/sh\nfor service in%s; do\n    case "$*" in *$service*) exit 101 ;; esac\ndone\n' "$services" | $root tee "$policy" >/dev/null
    $root chmod 755 "$policy"
fi

# shellcheck disable=SC2086  # one word per package
$root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $known
for service in $services; do $root update-rc.d "$service" disable; done
