"""The files of the made-up money: 835s, lockbox files, bank reports; the same bytes for the same world."""

from __future__ import annotations

from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING, Final

from payerbots.sandbox.money import bai2, era, lockbox_file
from payerbots.sandbox.money.records import Deposit, Kind, Road
from payerbots.sandbox.money.world import LOCKBOX, bank_days

if TYPE_CHECKING:
    from datetime import date

    from payerbots.sandbox.money.records import Batch, Money, Paper

DIALECTS: Final = {
    Road.SUMMIT: era.Dialect(sender="SUMMITHP"),
    Road.CLEARINGHOUSE: era.Dialect(sender="CLEARPATH", component=">", end="~"),
}
ACCOUNT: Final = "8800441772"
CUT = 0.55
OPENING = Decimal("41873.06")
INVOICED = frozenset({"union", "medicaid"})
"""Payers that write on their checks which claims they pay."""
ACH, WIRE, BATCH, RETURNED = "165", "195", "115", "555"


def x12(paper: Paper) -> bytes:
    """The 835 of a paper, or as much of it as arrived."""
    envelope = era.Envelope(dialect=DIALECTS[paper.road], control=paper.control, made_at=paper.posted_at)
    content = era.write(envelope, paper.payments)
    return content[: int(len(content) * CUT)] if paper.cut_off else content


def lockbox(money: Money, day: date, *, first: bool = False) -> bytes:
    """The lockbox file of a bank day; `first` as it was posted before the bank put it right."""
    batches = [_sheaf(money, batch, first=first) for batch in money.batches if batch.day == day]
    return lockbox_file.write(LOCKBOX, day, batches)


def _sheaf(money: Money, batch: Batch, *, first: bool) -> lockbox_file.Sheaf:
    slips = tuple(_slip(money, batch, one, first=first) for one in batch.checks)
    return lockbox_file.Sheaf(number=batch.number, slips=slips, total=batch.total)


def _slip(money: Money, batch: Batch, check: Deposit, *, first: bool) -> lockbox_file.Slip:
    return lockbox_file.Slip(
        item=check.item,
        amount=batch.misread.get(check.key, check.amount) if first else check.amount,
        number=check.check_number,
        remitter=check.company,
        routing=check.routing,
        account=check.account,
        invoices=_invoices(money, check),
    )


def _invoices(money: Money, check: Deposit) -> tuple[tuple[str, Decimal], ...]:
    keys = {part.payment for part in check.parts}
    return tuple(
        (claim.control, claim.paid)
        for payment in money.payments
        if payment.key in keys and payment.payer.key in INVOICED
        for claim in payment.check.claims
    )


def report(money: Money, day: date) -> bytes:
    """The bank's report (BAI2) about a day of the span."""
    number = bank_days(money).index(day) + 1
    return bai2.write(ACCOUNT, day, opening(money, day), entries(money, day), number)


def opening(money: Money, day: date) -> Decimal:
    """The account's balance on the morning of the day."""
    before = (entry for past in bank_days(money) if past < day for entry in entries(money, past))
    return sum((one.amount if one.is_credit else -one.amount for one in before), OPENING)


def entries(money: Money, day: date) -> list[bai2.Entry]:
    """The account's movements on a day: credits, items returned, and what the office paid."""
    found = [_entry(one) for one in money.deposits if one.day == day and one.kind is not Kind.CHECK]
    found += [_batch(batch) for batch in money.batches if batch.day == day]
    return [*sorted(found, key=lambda one: one.reference), *_paid_out(money.seed, day)]


def _entry(deposit: Deposit) -> bai2.Entry:
    kind = {Kind.ACH: ACH, Kind.WIRE: WIRE, Kind.RETURNED: RETURNED}[deposit.kind]
    text = {Kind.ACH: _of_ach, Kind.WIRE: _of_wire, Kind.RETURNED: _of_returned}[deposit.kind](deposit)
    return bai2.Entry(type=kind, amount=abs(deposit.amount), reference=deposit.reference, text=text)


def _of_ach(deposit: Deposit) -> tuple[str, ...]:
    who = f"{deposit.company} DES:HCCLAIMPMT INDN:LAKESIDE HOME MEDICAL CO ID:{deposit.company_id} CCD"
    addenda = f"ADDENDA TRN*1*{deposit.trace}*{deposit.company_id}\\"
    return (who, addenda) if deposit.trace else (who,)


def _of_wire(deposit: Deposit) -> tuple[str, ...]:
    return (
        f"WIRE IN ORIG:{deposit.company} BNF:LAKESIDE HOME MEDICAL",
        f"OBI:TRN*1*{deposit.trace}*{deposit.company_id}\\",
    )


def _of_returned(deposit: Deposit) -> tuple[str, ...]:
    return (
        f"RETURNED ITEM CHECK {deposit.check_number} REFER TO MAKER",
        f"LOCKBOX {LOCKBOX} BATCH {deposit.batch} ITEM {deposit.item:03d}",
    )


def _batch(batch: Batch) -> bai2.Entry:
    return bai2.Entry(
        type=BATCH,
        amount=batch.total,
        reference=f"{batch.day:%y%m%d}9{batch.number}",
        text=(f"LOCKBOX {LOCKBOX} BATCH {batch.number} ITEMS {len(batch.checks)}",),
    )


def _paid_out(seed: int, day: date) -> list[bai2.Entry]:
    """Some checks that the office wrote, and its bank's fee."""
    rng = Random(f"paid out {seed} {day}")
    found = []
    for _ in range(rng.randint(0, 2)):
        amount = Decimal(rng.randrange(9_000, 70_000)).scaleb(-2)
        number = f"{rng.randrange(3_000, 9_000)}"
        found.append(
            bai2.Entry(type="475", amount=amount, reference=f"{day:%y%m%d}8{number}", customer=number)
        )
    return found
