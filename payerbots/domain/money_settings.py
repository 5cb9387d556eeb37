"""What an office sets of its money, in `money.yaml` of the workspace: how far bots look back, windows, payers' names."""

import datetime as dt
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field

from payerbots import yamlfile
from payerbots.domain.matching.settings import MatchSettings
from payerbots.domain.payer_names import PayerAlias

FILE = "money.yaml"
Rate = Annotated[Decimal, Field(ge=0, le=1)]
Days = Annotated[int, Field(ge=0, le=366)]


class PayerNames(yamlfile.Strict):
    """One payer: its names on remittances, at the bank and on checks, and its ids (TRN03, company ID)."""

    names: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()


class MoneySettings(yamlfile.Strict):
    """All of them; what is not set is as the field shows."""

    look_back_days: Days = 10
    """How far before what was read last bots look again, for what arrives late."""
    first_days: Days = 21
    """How far back the first run at a portal looks."""
    ach_days: Days = 3
    check_days: Days = 10
    stale_days: Days = 180
    closed: tuple[dt.date, ...] = ()
    payers: tuple[PayerNames, ...] = ()
    win_rates: dict[str, Rate] = Field(default_factory=dict)
    """How often denials were won, by CARC: what is at stake is weighed by it. Empty: not weighed."""

    @property
    def matching(self) -> MatchSettings:
        """What matching goes by."""
        return MatchSettings(
            ach_days=self.ach_days,
            check_days=self.check_days,
            stale_days=self.stale_days,
            payers=tuple(PayerAlias(names=each.names, ids=each.ids) for each in self.payers),
            closed=self.closed,
        )

    @property
    def payer_names(self) -> tuple[str, ...]:
        """Every name that a payer is known by."""
        return tuple(name for each in self.payers for name in each.names)

    def since(self, watermark: str, day: dt.date) -> dt.date:
        """The first day to look at, when all up to `watermark` (an ISO day, or empty) was read before."""
        if not watermark:
            return day - dt.timedelta(days=self.first_days)
        return min(dt.date.fromisoformat(watermark), day) - dt.timedelta(days=self.look_back_days)


def money_settings(root: Path) -> MoneySettings:
    """Those of a workspace; the usual ones where it has no `money.yaml`. `ConfigError` says what is wrong in it."""
    path = root / FILE
    return _read(path, path.stat().st_mtime_ns) if path.is_file() else MoneySettings()


@cache
def _read(path: Path, changed: int) -> MoneySettings:  # noqa: ARG001 - a file that was changed is read again
    return yamlfile.parse(MoneySettings, yamlfile.read(path), path)
