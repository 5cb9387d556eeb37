"""The audit: who did what, and who looked at what."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from payerbots.console.door import needs
from payerbots.console.rights import Right
from payerbots.console.views import helpers
from payerbots.ledger import looks

_FILTERS = ("actor", "action", "item", "run", "portal", "who", "looks")


@needs(Right.SEE_AUDIT)
@require_GET
def audit(request: HttpRequest) -> HttpResponse:
    """A page of it, the newest first."""
    wanted = {name: request.GET.get(name, "")[:80] for name in _FILTERS}
    below = helpers.number(request.GET.get("before"), default=0)
    rows = looks.history(wanted, below or None)
    more = rows[-1].pk if len(rows) == looks.AUDIT_PAGE else None
    context = {"rows": rows, "wanted": wanted, "more": more, "actions": looks.ACTIONS, "first": not below}
    return helpers.shown(request, "audit.html", "parts/audit.html", context, target="audit")
