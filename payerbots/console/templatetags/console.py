"""Tags and filters of the console's templates."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import template
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from payerbots.console.icons import ICONS
from payerbots.console.office import office
from payerbots.console.rights import Right, full
from payerbots.reasons import Reason, ReasonText, text_of

register = template.Library()
_DASH = "\u2013"
_SOON = 3
"""Days before something is late, from when on it is urgent."""
_FIT = 8
"""Numbers that fit into a row."""

_TONES = {
    "done": "good",
    "open": "good",
    "running": "live",
    "new": "quiet",
    "waiting": "quiet",
    "held": "warn",
    "paused": "warn",
    "parked": "warn",
    "interrupted": "warn",
    "draining": "warn",
    "working": "good",
    "due": "quiet",
    "started": "good",
    "missed": "bad",
    "skipped": "quiet",
    "exception": "bad",
    "abandoned": "bad",
    "failed": "bad",
    "stopped": "bad",
    "cancelled": "quiet",
}
_WRITTEN = {
    "dob": "DOB",
    "ma": "MA",
    "ocr": "OCR",
    "Rej": "Rejected:",
    "Remit": "Remittance",
    "part": "Part",
    "b": "B",
    "id": "ID",
    "Plb": "Provider adjustment",
    "Ack": "Acknowledgment",
    "plan": "plan",
    "Captcha": "CAPTCHA",
    "Ach": "ACH",
    "similar": "or similar",
    "Auth": "Authorization",
    "auth": "authorization",
}
"""Words of reasons as the field writes them."""
_KEYS = {
    "send back": "s",
    "corrected - send back": "c",
    "resolved by hand": "r",
    "write off": "w",
    "pend until": "p",
    "assign to": "a",
    "not mine": "n",
}


@register.simple_tag
def icon(name: str) -> SafeString:
    """A picture of 20 pixels that says nothing to a screen reader."""
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>',
        mark_safe(ICONS[name]),  # noqa: S308 - our own text
    )


@register.filter
def tone(state: str) -> str:
    """The tone in which a state is shown."""
    return _TONES.get(state, "quiet")


@register.filter
def money(amount: Decimal | None) -> str:
    """`$1,234.50`; a dash for none."""
    if amount is None:
        return _DASH
    return f"-${-amount:,.2f}" if amount < 0 else f"${amount:,.2f}"


@register.filter
def dollars(amount: Decimal | None) -> str:
    """Whole dollars, for large figures."""
    return _DASH if amount is None else f"${amount:,.0f}"


@register.filter
def count(number: int | None) -> str:
    """`12,345`."""
    return _DASH if number is None else f"{number:,}"


@register.filter
def ago(moment: datetime | None, now: datetime | None = None) -> str:
    """How long ago: `12 s`, `5 min`, `3 h`, `2 d`."""
    if moment is None:
        return _DASH
    return length((now or office().ledger.clock()) - moment)


@register.filter
def till(moment: datetime | None, now: datetime | None = None) -> str:
    """How long until."""
    return _DASH if moment is None else length(moment - (now or office().ledger.clock()))


def length(span: timedelta | None) -> str:
    """A length of time in its largest unit."""
    if span is None:
        return _DASH
    seconds = max(0, int(span.total_seconds()))
    for size, unit in ((86_400, "d"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size or (size == 60 and seconds >= size):  # noqa: PLR2004 - seconds of a minute
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


@register.filter
def clock(moment: datetime | None) -> str:
    """`Mon 14:05` this week, else the date, in the office's zone."""
    if moment is None:
        return _DASH
    here = moment.astimezone(office().space.zone)
    today = office().space.today
    if here.date() == today:
        return f"{here:%H:%M}"
    near = abs(here.date() - today) < timedelta(days=6)
    return f"{here:%a %H:%M}" if near else f"{here:%m/%d/%Y %H:%M}"


@register.filter
def stamp(moment: datetime | None) -> str:
    """Date and time to the second, in the office's zone."""
    return _DASH if moment is None else f"{moment.astimezone(office().space.zone):%m/%d/%Y %H:%M:%S}"


