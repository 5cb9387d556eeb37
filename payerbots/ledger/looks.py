"""Looks at what names a person: each is audited, in the transaction of the look."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from payerbots.domain.review import About, Kind
from payerbots.ledger import audit, intents
from payerbots.ledger.models import (
    Attempt,
    Audit,
    Concern,
    Deposit,
    Evidence,
    File,
    Intent,
    Item,
    ItemKind,
    ItemState,
    Match,
    Payment,
    RunItem,
)
from payerbots.ledger.records import Ledger

AUDIT_PAGE = 100
ACTIONS = (
    "run started",
    "run ended",
    "done",
    "exception",
    "send back",
    "corrected - send back",
    "resolved by hand",
    "write off",
    "pend until",
    "assign to",
    "cancelled",
    "portal stopped",
    "portal paused",
    "portal resumed",
    "code typed",
    "looked at",
    "exceptions seen",
    "evidence opened",
    "file opened",
    "signed in",
    "signed out",
    "account added",
    "account disabled",
)
"""What people look for most in the audit."""

LOOKS = ("looked at", "exceptions seen", "evidence opened", "file opened", "queue taken")
"""What the audit says of looks."""


@dataclass(frozen=True, kw_only=True)
class ItemLook:
    """An item with all that is known of it. `request`, `answer` and `before` are what was packed, as plain values."""

    item: Item
    runs: Sequence[int]
    tries: Sequence[Attempt]
    evidence: Sequence[Evidence]
    intents: Sequence[Intent]
    history: Sequence[Audit]
    uncertain: bool
    request: Any = field(repr=False)
    answer: Any = field(default=None, repr=False)
    before: Any = field(default=None, repr=False)


@transaction.atomic
def item(ledger: Ledger, number: int, actor: str) -> ItemLook | None:
    """One item, opened; None where there is none."""
    found = Item.objects.filter(pk=number).exclude(kind=ItemKind.COLLECT).first()
    if found is None:
        return None
    audit.note(ledger, actor, "looked at", {"item": number})
    return ItemLook(
        item=found,
        runs=list(RunItem.objects.filter(item=number).order_by("-run").values_list("run", flat=True)[:10]),
        tries=list(Attempt.objects.filter(item=number).order_by("number")),
        evidence=list(Evidence.objects.filter(item=number).order_by("-attempt", "kind", "pk")),
        intents=list(Intent.objects.filter(item=number).order_by("pk")),
        history=list(Audit.objects.filter(item=number).exclude(action__in=LOOKS).order_by("pk")[:500]),
        uncertain=bool(intents.open_ones(number)),
        request=None if found.purged_at else _plain(ledger, found.request_sealed),
        answer=None if found.purged_at else _plain(ledger, found.result_sealed),
        before=_before(ledger, found),
    )


def _plain(ledger: Ledger, sealed: bytes | memoryview | None) -> Any:  # noqa: ANN401 - whatever a bot packed
    if sealed is None:
        return None
    opened = ledger.keys.unseal(sealed)
    return json.loads(opened) if opened else None


def _before(ledger: Ledger, found: Item) -> Any:  # noqa: ANN401 - as above
    """The last answer about the same person and things before this one."""
    if not found.subject or found.purged_at:
        return None
    earlier = Item.objects.filter(
        bot=found.bot,
        subject=found.subject,
        pk__lt=found.pk,
        result_sealed__isnull=False,
        state__in=[ItemState.DONE, ItemState.EXCEPTION],
    )
    return _plain(ledger, earlier.order_by("-pk").values_list("result_sealed", flat=True).first())


@dataclass(frozen=True, kw_only=True)
class CaseLook:
    """A payment, a deposit or a concern, with where its money came from and went."""

    row: Any
    payment: Payment | None
    matches: Sequence[Match]
    history: Sequence[Audit]


@transaction.atomic
def case(ledger: Ledger, about: About, actor: str) -> CaseLook | None:
    """One of them; None where there is none."""
    found = _MONEY[about.kind]().filter(pk=about.number).first()
    if found is None:
        return None
    payment = found if about.kind is Kind.PAYMENT else getattr(found, "payment", None)
    held = Match.objects.filter(undone_at=None).select_related("payment", "deposit").order_by("pk")
    matched = held.filter(deposit=found) if about.kind is Kind.DEPOSIT else held.filter(payment=payment)
    after = {str(about.kind): about.number}
    history = Audit.objects.filter(item=(payment or found).item_id, before__has_key=str(about.kind))
    audit.note(ledger, actor, "looked at", {"item": (payment or found).item_id}, after=after)
    return CaseLook(
        row=found, payment=payment, matches=list(matched[:20]), history=list(history.order_by("pk")[:100])
    )


_MONEY: Mapping[Kind, Callable[[], QuerySet[Any, Any]]] = {
    Kind.PAYMENT: lambda: Payment.objects.select_related("file", "item"),
    Kind.DEPOSIT: lambda: Deposit.objects.select_related("file", "item"),
    Kind.CONCERN: lambda: Concern.objects.select_related("payment__file", "payment__item"),
}


@transaction.atomic
def evidence(ledger: Ledger, number: int, which: int, actor: str) -> Evidence | None:
    """A piece of evidence of an item; None where the item has no such."""
    found = Evidence.objects.filter(pk=which, item=number).first()
    if found is not None:
        audit.note(ledger, actor, "evidence opened", {"item": number}, after={"kind": found.kind})
    return found


@transaction.atomic
def file(ledger: Ledger, number: int, actor: str) -> File | None:
    """A file that came; None where there is none, or its content was purged."""
    found = File.objects.filter(pk=number, purged_at=None).first()
    if found is not None:
        audit.note(ledger, actor, "file opened", {"item": found.item_id}, after={"file": number})
    return found


def files(page: int) -> tuple[list[File], int, int]:
    """A page of the files that came, the newest first; which page it is, and the last one."""
    rows = File.objects.order_by("-pk")
    last = max(1, -(-rows.count() // AUDIT_PAGE))
    number = min(max(page, 1), last)
    return list(rows[(number - 1) * AUDIT_PAGE : number * AUDIT_PAGE]), number, last


def history(wanted: Mapping[str, str], before: int | None) -> list[Audit]:
    """A page of the audit, the newest first, from below the row `before`. `wanted`: actor, action, item, run, portal, looks."""
    rows = _wanted(Audit.objects.order_by("-pk"), wanted)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return list(rows[:AUDIT_PAGE])


def _wanted(rows: "QuerySet[Audit, Audit]", wanted: Mapping[str, str]) -> "QuerySet[Audit, Audit]":
    for name in ("actor", "action", "portal"):
        if value := wanted.get(name):
            rows = rows.filter(**{f"{name}__icontains" if name == "actor" else name: value})
    for name in ("item", "run"):
        if (value := wanted.get(name, "")).isdecimal():
            rows = rows.filter(**{name: min(int(value), 2**63 - 1)})
    if wanted.get("who") == "people":
        rows = rows.filter(Q(actor__startswith="person:"))
    if wanted.get("looks") == "no":
        rows = rows.exclude(action__in=LOOKS)
    return rows
