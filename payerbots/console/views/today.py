"""Today: every bot at a glance, and what waits for somebody."""

import ast
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from payerbots.console import timetable
from payerbots.console.door import needs
from payerbots.console.office import office
from payerbots.console.rights import Right
from payerbots.console.views import helpers
from payerbots.engine.guard import seen
from payerbots.ledger import beats, codes, exceptions, notices, overview
from payerbots.ledger.exceptions import Heap
from payerbots.ledger.portals import OPEN
from payerbots.schedule.words import promised

_REASONS = 8


@needs(Right.SEE_WORK)
@require_GET
def today(request: HttpRequest) -> HttpResponse:
    """Bots as cards, portals that stand still, codes that are asked for, workers."""
    return helpers.shown(request, "today.html", "parts/today.html", _board())


def _board() -> dict[str, Any]:
    space, ledger = office().space, office().ledger
    since = helpers.midnight()
    names = space.bot_names()
    heaps = exceptions.heaps(ledger)
    bots = overview.bots(ledger, names, since, heaps)
    standings = seen(ledger, space.portals, list(space.portals)).values()
    heartbeat = timedelta(seconds=space.settings.heartbeat_seconds)
    reasons = _first(heaps)
    return {
        "now": ledger.now(),
        "reasons": reasons,
        "most": max((count for _, count in reasons), default=0),
        "bots": [{"view": one, "says": _says(space.root, one.name), **_plan(one.name)} for one in bots],
        "ready": sum(one.ready for one in bots),
        "running": sum(one.running for one in bots),
        "waiting": sum(one.waiting for one in bots),
        "done": sum(one.ended.get("done", 0) for one in bots),
        "exceptions": sum(one.exceptions for one in bots),
        "dollars": sum(one.dollars for one in bots),
        "held": [
            {"standing": one, "portal": space.portals[one.portal]} for one in standings if one.state != OPEN
        ],
        "portals": len(space.portals),
        "codes": [one for one in codes.waiting(ledger) if one.portal in space.portals],
        "workers": beats.alive(ledger, 3 * heartbeat),
        "lost": beats.overdue(ledger, 3 * heartbeat),
        "notices": notices.unsent(6),
    }


def _first(heaps: Sequence[Heap]) -> list[tuple[str, int]]:
    """The most frequent reasons."""
    found = Counter[str]()
    for heap in heaps:
        found[heap.reason] += heap.count
    return found.most_common(_REASONS)


def _plan(bot: str) -> dict[str, Any]:
    """When a bot runs next, and how old its backlog may become."""
    book, _ = timetable.book()
    if book is None:
        return {}
    names = timetable.of_bot(book, bot)
    coming = timetable.coming(book, names, office().ledger.now()).values()
    promises = [promised(book.schedules[name]) for name in names]
    return {"next": min(coming, default=None), "promised": next(filter(None, promises), "")}


@cache
def _says(root: Path, bot: str) -> str:
    """What a bot says of itself in its first line."""
    file = root / "bots" / f"{bot}.py"
    if not file.is_file():
        return ""
    text = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    first = text.partition("\n")[0]
    return first.partition(": ")[2] or first
