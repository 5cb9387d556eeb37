"""One item: what was asked, what came, how it went, what was seen, and the decision on it."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from payerbots.browser.evidence import PAGE, PICTURE, opened
from payerbots.console import deciding, plain
from payerbots.console.door import needs
from payerbots.console.headers import FRAMED, LOOK
from payerbots.console.office import actor, office
from payerbots.console.rights import Right
from payerbots.console.views import exceptions, helpers
from payerbots.domain.decisions import Decision
from payerbots.domain.review import About, Kind, teams
from payerbots.errors import KeyUnknown
from payerbots.ledger import case_views, cases, looks
from payerbots.ledger.case_views import OpenCase
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
    before, after = exceptions.beside(request.GET, number)
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
        "due": None
        if found.item.due_at == NEVER
        else found.item.due_at.astimezone(office().space.zone).date(),
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
    return shown | {"case": case, "described": described} | _form(case, decisions)


def _form(found: OpenCase, decisions: Sequence[Decision]) -> dict[str, Any]:
    return {
        "seen": deciding.Seen(found.about, found.mark, found.seen),
        "decisions": decisions,
        "teams": teams(),
        "people": exceptions.people(),
    }


@needs(Right.SEE_ITEMS)
@require_GET
def case(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    """A payment, a deposit or a claim that needs a person. The look is audited."""
    about = _about(kind, number)
    ledger = office().ledger
    found = looks.case(ledger, about, actor(request))
    if found is None:
        raise Http404
    context: dict[str, Any] = {
        "look": found,
        "kind": kind,
        "past": cases.decisions_on(ledger, about),
        "back": reverse("exceptions") + f"?kind={kind}",
        "query": f"kind={kind}",
    }
    open_case = case_views.one(ledger, about)
    if open_case is not None:
        context |= {"case": open_case, "described": deciding.describe(open_case)}
        if helpers.may(request, Right.DECIDE):
            context |= _form(open_case, [one for one in Decision if one not in _ONLY_ITEMS])
    return render(request, "console/case.html", context)


_ONLY_ITEMS = {Decision.SEND_BACK, Decision.CORRECTED}


def _about(kind: str, number: int) -> About:
    if kind not in set(Kind) or kind == Kind.ITEM:
        raise Http404
    return About(Kind(kind), number)


@needs(Right.DECIDE)
@require_POST
def decide_one(request: HttpRequest, number: int) -> HttpResponse:
    """Applies a decision to an item, and goes on to the next one in what somebody goes through."""
    query = QueryDict(request.POST.get("query", "")[:500])
    _, after = exceptions.beside(query, number)
    went_well = _decided(request, About(Kind.ITEM, number))
    target = reverse("item", args=[after if went_well and after else number])
    return redirect(target + (f"?{query.urlencode()}" if query else ""))


@needs(Right.DECIDE)
@require_POST
def decide_case(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    """Applies a decision to a payment, a deposit or a claim."""
    went_well = _decided(request, _about(kind, number))
    return redirect(
        f"{reverse('exceptions')}?kind={kind}" if went_well else reverse("case", args=[kind, number])
    )


def _decided(request: HttpRequest, about: About) -> bool:
    seen = request.POST.get("seen", "")

    def work() -> str:
        if deciding.Seen.read(seen).about != about:
            raise Http404
        return f"{deciding.decide(request, seen).capitalize()}."

    return helpers.attempted(request, work)


@needs(Right.SEE_ITEMS)
@require_GET
def evidence(request: HttpRequest, number: int, which: int) -> HttpResponse:
    """A picture, or a page in a frame that can do nothing; decrypted as it is served. The look is audited."""
    kept, data = _opened(request, number, which)
    if kept.kind == PICTURE:
        return HttpResponse(data, content_type="image/png")
    if kept.kind != PAGE:
        raise Http404
    framed = HttpResponse(data + LOOK, content_type="text/html; charset=utf-8")
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
