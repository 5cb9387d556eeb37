"""The flows of Harbor Bank against the practice bank, in a real browser."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pyotp
import pytest
from playwright.async_api import Page

from payerbots.browser import flow as flows
from payerbots.browser.chromium import Chromium, open_tab
from payerbots.browser.flow import Flow
from payerbots.browser.screen import Screen
from payerbots.errors import (
    AnswerIncomplete,
    BusinessException,
    CaptchaShown,
    CodeNeeded,
    LoginInUse,
    PageFailed,
    PasswordExpired,
    PortalDown,
    SessionLost,
    SignInRefused,
    Throttled,
    TookTooLong,
)
from payerbots.portals.capabilities import BankFile, Downloaded
from payerbots.portals.credentials import Credential
from payerbots.reasons import Reason
from payerbots.sandbox.harbor.app import create
from payerbots.sandbox.harbor.logins import LOGINS
from payerbots.sandbox.harbor.shelf import Day, Kind
from payerbots.sandbox.harbor.state import HarborState
from payerbots.sandbox.server import PracticeSite
from payerbots.settings import Settings
from payerbots.workspace import Workspace
from tests.sandbox.harbor.conftest import (
    FIRST,
    FRIDAY,
    IMAGES,
    REPORT,
    SECOND,
    SUNDAY,
    THURSDAY,
    WEDNESDAY,
    Clock,
    at,
    posted,
    shelf,
)
from tests.support import ROOT, LoopThread

Work = Callable[["Bank"], Coroutine[Any, Any, Any]]
TOMORROW = FRIDAY + timedelta(days=1)


@dataclass
class Codes:
    """The token, at the time of the practice bank."""

    secret: str
    clock: Clock
    seconds: float = 0.0

    async def mark(self) -> None:
        pass

    async def code(self) -> str:
        return pyotp.TOTP(self.secret).at(self.clock.now)


@dataclass
class Bank:
    """The flow at the practice bank, on a tab of its own."""

    site: PracticeSite
    state: HarborState
    clock: Clock
    flow: Flow
    screen: Screen

    async def sign_in(self) -> None:
        login = LOGINS["bot1"]
        codes = Codes(login.totp_secret, self.clock)
        await self.flow.sign_in(self.screen, Credential("bot1", login.user, login.password, codes))

    async def list(self, since: date, until: date) -> list[BankFile]:
        return list(await self.flow.on(self.screen).list_bank_files(since, until))

    async def fetch(self, file: BankFile) -> Downloaded:
        return await self.flow.on(self.screen).fetch_bank_file(file)

    async def one(self, kind: str) -> BankFile:
        """Wednesday's file of a kind."""
        return next(one for one in await self.list(WEDNESDAY, WEDNESDAY) if one.kind == kind)


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[PracticeSite, HarborState]]:
    state = HarborState(shelf(), Clock())
    with PracticeSite(state, create(state)) as site:
        yield site, state


@pytest.fixture(scope="module")
def tab(loop_thread: LoopThread, chromium: Chromium) -> Iterator[Page]:
    """One tab for all tests: a context of its own for each would take longer than the tests."""

    async def opened() -> Page:
        return await open_tab(await chromium.context())

    page = loop_thread.run(opened())
    yield page
    loop_thread.run(page.context.close())


@pytest.fixture
def at_bank(
    running: tuple[PracticeSite, HarborState],
    loop_thread: LoopThread,
    tab: Page,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[Work], Any]:
    """Does something at the bank, not signed in yet."""
    site, state = running
    site.reset()
    state.clock = clock = Clock()
    monkeypatch.setenv("PAYERBOTS_URL_HARBOR_BANK", site.url)
    workspace = Workspace(ROOT, Settings())
    flow = flows.load(workspace, workspace.portals["harbor_bank"])

    async def do(work: Work) -> Any:
        screen = Screen(tab, flow.book, flow.portal, 4)
        try:
            return await work(Bank(site, state, clock, flow, screen))
        finally:
            screen._windows.leave()
            tab.remove_listener("dialog", screen._answer_dialog)

    return lambda work: loop_thread.run(do(work))


@pytest.fixture
def signed_in(at_bank: Callable[[Work], Any]) -> Callable[[Work], Any]:
    """Does something with a tab that is signed in."""

    def do(work: Work) -> Any:
        async def after_sign_in(bank: Bank) -> Any:
            await bank.sign_in()
            return await work(bank)

        return at_bank(after_sign_in)

    return do


