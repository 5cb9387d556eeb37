"""What the page's script can call: signing in, reports, worklist, editor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from payerbots.sandbox.clearpoint.records import Outcome
from payerbots.sandbox.clearpoint.state import COLUMNS
from tests.sandbox.clearpoint.conftest import Caller, answer_with

if TYPE_CHECKING:
    from collections.abc import Callable
    from email.message import EmailMessage

    from payerbots.sandbox.clearpoint.state import ClearpointState
    from payerbots.sandbox.server import PracticeSite
    from tests.sandbox.clearpoint.conftest import Clock


def test_the_code_is_mailed_to_the_users_address(caller: Caller, mails: list[EmailMessage]) -> None:
    assert caller.password().json() == {"next": "code"}
    assert mails[-1]["To"] == "bots@lakeside.example"
    assert mails[-1]["Subject"] == "Your ClearPoint verification code"
    assert caller.post("/api/auth/code", code=caller.mailed_code).json() == {"next": "in"}


def test_a_code_counts_once_and_for_ten_minutes(new_caller: Callable[[], Caller], clock: Clock) -> None:
    first, late = new_caller(), new_caller()
    first.password()
    code = first.mailed_code
    assert first.post("/api/auth/code", code=code).status_code == 200
    assert first.post("/api/auth/code", code=code).status_code == 401
    late.password()
    clock.forward(minutes=10)
    assert late.post("/api/auth/code", code=late.mailed_code).json()["code"] == "code"


def test_a_new_code_makes_the_old_one_void(caller: Caller) -> None:
    caller.password()
    old = caller.mailed_code
    caller.post("/api/auth/resend")
    assert caller.post("/api/auth/code", code=old).status_code == (200 if old == caller.mailed_code else 422)


def test_three_wrong_passwords_lock_the_user(caller: Caller) -> None:
    codes = [caller.password(password="wrong").json()["code"] for _ in range(3)]
    assert codes == ["refused", "refused", "locked"]
    assert caller.password().json()["code"] == "locked"


def test_nothing_is_told_without_signing_in_or_without_the_token(caller: Caller) -> None:
    assert caller.get("/api/rejections").json()["code"] == "signed_out"
    caller.sign_in()
    del caller.client.headers["X-CPX-Token"]
    assert caller.get("/api/rejections").json()["code"] == "token"


def test_an_idle_session_ends(biller: Caller, clock: Clock) -> None:
    clock.forward(minutes=16)
    assert biller.get("/api/home").status_code == 401


def test_signing_in_elsewhere_ends_the_session_before(
    biller: Caller, new_caller: Callable[[], Caller]
) -> None:
    new_caller().sign_in()
    assert biller.get("/api/home").json()["code"] == "elsewhere"


def test_reports_are_filtered_and_come_in_pieces(biller: Caller, state: ClearpointState) -> None:
    found = biller.get("/api/reports", state="all").json()
    assert (found["total"], len(found["items"])) == (len(state.reports()), 25)
    texts = biller.get("/api/reports", state="all", kind="Payer report").json()["items"]
    assert {one["kind"] for one in texts} == {"Payer report"}
    late = biller.get("/api/reports", state="all", since="2026-11-24").json()["items"]
    assert {one["received_at"][:10] for one in late} == {"11/24/2026"}


def test_a_report_that_was_fetched_counts_as_downloaded_and_can_be_fetched_again(biller: Caller) -> None:
    fresh = biller.get("/api/reports", state="new").json()
    number = fresh["items"][0]["number"]
    first, second = (biller.get(f"/files/reports/{number}") for _ in range(2))
    assert first.content == second.content
    assert first.headers["content-disposition"].endswith(f'"{fresh["items"][0]["name"]}"')
    assert biller.get("/api/reports", state="new").json()["total"] == fresh["total"] - 1


def test_a_report_that_the_billing_software_took_is_there_still(biller: Caller) -> None:
    taken = biller.get("/api/reports", state="taken", kind="277CA").json()["items"]
    assert {one["taken_by"] for one in taken} == {"Billing software"}
    assert biller.get(f"/files/reports/{taken[0]['number']}").content.startswith(b"ISA*")


def test_a_file_without_a_session_is_the_page(caller: Caller) -> None:
    assert "<!doctype html>" in caller.get("/files/reports/0071205").text


def test_the_worklist_shows_each_open_rejection_once(biller: Caller, state: ClearpointState) -> None:
    rows = biller.worklist(status="open")
    controls = [one["control"] for one in rows]
    assert len(controls) == len(set(controls))
    wanted = {
        one.control
        for one in state.book.answers
        if one.statuses and one.outcome in {Outcome.CORRECT, Outcome.PERSON}
    }
    assert wanted <= set(controls)
    assert {one["status"] for one in rows} == {"Open"}


def test_the_worklist_is_filtered(biller: Caller) -> None:
    rows = biller.worklist(status="all")
    assert {one["status"] for one in rows} == {"Open", "Resubmitted", "Resolved"}
    summit = biller.worklist(status="all", payer="SUMMIT HEALTH PLAN")
    assert {one["payer"] for one in summit} == {"SUMMIT HEALTH PLAN"}
    late = biller.worklist(status="all", since="2026-11-24")
    assert {one["rejected_at"][:10] for one in late} == {"11/24/2026"}
    assert [one["control"] for one in biller.worklist(q=rows[5]["control"])] == [rows[5]["control"]]


def test_the_order_of_columns_is_kept_for_the_user(biller: Caller, new_caller: Callable[[], Caller]) -> None:
    order = list(reversed(COLUMNS))
    assert biller.put("/api/rejections/columns", columns=order).json() == {"columns": order}
    assert biller.put("/api/rejections/columns", columns=order[1:]).status_code == 422
    assert new_caller().sign_in().get("/api/me").json()["columns"] == order
    assert new_caller().sign_in("dana").get("/api/me").json()["columns"] == list(COLUMNS)


def test_saving_is_not_submitting(biller: Caller, site: PracticeSite) -> None:
    answer = answer_with("modifiers")
    biller.open_editor(answer.control)
    saved = biller.save(answer.control, {answer.changes[0].field: answer.changes[0].after}).json()
    assert not saved["faults"]
    assert site.stats()["claims"] == {}
    assert biller.claim(answer.control)["draft"]


def test_a_submission_is_confirmed_and_stands_in_the_history(biller: Caller, site: PracticeSite) -> None:
    answer = answer_with("member_id")
    sent = biller.correct(answer).json()
    claim = biller.claim(answer.control)
    assert claim["standing"] == "Resubmitted"
    assert claim["submissions"][0]["confirmation"] == sent["confirmation"]
    assert (claim["submissions"][0]["how"], claim["submissions"][0]["by"]) == ("Claim editor", "Robot One")
    assert claim["sent"] == claim["fields"]
    assert site.stats()["claims"] == {answer.control: 1}


def test_a_claim_is_taken_as_often_as_it_is_sent(biller: Caller, site: PracticeSite) -> None:
    answer = answer_with("payer_id")
    first, second = biller.correct(answer).json(), biller.correct(answer).json()
    assert first["confirmation"] != second["confirmation"]
    assert site.stats()["claims"] == {answer.control: 2}


def test_faults_are_told_by_field_and_keep_a_claim_from_being_sent(
    biller: Caller, site: PracticeSite
) -> None:
    answer = answer_with("certificate")
    biller.open_editor(answer.control)
    saved = biller.save(answer.control, {"billing.zip": "44114", "line.1.modifiers": "RR RR"}).json()
    assert set(saved["faults"]) == {"billing.zip", "line.1.modifiers", "line.1.certificate"}
    assert biller.submit(answer.control).status_code == 422
    assert site.stats()["claims"] == {}


def test_a_claim_that_changed_meanwhile_is_not_saved(biller: Caller) -> None:
    control = answer_with("zip").control
    biller.open_editor(control)
    before = biller.claim(control)
    biller.save(control, {"billing.city": "ELSEWHERE"})
    assert biller.save(control, {"billing.city": "NOWHERE"}, before["version"]).json()["code"] == "stale"
    assert biller.claim(control)["fields"]["billing.city"] == "ELSEWHERE"


def test_while_somebody_edits_nobody_else_can(
    biller: Caller, new_caller: Callable[[], Caller], clock: Clock
) -> None:
    control, dana = answer_with("zip").control, new_caller().sign_in("dana")
    assert dana.open_editor(control).status_code == 200
    assert biller.open_editor(control).json()["by"] == "Dana Whitlock"
    assert biller.save(control, {"billing.city": "ELSEWHERE"}).status_code == 423
    clock.forward(minutes=10)
    assert biller.open_editor(control).status_code == 200


def test_who_signs_out_lets_go_of_what_was_edited(biller: Caller, new_caller: Callable[[], Caller]) -> None:
    control = answer_with("zip").control
    biller.open_editor(control)
    biller.post("/api/auth/sign-out")
    assert new_caller().sign_in("dana").open_editor(control).status_code == 200


def test_a_claim_that_was_worked_before_shows_by_whom(biller: Caller, state: ClearpointState) -> None:
    answer = next(one for one in state.book.answers if "came again" in one.case)
    claim = biller.claim(answer.control)
    assert claim["standing"] == "Resubmitted"
    assert [one["how"] for one in claim["submissions"]] == ["Claim editor", "Claim file"]


def test_there_is_no_such_claim(biller: Caller) -> None:
    assert biller.get("/api/claims/LHM1").json()["code"] == "no_claim"
