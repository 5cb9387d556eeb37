"""Serves the console until it is told to stop."""

import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.core.management import call_command
from django.db import DatabaseError, connections

from payerbots.console import settings
from payerbots.console.office import office
from payerbots.console.settings import LOOPBACK, Address
from payerbots.errors import ConfigError
from payerbots.ledger import kpi_memory, seals

THREADS = 8
_LARGEST_REQUEST = settings.UPLOAD_BYTES + 1024 * 1024


def check_host(host: str, where: Address) -> None:
    """`ConfigError` for an address that others reach without TLS."""
    if host not in LOOPBACK and not where.is_secure:
        raise ConfigError(
            f"--host: found {host}, allowed: 127.0.0.1. For others, end TLS in a proxy before the console and say "
            "its address: PAYERBOTS_CONSOLE_URL=https://…"
        )


def make_server(host: str, port: int, where: Address) -> Any:  # noqa: ANN401 - waitress has no types
    """A server that listens; `effective_port` says where."""
    from django.core.wsgi import get_wsgi_application  # noqa: PLC0415 - Django is not ready before
    from waitress import create_server  # noqa: PLC0415 - as above

    return create_server(
        get_wsgi_application(),
        host=host.strip("[]"),
        port=port,
        threads=THREADS,
        ident=None,
        max_request_body_size=_LARGEST_REQUEST,
        inbuf_overflow=2 * _LARGEST_REQUEST,  # nothing of a person goes to the temp folder
        outbuf_overflow=2 * _LARGEST_REQUEST,
        **_proxy(where),
    )


def _proxy(where: Address) -> dict[str, Any]:
    """Who stands before the console on this machine is believed about who comes, and how."""
    if not where.is_secure:
        return {"clear_untrusted_proxy_headers": True}
    return {
        "trusted_proxy": "127.0.0.1",
        "trusted_proxy_count": 1,
        "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"},
        "clear_untrusted_proxy_headers": True,
    }


def serve(host: str, port: int, where: Address, on_ready: Callable[[str], None]) -> None:
    """Serves in the foreground until SIGINT or SIGTERM. `ConfigError` when something else listens there."""
    check_host(host, where)
    if where.is_secure:
        call_command("check", deploy=True, fail_level="WARNING", verbosity=0)
    try:
        server = make_server(host, port, where)
    except OSError as error:
        raise ConfigError(f"--port: {host}:{port} cannot be listened at ({error.strerror})") from None
    over = threading.Event()
    beating = threading.Thread(target=_beat_until, args=(over,), daemon=True)
    beating.start()
    signal.signal(signal.SIGTERM, _stop)
    on_ready(where.url or f"http://{host}:{server.effective_port}")
    try:
        server.run()
    finally:
        over.set()
        server.close()
        beating.join()


def _stop(*_: object) -> None:
    raise SystemExit(0)


def _beat_until(over: threading.Event) -> None:
    """Seals what the console writes into the audit, as each worker does; counts past days before anybody asks."""
    beat, space = office().space.settings.heartbeat_seconds, office().space
    try:
        while not over.wait(beat):
            with suppress(DatabaseError):
                seals.seal(office().ledger)
                kpi_memory.settle(space.today, space.zone)
    finally:
        connections.close_all()
