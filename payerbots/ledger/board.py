"""The work as it stands this moment, in numbers: for whoever watches."""

from datetime import timedelta
from typing import Any

from django.db.models import Count, Min, Q

from payerbots.ledger import beats, notices
from payerbots.ledger.models import Attempt, Item, ItemKind, ItemState, Run, RunState
from payerbots.ledger.records import Ledger
from payerbots.ledger.runs import OPEN

_LATELY = timedelta(minutes=5)
_NEEDS_A_PERSON = (ItemState.EXCEPTION, ItemState.PARKED, ItemState.ABANDONED)


def snapshot(ledger: Ledger, heartbeat: timedelta) -> dict[str, Any]:
    """Workers, runs, backlog by bot and portal, what is at hand, and notices. Times are aware UTC."""
    now = ledger.now()
    silent = 3 * heartbeat
    return {
        "at": now,
        "workers": _workers(ledger, silent),
        "lost_workers": beats.overdue(ledger, silent),
        "runs": _runs(),
        "backlog": _backlog(ledger),
        "at_hand": _at_hand(),
        "ended_lately": _ended(ledger),
        "notices": notices.unsent(10),
    }


def _workers(ledger: Ledger, silent: timedelta) -> list[dict[str, Any]]:
    """Those that are alive, with what they hold at this moment instead of at their last word."""
    held = Item.objects.filter(state=ItemState.RUNNING).values_list("lease_owner")
    busy = dict(held.annotate(Count("pk")))
    return [{**one, "busy": busy.get(one["owner"], 0)} for one in beats.alive(ledger, silent)]


def _runs() -> list[dict[str, Any]]:
    found = Run.objects.filter(state=RunState.RUNNING).order_by("pk")
    counted = found.annotate(
        items=Count("asked"),
        left=Count("asked", filter=Q(asked__item__state__in=OPEN)),
        for_a_person=Count("asked", filter=Q(asked__item__state__in=_NEEDS_A_PERSON)),
    )
    names = ("id", "bot", "created_at", "keeper", "items", "left", "for_a_person")
    return [dict(row) for row in counted.values(*names)]


def _backlog(ledger: Ledger) -> list[dict[str, Any]]:
    """Open items by bot and portal, with the time since the oldest of them was made."""
    now = ledger.now()
    waits = Q(state=ItemState.WAITING, not_before__gt=now)
    found = Item.objects.filter(state__in=OPEN).values("bot", "portal").order_by("bot", "portal")
    counted = found.annotate(
        ready=Count("pk", filter=~Q(state=ItemState.RUNNING) & ~waits),
        running=Count("pk", filter=Q(state=ItemState.RUNNING)),
        waiting=Count("pk", filter=waits),
        oldest=Min("created_at"),
    )
    return [dict(row) for row in counted]


def _at_hand() -> list[dict[str, Any]]:
    found = Item.objects.filter(state=ItemState.RUNNING).order_by("updated_at")
    return [
        {"item": pk, "bot": bot, "portal": portal, "attempt": attempts, "since": since, "worker": owner}
        for pk, bot, portal, attempts, since, owner in found.values_list(
            "pk", "bot", "portal", "attempts", "updated_at", "lease_owner"
        )[:100]
    ]


def _ended(ledger: Ledger) -> dict[str, int]:
    """How the attempts of the last five minutes ended."""
    lately = Attempt.objects.filter(ended_at__gt=ledger.now() - _LATELY).exclude(item__kind=ItemKind.COLLECT)
    return dict(lately.values_list("outcome").annotate(Count("pk")).order_by("outcome"))
