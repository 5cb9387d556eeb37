"""Portals: how they stand; pausing and resuming; the one-time code that a login waits for."""

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from payerbots.console.door import needs
from payerbots.console.office import actor, office
from payerbots.console.rights import Right
from payerbots.console.views import helpers
from payerbots.engine.guard import seen, upkeep_of
from payerbots.ledger import codes, overview
from payerbots.ledger import portals as standings

HOURS = {"1": "1 hour", "2": "2 hours", "4": "4 hours", "12": "12 hours", "": "until resumed"}


@needs(Right.SEE_WORK)
@require_GET
def portals(request: HttpRequest) -> HttpResponse:
    """Each portal: open, paused or stopped, why, who waits for a code, what runs out."""
    space, ledger = office().space, office().ledger
    found = seen(ledger, space.portals, list(space.portals))
    asked, held, ended = (
        codes.waiting(ledger),
        overview.sessions(ledger),
        overview.outcomes(helpers.midnight()),
    )
    today = space.today
    cards: list[dict[str, Any]] = [
        {
            "portal": portal,
            "standing": found[name],
            "codes": [one for one in asked if one.portal == name],
            "held": held.get(name, 0),
            "ended": ended.get(name, {}),
            "soon": upkeep_of(portal, today),
        }
        for name, portal in space.portals.items()
    ]
    context = {"cards": cards, "hours": HOURS, "now": ledger.now()}
    return helpers.shown(request, "portals.html", "parts/portals.html", context, target="portals")


@needs(Right.OPERATE)
@require_POST
def pause(request: HttpRequest, name: str) -> HttpResponse:
    """Lets a portal rest."""
    portal = _portal(name)
    hours = request.POST.get("hours", "")
    if hours not in HOURS:
        raise Http404
    length = timedelta(hours=int(hours)) if hours else None

    def work() -> str:
        standings.rest(office().ledger, name, actor(request), length)
        return f"{portal.title} is paused {'for ' + HOURS[hours] if hours else 'until somebody resumes it'}."

    helpers.attempted(request, work)
    return redirect("portals")


@needs(Right.OPERATE)
@require_POST
def resume(request: HttpRequest, name: str) -> HttpResponse:
    """Opens a portal again."""
    portal = _portal(name)

    def work() -> str:
        before = standings.resume(office().ledger, name, actor(request))
        return f"{portal.title} is open again. It was {before.state}."

    helpers.attempted(request, work)
    return redirect("portals")


@needs(Right.TYPE_CODES)
@require_POST
@sensitive_post_parameters("code")
def code(request: HttpRequest, name: str) -> HttpResponse:
    """Hands on a one-time code."""
    portal = _portal(name)

    def work() -> str:
        typed = codes.type_in(
            office().ledger, name, request.POST.get("login", ""), request.POST.get("code", ""), actor(request)
        )
        return f"The code for {typed.login} at {portal.title} is handed on."

    helpers.attempted(request, work)
    back = request.POST.get("back", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return redirect(back if safe and back.startswith("/") else "portals")


def _portal(name: str) -> Any:  # noqa: ANN401 - a portal of portals.yaml
    found = office().space.portals.get(name)
    if found is None:
        raise Http404
    return found
