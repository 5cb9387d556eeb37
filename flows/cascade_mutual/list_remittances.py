"""What was paid: the whole list of a period, proven by the portal's own count."""

from collections.abc import Sequence
from datetime import date

from flows.cascade_mutual.listing import show
from payerbots.api import (
    AnswerIncomplete,
    Cells,
    ListedRemittance,
    PortalChanged,
    Screen,
    Virtual,
    amount,
    read_all,
    us_date,
)

TABLE = Virtual(record="list", table="rows", key="number", scroll="rows")
TRIES = 3


async def list_remittances(screen: Screen, since: date, until: date) -> Sequence[ListedRemittance]:
    """Everything posted from `since` to `until`. Read again when rows came in between."""
    await show(screen, since, until)
    for _ in range(TRIES):
        rows = await read_all(screen, TABLE)
        read = await screen.read("list")
        if len(rows) == _count(screen, read["total"]) and read["news"] is None:
            return [_listed(screen, row) for row in rows]
        await show(screen, since, until)
    raise AnswerIncomplete("the list kept changing while it was read")


def _count(screen: Screen, text: str | None) -> int:
    number = (text or "").split()[:1]
    if not number or not number[0].isdecimal():
        raise PortalChanged(screen.at, "list.total")
    return int(number[0])


def _listed(screen: Screen, row: Cells) -> ListedRemittance:
    number, paid, posted = row["number"], us_date(row["date"]), us_date(row["posted"])
    method, money = screen.word("method", row["method"]), amount(row["amount"])
    if number is None or paid is None or posted is None or method is None or money is None:
        raise PortalChanged(screen.at, "list.rows")
    return ListedRemittance(
        number=number,
        trace=row["trace"] or "",
        method=method,
        date=paid,
        amount=money,
        claims=int(row["claims"]) if row["claims"] else None,
        posted=posted,
        forms=("eob",),
        ready=screen.word("ready", row["state"]) == "yes",
    )
