"""Session slots: how many sessions a login holds at once, over all processes that share the ledger."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from payerbots.ledger.models import SessionSlot
from payerbots.ledger.records import Ledger

SIGN_IN = 0
"""The slot that is held while a login signs in: one at a time, whoever it is."""


@dataclass(frozen=True)
class Slot:
    """One slot of a login at a portal, numbered from 1; `SIGN_IN` is the turn to sign in."""

    portal: str
    login: str
    number: int

    @property
    def turn(self) -> "Slot":
        """The login's turn to sign in."""
        return Slot(self.portal, self.login, SIGN_IN)


@transaction.atomic
def take(ledger: Ledger, slot: Slot, owner: str, lease: timedelta) -> bool:
    """Takes or prolongs a slot; False while another holds it."""
    now = ledger.now()
    key = {"portal": slot.portal, "login": slot.login, "slot": slot.number}
    row, _ = SessionSlot.objects.get_or_create(**key, defaults={"until": now})
    free = Q(owner="") | Q(owner=owner) | Q(until__lte=now)
    return bool(SessionSlot.objects.filter(free, pk=row.pk).update(owner=owner, until=now + lease))


def renew(ledger: Ledger, owner: str, lease: timedelta) -> int:
    """Prolongs every slot that `owner` still holds; how many those are."""
    now = ledger.now()
    return SessionSlot.objects.filter(owner=owner, until__gt=now).update(until=now + lease)


def give_back(owner: str, slot: Slot | None = None) -> None:
    """Frees a slot, or all that `owner` holds."""
    held = SessionSlot.objects.filter(owner=owner)
    if slot is not None:
        held = held.filter(portal=slot.portal, login=slot.login, slot=slot.number)
    held.update(owner="")


def is_proven(turn: Slot, fingerprint: str) -> bool:
    """Whether this very user and password were let in the last time."""
    return _turn(turn).filter(proven=fingerprint).exists()


def prove(turn: Slot, fingerprint: str) -> None:
    """Notes that this user and password were let in; `""` that they no longer are."""
    _turn(turn).update(proven=fingerprint)


def _turn(turn: Slot) -> QuerySet[SessionSlot, SessionSlot]:
    return SessionSlot.objects.filter(portal=turn.portal, login=turn.login, slot=SIGN_IN)
