"""Files as they leave the bank, and what may go wrong with them on the way."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.responses import Response, StreamingResponse

from payerbots.sandbox.harbor import sign_on
from payerbots.sandbox.harbor.services import found_by
from payerbots.sandbox.harbor.shelf import Kind
from payerbots.sandbox.harbor.web import Visit, at_work, refused_for_haste

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

PIECES = 20
PDF = "application/pdf"
SAVED = "application/octet-stream"


@at_work
async def file(visit: Visit) -> Response:
    """A file: images open where they are asked for, all else is saved."""
    found = found_by(visit)
    if found is None:
        return visit.page("gone.html", 404)
    if hasty := refused_for_haste(visit):
        return hasty
    visit.state.count("files", visit.session.user)
    asked, version = found
    if visit.request.query_params.get("again"):
        _befalls(visit, "duplicate_click")
    inline = asked.kind is Kind.IMAGES
    headers = {} if inline else {"Content-Disposition": f'attachment; filename="{asked.name}"'}
    if _befalls(visit, "file_sign_in"):
        page = sign_on.form(visit.state)
        page.headers.update(headers)
        return page
    content = version.data
    if _befalls(visit, "file_truncated"):
        content = content[: len(content) * 3 // 5]
    return _sent(visit, content, {**headers, "Content-Type": PDF if inline else SAVED})


def _befalls(visit: Visit, fault: str) -> bool:
    """Whether a counted fault is in force; a frame that shows a file by itself does not use it up."""
    if visit.request.headers.get("sec-fetch-dest") in {"iframe", "frame"} and not _saved(visit):
        return bool(getattr(visit.state.faults, fault))
    return visit.state.use_up(fault)


def _saved(visit: Visit) -> bool:
    """Whether a frame asked for a file that is saved, not shown."""
    found = found_by(visit)
    return found is not None and found[0].kind is not Kind.IMAGES


def _sent(visit: Visit, content: bytes, headers: dict[str, str]) -> Response:
    slow = visit.state.faults.slow_file
    if not slow:
        return Response(content, headers=headers)
    return StreamingResponse(
        _dripping(content, slow), headers={**headers, "Content-Length": str(len(content))}
    )


async def _dripping(content: bytes, seconds: int) -> AsyncIterator[bytes]:
    """The content in pieces, spread over so many seconds."""
    step = max(1, -(-len(content) // PIECES))
    for start in range(0, len(content), step):
        await asyncio.sleep(seconds / PIECES)
        yield content[start : start + step]
