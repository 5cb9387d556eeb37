"""Remittances: the list in pieces, the viewer of a document, and the file."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any

from starlette.responses import HTMLResponse, Response, StreamingResponse

from payerbots.sandbox.cascade.guard import PAGES, Call, answer, api, page, problem, shell

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from payerbots.sandbox.cascade.shelf import Remittance

PIECE = 40
LARGEST_PIECE = 100
CUT = 0.6
"""How much of a truncated file arrives."""


@api
async def listing(call: Call) -> Response:
    """Return a piece of the list that fits the filters, and how many there are in all."""
    state, asked = call.state, call.request.query_params
    offset = _number(asked.get("offset"), 0)
    if offset == 0:
        state.count("listings", call.session.user)
    else:
        state.use_up("list_shift")
    found = [item for item in state.listed() if _fits(item, asked)]
    limit = min(_number(asked.get("limit"), PIECE), LARGEST_PIECE)
    piece = [_row(call, item) for item in found[offset : offset + limit]]
    newest = found[0].number if found else ""
    return answer({"total": len(found), "offset": offset, "newest": newest, "items": piece})


@api
async def detail(call: Call) -> Response:
    """Return one remittance."""
    found = _posted(call)
    return answer(_row(call, found)) if found else problem(404, "gone")


@page
async def viewer(call: Call) -> Response:
    """Show the viewer that stands in the page's frame."""
    found = _ready(call)
    if found is None:
        return HTMLResponse(PAGES.get_template("no_document.html").render(), status_code=404)
    text = PAGES.get_template("viewer.html").render(
        item=found, layout=call.state.faults.layout, twice=call.state.use_up("duplicate_click")
    )
    return HTMLResponse(text)


@page
async def file(call: Call) -> Response:
    """Send the PDF; a fault may send something else, part of it, or make it wait in the middle."""
    state, found = call.state, _ready(call)
    if found is None:
        return HTMLResponse(PAGES.get_template("no_document.html").render(), status_code=404)
    state.count("documents", call.session.user)
    if state.use_up("file_sign_in"):
        return shell(state)
    content = await asyncio.to_thread(found.pdf)
    if state.use_up("file_truncated"):
        content = content[: int(len(content) * CUT)]
    headers = {
        "Content-Disposition": f'attachment; filename="EOB_{found.number}.pdf"',
        "Content-Length": str(len(content)),
    }
    if state.faults.slow_file:
        halves = _in_halves(content, state.faults.slow_file)
        return StreamingResponse(halves, media_type="application/pdf", headers=headers)
    return Response(content, media_type="application/pdf", headers=headers)


async def _in_halves(content: bytes, seconds: float) -> AsyncIterator[bytes]:
    middle = len(content) // 2
    yield content[:middle]
    await asyncio.sleep(seconds)
    yield content[middle:]


def _posted(call: Call) -> Remittance | None:
    found = call.state.shelf.find(call.request.path_params["number"])
    return found if found and found.posted_at <= call.state.clock() else None


def _ready(call: Call) -> Remittance | None:
    found = _posted(call)
    return found if found and found.is_ready(call.state.clock()) else None


def _row(call: Call, item: Remittance) -> dict[str, Any]:
    is_ready = item.is_ready(call.state.clock())
    available = None if is_ready or item.available_from is None else item.available_from.date().isoformat()
    return {
        "number": item.number,
        "trace": item.trace,
        "method": item.method,
        "paid_on": item.paid_on.isoformat(),
        "amount": f"{item.amount:.2f}",
        "claims": item.claims,
        "posted": item.posted_at.date().isoformat(),
        "ready": is_ready,
        "available": available,
    }


def _fits(item: Remittance, asked: Any) -> bool:  # noqa: ANN401 - the query of an address
    first, last = _day(asked.get("from")), _day(asked.get("to"))
    posted = item.posted_at.date()
    words = str(asked.get("search", "")).strip()
    return (
        (first is None or first <= posted)
        and (last is None or posted <= last)
        and asked.get("method", "") in {"", item.method}
        and (not words or words in item.number or words in item.trace)
    )


def _day(text: str | None) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(text) if text else None
    return None


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isdecimal() else otherwise
