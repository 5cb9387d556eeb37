"""Key figures, for one person, for who leads a team, and for the leaders of the office."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET

from payerbots.console import timetable
from payerbots.console.door import needs
from payerbots.console.office import actor, office
from payerbots.console.rights import Right
from payerbots.console.templatetags.console import words
from payerbots.console.views import helpers
from payerbots.domain.kpi import Report
from payerbots.domain.kpi_facts import Due
from payerbots.errors import ConfigError
from payerbots.ledger import kpi_memory, people
from payerbots.operation import charts, kpi
from payerbots.operation.kpi_page import shown
from payerbots.operation.promises import kept

VIEWS = {"mine": "My work", "team": "Team", "leaders": "Leadership"}
_RANGES = {"7": "7 days", "30": "30 days", "90": "90 days", "365": "A year"}
_HEADLINES = (
    "straight_through",
    "items",
    "minutes_saved",
    "clean_claim_rate",
    "denial_rate",
    "exceptions",
    "days_to_work",
    "days_to_post",
    "sla_kept",
)
_REASONS = 10


@needs(Right.SEE_KPIS)
@require_GET
def kpis(request: HttpRequest) -> HttpResponse:
    """The figures of the last days, each with what it was reckoned from."""
    view = _view(request)
    days = request.GET.get("days", "30")
    days = days if days in _RANGES else "30"
    today = office().space.today
    first = today - timedelta(days=int(days) - 1)
    views = {
        name: title for name, title in VIEWS.items() if name != "mine" or helpers.may(request, Right.DECIDE)
    }
    context: dict[str, Any] = {
        "view": view,
        "views": views,
        "days": days,
        "ranges": _RANGES,
        "first": first,
        "today": today,
    }
    told = _mine(request, first) if view == "mine" else _of_office(view, first, today)
    return render(request, "console/kpis.html", context | told)


def _view(request: HttpRequest) -> str:
    """The one that is asked for; else what fits the role."""
    asked = request.GET.get("view", "")
    if asked in VIEWS and (asked != "mine" or helpers.may(request, Right.DECIDE)):
        return asked
    if not helpers.may(request, Right.DECIDE):
        return "leaders"
    return "team" if helpers.may(request, Right.OPERATE) else "mine"


def _mine(request: HttpRequest, first: date) -> dict[str, Any]:
    found = people.work_of(office().ledger, actor(request), first, office().space.zone)
    days = charts.bars("Decisions by kind", found.by_decision)
    return {"mine": found, "decisions": mark_safe(days)}  # noqa: S308 - the chart escapes its texts


def _of_office(view: str, first: date, today: date) -> dict[str, Any]:
    try:
        period = kpi.period(first, today, today)
        report = kpi.report(
            office().space, period, today, _promised(period), partial(kpi_memory.counted, today=today)
        )
    except ConfigError as error:
        return {"problem": str(error)}
    figures = [{"figure": one, "shown": shown(one)} for one in report.figures]
    known = [one for one in figures if one["figure"].value is not None]  # type: ignore[attr-defined]  # it is a figure
    heads = [one for key in _HEADLINES for one in figures if one["figure"].definition.key == key]  # type: ignore[attr-defined]  # as above
    told: dict[str, Any] = {
        "report": report,
        "heads": heads,
        "known": [one for one in known if one not in heads],
        "missing": [one for one in figures if one not in known and one not in heads],
        "weeks": mark_safe(charts.weeks(report.by_week)),  # noqa: S308 - as above
        "reasons": mark_safe(charts.bars("Exceptions by reason", _first(report))),  # noqa: S308 - as above
        "unapplied": mark_safe(charts.bars("Unapplied cash by age", report.unapplied, dollars=True)),  # noqa: S308 - as above
    }
    if view == "team":
        told["tables"] = {"By bot": report.by_bot, "By portal": report.by_portal, "By payer": report.by_payer}
        told["people"] = people.by_person(first, office().space.zone)
    return told


def _promised(period: kpi.Period) -> Sequence[Due]:
    book, _ = timetable.book()
    return kept(office().ledger, office().space.zone, book, period.first, period.last)


def _first(report: Report) -> dict[str, int]:
    """The most frequent reasons, in words, and the others together."""
    names = list(report.reasons)
    found = {words(name): report.reasons[name] for name in names[:_REASONS]}
    rest = sum(report.reasons[name] for name in names[_REASONS:])
    return {**found, f"{len(names) - _REASONS} others": rest} if rest else found
