"""Whether a portal may be used, and the sessions kept between runs."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from payerbots.errors import KeyUnknown
from payerbots.ledger import audit
from payerbots.ledger.models import PortalStanding, SavedSession
from payerbots.ledger.records import Ledger

OPEN, PAUSED, STOPPED = "open", "paused", "stopped"
_DOUBLINGS = 20


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A portal's standing: open, paused until `until`, or stopped until a person resumes it."""

    portal: str
    state: str = OPEN
    reason: str = ""
    message: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class SessionPlace:
    """Whose session: the portal and its address, the login, and which of the login's sessions."""

    portal: str
    url: str
    login: str
    slot: int


def standing(ledger: Ledger, portal: str) -> Standing:
    """How a portal stands now; a pause that is over counts as open."""
    last = last_standing(portal)
    over = last.state == PAUSED and last.until is not None and last.until <= ledger.now()
    return Standing(portal=portal) if over else last


def last_standing(portal: str) -> Standing:
    """How a portal stood when it was last used: a pause that is over is still told."""
    row = PortalStanding.objects.filter(portal=portal).first()
    if row is None:
        return Standing(portal=portal)
    return Standing(
        portal=portal,
        state=row.state,
        reason=row.reason,
        message=row.message,
        since=row.since,
        until=row.until,
    )


@transaction.atomic
def stop(ledger: Ledger, portal: str, reason: str, message: str) -> None:
    """Nobody uses the portal until a person resumes it. Saved sessions of it are forgotten.

    The first stop stands: a later one while it is stopped changes nothing.
    """
    if last_standing(portal).state == STOPPED:
        return
    _set(ledger, portal, STOPPED, reason=reason, message=message[:200], until=None)
    SavedSession.objects.filter(portal=portal).delete()
    audit.note(ledger, "guard", "portal stopped", {"portal": portal}, after={"reason": reason})


@transaction.atomic
def pause(ledger: Ledger, portal: str, reason: str, message: str, rest: tuple[timedelta, timedelta]) -> None:
    """The portal rests for `rest[0]`, twice as long at each pause in a row, at most `rest[1]`.

    An earlier stop stays a stop.
    """
    row = PortalStanding.objects.filter(portal=portal).first()
    now = ledger.now()
    if row is not None and (row.state == STOPPED or (row.state == PAUSED and row.until and row.until > now)):
        return
    pauses = row.pauses if row else 0
    first, longest = rest
    until = now + min(first * 2 ** min(pauses, _DOUBLINGS), longest)
    _set(ledger, portal, PAUSED, reason=reason, message=message[:200], until=until, pauses=pauses + 1)
    audit.note(ledger, "guard", "portal paused", {"portal": portal}, after={"reason": reason})


def answered(ledger: Ledger, portal: str) -> None:
    """The portal answers again: its next pause begins short. A pause that still lasts stays."""
    over = PortalStanding.objects.filter(portal=portal, state=PAUSED, until__lte=ledger.now())
    over.update(state=OPEN, pauses=0, until=None)


@transaction.atomic
def resume(ledger: Ledger, portal: str, actor: str) -> Standing:
    """Opens a stopped or paused portal again; how it stood before."""
    before = standing(ledger, portal)
    _set(ledger, portal, OPEN, reason="", message="", until=None, pauses=0)
    audit.note(ledger, actor, "portal resumed", {"portal": portal}, before={"state": before.state})
    return before


def _set(ledger: Ledger, portal: str, state: str, **values: object) -> None:
    defaults = {"state": state, "since": ledger.now(), **values}
    PortalStanding.objects.update_or_create(portal=portal, defaults=defaults)


def save_session(ledger: Ledger, place: SessionPlace, state: bytes) -> None:
    """Keeps a signed-in session, encrypted, for the next run."""
    SavedSession.objects.update_or_create(
        portal=place.portal,
        login=place.login,
        slot=place.slot,
        defaults={"url": place.url, "state_sealed": ledger.keys.seal(state), "saved_at": ledger.now()},
    )


def saved_session(ledger: Ledger, place: SessionPlace) -> bytes | None:
    """The session kept for a login at its portal's address; None where there is none, or no key opens it."""
    row = SavedSession.objects.filter(**vars(place)).first()
    try:
        return None if row is None else ledger.keys.unseal(row.state_sealed)
    except KeyUnknown:
        return None


def forget_session(place: SessionPlace) -> None:
    """Drops a session that the portal no longer honours."""
    SavedSession.objects.filter(**vars(place)).delete()
