"""The chain of seals over the audit: rows are written unsealed with their change, and sealed in order soon after.

A chain head taken by every worker would make them wait for each other; so one sweep, whoever runs it, seals
what has been written since. A link holds a keyed hash of the row and one of itself and the link before:
who changes, removes or slips in a row without the index key breaks it. A purge takes rows and leaves links.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from payerbots.ledger.models import Audit, AuditSeal
from payerbots.ledger.records import Ledger

SOON = timedelta(minutes=1)
"""How old an unsealed row may be before something is wrong."""

PURGED = "audit purged"
"""The action of the row that says up to which link a purge took the rows, as `purged` gives it."""

_BATCH = 500
_SHOWN = 20


def seal(ledger: Ledger, most: int = 5000) -> int:
    """Seals what is unsealed, in order; how many rows. Nothing when another does so at this moment."""
    sealed = 0
    while sealed < most:
        try:
            done = _seal_batch(ledger)
        except IntegrityError:
            return sealed
        if not done:
            return sealed
        sealed += done
    return sealed


@transaction.atomic
def _seal_batch(ledger: Ledger) -> int:
    last = AuditSeal.objects.select_for_update().order_by("-position").first()
    position, chain = (last.position, last.chain) if last else (0, "")
    rows = list(Audit.objects.filter(sealed=False).order_by("pk")[:_BATCH])
    links = []
    for place, row in enumerate(rows, position + 1):
        content = _content(ledger, row)
        chain = _link(ledger, chain, content)
        links.append(
            AuditSeal(position=place, audit=row.pk, content=content, chain=chain, sealed_at=ledger.now())
        )
    AuditSeal.objects.bulk_create(links)
    Audit.objects.filter(pk__in=[row.pk for row in rows]).update(sealed=True)
    return len(rows)


def _content(ledger: Ledger, row: Audit) -> str:
    told = [
        row.pk,
        row.at.astimezone(UTC).isoformat(),
        row.actor,
        row.action,
        row.run,
        row.item,
        row.portal,
        row.before,
        row.after,
    ]
    return _keyed(ledger, json.dumps(told, sort_keys=True, ensure_ascii=False))


def _link(ledger: Ledger, before: str, content: str) -> str:
    return _keyed(ledger, f"{before}:{content}")


def _keyed(ledger: Ledger, text: str) -> str:
    return hmac.new(f"audit:{ledger.keys.index}".encode(), text.encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What was found of the chain. `head` is its last link: note it elsewhere, and it proves the end too."""

    links: int
    purged: int
    unsealed: int
    """Rows that wait for the next sweep."""
    head: str
    problems: Sequence[str] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


def verify(ledger: Ledger, expected: str = "") -> Verdict:
    """Goes along the whole chain. `expected` is a head noted before (`position:hash`): it must still be there."""
    walk = _Walk(ledger, expected)
    problems = [*walk.problems(), *_overdue(ledger)]
    if len(problems) > _SHOWN:
        problems = [*problems[:_SHOWN], f"and {len(problems) - _SHOWN} more"]
    return Verdict(
        links=walk.links,
        purged=walk.purged,
        unsealed=Audit.objects.filter(sealed=False).count(),
        head=f"{walk.position}:{walk.chain}" if walk.links else "",
        problems=problems,
    )


def _overdue(ledger: Ledger) -> Iterator[str]:
    late = Audit.objects.filter(sealed=False, at__lt=ledger.now() - SOON).count()
    if late:
        yield f"{late} rows have been unsealed for over a minute: no worker sweeps, or somebody slipped them in"
    loose = Audit.objects.filter(sealed=True).exclude(pk__in=AuditSeal.objects.values("audit"))
    for number in loose.values_list("pk", flat=True)[:_SHOWN]:
        yield f"row {number} says that it is sealed, and no link knows it"


class _Walk:
    """Along the chain, batch by batch."""

    def __init__(self, ledger: Ledger, expected: str) -> None:
        self.ledger, self.expected = ledger, expected
        self.links = self.purged = self.position = 0
        self.chain = ""
        self._upto = _purged_upto(ledger)

    def problems(self) -> Iterator[str]:
        while batch := list(
            AuditSeal.objects.filter(position__gt=self.position).order_by("position")[:_BATCH]
        ):
            rows = Audit.objects.in_bulk([link.audit for link in batch])
            for link in batch:
                yield from self._step(link, rows.get(link.audit))
        if self.expected and not self._known(self.expected):
            yield f"the head {self.expected.partition(':')[0]} that was noted is not in the chain"

    def _step(self, link: AuditSeal, row: Audit | None) -> Iterator[str]:
        if link.position != self.position + 1:
            yield f"links {self.position + 1} to {link.position - 1} are gone"
        elif link.chain != _link(self.ledger, self.chain, link.content):
            yield f"link {link.position} does not follow from the one before"
        if row is None and link.position <= self._upto:
            self.purged += 1
        elif row is None:
            yield f"row {link.audit} (link {link.position}) is gone"
        elif _content(self.ledger, row) != link.content:
            yield f"row {link.audit} (link {link.position}) was changed"
        self.position, self.chain, self.links = link.position, link.chain, self.links + 1

    @staticmethod
    def _known(expected: str) -> bool:
        position, _, chain = expected.partition(":")
        return position.isdigit() and AuditSeal.objects.filter(position=int(position), chain=chain).exists()


def purged(ledger: Ledger, position: int) -> dict[str, Any]:
    """What the audit of a purge says: the last link whose row it took, proven with the index key."""
    return {"position": position, "proof": _keyed(ledger, f"purged:{position}")}


def _purged_upto(ledger: Ledger) -> int:
    """Up to which link purges took the rows; only a sealed row with a proof says so."""
    told: list[dict[str, Any]] = list(
        Audit.objects.filter(action=PURGED, sealed=True).values_list("after", flat=True)
    )
    return max((one["position"] for one in told if one == purged(ledger, one["position"])), default=0)
