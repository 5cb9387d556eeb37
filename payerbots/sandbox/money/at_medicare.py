"""What the Medicare contractor paid: sequestration, patients' shares, claims sent on, balances carried forward."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from payerbots.sandbox.eob import ProviderAdjustment
from payerbots.sandbox.money import denials
from payerbots.sandbox.money.desk import MEDIGAP, Terms, reversal
from payerbots.sandbox.money.items import serve
from payerbots.sandbox.money.payers import MEDICAID, MEDICARE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from payerbots.sandbox.eob import Claim
    from payerbots.sandbox.money.desk import Denial, Patient
    from payerbots.sandbox.money.stage import Stage

MONTHS = 4
STRIPS = 4
WHOLE_DEDUCTIBLE = Decimal("283.00")


def perform(stage: Stage) -> None:
    """Everything of Medicare."""
    for back, claims in ((3, 4), (7, 3)):
        stage.at_summit(stage.usual(MEDICARE, back, claims))
    for scene in (_shares, _corrected, _forward, _no_money, _wrong_total):
        scene(stage)


def _usual(stage: Stage, back: int, codes: Sequence[str] = (), patient: Patient | None = None) -> Claim:
    return stage.desk.usual(MEDICARE, stage.on(back), codes, patient=patient)


def _sent_on(claim: Claim, to: tuple[str, str]) -> Claim:
    return replace(claim, status="19", crossover=to, remarks=("MA18",))


def _shares(stage: Stage) -> None:
    """A QMB patient, whose share goes to Medicaid and to nobody else; a claim sent on to a supplement."""
    desk = stage.desk
    poor, insured = desk.patient(MEDICARE, qmb=True), desk.patient(MEDICARE, medigap=True)
    alone = desk.patient(MEDICARE, qmb=True)
    claims = [
        _sent_on(_usual(stage, 5, ("E1390", "E0431"), poor), ("STATE MEDICAID", MEDICAID.payer_id)),
        replace(_usual(stage, 5, ("E0260",), alone), remarks=("N782",)),
        _sent_on(_usual(stage, 5, ("E0601", "A7037"), insured), (MEDIGAP[0].upper(), MEDIGAP[1])),
        _usual(stage, 5),
    ]
    stage.summit(5, claims, Terms(case="QMB and crossover"), MEDICARE)


def _corrected(stage: Stage) -> None:
    """A member's number put right; units cut; months of one rental denied; same or similar; wrong contractor."""
    wrong = _usual(stage, 2, ("K0001",))
    other = stage.desk.patient(MEDICARE).number
    claims = [replace(wrong, corrected_member=other), _cut(stage, 2)]
    renter = stage.desk.patient(MEDICARE)
    claims += [_month(stage, 2, renter, month) for month in range(1, MONTHS)]
    stage.summit(2, claims, Terms(case="corrected ID, rental months denied"), MEDICARE)
    last = _month(stage, 1, renter, MONTHS)
    similar = _refused(stage, 1, ("E0601",), denials.SIMILAR)
    misplaced = _refused(stage, 1, ("E0143",), denials.WRONG_CONTRACTOR)
    claims = [last, similar, misplaced, _usual(stage, 1, ("E1390",)), _usual(stage, 1)]
    stage.summit(1, claims, Terms(case="same or similar, wrong contractor"), MEDICARE)


def _cut(stage: Stage, back: int) -> Claim:
    desk, day = stage.desk, stage.on(back)
    strips = replace(serve(stage.rng, "A4253", day - timedelta(days=29)), units=STRIPS)
    strips = replace(strips, charge=Decimal("152.00"), allowed=Decimal("33.28"))
    line = desk.in_part(MEDICARE, strips, STRIPS // 2, denials.TOO_MANY)
    return desk.claim(MEDICARE, desk.patient(MEDICARE), [line], day)


def _month(stage: Stage, back: int, renter: Patient, month: int) -> Claim:
    """A month of one rental, denied like the others."""
    day = stage.on(back)
    began = stage.on(2) - timedelta(days=30 * (MONTHS + 1) + 12)
    service = serve(stage.rng, "E0470", began + timedelta(days=30 * month), month)
    line = stage.desk.denied(service, denials.NECESSITY)
    return stage.desk.claim(MEDICARE, renter, [line], day)


def _refused(stage: Stage, back: int, codes: Sequence[str], denial: Denial) -> Claim:
    desk, day = stage.desk, stage.on(back)
    lines = [desk.denied(each, denial) for each in desk.services(codes, day - timedelta(days=26))]
    return desk.claim(MEDICARE, desk.patient(MEDICARE), lines, day)


def _forward(stage: Stage) -> None:
    """A reversal that costs more than its payment has: carried forward, and taken from a later one."""
    desk, day = stage.desk, stage.on(11)
    services = desk.services(("E2402", "E0277"), day - timedelta(days=35))
    original = desk.claim(
        MEDICARE, desk.patient(MEDICARE), [desk.paid(MEDICARE, each) for each in services], day
    )
    stage.summit(11, [original, _usual(stage, 11)], Terms(case="original of a balance"), MEDICARE)
    dropped = replace(desk.denied(services[0], denials.ORDER), control=original.lines[0].control)
    number = desk.claim_number(MEDICARE, stage.on(8))
    right = replace(original, number=number, lines=(dropped, *original.lines[1:]))
    owed = right.paid - original.paid
    carried = ProviderAdjustment(
        code="FB", reference=f"{number} {right.control}", amount=owed, claim=right.control
    )
    terms = Terms(case="balance carried", moved=(carried,))
    stage.summit(8, [reversal(original), right], terms, MEDICARE)
    claims = [_usual(stage, 4, codes) for codes in (("E0277",), ("E2402",), ("E0277", "E1390"))]
    taken = replace(carried, amount=-owed)
    stage.summit(4, claims, Terms(case="balance taken", moved=(taken,)), MEDICARE)


def _no_money(stage: Stage) -> None:
    """A notice without money: one claim wholly to the deductible, which is no denial, the others denied."""
    desk, day = stage.desk, stage.on(3)
    service = desk.services(("E1390",), day - timedelta(days=40))[0]
    owing = desk.paid(MEDICARE, service, deductible=WHOLE_DEDUCTIBLE)
    claims = [
        desk.claim(MEDICARE, desk.patient(MEDICARE), [owing], day),
        _refused(stage, 3, ("L0650",), denials.AUTHORIZATION),
        _refused(stage, 3, ("E0260",), denials.NECESSITY),
    ]
    stage.summit(3, claims, Terms(case="no money"), MEDICARE)


def _wrong_total(stage: Stage) -> None:
    """A payment of twelve dollars more than its claims and adjustments come to."""
    terms = Terms(
        case="total wrong", trouble="REMIT_UNBALANCED", level="transaction", difference=Decimal("12.00")
    )
    stage.at_summit(stage.usual(MEDICARE, 6, 3, terms))
