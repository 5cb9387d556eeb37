"""The console in a real browser: by keyboard, in bulk, live; and that everybody can use it."""

import re
from collections.abc import Callable
from concurrent.futures import Future
from datetime import timedelta

import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from payerbots.engine.delivering import RunReport
from payerbots.engine.runner import Order, Runner
from payerbots.ledger import codes, portals
from payerbots.ledger.models import Item, ScheduleStanding
from payerbots.portals.config import CodeFrom
from payerbots.sandbox.logins import LOGINS
from tests.console.house import DONE, House, Served, exception
from tests.support import Office

PAGES = {
    "today": "/",
    "exceptions": "/exceptions",
    "item": "/items/2",
    "runs": "/runs",
    "run": "/runs/1",
    "portals": "/portals",
    "schedules": "/schedules",
    "key figures": "/kpis?view=team",
    "my figures": "/kpis?view=mine",
    "queues": "/queues",
    "documents": "/documents",
    "audit": "/audit",
    "account": "/account",
    "second step": "/account/authenticator",
    "password": "/account/password",
}
SERIOUS = {"serious", "critical"}


def texts(page: Page) -> str:
    return page.get_by_role("main").inner_text()


@pytest.fixture
def lived_in(house: House, served: Served) -> Served:
    """A console with something on every page."""
    house.user("ops admin", "ana")
    house.fill(6)
    house.finish(exception(shown=house.shown()))
    house.finish(exception("AUTH_NEEDED"))
    house.finish(DONE)
    portals.stop(house.ledger, "cascade_mutual", "SIGN_IN_REFUSED", "refused", "bot1")
    codes.ask(house.ledger, "summit_health", "bot1", timedelta(minutes=5))
    return served


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(scheme: str, page: Page, lived_in: Served) -> None:
    problems = [f"sign-in: {one}" for one in _serious_on(page, f"{lived_in.url}/sign-in")]
    lived_in.sign_in(page, "ana")
    page.context.add_cookies([{"name": "theme", "value": scheme, "url": lived_in.url}])
    for name, path in PAGES.items():
        problems += [f"{name}: {one}" for one in _serious_on(page, lived_in.url + path)]
    assert problems == []


def _serious_on(page: Page, url: str) -> list[str]:
    page.goto(url)
    found = Axe().run(page, options={"iframes": False}).response["violations"]
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in found
        if one["impact"] in SERIOUS
        for node in one["nodes"][:3]
    ]


@pytest.mark.parametrize("width", [1280, 820])
def test_no_page_is_wider_than_the_window_and_none_breaks_its_own_rules(
    width: int, page: Page, lived_in: Served
) -> None:
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.on("console", lambda told: _note(broken, told.type, told.text, told.location.get("url", "")))
    page.set_viewport_size({"width": width, "height": 900})
    lived_in.sign_in(page, "ana")
    for name, path in PAGES.items():
        page.goto(lived_in.url + path)
        wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wider <= 0, name
    assert broken == []


def _note(broken: list[str], kind: str, text: str, where: str) -> None:
    """What the browser complains of; that a kept page cannot run its scripts is as it should be."""
    if kind in {"error", "warning"} and "/evidence/" not in text + where:
        broken.append(text)


def test_ten_exceptions_are_gone_through_by_keyboard_and_in_bulk(
    page: Page, house: House, served: Served
) -> None:
    house.user("biller", "ana")
    items = house.exceptions(10)
    served.sign_in(page, "ana")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="To the content")).to_be_focused()
    page.goto(f"{served.url}/exceptions?order=oldest")

    # Six of them in bulk, without a mouse.
    for _ in range(6):
        page.keyboard.press("j")
        page.keyboard.press("x")
    expect(page.get_by_text("6 ticked")).to_be_visible()
    page.keyboard.press("s")
    expect(page.get_by_role("button", name="Apply")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("6 exceptions are sent back and will run again.")).to_be_visible()

    # The others one after the other.
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    for number in items[6:]:
        expect(page.get_by_text(f"/ item {number}")).to_be_visible()
        page.keyboard.press("r")
        expect(page.get_by_role("button", name="Decide")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_text(f"Item {number} is resolved.")).to_be_visible()
    states = list(Item.objects.filter(pk__in=items).order_by("pk").values_list("state", flat=True))
    assert states == ["new"] * 6 + ["done"] * 4
    page.keyboard.press("u")
    expect(page.get_by_text("Nothing needs a person")).to_be_visible()


def test_what_is_sent_back_runs_again_and_ends_well(
    page: Page, worked_office: Office, served_office: Served
) -> None:
    House(worked_office.workspace).user("biller", "ana")
    worked_office.run(worked_office.requests(7, 8, 9))
    Item.objects.filter(state="done", kind="work").update(state="exception", reason="ATTEMPTS_USED_UP")
    served_office.sign_in(page, "ana")
    page.goto(f"{served_office.url}/exceptions?reason=ATTEMPTS_USED_UP")
    page.get_by_label("Tick all on this page").check()
    page.get_by_label("Decision").select_option("send back")
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_role("status")).to_contain_text("sent back and will run again")
    sent = list(Item.objects.filter(revision=2).values_list("pk", flat=True))
    assert sent
    worked_office.run(worked_office.requests(7, 8, 9))
    for number in sent:
        page.goto(f"{served_office.url}/items/{number}")
        expect(page.locator(".head .tag")).to_have_text("done")
        expect(page.get_by_text("revision 2")).to_be_visible()


