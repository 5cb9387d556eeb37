"""What is right about the money on a day, from the book's own knowledge of which money is whose.

Everything that a site has shown by the morning of the day counts, from `since` on. A payment by ACH or wire and its
credit wait for each other for 3 bank days, counted from the payment's date or the day of the deposit, a check for 10;
on the last day of its window something still waits, the day after it is an exception. Bank days leave out weekends and
the holidays of the Federal Reserve. Amounts are dollars as text, days ISO dates.

    payments   what a remittance tells of, and what a portal only lists (`read` is false); `state` is ready, waiting
               (until the day `until`) or exception, with a reason
    matches    each amount of a deposit that is a payment's; `why` is trace, number (of the check), amount, or sum
    deposits   each credit, check and returned item: matched, waiting, exception, or unconcerned (taken back later);
               `dollars` is what is in question
    unusable   files and pages that cannot be used as they are, with the money in them
    holds      claims and provider adjustments that go to a person while the rest of their payment is posted
    payers     sums by payer and state, of what can be read
    lines      sums over service lines: of all payments that can be read, and of those that are ready
    denials    the same for denied lines, by reason; `projects` are ten or more alike, `rentals` months of one rental
    claims     reversals with their correction, claims sent on, numbers put right, QMB patients' share

A payment is ready when it balances and all its money is found, or when there is none to find. The money of one that
does not balance is known, and in exception with it. A check that does not agree with its remittance in every cent,
and a credit that fits two payments, go to a person with all that they could be. A check that bounced takes its
payment with it. Of two remittances with one key the second is in question, in the order of the file.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from payerbots.sandbox.money import sums
from payerbots.sandbox.money.calendar import bank_day
from payerbots.sandbox.money.records import Form, Kind, Road
from payerbots.sandbox.money.sums import dollars
from payerbots.sandbox.money.world import build, images_name, in_lockbox, lockbox_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from payerbots.sandbox.money.records import Batch, Deposit, Money, Paper, Payment

Row = dict[str, Any]
WINDOWS: Final = {"ACH": 3, "FWT": 3, "CHK": 10}
DEPOSIT_WINDOWS: Final = {Kind.ACH: 3, Kind.WIRE: 3, Kind.CHECK: 10}
READY, WAITING, EXCEPTION, MATCHED = "ready", "waiting", "exception", "matched"
UNCONCERNED = "unconcerned"
SETTLED = frozenset({MATCHED, UNCONCERNED})
UNBALANCED = "REMIT_UNBALANCED"
REVERSAL, FORWARDED = "22", "19"
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
            "unusable": list(self.files()),
            "holds": [
                {
                    "reason": one.reason,
                    "payment": one.payment,
                    "what": one.what,
                    "dollars": dollars(one.dollars),
                }
                for one in self.money.holds
                if one.payment in self._read_keys
            ],
            "payers": self.payers(),
            "lines": {"read": self._sums(self.read), "ready": self._sums(self.ready)},
            "denials": {"read": sums.denials(self.read), "ready": sums.denials(self.ready)},
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

    @cached_property
    def _bounced(self) -> frozenset[str]:
        """The deposits that the bank has taken back."""
        return frozenset(one.returns for one in self.seen if one.returns)

    @cached_property
    def _by_key(self) -> dict[str, Payment]:
        return {one.key: one for one in self.money.payments}

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
            "amount": dollars(deposit.amount),
            "reference": deposit.reference,
            "payer": "" if deposit.person else deposit.company,
            "company_id": deposit.company_id,
            "trace": deposit.trace,
            "check_number": deposit.check_number,
            "batch": deposit.batch,
            "state": state,
            "reason": reason,
            "until": until,
            "dollars": dollars(ZERO if state in SETTLED else abs(deposit.amount)),
            "candidates": list(deposit.unsure),
            "returns": deposit.returns or None,
            "case": deposit.case,
        }

    def _deposit_standing(self, deposit: Deposit) -> tuple[str, str | None, str | None]:
        if deposit.returns:
            return EXCEPTION, "DEPOSIT_RETURNED", None
        if deposit.key in self._bounced:
            return UNCONCERNED, None, None
        if deposit.unsure:
            return EXCEPTION, "MATCH_UNSURE", None
        if deposit.parts and self._told(deposit):
            wrong = any(self._by_key[part.payment].trouble == UNBALANCED for part in deposit.parts)
            return (EXCEPTION, UNBALANCED, None) if wrong else (MATCHED, None, None)
        return self._due(deposit.day, DEPOSIT_WINDOWS[deposit.kind], "REMIT_MISSING")

    def matches(self) -> Iterable[Row]:
        """Each amount of a deposit that is a payment's, which can be posted with it."""
        for deposit in self.seen:
            if self._deposit_standing(deposit)[0] != MATCHED:
                continue
            for part in deposit.parts:
                payment = self._by_key[part.payment]
                yield {
                    "payment": payment.key,
                    "trace": payment.check.number,
                    "deposit": deposit.key,
                    "amount": dollars(part.amount),
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
                **{key: value if isinstance(value, int) else dollars(value) for key, value in row.items()},
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
            "qmb_patient_share": dollars(sums.patients_share(one for one in claims if one.control in poor)),
        }

    def _sums(self, payments: Sequence[Payment]) -> Row:
        said = [one for one in payments if self._has_x12(one) or one.payer.layout != SILENT]
        return sums.lines(payments, said)

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
        "amount": dollars(check.amount),
    }


def _file(name: str, reason: str, amount: Decimal) -> Row:
    return {"file": name, "reason": reason, "dollars": dollars(amount)}
