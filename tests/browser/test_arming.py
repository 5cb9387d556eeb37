"""A page that is armed takes nothing any more once its time is over, whoever clicks."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.async_api import Page

from payerbots.browser import arming
from payerbots.browser.chromium import Chromium, open_tab
from tests.browser.conftest import Site

FORM = """
<form action="/sent" onsubmit="window.told = (window.told || []).concat('submit')">
  <input name="text" aria-label="Text"><button>Send</button>
</form>
<button id="other" onclick="window.told = (window.told || []).concat('click')">Other</button>
<a href="/elsewhere">Elsewhere</a>
<script>document.addEventListener('keydown', () => { window.told = (window.told || []).concat('key') })</script>
"""
LONG, SHORT, OVER = 60.0, 2.5, -1.0


@pytest.fixture
def form(site: Site, chromium: Chromium, run: Any) -> Iterator[Page]:
    """A form in a tab of its own: an armed one is no tab for the next test."""
    site.pages |= {
        "/form": FORM,
        "/sent": "sent",
        "/elsewhere": "elsewhere",
        "/outer": "<iframe src='/form'>",
    }

    async def opened() -> Page:
        page = await open_tab(await chromium.context())
        await page.goto(f"{site.url}/form")
        return page

    page = run(opened())
    yield page
    run(page.context.close())


async def armed(page: Page, seconds: float) -> arming.Armed:
    return await arming.arm(page, await arming.ticks(page), seconds)


async def by_click(page: Page) -> None:
    await page.get_by_role("button", name="Send").click(no_wait_after=True)


async def by_key(page: Page) -> None:
    await page.get_by_label("Text").press("Enter")


async def by_script(page: Page) -> None:
    await page.evaluate("document.forms[0].requestSubmit()")


async def by_link(page: Page) -> None:
    await page.get_by_role("link").click(no_wait_after=True)


async def by_dispatched_click(page: Page) -> None:
    await page.get_by_role("button", name="Send").dispatch_event("click")


WAYS = pytest.mark.parametrize("act", [by_click, by_key, by_script, by_link, by_dispatched_click])


@WAYS
def test_in_time_it_gets_through(form: Page, run: Any, act: Any) -> None:
    async def go() -> None:
        await armed(form, LONG)
        async with form.expect_navigation():
            await act(form)

    run(go())
    assert form.url.partition("?")[0].endswith(("/sent", "/elsewhere"))


@WAYS
def test_when_the_time_is_over_it_is_swallowed(form: Page, site: Site, run: Any, act: Any) -> None:
    async def go() -> int:
        page = await armed(form, OVER)
        await act(form)
        await form.evaluate("() => new Promise(done => setTimeout(done, 50))")
        return await page.swallowed()

    assert run(go()) > 0
    assert form.url.endswith("/form")
    assert not {"/sent", "/elsewhere"} & set(site.asked)


def test_the_pages_own_handlers_see_nothing(form: Page, run: Any) -> None:
    async def go() -> Any:
        await armed(form, OVER)
        await form.locator("#other").click()
        await form.get_by_label("Text").press("a")
        return await form.evaluate("[window.told ?? null, document.querySelector('input').value]")

    assert run(go()) == [None, ""]


def test_disarmed_it_is_as_before(form: Page, run: Any) -> None:
    async def go() -> Any:
        await (await armed(form, OVER)).disarm()
        await form.locator("#other").click()
        await form.reload()
        await form.locator("#other").click()
        return await form.evaluate("window.told")

    assert run(go()) == ["click"]


def test_armed_again_the_later_deadline_counts(form: Page, run: Any) -> None:
    async def go() -> Any:
        await armed(form, OVER)
        await armed(form, LONG)
        await form.locator("#other").click()
        return await form.evaluate("window.told")

    assert run(go()) == ["click"]


def test_what_passes_between_the_clocks_and_the_arming_counts(form: Page, run: Any) -> None:
    """As when the process stands still while the lease is checked."""

    async def go() -> Any:
        ticks = await arming.ticks(form)
        await form.evaluate("() => new Promise(done => setTimeout(done, 60))")
        await arming.arm(form, ticks, 0.05)
        await form.locator("#other").click()
        return await form.evaluate("window.told ?? null")

    assert run(go()) is None


def test_the_time_runs_out_while_the_page_is_armed(form: Page, run: Any) -> None:
    async def go() -> Any:
        await armed(form, SHORT)
        await form.locator("#other").click()
        await form.evaluate("() => new Promise(done => setTimeout(done, 2_600))")
        await form.locator("#other").click()
        return await form.evaluate("window.told")

    assert run(go()) == ["click"]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"], ids=["of the site", "of another site"])
def test_a_frame_is_armed_too(form: Page, site: Site, run: Any, host: str) -> None:
    url = site.url.replace("127.0.0.1", host)
    site.pages["/outer"] = f"<iframe src='{url}/form'></iframe>"

    async def go() -> Any:
        await form.goto(f"{site.url}/outer")
        inner = form.frame_locator("iframe")
        await inner.locator("#other").wait_for()
        await armed(form, OVER)
        await inner.locator("#other").click()
        return await form.frames[1].evaluate("window.told ?? null")

    assert run(go()) is None


def test_a_document_that_loads_while_armed_is_armed(form: Page, site: Site, run: Any) -> None:
    async def go() -> Any:
        await armed(form, OVER)
        await form.goto(f"{site.url}/outer")
        inner = form.frame_locator("iframe")
        await inner.locator("#other").click()
        await form.goto(f"{site.url}/form")
        await form.locator("#other").click()
        return await form.evaluate("window.told ?? null")

    assert run(go()) is None


def test_a_document_that_loads_in_time_takes_clicks(form: Page, site: Site, run: Any) -> None:
    async def go() -> Any:
        await armed(form, LONG)
        await form.goto(f"{site.url}/form")
        await form.locator("#other").click()
        return await form.evaluate("window.told")

    assert run(go()) == ["click"]


def test_a_frame_that_came_after_the_clocks_were_read(form: Page, run: Any) -> None:
    async def go() -> Any:
        await armed(form, OVER)
        ticks = await arming.ticks(form)
        await form.evaluate(
            "() => new Promise(done => { const f = document.createElement('iframe'); f.src = '/form';"
            " f.onload = done; document.body.append(f) })"
        )
        await arming.arm(form, ticks, OVER)
        await form.frames[1].locator("#other").click()
        return await form.frames[1].evaluate("window.told ?? null")

    assert run(go()) is None


def test_a_page_that_is_gone_is_disarmed_without_harm(form: Page, run: Any) -> None:
    async def go() -> None:
        page = await armed(form, OVER)
        await form.context.close()
        await page.disarm()

    run(go())
