"""What stands around every page: the navigation, and what wants attention."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from payerbots.console.door import Needs
from payerbots.console.office import office
from payerbots.console.rights import Right, full
from payerbots.ledger import codes, exceptions
from payerbots.ledger.portals import STOPPED, standings


@dataclass(frozen=True)
class Place:
    """An entry of the navigation."""

    url: str
    title: str
    icon: str
    right: Right
    also: tuple[str, ...] = ()
    """Pages that belong to it."""


PLACES = (
    Place("today", "Today", "sun", Right.SEE_WORK),
    Place("exceptions", "Exceptions", "inbox", Right.SEE_ITEMS, ("item", "case")),
    Place("runs", "Runs", "play", Right.SEE_WORK, ("run",)),
    Place("portals", "Portals", "globe", Right.SEE_WORK),
    Place("schedules", "Schedules", "calendar", Right.SEE_WORK),
    Place("kpis", "KPIs", "chart", Right.SEE_KPIS),
    Place("queues", "Queues", "stack", Right.SEE_WORK),
    Place("documents", "Documents", "file", Right.READ_FILES, ("document",)),
    Place("audit", "Audit", "shield", Right.SEE_AUDIT),
)


def frame(request: HttpRequest) -> dict[str, Any]:
    """For the templates."""
    user = getattr(request, "user", None)
    theme = request.COOKIES.get("theme", "")
    shown: dict[str, Any] = {"theme": theme if theme in {"dark", "light"} else ""}
    if user is None or not user.is_authenticated or not _is_inside(request):
        return shown
    allowed = [place for place in PLACES if user.has_perm(full(place.right))]
    badges = _badges()
    roles = ", ".join(user.groups.values_list("name", flat=True))
    return shown | {
        "places": [{"place": one, "badge": badges.get(one.url, 0)} for one in allowed],
        "here": request.resolver_match.url_name if request.resolver_match else "",
        "role": roles,
        "idle_minutes": int(office().idle_minutes),
    }


def _is_inside(request: HttpRequest) -> bool:
    """Whether the page has the navigation: parts of pages and the ways in have none."""
    if request.headers.get("HX-Request") or request.resolver_match is None:
        return not request.headers.get("HX-Request")
    found = getattr(request.resolver_match.func, "needs", None)
    return not (isinstance(found, Needs) and (found.everybody or found.first_step))


def _badges() -> dict[str, int]:
    """How many things wait for somebody, by place."""
    ledger, portals = office().ledger, list(office().space.portals)
    stopped = sum(one.state == STOPPED for one in standings(ledger, portals).values())
    needed = sum(not one.typed for one in codes.waiting(ledger))
    return {"exceptions": exceptions.how_many(ledger), "portals": stopped + needed}
