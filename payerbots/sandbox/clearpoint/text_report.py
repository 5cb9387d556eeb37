"""What payers write who answer in words: a page of text, as a printer of old would have it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from payerbots.sandbox.clearpoint.codes import meaning

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from payerbots.sandbox.clearpoint.answers_x12 import Said, Stamp
    from payerbots.sandbox.clearpoint.records import Payer

RULE = "-" * 98


def write(stamp: Stamp, payer: Payer, said: Sequence[Said]) -> bytes:
    """The report."""
    return "\r\n".join(_lines(stamp, payer, said)).encode("ascii")


def _lines(stamp: Stamp, payer: Payer, said: Sequence[Said]) -> Iterator[str]:
    made = stamp.made_at
    rejected = sum(ruling.rejects for _, ruling in said)
    yield f"{payer.name:<50}CLAIM ACCEPTANCE REPORT    {made:%m/%d/%Y %H:%M}"
    yield f"PAYER ID {payer.payer_id:<41}RUN {stamp.control:07d}"
    yield RULE
    yield f"{'PATIENT CONTROL':<18}{'PATIENT':<26}{'MEMBER ID':<15}{'SERVICE':<12}{'CHARGE':>11}  STATUS"
    yield RULE
    for claim, ruling in said:
        name = f"{claim.patient.last}, {claim.patient.first}"[:25]
        verdict = "REJECTED" if ruling.rejects else "ACCEPTED"
        yield (
            f"{claim.control:<18}{name:<26}{claim.member_id:<15}{claim.served_on:%m/%d/%Y}  "
            f"{claim.charge:>11}  {verdict}"
        )
        if ruling.rejects:
            for status in ruling.statuses:
                where = f"LINE {status.line}" if status.line else "CLAIM"
                yield f"{'':<18}{where}: {status}  {meaning(status).upper()}"
    yield RULE
    yield f"ACCEPTED {len(said) - rejected:>4}    REJECTED {rejected:>4}    TOTAL {len(said):>4}"
    yield ""
