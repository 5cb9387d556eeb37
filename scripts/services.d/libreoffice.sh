#!/bin/sh
# LibreOffice for the tests that open and recalculate workbooks: a program that tests call, not a service that runs.
# usage: sh scripts/services.d/libreoffice.sh [stop]
set -eu
cd "$(dirname "$0")/../.."

home=$PWD/.services/libreoffice

say() { printf 'libreoffice: %s\n' "$*"; }
fail() {
    printf 'libreoffice: %s\n' "$*" >&2
    exit 1
}

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }

install_it() {
    as_root apt-get -q update >"$home/apt.log" 2>&1 || true
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=120 install -y \
        --no-install-recommends libreoffice-calc >>"$home/apt.log" 2>&1 || {
        tail -5 "$home/apt.log" >&2
        fail 'could not be installed'
    }
}

if [ "${1:-}" = stop ]; then
    say 'nothing to stop'
    exit 0
fi
mkdir -p "$home"
command -v soffice >/dev/null 2>&1 || install_it
version=$(timeout 120 soffice "-env:UserInstallation=file://$home/profile" --headless --version 2>/dev/null | head -1) || true
[ -n "$version" ] || fail 'is installed, and does not start'
say "$version"
