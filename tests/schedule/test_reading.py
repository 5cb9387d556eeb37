"""`schedules.yaml` is read, or refused with file, line, key, what was found and what is allowed."""

from datetime import timedelta
from pathlib import Path

import pytest

from payerbots.errors import ConfigError
from payerbots.schedule.config import CatchUp, IfFailed, IfHeld
from payerbots.schedule.reading import Reader
from tests.schedule.plan import OFFICE, ZONE, book, utc

WHOLE = """
calendars:
  lakeside: {base: us-bank-days, closed: [2026-11-27], half_days: {2026-12-24: "12:00"}}

eligibility-morning:
  bot: eligibility
  portals: summit_health
  input: {file: in/orders.xlsx}
  cron: 30 5 * * mon-fri
  zone: America/Phoenix
  calendar: lakeside
  jitter: 5m
  catch_up: all
  max_late: 3h
  deadline: 90m
  priority: 5
  sla: {done_by: 08:00, not_older_than: 2 business days}
  tell: ops
remittances:
  bot: remittance
  every: 15m
  between: mon-fri 06:00-18:00
posting:
  bot: posting
  after: {schedule: remittances, if_failed: run, if_held: wait}
  input: {result: posting}
orders:
  bot: eligibility
  input: {folder: in/orders, pattern: "*.xlsx", settle: 30s}
"""


def test_everything_that_can_be_said(tmp_path: Path) -> None:
    schedules = book(tmp_path, WHOLE).schedules
    one = schedules["eligibility-morning"]
    assert one.zone is not None
    assert (one.portals, one.tell, one.zone.key) == (("summit_health",), ("ops",), "America/Phoenix")
    assert (one.catch_up, one.max_late) == (CatchUp.ALL, timedelta(hours=3))
    assert (one.deadline, one.priority, one.jitter) == (timedelta(minutes=90), 5, timedelta(minutes=5))
    after = schedules["posting"].after
    assert after is not None
    assert (after.schedule, after.if_failed, after.if_held) == ("remittances", IfFailed.RUN, IfHeld.WAIT)
    assert [name for name, one in schedules.items() if one.is_watch] == ["orders"]
    assert schedules["remittances"].skips_overlap
    assert not one.skips_overlap


def test_a_schedule_without_a_zone_goes_by_the_offices(tmp_path: Path) -> None:
    assert book(tmp_path, WHOLE).timing("remittances").zone is ZONE


