#!/usr/bin/env bash
# Every test: unit, both engines and stories by cargo, then the browser journeys.
# Shows progress as it goes; the last line is `N passed, N failed`, and the exit says the same.
set -uo pipefail
cd "$(dirname "$0")/.."

# Both engines, whatever the caller's shell says: nothing is left out in silence.
unset SUNDRY_TEST_ENGINE
export CARGO_TERM_COLOR=${CARGO_TERM_COLOR:-auto}

words=$(mktemp -d "${TMPDIR:-/tmp}/sundry-test.XXXXXX")
trap 'rm -rf "$words"' EXIT
passed=0
failed=0

# Adds up cargo's `test result: ok. 3 passed; 0 failed; 0 ignored; ...` lines.
count_cargo() { # file, exit code, what it was
    local p f
    p=$(sed -n 's/^test result: .* \([0-9][0-9]*\) passed;.*/\1/p' "$1" | paste -sd+ | bc_or_zero)
    f=$(sed -n 's/^test result: .* \([0-9][0-9]*\) failed;.*/\1/p' "$1" | paste -sd+ | bc_or_zero)
    add "$p" "$f" "$2" "$3"
    local ignored
    ignored=$(sed -n 's/^test result: .* \([0-9][0-9]*\) ignored;.*/\1/p' "$1" | paste -sd+ | bc_or_zero)
    [ "$ignored" -eq 0 ] || echo "test: $ignored ignored in $3 (neither passed nor failed)"
}

# Adds up node's `# pass 3`, `# fail 0`, `# cancelled 0` lines; what was cancelled did not pass.
count_node() { # start of the files' names, exit code, what it was
    local p f c s
    p=$(sum_of pass "$1") f=$(sum_of fail "$1") c=$(sum_of cancelled "$1") s=$(sum_of skipped "$1")
    add "$p" "$((f + c))" "$2" "$3"
    [ "$s" -eq 0 ] || echo "test: $s skipped in $3 (neither passed nor failed)"
}

sum_of() { cat "$2"*.tap 2>/dev/null | sed -n "s/^# $1 \([0-9][0-9]*\).*/\1/p" | paste -sd+ | bc_or_zero; }
bc_or_zero() { local sum; read -r sum || true; echo $((${sum:-0})); }

# A step that failed without counting a failed test (it did not compile, or was killed) counts as one.
add() { # passed, failed, exit code, what it was
    local f=$2
    if [ "$3" -ne 0 ] && [ "$f" -eq 0 ]; then
        echo "test: $4 stopped with exit $3 and no failed test to show for it; counted as 1 failed"
        f=1
    fi
    passed=$((passed + $1))
    failed=$((failed + f))
    echo "test: $4: $1 passed, $f failed"
}

# A clone that is built once gains nothing from being ready to be built again.
[ -z "${CI:-}" ] || export CARGO_INCREMENTAL=0

echo "test: cargo test --workspace --locked"
if cargo test --workspace --locked --no-run; then
    cargo test --workspace --locked --no-fail-fast 2>&1 | tee "$words/cargo.txt"
    count_cargo "$words/cargo.txt" "${PIPESTATUS[0]}" "cargo test"

    # The program that the tests ran is the one that is shown to the browser.
    echo "test: browser journeys"
    SUNDRY_BIN=${SUNDRY_BIN:-${CARGO_TARGET_DIR:-target}/debug/sundry} SUNDRY_TAP="$words/journeys.tap" scripts/journeys.sh
    count_node "$words/journeys" "$?" "browser journeys"
else
    add 0 0 1 "the build of the tests"
fi

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
