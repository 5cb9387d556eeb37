"""All practice sites over one made-up world: two payers' portals, a bank and a clearinghouse; the office's work there."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from payerbots.sandbox import answers as summit_answers
from payerbots.sandbox import app as summit_app
from payerbots.sandbox import faults, money, requests, state, world
from payerbots.sandbox.cascade import answers as cascade_answers
from payerbots.sandbox.cascade import app as cascade_app
from payerbots.sandbox.cascade import book
from payerbots.sandbox.cascade import faults as cascade_faults
from payerbots.sandbox.cascade import shelf as cascade_shelf
from payerbots.sandbox.cascade.state import CascadeState
from payerbots.sandbox.clearpoint import app as clearpoint_app
from payerbots.sandbox.clearpoint import book as front_end
from payerbots.sandbox.clearpoint import faults as clearpoint_faults
from payerbots.sandbox.clearpoint.state import ClearpointState
from payerbots.sandbox.harbor import app as harbor_app
from payerbots.sandbox.harbor import faults as harbor_faults
from payerbots.sandbox.harbor import shelf as harbor_shelf
from payerbots.sandbox.harbor.state import HarborState
from payerbots.sandbox.money import answers as money_answers
from payerbots.sandbox.money import shelves

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date
    from pathlib import Path

    from _typeshed import DataclassInstance
    from starlette.applications import Starlette

    from payerbots.sandbox.clearpoint.mailing import Post
    from payerbots.sandbox.money.records import Money
    from payerbots.sandbox.practice import PracticeState

    Clock = Callable[[], datetime]

SUMMIT, CASCADE, HARBOR, CLEARPOINT = "summit_health", "cascade_mutual", "harbor_bank", "clearpoint"
MAILBOX = "mailbox"
"""Where the codes of ClearPoint can be read (IMAP), as it is told beside the sites' addresses."""
FAULTS: Final[dict[str, type[DataclassInstance]]] = {
    SUMMIT: faults.Faults,
    CASCADE: cascade_faults.Faults,
    HARBOR: harbor_faults.HarborFaults,
    CLEARPOINT: clearpoint_faults.ClearpointFaults,
}
NAMES: Final = tuple(FAULTS)
"""The sites by the names that the office gives their portals; the first one is served first."""


def make(
    name: str,
    seed: int,
    today: date | None = None,
    clock: Clock | None = None,
    post: Post | None = None,
) -> tuple[PracticeState, Starlette]:
    """A site's state, and the app over it; without a day it is that of now. `post` sends its mails."""
    day = today or datetime.now().astimezone().date()
    if name == SUMMIT:
        portal = state.Portal(seed, day, clock)
        return portal, summit_app.create(portal)
    if name == CLEARPOINT:
        house = ClearpointState(seed, day, clock, post)
        return house, clearpoint_app.create(house)
    made = money.build(seed, day)
    if name == CASCADE:
        cascade = CascadeState(seed, day, clock, shelf=eobs(made))
        return cascade, cascade_app.create(cascade)
    bank = HarborState(days(made), clock)
    return bank, harbor_app.create(bank)


def eobs(made: Money) -> cascade_shelf.Shelf:
    """Cascade's shelf of a world."""
    return cascade_shelf.Shelf(
        remittances=tuple(
            cascade_shelf.Remittance(
                number=one.number,
                trace=one.trace,
                method=one.method,
                paid_on=one.paid_on,
                amount=one.amount,
                claims=one.claims,
                posted_at=one.posted_at,
                available_from=one.available_from,
                content=one.content,
            )
            for one in shelves.cascade(made)
        )
    )


def days(made: Money) -> harbor_shelf.Shelf:
    """The bank's shelf of a world."""
    bank = shelves.harbor(made)
    return harbor_shelf.Shelf(account=bank.account, lockbox=bank.lockbox, days=tuple(map(_day, bank.days)))


def _day(day: shelves.BankDay) -> harbor_shelf.Day:
    return harbor_shelf.Day(
        date=day.date,
        files=tuple(map(_file, day.files)),
        batches=tuple(
            harbor_shelf.Batch(number=one.number, items=one.items, amount=one.amount) for one in day.batches
        ),
        movements=tuple(
            harbor_shelf.Movement(
                type=one.type,
                description=one.description,
                reference=one.reference,
                amount=one.amount,
                details=one.details,
            )
            for one in day.movements
        ),
        opening=day.opening,
    )


def _file(file: shelves.BankFile) -> harbor_shelf.File:
    return harbor_shelf.File(
        name=file.name,
        kind=harbor_shelf.Kind(file.kind),
        batch=file.batch,
        versions=tuple(
            harbor_shelf.Version(posted_at=one.posted_at, content=one.content) for one in file.versions
        ),
    )


# -- what the office asks, and what is right ---------------------------------------------------------------------


def write_requests(path: Path, seed: int, today: date) -> None:
    """Write the office's list over both payers: the sample list, and below it the requests about Cascade's members."""
    ours = world.build(seed, today).requests
    requests.write(path, [*ours, *book.build(seed, today, _below(seed, today)).requests], today)


def answers(seed: int, today: date, on: date | None = None) -> dict[str, Any]:
    """The right answers to all of that list, about the money, and about each claim that was sent.

    See `sandbox.answers`, `sandbox.money.answers` and `sandbox.clearpoint.book`.
    """
    told = summit_answers.answers(seed, today)
    cascade = cascade_answers.answers(seed, today, _below(seed, today))
    return {
        **told,
        **money_answers.answers(seed, today, on),
        "eligibility": [*told["eligibility"], *cascade["eligibility"]],
        "rejections": [front_end.as_json(one) for one in front_end.answers(seed, today)],
    }


def _below(seed: int, today: date) -> int:
    return max(request.row for request in world.build(seed, today).requests) + 1


# -- faults ------------------------------------------------------------------------------------------------------


def parse_faults(texts: Iterable[str], names: tuple[str, ...] = NAMES) -> dict[str, dict[str, float]]:
    """Read `NAME=VALUE` or `SITE.NAME=VALUE` texts by site; without one the first of `names` is meant."""
    found: dict[str, list[str]] = {name: [] for name in names}
    for text in texts:
        site, dot, rest = text.partition(".")
        known = dot and site in found
        found[site if known else names[0]].append(rest if known else text)
    return {name: faults.parse(some, FAULTS[name]) for name, some in found.items()}