@pytest.mark.parametrize(
    ("age", "now", "oldest"),
    [
        ("2 business days", "2026-11-30T15:00", "2026-11-25T15:00"),
        ("1 business day", "2026-11-30T15:00", "2026-11-27T15:00"),
        ("36h", "2026-11-30T15:00", "2026-11-29T03:00"),
    ],
)
def test_an_age_is_counted_in_days_of_work_or_in_time(
    tmp_path: Path, age: str, now: str, oldest: str
) -> None:
    line = f'one: {{bot: eligibility, cron: "0 5 * * *", sla: {{not_older_than: {age}}}}}'
    sla = book(tmp_path, line).schedules["one"].sla
    assert sla is not None
    assert sla.not_older_than is not None
    calendar = book(tmp_path, line).calendars["us-business-days"]
    assert sla.not_older_than.oldest(utc(now), calendar, ZONE) == utc(oldest)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('cron: "30 5 * * 1-5"', "at key one.cron: found '30 5 * * 1-5', allowed: names of days in the fifth"),
        ("cron: 30 5 * * mon-fri, every: 15m", "at key one: found 'cron, every', allowed: one of cron, every"),
        ("priority: 1", "at key one: found 'none', allowed: one of cron, every, after"),
        ("every: 15m, portals: [summit]", "one.portals.0: found 'summit', allowed: summit_health, harbor_bank"),
        ("every: 15m, calendar: us", "at key one.calendar: found 'us', allowed: every-day, us-business-days"),
        ("every: 15m, zone: EST5", "at key one.zone: found 'EST5', allowed: a time zone such as America"),
        ("every: 30s", "at key one.every: found '30s', allowed: from 1m to 24h"),
        ("every: 15m, between: 06-18", "one.between: found '06-18', allowed: from when to when"),
        ('cron: "0 5 * * *", between: 06:00-07:00', "at key one.between: found 'between', allowed: between only"),
        ("every: 15m, catch_up: twice", "at key one.catch_up: found 'twice', allowed: input should be 'skip'"),
        ("every: 15m, jitter: 15m", "at key one.jitter: found '0:15:00', allowed: less than a day, and less"),
        ("every: 15m, sla: {}", "at key one.sla: found 'nothing', allowed: done_by, not_older_than or both"),
        ("every: 15m, sla: {done_by: 8}", "at key one.sla.done_by: found 8, allowed: a time of day such as"),
        ("every: 15m, sla: {not_older_than: soon}", "found 'soon', allowed: an age such as 2 business days"),
        ("every: 15m, max_late: long", "at key one.max_late: found 'long', allowed: a duration such as 30s"),
        ("every: 15m, input: {file: a, folder: b}", "one.input: found 'file, folder', allowed: one of file"),
        ("every: 15m, input: {file: a, pattern: b}", "one.input.pattern: found 'pattern', allowed: pattern only"),
        ("every: 15m, input: {result: a}", "one.input.result: found 'result', allowed: result only with after"),
        ("every: 15m, input: {queue: gone}", "at key one.input.queue: found 'gone', allowed: orders"),
        ("after: two", "at key one.after: found 'two', allowed: none, there is none"),
        ("every: 15m, evry: 1", "at key one.evry: this key is not known here, allowed: after, between, bot"),
        ("every: 15m, tell: [Ops Team]", "at key one.tell.0: found 'Ops Team', allowed: string should match"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, line: str, told: str) -> None:
    with pytest.raises(ConfigError) as refused:
        book(tmp_path, f"# the schedules\none: {{bot: eligibility, {line}}}\n")
    assert str(refused.value).startswith("schedules.yaml:2: ")
    assert told in str(refused.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("One: {bot: eligibility, every: 1h}", "schedules.yaml:1: at key One: found 'One', allowed: a name"),
        ("one: {bot: eligible, every: 1h}", "at key one.bot: found 'eligible', allowed: eligibility, remittance"),
        ("one: {every: 1h}", "schedules.yaml:1: at key one.bot: this key is missing"),
        ("one: often", "at key one: expected its settings"),
        ("calendars: {every-day: {}}", "at key calendars.every-day: found 'every-day', allowed: a name"),
        ("calendars: [x]", "at key calendars: expected names of calendars"),
        ("calendars:\n  own:\n    closed: [11/27]", "schedules.yaml:3: at key calendars.own.closed.0: found"),
        (
            "a: {bot: eligibility, after: b}\nb: {bot: eligibility, after: c}\nc: {bot: posting, after: a}",
            "schedules.yaml:1: at key a.after: a chain that loops: a → b → c → a",
        ),
        (
            "a: {bot: eligibility, input: {folder: in}}\nb: {bot: eligibility, input: {folder: ./in/}}",
            "schedules.yaml:2: at key b.input.folder: ./in/ is taken from by a already",
        ),
        ("one: {bot: eligibility, cron: * * * * *}", "schedules.yaml:1: not YAML"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_the_file_is_told_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ConfigError) as refused:
        book(tmp_path, text)
    assert told in str(refused.value)


def test_each_schedule_is_proven_for_itself(tmp_path: Path) -> None:
    file = tmp_path / "schedules.yaml"
    file.write_text("a: {bot: x, every: 1h}\nb: {bot: eligibility, every: 1h}\nc: {bot: y, every: 1h}\n")
    reader = Reader(file, OFFICE)
    assert [problem.key for problem in reader.problems()] == ["a.bot", "c.bot"]
    assert list(reader.book().schedules) == ["b"]
