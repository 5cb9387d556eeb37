# Sourced: which Python makes .venv, and what makes it able to.

_is_new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }
_can_make_venv() { "$1" -c 'import ensurepip, venv' >/dev/null 2>&1; }

# Prints the Python to use: $PYTHON, else the first of at least 3.11 that can make a .venv, else the first of at least 3.11.
find_python() {
    if [ -n "${PYTHON:-}" ]; then
        _is_new_enough "$PYTHON" && printf '%s\n' "$PYTHON"
        return
    fi
    first=
    for name in python3 python3.13 python3.12 python3.11 /usr/bin/python3; do
        _is_new_enough "$name" || continue
        if _can_make_venv "$name"; then
            printf '%s\n' "$name"
            return
        fi
        first=${first:-$name}
    done
    [ -n "$first" ] && printf '%s\n' "$first"
}

no_python() {
    if [ -n "${PYTHON:-}" ]; then
        printf 'PYTHON=%s is not a Python of at least 3.11.\n' "$PYTHON"
        return
    fi
    printf 'no Python of at least 3.11 found (python3 is %s).\n' "$(python3 --version 2>/dev/null || echo missing)"
    case "$(uname -s)" in
        Darwin) printf '  Install one: brew install python@3.13, or from python.org. Or install uv, which brings its own.\n' ;;
        *) printf '  Install one: apt-get install python3 python3-venv. Or install uv, which brings its own.\n' ;;
    esac
}

# Prints "" (root), "sudo -n" (without a password), or fails: neither.
_as_root() {
    if [ "$(id -u)" = 0 ]; then
        printf '\n'
    elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
        printf 'sudo -n\n'
    else
        return 1
    fi
}

# Debian and Ubuntu ship venv apart from Python. Prints the Python once it can make a .venv.
with_ensurepip() {
    if ! _can_make_venv "$1"; then
        package=python$("$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv
        if ! command -v apt-get >/dev/null 2>&1; then
            printf 'setup: %s has no venv and ensurepip modules; install them, or install uv\n' "$1" >&2
            return 1
        fi
        if ! root=$(_as_root); then
            printf 'setup: run this first: sudo apt-get install %s\n' "$package" >&2
            return 1
        fi
        printf 'setup: installing %s\n' "$package" >&2
        $root env DEBIAN_FRONTEND=noninteractive apt-get -qq update </dev/null >&2 || true
        $root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=60 \
            install -y --no-install-recommends "$package" </dev/null >/dev/null || return 1
    fi
    _can_make_venv "$1" && printf '%s\n' "$1"
}
