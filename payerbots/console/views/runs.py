"""Runs, and one run as it goes."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from payerbots.console.door import needs
from payerbots.console.office import office
from payerbots.console.rights import Right
from payerbots.console.views import helpers
from payerbots.ledger import overview
from payerbots.ledger.models import RunState

_ITEMS = 50


@needs(Right.SEE_WORK)
@require_GET
def runs(request: HttpRequest) -> HttpResponse:
    """The runs, the newest first, of a bot or in a state."""
    asked = {name: request.GET.get(name, "") for name in ("bot", "state")}
    rows, page, last = overview.runs(**asked, page=helpers.number(request.GET.get("page")))
    context = {
        "rows": rows,
        "page": page,
        "last": last,
        "asked": asked,
        "bots": office().space.bot_names(),
        "states": RunState.values,
    }
    return helpers.shown(request, "runs.html", "parts/runs.html", context, target="runs")


@needs(Right.SEE_WORK)
@require_GET
def run(request: HttpRequest, number: int) -> HttpResponse:
    """How far a run is, by portal and reason; it moves by itself while it goes on."""
    found = overview.run(office().ledger, number)
    if found is None:
        raise Http404
    state = request.GET.get("state", "")
    items = overview.items_of(number, state, _ITEMS)
    context = {"run": found, "items": items, "state": state, "most": _ITEMS, "now": office().ledger.now()}
    return helpers.shown(request, "run.html", "parts/run.html", context, target="run")
