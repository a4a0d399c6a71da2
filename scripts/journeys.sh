#!/usr/bin/env bash
# The browser journeys, against a demo home made and served for them.
#
# SUNDRY_BIN names the binary; arguments name journeys (all of them without). With SUNDRY_TAP set,
# the results are also written beside that file, as NAME-served.tap and NAME-samples.tap, for scripts/test.sh to count.
set -euo pipefail
cd "$(dirname "$0")/.."

shopt -s nullglob
journeys=("$@")
[ "${#journeys[@]}" -gt 0 ] || journeys=(tests/journeys/*.test.mjs)
[ "${#journeys[@]}" -gt 0 ] || { echo "journeys: there are none in tests/journeys" >&2; exit 2; }

if [ -z "${CHROMIUM:-}" ]; then
    CHROMIUM=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
    export CHROMIUM
fi
[ -n "$CHROMIUM" ] || { echo "journeys: no Chromium; run make setup" >&2; exit 2; }

# The samples of pages need no server, so a browser of their own looks at them beside the served journeys. Those run
# one at a time: they share one home.
samples=()
served=()
for journey in "${journeys[@]}"; do
    case "$journey" in
    *pages-static*) samples+=("$journey") ;;
    *) served+=("$journey") ;;
    esac
done

tests() { # the name of their results, the command before, then the journeys
    local tap="${SUNDRY_TAP:-}" name=$1 before=$2
    shift 2
    local reporters=(--test-reporter=spec --test-reporter-destination=stdout)
    [ -z "$tap" ] || reporters+=(--test-reporter=tap "--test-reporter-destination=${tap%.tap}-$name.tap")
    $before timeout "${SUNDRY_JOURNEYS_WAIT:-2400}" node --test --test-concurrency=1 "${reporters[@]}" "$@"
}

rc=0
beside=
if [ "${#samples[@]}" -gt 0 ]; then
    said=$(mktemp "${TMPDIR:-/tmp}/sundry-samples.XXXXXX")
    trap 'rm -f "$said"; [ -z "$beside" ] || pkill -P "$beside" || true' EXIT
    trap 'exit 130' INT TERM
    tests samples "" "${samples[@]}" >"$said" 2>&1 &
    beside=$!
fi
[ "${#served[@]}" -eq 0 ] || tests served scripts/with-demo.sh "${served[@]}" || rc=$?
if [ -n "$beside" ]; then
    wait "$beside" || rc=$?
    beside=
    cat "$said"
fi
exit "$rc"
