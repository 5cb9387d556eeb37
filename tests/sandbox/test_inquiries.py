from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from payerbots.sandbox import payer

if TYPE_CHECKING:
    from collections.abc import Callable

    from payerbots.sandbox.records import Request, World
    from payerbots.sandbox.server import PracticePortal
    from tests.sandbox.conftest import Visitor

    Row = Callable[[str], Request]

NO_RECORDS = "No records found for the information entered."


def test_an_answer_echoes_member_dates_and_organization(biller: Visitor, row: Row, world: World) -> None:
    asked = row("clean")
    home = world.organisation_of(asked.npi)
    biller.ask(asked)
    assert home
    assert biller.facts["Member ID"] == asked.member_id
    assert biller.facts["Date of birth"] == f"{asked.born:%m/%d/%Y}"
    assert biller.facts["Date of service"] == f"{asked.on:%m/%d/%Y}"
    assert asked.npi in biller.facts["Provider"]
    assert f"Inquiry made as: <strong>{home.name} · Tax ID {home.tax_id}" in biller.text


def test_names_are_shown_as_the_payer_has_them(biller: Visitor, row: Row, world: World) -> None:
    asked = row("clean")
    member = next(item for item in world.members if item.member_id == asked.member_id)
    biller.ask(asked)
    assert biller.facts["Member name"] == payer.display_name(member)
    assert biller.facts["Member name"].isascii()


def test_no_address_holds_anything_about_the_member(biller: Visitor, row: Row) -> None:
    asked = row("clean")
    biller.ask(asked)
    assert re.fullmatch(r"/eligibility/inquiries/[\w-]+", biller.path)
    assert not biller.page.url.query


@pytest.mark.parametrize(
    ("scenario", "message"),
    [
        ("MEMBER_NOT_FOUND", NO_RECORDS),
        ("NAME_DOB_MISMATCH", "The name or date of birth does not match our records for this member ID."),
        ("PAYER_TRY_LATER", "Our eligibility system is temporarily unavailable for this member."),
        ("PROVIDER_NOT_ON_FILE", "The selected provider is not enrolled"),
        ("MEMBER_ID_FORMAT", "Enter a valid Medicare number"),
        ("DATE_NOT_ANSWERED", "Date of service must be within"),
        ("SEVERAL_MEMBERS", "More than one member matches"),
    ],
)
def test_what_cannot_be_answered_says_why(biller: Visitor, row: Row, scenario: str, message: str) -> None:
    biller.ask(row(scenario))
    assert message in biller.text


def test_one_of_several_members_can_be_chosen(biller: Visitor, row: Row) -> None:
    biller.ask(row("SEVERAL_MEMBERS"))
    biller.post(f"{biller.path}/choose", choice="1")
    assert "Eligibility result" in biller.text
    assert len(biller.facts["Member ID"]) in {9, 11}


def test_several_members_are_shown_with_masked_ids(biller: Visitor, row: Row, world: World) -> None:
    biller.ask(row("SEVERAL_MEMBERS"))
    assert not [item for item in world.members if item.member_id in biller.text]


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("date_of_birth", "1951-03-04", "Date of birth must be MM/DD/YYYY"),
        ("date_of_birth", "02/30/1951", "Date of birth must be MM/DD/YYYY"),
        ("date_of_service", "3/4/26", "Date of service must be MM/DD/YYYY"),
        ("service_type", "99", "Select a service type."),
        ("provider", "1234567893", "Select a provider."),
        ("program", "", "Select a coverage program."),
    ],
)
def test_the_form_says_beside_the_field_what_is_wrong(
    biller: Visitor, row: Row, field: str, value: str, message: str
) -> None:
    biller.ask(row("clean"), **{field: value})
    assert message in biller.text
    assert f'data-testid="error-{field}"' in biller.text


