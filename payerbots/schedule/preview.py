"""The picture of a week: one HTML page without scripts or anything from outside, and its PNG."""

from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from payerbots.browser.chromium import Chromium
from payerbots.schedule.week import Week

_COLOURS = (
    ("#dbe9fb", "#2f6fb7"),
    ("#dcf1e1", "#2e7d4f"),
    ("#fbe9d2", "#b3681a"),
    ("#ece1f7", "#7548a8"),
    ("#fbdfe3", "#b23a50"),
    ("#d9f0f0", "#23797c"),
    ("#f1efcf", "#7d7420"),
    ("#e6e6ea", "#555a66"),
)
"""Fill and edge of each bot's marks, readable on white and apart from each other."""
HOUR_PIXELS = 46
_WIDTH, _HEIGHT = 1440, 900


def html(week: Week) -> str:
    """The week as a page."""
    templates = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return templates.get_template("week.html").render(
        week=week, colours=_colours(week), hour=HOUR_PIXELS, minute=HOUR_PIXELS / 60
    )


def _colours(week: Week) -> Mapping[str, tuple[str, str]]:
    return {bot: _COLOURS[number % len(_COLOURS)] for number, bot in enumerate(week.bots)}


async def picture(page_html: str, browser: Path | None = None) -> bytes:
    """The page as a PNG, drawn by the browser that bots use."""
    async with Chromium(browser) as chromium:
        context = await chromium.context()
        page = await context.new_page()
        await page.set_viewport_size({"width": _WIDTH, "height": _HEIGHT})
        await page.set_content(page_html)
        drawn: bytes = await page.screenshot(full_page=True)
        await context.close()
    return drawn
