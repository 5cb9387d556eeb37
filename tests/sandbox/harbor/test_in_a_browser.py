"""The parts of the bank that live in the browser only: frames, hover menus, windows, downloads."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyotp
import pytest

from payerbots.sandbox.harbor.logins import COMPANY, LOGINS
from tests.sandbox.harbor.conftest import REPORT, SECOND, WEDNESDAY

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import date

    from playwright.async_api import Download, Frame, Page

    from payerbots.browser.chromium import Chromium
    from payerbots.sandbox.harbor.state import HarborState
    from payerbots.sandbox.server import PracticeSite
    from tests.sandbox.harbor.conftest import Clock
    from tests.support import LoopThread

    AtDesk = Callable[[Callable[["Desk"], Awaitable[Any]]], Any]


class Desk:
    """A person at the desktop."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def menu(self) -> Frame:
        return self._frame("menu")

    @property
    def work(self) -> Frame:
        return self._frame("work")

    def _frame(self, name: str) -> Frame:
        found = self.page.frame(name)
        assert found
        return found

    async def sign_on(self, url: str, code: str) -> None:
        self.page.set_default_timeout(8000)
        await self.page.goto(url)
        await self.page.fill("[name=company_id]", COMPANY)
        await self.page.fill("[name=user_id]", "bot1")
        await self.page.fill("[name=password]", LOGINS["bot1"].password)
        await self.page.click("[name=go]")
        await self.page.fill("[name=passcode]", code)
        await self.page.click("[name=go]")
        await self.page.wait_for_url("**/tx/desktop*")

    async def go_to(self, group: str, service: str) -> None:
        await self.menu.get_by_text(group).first.hover()
        await self.menu.get_by_role("link", name=service, exact=True).click()
        await self.work.wait_for_selector("#prompt")

    async def ask(self, day: date) -> None:
        for part in ("month", "day", "year"):
            await self.work.select_option(f"[name={part}]", str(getattr(day, part)))
        await self.work.click("[name=go]")
        await self.work.wait_for_selector("#asOf")


@pytest.fixture
def at_desk(loop_thread: LoopThread, chromium: Chromium, bank: PracticeSite, clock: Clock) -> AtDesk:
    """Does something at a desktop of its own, in a real browser."""

    async def do(what: Callable[[Desk], Awaitable[Any]]) -> Any:
        context = await chromium.context()
        try:
            desk = Desk(await context.new_page())
            await desk.sign_on(bank.url, pyotp.TOTP(LOGINS["bot1"].totp_secret).at(clock.now))
            return await what(desk)
        finally:
            await context.close()

    return lambda what: loop_thread.run(do(what))


async def content(download: Download) -> tuple[str, bytes]:
    path = Path(await download.path())
    return download.suggested_filename, await asyncio.to_thread(path.read_bytes)


def test_services_are_hidden_until_the_pointer_is_over_their_group(at_desk: AtDesk) -> None:
    async def look(desk: Desk) -> list[bool]:
        await desk.menu.wait_for_selector(".mh")
        link = desk.menu.get_by_text("Deposits by Day")
        before = await link.is_visible()
        await desk.menu.get_by_text("Lockbox").first.hover()
        return [before, await link.is_visible()]

    assert at_desk(look) == [False, True]


def test_a_data_file_is_saved_from_the_work_frame(at_desk: AtDesk) -> None:
    async def save(desk: Desk) -> tuple[str, bytes]:
        await desk.go_to("Lockbox", "Deposits by Day")
        await desk.ask(WEDNESDAY)
        async with desk.page.expect_download() as saved:
            await desk.work.get_by_role("link", name="LBX1118.BAI").click()
        return await content(await saved.value)

    assert at_desk(save) == ("LBX1118.BAI", SECOND)


def test_a_report_opens_in_a_window_and_is_saved_there(at_desk: AtDesk) -> None:
    async def save(desk: Desk) -> tuple[str, bytes]:
        await desk.go_to("Reports", "Previous Day")
        await desk.ask(WEDNESDAY)
        async with desk.page.expect_popup() as opened:
            await desk.work.get_by_role("link", name="View Report").click()
        window = await opened.value
        async with window.expect_download() as saved:
            await window.click("#save")
        return await content(await saved.value)

    assert at_desk(save) == ("PDR1118.BAI2", REPORT)


def test_images_stand_in_a_frame_of_their_window(at_desk: AtDesk) -> None:
    async def address(desk: Desk) -> str | None:
        await desk.go_to("Lockbox", "Deposits by Day")
        await desk.ask(WEDNESDAY)
        async with desk.page.expect_popup() as opened:
            await desk.work.get_by_role("link", name="IMG0410.PDF").click()
        return await (await opened.value).get_attribute("iframe[name=images]", "src")

    assert at_desk(address).startswith("/tx/file;sid=")


def test_a_click_in_the_calendar_sets_the_date(at_desk: AtDesk) -> None:
    async def pick(desk: Desk) -> str:
        await desk.go_to("Lockbox", "Deposits by Day")
        async with desk.page.expect_popup() as opened:
            await desk.work.get_by_alt_text("Calendar").click()
        window = await opened.value
        async with window.expect_event("close"):
            await window.get_by_role("link", name="12", exact=True).click()
        return await desk.work.input_value("[name=day]")

    assert at_desk(pick) == "12"


def test_duplicate_click_sends_the_same_file_twice(
    at_desk: AtDesk, bank: PracticeSite, state: HarborState
) -> None:
    async def save(desk: Desk) -> list[str]:
        saved: asyncio.Queue[Download] = asyncio.Queue()
        desk.page.on("download", saved.put_nowait)
        await desk.go_to("Lockbox", "Deposits by Day")
        await desk.ask(WEDNESDAY)
        await desk.work.get_by_role("link", name="LBX1118.BAI").click()
        return [(await saved.get()).suggested_filename for _ in range(2)]

    bank.set_faults(duplicate_click=1)
    assert at_desk(save) == ["LBX1118.BAI"] * 2
    assert state.faults.duplicate_click == 0


def test_a_time_out_is_told_in_the_frame_and_the_desktop_stays(at_desk: AtDesk, clock: Clock) -> None:
    async def time_out(desk: Desk) -> str:
        await desk.go_to("Lockbox", "Deposits by Day")
        clock.forward(seconds=91)
        await desk.work.click("[name=go]")
        await desk.work.wait_for_selector("#sessionEnded")
        return desk.page.url

    assert "/tx/desktop" in at_desk(time_out)


def test_the_redesign_has_frames_within_a_page(at_desk: AtDesk, bank: PracticeSite) -> None:
    async def look(desk: Desk) -> str:
        await desk.go_to("Lockbox Services", "Daily Deposits")
        await desk.ask(WEDNESDAY)
        return await desk.work.inner_text("body")

    bank.set_faults(layout=2)
    assert "Batch No." in at_desk(look)


def test_popup_opens_a_window_that_nobody_asked_for(at_desk: AtDesk, bank: PracticeSite) -> None:
    async def look(desk: Desk) -> list[str]:
        if len(desk.page.context.pages) == 1:
            await desk.page.context.wait_for_event("page")
        await desk.menu.wait_for_selector(".mh")
        return [one.url.partition(";")[0] for one in desk.page.context.pages]

    bank.set_faults(popup=1)
    assert at_desk(look) == [f"{bank.url}/tx/desktop", f"{bank.url}/tx/survey"]