@register.filter
def day(value: date | datetime | None) -> str:
    """`11/26/2026`."""
    if value is None:
        return _DASH
    if isinstance(value, datetime):
        value = value.astimezone(office().space.zone).date()
    return f"{value:%m/%d/%Y}"


@register.filter
def due(value: date | None) -> str:
    """How a due day stands to today: overdue, today, in so many days."""
    if value is None:
        return ""
    left = (value - office().space.today).days
    if left < 0:
        return f"{-left} d overdue"
    return "today" if left == 0 else f"in {left} d"


@register.filter
def urgency(value: date | None) -> str:
    """The tone of a due day."""
    if value is None:
        return "quiet"
    left = (value - office().space.today).days
    return "bad" if left <= 0 else "warn" if left <= _SOON else "quiet"


@register.filter
def reason(code: str) -> ReasonText | None:
    """What a reason means, what to do, whose it is."""
    return text_of(Reason(code)) if code in set(Reason) else None


@register.filter
def words(code: str) -> str:
    """`MEMBER_NOT_FOUND` as `Member not found`."""
    return " ".join(_WRITTEN.get(word, word) for word in code.replace("_", " ").capitalize().split())


@register.filter
def portal(name: str) -> str:
    """A portal's title."""
    found = office().space.portals.get(name)
    return found.title if found else name


@register.filter
def bot(name: str) -> str:
    """A bot's name as a title."""
    return name.replace("_", " ").capitalize()


@register.filter
def who(actor: str) -> str:
    """Who it was: a person by name, anything else as what it is."""
    name = actor.removeprefix("person:")
    return name if name != actor or ":" not in actor else "a worker"


@register.filter
def told(values: Mapping[str, Any] | None) -> str:
    """States and numbers of the audit, in words."""
    pairs = (
        (name, value) for name, value in (values or {}).items() if value not in (None, "", False, [], {})
    )
    return ", ".join(name if value is True else f"{name} {_listed(value)}" for name, value in pairs)


def _listed(value: object) -> str:
    return (
        " ".join(map(str, value[:_FIT])) + (" …" if len(value) > _FIT else "")
        if isinstance(value, list)
        else str(value)
    )


@register.filter
def key(decision: str) -> str:
    """The key that chooses a decision."""
    return _KEYS.get(decision, "")


@register.filter
def split(text: str) -> list[str]:
    """Words of a text."""
    return text.split()


@register.filter
def share(part: float | None, whole: float | None) -> float:
    """Percent of a whole, for the widths of bars."""
    return round(100 * float(part or 0) / float(whole), 2) if whole else 0.0


@register.filter
def get(mapping: Mapping[Any, Any] | None, key: object) -> object:
    """An entry of a mapping; nothing where there is none."""
    return (mapping or {}).get(key)


@register.simple_tag(takes_context=True)
def may(context: template.Context, right: str) -> bool:
    """Whether the reader has a right."""
    return bool(context["request"].user.has_perm(full(Right(right))))


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: object) -> str:
    """The page's query with changes; an empty one leaves it out."""
    request: HttpRequest = context["request"]
    asked = {**request.GET.dict(), **{name: str(value) for name, value in changes.items()}}
    kept = {name: value for name, value in asked.items() if value}
    return f"?{urlencode(kept)}" if kept else "?"


@register.inclusion_tag("console/parts/bar.html")
def bar(counts: Mapping[str, int]) -> dict[str, Any]:
    """A bar of the states of items, in the order in which they pass through them."""
    order = ("done", "exception", "parked", "abandoned", "running", "waiting", "new", "cancelled")
    total = sum(counts.values())
    parts, at = [], 0.0
    for state in order:
        if number := counts.get(state, 0):
            wide = 100 * number / total
            parts.append({"state": state, "count": number, "x": round(at, 3), "width": round(wide, 3)})
            at += wide
    return {"parts": parts, "total": total}
