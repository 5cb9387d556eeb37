"""What Summit Health Plan paid, and what became of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from payerbots.sandbox import mint
from payerbots.sandbox.eob import ProviderAdjustment
from payerbots.sandbox.money import denials
from payerbots.sandbox.money.calendar import bank_day
from payerbots.sandbox.money.desk import Terms, reversal
from payerbots.sandbox.money.items import serve
from payerbots.sandbox.money.payers import SUMMIT
from payerbots.sandbox.money.records import Form, Part, Road

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from payerbots.sandbox.eob import Claim, Line
    from payerbots.sandbox.money.desk import Denial
    from payerbots.sandbox.money.records import Payment
    from payerbots.sandbox.money.stage import Stage

USUAL = ((1, 3), (2, 4), (5, 3), (7, 3), (9, 3))
TEN = 11
A_DAY = 2
LONG_AGO = timedelta(days=150)
TOO_LATE = timedelta(days=410)


def perform(stage: Stage) -> None:
    """Everything of Summit that is not Medicare."""
    for back, claims in USUAL:
        stage.at_summit(stage.usual(SUMMIT, back, claims), early=back % 2 == 0)
    for scene in (
        _pair, _alone, _recovery, _recovery_unknown, _interest, _line_wrong, _denials, _ten_alike,
        _by_two_roads, _listed_twice, _issued_again, _no_file_yet, _no_money, _split, _wire, _no_addenda,
        _either_of_two, _checks, _only_paper,
    ):  # fmt: skip
        scene(stage)


def claims(stage: Stage, back: int, count: int, codes: Sequence[str] = ()) -> list[Claim]:
    """So many usual claims, adjudicated on the bank day."""
    return [stage.desk.usual(SUMMIT, stage.on(back), codes) for _ in range(count)]


def _pair(stage: Stage) -> None:
    """A claim paid with a deductible that was not due, taken back and paid again in one payment."""
    desk, day = stage.desk, stage.on(10)
    patient = desk.patient(SUMMIT)
    services = desk.services(("E0601", "A7030", "A7037"), day - timedelta(days=33))
    wrong = [desk.paid(SUMMIT, services[0], deductible=Decimal("30.00"))]
    wrong += [desk.paid(SUMMIT, each) for each in services[1:]]
    original = desk.claim(SUMMIT, patient, wrong, day)
    stage.summit(10, [original, *claims(stage, 10, 2)], Terms(case="original of a pair"))
    again = desk.paid(SUMMIT, services[0])
    lines = (replace(again, control=original.lines[0].control), *original.lines[1:])
    right = replace(original, number=desk.claim_number(SUMMIT, stage.on(4)), lines=lines)
    stage.summit(4, [reversal(original), right, *claims(stage, 4, 2)], Terms(case="pair"))


def _alone(stage: Stage) -> None:
    """A reversal of a claim that was paid long before, and no correction."""
    desk, long_ago = stage.desk, stage.on(3) - LONG_AGO
    services = desk.services(("A7037", "A7038"), long_ago - timedelta(days=30))
    old = desk.claim(SUMMIT, desk.patient(SUMMIT), [desk.paid(SUMMIT, each) for each in services], long_ago)
    payment = stage.summit(3, [*claims(stage, 3, 3, ("E1390",)), reversal(old)], Terms(case="reversal alone"))
    stage.hold("REVERSAL_ALONE", payment, old.control, old.paid)


def _recovery(stage: Stage) -> None:
    """Money taken back for a claim of an earlier payment."""
    paid = claims(stage, 8, 3, ("A7030", "A7037"))
    stage.summit(8, paid, Terms(case="recovered later"))
    taken = ProviderAdjustment(
        code="WO", reference=paid[1].number, amount=paid[1].paid, claim=paid[1].control
    )
    stage.summit(5, claims(stage, 5, 4, ("E1390", "E0431")), Terms(case="recovery", moved=(taken,)))


def _recovery_unknown(stage: Stage) -> None:
    """Money taken back for a claim that nobody knows."""
    number = stage.desk.claim_number(SUMMIT, stage.on(60))
    taken = ProviderAdjustment(code="WO", reference=number, amount=mint.money(stage.rng, 20, 60))
    terms = Terms(case="recovery of an unknown claim", moved=(taken,))
    payment = stage.summit(2, claims(stage, 2, 3, ("E1390",)), terms)
    stage.hold("PLB_UNMATCHED", payment, f"WO {number}", taken.amount)


def _interest(stage: Stage) -> None:
    """Interest on a claim that was paid late."""
    paid = claims(stage, 6, 3)
    given = ProviderAdjustment(
        code="L6", reference=paid[0].number, amount=-mint.money(stage.rng, 1, 6), claim=paid[0].control
    )
    stage.summit(6, paid, Terms(case="interest", moved=(given,)))


def _line_wrong(stage: Stage) -> None:
    """A line of which ten dollars are missing: neither paid nor explained."""
    paid = claims(stage, 4, 3, ("E1390", "E0431"))
    first = paid[1].lines[0]
    cuts = tuple(
        replace(cut, amount=cut.amount - 10) if cut.code == "45" else cut for cut in first.adjustments
    )
    paid[1] = replace(paid[1], lines=(replace(first, adjustments=cuts), *paid[1].lines[1:]))
    stage.summit(4, paid, Terms(case="line wrong", trouble="REMIT_UNBALANCED", level="line"))


def _denials(stage: Stage) -> None:
    """Denials of most kinds, beside claims that were paid."""
    kinds = (
        (denials.ENDED, ("K0001",)),
        (denials.OTHER_FIRST, ("E0601",)),
        (denials.OTHER_PAYER, ("E0570",)),
        (denials.AUTHORIZATION, ("E0277",)),
        (denials.AUTHORIZATION, ("L0650",)),
        (denials.RECORDS, ("E2402",)),
        (denials.ORDERING, ("A4351",)),
        (denials.NO_BASE, ("A7037",)),
        (denials.TWICE, ("A7030",)),
        (denials.MODIFIER, ("E0260",)),
    )
    for back, some in ((2, kinds[:5]), (6, kinds[5:])):
        refused_ones = [refused(stage, back, codes, denial) for denial, codes in some]
        stage.summit(back, [*claims(stage, back, 2), *refused_ones], Terms(case="denials"))
    late = refused(stage, 3, ("E0143",), denials.LATE, ago=TOO_LATE)
    stage.summit(3, [late, *claims(stage, 3, 1)], Terms(case="denied as late"))


def refused(
    stage: Stage,
    back: int,
    codes: Sequence[str],
    denial: Denial,
    *,
    ago: timedelta = timedelta(days=31),
) -> Claim:
    """A claim whose lines are all denied."""
    desk, day = stage.desk, stage.on(back)
    lines = [desk.denied(each, denial) for each in desk.services(codes, day - ago)]
    return desk.claim(SUMMIT, desk.patient(SUMMIT), lines, day)


def _ten_alike(stage: Stage) -> None:
    """Eleven claims denied alike, in a notice without money."""
    alike = [refused(stage, 4, ("A4253",), denials.ORDERING) for _ in range(TEN)]
    stage.summit(4, alike, Terms(case="ten alike, no money"))


def _by_two_roads(stage: Stage) -> None:
    """The clearinghouse brings the same 835 that the portal has."""
    payment = stage.usual(SUMMIT, 3, 4, Terms(case="by two roads"))
    stage.at_summit(payment)
    stage.paper(Road.CLEARINGHOUSE, stage.on(2), payment)


def _listed_twice(stage: Stage) -> None:
    stage.at_summit(stage.usual(SUMMIT, 5, 2, Terms(case="listed twice")), listed_twice=True)


def _issued_again(stage: Stage) -> None:
    """The portal gives the same remittance out again, under another document number."""
    payment = stage.usual(SUMMIT, 6, 3, Terms(case="issued again"))
    first = stage.at_summit(payment)
    stage.paper(Road.SUMMIT, stage.on(3), payment, replaces=first.name, also_eob=True)


def _no_file_yet(stage: Stage) -> None:
    payment = stage.usual(SUMMIT, 1, 2, Terms(case="no file yet"))
    stage.at_summit(payment, available_from=stage.tomorrow)


def _no_money(stage: Stage) -> None:
    """Remittances whose money did not come: past their window, and still inside it."""
    for back, case in ((7, "no money, past its window"), (1, "no money yet")):
        payment = stage.desk.ordinary(SUMMIT, stage.on(back), 2, Terms(case=case))
        stage.at_summit(payment, early=back == 1)


def _split(stage: Stage) -> None:
    """One payment that came as two credits."""
    payment = stage.desk.ordinary(SUMMIT, stage.on(3), 4, Terms(case="split over two deposits"))
    stage.at_summit(payment)
    whole = payment.check.amount
    part = (whole * Decimal("0.6")).quantize(Decimal("0.01"))
    for amount in (part, whole - part):
        stage.ach(payment, amount=amount)


def _wire(stage: Stage) -> None:
    stage.at_summit(stage.usual(SUMMIT, 5, 2, Terms(case="wire", method="FWT")))


def _no_addenda(stage: Stage) -> None:
    """A credit of which the bank was not told what it pays, of an amount that only one payment has."""
    payment = stage.desk.ordinary(SUMMIT, stage.on(2), 3, Terms(case="no addenda"))
    stage.at_summit(payment)
    stage.ach(payment, addenda=False, back=1)


def _either_of_two(stage: Stage) -> None:
    """Two payments of one amount on one day, and one credit without addenda: nobody can tell whose it is."""
    line = _rented(stage, stage.on(6) - timedelta(days=32))
    both = [_single(stage, line, stage.on(6)) for _ in range(2)]
    deposit = stage.ach(both[0], addenda=False)
    stage.change(deposit, unsure=tuple(one.key for one in both), why="", parts=(_part(both[0]),))


def _rented(stage: Stage, on: date) -> Line:
    while True:
        line = stage.desk.paid(SUMMIT, serve(stage.rng, "E0601", on, 2))
        if stage.desk.fresh([], line.paid):
            return line


def _single(stage: Stage, line: Line, day: date) -> Payment:
    claim = stage.desk.claim(SUMMIT, stage.desk.patient(SUMMIT), [line], day)
    payment = stage.desk.pay(SUMMIT, day, [claim], Terms(case="either of two"))
    stage.at_summit(payment)
    return payment


def _part(payment: Payment) -> Part:
    return Part(payment=payment.key, amount=payment.check.amount)


def _checks(stage: Stage) -> None:
    """Paper checks: cashed, lost in the mail, still on their way."""
    for dated, cashed, case in ((6, 3, "check"), (12, 0, "check lost"), (4, 0, "check on its way")):
        number = f"{stage.rng.randrange(61_000, 69_000)}"
        terms = Terms(method="CHK", case=case, number=number)
        payment = stage.desk.ordinary(SUMMIT, stage.on(dated), 2, terms)
        stage.at_summit(payment)
        if cashed:
            stage.cashed(payment, cashed)


def _only_paper(stage: Stage) -> None:
    """Remittances of which the portal has the EOB and no 835."""
    for back in (8, 4):
        stage.at_summit(stage.usual(SUMMIT, back, 2, Terms(case="EOB alone")), form=Form.EOB)


def history(stage: Stage, count: int) -> None:
    """What Summit paid before the office began to ask: one claim each, over the last half year."""
    day = bank_day(stage.today, -16)
    for place in range(count):
        day = bank_day(day, -1) if place % A_DAY == 0 else day
        claim = stage.desk.usual(SUMMIT, day, ("E1390",))
        payment = stage.desk.pay(SUMMIT, day, [claim], Terms(case="history"))
        stage.at_summit(payment)
