"""What is right about the money on a day, from the book's own knowledge of which money is whose.

Everything that a site has shown by the morning of the day counts, from `since` on. A payment by ACH or wire and its
credit wait for each other for 3 bank days, counted from the payment's date or the day of the deposit, a check for 10;
on the last day of its window something still waits, the day after it is an exception. Bank days leave out weekends and
the holidays of the Federal Reserve. Amounts are dollars as text, days ISO dates.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from payerbots.sandbox.money.calendar import bank_day
from payerbots.sandbox.money.records import Form, Kind, Road
from payerbots.sandbox.money.world import build, images_name, in_lockbox, lockbox_name

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from payerbots.sandbox.eob import Claim, Line
    from payerbots.sandbox.money.records import Batch, Deposit, Money, Paper, Payment

Row = dict[str, Any]
WINDOWS: Final = {"ACH": 3, "FWT": 3, "CHK": 10}
DEPOSIT_WINDOWS: Final = {Kind.ACH: 3, Kind.WIRE: 3, Kind.CHECK: 10}
READY, WAITING, EXCEPTION, MATCHED = "ready", "waiting", "exception", "matched"
REVERSAL, FORWARDED = "22", "19"
MANY = 10
SILENT = "union"
"""The layout that does not print what was allowed."""
ZERO = Decimal("0.00")


def answers(seed: int, today: date, on: date | None = None) -> Row:
    """The answers of a seed for the day `on`, or for `today`, the day that the world was made for."""
    return View(build(seed, today), on or today).answers()


class View:
    """The money as somebody can know it on a day."""

    def __init__(self, money: Money, on: date) -> None:
        self.money = money
        self.on = on

    def answers(self) -> Row:
        """Everything, as plain values."""
        return {
            "today": self.on.isoformat(),
            "since": self.money.since.isoformat(),
            "payments": [self.payment(one) for one in self.read]
            + [self.listed(one) for one in self.not_ready],
            "matches": list(self.matches()),
            "deposits": [self.deposit(one) for one in self.seen],
            "files": list(self.files()),
            "holds": [
                {
                    "reason": one.reason,
                    "payment": one.payment,
                    "what": one.what,
                    "dollars": _dollars(one.dollars),
                }
                for one in self.money.holds
                if one.payment in self._read_keys
            ],
            "payers": self.payers(),
            "lines": {"read": self._sums(self.read), "ready": self._sums(self.ready)},
            "denials": {"read": _denials(self.read), "ready": _denials(self.ready)},
            "claims": self.claims(),
        }

    # -- what can be known ------------------------------------------------------------------------------------

    def _open(self, paper: Paper) -> bool:
        sound = not paper.cut_off and not paper.scanned
        return sound and paper.available_from.date() <= self.on

    @cached_property
    def _papers(self) -> dict[str, list[Paper]]:
        found: defaultdict[str, list[Paper]] = defaultdict(list)
        for paper in self.money.papers:
            if self._open(paper):
                for payment in paper.payments:
                    found[payment.key].append(paper)
        return dict(found)

    @cached_property
    def read(self) -> list[Payment]:
        """The payments of which a remittance can be read."""
        return [one for one in self.money.payments if one.key in self._papers]

    @cached_property
    def _read_keys(self) -> frozenset[str]:
        return frozenset(one.key for one in self.read)

    @cached_property
    def not_ready(self) -> list[Paper]:
        """Remittances that a portal lists and has no file of yet."""
        return [
            paper
            for paper in self.money.papers
            if paper.road is Road.SUMMIT and paper.posted_at.date() <= self.on < paper.available_from.date()
        ]

    def _wrong(self, batch: Batch) -> bool:
        """Whether the bank's file has not been put right yet."""
        return batch.corrected_at is not None and self.on < batch.corrected_at.date()

    @cached_property
    def seen(self) -> list[Deposit]:
        """The deposits that stand in a sound file of the bank."""
        hidden = {one.key for batch in self.money.batches if self._wrong(batch) for one in batch.checks}
        return [one for one in self.money.deposits if one.day < self.on and one.key not in hidden]

    # -- payments ---------------------------------------------------------------------------------------------

    @cached_property
    def ready(self) -> list[Payment]:
        """The payments that can be posted."""
        return [one for one in self.read if self.standing(one)[0] == READY]

    def payment(self, payment: Payment) -> Row:
        """A payment with its standing."""
        state, reason, until = self.standing(payment)
        check, papers = payment.check, self._papers[payment.key]
        return {
            **_identity(payment),
            "read": True,
            "forms": sorted({paper.form.value for paper in papers}),
            "roads": sorted({paper.road.value for paper in papers}),
            "documents": sorted(paper.name for paper in papers),
            "claims": len(check.claims),
            "lines": sum(len(claim.lines) for claim in check.claims),
            "state": state,
            "reason": reason,
            "until": until,
            "level": payment.level or None,
            "case": payment.case,
        }

    def listed(self, paper: Paper) -> Row:
        """A payment of which only the portal's list tells."""
        payment = paper.payments[0]
        return {
            **_identity(payment),
            "read": False,
            "forms": [],
            "roads": [paper.road.value],
            "documents": [paper.name],
            "claims": None,
            "lines": None,
            "state": WAITING,
            "reason": "REMIT_NOT_READY",
            "until": paper.available_from.date().isoformat(),
            "level": None,
            "case": payment.case,
        }

    def standing(self, payment: Payment) -> tuple[str, str | None, str | None]:
        """State, reason, and until when it waits."""
        check = payment.check
        if payment.trouble:
            return EXCEPTION, payment.trouble, None
        if not check.amount:
            return READY, None, None
        money = [one for one in self.seen if payment.key in {part.payment for part in one.parts}]
        if any(one.returns for one in money):
            return EXCEPTION, "DEPOSIT_RETURNED", None
        if any(payment.key in one.unsure for one in self.seen):
            return EXCEPTION, "MATCH_UNSURE", None
        if any(self._told(one) for one in money):
            return READY, None, None
        return self._due(check.date, WINDOWS[check.method], "DEPOSIT_MISSING")

    def _due(self, day: date, window: int, reason: str) -> tuple[str, str | None, str | None]:
        until = bank_day(day, window)
        return (WAITING, None, until.isoformat()) if self.on <= until else (EXCEPTION, reason, None)

    # -- deposits ---------------------------------------------------------------------------------------------

    def _told(self, deposit: Deposit) -> bool:
        """Whether it can be told whose the money is: all its remittances are there, and say so."""
        return bool(deposit.why) and all(part.payment in self._read_keys for part in deposit.parts)

    def deposit(self, deposit: Deposit) -> Row:
        """A deposit with its standing."""
        state, reason, until = self._deposit_standing(deposit)
        return {
            "deposit": deposit.key,
            "day": deposit.day.isoformat(),
            "kind": deposit.kind.value,
            "amount": _dollars(deposit.amount),
            "reference": deposit.reference,
            "payer": "" if deposit.person else deposit.company,
            "payer_id": deposit.company_id if deposit.trace else "",
            "trace": deposit.trace,
            "check_number": deposit.check_number,
            "batch": deposit.batch,
            "state": state,
            "reason": reason,
            "until": until,
            "dollars": _dollars(ZERO if state == MATCHED else abs(deposit.amount)),
            "candidates": list(deposit.unsure),
            "returns": deposit.returns or None,
            "case": deposit.case,
        }

    def _deposit_standing(self, deposit: Deposit) -> tuple[str, str | None, str | None]:
        if deposit.returns:
            return EXCEPTION, "DEPOSIT_RETURNED", None
        if deposit.unsure:
            return EXCEPTION, "MATCH_UNSURE", None
        if deposit.parts and self._told(deposit):
            return MATCHED, None, None
        return self._due(deposit.day, DEPOSIT_WINDOWS[deposit.kind], "REMIT_MISSING")

    def matches(self) -> Iterable[Row]:
        """Each amount of a deposit that is known to be a payment's."""
        by_key = {one.key: one for one in self.money.payments}
        for deposit in self.seen:
            if deposit.returns or not deposit.parts or not self._told(deposit):
                continue
            for part in deposit.parts:
                payment = by_key[part.payment]
                yield {
                    "payment": payment.key,
                    "trace": payment.check.number,
                    "deposit": deposit.key,
                    "amount": _dollars(part.amount),
                    "day": deposit.day.isoformat(),
                    "kind": deposit.kind.value,
                    "reference": deposit.reference,
                    "check_number": deposit.check_number,
                    "why": deposit.why,
                }

    # -- the rest ---------------------------------------------------------------------------------------------

    def files(self) -> Iterable[Row]:
        """Files and pages that cannot be used as they are."""
        for paper in self.money.papers:
            if paper.cut_off and not self._papers.get(paper.payments[0].key):
                yield _file(paper.name, "FILE_UNUSABLE", paper.payments[0].check.amount)
        for batch in self.money.batches:
            if self._wrong(batch):
                yield _file(lockbox_name(batch.day), "LOCKBOX_TOTALS", batch.total)
            for paper in in_lockbox(self.money, batch):
                if paper.scanned and batch.images_from.date() <= self.on:
                    yield _file(images_name(batch), "NEEDS_OCR", paper.payments[0].check.amount)

    def payers(self) -> list[Row]:
        """Payments and amounts of each payer by their state."""
        found: dict[str, dict[str, Any]] = {}
        for one in self.read:
            row = found.setdefault(
                one.payer.name,
                {"payments": 0, "amount": ZERO, READY: ZERO, WAITING: ZERO, EXCEPTION: ZERO},
            )
            row["payments"] += 1
            row["amount"] += one.check.amount
            row[self.standing(one)[0]] += one.check.amount
        return [
            {
                "payer": name,
                **{key: value if isinstance(value, int) else _dollars(value) for key, value in row.items()},
            }
            for name, row in found.items()
        ]

    def claims(self) -> Row:
        """What claims say besides money, over all payments that can be read."""
        poor = {one.control for one in self.money.billed if one.qmb}
        claims = [claim for one in self.read for claim in one.check.claims]
        held = {one.what for one in self.money.holds}
        back = [claim for claim in claims if claim.status == REVERSAL]
        x12 = [c for one in self.read if self._has_x12(one) for c in one.check.claims]
        return {
            "claims": len(claims),
            "reversals": len(back),
            "pairs": sum(claim.control not in held for claim in back),
            "crossovers": sum(claim.crossover is not None for claim in x12),
            "corrected_ids": sum(bool(claim.corrected_member) for claim in x12),
            "qmb_claims": sum(claim.control in poor for claim in claims),
            "qmb_patient_share": _dollars(_share(claim for claim in claims if claim.control in poor)),
        }

    def _sums(self, payments: Iterable[Payment]) -> Row:
        """Lines and their amounts; what was allowed counts where a remittance says it, which one payer's EOB never does."""
        lines = [(one, line) for one, _, line in _lines(payments)]
        said = [line for one, line in lines if self._has_x12(one) or one.payer.layout != SILENT]
        return {
            "lines": len(lines),
            "charge": _dollars(sum((line.charge for _, line in lines), ZERO)),
            "allowed": _dollars(sum((line.allowed for line in said), ZERO)),
            "paid": _dollars(sum((line.paid for _, line in lines), ZERO)),
        }

    def _has_x12(self, payment: Payment) -> bool:
        return any(paper.form is Form.X12 for paper in self._papers[payment.key])


