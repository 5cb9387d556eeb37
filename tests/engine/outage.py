"""A database that goes away for a while: PostgreSQL behind a wire that can be cut, SQLite locked by another."""

import socket
import sqlite3
import threading
from contextlib import suppress
from typing import Self
from urllib.parse import parse_qsl, urlsplit

from tests.engine.acting import Office

_CHUNK = 65536


class Outage:
    """Between `begin` and `end` nobody reaches the database. `url` is how workers reach it."""

    def __init__(self, office: Office) -> None:
        self._file = office.folder / "data" / "ledger.db"
        self._wire = Wire(office.database_url) if office.database_url else None
        self._lock: sqlite3.Connection | None = None
        self.url = self._wire.url if self._wire else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()
        if self._wire:
            self._wire.close()

    def begin(self) -> None:
        if self._wire:
            self._wire.cut()
        else:
            self._lock = sqlite3.connect(self._file, isolation_level=None, timeout=10)
            self._lock.execute("BEGIN EXCLUSIVE")

    def end(self) -> None:
        if self._wire:
            self._wire.mend()
        if self._lock:
            self._lock.execute("ROLLBACK")
            self._lock.close()
            self._lock = None


class Wire:
    """A loopback port that passes everything on to PostgreSQL, until it is cut."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._folder = dict(parse_qsl(parts.query)).get("host")
        self._address = (parts.hostname or "127.0.0.1", parts.port or 5432)
        self._whole = True
        self._open: list[socket.socket] = []
        self._server = socket.create_server(("127.0.0.1", 0))
        port = self._server.getsockname()[1]
        user = f"{parts.username}:{parts.password or ''}@" if parts.username else ""
        self.url = f"postgresql://{user}127.0.0.1:{port}{parts.path}"
        self._thread = threading.Thread(target=self._accept)
        self._thread.start()

    def cut(self) -> None:
        self._whole = False
        for one in self._open:
            _end(one)
        self._open.clear()

    def mend(self) -> None:
        self._whole = True

    def close(self) -> None:
        self.cut()
        _end(self._server)
        self._thread.join()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._server.accept()
                if not self._whole:
                    _end(near)
                    continue
                far = self._far()
                self._open += [near, far]
                for pair in ((near, far), (far, near)):
                    threading.Thread(target=_pump, args=pair, daemon=True).start()

    def _far(self) -> socket.socket:
        if self._folder is None:
            return socket.create_connection(self._address)
        far = socket.socket(socket.AF_UNIX)
        far.connect(f"{self._folder}/.s.PGSQL.5432")
        return far


def _pump(near: socket.socket, far: socket.socket) -> None:
    with suppress(OSError):
        while data := near.recv(_CHUNK):
            far.sendall(data)
    _end(near)
    _end(far)


def _end(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()
