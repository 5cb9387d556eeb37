"""The page itself, in a browser: what only its script does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from payerbots.browser.chromium import Chromium, open_tab
from tests.sandbox.clearpoint.conftest import Caller, answer_with

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from playwright.async_api import Page

    from payerbots.sandbox.clearpoint.state import ClearpointState
    from payerbots.sandbox.server import PracticeSite
    from tests.support import LoopThread

    AtPage = Callable[[Callable[["Person"], Awaitable[Any]]], Any]

MORE = "shown => document.querySelector('#listEnd') || document.querySelectorAll('#worklist tbody tr').length > shown"


class Person:
    """Somebody who is signed in."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url

    async def go(self, path: str, proof: str) -> None:
        await self.page.goto(self.url + path)
        await self.see(proof)

    async def see(self, css: str) -> str:
        await self.page.wait_for_selector(css)
        return await self.page.inner_text(css)

    async def click(self, css: str) -> None:
        await self.page.click(css)

    async def edit(self, control: str) -> None:
        await self.go(f"/claims/{control}", "#summary")
        await self.click("#viewing button")
        await self.see("#editing")

    async def tab(self, name: str) -> None:
        await self.click(f"[role=tab]:has-text('{name}')")


@pytest.fixture(scope="module")
def tab(loop_thread: LoopThread, chromium: Chromium) -> Iterator[Page]:
    """One tab for all tests: a context of its own for each would take longer than the tests."""

    async def opened() -> Page:
        page = await open_tab(await chromium.context())
        page.set_default_timeout(8000)
        return page

    page = loop_thread.run(opened())
    yield page
    loop_thread.run(page.context.close())


@pytest.fixture
def at_page(loop_thread: LoopThread, tab: Page, biller: Caller, site: PracticeSite) -> AtPage:
    """Does something as a person who is signed in."""

    async def do(work: Callable[[Person], Awaitable[Any]]) -> Any:
        key = biller.client.cookies["cpx_session"]
        await tab.context.add_cookies([{"name": "cpx_session", "value": key, "url": site.url}])
        return await work(Person(tab, site.url))

    return lambda work: loop_thread.run(do(work))


def test_the_list_grows_while_it_is_scrolled_and_ends(at_page: AtPage) -> None:
    async def scroll(person: Person) -> tuple[int, int, str]:
        await person.go("/rejections", "#worklist")
        few = await person.page.locator("#worklist tbody tr").count()
        while not await person.page.locator("#listEnd").count():
            shown = await person.page.locator("#worklist tbody tr").count()
            await person.page.evaluate("worklistScroll.scrollTop = worklistScroll.scrollHeight")
            await person.page.wait_for_function(MORE, arg=shown)
        return few, await person.page.locator("#worklist tbody tr").count(), await person.see("#count")

    few, all_of_them, told = at_page(scroll)
    assert few < all_of_them
    assert told == f"{all_of_them} claims"


def test_filters_are_told_above_the_list(at_page: AtPage) -> None:
    async def choose(person: Person) -> tuple[str, str]:
        await person.go("/rejections", "#worklist")
        await person.page.select_option("[name=status]", "resubmitted")
        await person.click("button:has-text('Apply')")
        await person.see("#listFor:has-text('Resubmitted')")
        return await person.see("#listFor"), await person.see("#worklist tbody")

    told, rows = at_page(choose)
    assert told.startswith("Status: Resubmitted")
    assert "Open" not in rows


def test_none_is_said_in_words(at_page: AtPage) -> None:
    async def search(person: Person) -> str:
        await person.go("/rejections?q=NOBODY", "#noRejections")
        return await person.see("#count")

    assert at_page(search) == "0 claims"


def test_a_column_is_moved_and_stays_where_it_was_put(at_page: AtPage) -> None:
    async def move(person: Person) -> list[str]:
        await person.go("/rejections", "#worklist")
        await person.click("button:has-text('Columns')")
        async with person.page.expect_response("**/columns"):
            await person.click("[aria-label='Move Status up']")
        await person.go("/rejections", "#worklist")
        return await person.page.locator("#worklist th").all_inner_texts()

    assert at_page(move)[:2] == ["Status", "Claim number"]


def test_a_column_is_dragged(at_page: AtPage) -> None:
    async def drag(person: Person) -> list[str]:
        await person.go("/rejections", "#worklist")
        async with person.page.expect_response("**/columns"):
            await person.page.drag_and_drop("[data-column=patient]", "[data-column=control]")
        return await person.page.locator("#worklist th").all_inner_texts()

    assert at_page(drag)[0] == "Patient"


def test_unsaved_changes_are_asked_about(at_page: AtPage) -> None:
    control = answer_with("zip").control

    async def leave(person: Person) -> tuple[str, str]:
        await person.edit(control)
        await person.page.fill("[name='subscriber.city']", "ELSEWHERE")
        await person.click("nav a:has-text('Reports')")
        await person.click("button:has-text('Stay')")
        kept = await person.page.input_value("[name='subscriber.city']")
        await person.click("nav a:has-text('Reports')")
        await person.click("button:has-text('Leave without saving')")
        return kept, await person.see("h1")

    assert at_page(leave) == ("ELSEWHERE", "Reports")


def test_messages_stand_beside_their_fields(at_page: AtPage) -> None:
    control = answer_with("zip").control

    async def save(person: Person) -> tuple[str, str]:
        await person.edit(control)
        await person.click("button:has-text('Save draft')")
        return await person.see("#savedWithFaults"), await person.see(
            "[data-field='billing.zip'] [role=alert]"
        )

    told, beside = at_page(save)
    assert "with 1 message" in told
    assert beside == "The billing provider needs a nine-digit ZIP code."


