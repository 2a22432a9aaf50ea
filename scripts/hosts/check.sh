#!/bin/sh
# check.sh [NAME ...]: programs that run Lua scripts, as they are installed here. Each runs a script that requires the module,
# appends a million numbers and adds them; of programs with another Lua, the message is looked at. All that are known, or
# those named. How each is told to run the script stands in programs.sh; docs/embedding.md has what this showed. clingo,
# haproxy and lighttpd have specs.
set -eu

unset MAKEFLAGS MFLAGS MAKELEVEL LUA_PATH LUA_CPATH LUA_INIT
PATH=$PATH:/usr/sbin:/sbin # where servers are
export PATH
chosen=" $* "
passed=0 failed=0 left=0

# Some programs start as root and run scripts as another user, who must be able to read the module and to write an answer.
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
trap 'exit 1' HUP INT TERM
chmod 1777 "$place"

for version in 5.3 5.4; do
    pkg-config --exists "lua$version" || continue
    make -s module LUA_VERSION=$version OUT="build/hosts/$version" >"$place/log" 2>&1 || { cat "$place/log"; exit 1; }
    mkdir "$place/$version"
    cp "build/hosts/$version/dynarray.so" "$place/$version"
done

# It sets package.cpath itself, since some servers clear their environment.
script=$place/script.lua
cat >"$script" <<END
package.cpath = "$place/" .. _VERSION:match "%d+%.%d+" .. "/?.so;" .. package.cpath
local dynarray = require "dynarray"
local a = dynarray.new "int64"
for i = 1, 1000000 do
  a:append(i)
end
assert(#a == 1000000 and a:sum() == 500000500000)
local file = assert(io.open("$place/said", "w"))
file:write(_VERSION)
file:close()
END

write() { cat >"$place/$1"; } # a file for a program
limit() { timeout -k 5 60 "$@"; }

# Runs a server until the script has run, half a minute at most, and meanwhile what asks it, if that is given.
serve() { # command of the server, command that asks
    timeout -k 5 60 sh -c "exec $1" &
    server=$! seconds=0
    while [ ! -s "$place/said" ] && [ $seconds -lt 30 ] && kill -0 $server 2>/dev/null; do
        sleep 1
        seconds=$((seconds + 1))
        [ -z "${2:-}" ] || timeout 10 bash -c "$2" || :
    done
    kill $server 2>/dev/null || :
    wait $server || :
}

# Whether the program shall be tried and is there: its name, a file or a command, Debian's package.
present() {
    case $chosen in "  "|*" $1 "*) ;; *) return 1 ;; esac
    if command -v "$2" >/dev/null; then return 0; fi
    for file in $2; do # a pattern
        [ ! -e "$file" ] || return 0
    done
    echo "hosts: left out: $1 (Debian: $3)"
    left=$((left + 1))
    return 1
}

version_of() { dpkg-query -W -f '${Version}' "${1%%,*}" 2>/dev/null | sed 's/^[0-9]*://; s/-[^-]*$//; s/+.*//'; }

# run_NAME lets the program run the script. What counts is what the script wrote, however the program ended.
run() {
    rm -f "$place/said"
    "run_$1" >"$place/$1.log" 2>&1 </dev/null || :
}

fails() { # name, what is wrong
    failed=$((failed + 1))
    echo "hosts: $1 $2:"
    tail -n 15 "$place/$1.log"
}

host() { # name, command, package
    present "$@" || return 0
    run "$1"
    if [ ! -s "$place/said" ]; then
        fails "$1" "did not run the script"
        return 0
    fi
    passed=$((passed + 1))
    echo "hosts: $1 $(version_of "$3"): $(cat "$place/said"), a million numbers"
}

# A program in which the module does not work: it shall say so in these words, and go on.
refuses() { # name, command, package, message
    present "$@" || return 0
    run "$1"
    if [ -s "$place/said" ]; then
        fails "$1" "ran the script, which it could not before"
    elif ! grep -q -e "$4" "$place/$1.log"; then
        fails "$1" "does not say $4"
    else
        passed=$((passed + 1))
        echo "hosts: $1 $(version_of "$3"): $(grep -o -m 1 -e "$4" "$place/$1.log")"
    fi
}

. scripts/hosts/programs.sh

echo "$passed passed, $failed failed, $left left out"
[ "$failed" -eq 0 ]
