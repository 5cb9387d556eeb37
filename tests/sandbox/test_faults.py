from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import pytest

from payerbots.sandbox.faults import UnknownFaultError, parse
from payerbots.sandbox.logins import LOGINS
from payerbots.sandbox.sign_in import LOCKED, WRONG_CODE

if TYPE_CHECKING:
    from collections.abc import Callable

    from payerbots.sandbox.records import Request
    from payerbots.sandbox.server import PracticePortal
    from tests.sandbox.conftest import Clock, Visitor

    Row = Callable[[str], Request]

NO_RECORDS = "No records found for the information entered."
ELSEWHERE = "signed in from another location"


def test_faults_are_read_from_texts() -> None:
    assert parse(["slow=0.5", "popup", "stale_answer=-1"]) == {"slow": 0.5, "popup": 1, "stale_answer": -1}


def test_an_unknown_fault_names_the_allowed_ones() -> None:
    with pytest.raises(UnknownFaultError, match="'slwo'; allowed are slow, error_rate"):
        parse(["slwo=1"])


def test_a_fault_that_is_no_number_is_refused() -> None:
    with pytest.raises(UnknownFaultError, match="layout needs a number, not 'two'"):
        parse(["layout=two"])


def test_slow_delays_signed_in_pages_only(biller: Visitor, portal: PracticePortal) -> None:
    portal.set_faults(slow=0.15)
    begun = time.perf_counter()
    biller.client.get("/static/mark.svg")
    quick = time.perf_counter() - begun
    biller.get("/home")
    assert time.perf_counter() - begun - quick > 0.15 > quick


def test_error_next_breaks_so_many_pages(biller: Visitor, portal: PracticePortal) -> None:
    portal.set_faults(error_next=2)
    assert [biller.get("/home").status_code for _ in range(3)] == [500, 500, 200]


def test_error_rate_breaks_pages_at_random(biller: Visitor, portal: PracticePortal) -> None:
    portal.set_faults(error_rate=0.5)
    assert {biller.get("/home").status_code for _ in range(30)} == {200, 500, 502}


def test_maintenance_is_a_friendly_page_everywhere(biller: Visitor, portal: PracticePortal) -> None:
    portal.set_faults(maintenance=1)
    for path in ("/", "/sign-in", "/home", "/eligibility", "/no/such/page"):
        assert biller.get(path).status_code == 200
        assert "We'll be right back" in biller.text


def test_logout_after_ends_the_session_again_and_again(biller: Visitor, portal: PracticePortal) -> None:
    portal.set_faults(logout_after=2)
    for _ in range(2):
        assert [biller.get("/home").url.path for _ in range(3)] == ["/home", "/home", "/sign-in"]
        portal.set_faults(logout_after=0)
        biller.sign_in()
        portal.set_faults(logout_after=2)


def test_popup_is_on_every_page_and_a_question_on_the_home_page(
    biller: Visitor, portal: PracticePortal
) -> None:
    portal.set_faults(popup=1)
    assert 'data-testid="survey"' in biller.get("/eligibility").text
    assert re.search(r'<body class="[^"]*tour', biller.get("/home").text)


def test_captcha_stands_after_the_password(visitor: Visitor, portal: PracticePortal) -> None:
    portal.set_faults(captcha=1)
    visitor.password()
    assert "Verify you are human" in visitor.text
    visitor.post("/sign-in/verify-human", letters="?")
    assert visitor.path == "/sign-in/verify-human"


def test_a_person_gets_past_the_captcha(visitor: Visitor, portal: PracticePortal) -> None:
    portal.set_faults(captcha=1)
    visitor.password()
    assert visitor.client.get("/sign-in/verify-human/picture").headers["content-type"] == "image/png"
    (session,) = [item for item in portal.portal.sessions.values() if item.captcha]
    visitor.post("/sign-in/verify-human", letters=session.captcha)
    assert visitor.path == "/sign-in/code"


def test_an_expired_password_must_be_changed(visitor: Visitor, portal: PracticePortal) -> None:
    portal.set_faults(password_expired=1)
    visitor.password()
    assert "Your password has expired" in visitor.text
    fresh = "Another-Path-90"
    visitor.post(
        "/sign-in/password",
        current_password=LOGINS["bot1"].password,
        new_password=fresh,
        confirm_password=fresh,
    )
    assert "Your password has been changed" in visitor.text
    portal.set_faults(password_expired=0)
    visitor.password(password=fresh)
    assert visitor.path == "/sign-in/code"


def test_code_refused_refuses_right_codes(visitor: Visitor, portal: PracticePortal) -> None:
    portal.set_faults(code_refused=1)
    visitor.password()
    visitor.code()
    assert WRONG_CODE in visitor.text


def test_account_locked_refuses_the_right_password(visitor: Visitor, portal: PracticePortal) -> None:
    portal.set_faults(account_locked=1)
    visitor.password()
    assert LOCKED in visitor.text


def test_a_stale_answer_is_the_one_before(biller: Visitor, portal: PracticePortal, row: Row) -> None:
    first, second = row("clean"), row("BILL_MA_PLAN")
    biller.ask(first)
    before = biller.facts
    portal.set_faults(stale_answer=1)
    biller.ask(second)
    assert biller.facts == before
    biller.get(biller.path)
    assert biller.facts["Member ID"] == second.member_id


