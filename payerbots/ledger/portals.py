"""Whether a portal may be used, and the sessions kept between runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from payerbots.errors import DecisionRefused, KeyUnknown
from payerbots.ledger import audit, notices
from payerbots.ledger.models import PortalStanding, SavedSession
from payerbots.ledger.records import LONGEST_LEASE, Ledger

OPEN, PAUSED, STOPPED = "open", "paused", "stopped"
_DOUBLINGS = 20
_WORTH_TELLING = 3


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A portal's standing: open, paused until `until`, or stopped until a person resumes it."""

    portal: str
    state: str = OPEN
    reason: str = ""
    message: str = ""
    login: str = ""
    since: datetime | None = None
    until: datetime | None = None
    probing: bool = False
    """The pause is over, but nobody has been answered since: one item at a time."""


@dataclass(frozen=True)
class SessionPlace:
    """Whose session: the portal and its address, the login, and which of the login's sessions."""

    portal: str
    url: str
    login: str
    slot: int


def standing(ledger: Ledger, portal: str) -> Standing:
    """How a portal stands now; a pause that is over counts as open, to be probed."""
    return _now(last_standing(portal), ledger.now())


def standings(ledger: Ledger, portals: Sequence[str]) -> dict[str, Standing]:
    """How each of the portals stands now."""
    now = ledger.now()
    rows = {row.portal: row for row in PortalStanding.objects.filter(portal__in=portals)}
    return {
        name: _now(_standing(rows[name]), now) if name in rows else Standing(portal=name) for name in portals
    }


def last_standing(portal: str) -> Standing:
    """How a portal stood when it was last used: a pause that is over is still told."""
    row = PortalStanding.objects.filter(portal=portal).first()
    return Standing(portal=portal) if row is None else _standing(row)


def _standing(row: PortalStanding) -> Standing:
    return Standing(
        portal=row.portal,
        state=row.state,
        reason=row.reason,
        message=row.message,
        login=row.login,
        since=row.since,
        until=row.until,
    )


def _now(last: Standing, now: datetime) -> Standing:
    over = last.state == PAUSED and last.until is not None and last.until <= now
    return Standing(portal=last.portal, probing=True) if over else last


@transaction.atomic
def stop(ledger: Ledger, portal: str, reason: str, message: str, login: str = "") -> None:
    """Nobody uses the portal until a person resumes it. Saved sessions of it are forgotten, a notice is left.

    `login` is the one that was refused. The first stop stands: a later one while it is stopped changes nothing.
    """
    row = _row(ledger, portal)
    if row.state == STOPPED:
        return
    _set(ledger, row, STOPPED, reason=reason, message=message[:200], login=login, until=None)
    SavedSession.objects.filter(portal=portal).delete()
    told = audit.note(ledger, "guard", "portal stopped", {"portal": portal}, after={"reason": reason})
    of_login = f" (login {login})" if login else ""
    notices.tell(
        ledger,
        notices.News(
            key=f"stopped:{told}",
            kind="stopped",
            portal=portal,
            login=login,
            reason=reason,
            message=f"{portal}{of_login} is stopped: {message}. "
            f"When it is put right: payerbots portals resume {portal}",
        ),
    )


@transaction.atomic
def pause(ledger: Ledger, portal: str, reason: str, message: str, rest: tuple[timedelta, timedelta]) -> None:
    """The portal rests for `rest[0]`, twice as long at each pause in a row, at most `rest[1]`.

    An earlier stop stays a stop. From the third pause in a row on, a notice is left.
    """
    row = _row(ledger, portal)
    if row.state == STOPPED or _now(_standing(row), ledger.now()).state == PAUSED:
        return
    first, longest = rest
    until = ledger.now() + min(first * 2 ** min(row.pauses, _DOUBLINGS), longest)
    _set(ledger, row, PAUSED, reason=reason, message=message[:200], until=until, pauses=row.pauses + 1)
    told = audit.note(ledger, "guard", "portal paused", {"portal": portal}, after={"reason": reason})
    if row.pauses == _WORTH_TELLING:
        text = f"{portal} was paused {row.pauses} times in a row and still does not answer: {message}"
        news = notices.News(key=f"paused:{told}", kind="paused", portal=portal, reason=reason, message=text)
        notices.tell(ledger, news)


@transaction.atomic
def rest(ledger: Ledger, portal: str, actor: str, length: timedelta | None) -> None:
    """A person pauses a portal, for a while or until they resume it. `DecisionRefused` when it is stopped."""
    row = _row(ledger, portal)
    if row.state == STOPPED:
        raise DecisionRefused(f"portal {portal} is stopped already ({row.reason})")
    until = None if length is None else ledger.now() + length
    _set(ledger, row, PAUSED, reason="", message=f"paused by {actor}", until=until)
    after = {"until": until.isoformat(timespec="seconds") if until else ""}
    audit.note(ledger, actor, "portal paused", {"portal": portal}, after=after)


def may_probe(ledger: Ledger, portal: str, owner: str, lease: timedelta) -> bool:
    """Whether `owner` is the one who tries a portal after its pause, with one item."""
    now = ledger.now()
    over = PortalStanding.objects.filter(portal=portal, state=PAUSED, until__lte=now)
    free = Q(probe_owner="") | Q(probe_owner=owner) | Q(probe_until__lte=now)
    free |= Q(probe_until__gt=now + LONGEST_LEASE)
    return bool(over.filter(free).update(probe_owner=owner, probe_until=now + lease))


def answered(ledger: Ledger, portal: str) -> None:
    """The portal answers again: its next pause begins short. A pause that still lasts stays."""
    over = PortalStanding.objects.filter(portal=portal, state=PAUSED, until__lte=ledger.now())
    over.update(state=OPEN, pauses=0, until=None, probe_owner="", probe_until=None, reason="", message="")


@transaction.atomic
def resume(ledger: Ledger, portal: str, actor: str) -> Standing:
    """Opens a stopped or paused portal again; how it stood before."""
    before = standing(ledger, portal)
    _set(ledger, _row(ledger, portal), OPEN, reason="", message="", login="", until=None, pauses=0)
    audit.note(ledger, actor, "portal resumed", {"portal": portal}, before={"state": before.state})
    return before


def _row(ledger: Ledger, portal: str) -> PortalStanding:
    """The portal's row, which nobody else changes before this transaction ends."""
    locked = PortalStanding.objects.select_for_update()
    return locked.get_or_create(portal=portal, defaults={"since": ledger.now()})[0]


def _set(ledger: Ledger, row: PortalStanding, state: str, **values: object) -> None:
    now = {"state": state, "since": ledger.now(), "probe_owner": "", "probe_until": None, **values}
    for name, value in now.items():
        setattr(row, name, value)
    row.save()


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
