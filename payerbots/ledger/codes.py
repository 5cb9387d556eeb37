"""One-time codes that a person types: asked for by a worker, typed at a terminal or in the console, taken once."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from payerbots.errors import DecisionRefused
from payerbots.ledger import audit, notices
from payerbots.ledger.models import CodeAsked
from payerbots.ledger.records import Ledger
from payerbots.reasons import Reason

LONGEST = 20
"""Characters that a code may have."""


@dataclass(frozen=True)
class Asked:
    """A code that is asked for, until `expires_at`."""

    number: int
    portal: str
    login: str
    asked_at: datetime
    expires_at: datetime
    typed: bool


@transaction.atomic
def ask(ledger: Ledger, portal: str, login: str, patience: timedelta) -> int:
    """A worker stands at the page that asks for a code; the number of its question. People are told."""
    now = ledger.now()
    asked = CodeAsked.objects.create(portal=portal, login=login, asked_at=now, expires_at=now + patience)
    until = f"{now + patience:%H:%M} UTC"
    notices.tell(
        ledger,
        notices.News(
            key=f"code:{asked.pk}",
            kind="code",
            portal=portal,
            login=login,
            reason=Reason.CODE_NEEDED,
            message=f"{login} needs a one-time code until {until}; type it with: payerbots portals code {portal}",
        ),
    )
    return asked.pk


def waiting(ledger: Ledger) -> list[Asked]:
    """The codes that are asked for now, the one that ends first at the head."""
    rows = _open(ledger).order_by("expires_at")
    return [
        Asked(row.pk, row.portal, row.login, row.asked_at, row.expires_at, row.typed_at is not None)
        for row in rows
    ]


@transaction.atomic
def type_in(ledger: Ledger, portal: str, login: str, code: str, actor: str) -> Asked:
    """A person's code for a login (`""`: the only one that asks). `DecisionRefused` when nobody waits for it."""
    tidy = "".join(code.split())
    if not tidy.isalnum() or len(tidy) > LONGEST:
        raise DecisionRefused("a one-time code has letters and digits only; nothing was kept")
    wanted = [
        one for one in waiting(ledger) if one.portal == portal and login in {"", one.login} and not one.typed
    ]
    if not wanted:
        raise DecisionRefused(why_nobody_waits(ledger, portal, login))
    if len({one.login for one in wanted}) > 1:
        raise DecisionRefused(
            f"several logins wait: say which, --login {' or '.join(w.login for w in wanted)}"
        )
    one = wanted[-1]
    changed = CodeAsked.objects.filter(pk=one.number, typed_at=None).update(
        typed_at=ledger.now(), code_sealed=ledger.keys.seal(tidy.encode())
    )
    if not changed:
        raise DecisionRefused("somebody else has typed a code at this moment")
    audit.note(ledger, actor, "code typed", {"portal": portal}, after={"login": one.login})
    return one


def why_nobody_waits(ledger: Ledger, portal: str, login: str) -> str:
    """What to tell a person whose code nobody waits for: never asked, too late, or typed already."""
    asked = CodeAsked.objects.filter(portal=portal)
    last = (asked.filter(login=login) if login else asked).order_by("-asked_at").first()
    if last is None:
        return f"nobody waits for a code of {portal}"
    if last.ended_at is None and last.typed_at is not None and last.expires_at > ledger.now():
        return f"a code for {last.login} was typed already and is being used"
    return (
        f"nobody waits for a code of {portal} any more: {last.login} waited until {last.expires_at:%H:%M} UTC. "
        f"Resume the portal (payerbots portals resume {portal}), and type the code when it is asked for again"
    )


@transaction.atomic
def take(ledger: Ledger, number: int) -> str | None:
    """The code that was typed, once; None while there is none."""
    row = _open(ledger).select_for_update().filter(pk=number, typed_at__isnull=False).first()
    if row is None or row.code_sealed is None:
        return None
    code = ledger.keys.unseal(row.code_sealed).decode()
    _end(ledger, number)
    return code


def give_up(ledger: Ledger, number: int) -> None:
    """The question is over; a code that comes now is refused."""
    _end(ledger, number)


def _end(ledger: Ledger, number: int) -> None:
    CodeAsked.objects.filter(pk=number).update(ended_at=ledger.now(), code_sealed=None)


def _open(ledger: Ledger) -> QuerySet[CodeAsked, CodeAsked]:
    return CodeAsked.objects.filter(ended_at=None, expires_at__gt=ledger.now())
