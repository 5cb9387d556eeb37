"""Eligibility rechecks by rule: from the office's list of active orders, a list for the eligibility bot.

The site's `rechecks.yaml`:

orders: in/active-orders.xlsx   # the list that the office keeps
out: in/rechecks                # where the list of a day goes; a schedule of the eligibility bot watches it
at: "05:00"                     # when, on the office's wall clock
valid: month                    # how long an answer holds: month (to its end), or 30d; never beyond its year
refill: {days_before: 10}
rental: {days_before: 5}
january: {days: 10}             # all active orders are checked again in the first days of a year
"""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from payerbots import yamlfile
from payerbots.documents.workbook.orders import OrderSheet, read_orders, write_rechecks
from payerbots.domain.rechecks import ActiveOrder, Recheck, RecheckRules, rechecks
from payerbots.errors import ConfigError
from payerbots.ledger.answers import last_answered
from payerbots.ledger.records import Ledger
from payerbots.operation.people import ClockTime, clock_time
from payerbots.portals.durations import duration
from payerbots.workspace import Workspace
from payerbots.yamlfile import Strict

FILE = "rechecks.yaml"
BOT = "eligibility"
MONTH: Literal["month"] = "month"
_ONE_DAY = timedelta(days=1)


def _valid(text: object) -> object:
    if text == MONTH or isinstance(text, int):
        return text
    try:
        length = duration(text)
    except ValueError:
        length = timedelta(0)
    if length < _ONE_DAY:
        raise ValueError("month, or days such as 30d")
    return length.days


class Before(Strict):
    """How many days before a date."""

    days_before: int = Field(ge=0, le=60)


class January(Strict):
    """In how many days of January."""

    days: int = Field(10, ge=0, le=31)


class RecheckSettings(Strict):
    """All that `rechecks.yaml` says."""

    orders: Path | None = None
    out: Path = Path("in/rechecks")
    at: ClockTime = clock_time("05:00")
    valid: Annotated[int | Literal["month"], BeforeValidator(_valid)] = MONTH
    refill: Before = Before(days_before=10)
    rental: Before = Before(days_before=5)
    january: January = January()

    @property
    def rules(self) -> RecheckRules:
        """The rules as the domain has them."""
        return RecheckRules(
            valid_days=None if self.valid == MONTH else int(self.valid),
            refill_days=self.refill.days_before,
            rental_days=self.rental.days_before,
            january_days=self.january.days,
        )


@dataclass(frozen=True)
class Listed:
    """What came of a list: how many orders there are, the ones to be checked again, rows that cannot be read."""

    sheet: OrderSheet
    due: tuple[Recheck, ...]


def load(root: Path) -> RecheckSettings:
    """What a workspace says of rechecks. `ConfigError` names what is wrong, and where."""
    file = root / FILE
    return yamlfile.parse(RecheckSettings, yamlfile.read(file), file) if file.exists() else RecheckSettings()


def due(workspace: Workspace, ledger: Ledger, orders: Path, today: date) -> Listed:
    """The orders of a list that are due today. `ConfigError` when the list is not there."""
    if not orders.is_file():
        raise ConfigError(f"there is no list of active orders at {orders}")
    sheet = read_orders(orders, workspace.payers, today=today)
    last = _answered(workspace, ledger, sheet.orders)
    return Listed(sheet, tuple(rechecks(sheet.orders, last, load(workspace.root).rules, today)))


def _answered(workspace: Workspace, ledger: Ledger, orders: tuple[ActiveOrder, ...]) -> list[date | None]:
    """The office's day of each order's last answer."""
    hashes = [subject(ledger, one) for one in orders]
    found = last_answered(BOT, hashes)
    return [found[one].astimezone(workspace.zone).date() if one in found else None for one in hashes]


def subject(ledger: Ledger, order: ActiveOrder) -> str:
    """Whom and what an order is about, as the eligibility bot's items name it."""
    return ledger.keys.hashed(BOT, *order.request.person, *order.request.hcpcs)


def write(listed: Listed, out: Path, today: date) -> Path:
    """Writes the day's list for the eligibility bot; where it went."""
    file = out if out.suffix == ".xlsx" else out / f"rechecks-{today.isoformat()}.xlsx"
    return write_rechecks(file, listed.due, "Eligibility rechecks")
