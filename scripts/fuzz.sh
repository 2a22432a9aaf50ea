#!/bin/sh
# Runs fuzzers of spec/fuzz, as many at once as there are processors: `make fuzz`. Usage: fuzz.sh SECONDS SEED NAME...
# Each begins with the inputs in spec/fuzz/NAME and in build/fuzz/corpus/NAME, where it keeps what is new. In the end
# one line says what each did; if one failed, how to repeat it. SEED 0 takes another
# seed each time. Without clang's libFuzzer nothing runs, which is no failure.
set -u

seconds=$1 seed=$2
shift 2
if ! echo 'int LLVMFuzzerTestOneInput(const char *s, long n); int LLVMFuzzerTestOneInput(const char *s, long n) {
    return (int)(n * 0) + (s == 0) * 0; }' | clang -x c -fsanitize=fuzzer -o /dev/null - 2>/dev/null; then
    echo "fuzz: skipped: clang and its libFuzzer are not here (Debian: clang, libclang-rt-14-dev or newer)"
    exit 0
fi
processors=$(getconf _NPROCESSORS_ONLN)
# shellcheck disable=SC2046  # one target a word
"${MAKE:-make}" -s -j"$processors" $(printf 'build/fuzz/%s ' "$@") || exit 1

# Runs one fuzzer; what it says goes to build/fuzz/NAME.log, since some programs print.
export seconds seed
# shellcheck disable=SC2016  # the inner shell's
printf '%s\n' "$@" | xargs -P "$processors" -n 1 sh -c '
    mkdir -p "build/fuzz/corpus/$0" "spec/fuzz/$0" # a new fuzzer has no inputs yet
    rm -f "build/fuzz/$0.failed"
    "build/fuzz/$0" -seed="$seed" -max_total_time="$seconds" -timeout=60 -report_slow_units=60 -rss_limit_mb=2048 -max_len=2000 -len_control=20 \
        -close_fd_mask=1 -print_final_stats=1 -artifact_prefix="$PWD/build/fuzz/$0-" \
        "build/fuzz/corpus/$0" "spec/fuzz/$0" 2>"build/fuzz/$0.log" || touch "build/fuzz/$0.failed"'

status=0
for name in "$@"; do
    if [ -e "build/fuzz/$name.failed" ]; then
        status=1
        echo "fuzz $name: failed"
        grep -v "WARNING: AddressSanitizer failed to allocate" "build/fuzz/$name.log" | tail -n 60
        found=$(sed -n 's/.*Test unit written to //p' "build/fuzz/$name.log")
        [ -z "$found" ] || echo "to repeat it: FUZZ_PRINT=1 build/fuzz/$name $found"
    else
        sed -n "s/^INFO: Seed: */fuzz $name: seed: /p; s/^stat::number_of_executed_units: */fuzz $name: runs: /p" "build/fuzz/$name.log"
    fi
done
exit $status
