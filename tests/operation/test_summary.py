"""The summary of the day: what ran, what did not and why, dollars, what is overdue; nobody is named."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from payerbots.domain.conclusions import Conclusion
from payerbots.domain.facts import StandingState
from payerbots.ledger import portals as standings
from payerbots.ledger import runs
from payerbots.ledger.models import PostedRow, Run, RunState, ScheduleSlot, SlotReason, SlotState
from payerbots.ledger.records import Ending
from payerbots.operation import summary
from payerbots.operation.letters import Letter
from payerbots.settings import Settings
from payerbots.workspace import Workspace
from tests.ledger.desk import CANARY, DONE, Desk, new_item
from tests.ledger.money import a_deposit, a_payment, banked, conclude, found, paid, payment_number
from tests.operation.telling import NEW_YORK
from tests.support import ROOT

NOT_FOUND = Ending(state="exception", outcome="exception", reason="MEMBER_NOT_FOUND", result=CANARY)


def told(desk: Desk, folder: Path) -> Letter:
    space = Workspace(ROOT, Settings(data=folder / "data", zone="America/New_York"))
    now = desk.ledger.now()
    return summary.letter(summary.day_of(space, desk.ledger, now - timedelta(days=1), now), NEW_YORK)


def test_a_day_on_which_nothing_happened(desk: Desk, tmp_path: Path) -> None:
    letter = told(desk, tmp_path)
    assert letter.title == "Sun 11/22: 0 runs, 0 things to look at, 0 waiting"
    assert letter.body == "Since Sat 11/21 10:00.\n\nRan\n- nothing\n"


def test_what_ran_what_did_not_and_what_waits(desk: Desk, tmp_path: Path) -> None:
    good = desk.fill(new_item(1), new_item(2))
    desk.finish(desk.claimed(), DONE)
    desk.finish(desk.claimed(), NOT_FOUND)
    runs.end(desk.ledger, good, RunState.HELD, "w1")
    runs.end(desk.ledger, desk.start(), RunState.FAILED, "w1")
    standings.stop(desk.ledger, "harbor_bank", "SIGN_IN_REFUSED", "the password was refused")
    five = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
    given = {"at": five, "start_at": five, "created_at": five}
    ScheduleSlot.objects.create(
        schedule="lockbox", slot="a", state=SlotState.MISSED, reason=SlotReason.DOWN, **given
    )
    ScheduleSlot.objects.create(
        schedule="morning", slot="b", state=SlotState.STARTED, run_id=good, due_by=five, **given
    )
    desk.clock.forward(timedelta(minutes=5))
    letter = told(desk, tmp_path)
    assert letter.title == "Sun 11/22: 2 runs, 4 things to look at, 1 waiting"
    failed = Run.objects.get(state="failed").pk
    assert letter.body.splitlines() == [
        "Since Sat 11/21 10:05.",
        "",
        "Ran",
        "- eligibility: 2 runs (1 held, 1 failed), 2 items, 1 done, 1 for a person",
        "",
        "Did not run, or not to its end",
        "- lockbox of Sun 05:00: missed, no scheduler ran at its time, and catch_up is skip",
        f"- run {failed} of eligibility: failed",
        "- harbor_bank: stopped since Sun 11/22 10:00, SIGN_IN_REFUSED",
        "",
        "Overdue and waiting",
        "- morning: promised by Sun 05:00, not done",
        "- 1 item for a person: intake 1",
        "- eligibility: the oldest waits since Sun 11/22",
    ]


def test_dollars_pulled_deposited_and_posted(desk: Desk, tmp_path: Path) -> None:
    found(desk, a_payment("T1", "120.50"), a_payment("T2", "30.00"), a_deposit("R1", "150.50"))
    conclude(
        desk,
        Conclusion(
            standings=[
                paid("T1"),
                paid("T2", StandingState.EXCEPTION, reason="DEPOSIT_MISSING", dollars=Decimal("30.00")),
                banked("R1"),
            ]
        ),
    )
    PostedRow.objects.create(
        row="1",
        payment_id=payment_number("T1"),
        state="confirmed",
        confirmed_at=desk.ledger.now(),
        told_at=desk.ledger.now(),
    )
    desk.clock.forward(timedelta(minutes=5))
    money = told(desk, tmp_path).body.partition("Dollars\n")[2].splitlines()[:4]
    assert money == [
        "- pulled from payers: $150.50 in 2 payments",
        "- deposited: $150.50 in 1 deposit",
        "- posted: $120.50 in 1 payment",
        "- open, DEPOSIT_MISSING: 1, $30.00",
    ]
    desk.clock.forward(timedelta(days=2))
    assert "pulled from payers: $0.00" in told(desk, tmp_path).body