def test_a_code_is_typed_for_a_portal_that_waits_and_the_run_moves_by_itself(
    page: Page, worked_office: Office, served_office: Served
) -> None:
    portal = worked_office.workspace.portals["summit_health"]
    login = portal.credentials[0].model_copy(update={"code": CodeFrom.PERSON, "code_minutes": 2})
    worked_office.workspace.portals["summit_health"] = portal.model_copy(update={"credentials": (login,)})
    House(worked_office.workspace).user("biller", "ana")
    served_office.sign_in(page, "ana")
    page.goto(f"{served_office.url}/")
    running = _beside(worked_office)
    field = page.get_by_label(re.compile("One-time code for bot1"))
    expect(field).to_be_visible(timeout=60_000)  # it appears without loading the page again
    field.fill(pyotp.TOTP(LOGINS["bot1"].totp_secret).now())
    page.get_by_role("button", name="Hand it on").click()
    expect(page.get_by_role("status")).to_contain_text("is handed on")
    page.goto(f"{served_office.url}/runs/1")
    page.evaluate("window.sameDocument = true")
    expect(page.locator("#run .head .tag")).to_have_text("done", timeout=60_000)
    assert page.evaluate("window.sameDocument")
    assert "of 3 done" in texts(page)
    assert running.result(60).by_state


def _beside(office: Office) -> "Future[RunReport]":
    """A run in the thread of the bots, while the test looks on."""
    order = Order(bot="eligibility", input=office.requests(7, 8, 9), out=office.folder / "out")
    return office.loop.start(Runner(office.workspace, chromium=office.chromium).run(order))


def test_live_pages_move_without_being_loaded_again(page: Page, house: House, served: Served) -> None:
    house.user("leader", "ana")
    house.fill(3)
    served.sign_in(page, "ana")
    page.evaluate("window.sameDocument = true")
    tile = page.locator(".tile", has_text="Done today").locator(".figure")
    expect(tile).to_have_text("0")
    house.finish(DONE, 2)
    expect(tile).to_have_text("2", timeout=15_000)
    assert page.evaluate("window.sameDocument")


def test_a_schedule_is_paused_with_a_click(page: Page, house: House, served: Served) -> None:
    house.user("ops admin", "ana")
    served.sign_in(page, "ana")
    page.get_by_role("link", name="Schedules").click()
    row = page.get_by_role("row", name="eligibility-morning")
    row.get_by_label("For how long").select_option("4")
    row.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("status")).to_contain_text("eligibility-morning is paused for 4 hours.")
    expect(page.get_by_text("by ana until")).to_be_visible()
    assert ScheduleStanding.objects.get().paused_by == "person:ana"
    row.get_by_role("button", name="Resume").click()
    expect(page.get_by_text("by ana until")).to_be_hidden()


def test_filters_change_the_list_and_the_address_and_can_be_kept(
    page: Page, house: House, served: Served
) -> None:
    house.user("biller", "ana")
    house.fill(2)
    house.finish(exception("MEMBER_NOT_FOUND"))
    house.finish(exception("AUTH_NEEDED"))
    served.sign_in(page, "ana")
    page.goto(f"{served.url}/exceptions")
    page.get_by_label("Reason").select_option("AUTH_NEEDED")
    expect(page.locator("tr[data-row]")).to_have_count(1)
    expect(page).to_have_url(re.compile("reason=AUTH_NEEDED"))
    page.get_by_label("Name of the view").fill("Authorizations")
    page.get_by_role("button", name="Keep", exact=True).click()
    page.goto(f"{served.url}/exceptions")
    page.get_by_role("link", name="Authorizations").click()
    expect(page.locator("tr[data-row]")).to_have_count(1)


def test_the_theme_switches_and_stays(page: Page, house: House, served: Served) -> None:
    house.user("leader", "ana")
    served.sign_in(page, "ana")
    page.get_by_role("button", name="Dark or light").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_keys_are_explained_and_the_explanation_closes(page: Page, house: House, served: Served) -> None:
    house.user("leader", "ana")
    served.sign_in(page, "ana")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_without_scripts_everything_can_still_be_done(
    new_context: Callable[..., BrowserContext], house: House, served: Served
) -> None:
    house.user("biller", "ana")
    (item,) = house.exceptions(1)
    page = new_context(java_script_enabled=False).new_page()
    served.sign_in(page, "ana")
    page.goto(f"{served.url}/items/{item}")
    page.get_by_role("radio", name="Send back", exact=True).check()
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_role("status")).to_contain_text("sent back")


def test_a_session_that_is_over_leads_to_the_sign_in_and_back(
    page: Page, house: House, served: Served
) -> None:
    house.user("biller", "ana")
    served.sign_in(page, "ana")
    page.goto(f"{served.url}/portals")
    User.objects.filter(username="ana").update(last_login=timezone.now(), is_active=False)
    expect(page).to_have_url(re.compile(r"/sign-in\?next=%2Fportals"), timeout=15_000)
    User.objects.filter(username="ana").update(is_active=True)
