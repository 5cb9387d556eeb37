"""Pictures of every page of the console, light and dark, at two widths; or the set that the documents show.

    payerbots demo --console                      # prints a link
    python scripts/console_pictures.py LINK --out out/pictures
    python scripts/console_pictures.py LINK --documents

Whoever opens the link is signed in once, so each call needs a link of its own (`payerbots users link demo`).
"""

import argparse
import io
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from payerbots.browser.chromium import find

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs" / "images"
MOST_BYTES = 190_000
PAGES = {
    "today": "/",
    "exceptions": "/exceptions",
    "exceptions-payments": "/exceptions?kind=payment",
    "exceptions-deposits": "/exceptions?kind=deposit",
    "exceptions-claims": "/exceptions?kind=concern",
    "runs": "/runs",
    "portals": "/portals",
    "schedules": "/schedules",
    "kpis-mine": "/kpis?view=mine",
    "kpis-team": "/kpis?view=team",
    "kpis-leaders": "/kpis?view=leaders",
    "queues": "/queues",
    "documents": "/documents",
    "audit": "/audit",
    "account": "/account",
    "password": "/account/password",
    "authenticator": "/account/authenticator",
    "not-found": "/nothing-here",
}
FIRST_OF = {
    "item-eligibility": ("/exceptions?bot=eligibility&order=attempts", "a.cell"),
    "item-rejections": ("/exceptions?bot=rejections", "a.cell"),
    "item-remittance": ("/exceptions?bot=remittance", "a.cell"),
    "item-lockbox": ("/exceptions?bot=lockbox", "a.cell"),
    "payment": ("/exceptions?kind=payment", "a.cell"),
    "deposit": ("/exceptions?kind=deposit", "a.cell"),
    "claim": ("/exceptions?kind=concern", "a.cell"),
    "run": ("/runs?bot=eligibility", "a.cell"),
    "document": ("/documents", "a.cell"),
}
"""Pages that are the first link of another."""

SHOWN = {
    "console-today": ("today", "light"),
    "console-exceptions": ("exceptions", "light"),
    "console-item": ("item-eligibility", "light"),
    "console-item-dark": ("item-rejections", "dark"),
    "console-schedules": ("schedules", "light"),
    "console-kpis": ("kpis-leaders", "light"),
}
"""What the documents show, each as high as a window."""


def signed_in(browser: Browser, link: str) -> BrowserContext:
    """Somebody whom the link lets in."""
    context = browser.new_context(viewport={"width": 1280, "height": 860}, device_scale_factor=1)
    page = context.new_page()
    page.goto(link)
    page.get_by_role("button").first.click()
    page.wait_for_url(re.compile(f"{base_of(link)}/(account/password)?$"))
    return context


def base_of(link: str) -> str:
    """The console's own address."""
    parts = urlsplit(link)
    return f"{parts.scheme}://{parts.netloc}"


def addresses(page: Page, base: str) -> Iterator[tuple[str, str]]:
    """Every page by its name; one that the ledger has nothing for is left out."""
    for name, path in PAGES.items():
        yield name, base + path
    for name, (path, selector) in FIRST_OF.items():
        page.goto(base + path)
        links = page.locator(selector)
        if links.count():
            yield name, base + (links.first.get_attribute("href") or "")


def shoot(page: Page, file: Path, *, whole: bool) -> None:
    """A picture of the page; with few colours where it would be large."""
    page.wait_for_load_state("load")
    picture = Image.open(io.BytesIO(page.screenshot(full_page=whole)))
    file.parent.mkdir(parents=True, exist_ok=True)
    picture.convert("RGB").save(file, optimize=True)
    if file.stat().st_size > MOST_BYTES:
        picture.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(file, optimize=True)


def look_at_all(browser: Browser, link: str, out: Path) -> None:
    """Every page, both schemes, both widths, to its end."""
    context, base = signed_in(browser, link), base_of(link)
    page = context.new_page()
    found = dict(addresses(page, base))
    for width in (1280, 820):
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in ("light", "dark"):
            context.add_cookies([{"name": "theme", "value": scheme, "url": base}])
            for name, url in found.items():
                page.goto(url)
                shoot(page, out / f"{name}-{width}-{scheme}.png", whole=True)


def for_documents(browser: Browser, link: str) -> None:
    """The set that the documents show."""
    context, base = signed_in(browser, link), base_of(link)
    page = context.new_page()
    page.set_viewport_size({"width": 1280, "height": 840})
    found = dict(addresses(page, base))
    for file, (name, scheme) in SHOWN.items():
        context.add_cookies([{"name": "theme", "value": scheme, "url": base}])
        page.goto(found[name])
        shoot(page, PICTURES / f"{file}.png", whole=False)


def main() -> None:
    """One of the two."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("link")
    parser.add_argument("--out", type=Path, default=ROOT / "out" / "pictures")
    parser.add_argument("--documents", action="store_true")
    given = parser.parse_args()
    with sync_playwright() as playwright:
        found = find(None, Path(playwright.chromium.executable_path))
        if found is None:
            raise SystemExit("no browser: payerbots setup")
        browser = playwright.chromium.launch(executable_path=found.path)
        if given.documents:
            for_documents(browser, given.link)
        else:
            look_at_all(browser, given.link, given.out)
        browser.close()


if __name__ == "__main__":
    main()