def test_a_commercial_id_has_nine_digits(biller: Visitor, row: Row) -> None:
    biller.ask(row("clean"), program="summit", member_id="12345")
    assert "Member ID must be 9 digits" in biller.text


def test_a_member_is_visible_only_to_the_organization_in_whose_book_it_is(
    biller: Visitor, row: Row, world: World
) -> None:
    asked = row("clean")
    stranger = next(item for item in world.organisations if item is not world.organisation_of(asked.npi))
    biller.as_organisation(stranger.key)
    biller.ask_item("equipment", asked.member_id, asked, asked.hcpcs[0])
    assert NO_RECORDS in biller.text


def test_the_switch_decides_which_providers_can_be_selected(biller: Visitor, world: World) -> None:
    home, care = world.organisations
    biller.as_organisation(care.key)
    assert f'data-testid="current-organization">{care.name}<' in biller.text
    assert all(item.npi in biller.text for item in care.providers)
    assert not any(item.npi in biller.text for item in home.providers)


def test_another_users_inquiry_cannot_be_opened(
    biller: Visitor, row: Row, new_visitor: Callable[[], Visitor]
) -> None:
    biller.ask(row("clean"))
    other = new_visitor().sign_in("bot2")
    assert other.get(biller.path).status_code == 404


def test_the_reference_number_is_on_its_own_tab(biller: Visitor, row: Row) -> None:
    biller.ask(row("clean"))
    assert re.search(r"SHP-20261122-\d{6}", biller.tab("reference"))
    assert "SHP-" not in biller.text


def test_an_answer_prints_as_a_pdf(biller: Visitor, row: Row) -> None:
    biller.ask(row("clean"))
    answer = biller.client.get(f"{biller.path}/print")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")


def test_a_tab_asked_for_by_a_script_without_session_gets_a_bare_refusal(visitor: Visitor) -> None:
    answer = visitor.client.get("/eligibility/inquiries/x/tabs/other", headers={"X-Requested-With": "fetch"})
    assert answer.status_code == 401


def test_an_item_of_another_supplier_is_on_file(biller: Visitor, row: Row) -> None:
    asked = row("SAME_SIMILAR")
    biller.ask(asked)
    biller.ask_item("equipment", asked.member_id or biller.facts["Member ID"], asked, asked.hcpcs[0])
    assert 'data-testid="table-equipment"' in biller.text
    assert biller.facts["HCPCS code"] == asked.hcpcs[0]


def test_nothing_on_file_is_said_in_words(biller: Visitor, row: Row) -> None:
    asked = row("AUTH_NEEDED")
    biller.as_organisation("lhm")
    biller.ask(asked)
    biller.ask_item("equipment", asked.member_id, asked, asked.hcpcs[0])
    assert "No same or similar equipment found" in biller.text


def test_an_item_that_needs_authorization_says_so(biller: Visitor, row: Row) -> None:
    asked = row("AUTH_NEEDED")
    biller.ask(asked)
    biller.ask_item("authorizations", asked.member_id, asked, asked.hcpcs[0])
    assert biller.facts["Prior authorization required"] == "Yes"


def test_two_codes_in_one_item_inquiry_are_refused(biller: Visitor, row: Row) -> None:
    asked = row("clean")
    biller.ask_item("equipment", asked.member_id, asked, "A7030, A7037")
    assert "Enter one HCPCS code" in biller.text


def test_inquiries_are_counted_by_user(biller: Visitor, row: Row, portal: PracticePortal) -> None:
    biller.ask(row("clean"))
    users = portal.stats()["users"]
    assert isinstance(users, dict)
    assert users["bot1"]["questions"] == 1


def test_medicare_answers_from_four_years_back_to_four_months_ahead(world: World) -> None:
    request = next(item for item in world.requests if item.scenario == "DATE_NOT_ANSWERED")
    first, last = payer.window(request.program, world.today)
    assert not first <= request.on <= last
    assert last - world.today < timedelta(days=124)
