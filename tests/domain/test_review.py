"""What goes with a decision, and an office's rules for it."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from payerbots.domain.decisions import Decision
from payerbots.domain.review import About, Kind, Rules, Terms, takes, teams
from payerbots.errors import DecisionRefused

TODAY = date(2026, 11, 25)
OFFICE = Rules(codes=frozenset({"WO1"}))

FIT: list[tuple[Decision, dict[str, Any]]] = [
    (Decision.SEND_BACK, {}),
    (Decision.CORRECTED, {"values": {"Member ID": ("1", "2")}}),
    (Decision.RESOLVED, {"note": "called the payer"}),
    (Decision.WRITE_OFF, {"amount": Decimal("12.50"), "code": "WO1"}),
    (Decision.PEND, {"until": date(2026, 11, 26)}),
    (Decision.PEND, {"until": date(2027, 11, 25)}),
    (Decision.DUPLICATE, {"other": About(Kind.ITEM, 7)}),
    (Decision.ASSIGN, {"assignee": "Bea"}),
    (Decision.NOT_MINE, {"team": "posting"}),
]

UNFIT: list[tuple[str, Decision, dict[str, Any], str]] = [
    ("a write-off of nothing", Decision.WRITE_OFF, {}, "needs an amount and an adjustment code"),
    ("no code", Decision.WRITE_OFF, {"amount": Decimal(1)}, "needs an adjustment code"),
    ("zero", Decision.WRITE_OFF, {"amount": Decimal(0), "code": "WO1"}, "not more than 0"),
    ("a negative amount", Decision.WRITE_OFF, {"amount": Decimal(-5), "code": "WO1"}, "not more than 0"),
    ("half a cent", Decision.WRITE_OFF, {"amount": Decimal("0.005"), "code": "WO1"}, "whole cents"),
    ("no number", Decision.WRITE_OFF, {"amount": Decimal("NaN"), "code": "WO1"}, "whole cents"),
    ("a code that is none", Decision.WRITE_OFF, {"amount": Decimal(1), "code": "W O"}, "letters, digits"),
    ("a code not on the list", Decision.WRITE_OFF, {"amount": Decimal(1), "code": "X9"}, "allowed: WO1"),
    ("today", Decision.PEND, {"until": TODAY}, "after today"),
    ("in two years", Decision.PEND, {"until": date(2028, 11, 25)}, "within a year"),
    ("no team of ours", Decision.NOT_MINE, {"team": "night shift"}, "no such team; teams: intake"),
    ("no person", Decision.ASSIGN, {"assignee": "!!"}, "not a name"),
    ("an amount beside", Decision.RESOLVED, {"amount": Decimal(1)}, "takes no amount"),
    ("a date beside", Decision.SEND_BACK, {"until": date(2026, 12, 1)}, "takes no date"),
    ("values beside", Decision.RESOLVED, {"values": {"NPI": ("", "1")}}, "takes no corrected values"),
]


@pytest.mark.parametrize(("decision", "terms"), FIT, ids=[str(row[0]) for row in FIT])
def test_what_a_decision_needs_is_enough(decision: Decision, terms: dict[str, Any]) -> None:
    OFFICE.check(decision, Terms(**terms), "ana", TODAY)


@pytest.mark.parametrize(
    ("decision", "terms", "said"), [row[1:] for row in UNFIT], ids=[row[0] for row in UNFIT]
)
def test_what_does_not_go_with_a_decision_is_refused(
    decision: Decision, terms: dict[str, Any], said: str
) -> None:
    with pytest.raises(DecisionRefused, match=said):
        OFFICE.check(decision, Terms(**terms), "ana", TODAY)


@pytest.mark.parametrize("by", ["", "   ", "x" * 41, "a\nb", "=cmd()"])
def test_nobody_decides_without_a_name(by: str) -> None:
    with pytest.raises(DecisionRefused, match="who decided"):
        Rules().check(Decision.RESOLVED, Terms(), by, TODAY)


@pytest.mark.parametrize(("amount", "needed"), [("100.00", False), ("100.01", True)])
def test_above_the_limit_a_write_off_needs_a_second_person(amount: str, needed: bool) -> None:
    terms = Terms(amount=Decimal(amount), code="WO1")
    assert Rules(second_person_above=Decimal(100)).needs_second(Decision.WRITE_OFF, terms) is needed


def test_every_decision_is_known_to_take_something_or_nothing() -> None:
    assert all(takes(decision) is not None for decision in Decision)


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("12", About(Kind.ITEM, 12)),
        (" item 12 ", About(Kind.ITEM, 12)),
        ("Payment 5", About(Kind.PAYMENT, 5)),
        ("deposit-7", About(Kind.DEPOSIT, 7)),
        ("concern 3", About(Kind.CONCERN, 3)),
    ],
)
def test_what_a_decision_is_about_is_read_as_people_write_it(text: str, about: About) -> None:
    assert About.read(text) == about
    assert About.read(str(about)) == about


@pytest.mark.parametrize("text", ["", "twelve", "portal 3", "12.5", "-1", "payment", "1 2", "9" * 19])
def test_what_names_nothing_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="an item such as 12"):
        About.read(text)


def test_teams_are_those_of_the_reasons() -> None:
    assert {"intake", "posting", "billing", "IT/ops"} <= set(teams())
