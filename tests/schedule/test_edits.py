"""The file is edited while the scheduler runs: taken up without a restart, or refused while the old one goes on."""

from collections.abc import Iterator

import pytest

from payerbots.errors import ConfigError
from tests.ledger.desk import Desk
from tests.schedule.plan import Plan, planned

MORNING = 'morning: {bot: gather, cron: "0 9 * * *", zone: UTC}\n'
EVENING = 'evening: {bot: post, cron: "0 18 * * *", zone: UTC}\n'
WRONG = 'morning: {bot: gather, cron: "0 9 * * 1-5", zone: UTC}\n'


@pytest.fixture
def plan(sqlite_desk: Desk) -> Iterator[Plan]:
    with planned(sqlite_desk, MORNING) as made:
        made.at("2026-11-23T00:00")
        yield made


def days(plan: Plan, *numbers: int) -> None:
    """Looks at 08:00, 08:01, 09:00 and 18:00 of days of November."""
    for day in numbers:
        for clock in ("08:00", "08:01", "09:00", "18:00"):
            plan.at(f"2026-11-{day}T{clock}")


def names(plan: Plan) -> list[str]:
    return [slot for slot, _, _ in plan.slots()]


def test_an_edit_is_taken_up(plan: Plan) -> None:
    days(plan, 23)
    plan.write(MORNING.replace("0 9", "0 18") + EVENING)
    days(plan, 24)
    assert names(plan) == ["2026-11-23T09:00 UTC", "2026-11-24T18:00 UTC", "2026-11-24T18:00 UTC"]


def test_what_is_half_written_is_not_taken_up(plan: Plan) -> None:
    plan.write("")
    plan.at("2026-11-23T08:00")
    plan.write(MORNING + EVENING)
    days(plan, 23)
    assert names(plan) == ["2026-11-23T09:00 UTC", "2026-11-23T18:00 UTC"]


def test_a_broken_edit_is_refused_loudly_and_the_old_one_goes_on(plan: Plan) -> None:
    plan.write(WRONG)
    days(plan, 23, 24)
    assert names(plan) == ["2026-11-23T09:00 UTC", "2026-11-24T09:00 UTC"]
    (told,) = plan.told()
    assert told.startswith(
        "a change is refused, the schedules before it go on: schedules.yaml:1: at key morning.cron"
    )


def test_a_file_that_was_taken_away_is_a_broken_edit(plan: Plan) -> None:
    (plan.workspace.root / "schedules.yaml").unlink()
    days(plan, 23)
    assert names(plan) == ["2026-11-23T09:00 UTC"]
    assert len(plan.told()) == 1


def test_a_broken_edit_that_is_mended_counts(plan: Plan) -> None:
    plan.write(WRONG)
    days(plan, 23)
    plan.write(EVENING)
    days(plan, 24)
    assert names(plan) == ["2026-11-23T09:00 UTC", "2026-11-24T18:00 UTC"]


def test_a_scheduler_that_starts_on_a_broken_file_goes_on_with_the_last_right_one(plan: Plan) -> None:
    plan.write(WRONG)
    plan.scheduler.step_down()
    plan.scheduler = plan.another("two")
    days(plan, 23)
    assert names(plan) == ["2026-11-23T09:00 UTC"]
    assert len(plan.told()) == 1


def test_a_file_that_never_was_right_ends_the_scheduler(sqlite_desk: Desk) -> None:
    with planned(sqlite_desk, WRONG) as plan, pytest.raises(ConfigError):
        plan.at("2026-11-23T00:00")


def test_a_portal_that_a_schedule_names_may_come_later(plan: Plan) -> None:
    plan.write('morning: {bot: gather, portals: [summit], cron: "0 9 * * *", zone: UTC}\n')
    days(plan, 23)
    assert len(plan.told()) == 1
    (plan.workspace.root / "flows/summit").mkdir(parents=True)
    for package in ("flows/__init__.py", "flows/summit/__init__.py"):
        (plan.workspace.root / package).touch()
    (plan.workspace.root / "flows/summit/sign_in.py").write_text(
        "async def sign_in(screen, credential): ...\n"
    )
    (plan.workspace.root / "portals.yaml").write_text(
        "summit: {url: 'http://127.0.0.1:9', automation: permitted, credentials: [{name: bot1}]}\n"
    )
    days(plan, 24)
    assert names(plan) == ["2026-11-23T09:00 UTC", "2026-11-24T09:00 UTC"]
    assert len(plan.told()) == 1
