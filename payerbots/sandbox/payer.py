"""How the payer answers: searches the book, and states the facts about a member on a date."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from payerbots.sandbox import mint, words
from payerbots.sandbox.records import Program, Share

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from payerbots.sandbox.records import (
        Authorization,
        Equipment,
        Member,
        Organisation,
        Provider,
        Span,
        World,
    )

COMMERCIAL_ID_LENGTH = 9
LOOKBACK_MONTHS = 60
# Months back and ahead of today for which each program answers.
WINDOWS = {Program.MEDICARE: (48, 4), Program.COMMERCIAL: (24, 3)}
SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})
FOLDED = str.maketrans({"ð": "d", "Ð": "D", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L"})


class Kind(StrEnum):
    """How an inquiry ended."""

    FOUND = "found"
    NOT_FOUND = "not_found"
    MISMATCH = "mismatch"
    SEVERAL = "several"
    TRY_LATER = "try_later"
    NOT_ENROLLED = "not_enrolled"


@dataclass(frozen=True, kw_only=True)
class Question:
    """An inquiry as the organization sends it: a member ID or names, and a birth date."""

    organisation: Organisation
    program: Program
    born: date
    on: date
    member_id: str = ""
    last: str = ""
    first: str = ""


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What the search found."""

    kind: Kind
    members: tuple[Member, ...] = ()


def ask(world: World, question: Question) -> Reply:
    """Search the book of the organization, by member ID if there is one, else by names."""
    found = [item for item in _visible(world, question) if _is_asked(item, question)]
    if not found:
        return Reply(kind=Kind.NOT_FOUND)
    if len(found) > 1:
        return Reply(kind=Kind.SEVERAL, members=tuple(found))
    if question.member_id and not _agrees(found[0], question):
        return Reply(kind=Kind.MISMATCH)
    if found[0].unavailable:
        return Reply(kind=Kind.TRY_LATER)
    return Reply(kind=Kind.FOUND, members=tuple(found))


def window(program: Program, today: date) -> tuple[date, date]:
    """First and last service date that the program answers for."""
    back, ahead = WINDOWS[program]
    return mint.add_months(today, -back), mint.add_months(today, ahead)


def is_member_id(program: Program, text: str) -> bool:
    """Whether the text has the shape of the program's member ID."""
    if program is Program.MEDICARE:
        return mint.is_mbi(text)
    return len(text) == COMMERCIAL_ID_LENGTH and text.isascii() and text.isdigit()


def plain(text: str) -> str:
    """Upper case without accents and apostrophes, as the payer's system keeps names."""
    split = unicodedata.normalize("NFKD", text.translate(FOLDED))
    bare = "".join(char for char in split if not unicodedata.combining(char))
    return re.sub(r"\s+", " ", re.sub(r"['.\u2019]", "", bare)).strip().upper()


def display_name(member: Member) -> str:
    """Return the name as the payer shows it: `DOE JR, JOHN A`."""
    last = plain(f"{member.last} {member.suffix}")
    return plain(f"{last}, {member.first} {member.middle}")


def active(member: Member, on: date) -> bool:
    """Whether the payer has the member as covered on the date; for Medicare either part will do."""
    if member.medicare is None:
        return member.span.covers(on)
    return any(
        part is not None and part.covers(on) for part in (member.medicare.part_a, member.medicare.part_b)
    )


def in_force(member: Member, on: date) -> Span:
    """Return the period that the payer shows as effective and termination date."""
    if member.medicare is None:
        return member.span
    parts = [part for part in (member.medicare.part_b, member.medicare.part_a) if part is not None]
    return next((part for part in parts if part.covers(on)), parts[0] if parts else member.span)


def has_part_b(member: Member, on: date) -> bool:
    """Whether Part B is in force on the date."""
    return (
        member.medicare is not None
        and member.medicare.part_b is not None
        and member.medicare.part_b.covers(on)
    )


def share_for(member: Member, provider: Provider) -> Share | None:
    """Return the commercial figures that hold for this provider; None if the plan pays nothing there."""
    if member.benefits is None:
        return None
    return member.benefits.inside if provider.in_network else member.benefits.outside


def part_b_deductible(member: Member, on: date) -> tuple[Decimal, Decimal]:
    """Total and met of the Part B deductible in the year of the date."""
    total = Decimal(words.PART_B_DEDUCTIBLE.get(on.year, words.PART_B_DEDUCTIBLE_LATEST))
    met = member.medicare.deductible_met if member.medicare else Decimal(0)
    return total, min(met, total)


def similar(member: Member, hcpcs: str, on: date) -> list[Equipment]:
    """Return same or similar items of the five years before the date, the latest first."""
    group = next((item for item in words.SIMILAR if hcpcs in item), frozenset({hcpcs}))
    since = mint.add_months(on, -LOOKBACK_MONTHS)
    items = [item for item in member.equipment if item.hcpcs in group and since <= item.supplied_on <= on]
    return sorted(items, key=lambda item: item.supplied_on, reverse=True)


def needs_authorization(member: Member, hcpcs: str) -> bool:
    """Whether the program wants prior authorization for the item."""
    needing = words.AUTH_MEDICARE if member.program is Program.MEDICARE else words.AUTH_COMMERCIAL
    return hcpcs in needing


def authorizations(member: Member, hcpcs: str) -> list[Authorization]:
    """Return authorizations on file for the item, run out or not."""
    return [item for item in member.authorizations if item.hcpcs == hcpcs]


def _visible(world: World, question: Question) -> Iterable[Member]:
    for member in world.members:
        if member.organisation == question.organisation.key and member.program is question.program:
            yield member


def _is_asked(member: Member, question: Question) -> bool:
    if question.member_id:
        return member.member_id == question.member_id
    return member.born == question.born and _same_names(member, question)


def _agrees(member: Member, question: Question) -> bool:
    return member.born == question.born and _same_names(member, question)


def _same_names(member: Member, question: Question) -> bool:
    """Names that were left empty in an inquiry by member ID do not count."""
    last = not question.last or _letters(question.last) == _letters(member.last)
    first = not question.first or _letters(question.first) == _letters(member.first)
    return last and first


def _letters(name: str) -> str:
    """Return the letters of a name without suffix and middle initial."""
    parts = plain(name).casefold().replace("-", " ").replace(",", " ").split()
    kept = [part for part in parts if part not in SUFFIXES]
    if len(kept) > 1 and len(kept[-1]) == 1:
        kept = kept[:-1]
    return "".join(kept)
