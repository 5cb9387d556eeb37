"""Windows that a portal opens by itself."""

from tests.browser.conftest import Tabs

HOME = {"url": "/home", "proof": {"css": "h1"}, "elements": {"offer": {"css": "button"}}}


def test_a_window_that_the_portal_opens_is_closed_and_the_tab_stays(tabs: Tabs) -> None:
    tabs.site.pages["/home"] = "<h1>Home</h1><button onclick=\"window.open('/offer')\">Offer</button>"
    tabs.site.pages["/offer"] = "<h1>Offer</h1>"
    screen = tabs.open({"pages": {"home": HOME}})
    tabs.run(screen.open("home"))

    async def offered() -> None:
        async with screen.raw.context.expect_page() as opened:
            await screen.press("offer")
        window = await opened.value
        if not window.is_closed():
            await window.wait_for_event("close", timeout=5000)

    tabs.run(offered())
    assert [page.url for page in screen.raw.context.pages] == [screen.raw.url]
    assert tabs.run(screen.shows("home"))
