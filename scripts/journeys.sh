#!/usr/bin/env bash
# The browser journeys, against a demo home made and served for them.
#
# SUNDRY_BIN names the binary; arguments name journeys (all of them without). With SUNDRY_TAP set,
# the results are also written to that file, for scripts/test.sh to count.
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

reporters=(--test-reporter=spec --test-reporter-destination=stdout)
[ -z "${SUNDRY_TAP:-}" ] || reporters+=(--test-reporter=tap "--test-reporter-destination=$SUNDRY_TAP")
# One at a time: they share one server, and a slow machine has one browser's worth of memory.
exec scripts/with-demo.sh timeout "${SUNDRY_JOURNEYS_WAIT:-2400}" \
    node --test --test-concurrency=1 "${reporters[@]}" "${journeys[@]}"
