"""Remittances: the list with its search, the files, and all files of a search at once."""

from __future__ import annotations

import asyncio
import io
import re
import zipfile
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.responses import Response, StreamingResponse

from payerbots.sandbox.forms import DATE, us_date
from payerbots.sandbox.mint import add_months
from payerbots.sandbox.web import Visit, signed_in

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence
    from datetime import datetime

    from payerbots.sandbox.money.shelves import RemittanceNotice

PAGE, MOST = 25, 100
USUAL_DAYS = timedelta(days=90)
MONTHS_KEPT = 18
PROGRAMS = {"SUMMIT HEALTH PLAN": "Summit Health Plan", "COASTAL MEDICARE DME CONTRACTOR": "Medicare DME"}
METHODS = {"ACH": "EFT", "CHK": "Check", "FWT": "Wire", "NON": "No payment"}
X12, PDF, ZIP = "application/edi-x12", "application/pdf", "application/zip"
ZIP_TIME = (1980, 1, 1, 0, 0, 0)
FILTERS = ("from", "to", "program", "method", "trace", "new", "all")


@dataclass
class Search:
    """What was searched for, and the complaints by field."""

    values: dict[str, str]
    first: date
    last: date
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def is_new_only(self) -> bool:
        """Whether only what is new since the last visit is wanted."""
        return bool(self.values.get("new"))

    def address(self, page: int = 0) -> str:
        """The query of an address that searches the same."""
        pairs = [(name, self.values[name]) for name in FILTERS if self.values.get(name)]
        return urlencode([*pairs, ("page", str(page))] if page else pairs)


