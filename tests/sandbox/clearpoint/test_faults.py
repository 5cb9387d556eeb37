from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from tests.sandbox.clearpoint.conftest import Caller, answer_with

if TYPE_CHECKING:
    from payerbots.sandbox.clearpoint.state import ClearpointState
    from payerbots.sandbox.server import PracticeSite


def test_slow_delays_calls(biller: Caller, site: PracticeSite) -> None:
    site.set_faults(slow=0.1)
    begun = time.perf_counter()
    biller.get("/api/home")
    assert time.perf_counter() - begun > 0.1


def test_error_next_breaks_so_many_calls(biller: Caller, site: PracticeSite) -> None:
    site.set_faults(error_next=2)
    assert [biller.get("/api/home").status_code for _ in range(3)] == [500, 500, 200]


def test_error_rate_breaks_calls_at_random(biller: Caller, site: PracticeSite) -> None:
    site.set_faults(error_rate=0.5)
    assert {biller.get("/api/home").status_code for _ in range(30)} == {200, 500, 502}


def test_a_broken_submission_was_not_taken(biller: Caller, site: PracticeSite) -> None:
    answer = answer_with("zip")
    biller.open_editor(answer.control)
    biller.save(answer.control, {answer.changes[0].field: answer.changes[0].after})
    version = biller.claim(answer.control)["version"]
    site.set_faults(error_next=1)
    assert biller.post(f"/api/claims/{answer.control}/submission", version=version).status_code == 500
    assert site.stats()["claims"] == {}


def test_maintenance_is_a_friendly_page_and_an_answer(biller: Caller, site: PracticeSite) -> None:
    site.set_faults(maintenance=1)
    assert "Scheduled maintenance" in biller.get("/rejections").text
    assert biller.get("/api/home").json()["code"] == "maintenance"


def test_logout_after_ends_the_session(biller: Caller, site: PracticeSite) -> None:
    site.set_faults(logout_after=2)
    assert [biller.get("/api/home").status_code for _ in range(3)] == [200, 200, 401]


def test_second_session_is_asked_about_and_can_take_over(caller: Caller, site: PracticeSite) -> None:
    site.set_faults(second_session=1)
    caller.password()
    assert caller.post("/api/auth/code", code=caller.mailed_code).json() == {"next": "in-use"}
    assert caller.post("/api/auth/take-over").json() == {"next": "in"}


def test_second_session_ends_the_session_after_some_calls(biller: Caller, site: PracticeSite) -> None:
    site.set_faults(second_session=2)
    answers = [biller.get("/api/home") for _ in range(3)]
    assert answers[-1].json()["code"] == "elsewhere"


@pytest.mark.parametrize(("fault", "step"), [("captcha", "challenge"), ("password_expired", "new-password")])
def test_something_stands_between_password_and_code(
    caller: Caller, site: PracticeSite, fault: str, step: str
) -> None:
    site.set_faults(**{fault: 1})
    assert caller.password().json() == {"next": step}


def test_the_letters_of_the_challenge_lead_on(
    caller: Caller, site: PracticeSite, state: ClearpointState
) -> None:
    site.set_faults(captcha=1)
    caller.password()
    caller.get("/api/auth/picture")
    letters = next(iter(state.sessions.values())).letters
    assert caller.post("/api/auth/challenge", letters="ZZZZZ").json()["code"] == "letters"
    assert caller.post("/api/auth/challenge", letters=letters).json() == {"next": "code"}


def test_an_expired_password_is_changed(caller: Caller, site: PracticeSite) -> None:
    site.set_faults(password_expired=1)
    caller.password()
    fresh = "Harvest-Bridge-77"
    changed = caller.post("/api/auth/new-password", current="Tidewater-Ledger-52", fresh=fresh)
    assert changed.json() == {"next": "sign-in"}
    assert caller.password(password=fresh).status_code == 200


def test_the_right_code_and_the_right_password_are_refused(caller: Caller, site: PracticeSite) -> None:
    site.set_faults(code_refused=1)
    caller.password()
    assert caller.post("/api/auth/code", code=caller.mailed_code).json()["code"] == "code"
    site.set_faults(account_locked=1)
    assert caller.password().json()["code"] == "locked"


def test_throttle_refuses_lists_files_and_submissions(biller: Caller, site: PracticeSite) -> None:
    site.set_faults(throttle=1)
    assert [biller.get("/api/rejections").status_code for _ in range(2)] == [200, 429]


def test_popup_is_announced_once_a_session(biller: Caller, site: PracticeSite) -> None:
    site.set_faults(popup=1)
    assert [biller.get("/api/me").json()["popup"] for _ in range(2)] == [True, False]


def test_a_file_is_the_page_or_ends_in_the_middle(biller: Caller, site: PracticeSite) -> None:
    site.set_faults(file_sign_in=1, file_truncated=1)
    page, cut, whole = (biller.get("/files/reports/0071219").content for _ in range(3))
    assert page.startswith(b"<!doctype html>")
    assert whole.startswith(cut)
    assert len(cut) < len(whole)


def test_accept_then_timeout_takes_the_claim_and_does_not_say_so(biller: Caller, site: PracticeSite) -> None:
    site.set_faults(accept_then_timeout=1)
    answer = answer_with("payer_id")
    assert biller.correct(answer).status_code == 504
    assert site.stats()["claims"] == {answer.control: 1}
    assert biller.claim(answer.control)["submissions"][0]["how"] == "Claim editor"


def test_editor_locked_so_many_times(biller: Caller, site: PracticeSite) -> None:
    site.set_faults(editor_locked=1)
    control = answer_with("payer_id").control
    assert [biller.open_editor(control).status_code for _ in range(2)] == [423, 200]


def test_stale_version_refuses_to_save(biller: Caller, site: PracticeSite) -> None:
    site.set_faults(stale_version=1)
    control = answer_with("zip").control
    biller.open_editor(control)
    assert [biller.save(control, {"billing.zip": "441141820"}).status_code for _ in range(2)] == [409, 200]


def test_the_harness_sets_faults_and_makes_the_site_as_new(biller: Caller, state: ClearpointState) -> None:
    assert biller.client.post("/practice/faults", json={"editor_locked": -1}).json()["editor_locked"] == -1
    biller.correct(answer_with("zip"))
    biller.client.post("/practice/reset")
    assert state.faults.editor_locked == 0
    assert biller.client.get("/practice/stats").json()["claims"] == {}
