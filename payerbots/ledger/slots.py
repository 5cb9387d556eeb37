"""Session slots: how many sessions a login holds at once, over all processes that share the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import Q, QuerySet

from payerbots.ledger.models import SessionSlot
from payerbots.ledger.records import LONGEST_LEASE, Ledger

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
    over = Q(until__lte=now) | Q(until__gt=now + LONGEST_LEASE)
    free = Q(owner="") | Q(owner=owner) | over
    return bool(SessionSlot.objects.filter(free, pk=row.pk).update(owner=owner, until=now + lease))


def take_first(ledger: Ledger, wanted: Sequence[Slot], owner: str, lease: timedelta) -> Slot | None:
    """Takes the first slot of `wanted` that nobody holds; None when all are held."""
    return next((slot for slot in wanted if take(ledger, slot, owner, lease)), None)


def renew(ledger: Ledger, owner: str, held: Sequence[Slot], lease: timedelta) -> int:
    """Prolongs those of `held` that are still `owner`'s; how many those are."""
    now = ledger.now()
    known = reduce(or_, (Q(portal=one.portal, login=one.login, slot=one.number) for one in held), Q(pk=None))
    return SessionSlot.objects.filter(known, owner=owner, until__gt=now).update(until=now + lease)


def give_back(owner: str, slot: Slot | None = None) -> None:
    """Frees a slot, or all that `owner` holds."""
    held = SessionSlot.objects.filter(owner=owner)
    if slot is not None:
        held = held.filter(portal=slot.portal, login=slot.login, slot=slot.number)
    held.update(owner="")


def is_proven(turn: Slot, fingerprint: str) -> bool:
    """Whether this very user and password were let in the last time."""
    return _turn(turn).filter(proven=fingerprint).exists()


def prove(ledger: Ledger, turn: Slot, fingerprint: str) -> None:
    """Notes that this user and password were let in now; `""` that they no longer are."""
    values = {"proven": fingerprint} | ({"signed_in_at": ledger.now()} if fingerprint else {})
    _turn(turn).update(**values)


def use_window(turn: Slot, window: int) -> bool:
    """Notes that the time-based code of a window is used; False when it, or a later one, was used before."""
    return bool(_turn(turn).filter(code_window__lt=window).update(code_window=window))


def last_sign_ins(portal: str) -> dict[str, datetime]:
    """When each login of a portal was last let in."""
    turns = SessionSlot.objects.filter(portal=portal, slot=SIGN_IN, signed_in_at__isnull=False)
    return {login: at for login, at in turns.values_list("login", "signed_in_at") if at is not None}


def _turn(turn: Slot) -> QuerySet[SessionSlot, SessionSlot]:
    return SessionSlot.objects.filter(portal=turn.portal, login=turn.login, slot=SIGN_IN)
