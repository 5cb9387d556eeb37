"""One service, one bank day: the menu, the date, and the files that the bank lists for it.

The session stands in every address, so that a page is reached by the menu only.
"""

from datetime import UTC, date, datetime

from payerbots.api import (
    AnswerIncomplete,
    BankFile,
    BusinessException,
    Cells,
    PortalChanged,
    Reason,
    Screen,
    amount,
    us_date,
)

SERVICES = ("deposits", "reports")
SERVICE_OF = {"lockbox": "deposits", "images": "deposits", "bai2": "reports"}


async def open_service(screen: Screen, service: str) -> None:
    """Ends on the service's form, which asks for a date."""
    await screen.arrive("home")
    await screen.hover(f"menu_{service}")
    await screen.press(service, leaves=f"{service}.form")
    await screen.arrive(f"{service}.form")


async def ask(screen: Screen, service: str, day: date) -> bool:
    """Ends on the page of a bank day; False when the day has not come at the bank yet.

    `BusinessException` for a day that the bank no longer shows.
    """
    if await screen.enter({part: str(getattr(day, part)) for part in ("month", "day", "year")}):
        raise BusinessException(Reason.DATE_NOT_ANSWERED)
    await screen.press("go", leaves=True)
    if await screen.arrive(f"{service}.day", f"{service}.refused") == f"{service}.refused":
        if screen.word("date_refused", (await screen.read("refusal"))["text"]) == "to come":
            return False
        raise BusinessException(Reason.DATE_NOT_ANSWERED)
    if us_date((await screen.read("asked"))["day"]) != day:
        raise AnswerIncomplete("the bank showed another day than the one asked for")
    return True


async def listed(screen: Screen, service: str, day: date) -> list[BankFile]:
    """The files that the page of a bank day lists. None of a kind only where the bank says so."""
    read = await screen.read("files")
    found = []
    for kind in (kind for kind, of in SERVICE_OF.items() if of == service):
        rows = read.rows(kind)
        if not rows and read[f"no_{kind}"] is None:
            raise PortalChanged(screen.at, f"files.{kind}")
        found += [_file(screen, kind, row, day) for row in rows if row["posted"] is not None]
    return found


def _file(screen: Screen, kind: str, row: Cells, day: date) -> BankFile:
    """A row. Only one without a time of posting, such as images to come or the totals, is no file."""
    name, batch, size = row["name"], row.get("batch"), amount(row["size"])
    if name is None or size is None or (kind == "images" and batch is None):
        raise PortalChanged(screen.at, f"files.{kind}")
    return BankFile(
        day=day, kind=kind, name=name, batch=batch or "", posted=_time(screen, row["posted"]), size=int(size)
    )


def _time(screen: Screen, text: str | None) -> datetime:
    """`11/20/2026 18:30:00 EST` → the moment, UTC."""
    wall, _, zone = (text or "").rpartition(" ")
    try:
        at = datetime.strptime(f"{wall} {screen.word('zone', zone)}", "%m/%d/%Y %H:%M:%S %z")
    except ValueError:
        raise PortalChanged(screen.at, "files.posted") from None
    return at.astimezone(UTC)
