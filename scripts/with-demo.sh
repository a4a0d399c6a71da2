#!/usr/bin/env bash
# Runs a command against a demo home of its own, served on a free port, and clears up after it.
#
#   scripts/with-demo.sh node --test tests/journeys/sign-in.test.mjs
#
# The command finds: SUNDRY_URL, the address; SUNDRY_HOME, the home; SUNDRY_BIN, the binary; SUNDRY_DEMO_WORDS, a file with
# what the demo printed, sign-ins included. SUNDRY_BIN names the binary (else the newest built one),
# SUNDRY_DEMO_SIZE the size of the home (small), SUNDRY_WAIT the seconds to wait for it (300).
set -euo pipefail
cd "$(dirname "$0")/.."
[ "$#" -gt 0 ] || { echo "with-demo: say what to run" >&2; exit 2; }

bin=${SUNDRY_BIN:-}
if [ -z "$bin" ]; then
    target=${CARGO_TARGET_DIR:-target}
    bin=$(ls -t "$target"/release/sundry "$target"/quick/sundry "$target"/debug/sundry 2>/dev/null | head -n 1 || true)
fi
[ -x "$bin" ] || { echo "with-demo: no sundry binary (SUNDRY_BIN='${SUNDRY_BIN:-}'); run make build or set SUNDRY_BIN" >&2; exit 2; }
bin=$(realpath "$bin")

work=$(mktemp -d "${TMPDIR:-/tmp}/sundry-demo.XXXXXX")
export SUNDRY_BIN="$bin"
export SUNDRY_HOME="$work/home"
export SUNDRY_DEMO_WORDS="$work/demo.txt"
unset SUNDRY_DATABASE SUNDRY_ORG # the demo keeps its own, whatever the caller's shell says
server=

clear_up() {
    if [ -n "$server" ] && kill -0 "$server" 2>/dev/null; then
        kill "$server" 2>/dev/null || true
        for _ in $(seq 100); do kill -0 "$server" 2>/dev/null || break; sleep 0.1; done
        kill -9 "$server" 2>/dev/null || true
    fi
    rm -rf "$work"
}
trap clear_up EXIT
trap 'exit 130' INT TERM

echo "with-demo: making a ${SUNDRY_DEMO_SIZE:-small} demo home" >&2
timeout "${SUNDRY_WAIT:-300}" "$bin" demo --size "${SUNDRY_DEMO_SIZE:-small}" --no-serve >"$SUNDRY_DEMO_WORDS" \
    || { echo "with-demo: sundry demo failed" >&2; cat "$SUNDRY_DEMO_WORDS" >&2; exit 1; }

port=$(node -e 'const s=require("node:net").createServer();s.listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})')
"$bin" serve --listen "127.0.0.1:$port" >"$work/server.txt" 2>&1 &
server=$!
export SUNDRY_URL="http://127.0.0.1:$port"

waited=0
until (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
    kill -0 "$server" 2>/dev/null || { echo "with-demo: sundry serve stopped:" >&2; cat "$work/server.txt" >&2; exit 1; }
    waited=$((waited + 1))
    [ "$waited" -lt 300 ] || { echo "with-demo: no answer on port $port after 60 seconds" >&2; cat "$work/server.txt" >&2; exit 1; }
    sleep 0.2
done
echo "with-demo: serving $SUNDRY_URL" >&2

rc=0
"$@" || rc=$?
if [ "$rc" -ne 0 ]; then
    echo "with-demo: the last lines of the server:" >&2
    tail -n 40 "$work/server.txt" >&2
fi
exit "$rc"
