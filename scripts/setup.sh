#!/usr/bin/env bash
# Installs what is missing to build, run and test Sundry, and says what it does.
# Quick when nothing is missing. Safe to run again, with or without a terminal.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf 'setup: %s\n' "$*"; }
stop() { printf 'setup: %s\n' "$*" >&2; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }

# --- What only the person can choose: the tool chains. -----------------------------------------
has cargo || stop "Rust is not installed (no cargo on the path). Install it with rustup, then run this again."
has node || stop "Node is not installed (no node on the path). Install version 20 or later, then run this again."
has npm || stop "npm is not installed. It comes with Node, or as the package npm; install it, then run this again."
node_major=$(node -p 'process.versions.node.split(".")[0]')
[ "$node_major" -ge 20 ] || stop "Node $node_major is too old. Install version 20 or later, then run this again."

# --- Packages of the system. --------------------------------------------------------------------
# Newest PostgreSQL server of version 15 or later; its programs are not on the path on Debian.
postgres_found() {
    local initdb version
    for initdb in /usr/lib/postgresql/*/bin/initdb $(command -v initdb || true); do
        [ -x "$initdb" ] || continue
        version=$("$initdb" --version | sed 's/[^0-9]*\([0-9]*\).*/\1/')
        [ "${version:-0}" -ge 15 ] && return 0
    done
    return 1
}

chromium_found() {
    [ -n "${CHROMIUM:-}" ] && [ -x "$CHROMIUM" ] && return 0
    has chromium || has chromium-browser || has google-chrome
}

missing=()
{ has cc || has gcc; } || missing+=(gcc libc6-dev)
has pkg-config || missing+=(pkg-config)
postgres_found || missing+=(postgresql)
chromium_found || missing+=(chromium fonts-liberation)
has qpdf || missing+=(qpdf)
has pdftotext || missing+=(poppler-utils)
# Tests fetch bank files from it on a port of their own; the system's own server is left as it is.
{ has sshd || [ -x /usr/sbin/sshd ]; } || missing+=(openssh-server openssh-sftp-server)
# Tests collect mail from it on a port of their own, with a certificate made by openssl.
{ has dovecot || [ -x /usr/sbin/dovecot ]; } || missing+=(dovecot-imapd openssl)

# Tests start private clusters of their own; the one Debian makes by itself would only sit there.
forbid_default_cluster='mkdir -p /etc/postgresql-common; [ -e /etc/postgresql-common/createcluster.conf ] || echo "create_main_cluster = false" > /etc/postgresql-common/createcluster.conf'

# Where there was no server for SSH, none shall answer because of our tests: Debian starts none beside this file.
forbid_ssh='mkdir -p /etc/ssh; : > /etc/ssh/sshd_not_to_be_run'

# The same for mail: neither systemd nor a script of init starts what is named here. A server that is there stays as it is.
forbid_dovecot='mkdir -p /etc/systemd/system /etc/default; for unit in dovecot.service dovecot.socket; do [ -e /etc/systemd/system/$unit ] || ln -s /dev/null /etc/systemd/system/$unit; done; [ -e /etc/default/dovecot ] || echo ENABLED=0 > /etc/default/dovecot'

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"
    elif [ -t 0 ]; then sudo "$@"
    else sudo -n "$@"; fi
}

apt() {
    as_root env DEBIAN_FRONTEND=noninteractive UCF_FORCE_CONFFOLD=1 \
        timeout 1200 apt-get -y -q -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 \
        -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$@"
}

install_missing() {
    local by_hand="sudo apt-get update && sudo apt-get install -y --no-install-recommends ${missing[*]}"
    has apt-get || stop "please install by your system's own means: ${missing[*]}"
    if [ "$(id -u)" -ne 0 ] && { ! has sudo || { [ ! -t 0 ] && ! sudo -n true 2>/dev/null; }; }; then
        stop "not root and no sudo. Please run: $by_hand"
    fi
    case " ${missing[*]} " in *" postgresql "*) as_root sh -c "$forbid_default_cluster" ;; esac
    case " ${missing[*]} " in *" openssh-server "*) as_root sh -c "$forbid_ssh" ;; esac
    case " ${missing[*]} " in *" dovecot-imapd "*) as_root sh -c "$forbid_dovecot" ;; esac
    say "apt-get update"
    apt update || { say "apt-get update failed; once more in 5 seconds"; sleep 5; apt update; } \
        || say "apt-get update failed twice; going on with the lists that are here"
    say "apt-get install ${missing[*]}"
    apt install --no-install-recommends "${missing[@]}" || stop "apt-get did not install everything. By hand: $by_hand"
    postgres_found || stop "the system's PostgreSQL is older than 15; install 15 or later, then run this again."
}

[ "${#missing[@]}" -eq 0 ] || install_missing

# --- Styles, fonts and the browser harness. ------------------------------------------------------
# npm writes node_modules/.package-lock.json last, so it dates the last complete install.
if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
    say "npm ci (styles, fonts, browser harness)"
    timeout 900 npm ci --ignore-scripts --no-audit --no-fund || stop "npm ci did not finish; its own words are above."
    touch node_modules/.package-lock.json
fi

# --- Crates. ---------------------------------------------------------------------------------------
target=${CARGO_TARGET_DIR:-target}
if [ ! -e "$target/.fetched" ] || [ Cargo.lock -nt "$target/.fetched" ]; then
    say "cargo fetch (crates named in Cargo.lock)"
    timeout 900 cargo fetch --locked || { say "cargo fetch failed; once more"; timeout 900 cargo fetch --locked; } \
        || stop "cargo fetch did not finish; its own words are above."
    mkdir -p "$target" && touch "$target/.fetched"
fi

say "everything is here"
