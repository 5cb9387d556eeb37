"""The harness of the practice portal: sets faults and reads counters while it runs. No real portal has this."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Protocol

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from payerbots.sandbox.faults import UnknownFaultError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from _typeshed import DataclassInstance
    from starlette.requests import Request

LOOPBACK = frozenset({"127.0.0.1", "::1"})


class PracticeState(Protocol):
    """What a practice site remembers, as its harness sees it. `app.state.portal` holds it."""

    @property
    def faults(self) -> DataclassInstance:
        """The faults in force, a frozen dataclass."""
        ...

    latency: float
    """Seconds that every page takes."""

    def set_faults(self, values: Mapping[str, object]) -> None:
        """Change some faults. UnknownFaultError for one that the site does not have."""
        ...

    def clear_faults(self) -> None:
        """Behave well again."""
        ...

    def stats(self) -> dict[str, object]:
        """Return the counters."""
        ...

    def reset(self) -> None:
        """Forget sessions, locks, counters and faults."""
        ...


async def faults(request: Request) -> Response:
    """POST `{name: value}` sets faults, DELETE clears all of them."""
    portal: PracticeState = request.app.state.portal
    if _from_elsewhere(request):
        return JSONResponse({"error": "only from this machine"}, status_code=403)
    if request.method == "DELETE":
        portal.clear_faults()
        return JSONResponse(asdict(portal.faults))
    try:
        values = json.loads(await request.body())
        portal.set_faults(values)
    except (UnknownFaultError, json.JSONDecodeError, AttributeError) as error:
        return JSONResponse({"error": str(error)}, status_code=422)
    return JSONResponse(asdict(portal.faults))


async def stats(request: Request) -> Response:
    """Show the counters."""
    if _from_elsewhere(request):
        return JSONResponse({"error": "only from this machine"}, status_code=403)
    return JSONResponse(request.app.state.portal.stats())


async def reset(request: Request) -> Response:
    """Make the portal as new."""
    if _from_elsewhere(request):
        return JSONResponse({"error": "only from this machine"}, status_code=403)
    request.app.state.portal.reset()
    return JSONResponse({"reset": True})


def _from_elsewhere(request: Request) -> bool:
    return request.client is None or request.client.host not in LOOPBACK


ROUTES = (
    Route("/practice/faults", faults, methods=["POST", "DELETE"]),
    Route("/practice/stats", stats),
    Route("/practice/reset", reset, methods=["POST"]),
)
