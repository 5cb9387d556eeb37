"""Writes X12 835 files (005010X221A1): one interchange, one transaction for each payment."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date, datetime

    from payerbots.sandbox.eob import Claim, Line
    from payerbots.sandbox.money.records import Payer, Payment

IMPLEMENTATION = "005010X221A1"
HOME = "12"
"""Place of service: the patient's home."""
PAYEE_BANK = ("041215537", "8800441772")


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """How a sender writes: its ID, the element and component marks, and what ends a segment."""

    sender: str
    element: str = "*"
    component: str = ":"
    end: str = "~\n"


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """What stands around the payments: the sender's dialect, control number and time."""

    dialect: Dialect
    control: int
    made_at: datetime


def write(envelope: Envelope, payments: Sequence[Payment]) -> bytes:
    """The file."""
    dialect = envelope.dialect
    segments = [*_open(envelope)]
    for place, payment in enumerate(payments, 1):
        body = list(_transaction(payment, envelope.made_at.date()))
        control = f"{place:04d}"
        segments += [("ST", "835", control), *body, ("SE", f"{len(body) + 2}", control)]
    segments += [
        ("GE", f"{len(payments)}", f"{envelope.control}"),
        ("IEA", "1", f"{envelope.control:09d}"),
    ]
    return "".join(_joined(segment, dialect) for segment in segments).encode("ascii")


def _joined(segment: Sequence[str], dialect: Dialect) -> str:
    """The elements with the marks between; components are kept apart by a control character until here."""
    text = dialect.element.join(segment)
    shown = text if segment[0] == "ISA" else text.rstrip(dialect.element)
    return shown.replace(JOINT, dialect.component) + dialect.end


JOINT = "\x1f"


def _open(envelope: Envelope) -> Iterator[tuple[str, ...]]:
    dialect, made = envelope.dialect, envelope.made_at
    yield (
        "ISA", "00", " " * 10, "00", " " * 10, "ZZ", f"{dialect.sender:15}", "ZZ", f"{'LAKESIDEHM':15}",
        f"{made:%y%m%d}", f"{made:%H%M}", "^", "00501", f"{envelope.control:09d}", "0", "P", JOINT,
    )  # fmt: skip
    yield (
        "GS", "HP", dialect.sender, "LAKESIDEHM", f"{made:%Y%m%d}", f"{made:%H%M}",
        f"{envelope.control}", "X", IMPLEMENTATION,
    )  # fmt: skip


def _transaction(payment: Payment, produced: date) -> Iterator[tuple[str, ...]]:
    check, payer = payment.check, payment.payer
    yield _financial(payment)
    yield ("TRN", "1", check.number, payer.trn)
    yield ("DTM", "405", f"{produced:%Y%m%d}")
    yield from _payer(payer)
    yield ("N1", "PE", check.payee, "XX", check.npi)
    yield ("REF", "TJ", payment.organisation.tax_id.replace("-", ""))
    yield ("LX", "1")
    for claim in check.claims:
        yield from _claim(claim, payer)
    for start in range(0, len(check.adjustments), 6):
        moved = check.adjustments[start : start + 6]
        pairs = [part for one in moved for part in (f"{one.code}{JOINT}{one.reference}", money(one.amount))]
        yield ("PLB", check.npi, f"{check.date.year}1231", *pairs)


def _financial(payment: Payment) -> tuple[str, ...]:
    check, payer = payment.check, payment.payer
    day, amount = f"{check.date:%Y%m%d}", money(check.amount)
    if check.method in {"NON", "CHK"}:
        handling = "H" if check.method == "NON" else "I"
        return ("BPR", handling, amount, "C", check.method, *[""] * 11, day)
    form = "CCP" if check.method == "ACH" else ""
    routing, account = PAYEE_BANK
    return (
        "BPR", "I", amount, "C", check.method, form, "01", payer.routing, "DA", f"{int(payer.trn) % 10**9}",
        payer.trn, "", "01", routing, "DA", account, day,
    )  # fmt: skip


def _payer(payer: Payer) -> Iterator[tuple[str, ...]]:
    street, city, state, code = payer.address
    yield ("N1", "PR", payer.name)
    yield ("N3", street)
    yield ("N4", city, state, code)
    yield ("REF", "2U", payer.payer_id)
    yield ("PER", "BL", "EDI SUPPORT", "TE", "8005550142")


def _claim(claim: Claim, payer: Payer) -> Iterator[tuple[str, ...]]:
    share = sum((a.amount for line in claim.lines for a in line.adjustments if a.group == "PR"), Decimal(0))
    yield (
        "CLP", claim.control, claim.status, money(claim.charge), money(claim.paid),
        money(share) if share > 0 else "", payer.filing, claim.number, HOME, "1",
    )  # fmt: skip
    yield ("NM1", "QC", "1", claim.last, claim.first, claim.middle, "", "", "MI", claim.member)
    if claim.corrected_member:
        yield ("NM1", "74", "1", "", "", "", "", "", "C", claim.corrected_member)
    if claim.crossover:
        yield ("NM1", "TT", "2", claim.crossover[0], "", "", "", "", "PI", claim.crossover[1])
    if claim.remarks:
        yield ("MOA", "", "", *claim.remarks)
    yield ("DTM", "232", f"{min(line.first for line in claim.lines):%Y%m%d}")
    yield ("DTM", "233", f"{max(line.last for line in claim.lines):%Y%m%d}")
    if claim.received:
        yield ("DTM", "050", f"{claim.received:%Y%m%d}")
    for line in claim.lines:
        yield from _line(line)


def _line(line: Line) -> Iterator[tuple[str, ...]]:
    paid = line.units if line.units_paid is None else line.units_paid
    billed = "" if paid == line.units else f"{line.units}"
    code = JOINT.join(("HC", line.procedure, *line.modifiers))
    yield ("SVC", code, money(line.charge), money(line.paid), "", f"{paid}", "", billed)
    if line.first == line.last:
        yield ("DTM", "472", f"{line.first:%Y%m%d}")
    else:
        yield ("DTM", "150", f"{line.first:%Y%m%d}")
        yield ("DTM", "151", f"{line.last:%Y%m%d}")
    yield from _adjustments(line)
    if line.control:
        yield ("REF", "6R", line.control)
    if line.allowed:
        yield ("AMT", "B6", money(line.allowed))
    for code in line.remarks:
        yield ("LQ", "HE", code)


def _adjustments(line: Line) -> Iterator[tuple[str, ...]]:
    """One segment a group; the cut units stand beside what was taken for them."""
    missing = 0 if line.units_paid is None else line.units - line.units_paid
    for group in dict.fromkeys(one.group for one in line.adjustments):
        parts: list[str] = []
        for one in (each for each in line.adjustments if each.group == group):
            units = f"{missing}" if missing and one is line.adjustments[-1] else ""
            parts += [one.code, money(one.amount), units]
        yield ("CAS", group, *parts)


def money(amount: Decimal) -> str:
    """`134.6`, `-12`, `0`: without zeros that say nothing."""
    text = f"{amount:.2f}".rstrip("0").rstrip(".")
    return "0" if text in {"", "-0"} else text
