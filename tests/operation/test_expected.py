"""What should have come and did not: stated, or learned from when it came."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from payerbots.domain.bank_days import BankDays
from payerbots.errors import ConfigError
from payerbots.operation import expected
from payerbots.operation.expected import Arrival, Expectations, Missing, missing
from tests.operation.telling import NEW_YORK

DAYS = BankDays()
FRIDAY = date(2026, 11, 20)
THANKSGIVING = date(2026, 11, 26)


def at(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), NEW_YORK).astimezone(UTC)


def came(days: Sequence[date], clock: str = "06:10", kind: str = "835") -> list[Arrival]:
    return [Arrival("summit", kind, at(day, clock)) for day in days]


def bank_days(first: date, last: date) -> list[date]:
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in days if DAYS.is_open(day)]


def found(arrivals: Sequence[Arrival], now: datetime, **told: Any) -> list[Missing]:
    return missing(Expectations.model_validate(told), arrivals, NEW_YORK, now)


STATED = {"files": {"summit-835": {"portal": "summit", "kind": "835", "by": "10:00"}}}


@pytest.mark.parametrize(
    ("last", "now", "due"),
    [
        pytest.param(at(FRIDAY, "06:00"), at(FRIDAY, "10:01"), None, id="it came today"),
        pytest.param(at(FRIDAY - timedelta(days=1), "06:00"), at(FRIDAY, "09:59"), None, id="not due yet"),
        pytest.param(at(FRIDAY - timedelta(days=1), "06:00"), at(FRIDAY, "10:00"), at(FRIDAY, "10:00"), id="it did not come"),
        pytest.param(at(FRIDAY - timedelta(days=1), "10:30"), at(FRIDAY, "10:00"), None, id="since the time before it came"),
        pytest.param(at(FRIDAY - timedelta(days=9), "06:00"), at(FRIDAY, "12:00"), at(FRIDAY, "10:00"), id="a long silence is one of today"),
        pytest.param(at(FRIDAY, "06:00"), at(date(2026, 11, 22), "12:00"), None, id="nothing is due on a Sunday"),
        pytest.param(at(date(2026, 11, 25), "06:00"), at(THANKSGIVING, "12:00"), None, id="nothing is due on a holiday"),
        pytest.param(at(date(2026, 11, 25), "06:00"), at(date(2026, 11, 27), "12:00"), at(date(2026, 11, 27), "10:00"), id="but the day after"),
    ],
)  # fmt: skip
def test_what_is_stated(last: datetime, now: datetime, due: datetime | None) -> None:
    told = found([Arrival("summit", "835", last)], now, **STATED, learn=False)
    assert [one.due for one in told] == ([due] if due else [])


def test_what_never_came_is_missed_too() -> None:
    (one,) = found([], at(FRIDAY, "11:00"), **STATED)
    assert (one.name, one.last, one.key) == ("summit-835", None, "expected:summit-835:2026-11-20")


def test_days_and_kinds_are_told_apart() -> None:
    files = {"weekly": {"portal": "summit", "kind": "bai2", "days": "Fri", "by": "08:00"}}
    other = came([FRIDAY])
    assert len(found(other, at(FRIDAY, "09:00"), files=files, learn=False)) == 1
    thursday = FRIDAY - timedelta(days=1)
    monday = FRIDAY + timedelta(days=3)
    kept = [Arrival("summit", "bai2", at(FRIDAY, "07:00"))]
    assert found(kept, at(monday, "09:00"), files=files, learn=False) == []
    assert len(found(kept, at(thursday + timedelta(days=8), "09:00"), files=files, learn=False)) == 1


class TestLearned:
    daily = bank_days(date(2026, 9, 28), date(2026, 11, 19))

    def test_a_file_of_every_bank_day_is_missed_an_hour_after_its_latest_time(self) -> None:
        late = date(2026, 11, 13)
        arrivals = [*came([day for day in self.daily if day != late]), *came([late], "07:40")]
        assert found(arrivals, at(FRIDAY, "08:39")) == []
        (one,) = found(arrivals, at(FRIDAY, "08:40"))
        assert (one.name, one.usual) == ("summit/835", "learned: on Fridays by 07:40")
        assert one.last == at(date(2026, 11, 19), "06:10")

    def test_it_is_not_missed_on_a_holiday_nor_when_it_came(self) -> None:
        arrivals = came([*self.daily, FRIDAY])
        assert found(arrivals, at(FRIDAY, "23:00")) == []
        until_wednesday = came(bank_days(date(2026, 9, 28), date(2026, 11, 25)))
        assert found(until_wednesday, at(THANKSGIVING, "20:00")) == []

    def test_once_in_eight_weeks_is_no_rule_to_break(self) -> None:
        with_a_gap = [day for day in self.daily if day != date(2026, 10, 23)]
        assert len(found(came(with_a_gap), at(FRIDAY, "23:00"))) == 1

    def test_a_file_of_mondays_is_missed_on_mondays_only(self) -> None:
        mondays = [date(2026, 9, 28) + timedelta(weeks=n) for n in range(8) if n != 2]
        assert found(came(mondays), at(FRIDAY, "23:00")) == []
        (one,) = found(came(mondays), at(date(2026, 11, 23), "12:00"))
        assert one.usual == "learned: on Mondays by 06:10"

    def test_of_what_comes_now_and_then_the_longest_silence_counts(self) -> None:
        days = [self.daily[place] for place in (0, 2, 6, 7, 12, 15, 20, 22)]
        arrivals = came(days)
        silence = 5
        due_day = DAYS.after(days[-1], silence + 1)
        assert found(arrivals, at(due_day, "19:59")) == []
        (one,) = found(arrivals, at(due_day, "20:00"))
        assert one.usual == "learned: every 5 bank days at the latest"

    def test_from_a_few_times_nothing_is_learned(self) -> None:
        assert found(came(self.daily[:3]), at(FRIDAY, "23:00")) == []

    def test_what_is_stated_or_ignored_is_not_learned(self) -> None:
        arrivals = came(self.daily)
        assert found(arrivals, at(FRIDAY, "23:00"), ignore=["summit/835"]) == []
        assert found(arrivals, at(FRIDAY, "23:00"), learn=False) == []
        (one,) = found(arrivals, at(FRIDAY, "23:00"), **STATED)
        assert one.name == "summit-835"


def test_the_example_in_the_module_is_right(tmp_path: Path) -> None:
    text = (expected.__doc__ or "").split("\n\n")[1]
    (tmp_path / expected.FILE).write_text(text)
    assert set(expected.load(tmp_path).files) == {"summit-835"}


def test_what_is_wrong_is_told_with_its_place(tmp_path: Path) -> None:
    (tmp_path / expected.FILE).write_text("files:\n  a: {portal: x, kind: y, by: early}\n")
    with pytest.raises(ConfigError, match=r"expected.yaml:2: at key files\.a\.by: found 'early'"):
        expected.load(tmp_path)
