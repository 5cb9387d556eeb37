"""The figures of a time: definitions that ship as data, minutes by hand that the site sets, counts of the ledger.

The site's `kpi.yaml`:

minutes: {eligibility: 6, remittance: 4}    # how long a person takes for one item, by bot
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Annotated

from pydantic import Field
from ruamel.yaml import YAML

from payerbots import yamlfile
from payerbots.domain import kpi
from payerbots.domain.business_days import business_days
from payerbots.domain.kpi import Definition, Report, Unit
from payerbots.domain.kpi_facts import Counted, Due, Facts
from payerbots.errors import ConfigError
from payerbots.ledger import kpi_views
from payerbots.ledger.kpi_views import Span
from payerbots.workspace import Workspace
from payerbots.yamlfile import Strict

FILE = "kpi.yaml"
DEFAULT_DAYS = 30
_LONGEST = timedelta(days=3 * 366)
Minutes = Annotated[Decimal, Field(ge=0, le=480)]


class KpiSettings(Strict):
    """What a site sets of its figures."""

    minutes: dict[str, Minutes] = Field(default_factory=dict)


@dataclass(frozen=True)
class Period:
    """From a day to a day, both among it."""

    first: date
    last: date


def load(root: Path) -> KpiSettings:
    """What a workspace sets. `ConfigError` names what is wrong, and where."""
    file = root / FILE
    return yamlfile.parse(KpiSettings, yamlfile.read(file), file) if file.exists() else KpiSettings()


@cache
def definitions() -> Mapping[str, Definition]:
    """The figures there are, in their order."""
    text = resources.files("payerbots.data").joinpath("kpis.yaml").read_text(encoding="utf-8")
    return {
        key: Definition(key=key, **{**one, "unit": Unit(one["unit"])})
        for key, one in YAML(typ="safe").load(text).items()
    }


def period(first: date | None, last: date | None, today: date) -> Period:
    """The time that is asked for: the last 30 days by itself. `ConfigError` for one that is none."""
    end = last or (today if first is None or first <= today else first)
    begin = first or end - timedelta(days=DEFAULT_DAYS - 1)
    if not timedelta(0) <= end - begin <= _LONGEST:
        raise ConfigError(
            f"--from {begin} --to {end}: expected a first day that is not later, within three years"
        )
    return Period(begin, end)


def report(
    workspace: Workspace,
    wanted: Period,
    today: date,
    due: Sequence[Due] = (),
    counted: Callable[[Span], Sequence[Counted]] = kpi_views.counted,
) -> Report:
    """The figures of a time, from the ledger to which this process is connected. `due` are promised slots.

    `counted` brings the counts of items; who asks often keeps those of days that are over.
    """
    span = Span(wanted.first, wanted.last, workspace.zone)
    facts = Facts(
        first=wanted.first,
        last=wanted.last,
        counted=counted(span),
        waiting=kpi_views.waiting(workspace.zone),
        due=due,
        posted=kpi_views.posted(span.start, span.end, span.zone),
        unapplied=kpi_views.unapplied(span, today),
        deposits=kpi_views.deposited(span),
        sent=kpi_views.sent(span),
        worked=kpi_views.worked(span),
        denied=kpi_views.denied(span),
        minutes=load(workspace.root).minutes,
        payers={one.payer_id: one.name for one in workspace.payers.payers if one.payer_id},
        today=today,
        business_days=business_days,
    )
    return kpi.report(facts, definitions())
