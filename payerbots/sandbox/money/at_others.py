"""What came by the clearinghouse, from Cascade's portal and by mail, and money that came alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from payerbots.sandbox import mint
from payerbots.sandbox.eob import ProviderAdjustment
from payerbots.sandbox.money import denials
from payerbots.sandbox.money.desk import Denial, Terms
from payerbots.sandbox.money.payers import CASCADE, CHECK_STRANGER, EVERGREEN, MEDICAID, STRANGERS, UNION
from payerbots.sandbox.money.records import Deposit, Form, Kind, Part, Payer, Payment, Road

if TYPE_CHECKING:
    from collections.abc import Sequence

    from payerbots.sandbox.eob import Claim
    from payerbots.sandbox.money.stage import Stage

SAME_TRACE = "EVG0000000"
CENTS_OFF = Decimal("0.45")


def perform(stage: Stage) -> None:
    """Everything that is not at Summit's portal."""
    for scene in (
        _usual_files,
        _one_deposit_for_two,
        _one_trace_for_two,
        _clash,
        _claim_wrong,
        _unknowns,
        _cut_off,
    ):
        scene(stage)
    for scene in (_cascade_usual, _cascade_checks, _misread, _bounced, _card, _cascade_no_money):
        scene(stage)
    for scene in (_mailed, _strangers, _patients):
        scene(stage)


# -- Evergreen, by the clearinghouse --------------------------------------------------------------------------


def _usual_files(stage: Stage) -> None:
    """Two payments in one file, and one in another."""
    both = [stage.usual(EVERGREEN, 2, count) for count in (3, 4)]
    stage.paper(Road.CLEARINGHOUSE, stage.on(2), *both)
    stage.paper(Road.CLEARINGHOUSE, stage.on(7), stage.usual(EVERGREEN, 7, 3))


def _one_deposit_for_two(stage: Stage) -> None:
    """One credit without addenda that is the sum of the day's two payments."""
    both = [
        stage.desk.ordinary(EVERGREEN, stage.on(4), 2, Terms(case="two in one deposit")) for _ in range(2)
    ]
    stage.paper(Road.CLEARINGHOUSE, stage.on(4), *both)
    _together(stage, both, addenda=False, why="sum")


def _one_trace_for_two(stage: Stage) -> None:
    """The payer splits a payment by location: two remittances of one trace number, one credit."""
    desk = stage.desk
    number = desk.trace(EVERGREEN)
    main, second = desk.organisations[0].providers[:2]
    both = []
    for desk.provider in (main, second):
        both.append(desk.ordinary(EVERGREEN, stage.on(5), 2, Terms(case="two of one trace", number=number)))
    desk.provider = main
    stage.paper(Road.CLEARINGHOUSE, stage.on(5), *both)
    _together(stage, both, addenda=True, why="trace")


def _together(stage: Stage, both: list[Payment], *, addenda: bool, why: str) -> None:
    amount = sum((one.check.amount for one in both), Decimal(0))
    parts = tuple(Part(payment=one.key, amount=one.check.amount) for one in both)
    deposit = stage.ach(both[0], addenda=addenda, amount=amount)
    stage.change(deposit, parts=parts, why=why)


def _clash(stage: Stage) -> None:
    """Two notices without money that the payer gave one number: the second is another remittance."""
    both = []
    for trouble, codes in (("", ("A7030", "A7038")), ("REMIT_KEY_CLASH", ("E0570",))):
        claims = [_refused(stage, EVERGREEN, 3, codes, denials.ENDED)]
        terms = Terms(case="one key, two contents", number=SAME_TRACE, trouble=trouble)
        both.append(stage.desk.pay(EVERGREEN, stage.on(3), claims, terms))
    stage.paper(Road.CLEARINGHOUSE, stage.on(3), *both)


def _refused(stage: Stage, payer: Payer, back: int, codes: Sequence[str], denial: Denial) -> Claim:
    desk, day = stage.desk, stage.on(back)
    lines = [desk.denied(each, denial) for each in desk.services(codes, day - timedelta(days=29))]
    return desk.claim(payer, desk.patient(payer), lines, day)


