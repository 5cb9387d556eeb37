"""One item: what was asked, what came, how it went, what was seen, and the decision on it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from payerbots.browser.evidence import PAGE, PICTURE, opened
from payerbots.console import deciding, plain
from payerbots.console.door import needs
from payerbots.console.headers import FRAMED
from payerbots.console.office import actor, office
from payerbots.console.rights import Right
from payerbots.console.views import exceptions, helpers
from payerbots.domain.decisions import Decision
from payerbots.domain.review import About, Kind, teams
from payerbots.errors import KeyUnknown
from payerbots.ledger import case_views, cases, looks
from payerbots.ledger.exceptions import NEEDS_A_PERSON
from payerbots.ledger.looks import ItemLook
from payerbots.ledger.models import NEVER, Evidence, ItemState

_NOT_FOR_UNREADABLE = {Decision.SEND_BACK}


@needs(Right.SEE_ITEMS)
@require_GET
def item(request: HttpRequest, number: int) -> HttpResponse:
    """The item. The look is audited."""
    found = looks.item(office().ledger, number, actor(request))
    if found is None:
        raise Http404
    before, after = exceptions.beside(request, number)
    context = {
        **_told(found),
        **_decision(request, found),
        "before": before,
        "after": after,
        "query": request.GET.urlencode(),
        "back": reverse("exceptions") + (f"?{request.GET.urlencode()}" if request.GET else ""),
    }
    return render(request, "console/item.html", context)


def _told(found: ItemLook) -> dict[str, Any]:
    latest = next((one for one in found.evidence if one.kind == PICTURE), None)
    page = next(
        (one for one in found.evidence if one.kind == PAGE and latest and one.attempt == latest.attempt), None
    )
    return {
        "look": found,
        "item": found.item,
        "who": plain.who(found.request),
        "asked": plain.facts(found.request),
        "answered": plain.facts(found.answer),
        "changes": plain.changes(found.before, found.answer) if found.answer is not None else [],
        "compared": found.before is not None and found.answer is not None,
        "picture": latest,
        "page": page,
        "due_at": None if found.item.due_at == NEVER else found.item.due_at,
        "running": found.item.state == ItemState.RUNNING,
    }


def _decision(request: HttpRequest, found: ItemLook) -> dict[str, Any]:
    """The form, where somebody may decide and there is something to decide."""
    ledger, number = office().ledger, found.item.pk
    past = cases.decisions_on(ledger, About(Kind.ITEM, number))
    shown: dict[str, Any] = {"past": past}
    if found.item.state not in NEEDS_A_PERSON or not helpers.may(request, Right.DECIDE):
        return shown
    case = case_views.one(ledger, About(Kind.ITEM, number))
    if case is None:
        return shown
    described = deciding.describe(case)
    hidden = _NOT_FOR_UNREADABLE if found.item.kind == "unreadable" else set()
    decisions = [one for one in Decision if one not in hidden]
    if not described.asked:
        decisions.remove(Decision.CORRECTED)
    return shown | {
        "case": case,
        "described": described,
        "seen": deciding.Seen(case.about, case.mark, case.seen),
        "decisions": decisions,
        "teams": teams(),
        "people": exceptions.people(),
    }


@needs(Right.DECIDE)
@require_POST
def decide_one(request: HttpRequest, number: int) -> HttpResponse:
    """Applies a decision, and goes on to the next one in what somebody goes through."""
    query = QueryDict(request.POST.get("query", "")[:500])
    asked = request.GET
    request.GET = query
    _, after = exceptions.beside(request, number)
    request.GET = asked
    seen = request.POST.get("seen", "")

    def work() -> str:
        if deciding.Seen.read(seen).about != About(Kind.ITEM, number):
            raise Http404
        return f"{deciding.decide(request, seen).capitalize()}."

    went_well = helpers.attempted(request, work)
    target = reverse("item", args=[after if went_well and after else number])
    return redirect(target + (f"?{query.urlencode()}" if query else ""))


@needs(Right.SEE_ITEMS)
@require_GET
def evidence(request: HttpRequest, number: int, which: int) -> HttpResponse:
    """A picture, or a page in a frame that can do nothing; decrypted as it is served. The look is audited."""
    kept, data = _opened(request, number, which)
    if kept.kind == PICTURE:
        return HttpResponse(data, content_type="image/png")
    if kept.kind != PAGE:
        raise Http404
    framed = HttpResponse(data, content_type="text/html; charset=utf-8")
    framed["Content-Security-Policy"] = FRAMED
    framed["X-Frame-Options"] = "SAMEORIGIN"
    return framed


@needs(Right.SEE_ITEMS)
@require_GET
def source(request: HttpRequest, number: int, which: int) -> HttpResponse:
    """A page's source as text."""
    kept, data = _opened(request, number, which)
    if kept.kind != PAGE:
        raise Http404
    return HttpResponse(data, content_type="text/plain; charset=utf-8")


def _opened(request: HttpRequest, number: int, which: int) -> tuple[Evidence, bytes]:
    kept = looks.evidence(office().ledger, number, which, actor(request))
    if kept is None:
        raise Http404
    try:
        return kept, opened(office().space.keys, office().space.data / "evidence", kept.name)
    except (FileNotFoundError, KeyUnknown):
        raise Http404 from None