def test_the_first_answer_can_be_stale_too(biller: Visitor, portal: PracticePortal, row: Row) -> None:
    portal.set_faults(stale_answer=1)
    biller.ask(row("clean"))
    assert biller.facts["Member ID"] != row("clean").member_id


def test_a_stale_answer_may_never_go_away(biller: Visitor, portal: PracticePortal, row: Row) -> None:
    biller.ask(row("clean"))
    portal.set_faults(stale_answer=-1)
    biller.ask(row("BILL_MA_PLAN"))
    for _ in range(3):
        biller.get(biller.path)
        assert biller.facts["Member ID"] == row("clean").member_id


def test_a_partial_answer_lacks_its_benefits(biller: Visitor, portal: PracticePortal, row: Row) -> None:
    portal.set_faults(partial_answer=1)
    biller.ask(row("clean"))
    assert biller.page.status_code == 200
    assert "This section could not be loaded" in biller.tab("benefits")
    biller.ask(row("clean"))
    assert "This section could not be loaded" not in biller.tab("benefits")


def test_wrong_org_turns_the_session_and_finds_nobody(
    biller: Visitor, portal: PracticePortal, row: Row
) -> None:
    asked = row("clean")
    home = portal.portal.world.organisation_of(asked.npi)
    assert home
    portal.set_faults(wrong_org=1)
    biller.ask(asked)
    assert NO_RECORDS in biller.text
    assert f"Inquiry made as: <strong>{home.name}" not in biller.text
    assert f'current-organization">{home.name}<' not in biller.text
    biller.ask(asked)
    assert biller.facts["Member ID"] == asked.member_id


def test_second_session_asks_at_sign_in(visitor: Visitor, portal: PracticePortal) -> None:
    portal.set_faults(second_session=1)
    visitor.password()
    visitor.code()
    assert "This user ID is already signed in elsewhere" in visitor.text
    visitor.post("/sign-in/active-session", choice="continue")
    assert visitor.path == "/sign-in/terms"


def test_second_session_can_be_declined(visitor: Visitor, portal: PracticePortal) -> None:
    portal.set_faults(second_session=1)
    visitor.password()
    visitor.code()
    visitor.post("/sign-in/active-session", choice="cancel")
    assert visitor.path == "/sign-in"


def test_second_session_takes_the_session_over_after_some_pages(
    biller: Visitor, portal: PracticePortal
) -> None:
    portal.set_faults(second_session=2)
    assert [biller.get("/home").url.path for _ in range(3)] == ["/home", "/home", "/sign-in"]
    assert ELSEWHERE in biller.text


def test_attestation_must_be_signed(visitor: Visitor, portal: PracticePortal) -> None:
    portal.set_faults(attestation=1)
    visitor.password()
    visitor.code()
    assert "Yearly attestation" in visitor.text
    assert visitor.get("/home").url.path == "/sign-in/attestation"
    visitor.post("/sign-in/attestation", agree="yes", signature="Dana Whitlock")
    assert visitor.path == "/sign-in/terms"


def test_throttle_refuses_with_a_time_to_wait(
    biller: Visitor, portal: PracticePortal, row: Row, clock: Clock
) -> None:
    portal.set_faults(throttle=2)
    answers = [biller.ask(row("clean")) for _ in range(3)]
    assert [item.status_code for item in answers] == [200, 200, 429]
    assert "unusual activity" in answers[-1].text
    clock.forward(seconds=float(answers[-1].headers["retry-after"]))
    assert biller.ask(row("clean")).status_code == 200


def test_the_redesign_renames_and_reorders(biller: Visitor, portal: PracticePortal, row: Row) -> None:
    portal.set_faults(layout=2)
    biller.get("/eligibility")
    assert "Subscriber number</label>" in biller.text
    assert 'id="member-id"' not in biller.text
    biller.ask(row("clean"))
    assert re.findall(r'data-tab="(\w+)"', biller.text) == ["coverage", "reference", "other", "benefits"]
    assert "<dt>" not in biller.text


def test_the_redesign_keeps_field_names_and_test_ids(biller: Visitor, portal: PracticePortal) -> None:
    kept = re.compile(r'(?:name|data-testid)="([^"]+)"')
    usual = sorted(kept.findall(biller.get("/eligibility").text))
    portal.set_faults(layout=2)
    assert sorted(kept.findall(biller.get("/eligibility").text)) == usual


def test_the_harness_sets_and_clears_faults_while_it_runs(biller: Visitor) -> None:
    assert biller.client.post("/practice/faults", json={"maintenance": 1}).json()["maintenance"] == 1
    assert "We'll be right back" in biller.get("/home").text
    biller.client.delete("/practice/faults")
    assert biller.get("/home").url.path == "/home"


def test_the_harness_refuses_unknown_faults(biller: Visitor) -> None:
    answer = biller.client.post("/practice/faults", json={"nonsense": 1})
    assert answer.status_code == 422
    assert "allowed are" in answer.json()["error"]


def test_the_harness_counts_and_forgets(biller: Visitor) -> None:
    assert biller.client.get("/practice/stats").json()["sign_ins"] == 1
    biller.client.post("/practice/reset")
    assert biller.client.get("/practice/stats").json()["sign_ins"] == 0
    assert biller.get("/home").url.path == "/sign-in"
