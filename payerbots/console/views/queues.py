"""Queues of results: how they stand, and trying the broker again."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from payerbots.console.door import needs
from payerbots.console.office import actor, office
from payerbots.console.rights import Right
from payerbots.console.views import helpers
from payerbots.ledger import audit, outbox


@needs(Right.SEE_WORK)
@require_GET
def queues(request: HttpRequest) -> HttpResponse:
    """Every queue: what waits, what is in somebody's hands, what is handed on, what came back."""
    levels = {one.queue: one for one in outbox.levels()}
    known = office().space.queues
    names = [*known, *(name for name in levels if name not in known)]
    rows = [{"name": name, "queue": known.get(name), "level": levels.get(name)} for name in names]
    context = {"rows": rows, "now": office().ledger.now()}
    return helpers.shown(request, "queues.html", "parts/queues.html", context, target="queues")


@needs(Right.OPERATE)
@require_POST
def resend(request: HttpRequest, name: str) -> HttpResponse:
    """Tries what waits for its next try now."""
    if name not in office().space.queues:
        raise Http404

    def work() -> str:
        count = outbox.hurry(name)
        audit.note(
            office().ledger, actor(request), "queue hurried", {}, after={"queue": name, "messages": count}
        )
        return f"{name}: {count} are tried again now."

    helpers.attempted(request, work)
    return redirect("queues")
