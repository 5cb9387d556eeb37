"""Every fault of the sites besides what eligibility meets at Summit: what a bot does there while it is in force."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from payerbots.engine.delivering import RunReport
from payerbots.errors import ConfigError
from payerbots.ledger.models import Attempt
from payerbots.sandbox.cascade import book as cascade_book
from payerbots.sandbox.sites import CASCADE, CLEARPOINT, FAULTS, HARBOR, SUMMIT
from tests.canary_day import OF_FILES, Day
from tests.support import SEED, keep_rows, today

QUIET = frozenset({"slow", "slow_file", "popup", "layout"})
"""Faults under which work goes on, and that never run down."""

IN_EDITOR = frozenset({"accept_then_timeout", "editor_locked", "stale_version"})
"""Faults that a bot meets while it corrects a claim."""

TOGETHER = QUIET | OF_FILES | IN_EDITOR
"""Faults that are met in one run, those that are counted each by a file or a claim of its own."""

VALUES: Mapping[str, float] = {
    "slow": 0.01,
    "slow_file": 0.02,
    "layout": 2,
    "logout_after": 3,
    "stale_answer": 9,
    "error_next": 9,
}
"""How much of a fault it takes; a fault that is not here is set to 1."""

BANK_SLOW = 1
"""The bank counts the seconds for which a file stops in whole ones."""


@dataclass
class Met:
    """What came of the faults of a site: errors of attempts, the counts that ran down, what was drawn anew."""

    errors: dict[str, list[str]] = field(default_factory=dict)
    run_down: set[str] = field(default_factory=set)
    drift: set[str] = field(default_factory=set)

    @property
    def faults(self) -> set[str]:
        """The faults that have shown."""
        return {name for name, errors in self.errors.items() if errors} | self.run_down


def names_of(portal: str) -> set[str]:
    """The faults that a site has."""
    return set(asdict(FAULTS[portal]()))


def every_fault(day: Day) -> dict[str, Met]:
    """All of each site, besides what eligibility meets at Summit.

    Each of those that end a run early has a run of its own; then all others of a site have one, at the end: money is
    concluded on with every run, which takes its time when there is some.
    """
    met = {portal: Met() for portal in (CLEARPOINT, CASCADE, HARBOR, SUMMIT)}
    for portal in (CLEARPOINT, CASCADE, HARBOR):
        for name in sorted(names_of(portal) - TOGETHER):
            day.sign_out()
            _under(day, portal, name, {name}, met[portal])
    for portal, found in met.items():
        _under(day, portal, "together", names_of(portal) & TOGETHER, found)
    return met


def _under(day: Day, portal: str, title: str, names: set[str], met: Met) -> None:
    before, chosen = Attempt.objects.count(), {name: _value(portal, name) for name in names}
    day.sites[portal].set_faults(**chosen)
    with suppress(ConfigError):  # what there was to do could not be collected
        met.drift |= set(_sent(day, portal, title).drift)
    left = asdict(day.sites.state(portal).faults)
    failed = Attempt.objects.order_by("pk")[before:]
    met.errors[title] = [one.error for one in failed if one.error]
    met.run_down |= {name for name, value in chosen.items() if left[name] != value}
    day.behave(portal)


def _value(portal: str, name: str) -> float:
    return BANK_SLOW if (portal, name) == (HARBOR, "slow_file") else VALUES.get(name, 1)


def _sent(day: Day, portal: str, title: str) -> RunReport:
    """The run of whichever bot has business there."""
    name = f"{portal} {title}"
    if portal == HARBOR:
        return day.send("lockbox", name, portal)
    if portal == CLEARPOINT:
        return day.send("rejections", name, portal, input=day.claims_sent)
    if title == "together":
        return day.send("remittance", name, portal)
    rows = day.at_cascade[: 2 if title == "throttle" else 1]
    report = day.send("eligibility", name, portal, input=_asked_of_cascade(day, rows))
    if "new" not in report.by_state:
        del day.at_cascade[: len(rows)]
    return report


def _asked_of_cascade(day: Day, rows: Sequence[int]) -> Path:
    file = day.folder / f"{CASCADE}.xlsx"
    cascade_book.write_workbook(file, SEED, today())
    keep_rows(file, set(rows))
    return file
