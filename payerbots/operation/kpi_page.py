"""The figures as one page of HTML that needs nothing else: to look at, mail inside the office, or print."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from payerbots.documents.workbook.atomic import save_atomically
from payerbots.domain.kpi import Figure, Report, Unit
from payerbots.operation import charts

_REASONS = 12


def shown(figure: Figure) -> str:
    """The value as people read it; `no data` where there is none."""
    value = figure.value
    if value is None:
        return "no data"
    match figure.definition.unit:
        case Unit.PERCENT:
            return f"{value} %"
        case Unit.DOLLARS:
            return f"${value:,.2f}"
        case Unit.DAYS:
            return f"{_plain(value)} {'day' if value == 1 else 'days'}"
        case Unit.HOURS:
            return f"{value:,} h"
        case Unit.COUNT:
            return f"{value:,}"


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def write_page(path: Path, report: Report, title: str) -> Path:
    """Writes the page; where it went."""
    text = page(report, title)
    return save_atomically(path, lambda file: _write(file, text))


def _write(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")


def page(report: Report, title: str) -> str:
    """The page's HTML."""
    environment = Environment(
        loader=PackageLoader("payerbots.operation"), autoescape=True, undefined=StrictUndefined
    )
    environment.filters["shown"] = shown
    return environment.get_template("kpi.html").render(
        title=title,
        report=report,
        known=[one for one in report.figures if one.value is not None],
        unknown=[one for one in report.figures if one.value is None],
        weeks=charts.weeks(report.by_week),
        reasons=charts.bars("Exceptions by reason", _first(report.reasons)),
        unapplied=charts.bars("Unapplied cash by age", report.unapplied, dollars=True),
        tables={
            "By bot": report.by_bot,
            "By portal": report.by_portal,
            "By payer": report.by_payer,
            "By week": report.by_week,
        },
        colours={"done": charts.DONE_COLOUR, "exception": charts.EXCEPTION_COLOUR},
    )


def _first(counts: Mapping[str, int]) -> dict[str, int]:
    """The most frequent ones, and all others together."""
    names = list(counts)
    found = {name: counts[name] for name in names[:_REASONS]}
    rest = sum(counts[name] for name in names[_REASONS:])
    return {**found, f"{len(names) - _REASONS} others": rest} if rest else found
