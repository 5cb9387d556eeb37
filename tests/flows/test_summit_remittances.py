"""Summit's remittances: listed whole, fetched as they can be had, promised ones told apart."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

import pytest

from payerbots.browser import flow
from payerbots.browser.chromium import open_tab
from payerbots.browser.flow import Visit
from payerbots.browser.screen import Screen
from payerbots.errors import NotPublished
from payerbots.portals import credentials
from payerbots.sandbox.server import PracticePortal
from tests.support import SEED, Office, today

T = TypeVar("T")
Visiting = Callable[[Callable[[Visit], Awaitable[T]]], T]
LONG_AGO = timedelta(days=150)


@pytest.fixture
def portal() -> Iterator[PracticePortal]:
    with PracticePortal(SEED, today()) as portal:
        yield portal


@pytest.fixture
def visit(office: Office) -> Visiting[Any]:
    """Signs in and does something there, in a tab of its own."""

    async def visiting(work: Callable[[Visit], Awaitable[T]]) -> T:
        portal = office.workspace.portals["summit_health"]
        driven, login = flow.load(office.workspace, portal), portal.credentials[0]
        context = await office.chromium.context()
        screen = Screen(
            await open_tab(context), driven.book, portal, office.workspace.settings.element_seconds
        )
        try:
            await driven.sign_in(screen, credentials.find(portal.name, login, office.workspace.vault(login)))
            return await work(driven.on(screen))
        finally:
            await context.close()

    return lambda work: office.loop.run(visiting(work))


def posted(portal: PracticePortal, since: date) -> set[str]:
    now = datetime.now(UTC)
    found = [one for one in portal.portal.notices if one.posted_at <= now]
    return {one.document for one in found if one.posted_at.date() >= since}


@pytest.mark.parametrize("shift", [0, 3])
def test_the_list_is_whole_over_all_pages_also_when_rows_come_meanwhile(
    portal: PracticePortal, visit: Visiting[Any], shift: int
) -> None:
    since = today() - LONG_AGO
    portal.set_faults(list_shift=shift)
    listed = visit(lambda at: at.list_remittances(since, today()))
    assert {one.number for one in listed} == posted(portal, since)
    assert len(listed) > 100


def test_a_period_without_remittances_is_proven_empty(visit: Visiting[Any]) -> None:
    assert list(visit(lambda at: at.list_remittances(today(), today()))) == []


def test_an_835_is_fetched_by_the_size_that_the_list_names(
    portal: PracticePortal, visit: Visiting[Any]
) -> None:
    async def work(at: Visit) -> tuple[Any, Any]:
        listed = await at.list_remittances(today() - timedelta(days=30), today())
        one = next(each for each in listed if "835" in each.forms)
        return one, await at.fetch_remittance(one)

    one, found = visit(work)
    notice = next(each for each in portal.portal.notices if each.document == one.number)
    assert notice.x12 is not None
    assert found.content == notice.x12()
    assert len(found.content) == one.size


def test_an_eob_is_taken_out_of_the_window_that_shows_it(
    portal: PracticePortal, visit: Visiting[Any]
) -> None:
    only_paper = next(each for each in portal.portal.notices if each.eob and not each.x12)

    async def work(at: Visit) -> Any:
        day = only_paper.posted_at.date()
        listed = await at.list_remittances(day, day)
        return await at.fetch_remittance(next(each for each in listed if each.forms == ("eob",)))

    assert only_paper.eob is not None
    assert visit(work).content == only_paper.eob()


def test_a_promised_file_is_not_published(portal: PracticePortal, visit: Visiting[Any]) -> None:
    notices = portal.portal.notices
    late = replace(notices[0], available_from=datetime.now(UTC) + timedelta(days=1))
    vars(portal.portal)["notices"] = (late, *notices[1:])

    async def work(at: Visit) -> Any:
        day = late.posted_at.date()
        listed = await at.list_remittances(day, day)
        one = next(each for each in listed if each.number == late.document)
        assert not one.ready
        return await at.fetch_remittance(one)

    with pytest.raises(NotPublished):
        visit(work)