def lockbox(day: date, name: str, posted: Any, content: bytes) -> BankFile:
    return BankFile(day=day, kind="lockbox", name=name, posted=posted, size=len(content))


def images(day: date, batch: str, posted: Any) -> BankFile:
    return BankFile(
        day=day, kind="images", name=f"IMG{batch}.PDF", batch=batch, posted=posted, size=len(IMAGES)
    )


def report(day: date, posted: Any) -> BankFile:
    return BankFile(day=day, kind="bai2", name=f"PDR{day:%m%d}.BAI2", posted=posted, size=len(REPORT))


def test_all_files_of_some_days_are_listed_with_their_times(signed_in: Callable[[Work], Any]) -> None:
    found = signed_in(lambda bank: bank.list(SUNDAY, FRIDAY))
    assert found == [
        lockbox(WEDNESDAY, "LBX1118.BAI", at(THURSDAY, 14), SECOND),
        images(WEDNESDAY, "0410", at(WEDNESDAY, 23, 30)),
        report(WEDNESDAY, at(THURSDAY, 11)),
        lockbox(THURSDAY, "LBX1119.BAI", at(THURSDAY, 23), FIRST),
        images(THURSDAY, "0411", at(THURSDAY, 23, 30)),
        report(THURSDAY, at(FRIDAY, 11)),
    ]


def test_images_that_come_late_are_a_new_file(at_bank: Callable[[Work], Any]) -> None:
    async def later(bank: Bank) -> list[BankFile]:
        bank.clock.now = at(TOMORROW, 12)
        await bank.sign_in()
        return await bank.list(THURSDAY, THURSDAY)

    assert images(THURSDAY, "0412", at(FRIDAY, 23, 30)) in at_bank(later)


def test_a_time_in_summer_is_read_as_such(
    at_bank: Callable[[Work], Any], running: tuple[PracticeSite, HarborState], monkeypatch: pytest.MonkeyPatch
) -> None:
    day, posted_at = date(2026, 7, 1), at(date(2026, 7, 2), 10)
    file = posted("PDR0701.BAI2", Kind.BAI2, posted_at, REPORT)
    days = (Day(date=day, files=(file,)),)
    monkeypatch.setattr(running[1], "shelf", replace(shelf(), days=days))

    async def in_summer(bank: Bank) -> list[BankFile]:
        bank.clock.now = at(date(2026, 7, 2), 12)
        await bank.sign_in()
        return await bank.list(day, day)

    assert at_bank(in_summer) == [report(day, posted_at)]


def test_days_to_come_have_no_files(signed_in: Callable[[Work], Any]) -> None:
    assert signed_in(lambda bank: bank.list(FRIDAY, TOMORROW + timedelta(days=3))) == []


@pytest.mark.parametrize("day", [date(2026, 1, 2), date(2019, 1, 2)], ids=["refused", "not in the list"])
def test_days_that_the_bank_no_longer_shows_go_to_a_person(
    signed_in: Callable[[Work], Any], day: date
) -> None:
    with pytest.raises(BusinessException) as raised:
        signed_in(lambda bank: bank.list(day, day))
    assert raised.value.reason is Reason.DATE_NOT_ANSWERED


def test_each_kind_of_file_comes_down_whole(signed_in: Callable[[Work], Any]) -> None:
    async def all_kinds(bank: Bank) -> list[Downloaded]:
        return [await bank.fetch(file) for file in await bank.list(WEDNESDAY, WEDNESDAY)]

    found = signed_in(all_kinds)
    assert [(one.name, one.content) for one in found] == [
        ("LBX1118.BAI", SECOND),
        ("IMG0410.PDF", IMAGES),
        ("PDR1118.BAI2", REPORT),
    ]


def test_windows_are_closed_behind(signed_in: Callable[[Work], Any]) -> None:
    async def count(bank: Bank) -> int:
        await bank.fetch(await bank.one("images"))
        await bank.fetch(await bank.one("bai2"))
        return len(bank.screen.raw.context.pages)

    assert signed_in(count) == 1


def test_a_file_that_is_not_listed_is_not_fetched(signed_in: Callable[[Work], Any]) -> None:
    with pytest.raises(AnswerIncomplete, match="no longer listed"):
        signed_in(lambda bank: bank.fetch(images(THURSDAY, "0412", at(FRIDAY, 23, 30))))


