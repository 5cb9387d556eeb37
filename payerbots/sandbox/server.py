"""Runs the practice portal: in a thread for tests and demos, or in the foreground for a person."""

from __future__ import annotations

import contextlib
import signal
import socket
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

import uvicorn

from payerbots.sandbox import sites
from payerbots.sandbox.app import create
from payerbots.sandbox.state import Portal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date, datetime
    from types import TracebackType

    from starlette.applications import Starlette

    from payerbots.sandbox.clearpoint.mailing import Post
    from payerbots.sandbox.practice import PracticeState

HOST = "127.0.0.1"
START_SECONDS = 15.0
STOP_SECONDS = 10.0


class _Server(uvicorn.Server):
    """A server that says when it listens, and that leaves signals alone when it runs in a thread."""

    def __init__(self, config: uvicorn.Config, listening: Callable[[], None], *, signals: bool) -> None:
        super().__init__(config)
        self._listening = listening
        self._signals = signals

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Tells the owner once the socket is open."""
        await super().startup(sockets)
        self._listening()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave quietly on a signal; only the main thread may handle one."""
        handled = (signal.SIGINT, signal.SIGTERM) if self._signals else ()
        before = {item: signal.signal(item, self.handle_exit) for item in handled}
        try:
            yield
        finally:
            for item, handler in before.items():
                signal.signal(item, handler)


class PracticeSite:
    """A practice site on a free loopback port, as a context manager: its state, and the app over it."""

    def __init__(self, state: PracticeState, app: Starlette, port: int = 0) -> None:
        self._state, self._app, self._port = state, app, port
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None
        self._ready = threading.Event()
        self.url = ""

    def __enter__(self) -> Self:
        """Start and waits until it listens."""
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop."""
        self.stop()

    def start(self) -> Self:
        """Start the server in a thread; returns once it listens. OSError if the port is taken."""
        opened = _open(self._port)
        self.url = _url(opened)
        self._server = _Server(_config(self._app), self._ready.set, signals=False)
        self._thread = threading.Thread(
            target=self._server.run, args=([opened],), name="practice-portal", daemon=True
        )
        self._thread.start()
        if not self._ready.wait(START_SECONDS):
            self.stop()
            message = "the practice portal did not start"
            raise RuntimeError(message)
        return self

    def stop(self) -> None:
        """Stop the server; harmless if it does not run."""
        if self._server and self._thread:
            self._server.should_exit = True
            self._server.force_exit = True
            self._thread.join(STOP_SECONDS)
        self._server = self._thread = None
        self._ready.clear()

    def reset(self) -> None:
        """Make the site as new: no faults, locks, sessions or counts."""
        self._state.reset()

    def set_faults(self, **faults: object) -> None:
        """Change some faults while it runs."""
        self._state.set_faults(faults)

    def clear_faults(self) -> None:
        """Take all faults back."""
        self._state.clear_faults()

    def stats(self) -> dict[str, object]:
        """Return the counters."""
        return self._state.stats()


class PracticePortal(PracticeSite):
    """The portal of Summit Health Plan.

    `today` is the day from which the book of business is made, `clock` the time that sessions and one-time codes see.
    """

    def __init__(
        self,
        seed: int,
        today: date | None = None,
        port: int = 0,
        faults: Mapping[str, object] | None = None,
        latency_ms: float = 0,
        *,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        self.portal = Portal(seed, today, clock)
        self.portal.latency = latency_ms / 1000
        self.portal.set_faults(faults or {})
        super().__init__(self.portal, create(self.portal), port)


@dataclass(frozen=True, kw_only=True)
class Serving:
    """What is served: the sites by name, the first one at `port` (0: a free one), the others at free ones."""

    seed: int
    names: Sequence[str]
    port: int = 0
    faults: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    latency_ms: float = 0
    today: date | None = None


def serve(wanted: Serving, on_ready: Callable[[Mapping[str, str]], None] | None = None) -> None:
    """Run sites in the foreground until SIGINT or SIGTERM. OSError if the port is taken.

    `on_ready` is told the address of each site once all of them listen, and of the mailbox where one is needed.
    """
    first, *others = wanted.names
    with contextlib.ExitStack() as stack:
        told, post = _mailbox(stack) if sites.CLEARPOINT in wanted.names else ({}, None)
        beside = {name: stack.enter_context(PracticeSite(*_made(wanted, name, post))).url for name in others}
        _, app = _made(wanted, first, post)
        opened = _open(wanted.port)
        urls = {first: _url(opened), **beside, **told}
        server = _Server(_config(app), lambda: on_ready(urls) if on_ready else None, signals=True)
        server.run([opened])


def _mailbox(stack: contextlib.ExitStack) -> tuple[dict[str, str], Post]:
    """A mailbox for as long as the sites are served: where it is read, and how mails get there."""
    from payerbots.sandbox.mailbox import PracticeMailbox  # noqa: PLC0415 - slow to import, and seldom needed

    box = stack.enter_context(PracticeMailbox())
    return {sites.MAILBOX: f"{HOST}:{box.imap_port}"}, box.send


def _made(wanted: Serving, name: str, post: Post | None) -> tuple[PracticeState, Starlette]:
    state, app = sites.make(name, wanted.seed, wanted.today, post=post)
    state.latency = wanted.latency_ms / 1000
    state.set_faults(wanted.faults.get(name, {}))
    return state, app


def _open(port: int) -> socket.socket:
    opened = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        opened.bind((HOST, port))
    except OSError:
        opened.close()
        raise
    return opened


def _url(opened: socket.socket) -> str:
    return f"http://{HOST}:{opened.getsockname()[1]}"


def _config(app: Starlette) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=2,
    )