@signed_in
async def listing(visit: Visit) -> Response:
    """Show a page of the remittances that fit the search."""
    visit.portal.count("remittance_lists", visit.session.user)
    search = _search(visit)
    _visited(visit)
    rows = _shown(_found(visit, search))
    visit.portal.use_up("list_shift")
    shown = rows if search.values.get("all") else rows[:MOST]
    page = _page(visit.request.query_params.get("page", "1"), len(shown))
    start = (page - 1) * PAGE
    return visit.page(
        "remittances.html",
        search=search,
        values=search.values,
        errors=search.errors,
        programs=PROGRAMS.items(),
        methods=METHODS.items(),
        rows=[_row(visit, notice) for notice in shown[start : start + PAGE]],
        first=start + 1 if shown else 0,
        last=min(start + PAGE, len(shown)),
        shown=len(shown),
        total=len(rows),
        page=page,
        pages=max(1, -(-len(shown) // PAGE)),
        since=visit.session.remittances_since,
        usual=not visit.request.query_params.get("from"),
    )


def _visited(visit: Visit) -> None:
    """The first look in a session is a visit; what it finds new stays new until the session ends."""
    session, user = visit.session, visit.portal.users[visit.session.user]
    if not session.remittances_seen:
        session.remittances_seen = True
        session.remittances_since, user.remittances_on = user.remittances_on, visit.portal.clock()


def _search(visit: Visit) -> Search:
    given = {name: visit.request.query_params.get(name, "").strip() for name in FILTERS}
    today = visit.portal.clock().astimezone().date()
    search = Search(given, today - USUAL_DAYS, today)
    search.first = _day(search, "from", search.first)
    search.last = _day(search, "to", search.last)
    earliest = add_months(today, -MONTHS_KEPT)
    if search.first < earliest:
        search.errors["from"] = (
            f"Remittances are kept for {MONTHS_KEPT} months: {us_date(earliest)} at the earliest"
        )
    if search.last < search.first:
        search.errors["to"] = "The end of the period lies before its begin"
    return search


def _day(search: Search, name: str, otherwise: date) -> date:
    text = search.values[name]
    if not text:
        return otherwise
    if found := DATE.fullmatch(text):
        with suppress(ValueError):
            return date(int(found[3]), int(found[1]), int(found[2]))
    search.errors[name] = "Dates must be MM/DD/YYYY"
    return otherwise


def _found(visit: Visit, search: Search) -> list[RemittanceNotice]:
    """What fits; while `list_shift` is in force, the latest of it has not been posted yet."""
    if search.errors:
        return []
    now, since = visit.portal.clock(), visit.session.remittances_since
    found = [
        notice
        for notice in visit.portal.notices
        if notice.posted_at <= now
        and search.first <= notice.posted_at.date() <= search.last
        and _fits(notice, search.values)
        and not (search.is_new_only and since and notice.posted_at <= since)
    ]
    return found[max(0, visit.portal.faults.list_shift) :]


def _fits(notice: RemittanceNotice, values: Mapping[str, str]) -> bool:
    return (
        values["program"] in {"", notice.payer}
        and values["method"] in {"", notice.method}
        and values["trace"] in notice.trace
    )


def _shown(found: Sequence[RemittanceNotice]) -> list[RemittanceNotice]:
    """The rows of the list: some stand there twice."""
    return [notice for notice in found for _ in range(notice.rows)]


def _page(text: str, rows: int) -> int:
    asked = int(text) if re.fullmatch(r"\d{1,4}", text) else 1
    return min(max(1, asked), max(1, -(-rows // PAGE)))


def _row(visit: Visit, notice: RemittanceNotice) -> dict[str, object]:
    now = visit.portal.clock()
    is_ready = notice.available_from <= now
    return {
        "notice": notice,
        "posted": us_date(notice.posted_at.date()),
        "paid": us_date(notice.paid_on),
        "program": PROGRAMS[notice.payer],
        "method": METHODS[notice.method],
        "amount": f"${notice.amount:,.2f}",
        "ready": is_ready,
        "size": f"{len(notice.x12()):,}" if notice.x12 and is_ready else "",
        "when": "" if is_ready else _when(notice.available_from, now),
    }


def _when(at: datetime, now: datetime) -> str:
    day, today = at.astimezone().date(), now.astimezone().date()
    return "tomorrow" if day == today + timedelta(days=1) else us_date(day)


# -- files -----------------------------------------------------------------------------------------------------


@signed_in
async def x12(visit: Visit) -> Response:
    """Send the 835 as a file to be saved."""
    notice = _ready(visit)
    if notice is None or notice.x12 is None:
        return _gone(visit)
    return await _sent(visit, notice.x12(), X12, f'attachment; filename="{notice.document}.835"')


@signed_in
async def viewer(visit: Visit) -> Response:
    """Show the page in which the browser shows the EOB."""
    notice = _ready(visit)
    if notice is None or notice.eob is None:
        return _gone(visit)
    return visit.page("eob.html", notice=notice)


@signed_in
async def eob(visit: Visit) -> Response:
    """Send the EOB as a PDF to be shown, not saved."""
    notice = _ready(visit)
    if notice is None or notice.eob is None:
        return _gone(visit)
    content = await asyncio.to_thread(notice.eob)
    response = await _sent(visit, content, PDF, f'inline; filename="{notice.document}.pdf"')
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


@signed_in
async def all_files(visit: Visit) -> Response:
    """Send the 835s of a search as one archive, as many as the list shows."""
    search = _search(visit)
    rows = _shown(_found(visit, search))
    shown = rows if search.values.get("all") else rows[:MOST]
    now = visit.portal.clock()
    notices = dict.fromkeys(notice for notice in shown if notice.x12 and notice.available_from <= now)
    name = f"remittances-{now:%Y%m%d}.zip"
    return await _sent(visit, _archive(list(notices)), ZIP, f'attachment; filename="{name}"')


def _archive(notices: Sequence[RemittanceNotice]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for notice in notices:
            if notice.x12:
                archive.writestr(zipfile.ZipInfo(f"{notice.document}.835", ZIP_TIME), notice.x12())
    return buffer.getvalue()


def _ready(visit: Visit) -> RemittanceNotice | None:
    """The remittance of the address, if its file can be had already."""
    asked, now = visit.request.path_params["document"], visit.portal.clock()
    return next(
        (one for one in visit.portal.notices if one.document == asked and one.available_from <= now), None
    )


def _gone(visit: Visit) -> Response:
    return visit.page(
        "message.html",
        status=404,
        title="Document not available",
        text="This document is not available. Return to the list of remittances and try again.",
    )


async def _sent(visit: Visit, content: bytes, kind: str, disposition: str) -> Response:
    """The file; a fault may send the sign-in page in its place, or half of it, or make it wait on the way."""
    visit.portal.count("files", visit.session.user)
    headers = {"Content-Disposition": disposition}
    if visit.portal.use_up("file_sign_in"):
        page = visit.page("sign_in.html", note=None, error=None, user="")
        page.headers.update(headers)
        return page
    if visit.portal.use_up("file_truncated"):
        content = content[: len(content) // 2]
    slow = visit.portal.faults.slow_file
    if not slow:
        return Response(content, media_type=kind, headers=headers)
    headers["Content-Length"] = str(len(content))
    return StreamingResponse(_in_halves(content, slow), media_type=kind, headers=headers)


async def _in_halves(content: bytes, seconds: float) -> AsyncIterator[bytes]:
    middle = len(content) // 2
    yield content[:middle]
    await asyncio.sleep(seconds)
    yield content[middle:]
