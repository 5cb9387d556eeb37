"""Conclusions, on both databases: written once, never contradicting each other, undone but not forgotten."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from payerbots.domain.conclusions import Conclusion
from payerbots.domain.facts import Of, Standing, StandingState
from payerbots.errors import ConclusionRefused
from payerbots.ledger import concluding, money_views, outbox
from payerbots.ledger.concluding import Written
from payerbots.ledger.models import Audit, Deposit, Epoch, Match, Message, Payment, ToldEvent
from payerbots.ledger.records import Outgoing, Telling
from tests.ledger.desk import Desk, with_own_connection
from tests.ledger.money import (
    DAY,
    WAITING,
    a_deposit,
    a_payment,
    banked,
    conclude,
    deposit_number,
    found,
    match,
    paid,
    payment_number,
)

MINUTE = timedelta(minutes=1)
QUEUE, OTHER = "to-post", "watch"
BODY = b'{"amount": "100.00"}'


def matched() -> Conclusion:
    return Conclusion(matches=[match()], standings=[paid(), banked()])


def waiting() -> Conclusion:
    return Conclusion(standings=[paid(state=WAITING, until=DAY), banked(state=WAITING, until=DAY)])


def event(item: int, key: str = "payment-1", *queues: str, name: str = "payment.ready") -> Telling:
    sent = [Outgoing(one, name, BODY) for one in queues or (QUEUE,)]
    return Telling(name=name, key=key * 3, item=item, messages=sent)


def all_rows() -> dict[str, int]:
    models: list[Any] = [Match, Audit, Message, ToldEvent]
    return {model.__name__: model.objects.count() for model in models}


def test_what_is_concluded_stands_and_is_audited(desk: Desk) -> None:
    claim = found(desk, a_payment(), a_deposit())
    written = conclude(desk, matched())
    assert written == Written(matched=1, stand=2)
    assert money_views.matches() == [match()]
    assert money_views.standings(Of.PAYMENT, money_views.Which()) == [paid()]
    rows = Audit.objects.filter(action="stands").order_by("pk")
    assert [(row.run, row.item, row.before["state"], row.after["state"]) for row in rows] == [
        (1, claim.item, "new", "matched")
    ] * 2
    assert Audit.objects.get(action="matched").after == {
        "payment": payment_number(),
        "deposit": deposit_number(),
        "amount": "100.00",
    }


def test_concluding_the_same_again_changes_nothing(desk: Desk) -> None:
    claim = found(desk, a_payment(), a_deposit())
    conclude(desk, matched(), [event(claim.item)])
    before, epoch = all_rows(), concluding.epoch()
    stood = Payment.objects.get().stood_at
    desk.clock.forward(MINUTE)
    written = conclude(desk, matched(), [event(claim.item)])
    assert written is not None
    assert not written
    assert (all_rows(), concluding.epoch(), Payment.objects.get().stood_at) == (before, epoch, stood)


def test_what_was_drawn_before_another_conclusion_is_not_written(desk: Desk) -> None:
    found(desk, a_payment(), a_deposit())
    epoch = concluding.epoch()
    conclude(desk, matched(), epoch=epoch)
    assert conclude(desk, waiting(), epoch=epoch) is None
    assert money_views.matches() == [match()]
    assert Payment.objects.get().state == "matched"


def test_of_two_that_conclude_at_once_one_looks_again(desk: Desk) -> None:
    found(desk, a_payment(), a_deposit())
    epoch = concluding.epoch()
    drafts = [matched(), waiting()]

    def write(number: int) -> Written | None:
        return with_own_connection(lambda: conclude(desk, drafts[number], epoch=epoch))

    with ThreadPoolExecutor(2) as pool:
        written = list(pool.map(write, range(2)))
    assert sum(one is not None for one in written) == 1
    assert (Epoch.objects.get().number, Match.objects.count()) == (epoch + 1, int(written[0] is not None))


def test_a_conclusion_that_changes_nothing_does_not_disturb_another(desk: Desk) -> None:
    found(desk, a_payment(), a_deposit())
    conclude(desk, matched())
    epoch = concluding.epoch()
    conclude(desk, matched(), epoch=epoch)
    assert conclude(desk, waiting(), epoch=epoch) is not None


def test_what_was_drawn_before_the_bank_said_otherwise_is_not_written(desk: Desk) -> None:
    found(desk, a_payment(), a_deposit())
    epoch = concluding.epoch()
    found(desk, a_payment("T2"), a_deposit("R2"))
    found(desk, a_deposit(amount="90.00"))
    assert conclude(desk, matched(), epoch=epoch) is None
    assert Deposit.objects.get(reference="R1").state == "new"


def test_new_facts_do_not_disturb_a_conclusion(desk: Desk) -> None:
    found(desk, a_payment(), a_deposit())
    epoch = concluding.epoch()
    found(desk, a_payment("T2"), a_deposit("R2"), a_deposit("R1"))
    assert conclude(desk, matched(), epoch=epoch) == Written(matched=1, stand=2)


def test_a_match_that_no_longer_holds_is_undone_and_stays_as_a_row(desk: Desk) -> None:
    found(desk, a_payment(), a_deposit())
    conclude(desk, matched())
    desk.clock.forward(MINUTE)
    assert conclude(desk, waiting()) == Written(undone=1, stand=2)
    assert money_views.matches() == []
    assert Match.objects.get().undone_at == desk.clock.now
    assert Audit.objects.get(action="match undone").before["payment"] == payment_number()
    conclude(desk, matched())
    assert (Match.objects.count(), money_views.matches()) == (2, [match()])


@pytest.mark.parametrize("better", [{"amount": "60.00"}, {"why": "addenda"}], ids=["amount", "why"])
def test_better_evidence_makes_another_match(desk: Desk, better: dict[str, str]) -> None:
    found(desk, a_payment(), a_deposit())
    conclude(desk, matched())
    wanted = match(**better)
    conclude(desk, Conclusion(matches=[wanted], standings=[paid(), banked()]))
    assert (money_views.matches(), Match.objects.count()) == ([wanted], 2)


def test_what_a_conclusion_does_not_speak_of_stays_as_it_is(desk: Desk) -> None:
    found(desk, a_payment(), a_deposit(), a_payment("T2"))
    conclude(desk, matched())
    assert conclude(desk, Conclusion(standings=[paid("T2", WAITING)])) == Written(stand=1)
    assert money_views.matches() == [match()]


def test_one_deposit_can_hold_several_payments(desk: Desk) -> None:
    found(desk, a_payment("T1", "60.00"), a_payment("T2", "40.00"), a_deposit())
    pairs = [match("T1", amount="60.00"), match("T2", amount="40.00")]
    conclude(desk, Conclusion(matches=pairs, standings=[paid("T1"), paid("T2"), banked()]))
    assert money_views.matches() == pairs


def test_everything_of_a_standing_is_kept(desk: Desk) -> None:
    found(desk, a_payment(), a_deposit())
    told = paid(
        state=StandingState.EXCEPTION,
        reason="DEPOSIT_MISSING",
        until=DAY,
        dollars=Decimal("99999999.01"),
        detail="98.00 of 100.00",
    )
    conclude(desk, Conclusion(standings=[told]))
    assert money_views.standings(Of.PAYMENT, money_views.Which()) == [told]


def nobody() -> Standing:
    return Standing(of=Of.PAYMENT, number=999999, state=WAITING)


def matched_twice() -> Conclusion:
    return Conclusion(matches=[match(), match(why="other")], standings=[paid(), banked()])


def with_match(**values: str) -> Conclusion:
    return Conclusion(matches=[match(**values)], standings=[paid(), banked()])


WRONG: list[tuple[str, Callable[[], Conclusion], str]] = [
    (
        "one stands twice",
        lambda: Conclusion(standings=[paid(), paid(state=WAITING)]),
        "a standing comes twice",
    ),
    ("a pair matches twice", matched_twice, "a match comes twice"),
    ("of nothing", lambda: Conclusion(standings=[nobody()]), "there is no payment 999999"),
    (
        "one side only",
        lambda: Conclusion(matches=[match()], standings=[paid()]),
        "no standing of both its sides",
    ),
    ("an unknown reason", lambda: Conclusion(standings=[paid(reason="BECAUSE")]), "no reason 'BECAUSE'"),
    ("part of a cent", lambda: Conclusion(standings=[paid(dollars=Decimal("0.001"))]), "not in whole cents"),
    ("a match of part of a cent", lambda: with_match(amount="0.001"), "not in whole cents"),
    ("an infinite match", lambda: with_match(amount="Infinity"), "not in whole cents"),
]


@pytest.mark.parametrize(("wrong", "told"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_a_conclusion_that_contradicts_itself_is_refused(
    desk: Desk, wrong: Callable[[], Conclusion], told: str
) -> None:
    found(desk, a_payment(), a_deposit())
    with pytest.raises(ConclusionRefused, match=told):
        conclude(desk, wrong())
    assert Payment.objects.get().state == "new"


def test_a_match_does_not_end_on_one_side_alone(desk: Desk) -> None:
    found(desk, a_payment(), a_deposit())
    conclude(desk, matched())
    with pytest.raises(ConclusionRefused, match="only one side of it has a standing"):
        conclude(desk, Conclusion(standings=[paid(state=WAITING)]))
    assert money_views.matches() == [match()]


def test_an_event_of_no_item_is_refused(desk: Desk) -> None:
    found(desk, a_payment(), a_deposit())
    with pytest.raises(ConclusionRefused, match="of item 999999, which is none"):
        conclude(desk, matched(), [event(999999)])
    assert not Match.objects.exists()


def test_what_fails_while_it_is_written_leaves_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    found(desk, a_payment(), a_deposit())

    def fails(*_: object) -> None:
        raise KeyError

    monkeypatch.setattr(outbox, "tell", fails)
    with pytest.raises(KeyError):
        conclude(desk, matched())
    assert not Match.objects.exists()
    assert Payment.objects.get().state == "new"


def test_an_event_is_told_once_to_each_queue(desk: Desk) -> None:
    item = found(desk, a_payment(), a_deposit()).item
    told = event(item, "p1", QUEUE, OTHER)
    assert conclude(desk, matched(), [told, told]) == Written(matched=1, stand=2, told=1)
    conclude(desk, waiting(), [told])
    found_messages = Message.objects.order_by("pk").values_list("queue", "message_id", "attempt")
    assert list(found_messages) == [(one, told.message_id, 0) for one in (QUEUE, OTHER)]


def test_an_event_whose_messages_were_purged_is_not_told_again(desk: Desk) -> None:
    item = found(desk, a_payment(), a_deposit()).item
    conclude(desk, matched(), [event(item)])
    Message.objects.all().delete()
    conclude(desk, waiting(), [event(item)])
    assert not Message.objects.exists()


def test_another_event_of_the_same_key_is_told(desk: Desk) -> None:
    item = found(desk, a_payment(), a_deposit()).item
    conclude(desk, matched(), [event(item), event(item, name="denial.found")])
    assert Message.objects.count() == 2


def test_events_of_an_item_are_handed_on_in_their_order(desk: Desk) -> None:
    item = found(desk, a_payment(), a_deposit()).item
    conclude(desk, matched(), [event(item, "p2"), event(item, "p1")])
    order = []
    while taken := outbox.take(desk.ledger, [QUEUE], "c1", MINUTE, 10):
        (one,) = taken
        order.append(one.message_id)
        outbox.handed_on(desk.ledger, "c1", [one.number])
    assert order == [event(item, "p2").message_id, event(item, "p1").message_id]


def test_a_body_is_sealed(desk: Desk) -> None:
    item = found(desk, a_payment(), a_deposit()).item
    named = Telling(name="denial.found", key="k" * 40, item=item, messages=[Outgoing(QUEUE, "k", b"Canary")])
    conclude(desk, matched(), [named])
    assert b"Canary" not in desk.bytes_on_disk()
