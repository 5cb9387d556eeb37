"""Whether an answer on a screen belongs to the person and date that were asked."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from payerbots.domain.coverage import CoverageRequest

_UNDIVIDED = str.maketrans(
    {"ð": "d", "đ": "d", "ø": "o", "ł": "l", "\u0131": "i", "æ": "ae", "œ": "oe", "ß": "ss", "þ": "th"}
)
"""Letters that Unicode does not take apart into a plain letter and an accent."""

_SUFFIXES = frozenset({"JR", "SR", "II", "III", "IV"})


@dataclass(frozen=True, kw_only=True)
class Echo:
    """Whom and what an answer says that it is about, as the portal shows it."""

    name: str = field(repr=False)
    birth_date: date = field(repr=False)
    service_date: date
    member_id: str | None = field(default=None, repr=False)


def name_words(name: str) -> tuple[str, ...]:
    """A name's words without case, accents, punctuation and suffix: `O'Neil, José Jr.` → ONEIL, JOSE."""
    plain = unicodedata.normalize("NFKD", name.lower().translate(_UNDIVIDED))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter)).upper()
    plain = re.sub(r"['\u2019`.-]", "", plain)
    words = re.findall(r"[^\W\d_]+", plain)
    return tuple(word for word in words if word not in _SUFFIXES)


def person_key(last_name: str, first_name: str, birth_date: date) -> tuple[str, ...]:
    """Whom something is about: the same for every way in which a name is written with or without a middle name."""
    first = name_words(first_name)[:1]
    return ("".join(name_words(last_name)), *first, birth_date.isoformat())


def same_name(asked_last: str, asked_first: str, shown: str) -> bool:
    """Whether `shown` (`LAST, FIRST M` or `First M Last`) is the name that was asked.

    Words may be joined or apart (`DE LA CRUZ`, `DELACRUZ`); a middle name that was not asked is
    allowed, another first or last name is not.
    """
    last, first = "".join(name_words(asked_last)), "".join(name_words(asked_first))
    if "," in shown:
        shown_last, _, shown_first = shown.partition(",")
        joined = "".join(name_words(shown_first))
        return "".join(name_words(shown_last)) == last and _begins(shown_first, joined, first)
    words = name_words(shown)
    ends = {"".join(words[place:]) for place in range(1, len(words))}
    return last in ends and _begins(shown, "".join(words), first)


def _begins(shown: str, joined: str, first: str) -> bool:
    words = name_words(shown)
    starts = {"".join(words[: count + 1]) for count in range(len(words))}
    return joined == first or first in starts


def same_member_id(asked: str, shown: str) -> bool:
    """Whether two member IDs are one, without regard to case, blanks and hyphens."""
    return re.sub(r"[\s-]", "", asked).upper() == re.sub(r"[\s-]", "", shown).upper()


class Shown(StrEnum):
    """Whose answer is on the screen."""

    ASKED = "asked"
    """The person and the date that were asked."""
    DIFFERS = "differs"
    """The member ID and date that were asked, with another name or birth date on file."""
    OTHER = "other"
    """Somebody else, or another date: the screen cannot be trusted."""


def whose(request: CoverageRequest, echo: Echo) -> Shown:
    """Compares what an answer echoes with what was asked: member ID, name, birth date, service date."""
    if echo.service_date != request.service_date:
        return Shown.OTHER
    name = same_name(request.last_name, request.first_name, echo.name)
    born = echo.birth_date == request.birth_date
    if request.member_id is None:
        return Shown.ASKED if name and born else Shown.OTHER
    if echo.member_id is None or not same_member_id(request.member_id, echo.member_id):
        return Shown.OTHER
    if name and born:
        return Shown.ASKED
    return Shown.DIFFERS if name or born else Shown.OTHER
