"""The reports in the office's mailbox: TA1, 999 and 277CA as files, and what some payers write in words."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from payerbots.sandbox.clearpoint import answers_x12, text_report
from payerbots.sandbox.clearpoint.answers_x12 import Stamp
from payerbots.sandbox.clearpoint.records import Kind, Report, Source
from payerbots.sandbox.clearpoint.x12 import HOUSE, NAMES
from payerbots.sandbox.money.calendar import bank_day

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from payerbots.sandbox.clearpoint.answers_x12 import Said
    from payerbots.sandbox.clearpoint.records import ClaimFile, Payer, Sending

TAKEN_BACK: Final = 5
"""The billing software fetched what is older than so many bank days; then it was switched over, and stopped."""
FIRST_CONTROL: Final = 71_205


@dataclass(frozen=True, kw_only=True)
class _Draft:
    """A report before it has a number."""

    kind: Kind
    sender: str
    label: str
    at: datetime
    claims: int
    said: tuple[Said, ...] = ()
    payer: Payer | None = None
    file: ClaimFile | None = None
    batch: str = ""
    taken: bool = False


def made(
    files: Sequence[ClaimFile], sendings: Sequence[Sending], today: date, again: str
) -> tuple[Report, ...]:
    """All reports, the oldest first. The payer's report about the claim `again` comes a second time."""
    drafts = [*_about_files(files), *_of_the_house(files, sendings), *_of_payers(sendings)]
    repeated = next(
        one for one in drafts if one.payer and any(claim.control == again for claim, _ in one.said)
    )
    yesterday = datetime.combine(bank_day(today, -1), time(9, 40), tzinfo=UTC)
    drafts.append(replace(repeated, at=yesterday))
    drafts.sort(key=lambda one: one.at)
    since = bank_day(today, -TAKEN_BACK)
    lone = max(
        (
            at
            for at, one in enumerate(drafts)
            if one.kind is Kind.STATUS and any(r.rejects for _, r in one.said)
        ),
        key=lambda at: (drafts[at].at, -len(drafts[at].said)),
    )
    return tuple(
        _numbered(replace(one, taken=one.at.date() < since or place == lone), place)
        for place, one in enumerate(drafts)
    )


def _about_files(files: Sequence[ClaimFile]) -> Iterator[_Draft]:
    for file in files:
        count = sum(len(claims) for claims in file.sets)
        known = {"sender": NAMES[HOUSE], "claims": count, "file": file, "label": f"{file.number:09d}"}
        yield _Draft(kind=Kind.TA1, at=file.sent_at + timedelta(minutes=4), **known)  # type: ignore[arg-type]  # by name
        if not file.refused:
            yield _Draft(kind=Kind.ACKNOWLEDGMENT, at=file.sent_at + timedelta(minutes=37), **known)  # type: ignore[arg-type]  # by name


def _of_the_house(files: Sequence[ClaimFile], sendings: Sequence[Sending]) -> Iterator[_Draft]:
    for place, file in enumerate(files):
        said = tuple(
            (one.claim, ruling)
            for one in sendings
            for ruling in one.rulings
            if one.file == place and ruling.source is Source.CLEARINGHOUSE
        )
        if said:
            yield _Draft(
                kind=Kind.STATUS,
                sender=NAMES[HOUSE],
                label="ALL",
                at=said[0][1].at,
                claims=len(said),
                said=said,
                batch=f"B{file.number}1",
            )


def _of_payers(sendings: Sequence[Sending]) -> Iterator[_Draft]:
    found: defaultdict[tuple[datetime, str], list[Said]] = defaultdict(list)
    for one in sendings:
        for ruling in one.rulings:
            if ruling.source is Source.PAYER:
                found[ruling.at, one.claim.payer.key].append((one.claim, ruling))
    for place, ((at, _), said) in enumerate(found.items()):
        payer = said[0][0].payer
        yield _Draft(
            kind=Kind.TEXT if payer.reports_in_words else Kind.STATUS,
            sender=payer.name,
            label=payer.payer_id,
            at=at + timedelta(minutes=11 + 3 * (place % 9)),
            claims=len(said),
            said=tuple(said),
            payer=payer,
            batch=f"{at:%Y%m%d}{payer.payer_id}",
        )


def _numbered(draft: _Draft, place: int) -> Report:
    control = FIRST_CONTROL + 7 * place
    kind = "RPT" if draft.kind is Kind.TEXT else draft.kind.value
    ending = "txt" if draft.kind is Kind.TEXT else "x12"
    return Report(
        number=f"{control:07d}",
        kind=draft.kind,
        name=f"{kind}_{draft.label}_{draft.at:%Y%m%d}_{control:07d}.{ending}",
        sender=draft.sender,
        received_at=draft.at,
        claims=draft.claims,
        content=_content(draft, Stamp(control=control, made_at=draft.at)),
        taken_at=draft.at + timedelta(hours=2, minutes=15) if draft.taken else None,
    )


def _content(draft: _Draft, stamp: Stamp) -> bytes:
    if draft.kind is Kind.TEXT and draft.payer:
        return text_report.write(stamp, draft.payer, draft.said)
    if draft.file is None:
        return answers_x12.status(stamp, draft.payer, draft.batch, draft.said)
    write = answers_x12.interchange if draft.kind is Kind.TA1 else answers_x12.acknowledgment
    return write(stamp, draft.file)
