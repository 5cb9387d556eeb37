"""What was denied: charge above zero, nothing paid (or units cut), and a reason that is a denial.

The adjustment and remark codes decide, never the group. Deductible, coinsurance and copay (1, 2, 3), the prior
payer's part (23), the contractual part (45) and sequestration (253) are no denials.
"""

from collections.abc import Iterator
from decimal import Decimal

from payerbots.domain.record import Record
from payerbots.domain.remittance import Adjustment, Claim, Line

NEVER = frozenset({"1", "2", "3", "23", "45", "253"})
"""The least that every list of adjustment codes must leave out; `documents.codes` knows more."""
NOT_ADJUDICATED = frozenset({"22", "25"})
"""CLP02 of a reversal and of a predetermination: neither is a denial."""


class Denial(Record, frozen=True, kw_only=True):
    """A line that was denied, or a claim without lines."""

    claim: int
    """The claim's number in its transaction."""
    line: int | None = None
    """The line's number in its claim; None when the claim as a whole was denied."""
    procedure: str = ""
    codes: tuple[str, ...]
    """The adjustment codes (CARC) that deny it."""
    remarks: tuple[str, ...] = ()
    amount: Decimal
    """What those codes take away."""
    units_cut: Decimal | None = None
    """How many units were not paid, when some were."""


def denials(claim: Claim, never: frozenset[str] = NEVER) -> Iterator[Denial]:
    """Every denial of a claim; `never` are codes that deny nothing. Adjustments of the claim count for its lines."""
    if claim.status in NOT_ADJUDICATED:
        return
    of_claim = tuple(each for each in claim.adjustments if each.code not in never)
    if of_claim and claim.charge > 0 and claim.paid == 0:
        yield _denial(claim, None, of_claim)
    for number, line in enumerate(claim.lines, 1):
        codes = tuple(each for each in line.adjustments if each.code not in never)
        cut = _cut(line, codes)
        if codes and line.charge > 0 and (line.paid == 0 or cut):
            yield _denial(claim, (number, line, cut), codes)


def lines_of(claim: Claim) -> int:
    """How many lines of a claim were adjudicated; a claim without lines is one."""
    return 0 if claim.status in NOT_ADJUDICATED else max(len(claim.lines), 1)


def denied_of(claim: Claim, never: frozenset[str] = NEVER) -> int:
    """How many of `lines_of` were denied: all of them where the claim was denied as a whole."""
    found = {each.line for each in denials(claim, never)}
    return lines_of(claim) if None in found else len(found)


def _cut(line: Line, codes: tuple[Adjustment, ...]) -> Decimal | None:
    """Units billed that were not paid: by SVC05 and SVC07, else by the adjustments' own quantities."""
    if line.units_billed is not None:
        missing = line.units_billed - (line.units if line.units is not None else 1)
        return missing if missing > 0 else None
    said = sum((each.quantity for each in codes if each.quantity is not None), Decimal(0))
    return said if said > 0 else None


def _denial(
    claim: Claim, at: tuple[int, Line, Decimal | None] | None, codes: tuple[Adjustment, ...]
) -> Denial:
    number, line, cut = at or (None, None, None)
    remarks = line.remarks + claim.remarks if line else claim.remarks
    return Denial(
        claim=claim.number,
        line=number,
        procedure=line.procedure if line else "",
        codes=tuple(dict.fromkeys(each.code for each in codes)),
        remarks=tuple(dict.fromkeys(remarks)),
        amount=sum((each.amount for each in codes), Decimal(0)),
        units_cut=cut if line and line.paid != 0 else None,
    )
