"""Exceptions: looked through, sorted, and decided on, one or many at once."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from payerbots.console import deciding
from payerbots.console.door import needs
from payerbots.console.models import SavedView
from payerbots.console.office import actor, office
from payerbots.console.rights import Right
from payerbots.console.views import helpers
from payerbots.domain.decisions import Decision
from payerbots.domain.review import Kind
from payerbots.errors import DecisionRefused
from payerbots.ledger import exceptions as ledger_exceptions
from payerbots.ledger import money_exceptions
from payerbots.ledger.exceptions import ORDERS, Choice
from payerbots.ledger.records import Ledger
from payerbots.reasons import catalogue
from payerbots.review.described import Bots

_TEXTS = ("reason", "team", "portal", "bot", "state", "person")
_KEPT = (*_TEXTS, "kind", "pended", "order", "item", "page")
MOST_AT_ONCE = 500
_VIEWS = 30


def choice_of(query: QueryDict) -> Choice:
    """The exceptions that a query means."""
    order = query.get("order", "")
    item = query.get("item", "")
    return Choice(
        **{name: query.get(name, "")[:60] for name in _TEXTS},
        pended=bool(query.get("pended")),
        item=helpers.number(item) if item.isdecimal() else None,
        order=order if order in ORDERS else "due",
        page=helpers.number(query.get("page")),
    )


@needs(Right.SEE_ITEMS)
@require_GET
def exceptions(request: HttpRequest) -> HttpResponse:
    """A page of them, what is due first and the most money at the head."""
    choice, kind = choice_of(request.GET), kind_of(request.GET)
    ledger, me = office().ledger, actor(request)
    if kind is Kind.ITEM:
        page = ledger_exceptions.listed(ledger, choice, me)
        reasons = ledger_exceptions.by_reason(ledger, choice)
    else:
        page = money_exceptions.listed(ledger, kind, choice, me)
        reasons = money_exceptions.by_reason(ledger, kind, choice)
    space, bots = office().space, Bots(deciding.desk())
    context = {
        "page": page,
        "rows": [
            {"row": row, "who": deciding.described(bots, row), "seen": deciding.of_row(row)}
            for row in page.rows
        ],
        "kind": str(kind),
        "tabs": _tabs(ledger),
        "choice": choice,
        "reasons": reasons,
        "teams": list(dict.fromkeys(text.team for text in catalogue().values())),
        "bots": space.bot_names(),
        "portals": list(space.portals),
        "orders": _ORDERS,
        "people": people(),
        "views": SavedView.objects.filter(user=_user(request)).order_by("name"),
        "bulk": [one for one in deciding.BULK if kind is Kind.ITEM or one is not Decision.SEND_BACK],
        "filtered": choice != Choice(order=choice.order, page=choice.page),
    }
    return helpers.shown(request, "exceptions.html", "parts/exceptions.html", context, target="exceptions")


def kind_of(query: QueryDict) -> Kind:
    """What kind of exceptions a query means."""
    told = query.get("kind", "")
    return Kind(told) if told in set(Kind) else Kind.ITEM


def _tabs(ledger: Ledger) -> list[dict[str, Any]]:
    counts = {Kind.ITEM: ledger_exceptions.how_many(ledger), **money_exceptions.how_many(ledger)}
    return [{"kind": str(kind), "title": _TABS[kind], "count": number} for kind, number in counts.items()]


_TABS = {Kind.ITEM: "Items", Kind.PAYMENT: "Payments", Kind.DEPOSIT: "Deposits", Kind.CONCERN: "Claims"}
_ORDERS = {
    "due": "Due, then dollars",
    "dollars": "Dollars",
    "oldest": "Oldest",
    "newest": "Newest",
    "attempts": "Attempts",
}


def people() -> list[str]:
    """Whom an exception can be given to."""
    found = User.objects.filter(is_active=True, groups__permissions__codename=Right.DECIDE).distinct()
    return list(found.order_by("username").values_list("username", flat=True))


@needs(Right.DECIDE)
@require_POST
def decide_many(request: HttpRequest) -> HttpResponse:
    """One decision on all that were ticked; each stands or is refused by itself."""
    chosen = request.POST.getlist("item")[:MOST_AT_ONCE]
    done, refused = [], []
    for mark in chosen:
        try:
            done.append(deciding.decide(request, mark))
        except DecisionRefused as error:
            refused.append(str(error))
    _tell(request, done, refused, any_chosen=bool(chosen))
    return redirect(_back(request))


def _tell(request: HttpRequest, done: Sequence[str], refused: Sequence[str], *, any_chosen: bool) -> None:
    if not any_chosen:
        messages.error(
            request, "Nothing was ticked. Tick rows with x, or the box at the head for all on this page."
        )
    if done:
        word = deciding.past(request.POST.get("decision", ""))
        messages.success(
            request, f"{len(done)} {'exception is' if len(done) == 1 else 'exceptions are'} {word}."
        )
    for text in refused[:5]:
        messages.error(request, f"Refused: {text}.")
    if len(refused) > 5:  # noqa: PLR2004 - as many as are told one by one
        messages.error(request, f"{len(refused) - 5} more were refused.")


def _back(request: HttpRequest) -> str:
    """The list as it was chosen."""
    query = QueryDict(request.POST.get("query", "")[:500])
    kept = {name: query[name] for name in _KEPT if query.get(name)}
    made = QueryDict(mutable=True)
    made.update(kept)
    return reverse("exceptions") + (f"?{made.urlencode()}" if kept else "")


@needs(Right.SEE_ITEMS)
@require_POST
def save_view(request: HttpRequest) -> HttpResponse:
    """Keeps what is chosen under a name."""
    name = " ".join(request.POST.get("name", "").split())[:40]
    back = _back(request)
    if not name:
        messages.error(request, "A view needs a name.")
        return redirect(back)
    user = _user(request)
    if SavedView.objects.filter(user=user).exclude(name=name).count() >= _VIEWS:
        messages.error(request, f"There are {_VIEWS} views: forget one first.")
        return redirect(back)
    SavedView.objects.update_or_create(user=user, name=name, defaults={"query": back.partition("?")[2][:300]})
    messages.success(request, f"The view “{name}” is kept.")
    return redirect(back)


@needs(Right.SEE_ITEMS)
@require_POST
def forget_view(request: HttpRequest, number: int) -> HttpResponse:
    """Drops a view of one's own."""
    get_object_or_404(SavedView, pk=number, user=_user(request)).delete()
    return redirect("exceptions")


def _user(request: HttpRequest) -> Any:  # noqa: ANN401 - the door has let somebody in who is signed in
    return request.user


def beside(query: QueryDict, item: int) -> tuple[int | None, int | None]:
    """The items before and after in what somebody goes through."""
    return ledger_exceptions.beside(office().ledger, replace(choice_of(query), item=None), item)