def _claim_wrong(stage: Stage) -> None:
    """A claim said to be paid five dollars more than its lines."""
    day = stage.on(3)
    claims = [stage.desk.usual(EVERGREEN, day, codes) for codes in (("E1390",), ("E0260",), ("A7030",))]
    claims[1] = replace(claims[1], total_paid=claims[1].paid + 5)
    terms = Terms(case="claim wrong", trouble="REMIT_UNBALANCED", level="claim")
    payment = stage.desk.pay(EVERGREEN, day, claims, terms)
    stage.ach(payment)
    stage.paper(Road.CLEARINGHOUSE, day, payment)


def _unknowns(stage: Stage) -> None:
    """A claim that the office never sent, and an adjustment that says nothing of a claim."""
    desk, day = stage.desk, stage.on(6)
    claims = [desk.usual(EVERGREEN, day) for _ in range(3)]
    lines = [desk.paid(EVERGREEN, each) for each in desk.services(("E0143",), day - timedelta(days=25))]
    foreign = desk.claim(EVERGREEN, desk.patient(EVERGREEN), lines, day, ours=False)
    foreign = replace(foreign, control=f"WK{stage.rng.randrange(10**6, 10**7)}")
    taken = ProviderAdjustment(
        code="CS", reference=f"ADJ{stage.rng.randrange(10**5, 10**6)}", amount=Decimal("18.40")
    )
    terms = Terms(case="claim unknown, adjustment unmatched", moved=(taken,))
    payment = desk.pay(EVERGREEN, day, [*claims, foreign], terms)
    stage.ach(payment)
    stage.paper(Road.CLEARINGHOUSE, day, payment)
    stage.hold("CLAIM_UNKNOWN", payment, foreign.control, foreign.paid)
    stage.hold("PLB_UNMATCHED", payment, f"CS {taken.reference}", taken.amount)


def _cut_off(stage: Stage) -> None:
    """A file that ends in the middle; the whole one comes a day later."""
    payment = stage.usual(EVERGREEN, 1, 3, Terms(case="file cut off"))
    stage.paper(Road.CLEARINGHOUSE, stage.on(1), payment, cut_off=True)
    stage.paper(Road.CLEARINGHOUSE, stage.today, payment, available_from=stage.tomorrow)


# -- Cascade ---------------------------------------------------------------------------------------------------


def _at_cascade(stage: Stage, payment: Payment) -> None:
    stage.paper(Road.CASCADE, payment.check.date, payment, form=Form.EOB)


def _cascade_usual(stage: Stage) -> None:
    for back, claims in ((1, 3), (3, 4), (6, 3), (8, 2)):
        _at_cascade(stage, stage.usual(CASCADE, back, claims))


def _check(stage: Stage, payer: Payer, dated: int, claims: int, terms: Terms) -> Payment:
    """A payment by paper check; the number is short, as many are."""
    number = terms.number or f"{stage.rng.randrange(410_000, 489_000)}"
    return stage.desk.ordinary(payer, stage.on(dated), claims, replace(terms, method="CHK", number=number))


def _cascade_checks(stage: Stage) -> None:
    """Checks; of one the EOB writes the number with zeros before it, and one has its EOB in the envelope too."""
    padded = f"00{stage.rng.randrange(52_000, 58_000)}"
    for terms, dated, cashed in (
        (Terms(case="zeros before the number", number=padded), 8, 5),
        (Terms(case="EOB by two roads"), 7, 4),
    ):
        payment = _check(stage, CASCADE, dated, 3, terms)
        _at_cascade(stage, payment)
        stage.cashed(payment, cashed, number=payment.check.number.lstrip("0"))
    stage.paper(Road.LOCKBOX, stage.on(4), payment, form=Form.EOB)


