"""What bots read of the facts of money, on both databases."""

from datetime import timedelta

from payerbots.domain.conclusions import Conclusion
from payerbots.domain.facts import DepositKind, Of, PaymentForm, StandingState
from payerbots.ledger import money_views
from payerbots.ledger.money_views import Which
from tests.ledger.desk import Desk
from tests.ledger.money import (
    DAY,
    OTHER,
    WAITING,
    a_deposit,
    a_file,
    a_payment,
    banked,
    conclude,
    found,
    match,
    paid,
    payment_number,
    sha,
)

LATER = DAY + timedelta(days=3)


def traces(which: Which) -> list[str]:
    return [one.trace for one in money_views.payments(which)]


def furnished(desk: Desk) -> None:
    """T1 is settled with R1; T2 got a part, R2, and waits for the rest; R3 and T4 stand nowhere yet."""
    found(desk, a_payment("T1"), a_payment("T2", place=2), a_deposit("R1"), a_deposit("R2", "40.00"))
    settled = [paid("T1"), banked("R1"), paid("T2", WAITING, until=LATER), banked("R2")]
    conclude(desk, Conclusion(matches=[match("T1", "R1"), match("T2", "R2", "40.00")], standings=settled))
    found(desk, a_deposit("R3", received=LATER), a_payment("T4", received=LATER))


def test_payments_are_chosen_by_number_day_and_state(desk: Desk) -> None:
    furnished(desk)
    assert traces(Which()) == ["T1", "T2", "T4"]
    assert traces(Which(numbers=[payment_number("T2")])) == ["T2"]
    assert traces(Which(since=LATER)) == ["T4"]
    assert traces(Which(states=[WAITING])) == ["T2"]
    assert traces(Which(numbers=[])) == []


def test_what_is_not_settled_comes_with_what_is_matched_to_it(desk: Desk) -> None:
    furnished(desk)
    found_open = money_views.unsettled()
    assert [one.trace for one in found_open.payments] == ["T2", "T4"]
    assert [one.reference for one in found_open.deposits] == ["R2", "R3"]
    assert found_open.matches == [match("T2", "R2", "40.00")]
    assert found_open.standings == [paid("T2", WAITING, until=LATER), banked("R2")]


def test_what_was_seen_since_a_day_is_looked_at_again(desk: Desk) -> None:
    furnished(desk)
    again = money_views.unsettled(since=DAY)
    assert [one.trace for one in again.payments] == ["T1", "T2", "T4"]
    assert [one.reference for one in again.deposits] == ["R1", "R2", "R3"]


def test_matches_are_followed_as_far_as_they_lead(desk: Desk) -> None:
    found(
        desk, *[a_payment(f"T{n}", place=n) for n in range(1, 5)], *[a_deposit(f"R{n}") for n in range(1, 4)]
    )
    chain = [match(f"T{n}", f"R{n}", "50.00") for n in (1, 2, 3)]
    chain += [match(f"T{n + 1}", f"R{n}", "50.00") for n in (1, 2, 3)]
    standings = [*[paid(f"T{n}") for n in (1, 2, 3)], *[banked(f"R{n}") for n in (1, 2, 3)]]
    conclude(desk, Conclusion(matches=chain, standings=[*standings, paid("T4", WAITING)]))
    far = money_views.unsettled()
    assert [one.trace for one in far.payments] == ["T1", "T2", "T3", "T4"]
    assert [one.reference for one in far.deposits] == ["R1", "R2", "R3"]


def test_whatever_is_unsettled_can_be_concluded_on(desk: Desk) -> None:
    furnished(desk)
    facts = money_views.unsettled()
    exceptions = [
        *[paid(one.trace, StandingState.EXCEPTION, reason="DEPOSIT_MISSING") for one in facts.payments],
        *[banked(one.reference, StandingState.EXCEPTION, reason="REMIT_MISSING") for one in facts.deposits],
    ]
    written = conclude(desk, Conclusion(standings=exceptions))
    assert written is not None
    assert written.undone == 1


def test_sightings_are_told_of_some_deposits(desk: Desk) -> None:
    found(desk, a_deposit("R1"), a_deposit("R2"))
    found(desk, a_file(OTHER), a_deposit("R1", file=sha(OTHER)))
    number = banked("R1").number
    assert [one.file for one in money_views.sightings(Of.DEPOSIT, [number])] == [sha(), sha(OTHER)]
    assert money_views.sightings(Of.PAYMENT) == []


def test_an_empty_ledger_has_nothing_open(desk: Desk) -> None:
    assert desk.ledger.now() is not None
    assert money_views.unsettled().payments == []


def test_a_file_that_is_not_here_is_not_told(desk: Desk) -> None:
    found(desk, a_payment())
    assert [one.sha256 for one in money_views.files([sha(), sha(OTHER)])] == [sha()]


def test_a_settled_payment_comes_with_a_second_document_of_it(desk: Desk) -> None:
    """Else a document that comes late would look like another payment without money."""
    furnished(desk)
    found(desk, a_payment("00T1", received=LATER, form=PaymentForm.EOB, payer_id=""))
    assert [one.trace for one in money_views.unsettled().payments] == ["T1", "T2", "T4", "00T1"]


def test_what_a_returned_item_may_take_back_comes_with_it(desk: Desk) -> None:
    furnished(desk)
    found(desk, a_deposit("R9", "-100.00", kind=DepositKind.RETURNED, received=LATER))
    assert {"R1", "R9"} <= {one.reference for one in money_views.unsettled().deposits}


def test_what_came_to_stand_since_a_time_is_found_again(desk: Desk) -> None:
    furnished(desk)
    before = desk.ledger.now()
    desk.clock.forward(timedelta(hours=1))
    conclude(desk, Conclusion(standings=[paid("T4", WAITING, until=LATER)]))
    stood = money_views.stood(Of.PAYMENT, desk.ledger.now())
    assert set(stood) == {payment_number("T4")}
    assert set(money_views.stood(Of.PAYMENT, before)) == {payment_number(one) for one in ("T1", "T2", "T4")}