def test_the_redesigned_bank_is_read_with_fallbacks(at_bank: Callable[[Work], Any]) -> None:
    async def redesigned(bank: Bank) -> tuple[list[bytes], set[str]]:
        bank.site.set_faults(layout=2)
        await bank.sign_in()
        files = await bank.list(WEDNESDAY, WEDNESDAY)
        return [(await bank.fetch(file)).content for file in files], bank.screen.drift

    contents, drift = at_bank(redesigned)
    assert contents == [SECOND, IMAGES, REPORT]
    assert "deposits.day: files.images.batch (fallback 1)" in drift


def test_pop_ups_are_put_away(at_bank: Callable[[Work], Any]) -> None:
    async def with_popups(bank: Bank) -> list[bytes]:
        bank.site.set_faults(popup=1)
        await bank.sign_in()
        files = await bank.list(WEDNESDAY, WEDNESDAY)
        return [(await bank.fetch(file)).content for file in files]

    assert at_bank(with_popups) == [SECOND, IMAGES, REPORT]


def test_a_click_that_sends_a_file_twice_gives_one(signed_in: Callable[[Work], Any]) -> None:
    async def twice(bank: Bank) -> list[bytes]:
        files = [one for one in await bank.list(WEDNESDAY, THURSDAY) if one.kind == "lockbox"]
        bank.site.set_faults(duplicate_click=1)
        return [(await bank.fetch(file)).content for file in files]

    assert signed_in(twice) == [SECOND, FIRST]


@pytest.mark.parametrize("kind", ["lockbox", "images", "bai2"])
def test_a_file_that_never_comes_whole_is_given_up(
    signed_in: Callable[[Work], Any], monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr("payerbots.browser.fetching.WAITS", 0.25)

    async def slow(bank: Bank) -> None:
        file = await bank.one(kind)
        bank.site.set_faults(slow_file=20)
        await bank.fetch(file)

    with pytest.raises(TookTooLong):
        signed_in(slow)


SIGNING_IN = [
    ({"captcha": 1}, CaptchaShown),
    ({"password_expired": 1}, PasswordExpired),
    ({"code_refused": 1}, CodeNeeded),
    ({"second_session": 1}, LoginInUse),
    ({"account_locked": 1}, SignInRefused),
    ({"maintenance": 1}, PortalDown),
]


@pytest.mark.parametrize(("faults", "error"), SIGNING_IN, ids=[next(iter(one)) for one, _ in SIGNING_IN])
def test_what_stands_in_the_way_in_is_told(
    at_bank: Callable[[Work], Any], faults: dict[str, int], error: type[Exception]
) -> None:
    async def sign_in(bank: Bank) -> None:
        bank.site.set_faults(**faults)
        await bank.sign_in()

    with pytest.raises(error):
        at_bank(sign_in)


AT_WORK = [
    ({"logout_after": 3}, SessionLost),
    ({"second_session": 3}, LoginInUse),
    ({"error_next": 1}, PageFailed),
    ({"maintenance": 1}, PortalDown),
    ({"throttle": 2}, Throttled),
]


@pytest.mark.parametrize(("faults", "error"), AT_WORK, ids=[next(iter(one)) for one, _ in AT_WORK])
def test_what_comes_in_the_middle_of_the_list_is_told(
    signed_in: Callable[[Work], Any], faults: dict[str, int], error: type[Exception]
) -> None:
    async def work(bank: Bank) -> None:
        bank.site.set_faults(**faults)
        await bank.list(SUNDAY, FRIDAY)

    with pytest.raises(error):
        signed_in(work)


@pytest.mark.parametrize("kind", ["lockbox", "images", "bai2"])
def test_a_session_that_ends_before_a_file_is_told(signed_in: Callable[[Work], Any], kind: str) -> None:
    async def work(bank: Bank) -> None:
        file = await bank.one(kind)
        bank.site.set_faults(logout_after=2 if kind == "lockbox" else 3)
        await bank.fetch(file)

    with pytest.raises(SessionLost):
        signed_in(work)


def test_idle_time_is_a_lost_session(signed_in: Callable[[Work], Any]) -> None:
    async def work(bank: Bank) -> None:
        bank.clock.forward(seconds=91)
        await bank.list(WEDNESDAY, WEDNESDAY)

    with pytest.raises(SessionLost):
        signed_in(work)
