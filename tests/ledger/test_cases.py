"""Decisions beyond sending back: kept in order, each once, on items, payments, deposits and concerns."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from payerbots.domain.conclusions import Concern, Conclusion
from payerbots.domain.decisions import Decision
from payerbots.domain.facts import StandingState
from payerbots.domain.review import About, Kind, Rules, Terms
from payerbots.errors import ConclusionRefused, DecisionRefused
from payerbots.ledger import case_views, cases, items
from payerbots.ledger.cases import AlreadyDecided
from payerbots.ledger.decide import PROPOSED, Placed, Ruling, decide
from payerbots.ledger.models import Audit, Case, Decided, Item
from tests.ledger import money
from tests.ledger.desk import PORTAL, Desk, new_item, with_own_connection
from tests.ledger.test_decide import EXCEPTION, ended

TODAY = date(2026, 11, 22)
EXCEPTED = StandingState.EXCEPTION
WRITE_OFF = Terms(amount=Decimal("80.00"), code="WO1")
LARGE = Terms(amount=Decimal("100.01"), code="WO1")


def ruling(about: About | int, decision: Decision, by: str = "ana", **values: Any) -> Ruling:
    on = About(Kind.ITEM, about) if isinstance(about, int) else about
    return Ruling(**{"about": on, "decision": decision, "by": f"person:{by}", "today": TODAY, **values})


def excepted(desk: Desk, amount: str | None = None) -> int:
    """An item that needs a person."""
    return ended(desk, EXCEPTION, **({"amount": amount} if amount else {}))


def payment(desk: Desk, reason: str = "DEPOSIT_MISSING", dollars: str = "100.00") -> About:
    """A payment that needs a person."""
    money.found(desk, money.a_payment())
    stand(desk, reason, dollars)
    return About(Kind.PAYMENT, money.payment_number())


def stand(desk: Desk, reason: str, dollars: str = "100.00", *concerns: Concern) -> None:
    judged = money.paid(state=EXCEPTED, reason=reason, dollars=Decimal(dollars))
    money.conclude(desk, Conclusion(standings=[judged], concerns=concerns))


def concern(key: str = "77-10442", reason: str = "CLAIM_UNKNOWN", **values: Any) -> Concern:
    given = {"payment": money.payment_number(), "key": key, "reason": reason, "patient": "Canary-Reyes, A"}
    return Concern(**{**given, **values})


def open_now(desk: Desk) -> dict[str, str]:
    return {str(one.about): one.reason for one in case_views.open_cases(desk.ledger)}


ENDS: list[tuple[Decision, Terms]] = [
    (Decision.RESOLVED, Terms()),
    (Decision.WRITE_OFF, WRITE_OFF),
]


@pytest.mark.parametrize(("decision", "terms"), ENDS, ids=[row[0].value for row in ENDS])
def test_what_ends_an_item_ends_it(desk: Desk, decision: Decision, terms: Terms) -> None:
    number = excepted(desk)
    assert decide(desk.ledger, ruling(number, decision, terms=terms)) == "done"
    assert open_now(desk) == {}


def test_a_duplicate_ends_where_the_other_one_is_there(desk: Desk) -> None:
    desk.fill(new_item(1), new_item(2))
    one, two = desk.claimed(), desk.claimed()
    for claim in (one, two):
        items.finish(desk.ledger, claim, EXCEPTION)
    terms = Terms(other=About(Kind.ITEM, two.item))
    assert decide(desk.ledger, ruling(one.item, Decision.DUPLICATE, terms=terms)) == "done"
    assert set(open_now(desk)) == {str(two.item)}


@pytest.mark.parametrize(
    ("other", "said"),
    [(0, "cannot be a duplicate of"), (99, "there is no item"), (About(Kind.PAYMENT, 1), "cannot be")],
)
def test_nothing_is_a_duplicate_of_itself_or_of_what_is_not_there(
    desk: Desk, other: int | About, said: str
) -> None:
    number = excepted(desk)
    about = other if isinstance(other, About) else About(Kind.ITEM, number + other)
    with pytest.raises(DecisionRefused, match=said):
        decide(desk.ledger, ruling(number, Decision.DUPLICATE, terms=Terms(other=about)))


def test_pended_assigned_and_handed_on_an_item_stays_open_and_says_so(desk: Desk) -> None:
    number = excepted(desk)
    until = TODAY + timedelta(days=7)
    for decision, terms in (
        (Decision.ASSIGN, Terms(assignee="Bea")),
        (Decision.PEND, Terms(until=until, note="card asked for")),
    ):
        assert decide(desk.ledger, ruling(number, decision, terms=terms)) == "exception"
    (found,) = case_views.open_cases(desk.ledger)
    assert (found.assignee, found.pended_until, found.team, found.seen) == ("Bea", until, "", 2)
    assert [one.note for one in found.history] == ["", "card asked for"]
    decide(desk.ledger, ruling(number, Decision.NOT_MINE, terms=Terms(team="posting")))
    (found,) = case_views.open_cases(desk.ledger)
    assert (found.assignee, found.pended_until, found.team) == ("", None, "posting")


def test_a_large_write_off_takes_effect_when_a_second_person_agrees(desk: Desk) -> None:
    number = excepted(desk)
    assert decide(desk.ledger, ruling(number, Decision.WRITE_OFF, terms=LARGE)) == PROPOSED
    assert Item.objects.get(pk=number).state == "exception"
    with pytest.raises(DecisionRefused, match="second person, other than"):
        decide(desk.ledger, ruling(number, Decision.WRITE_OFF, by="ANA", terms=LARGE))
    assert decide(desk.ledger, ruling(number, Decision.WRITE_OFF, by="bea", terms=LARGE)) == "done"
    assert list(Decided.objects.values_list("by", "state")) == [
        ("person:ana", "proposed"),
        ("person:bea", "applied"),
    ]


def test_another_amount_is_a_proposal_of_its_own(desk: Desk) -> None:
    number = excepted(desk)
    other = Terms(amount=Decimal("200.00"), code="WO1")
    decide(desk.ledger, ruling(number, Decision.WRITE_OFF, terms=LARGE))
    assert decide(desk.ledger, ruling(number, Decision.WRITE_OFF, by="bea", terms=other)) == PROPOSED


def test_two_people_who_agree_on_what_both_saw_are_two(desk: Desk) -> None:
    number = excepted(desk)
    decide(desk.ledger, ruling(number, Decision.WRITE_OFF, terms=LARGE, seen=0))
    assert decide(desk.ledger, ruling(number, Decision.WRITE_OFF, by="bea", terms=LARGE, seen=0)) == "done"


def test_the_limit_is_the_offices(desk: Desk) -> None:
    number = excepted(desk)
    rules = Rules(second_person_above=Decimal(500))
    assert decide(desk.ledger, ruling(number, Decision.WRITE_OFF, terms=LARGE), rules) == "done"


def test_no_more_is_written_off_than_is_in_question(desk: Desk) -> None:
    number = excepted(desk, "79.99")
    with pytest.raises(DecisionRefused, match=r"more than the 79\.99 in question"):
        decide(desk.ledger, ruling(number, Decision.WRITE_OFF, terms=WRITE_OFF))


def test_of_two_decisions_on_what_both_saw_the_first_stands_and_the_second_is_told(desk: Desk) -> None:
    number = excepted(desk)
    decide(desk.ledger, ruling(number, Decision.ASSIGN, terms=Terms(assignee="Bea"), seen=0))
    with pytest.raises(AlreadyDecided, match="`assign to` by person:ana") as told:
        decide(desk.ledger, ruling(number, Decision.RESOLVED, by="bea", seen=0))
    assert not told.value.same
    assert Item.objects.get(pk=number).state == "exception"


def test_the_same_decision_again_is_known_even_after_others(desk: Desk) -> None:
    number = excepted(desk)
    assign = ruling(number, Decision.ASSIGN, terms=Terms(assignee="Bea"), seen=0)
    decide(desk.ledger, assign)
    decide(desk.ledger, ruling(number, Decision.RESOLVED, seen=1))
    with pytest.raises(AlreadyDecided) as told:
        decide(desk.ledger, assign)
    assert told.value.same
    assert Decided.objects.count() == 2


def test_corrected_values_are_kept_sealed_with_what_stood_before(desk: Desk) -> None:
    number = excepted(desk)
    terms = Terms(values={"Member ID": ("1EG4TE5MK73", "Canary-Reyes")})
    placed = Placed(portal="other", payer_id="P2", subject="s")
    decide(desk.ledger, ruling(number, Decision.CORRECTED, terms=terms, request=b"{}", placed=placed))
    item, kept = Item.objects.get(pk=number), Decided.objects.get()
    assert (item.portal, item.payer_id, item.subject, item.revision) == ("other", "P2", "s", 2)
    assert b"Canary-Reyes" in desk.ledger.keys.unseal(kept.values_sealed or b"")
    assert b"Canary" not in desk.bytes_on_disk()
    assert Audit.objects.get(action="corrected - send back").after["fields"] == ["Member ID"]


def test_a_row_that_could_not_be_read_becomes_work_once_it_is_corrected(desk: Desk) -> None:
    desk.fill(new_item(1, kind="unreadable", reason="REQUEST_INCOMPLETE", portal=""))
    number = Item.objects.get(kind="unreadable").pk
    values: dict[str, Any] = {"request": b"read", "terms": Terms(values={"NPI": ("", "1")})}
    with pytest.raises(DecisionRefused, match="needs a portal"):
        decide(desk.ledger, ruling(number, Decision.CORRECTED, **values))
    decide(desk.ledger, ruling(number, Decision.CORRECTED, **values, placed=Placed(portal=PORTAL)))
    claim = desk.claimed()
    assert (claim.item, claim.kind, claim.request) == (number, "work", b"read")


def test_what_is_refused_leaves_no_case(desk: Desk) -> None:
    number = excepted(desk)
    with pytest.raises(DecisionRefused):
        decide(desk.ledger, ruling(number, Decision.PEND))
    assert not Case.objects.exists()


def test_an_item_says_how_often_it_failed_for_the_same_reason(desk: Desk) -> None:
    number = excepted(desk)
    decide(desk.ledger, ruling(number, Decision.SEND_BACK))
    items.finish(desk.ledger, desk.claimed(), EXCEPTION)
    (found,) = case_views.open_cases(desk.ledger)
    assert (found.failures, found.attempts, found.mark, found.seen) == (2, 2, "r2", 1)
    assert [one.decision for one in found.history] == ["send back"]


def test_a_payment_that_is_settled_needs_nobody_until_it_stands_otherwise(desk: Desk) -> None:
    about = payment(desk)
    assert open_now(desk) == {str(about): "DEPOSIT_MISSING"}
    assert decide(desk.ledger, ruling(about, Decision.RESOLVED)) == "settled"
    assert open_now(desk) == {}
    desk.clock.forward(timedelta(days=1))
    stand(desk, "REMIT_UNBALANCED")
    assert open_now(desk) == {str(about): "REMIT_UNBALANCED"}


def test_a_deposit_can_be_assigned_and_written_off(desk: Desk) -> None:
    money.found(desk, money.a_deposit())
    judged = money.banked(state=EXCEPTED, reason="REMIT_MISSING", dollars=Decimal("100.00"))
    money.conclude(desk, Conclusion(standings=[judged]))
    about = About(Kind.DEPOSIT, money.deposit_number())
    assert decide(desk.ledger, ruling(about, Decision.ASSIGN, terms=Terms(assignee="Bea"))) == "open"
    assert decide(desk.ledger, ruling(about, Decision.WRITE_OFF, terms=WRITE_OFF)) == "settled"
    assert open_now(desk) == {}


@pytest.mark.parametrize("decision", [Decision.SEND_BACK, Decision.CORRECTED])
def test_a_payment_does_not_run_by_itself(desk: Desk, decision: Decision) -> None:
    terms = Terms(values={"NPI": ("", "1")}) if decision is Decision.CORRECTED else Terms()
    with pytest.raises(DecisionRefused, match="cannot be sent back"):
        decide(desk.ledger, ruling(payment(desk), decision, terms=terms))


def test_a_payment_that_has_moved_on_is_not_decided(desk: Desk) -> None:
    about = payment(desk)
    (seen,) = case_views.open_cases(desk.ledger)
    desk.clock.forward(timedelta(days=1))
    stand(desk, "REMIT_UNBALANCED")
    with pytest.raises(DecisionRefused, match="has moved on"):
        decide(desk.ledger, ruling(about, Decision.RESOLVED, mark=seen.mark))


def test_a_concern_comes_changes_and_is_over_with_its_conclusion(desk: Desk) -> None:
    payment(desk)
    stand(desk, "DEPOSIT_MISSING", "100.00", concern(dollars=Decimal("61.18"), claim="77-10442"))
    found = next(one for one in case_views.open_cases(desk.ledger, [Kind.CONCERN]))
    assert (found.reason, found.dollars, found.facts["claim"]) == (
        "CLAIM_UNKNOWN",
        Decimal("61.18"),
        "77-10442",
    )
    stand(desk, "DEPOSIT_MISSING", "100.00", concern(reason="REVERSAL_ALONE"))
    assert [one.reason for one in case_views.open_cases(desk.ledger, [Kind.CONCERN])] == ["REVERSAL_ALONE"]
    stand(desk, "DEPOSIT_MISSING")
    assert [*case_views.open_cases(desk.ledger, [Kind.CONCERN])] == []
    assert b"Canary" not in desk.bytes_on_disk()


def test_the_same_concern_again_changes_nothing(desk: Desk) -> None:
    payment(desk)
    stand(desk, "DEPOSIT_MISSING", "100.00", concern())
    before = Audit.objects.count()
    stand(desk, "DEPOSIT_MISSING", "100.00", concern())
    assert Audit.objects.count() == before


def test_a_concern_that_is_settled_stays_so_while_it_is_concluded_again(desk: Desk) -> None:
    payment(desk)
    stand(desk, "DEPOSIT_MISSING", "100.00", concern(dollars=Decimal(70)))
    about = next(one.about for one in case_views.open_cases(desk.ledger, [Kind.CONCERN]))
    decide(desk.ledger, ruling(about, Decision.WRITE_OFF, terms=Terms(amount=Decimal(70), code="WO1")))
    stand(desk, "DEPOSIT_MISSING", "100.00", concern(dollars=Decimal(70)))
    assert [*case_views.open_cases(desk.ledger, [Kind.CONCERN])] == []


@pytest.mark.parametrize(
    ("values", "said"),
    [({"payment": 99}, "has no standing"), ({"reason": "ODD"}, "no reason"), ({"key": ""}, "without a key")],
)
def test_a_concern_that_cannot_be_kept_is_refused(desk: Desk, values: dict[str, Any], said: str) -> None:
    payment(desk)
    with pytest.raises(ConclusionRefused, match=said):
        stand(desk, "DEPOSIT_MISSING", "100.00", concern(**values))


def test_of_many_who_decide_at_once_one_is_first(desk: Desk) -> None:
    number = excepted(desk)

    def one(person: int) -> str:
        def work() -> str:
            try:
                terms = Terms(assignee=f"person {person}")
                return decide(desk.ledger, ruling(number, Decision.ASSIGN, terms=terms, seen=0))
            except AlreadyDecided:
                return "told"

        return with_own_connection(work)

    with ThreadPoolExecutor(4) as pool:
        came_to = list(pool.map(one, range(4)))
    assert sorted(came_to) == ["exception", "told", "told", "told"]
    assert Decided.objects.count() == 1


def test_decisions_are_told_whether_it_is_open_or_not(desk: Desk) -> None:
    number = excepted(desk)
    decide(desk.ledger, ruling(number, Decision.WRITE_OFF, terms=WRITE_OFF))
    (past,) = cases.decisions_on(desk.ledger, About(Kind.ITEM, number))
    assert (past.decision, past.by, past.terms) == (
        "write off",
        "person:ana",
        {"amount": "80.00", "code": "WO1"},
    )
