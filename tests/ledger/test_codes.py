"""Codes that a person types: asked for, typed in time or late, taken once."""

from datetime import timedelta

import pytest

from payerbots.errors import DecisionRefused
from payerbots.ledger import codes
from payerbots.ledger.models import Audit, CodeAsked, Notice
from tests.ledger.desk import PORTAL, SECOND, Desk

PATIENCE = timedelta(minutes=5)


def asked(desk: Desk, login: str = "bot1") -> int:
    return codes.ask(desk.ledger, PORTAL, login, PATIENCE)


def typed(desk: Desk, code: str = "123 456", login: str = "") -> None:
    codes.type_in(desk.ledger, PORTAL, login, code, "person:ana")


def test_a_code_is_asked_for_typed_and_taken_once(desk: Desk) -> None:
    number = asked(desk)
    assert codes.take(desk.ledger, number) is None
    typed(desk)
    assert codes.take(desk.ledger, number) == "123456"
    assert codes.take(desk.ledger, number) is None
    assert codes.waiting(desk.ledger) == []
    assert Audit.objects.get(action="code typed").actor == "person:ana"


def test_people_are_told_once(desk: Desk) -> None:
    asked(desk)
    assert "bot1 needs a one-time code until 15:05 UTC" in Notice.objects.get().message


def test_no_code_lies_in_the_database(desk: Desk) -> None:
    number = asked(desk)
    typed(desk, "91827364")
    assert b"91827364" not in desk.bytes_on_disk()
    codes.take(desk.ledger, number)
    assert CodeAsked.objects.get().code_sealed is None


def test_a_code_that_comes_late_is_refused_with_the_reason(desk: Desk) -> None:
    number = asked(desk)
    desk.clock.forward(PATIENCE + SECOND)
    with pytest.raises(DecisionRefused, match=r"bot1 waited until 15:05 UTC. Resume the portal"):
        typed(desk)
    assert codes.take(desk.ledger, number) is None


def test_a_code_that_was_typed_and_not_taken_in_time_is_not_used(desk: Desk) -> None:
    number = asked(desk)
    typed(desk)
    desk.clock.forward(PATIENCE + SECOND)
    assert codes.take(desk.ledger, number) is None


def test_a_code_that_was_given_up_is_refused(desk: Desk) -> None:
    codes.give_up(desk.ledger, asked(desk))
    with pytest.raises(DecisionRefused, match="any more"):
        typed(desk)


def test_a_code_that_nobody_asked_for_is_refused(desk: Desk) -> None:
    with pytest.raises(DecisionRefused, match="nobody waits for a code of summit"):
        typed(desk)


def test_a_second_code_is_refused_while_the_first_is_used(desk: Desk) -> None:
    asked(desk)
    typed(desk)
    with pytest.raises(DecisionRefused, match="typed already"):
        typed(desk, "654321")


def test_with_two_logins_waiting_one_has_to_be_named(desk: Desk) -> None:
    first, second = asked(desk), asked(desk, "bot2")
    with pytest.raises(DecisionRefused, match="--login bot1 or bot2"):
        typed(desk)
    typed(desk, "222222", "bot2")
    assert codes.take(desk.ledger, second) == "222222"
    assert codes.take(desk.ledger, first) is None


@pytest.mark.parametrize("text", ["", "12 34;56", "1" * 21, "<b>"])
def test_what_is_no_code_is_refused(desk: Desk, text: str) -> None:
    asked(desk)
    with pytest.raises(DecisionRefused, match="letters and digits only"):
        typed(desk, text)
