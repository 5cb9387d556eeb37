"""The worklist of rejections: a list that grows while it is scrolled, in columns that a user may have moved."""

from collections.abc import Sequence
from datetime import date

from flows.clearpoint.reading import codes, count, moment
from payerbots.api import (
    AnswerIncomplete,
    Cells,
    Growing,
    ListedRejection,
    PortalChanged,
    Screen,
    amount,
    read_growing,
    us_date,
)

LIST = Growing(record="worklist", table="rows", scroll="list", more="rejections.more", end="rejections.whole")
TRIES = 3


async def list_rejections(screen: Screen, since: date) -> Sequence[ListedRejection]:
    """Every claim that waits to be corrected, rejected on that day or later. Read again when the list changed."""
    for _ in range(TRIES):
        rows = await _rows(screen, since)
        if rows is not None:
            return [_listed(screen, row) for row in rows]
    raise AnswerIncomplete("the worklist kept changing while it was read")


async def _rows(screen: Screen, since: date) -> Sequence[Cells] | None:
    """The rows; None when they are not as many, each once, as the page says."""
    await screen.open("rejections")
    if not await screen.choose("status", value="open"):
        raise PortalChanged("rejections", "status")
    await screen.fill("since", since.isoformat())
    await screen.press("apply")
    if await screen.arrive("rejections.none", LIST.end, LIST.more) == "rejections.none":
        await _prove(screen, since)
        return []
    rows = await read_growing(screen, LIST)
    wanted = await _prove(screen, since)
    whole = len(rows) == wanted and len({row["control"] for row in rows}) == wanted
    return rows if whole else None


async def _prove(screen: Screen, since: date) -> int:
    """How many there are by the filters that were asked for."""
    read = await screen.read("told")
    told = read["filters"] or ""
    asked = f"Status: Open · Payer: All payers · Since: {since.isoformat()} · Search: none"
    if told != asked:
        raise PortalChanged(screen.at, "told.filters")
    return count(screen, read["total"])


def _listed(screen: Screen, row: Cells) -> ListedRejection:
    control, payer, charge = row["control"], row["payer"], amount(row["charge"])
    if control is None or payer is None or charge is None or row["version"] is None:
        raise PortalChanged(screen.at, "worklist.rows")
    return ListedRejection(
        control=control,
        payer=payer,
        patient=row["patient"] or "",
        member_id=row["member_id"] or "",
        service_date=us_date(row["service_date"]),
        charge=charge,
        rejected_at=moment(screen, row["rejected_at"]),
        codes=codes(screen, row["codes"]),
        message=row["reason"] or "",
        version=row["version"],
    )
