"""The page of figures stands by itself: every figure, its formula, and charts whose bars have their numbers."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from payerbots.domain.kpi import report
from payerbots.errors import ConfigError
from payerbots.operation import charts, kpi
from payerbots.operation.kpi import definitions, period
from payerbots.operation.kpi_page import page, write_page
from tests.kpi_facts import facts, month

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def html() -> str:
    return page(report(month(), definitions()), "Key figures")


def test_every_figure_stands_there_with_its_formula(html: str) -> None:
    for one in definitions().values():
        assert one.title in html.replace("&#39;", "'")
        assert one.formula in html.replace("&#39;", "'")


def test_nothing_is_fetched_and_nothing_runs(html: str) -> None:
    assert not re.search(r"https?://|<script|<link|<img|url\(", html)


def test_bars_are_as_long_as_their_numbers() -> None:
    drawn = charts.bars("x", {"A": 40, "B": 10, "C": Decimal(0)})
    widths = [float(width) for width in re.findall(r'<rect [^>]*width="([\d.]+)"', drawn)]
    assert widths[0] == pytest.approx(4 * widths[1], abs=0.2)
    assert re.findall(r'class="strong">([^<]+)<', drawn) == ["40", "10", "0"]


def test_names_are_escaped_and_cut() -> None:
    drawn = charts.bars("x", {"<b>&" + "x" * 60: 1})
    assert "&lt;b&gt;&amp;" in drawn
    assert "…" in drawn


def test_the_weeks_show_both_parts_and_the_rate() -> None:
    drawn = charts.weeks(report(month(), definitions()).by_week)
    assert drawn.count("<g>") == 5
    assert "91.1 %" in drawn
    assert "Nov 23" in drawn


def test_of_nothing_there_is_a_page_without_charts(tmp_path: Path) -> None:
    file = write_page(tmp_path / "kpi.html", report(facts(), definitions()), "Key figures")
    text = file.read_text()
    assert "<svg" not in text
    assert "no item was finished in this time" in text


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (None, None, (date(2026, 10, 26), TODAY)),
        (date(2026, 11, 1), None, (date(2026, 11, 1), TODAY)),
        (None, date(2026, 10, 31), (date(2026, 10, 2), date(2026, 10, 31))),
        (date(2026, 10, 1), date(2026, 10, 31), (date(2026, 10, 1), date(2026, 10, 31))),
    ],
)
def test_the_time_is_the_last_thirty_days_by_itself(
    first: date | None, last: date | None, expected: tuple[date, date]
) -> None:
    found = period(first, last, TODAY)
    assert (found.first, found.last) == expected


def test_a_time_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ConfigError, match="expected a first day that is not later"):
        period(TODAY, date(2026, 11, 1), TODAY)


def test_minutes_by_hand_are_the_sites(tmp_path: Path) -> None:
    (tmp_path / kpi.FILE).write_text("minutes: {eligibility: 6, lockbox: 2.5}\n")
    assert kpi.load(tmp_path).minutes == {"eligibility": Decimal(6), "lockbox": Decimal("2.5")}
    (tmp_path / kpi.FILE).write_text("minutes: {eligibility: -1}\n")
    with pytest.raises(ConfigError, match=r"kpi.yaml:1: at key minutes.eligibility: found -1"):
        kpi.load(tmp_path)
