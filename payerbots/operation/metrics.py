"""Figures for Prometheus at `/metrics`: of this process, and of the ledger at the moment it is asked."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import DatabaseError, InterfaceError, connections
from loguru import logger
from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, start_http_server
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from payerbots.engine.guard import seen
from payerbots.engine.worker import Progress
from payerbots.errors import ConfigError
from payerbots.ledger.gauges import Gauges, gauges
from payerbots.ledger.portals import Standing
from payerbots.ledger.records import Ledger
from payerbots.log import place_of
from payerbots.workspace import Workspace

HOST = "127.0.0.1"
_SECONDS = (0.5, 1, 2, 5, 10, 20, 45, 90, 180)
_STANDINGS = ("open", "paused", "stopped")


@dataclass(frozen=True)
class State:
    """The ledger's numbers, and how portals stand."""

    gauges: Gauges
    portals: Mapping[str, Standing]


def look(ledger: Ledger, workspace: Workspace) -> State:
    """The state of the ledger to which this process is connected."""
    silent = timedelta(seconds=3 * workspace.settings.heartbeat_seconds)
    return State(gauges(ledger, silent), seen(ledger, workspace.portals, list(workspace.portals)))


@dataclass(eq=False)
class LedgerCollector(Collector):
    """Asks the ledger whenever Prometheus asks us; a ledger that does not answer shows as `payerbots_ledger_up 0`."""

    ask: Callable[[], State]

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """The families of one scrape."""
        try:
            state = self.ask()
        except (DatabaseError, InterfaceError) as error:
            logger.warning("metrics without the ledger: {}", place_of(error))
            yield _gauge("ledger_up", "Whether the ledger answers.", [((), 0)])
            return
        finally:
            connections.close_all()
        yield _gauge("ledger_up", "Whether the ledger answers.", [((), 1)])
        yield from _families(state)

    def describe(self) -> Iterable[GaugeMetricFamily]:
        """Nothing is asked of the ledger only to name the families."""
        return ()


Samples = Sequence[tuple[tuple[str, ...], float]]


def _gauge(name: str, help_: str, samples: Samples, labels: Sequence[str] = ()) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"payerbots_{name}", help_, labels=labels)
    for values, number in samples:
        family.add_metric(values, number)
    return family


def _families(state: State) -> Iterator[GaugeMetricFamily]:
    found, where = state.gauges, ("bot", "portal", "state")
    yield _gauge(
        "items",
        "Items that are open or wait for a person.",
        [((one.bot, one.portal, one.state), one.count) for one in found.items],
        where,
    )
    yield _gauge(
        "oldest_item_age_seconds",
        "How long ago the oldest of them was made.",
        [((one.bot, one.portal, one.state), (found.at - one.oldest).total_seconds()) for one in found.items],
        where,
    )
    yield _gauge(
        "portal_standing",
        "1 for how a portal stands now, 0 for how it does not.",
        [
            ((name, word), float(one.state == word))
            for name, one in state.portals.items()
            for word in _STANDINGS
        ],
        ("portal", "standing"),
    )
    yield _gauge(
        "runs", "Runs that go on, or are held.", [((name,), n) for name, n in found.runs.items()], ("state",)
    )
    yield _gauge("workers_alive", "Workers that told of themselves lately.", [((), found.workers)])
    yield _gauge("notices_waiting", "Notices that not all have been told of.", [((), found.notices)])
    yield _gauge("messages_waiting", "Messages that are not handed on yet.", [((), found.messages)])


@dataclass
class Metrics:
    """The figures of one process. `step` counts an attempt that ended."""

    ask: Callable[[], State]
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)

    def __post_init__(self) -> None:
        self.registry.register(LedgerCollector(self.ask))
        ProcessCollector(registry=self.registry)
        names = ("bot", "portal")
        self._attempts = Counter(
            "payerbots_attempts",
            "Attempts that ended in this process, by the state of their item after.",
            (*names, "state"),
            registry=self.registry,
        )
        self._exceptions = Counter(
            "payerbots_exceptions",
            "Items that came to need a person in this process.",
            (*names, "reason"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "payerbots_attempt_seconds",
            "How long attempts of this process took.",
            names,
            registry=self.registry,
            buckets=_SECONDS,
        )

    def step(self, step: Progress) -> None:
        """An attempt has ended."""
        self._attempts.labels(step.bot, step.portal, step.state).inc()
        self._seconds.labels(step.bot, step.portal).observe(step.seconds)
        if step.reason:
            self._exceptions.labels(step.bot, step.portal, step.reason).inc()


@contextmanager
def served(metrics: Metrics, port: int) -> Iterator[int]:
    """Meanwhile they are served at `http://127.0.0.1:PORT/metrics`; the port (0 asks for a free one).

    `ConfigError` when the port is another's.
    """
    try:
        server, thread = start_http_server(port, addr=HOST, registry=metrics.registry)
    except OSError:
        raise ConfigError(f"port {port} of {HOST} is taken: choose another --metrics-port") from None
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