def _identity(payment: Payment) -> Row:
    check = payment.check
    return {
        "payment": payment.key,
        "payer": payment.payer.name,
        "payer_id": payment.payer.trn,
        "trace": check.number,
        "method": check.method,
        "date": check.date.isoformat(),
        "amount": _dollars(check.amount),
    }


def _file(name: str, reason: str, dollars: Decimal) -> Row:
    return {"file": name, "reason": reason, "dollars": _dollars(dollars)}


def _lines(payments: Iterable[Payment]) -> Iterable[tuple[Payment, Claim, Line]]:
    return ((one, claim, line) for one in payments for claim in one.check.claims for line in claim.lines)


def _denials(payments: Iterable[Payment]) -> Row:
    """Denied lines by reason; those of ten or more alike; claims whose insurance has to be found anew."""
    denied = [(one, claim, line) for one, claim, line in _lines(payments) if line.denied]
    alike = Counter((one.payer.name, _code(line), line.procedure) for one, _, line in denied)
    return {
        "lines": len(denied),
        "dollars": _dollars(sum((_refused(line) for _, _, line in denied), ZERO)),
        "reasons": dict(sorted(Counter(line.denied for _, _, line in denied).items())),
        "coverage_claims": len(
            {claim.control for _, claim, line in denied if line.denied == "DENIED_COVERAGE"}
        ),
        "projects": [
            {"payer": payer, "code": code, "procedure": procedure, "lines": count}
            for (payer, code, procedure), count in sorted(alike.items())
            if count >= MANY
        ],
        "rentals": _rentals(denied),
    }


def _rentals(denied: Iterable[tuple[Payment, Claim, Line]]) -> list[Row]:
    """Months of one patient's rental that were denied alike."""
    months = Counter(
        (claim.member, line.procedure, _code(line)) for _, claim, line in denied if "RR" in line.modifiers
    )
    return [
        {"procedure": procedure, "code": code, "lines": count}
        for (_, procedure, code), count in sorted(months.items())
        if count > 1
    ]


def _code(line: Line) -> str:
    return line.adjustments[-1].code


def _refused(line: Line) -> Decimal:
    return line.adjustments[-1].amount


def _share(claims: Iterable[Claim]) -> Decimal:
    cuts = (cut for claim in claims for line in claim.lines for cut in line.adjustments)
    return sum((cut.amount for cut in cuts if cut.group == "PR"), ZERO)


def _dollars(amount: Decimal) -> str:
    return f"{amount:.2f}"
