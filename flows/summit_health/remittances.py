"""The portal's list of remittances: searched whole, read page by page, proven by its own count."""

import re
from collections.abc import Iterator
from datetime import date

from payerbots.api import (
    AnswerIncomplete,
    Cells,
    ListedRemittance,
    PortalChanged,
    Screen,
    amount,
    as_us_date,
    us_date,
)

TRIES = 3
COUNT = re.compile(r"Showing (\d+)-(\d+) of (\d+) remittances")
DOCUMENT = re.compile(r"(\S+?)(?:\s*Reissue of (\S+))?")
SIZE = re.compile(r"([\d,]+) bytes")


async def search(screen: Screen, since: date, until: date, trace: str = "") -> None:
    """Ends on the first page of what was posted between two days, both included; nothing is left out."""
    await screen.open("remittances")
    await screen.fill("from", as_us_date(since))
    await screen.fill("to", as_us_date(until))
    await screen.fill("trace", trace)
    await screen.press("show_all")
    await screen.press("search", leaves=True)
    await screen.arrive("remittances", "remittances.none")


async def listed(screen: Screen, since: date, until: date, trace: str = "") -> list[ListedRemittance]:
    """Every document once. Read again when rows came in between: the pages shift then."""
    for _ in range(TRIES):
        await search(screen, since, until, trace)
        if screen.at == "remittances.none":
            return []
        rows, whole = await _all_pages(screen)
        if whole:
            return list({row.number: row for row in (_listed(screen, each) for each in rows)}.values())
    raise AnswerIncomplete("the list kept changing while it was read")


async def on_this_page(screen: Screen) -> list[ListedRemittance]:
    """What the page at hand lists, if it is one of the list."""
    if screen.at != "remittances" or not await screen.shows("remittances"):
        return []
    return [_listed(screen, row) for row in (await screen.read("list")).rows("rows")]


async def _all_pages(screen: Screen) -> tuple[list[Cells], bool]:
    """All rows, and whether they are as many as every page says there are."""
    rows: list[Cells] = []
    counts = set()
    while True:
        read = await screen.read("list")
        first, last, count = _count(screen, read["count"])
        found = read.rows("rows")
        if first != len(rows) + 1 or last - first + 1 != len(found):
            return rows, False
        rows += found
        counts.add(count)
        if last == count:
            return rows, counts == {len(rows)} and not _split(rows)
        await screen.press("next", leaves=True)
        if await screen.arrive("remittances", "remittances.none") == "remittances.none":
            return rows, False


def _split(rows: list[Cells]) -> bool:
    """Whether a document stands in two places: some stand there twice, but then one below the other."""
    numbers = [row["document"] for row in rows]
    runs = [number for place, number in enumerate(numbers) if not place or number != numbers[place - 1]]
    return len(runs) != len(set(runs))


def _count(screen: Screen, text: str | None) -> tuple[int, int, int]:
    found = COUNT.match(" ".join((text or "").split()))
    if not found:
        raise PortalChanged(screen.at, "list.count")
    first, last, count = map(int, found.groups())
    return first, last, count


def _listed(screen: Screen, row: Cells) -> ListedRemittance:
    document = DOCUMENT.fullmatch(row["document"] or "")
    paid, posted, money = us_date(row["paid"]), us_date(row["posted"]), amount(row["amount"])
    method = screen.word("method", row["method"])
    if document is None or paid is None or posted is None or money is None or method is None:
        raise PortalChanged(screen.at, "list.rows")
    files = row["files"] or ""
    size = SIZE.search(files)
    forms = tuple(_forms(files))
    return ListedRemittance(
        number=document[1],
        trace=row["trace"] or "",
        method=method,
        date=paid,
        amount=money,
        posted=posted,
        forms=forms,
        ready=bool(forms),
        size=int(size[1].replace(",", "")) if size else None,
    )


def _forms(files: str) -> Iterator[str]:
    if re.search(r"\b835\b", SIZE.sub("", files)):
        yield "835"
    if "EOB" in files:
        yield "eob"