def _misread(stage: Stage) -> None:
    """A check that the bank cashed for some cents less than its EOB says."""
    payment = _check(stage, CASCADE, 12, 2, Terms(case="amounts differ"))
    _at_cascade(stage, payment)
    deposit = stage.cashed(payment, 11, amount=payment.check.amount - CENTS_OFF)
    stage.change(deposit, unsure=(payment.key,), why="")


def _bounced(stage: Stage) -> None:
    """A check that was good for four days."""
    payment = _check(stage, CASCADE, 8, 2, Terms(case="returned"))
    _at_cascade(stage, payment)
    first = stage.cashed(payment, 5)
    back = replace(first, kind=Kind.RETURNED, day=stage.on(1), amount=-first.amount, reference="", why="")
    parts = (Part(payment=payment.key, amount=-first.amount),)
    stage.deposit(replace(back, returns=first.key, parts=parts))


def _card(stage: Stage) -> None:
    """A virtual card: money only when somebody runs it."""
    claims = [stage.desk.usual(CASCADE, stage.on(3)) for _ in range(2)]
    terms = Terms(case="virtual card", method="CARD", trouble="CARD_PAYMENT")
    _at_cascade(stage, stage.desk.pay(CASCADE, stage.on(3), claims, terms))


def _cascade_no_money(stage: Stage) -> None:
    claims = [
        _refused(stage, CASCADE, 5, ("E0601",), denials.AUTHORIZATION),
        _refused(stage, CASCADE, 5, ("K0001",), denials.RECORDS),
        _refused(stage, CASCADE, 5, ("A7030", "A7037"), denials.ENDED),
    ]
    number = f"{stage.rng.randrange(900_000, 990_000)}"
    _at_cascade(stage, stage.desk.pay(CASCADE, stage.on(5), claims, Terms(case="no money", number=number)))


# -- by mail ---------------------------------------------------------------------------------------------------


def _mailed(stage: Stage) -> None:
    """Checks with their EOBs in one envelope: usual ones, a scanned one, some whose images come a day late."""
    for payer, dated, cashed, claims, case in (
        (UNION, 9, 5, 3, ""),
        (UNION, 7, 4, 2, ""),
        (UNION, 6, 3, 1, "scanned"),
        (UNION, 5, 2, 2, "in a file with wrong totals"),
        (UNION, 4, 1, 2, "images late"),
        (MEDICAID, 8, 4, 3, ""),
        (MEDICAID, 4, 1, 2, "images late"),
    ):
        payment = _check(stage, payer, dated, claims, Terms(case=case))
        stage.cashed(payment, cashed)
        late = {"available_from": stage.tomorrow} if case == "images late" else {}
        stage.paper(Road.LOCKBOX, stage.on(cashed), payment, form=Form.EOB, scanned=case == "scanned", **late)


def _strangers(stage: Stage) -> None:
    """Money without remittances: past its window, and still inside it."""
    for (name, number), back in zip(STRANGERS, (6, 1), strict=True):
        _alone(stage, Kind.ACH, back, company=name, company_id=number, trace=f"9{stage.rng.randrange(10**6)}")
    for back in (12, 3):
        number = f"{stage.rng.randrange(20_000, 90_000)}"
        _alone(stage, Kind.CHECK, back, company=CHECK_STRANGER, check_number=number)


def _patients(stage: Stage) -> None:
    """Patients' own checks: nobody sends a remittance for them."""
    for back in (12, 4):
        patient = stage.desk.patient(CASCADE)
        name, number = f"{patient.first} {patient.last}", f"{stage.rng.randrange(101, 4_000)}"
        _alone(stage, Kind.CHECK, back, company=name, check_number=number, person=True)


def _alone(stage: Stage, kind: Kind, back: int, **facts: object) -> None:
    known = {"routing": "042000013", "account": f"{stage.rng.randrange(10**8):010d}", **facts}
    amount = mint.money(stage.rng, 15, 400)
    stage.deposit(
        Deposit(key="", day=stage.on(back), kind=kind, amount=amount, case="no remittance", **known)  # type: ignore[arg-type]  # fields by their names
    )
