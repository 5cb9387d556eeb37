#!/bin/sh
# RabbitMQ for the tests of queues: on 127.0.0.1:5672 only, in a data folder of its own, stopped by its id.
# usage: sh scripts/services.d/rabbitmq.sh [stop]      (PAYERBOTS_RABBITMQ_HOME and _PORT: another one beside it)
set -eu
cd "$(dirname "$0")/../.."

home=${PAYERBOTS_RABBITMQ_HOME:-$PWD/.services/rabbitmq}
port=${PAYERBOTS_RABBITMQ_PORT:-5672}
pid_file=$home/pid
epmd_file=$home/epmd.pid
epmd_port=$((port + 38018))
dist_port=$((port + 38019))

say() { printf 'rabbitmq: %s\n' "$*"; }
fail() {
    printf 'rabbitmq: %s\n' "$*" >&2
    [ -f "$home/out.log" ] && tail -20 "$home/out.log" >&2
    exit 1
}

# AMQP's greeting is answered with a method frame (0x01) by a broker that is ready.
answers() {
    python3 - "$port" <<'PY' 2>/dev/null
import socket, sys
with socket.create_connection(("127.0.0.1", int(sys.argv[1])), 2) as s:
    s.settimeout(2)
    s.sendall(b"AMQP\x00\x00\x09\x01")
    sys.exit(s.recv(1) != b"\x01")
PY
}

# Whether the process of this id is the program that we started, and not another that has its id by now.
is_ours() { [ -n "$1" ] && grep -q "$2" "/proc/$1/cmdline" 2>/dev/null; }

id_in() { cat "$1" 2>/dev/null || true; }

stop_one() {
    id=$(id_in "$1")
    if is_ours "$id" "$2"; then
        kill "$id" 2>/dev/null || true
        tries=0
        while is_ours "$id" "$2" && [ $tries -lt 100 ]; do
            tries=$((tries + 1))
            sleep 0.2
        done
        ! is_ours "$id" "$2" || kill -9 "$id"
    fi
    rm -f "$1"
}

stop() {
    stop_one "$pid_file" beam
    stop_one "$epmd_file" epmd
    say stopped
}

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }

# The package would start a broker of its own, on all interfaces: policy-rc.d forbids it meanwhile.
install_it() {
    policy=/usr/sbin/policy-rc.d
    ours=
    if [ ! -e $policy ]; then
        ours=yes
        printf '#!/bin/sh\nexit 101\n' | as_root tee $policy >/dev/null
        as_root chmod 755 $policy
    fi
    as_root apt-get -q update >"$home/apt.log" 2>&1 || true
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=120 install -y \
        --no-install-recommends rabbitmq-server >>"$home/apt.log" 2>&1 && installed=yes || installed=
    [ -z "$ours" ] || as_root rm -f $policy
    [ -n "$installed" ] || { tail -5 "$home/apt.log" >&2; fail 'could not be installed'; }
}

server() { ls /usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin/rabbitmq-server 2>/dev/null | tail -1; }

start() {
    mkdir -p "$home/data" "$home/log"
    chmod 700 "$home"
    printf '[].\n' >"$home/enabled_plugins"
    cat >"$home/rabbitmq.conf" <<CONF
listeners.tcp.local = 127.0.0.1:$port
loopback_users.guest = true
log.file.level = warning
disk_free_limit.absolute = 50MB
CONF
    printf '[{kernel, [{inet_dist_use_interface, {127,0,0,1}}, {inet_dist_listen_min, %s}, {inet_dist_listen_max, %s}]}].\n' \
        $dist_port $dist_port >"$home/advanced.config"
    export HOME="$home" ERL_EPMD_ADDRESS=127.0.0.1 ERL_EPMD_PORT=$epmd_port
    epmd -address 127.0.0.1 -port $epmd_port </dev/null >"$home/epmd.log" 2>&1 &
    echo $! >"$epmd_file"
    RABBITMQ_NODENAME="payerbots$port@localhost" RABBITMQ_MNESIA_BASE="$home/data" RABBITMQ_LOG_BASE="$home/log" \
        RABBITMQ_CONFIG_FILE="$home/rabbitmq.conf" RABBITMQ_ADVANCED_CONFIG_FILE="$home/advanced.config" \
        RABBITMQ_ENABLED_PLUGINS_FILE="$home/enabled_plugins" RABBITMQ_PID_FILE="$pid_file" \
        RABBITMQ_CONF_ENV_FILE=/dev/null RABBITMQ_DIST_PORT=$dist_port \
        RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS='-kernel inet_dist_use_interface {127,0,0,1}' \
        setsid "$(server)" </dev/null >"$home/out.log" 2>&1 &
    tries=0
    until answers; do
        tries=$((tries + 1))
        [ $tries -lt 150 ] || fail 'does not answer after a minute'
        sleep 0.4
    done
}

mkdir -p "$home"
if [ "${1:-}" = stop ]; then
    stop
    exit 0
fi
if answers; then
    if is_ours "$(id_in "$pid_file")" beam; then say "runs on 127.0.0.1:$port"; else say "one that is here already answers on 127.0.0.1:$port"; fi
    exit 0
fi
[ -n "$(server)" ] || install_it
start
say "started on 127.0.0.1:$port"
