"""The page itself, in a browser: what only its script does."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from payerbots.sandbox.cascade.logins import LOGINS

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser, Download

    from payerbots.sandbox.cascade.state import CascadeState
    from payerbots.sandbox.records import Request
    from payerbots.sandbox.server import PracticeSite
    from tests.sandbox.cascade.conftest import Person

    Row = Callable[[str], Request]


def fill_in(person: Person, request: Request) -> None:
    page = person.page
    person.go("/eligibility")
    person.choose("Provider", request.npi)
    person.choose("Service type", "Durable medical equipment - rental")
    page.get_by_label("Member ID").fill(request.member_id)
    page.get_by_label("First name").fill(request.first)
    page.get_by_label("Last name").fill(request.last)
    page.get_by_label("Date of birth").type(f"{request.born:%m%d%Y}")
    person.pick("Service date", request.on)
    for code in request.hcpcs:
        page.get_by_label("Procedure code").fill(code)
        page.get_by_role("button", name="Add code").click()


def ask(person: Person, request: Request) -> dict[str, str]:
    """The facts on the cards of an answer."""
    fill_in(person, request)
    person.page.get_by_role("button", name="Check eligibility").click()
    person.page.locator("#items[data-loaded]").wait_for()
    labels, values = (person.page.locator(tag).all_inner_texts() for tag in ("dt", "dd"))
    return dict(zip(labels, values, strict=True))


def test_a_refused_password_is_told_on_the_card(somebody: Person) -> None:
    somebody.go("/")
    somebody.page.get_by_label("Email").fill(LOGINS["bot1"].user)
    somebody.page.get_by_label("Password").fill("wrong")
    somebody.page.get_by_role("button", name="Sign in").click()
    assert somebody.page.get_by_role("alert").inner_text() == "Email or password is incorrect."


def test_a_saved_session_is_taken_up_in_another_window(person: Person, chrome: Browser) -> None:
    context = chrome.new_context(storage_state=person.page.context.storage_state())
    page = context.new_page()
    page.goto(f"{person.url}/home")
    page.get_by_role("heading", name="Hello, Robot").wait_for()
    context.close()


def test_a_lost_session_shows_the_sign_in_page(person: Person, site: PracticeSite) -> None:
    site.set_faults(logout_after=1)
    person.page.get_by_role("link", name="Eligibility").click()
    person.page.get_by_role("link", name="Remittances").click()
    person.page.get_by_text("Your session has ended").wait_for()
    assert person.page.url == f"{person.url}/sign-in"


def test_a_question_is_asked_with_the_pages_own_fields(person: Person, row: Row) -> None:
    request = row("AUTH_NEEDED")
    facts = ask(person, request)
    assert (facts["Member ID"], facts["Date of birth"]) == (request.member_id, f"{request.born:%m/%d/%Y}")
    assert (facts["Service date"], facts["Coverage status"]) == (f"{request.on:%m/%d/%Y}", "Active")


def test_wrong_fields_are_marked(person: Person) -> None:
    person.go("/eligibility")
    person.page.get_by_role("button", name="Check eligibility").click()
    person.page.get_by_text("Please check the marked fields").wait_for()
    assert person.page.locator(".field.wrong").count() == 5


def test_days_outside_the_window_cannot_be_picked(person: Person) -> None:
    page = person.page
    person.go("/eligibility")
    page.get_by_label("Service date").click()
    for _ in range(2):
        page.get_by_role("button", name="Next month").click()
    assert page.get_by_role("button", name="Next month").is_disabled()
    assert page.get_by_role("button", name="January 22, 2027", exact=True).is_enabled()
    assert page.get_by_role("button", name="January 23, 2027", exact=True).is_disabled()


def test_a_duplicate_click_asks_twice(person: Person, row: Row, site: PracticeSite) -> None:
    site.set_faults(duplicate_click=1)
    ask(person, row("clean"))
    assert site.stats()["questions"] == 2


def test_a_part_that_failed_offers_to_try_again(person: Person, row: Row, site: PracticeSite) -> None:
    site.set_faults(partial_answer=1)
    ask(person, row("clean"))
    assert "could not be loaded" in person.page.locator("#benefits[data-failed]").inner_text()


def test_only_the_rows_in_sight_exist(person: Person, state: CascadeState) -> None:
    numbers = [item.number for item in state.shelf.posted(state.clock())]
    person.open_list(days=90)
    assert person.rows() == numbers[: len(person.rows())]
    assert len(person.rows()) < 25
    person.scroll(46 * 60)
    assert numbers[60] in person.rows()
    assert numbers[0] not in person.rows()


def test_the_end_of_the_list_can_be_reached(person: Person, state: CascadeState) -> None:
    person.open_list(days=90)
    person.scroll(1e6)
    count = int(person.page.locator("#count").inner_text().split()[0])
    assert person.rows()[-1] == state.shelf.posted(state.clock())[count - 1].number


def test_dates_of_ones_own_are_picked(person: Person) -> None:
    person.open_list()
    person.choose("Posted", "Choose dates")
    person.pick("From", date(2026, 9, 1))
    person.pick("To", date(2026, 9, 30))
    person.page.get_by_role("button", name="Apply").click()
    person.settled()
    posted = person.page.locator(".grid tbody tr td:nth-child(7)").all_inner_texts()
    assert {text[:3] for text in posted} == {"09/"}


def test_news_while_the_list_is_read_are_told(person: Person, site: PracticeSite) -> None:
    site.set_faults(list_shift=1)
    person.open_list(days=90)
    assert not person.page.get_by_text("New remittances have been posted").is_visible()
    person.scroll(46 * 60)
    person.page.get_by_role("button", name="Refresh the list").click()
    person.settled()
    assert person.page.locator("#news").inner_text() == ""


def download(person: Person, number: str) -> list[Download]:
    person.open_list()
    found: list[Download] = []
    person.page.on("download", lambda one: found.append(one))  # noqa: PLW0108 - Playwright marks its listeners
    person.page.get_by_role("row", name=f"Open document {number}").click()
    link = person.page.frame_locator("iframe[title=Document]").get_by_role("link", name="Download")
    with person.page.expect_download():
        link.click()
    person.page.get_by_text(f"Downloading EOB_{number}.pdf").first.wait_for()
    return found


def test_a_document_is_downloaded_from_its_frame(person: Person, state: CascadeState) -> None:
    (got,) = download(person, "7204860")
    one = state.shelf.find("7204860")
    assert one is not None
    assert (got.suggested_filename, got.path().read_bytes()) == ("EOB_7204860.pdf", one.pdf())


def test_a_duplicate_click_downloads_twice(person: Person, site: PracticeSite) -> None:
    site.set_faults(duplicate_click=1)
    download(person, "7204860")
    person.page.get_by_text("Downloading EOB_7204860.pdf").nth(1).wait_for()
    assert site.stats()["documents"] == 2


def test_a_document_to_come_has_no_frame(person: Person) -> None:
    person.open_list()
    person.page.get_by_role("row", name="Open document 7204881").click()
    person.page.get_by_text("The document can be opened from 11/23/2026").wait_for()
    assert person.page.locator("iframe").count() == 0


def test_the_announcement_is_in_the_way_until_it_is_closed(person: Person, site: PracticeSite) -> None:
    site.set_faults(popup=1)
    person.go("/home")
    person.page.get_by_role("button", name="Got it").click()
    assert not person.page.get_by_role("dialog").is_visible()


def test_an_error_is_told_and_the_way_back_works(person: Person, site: PracticeSite) -> None:
    site.set_faults(error_next=1)
    person.go("/remittances")
    person.page.get_by_role("heading", name="That didn't work").wait_for()
    person.page.get_by_role("button", name="Back to start").click()
    person.page.get_by_role("heading", name="Hello, Robot").wait_for()


def test_the_idle_warning_keeps_the_session_when_answered(somebody: Person) -> None:
    somebody.page.clock.install()
    somebody.sign_in()
    somebody.page.clock.fast_forward("09:30")
    with somebody.page.expect_response("**/api/session/touch"):
        somebody.page.get_by_role("button", name="Stay signed in").click()
    somebody.page.clock.fast_forward("00:45")
    assert somebody.page.get_by_role("heading", name="Hello, Robot").is_visible()


def test_the_page_signs_out_by_itself_when_idle(somebody: Person) -> None:
    somebody.page.clock.install()
    somebody.sign_in()
    somebody.page.clock.fast_forward("10:05")
    somebody.page.get_by_text("Your session has ended").wait_for()


def test_the_redesign_has_other_words_in_another_order(person: Person, site: PracticeSite) -> None:
    site.set_faults(layout=2)
    person.go("/remittances")
    heads = person.page.locator(".grid th").all_inner_texts()
    assert heads[:3] == ["Posted on", "EOB number", "Trace / check"]
    assert person.page.locator("nav a").all_inner_texts() == [
        "Payments & EOBs",
        "Coverage check",
        "Dashboard",
    ]
