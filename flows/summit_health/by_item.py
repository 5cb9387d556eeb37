"""The inquiries by HCPCS: equipment on file (same or similar), and prior authorization."""

import re

from flows.summit_health.asking import shown
from payerbots.api import (
    AnswerIncomplete,
    Authorization,
    Cells,
    CoverageRequest,
    PortalChanged,
    Screen,
    Shown,
    SimilarItem,
    WrongPatientShown,
    as_us_date,
    us_date,
)

TRIES = 2


async def similar_items(
    screen: Screen, request: CoverageRequest, organisation: str
) -> tuple[SimilarItem, ...]:
    """Same or similar equipment on file for any of the items asked."""
    found: list[SimilarItem] = []
    for code in request.hcpcs:
        page = await _ask(
            screen, request, organisation, code, "equipment", "equipment.found", "equipment.none"
        )
        if page == "equipment.found":
            read = await screen.read("equipment")
            found += [_item(screen, row, organisation) for row in read.rows("items")]
    return tuple(dict.fromkeys(found))


def _item(screen: Screen, row: Cells, organisation: str) -> SimilarItem:
    day, code, supplier = us_date(row["date"]), row["hcpcs"], row["supplier"]
    if day is None or code is None or supplier is None:
        raise PortalChanged(screen.at, "equipment.items")
    months = re.match(r"\d+", row["months"] or "")
    return SimilarItem(
        hcpcs=code,
        supplier=supplier,
        date=day,
        months_used=int(months[0]) if months else None,
        ours=supplier == organisation,
    )


async def authorization(
    screen: Screen, request: CoverageRequest, organisation: str, code: str
) -> Authorization:
    """Whether an item needs prior authorization, and the number of one that is valid on the date."""
    await _ask(screen, request, organisation, code, "authorizations", "authorizations.result")
    read = await screen.read("authorization")
    if not read.rows("on_file") and read["none_on_file"] is None:
        raise PortalChanged(screen.at, "authorization.on_file")
    valid = [row["number"] for row in read.rows("on_file") if _is_valid(screen, row, request)]
    needed = screen.word("yes_no", read["needed"]) == "yes"
    return Authorization(hcpcs=code, needed=needed, number=valid[0] if valid else None)


def _is_valid(screen: Screen, row: Cells, request: CoverageRequest) -> bool:
    first, last = us_date(row["first"]), us_date(row["last"])
    begun = first is not None and first <= request.service_date
    approved = screen.word("authorization", row["status"]) == "yes"
    return approved and begun and (last is None or request.service_date <= last)


async def _ask(
    screen: Screen, request: CoverageRequest, organisation: str, code: str, kind: str, *answers: str
) -> str:
    """One inquiry by HCPCS; the page of the answer, which is this person's and about this item."""
    for _ in range(TRIES):
        await screen.open(f"{kind}.search")
        await screen.enter(
            {
                "member_id": request.member_id or "",
                "birth_date": as_us_date(request.birth_date),
                "service_date": as_us_date(request.service_date),
                "hcpcs": code,
            }
        )
        await screen.press("submit", leaves=True)
        page = await screen.arrive(*answers, "item.no_answer")
        if page == "item.no_answer":
            raise AnswerIncomplete(f"{kind} gave no answer")
        same = (await screen.read("echo"))["hcpcs"] == code
        if same and await shown(screen, request, organisation) is Shown.ASKED:
            return page
    raise WrongPatientShown("twice in a row the answer was not the one asked for")
