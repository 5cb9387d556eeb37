"""Counts for figures: by the first outcome of an item, on the office's day."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from payerbots.domain.conclusions import Conclusion, FirstSends
from payerbots.domain.decisions import Decision
from payerbots.domain.facts import DepositKind, StandingState
from payerbots.domain.kpi_facts import DONE as DID
from payerbots.domain.kpi_facts import EXCEPTION, RETRY, Counted, Denied, Worked
from payerbots.errors import ConclusionRefused
from payerbots.ledger import intents, kpi_memory, kpi_views
from payerbots.ledger.decide import Ruling, decide
from payerbots.ledger.intents import Act
from payerbots.ledger.kpi_views import Span
from payerbots.ledger.models import Intent, Item, PostedRow
from payerbots.ledger.records import Ending
from tests.ledger import desk as desks
from tests.ledger.desk import BOT, DONE, LEASE, PORTAL, Desk, new_item
from tests.ledger.money import (
    a_deposit,
    a_payment,
    banked,
    conclude,
    found,
    match,
    paid,
    payment_number,
)

NEW_YORK = ZoneInfo("America/New_York")
TODAY = date(2026, 11, 22)
SPAN = Span(date(2026, 11, 1), TODAY, NEW_YORK)
NOT_FOUND = Ending(state="exception", outcome="exception", reason="MEMBER_NOT_FOUND")


def counts(span: Span = SPAN) -> dict[tuple[str, str], int]:
    return {(one.outcome, one.reason): one.count for one in kpi_views.counted(span)}


def test_an_item_counts_once_by_its_first_outcome(desk: Desk) -> None:
    desk.fill(new_item(1), new_item(2))
    claim = desk.claimed()
    desk.finish(claim, desks.RETRY)
    desk.clock.forward(timedelta(minutes=1))
    first = desk.claimed()
    desk.finish(first, NOT_FOUND)
    decide(desk.ledger, Ruling(item=first.item, decision=Decision.SEND_BACK, by="ana"))
    desk.finish(desk.claimed(), DONE)
    desk.finish(desk.claimed(), DONE)
    assert Item.objects.filter(state="done", kind="work").count() == 2
    assert counts() == {(DID, ""): 1, (EXCEPTION, "MEMBER_NOT_FOUND"): 1, (RETRY, ""): 1}


def test_rows_that_cannot_be_read_count_as_exceptions(desk: Desk) -> None:
    desk.fill(new_item(1, kind="unreadable", reason="REQUEST_INCOMPLETE", portal=""))
    assert counts() == {(EXCEPTION, "REQUEST_INCOMPLETE"): 1}


def test_days_are_those_of_the_offices_zone(desk: Desk) -> None:
    desk.clock.forward(timedelta(hours=13, minutes=30))
    desk.fill(new_item(1, payer_id="SUMHP"))
    desk.finish(desk.claimed(), DONE)
    assert kpi_views.counted(SPAN) == [
        Counted(day=TODAY, bot="eligibility", portal="summit", payer="SUMHP", outcome=DID, count=1)
    ]
    assert kpi_views.counted(Span(TODAY + timedelta(days=1), TODAY + timedelta(days=9), NEW_YORK)) == []
    utc = Span(TODAY + timedelta(days=1), TODAY + timedelta(days=1), ZoneInfo("UTC"))
    assert len(kpi_views.counted(utc)) == 1


def test_what_waits_now_by_bot(desk: Desk) -> None:
    desk.fill(new_item(1), new_item(2), new_item(3))
    desk.clock.forward(timedelta(days=1))
    desk.finish(desk.claimed(), NOT_FOUND)
    waiting = {one.for_a_person: (one.count, one.oldest) for one in kpi_views.waiting(NEW_YORK)}
    assert waiting == {False: (2, TODAY), True: (1, TODAY + timedelta(days=1))}


def test_a_payment_is_posted_when_all_of_its_rows_are_confirmed(desk: Desk) -> None:
    found(desk, a_payment("T1", "80"), a_payment("T2", "20"), a_deposit("R1", "100", day=date(2026, 11, 18)))
    matches = [match("T1", amount="80"), match("T2", amount="20")]
    conclude(desk, Conclusion(matches=matches, standings=[paid("T1"), paid("T2"), banked()]))
    now = desk.ledger.now()
    for row, trace, state in ((1, "T1", "confirmed"), (2, "T2", "confirmed"), (3, "T2", "refused")):
        PostedRow.objects.create(
            row=str(row),
            payment_id=payment_number(trace),
            state=state,
            confirmed_at=now if state == "confirmed" else None,
            told_at=now,
        )
    (one,) = kpi_views.posted(SPAN.start, SPAN.end, NEW_YORK)
    assert (one.amount, one.day, one.days) == (Decimal(80), TODAY, 0)
    (left,) = kpi_views.unapplied(SPAN, TODAY)
    assert (left.amount, left.age) == (Decimal(20), 4)
    assert kpi_views.deposited(SPAN) == Decimal(100)


def test_days_to_post_count_from_the_later_of_deposit_and_remittance(desk: Desk) -> None:
    received = date(2026, 11, 16)
    found(desk, a_payment("T1", received=received), a_deposit("R1", day=date(2026, 11, 18)))
    conclude(desk, Conclusion(matches=[match()], standings=[paid("T1"), banked()]))
    desk.clock.forward(timedelta(days=1))
    PostedRow.objects.create(
        row="1",
        payment_id=payment_number("T1"),
        state="confirmed",
        confirmed_at=desk.ledger.now(),
        told_at=desk.ledger.now(),
    )
    span = Span(TODAY, TODAY + timedelta(days=1), NEW_YORK)
    (one,) = kpi_views.posted(span.start, span.end, NEW_YORK)
    assert one.days == 3


def test_a_lockbox_deposit_counts_by_its_checks_only(desk: Desk) -> None:
    found(
        desk,
        a_deposit("B1", "100", kind=DepositKind.BATCH),
        a_deposit("C1", "60", kind=DepositKind.CHECK),
        a_deposit("C2", "40", kind=DepositKind.CHECK),
        a_deposit("X1", "-40", kind=DepositKind.RETURNED),
    )
    assert kpi_views.deposited(SPAN) == Decimal(100)


def sends(
    day: date, sent: int, clean: int, rejected: int, payer: str = "S", portal: str = "clear"
) -> FirstSends:
    return FirstSends(portal=portal, day=day, payer_id=payer, sent=sent, accepted=clean, rejected=rejected)


def counted_sends() -> list[tuple[str, date, str, int, int, int]]:
    return [
        (one.portal, one.day, one.payer, one.sent, one.clean, one.rejected) for one in kpi_views.sent(SPAN)
    ]


def test_first_sends_are_those_that_were_told_last(desk: Desk) -> None:
    old, first, then = date(2026, 10, 1), date(2026, 11, 5), date(2026, 11, 6)
    assert conclude(
        desk,
        Conclusion(
            first_sends=[
                sends(old, 9, 9, 0),
                sends(first, 4, 1, 1),
                sends(then, 2, 0, 0),
                sends(then, 1, 1, 0, portal="other"),
            ]
        ),
    )
    told = Conclusion(first_sends=[sends(first, 4, 3, 1), sends(first, 5, 5, 0, "M")])
    written = conclude(desk, told)
    assert written
    assert written.counted == 3
    assert counted_sends() == [
        ("clear", first, "S", 4, 3, 1),
        ("clear", first, "M", 5, 5, 0),
        ("other", then, "S", 1, 1, 0),
    ]
    assert not conclude(desk, told)


@pytest.mark.parametrize(
    "told",
    [
        [sends(TODAY, 1, 1, 1)],
        [sends(TODAY, 1, -1, 0)],
        [sends(TODAY, 2, 1, 1), sends(TODAY, 1, 1, 0)],
    ],
    ids=["more than were sent", "less than none", "twice"],
)
def test_counts_that_cannot_be_are_refused(desk: Desk, told: list[FirstSends]) -> None:
    with pytest.raises(ConclusionRefused):
        conclude(desk, Conclusion(first_sends=told))
    assert counted_sends() == []


def test_a_rejection_is_worked_when_it_was_sent_again(desk: Desk) -> None:
    """Found on a Sunday, sent on the Tuesday; one that was begun is not sent."""
    desk.fill(new_item(1), new_item(2))
    sent, left = desk.claimed(), desk.claimed()
    for claim, key in ((sent, "one"), (left, "other")):
        intents.begin(desk.ledger, claim, Act(PORTAL, "resubmit", key), key, LEASE)
    ended = desk.clock.now + timedelta(days=2)
    Intent.objects.filter(key="one").update(state="done", ended_at=ended)
    span = Span(SPAN.first, ended.date(), NEW_YORK)
    assert kpi_views.worked(span, BOT) == [Worked(portal=PORTAL, payer="", days=2)]
    assert kpi_views.worked(SPAN, BOT) == []


def test_lines_of_copies_and_of_what_nobody_has_judged_are_not_counted(desk: Desk) -> None:
    counts: dict[str, Any] = {"lines": 10, "denied": 2, "received": TODAY}
    found(
        desk,
        a_payment(**counts),
        a_payment("T2", "7.00", **counts),
        a_payment("T3", "0.00", **{**counts, "denied": 10}),
        a_payment("T4", "5.00", **counts),
        a_deposit(),
    )
    none: dict[str, Any] = {"state": StandingState.UNCONCERNED, "detail": ""}
    copy, nothing = paid("T2", **none), paid("T3", **none)
    conclude(desk, Conclusion(matches=[match()], standings=[paid(), banked(), copy, nothing]))
    assert kpi_views.denied(SPAN) == [Denied(portal="summit", payer="1234567890", lines=20, denied=12)]


@pytest.mark.parametrize("days", [1, 2, 9, 30, 500])
def test_what_is_remembered_of_days_that_are_over_is_what_the_ledger_says(desk: Desk, days: int) -> None:
    kpi_memory._counted.cache_clear()
    kpi_memory._by_week.cache_clear()
    for number in range(8):
        desk.fill(new_item(number))
        desk.finish(desk.claimed(), NOT_FOUND if number % 3 else DONE)
        desk.clock.forward(timedelta(days=2, hours=9))
    today = desk.clock.now.astimezone(NEW_YORK).date()
    span = Span(today - timedelta(days=days), today, NEW_YORK)
    said = kpi_views.by_week(kpi_views.counted(span), span)
    for _ in range(2):
        assert sorted(kpi_memory.counted(span, today), key=str) == sorted(said, key=str)
