"""The made-up book of business: `build` makes the same world again from the same seed and day."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from payerbots.sandbox import mint, scenarios, words
from payerbots.sandbox.office import Draft, Office
from payerbots.sandbox.people import People
from payerbots.sandbox.records import Member, Organisation, Program, Provider, Request, World

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

__all__ = ["REQUESTS", "World", "build", "request"]

REQUESTS = 40
FIRST_ROW = 5
BACKGROUND = 70
QUIRKS_ANY = (
    ("dos_us_short", 2),
    ("dos_iso", 1),
    ("dos_serial", 1),
    ("dob_us_text", 2),
    ("dob_iso", 1),
    ("trailing", 3),
    ("upper_name", 2),
    ("payer_alias", 8),
)
COMMERCIAL_NAMES = ("Summit Health Plan", "SHP")
MEDICARE_NAMES = ("Medicare", "Medicare Part B")


def build(seed: int, today: date) -> World:
    """Return the world of this seed; every service date lies relative to `today`."""
    rng = Random(seed)
    organisations = _organisations(Random("the office is the same for every seed"))
    people = People(rng, today)
    office = Office(rng, today, organisations, people)
    drafts = _drafts(rng, office)
    blank_row = FIRST_ROW + rng.randint(9, 30)
    rows = [row for row in range(FIRST_ROW, FIRST_ROW + REQUESTS + 1) if row != blank_row]
    requests = tuple(request(rng, draft, row, today) for draft, row in zip(drafts, rows, strict=True))
    members = dict.fromkeys(member for draft in drafts if not draft.absent for member in draft.members)
    return World(
        seed=seed,
        today=today,
        organisations=organisations,
        requests=_repeated(rng, requests),
        blank_row=blank_row,
        members=(*members, *_background(rng, people, organisations)),
    )


def _organisations(rng: Random) -> tuple[Organisation, ...]:
    def location(name: str, branch: str, *, in_network: bool = True, enrolled: bool = True) -> Provider:
        return Provider(npi=mint.npi(rng), name=name, branch=branch, in_network=in_network, enrolled=enrolled)

    home = Organisation(
        key="lhm",
        name="Lakeside Home Medical",
        tax_id=mint.tax_id(rng),
        providers=(
            location("Lakeside Home Medical - Main Street", "Main"),
            location("Lakeside Home Medical - Northgate", "Northgate", in_network=False),
            location("Lakeside Home Medical - Harbor Point", "Harbor Pt", enrolled=False),
        ),
    )
    care = Organisation(
        key="lrc",
        name="Lakeside Respiratory Care",
        tax_id=mint.tax_id(rng),
        providers=(
            location("Lakeside Respiratory Care - Clinic Row", "Resp"),
            location("Lakeside Respiratory Care - Westbury", "Resp West"),
        ),
    )
    return home, care


def _drafts(rng: Random, office: Office) -> list[Draft]:
    """One of each trouble and perhaps one more, one of each clean kind and enough others; all but the repeat."""
    troubles = [*scenarios.TROUBLE, *rng.sample(scenarios.TROUBLE, rng.randint(0, 1))]
    rest = REQUESTS - 1 - len(troubles) - len(scenarios.CLEAN)
    cleans = [*scenarios.CLEAN, *rng.choices(scenarios.CLEAN, k=rest)]
    drafts = [make(office) for make in (*troubles, *cleans)]
    drafts = _with_quirks(rng, drafts)
    original = rng.choice([item for item in drafts if item.scenario == "clean" and item.member_id is None])
    drafts.append(replace(original, quirks=original.quirks | {"repeat"}))
    rng.shuffle(drafts)
    return drafts


def _with_quirks(rng: Random, drafts: list[Draft]) -> list[Draft]:
    """Sloppy cells, spread over the clean requests only, so that a row has one trouble at most."""
    quirks: list[set[str]] = [set(item.quirks) for item in drafts]
    clean = [place for place, item in enumerate(drafts) if item.scenario == "clean"]
    by_id = [place for place in clean if drafts[place].member_id is None]
    shortened = [place for place in by_id if drafts[place].members[0].member_id.startswith("0")]
    numbers = [place for place in by_id if drafts[place].members[0].program is Program.MEDICARE]
    quirks[shortened[0]].add("id_as_number")
    for place in rng.sample(shortened, min(3, len(shortened))):
        quirks[place].add("id_as_number")
    quirks[rng.choice(numbers)].add("mbi_dashes")
    quirks[rng.choice(numbers)].add("mbi_lower")
    for quirk, count in QUIRKS_ANY:
        dates = quirk[:4]
        free = [place for place in clean if not any(item.startswith(dates) for item in quirks[place])]
        for place in rng.sample(free, count):
            quirks[place].add(quirk)
    return [replace(item, quirks=frozenset(found)) for item, found in zip(drafts, quirks, strict=True)]


def request(rng: Random, draft: Draft, row: int, today: date) -> Request:
    """Return the draft as a row of the worksheet."""
    member = draft.members[0]
    names = COMMERCIAL_NAMES if member.program is Program.COMMERCIAL else MEDICARE_NAMES
    last = f"{member.last} {member.suffix}".strip()
    unreadable = "dob_unreadable" in draft.quirks
    return Request(
        row=row,
        order=f"SO-{rng.randrange(20_000, 99_999)}",
        account=f"{rng.randrange(100_000, 999_999)}",
        branch=draft.provider.branch,
        payer=names["payer_alias" in draft.quirks],
        program=member.program,
        member_id=member.member_id if draft.member_id is None else draft.member_id,
        last=last if draft.last is None else draft.last,
        first=member.first,
        born=None if unreadable else draft.born or member.born,
        on=draft.on,
        hcpcs=draft.hcpcs,
        rental=draft.hcpcs[0] in words.RENTALS,
        npi=draft.provider.npi,
        ordered_on=min(draft.on, today) - timedelta(days=rng.randint(1, 12)),
        representative=rng.choice(words.REPRESENTATIVES),
        note=rng.choice(words.NOTES),
        scenario=draft.scenario,
        quirks=draft.quirks,
    )


def _repeated(rng: Random, requests: tuple[Request, ...]) -> tuple[Request, ...]:
    """Make the repeated row identical to its original, order and account number included."""
    copy = next(at for at, item in enumerate(requests) if "repeat" in item.quirks)
    person = (requests[copy].member_id, requests[copy].npi, requests[copy].on)
    original = next(
        at for at, item in enumerate(requests) if at != copy and (item.member_id, item.npi, item.on) == person
    )
    first, second = sorted((original, copy))
    note = rng.choice(["", "duplicate?"])
    rows = list(requests)
    rows[first] = replace(requests[original], row=requests[first].row)
    rows[second] = replace(requests[original], row=requests[second].row, note=note)
    return tuple(rows)


def _background(rng: Random, people: People, organisations: tuple[Organisation, ...]) -> Iterator[Member]:
    """People in the book whom nobody asks about."""
    for _ in range(BACKGROUND):
        make = rng.choice([people.commercial, people.medicare])
        yield make(rng.choice(organisations))
