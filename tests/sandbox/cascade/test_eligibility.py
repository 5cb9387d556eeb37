"""What the site says to each request of the office is what `answers` says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from payerbots.sandbox.answers import FIELDS
from payerbots.sandbox.cascade import answers, book
from tests.sandbox.conftest import SEED, TODAY

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from payerbots.sandbox.records import Request
    from payerbots.sandbox.server import PracticeSite
    from tests.sandbox.cascade.conftest import Caller

    Row = Callable[[str], Request]

REQUESTS = book.build(SEED, TODAY).requests
ANSWERS = {item["row"]: item for item in answers.answers(SEED, TODAY)["eligibility"]}
FOUND = [item for item in REQUESTS if ANSWERS[item.row]["outcome"] != "ask"]
COVERED = [item for item in FOUND if ANSWERS[item.row]["fields"]["cob_order"]]
KINDS = {
    "MEMBER_NOT_FOUND": "not_found",
    "NAME_DOB_MISMATCH": "mismatch",
    "SEVERAL_MEMBERS": "several",
    "PAYER_TRY_LATER": "try_later",
    "PROVIDER_NOT_ON_FILE": "not_enrolled",
}
METERS = {"deductible_total": "total", "deductible_met": "met", "deductible_remaining": "remaining"}


def named(request: Request) -> str:
    return f"{request.row}-{request.scenario}"


@pytest.mark.parametrize("seed", range(1, 31))
def test_each_request_has_the_outcome_that_it_was_made_for(seed: int) -> None:
    reasons = [item["reason"] or "clean" for item in answers.answers(seed, TODAY)["eligibility"]]
    assert reasons == [item.scenario for item in book.build(seed, TODAY).requests]


def test_every_field_of_an_answer_is_there_once() -> None:
    assert all(tuple(item["fields"]) == FIELDS for item in ANSWERS.values())


def test_rows_begin_where_the_caller_says() -> None:
    rows = [item["row"] for item in answers.answers(SEED, TODAY, 50)["eligibility"]]
    assert rows == list(range(50, 50 + len(REQUESTS)))


def test_the_workbook_holds_every_request(tmp_path: Path) -> None:
    book.write_workbook(tmp_path / "list.xlsx", SEED, TODAY)
    sheet = openpyxl.load_workbook(tmp_path / "list.xlsx")["Requests"]
    written = [sheet.cell(row=item.row, column=6).value or "" for item in REQUESTS]
    assert written == [item.member_id for item in REQUESTS]
    assert {sheet.cell(row=item.row, column=5).value for item in REQUESTS} == set(book.NAMES)


@pytest.mark.parametrize("request_", FOUND, ids=named)
def test_the_answer_shows_coverage(biller: Caller, request_: Request) -> None:
    fields, shown = ANSWERS[request_.row]["fields"], biller.ask(request_).json()
    coverage = shown["coverage"]
    assert ("active" if coverage["active"] else "inactive") == fields["status"]
    assert (coverage["plan"], coverage["plan_type"]) == (fields["plan"], fields["plan_type"])
    assert (coverage["starts"], coverage["ends"]) == (fields["effective"], fields["termination"])
    assert {True: "in", False: "out", None: None}[coverage["in_network"]] == fields["network"]
    assert shown["about"]["member_id"] == fields["payer_member_id"]


@pytest.mark.parametrize("request_", COVERED, ids=named)
def test_the_answer_shows_who_pays_first(biller: Caller, request_: Request) -> None:
    fields, other = ANSWERS[request_.row]["fields"], biller.ask(request_).json()["other"]
    assert (other or {}).get("payer") == fields["other_payer"]
    assert ("2" if other and other["first"] else "1") == fields["cob_order"]


@pytest.mark.parametrize("request_", COVERED, ids=named)
def test_the_benefits_hold_the_figures(biller: Caller, request_: Request) -> None:
    fields = ANSWERS[request_.row]["fields"]
    found = biller.part(biller.ask(request_), "benefits").json()
    mine = {
        line["benefit"]: line
        for line in found["lines"]
        if (line["level"], line["network"]) == ("individual", fields["network"])
    }
    assert {name: mine["deductible"][part] for name, part in METERS.items()} == {
        name: fields[name] for name in METERS
    }
    assert mine["out_of_pocket"]["remaining"] == fields["out_of_pocket_remaining"]
    assert (str(mine["coinsurance"]["percent"]), mine["copay"]["total"]) == (
        fields["coinsurance"],
        fields["copay"],
    )
    assert found["limit"] == fields["benefit_limit"]


@pytest.mark.parametrize("request_", COVERED, ids=named)
def test_the_items_hold_authorizations_and_equipment(biller: Caller, request_: Request) -> None:
    fields = ANSWERS[request_.row]["fields"]
    found = biller.part(biller.ask(request_), "items").json()
    needed = any(line["needed"] for line in found["authorizations"])
    assert ("yes" if needed else "no") == fields["auth_needed"]
    assert fields["auth_number"] in {None, *(line["number"] for line in found["authorizations"])}
    latest: dict[str, Any] = max(found["equipment"], key=lambda item: item["supplied"], default={})
    assert latest.get("code") == fields["same_similar_item"]
    assert latest.get("supplier") == fields["same_similar_supplier"]


def test_nothing_beyond_coverage_is_shown_for_an_inactive_member(biller: Caller, row: Row) -> None:
    answer = biller.ask(row("INACTIVE_ON_DATE"))
    assert biller.part(answer, "benefits").json()["lines"] == []
    assert biller.part(answer, "items").json() == {"authorizations": [], "equipment": []}


@pytest.mark.parametrize(("reason", "kind"), KINDS.items())
def test_no_answer_says_why_and_repeats_the_question(biller: Caller, reason: str, kind: str) -> None:
    request_ = next(item for item in REQUESTS if item.scenario == reason)
    shown = biller.ask(request_).json()
    assert shown["kind"] == kind
    assert shown["about"]["on"] == request_.on.isoformat()
    assert shown["about"]["member_id"] == request_.member_id


def test_members_that_match_are_masked(biller: Caller) -> None:
    request_ = next(item for item in REQUESTS if item.scenario == "SEVERAL_MEMBERS")
    members = biller.ask(request_).json()["members"]
    assert [member["member_id"][:6] for member in members] == ["CM••••"] * 2


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("member_id", "123456789"),
        ("born", "11/22/1960"),
        ("born", "2027-01-01"),
        ("on", "2020-01-01"),
        ("provider", "1234567893"),
        ("service_type", "99"),
        ("codes", []),
        ("codes", ["WALKER"]),
    ],
)
def test_the_form_says_which_field_is_wrong(biller: Caller, row: Row, field: str, value: object) -> None:
    answer = biller.ask(row("clean"), **{field: value})
    assert answer.status_code == 422
    assert list(answer.json()["fields"]) == [field]


def test_an_answer_belongs_to_the_user_who_asked(
    biller: Caller, new_caller: Callable[[], Caller], row: Row
) -> None:
    key = biller.ask(row("clean")).json()["key"]
    assert new_caller().sign_in("bot2").get(f"/api/eligibility/inquiries/{key}").status_code == 404


def test_a_stale_answer_is_the_one_before_and_only_once(biller: Caller, row: Row, site: PracticeSite) -> None:
    first, second = row("AUTH_NEEDED"), row("SAME_SIMILAR")
    biller.ask(first)
    site.set_faults(stale_answer=1)
    assert biller.ask(second).json()["about"]["member_id"] == first.member_id
    assert biller.ask(second).json()["about"]["member_id"] == second.member_id


def test_the_first_stale_answer_is_somebody_elses(biller: Caller, row: Row, site: PracticeSite) -> None:
    site.set_faults(stale_answer=1)
    asked = row("clean")
    shown = biller.ask(asked).json()
    assert shown["about"]["member_id"] != asked.member_id
    assert biller.part(biller.ask(asked), "benefits").status_code == 200


def test_a_partial_answer_lacks_its_benefits(biller: Caller, row: Row, site: PracticeSite) -> None:
    site.set_faults(partial_answer=1)
    answer = biller.ask(row("clean"))
    assert biller.part(answer, "benefits").status_code == 504
    assert biller.part(answer, "items").status_code == 200
    assert biller.part(biller.ask(row("clean")), "benefits").status_code == 200


def test_more_inquiries_than_the_limit_are_refused(biller: Caller, row: Row, site: PracticeSite) -> None:
    site.set_faults(throttle=2)
    statuses = [biller.ask(row("clean")).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    assert site.stats()["throttled"] == 1
    biller.clock.forward(minutes=1, seconds=1)
    assert biller.ask(row("clean")).status_code == 200
