#!/bin/sh
# valgrind.sh PROGRAM [SEED]: each check of spec/support/core.c under memcheck, without suppressions; a report of valgrind, a
# leak too, fails it. See `make check-valgrind`.
set -u

program=$1 seed=${2:-$(date +%s)}
if ! command -v valgrind >/dev/null; then
    echo "check-valgrind: skipped: valgrind is not here (Debian: valgrind)"
    exit 0
fi
# shellcheck disable=SC2016  # the inner shell's
"$program" | xargs -d '\n' -P "$(getconf _NPROCESSORS_ONLN)" -n 1 sh -c '
    said=$(valgrind --quiet --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=all --show-leak-kinds=all "$0" "$2" "$1" 2>&1) ||
        { printf "check-valgrind: %s %s %s: failed\n%s\n" "$0" "$2" "$1" "$said"; exit 1; }' "$program" "$seed" ||
    exit 1
echo "check-valgrind: $("$program" | wc -l) checks of the core, and nothing to report"