def test_a_correction_is_reviewed_submitted_and_confirmed(at_page: AtPage, site: PracticeSite) -> None:
    answer = answer_with("modifiers")
    change = answer.changes[0]
    number, parts = change.field.split(".")[1], [*change.after.split(), "", "", "", ""]

    async def send(person: Person) -> tuple[list[str], str]:
        await person.edit(answer.control)
        await person.tab("Service lines")
        for place in range(4):
            await person.page.fill(f"[name='line.{number}.mod.{place + 1}']", parts[place])
        await person.click("button:has-text('Save draft')")
        await person.see("#saved")
        await person.click("button:has-text('Submit claim')")
        rows = await person.page.locator("#changes tbody td").all_inner_texts()
        await person.click("#submitNow")
        return rows, await person.see("#submitted")

    rows, confirmed = at_page(send)
    assert rows == [f"Line {number} modifiers", change.before, change.after]
    assert "CPX" in confirmed
    assert site.stats()["claims"] == {answer.control: 1}


def test_what_is_not_saved_is_not_submitted(at_page: AtPage, site: PracticeSite) -> None:
    control = answer_with("payer_id").control

    async def send(person: Person) -> str:
        await person.edit(control)
        await person.page.fill("[name=payer_id]", "CASMU")
        await person.click("button:has-text('Submit claim')")
        return await person.see("[data-dialog=save-first]")

    assert "Save your changes first" in at_page(send)
    assert site.stats()["claims"] == {}


def test_a_certificate_is_removed_on_its_tab(at_page: AtPage, state: ClearpointState) -> None:
    control = answer_with("certificate").control

    async def remove(person: Person) -> None:
        await person.edit(control)
        await person.tab("Attachments")
        await person.click("[aria-label='Remove certificate of line 1']")
        await person.click("button:has-text('Save draft')")
        await person.see("#saved")

    at_page(remove)
    assert state.files.dossiers[control].fields["line.1.certificate"] == ""


def test_a_submission_without_an_answer_is_uncertain(at_page: AtPage, site: PracticeSite) -> None:
    site.set_faults(accept_then_timeout=1)
    answer = answer_with("payer_id")

    async def send(person: Person) -> tuple[str, str]:
        await person.edit(answer.control)
        await person.page.fill("[name=payer_id]", answer.changes[0].after)
        await person.click("button:has-text('Save draft')")
        await person.see("#saved")
        await person.click("button:has-text('Submit claim')")
        await person.click("#submitNow")
        told = await person.see("#uncertain")
        await person.click("button:has-text('Look at the history')")
        return told, await person.see("#submissions")

    told, history = at_page(send)
    assert "may or may not have been submitted" in told
    assert "CPX" in history


@pytest.mark.parametrize("fault", ["editor_locked", "stale_version"])
def test_a_dialog_tells_why_a_claim_cannot_be_edited(at_page: AtPage, site: PracticeSite, fault: str) -> None:
    control = answer_with("zip").control
    site.set_faults(**{fault: 1})

    async def try_it(person: Person) -> str:
        await person.go(f"/claims/{control}", "#summary")
        await person.click("#viewing button")
        if fault == "stale_version":
            await person.click("button:has-text('Save draft')")
        return await person.see(".modal:not(.busy) h2")

    assert at_page(try_it) in {"Somebody else is editing this claim", "This claim has changed"}


def test_an_error_is_told_and_the_announcement_is_in_the_way(at_page: AtPage, site: PracticeSite) -> None:
    async def go(person: Person) -> tuple[str, str]:
        site.set_faults(error_next=1)
        await person.go("/rejections", "#trouble")
        trouble = await person.see("h1")
        site.set_faults(popup=1)
        await person.go("/rejections", "[data-dialog=announcement]")
        await person.click("button:has-text('Got it')")
        return trouble, await person.see("#count")

    trouble, count = at_page(go)
    assert trouble == "Something went wrong"
    assert count.endswith(" claims")


def test_a_lost_session_shows_the_sign_in_page(at_page: AtPage, site: PracticeSite) -> None:
    site.set_faults(logout_after=1)

    async def go(person: Person) -> str:
        await person.go("/rejections", "#worklist")
        await person.click("nav a:has-text('Reports')")
        return await person.see("#signNote")

    assert at_page(go) == "Your session has ended. Please sign in again."


def test_a_report_is_downloaded_from_its_row(at_page: AtPage, state: ClearpointState) -> None:
    async def fetch(person: Person) -> tuple[str, bytes]:
        await person.go("/reports?state=all", "#reports")
        async with person.page.expect_download() as coming:
            await person.click("[aria-label^=Download]")
        download = await coming.value
        return download.suggested_filename, (await download.path()).read_bytes()

    newest = state.reports()[0]
    assert at_page(fetch) == (newest.name, newest.content)


def test_the_redesign_has_other_words_in_another_order(at_page: AtPage, site: PracticeSite) -> None:
    site.set_faults(layout=2)

    async def look(person: Person) -> tuple[list[str], list[str]]:
        await person.go("/rejections", "#worklist")
        heads = await person.page.locator("#worklist th").all_inner_texts()
        return heads[:2], await person.page.locator("nav a").all_inner_texts()

    assert at_page(look) == (["Patient control no.", "Worklist status"], ["Worklist", "Mailbox", "Overview"])
