"""A made-up day of cash posting: payers, payments with claims of all sorts, deposits, denials, exceptions."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from payerbots.documents.workbook.posting import PostingBook
from payerbots.documents.workbook.rows import ExceptionRow
from payerbots.domain.balancing import Sums
from payerbots.domain.bookings import provider_adjustment_rows
from payerbots.domain.denial_work import DenialWork
from payerbots.domain.known_claims import KnownClaims, PaymentRef
from payerbots.domain.postable import ClaimDecision, decide_claims
from payerbots.domain.posting import (
    Batch,
    DepositRow,
    LedgerTotals,
    PayerStanding,
    PaymentRow,
    PostingLine,
)
from payerbots.domain.posting_lines import Funding, lines_of
from payerbots.domain.provider_adjustments import decide_adjustments
from payerbots.domain.remittance import Adjustment, Claim, Line, ProviderAdjustment, Remittance
from payerbots.reasons import Reason

DAY = date(2026, 11, 23)
ZONE = ZoneInfo("America/New_York")
SHA = "5f2b" * 16
PAYERS = (("Summit Health Plan", "1512345678"), ("Medicare DME MAC B", "1352013113"), ("Cascade Mutual", ""))
ITEMS = (
    ("E0601", ("RR", "KH", "KX")),
    ("A7030", ("NU",)),
    ("E1390", ("RR",)),
    ("A7037", ()),
    ("K0001", ("RR", "KI")),
)


def money(text: str | int) -> Decimal:
    return Decimal(text).quantize(Decimal("0.01"))


def adjustment(group: str, code: str, amount: str | Decimal, **more: Any) -> Adjustment:
    return Adjustment(group=group, code=code, amount=Decimal(amount), **more)


def line(charge: str | Decimal = "100.00", *cuts: Adjustment, **more: Any) -> Line:
    """A line that was paid what its adjustments leave of the charge."""
    paid = Decimal(charge) - sum((each.amount for each in cuts), Decimal(0))
    values: dict[str, Any] = {"procedure": "E0601", "modifiers": ("RR",), "date": date(2026, 11, 2)}
    return Line(charge=Decimal(charge), paid=paid, adjustments=cuts, **{"control": "1"} | values | more)


def claim(*lines: Line, number: int = 1, **more: Any) -> Claim:
    """A claim of these lines, which balances."""
    own = sum((each.amount for each in more.get("adjustments", ())), Decimal(0))
    values: dict[str, Any] = {
        "patient_control_number": f"A{number:05}",
        "payer_claim_number": f"2026{number:07}",
        "status": "1",
        "patient": "SAMPLE, ANNA B",
        "member_id": "1EG4TE5MK73",
        "charge": sum((each.charge for each in lines), Decimal(0)),
        "paid": sum((each.paid for each in lines), Decimal(0)) - own,
        "lines": lines,
        "number": number,
    }
    return Claim(**values | more)


def remittance(*claims: Claim, **more: Any) -> Remittance:
    """A payment of these claims, which balances."""
    adjustments: tuple[ProviderAdjustment, ...] = more.pop("provider_adjustments", ())
    taken = sum((each.amount for each in adjustments), Decimal(0))
    amount = sum((each.paid for each in claims), Decimal(0)) - taken
    sums = Sums()
    for each in claims:
        sums.add(each)
    values: dict[str, Any] = {
        "control": "0001",
        "payer": PAYERS[0][0],
        "payer_id": PAYERS[0][1],
        "payee": "SUPPLIER LLC",
        "payee_npi": "1234567893",
        "trace": "EFT0001",
        "method": "ACH",
        "amount": amount,
        "date": date(2026, 11, 20),
        "claims": claims,
        "provider_adjustments": adjustments,
        "balance": sums.balance(more.get("amount", amount), adjustments),
    }
    return Remittance(**values | more)


KNOWN = KnownClaims(ours=[*(f"A{number:05}" for number in range(1, 100))])
"""The office's list of its claims: all of the samples."""


def _claims(seed: int, count: int) -> Iterator[Claim]:
    for number in range(1, count + 1):
        lines = []
        for place in range(1 + (seed + number) % 3):
            code, modifiers = ITEMS[(seed + number + place) % len(ITEMS)]
            charge = money(80 + 13 * ((seed * 7 + number * 3 + place) % 40))
            cuts = [adjustment("CO", "45", money(str(charge * Decimal("0.3"))))]
            if (number + place) % 9 == 4:
                cuts = [adjustment("CO", "50", charge)]
            elif number % 2:
                cuts += [adjustment("PR", "2", money(str(charge * Decimal("0.14"))))]
                cuts += [adjustment("CO", "253", money(str(charge * Decimal("0.01"))))]
            facts = {"procedure": code, "modifiers": modifiers, "control": f"{number}{place}"}
            lines.append(
                line(
                    charge,
                    *cuts,
                    **facts,
                    allowed=charge - cuts[0].amount,
                    remarks=("N115",) * (cuts[0].code == "50"),
                )
            )
        crossed = {"crossover_payer": "AETNA SUPPLEMENT"} if number % 7 == 0 else {}
        names = {"patient": f"SAMPLE{number}, {'ANNA' if number % 2 else 'BEN'}"}
        yield claim(*lines, number=number, **crossed, **names)


def remittances(payments: int = 6, claims: int = 8) -> Sequence[Remittance]:
    """Payments of three payers, with a recoupment, interest, and a claim that is reversed and corrected."""
    made = []
    for seed in range(payments):
        payer, payer_id = PAYERS[seed % len(PAYERS)]
        held = [*_claims(seed, claims)]
        if seed == 1:
            back = replace_claim(held[0], status="22")
            held.insert(0, back)
        taken: tuple[ProviderAdjustment, ...] = ()
        if seed == 0:
            taken = (
                ProviderAdjustment(
                    code="WO", reference="A00077 20260300", amount=money("31.50"), provider="1234567893"
                ),
                ProviderAdjustment(
                    code="L6", reference="INT 11/2026", amount=money("-1.12"), provider="1234567893"
                ),
            )
        elif seed == 3:
            taken = (ProviderAdjustment(code="QQ", reference="?", amount=money("5.00")),)
        facts = {
            "trace": f"EFT{seed:04}" if payer_id else f"{880100 + seed}",
            "method": "ACH" if payer_id else "CHK",
        }
        made.append(remittance(*held, payer=payer, payer_id=payer_id, provider_adjustments=taken, **facts))
    return made


def replace_claim(each: Claim, **more: Any) -> Claim:
    """The claim taken back: every amount with the other sign."""
    values: dict[str, Any] = {name: getattr(each, name) for name in each.__struct_fields__}
    lines = tuple(
        line(
            -one.charge,
            *(adjustment(cut.group, cut.code, -cut.amount) for cut in one.adjustments),
            procedure=one.procedure,
        )
        for one in each.lines
    )
    return Claim(**values | {"charge": -each.charge, "paid": -each.paid, "lines": lines} | more)


def funding(each: Remittance) -> Funding:
    """The deposit that holds a sample payment, one for each."""
    name = f"20261120-4411-{each.trace}"
    return Funding(batch=name, deposit=name, deposit_date=date(2026, 11, 20))


def sample_lines(made: Sequence[Remittance]) -> Iterator[PostingLine]:
    for each in made:
        yield from lines_of(each, decided(each), funding(each), SHA)


def _ref(each: Remittance) -> PaymentRef:
    return PaymentRef(number=1, day=each.date, payer_id=each.payer_id)


def decided(each: Remittance) -> Iterator[tuple[Claim, ClaimDecision]]:
    """The claims of a payment with what the rules decide on them."""
    return zip(each.claims, decide_claims(_ref(each), each.claims, KNOWN), strict=True)


def book(payments: int = 6, claims: int = 8, **more: Any) -> PostingBook:
    """A whole day of these many payments."""
    return whole_day(remittances(payments, claims), **more)


def whole_day(made: Sequence[Remittance], **more: Any) -> PostingBook:
    """A whole day. The ledger's totals are summed here, from the remittances and not from the lines."""
    taken = {each.trace: sum((one.amount for one in each.provider_adjustments), Decimal(0)) for each in made}
    values: dict[str, Any] = {
        "day": DAY,
        "zone": ZONE,
        "payments": [_payment(each, taken[each.trace]) for each in made],
        "lines": sample_lines(made),
        "provider_adjustments": [
            row
            for each in made
            for row in provider_adjustment_rows(
                each,
                zip(
                    each.provider_adjustments,
                    decide_adjustments(_ref(each), each.provider_adjustments, each.claims, KNOWN),
                    strict=True,
                ),
                funding(each).batch,
            )
        ],
        "denials": denials(),
        "deposits": [_deposit(each) for each in made] + other_deposits(),
        "exceptions": exceptions(),
        "standings": [
            PayerStanding(payer=PAYERS[0][0], waiting=2, waiting_amount=money("812.40")),
            PayerStanding(payer=PAYERS[2][0], exceptions=1, exceptions_amount=money("390.00")),
        ],
        "batches": [
            Batch(
                batch=funding(each).batch,
                deposits=funding(each).deposit,
                day=DAY - timedelta(days=3),
                deposited=each.amount,
                provider_adjustments=taken[each.trace],
                payments=1,
            )
            for each in made
        ],
        "ledger": ledger(made),
        "means": lambda code: {"45": "Above the fee or contract.", "2": "The patient's share."}.get(
            code, code
        ),
    }
    return PostingBook(**values | more)


def ledger(made: Sequence[Remittance]) -> LedgerTotals:
    claims = [each for one in made for each in one.claims]
    return LedgerTotals(
        payments=len(made),
        payments_amount=sum((each.amount for each in made), Decimal(0)),
        lines=sum(max(len(each.lines), 1) for each in claims),
        lines_paid=sum((each.paid for each in claims), Decimal(0)),
        provider_adjustments=sum(
            (one.amount for each in made for one in each.provider_adjustments), Decimal(0)
        ),
        deposits_matched=sum((each.amount for each in made), Decimal(0)),
        deposits_unmatched=money("1187.31"),
        denials=len(denials()),
        exceptions=len(exceptions()),
    )


def _payment(each: Remittance, taken: Decimal) -> PaymentRow:
    found = funding(each)
    return PaymentRow(
        batch=found.batch,
        deposit=found.deposit,
        deposit_date=found.deposit_date,
        payer=each.payer,
        trace=each.trace,
        payer_id=each.payer_id,
        method=each.method,
        payment_date=each.date,
        claims=len(each.claims),
        lines=sum(len(one.lines) for one in each.claims),
        charge=sum((one.charge for one in each.claims), Decimal(0)),
        paid=sum((one.paid for one in each.claims), Decimal(0)),
        provider_adjustments=taken,
        amount=each.amount,
        why="Trace number, payer ID and amount are those of the credit; one day apart.",
        form="835" if each.payer_id else "eob",
        portal="summit",
        received=DAY,
        file=SHA,
    )


def _deposit(each: Remittance) -> DepositRow:
    return deposit_row(
        kind="ach" if each.payer_id else "check",
        reference=each.trace,
        payer=each.payer.upper(),
        trace=each.trace,
        amount=each.amount,
        matched=each.amount,
        batch=funding(each).batch,
        why="Trace number, payer ID and amount are those of the credit; one day apart.",
    )


def deposit_row(**more: Any) -> DepositRow:
    values: dict[str, Any] = {
        "state": "matched",
        "until": None,
        "bank": "harbor",
        "account": "4411",
        "day": date(2026, 11, 20),
        "kind": "ach",
        "reference": "R1",
        "payer": "",
        "trace": "",
        "check_number": "",
        "lockbox_batch": "",
        "amount": money("100.00"),
        "matched": money("0.00"),
        "batch": "",
        "why": "",
        "file": SHA,
    }
    return DepositRow(**values | more)


def other_deposits() -> list[DepositRow]:
    return [
        deposit_row(
            state="waiting",
            until=DAY + timedelta(days=2),
            amount=money("812.31"),
            reference="R77",
            payer="SUMMIT HEALTH",
            why="No remittance carries this trace yet.",
        ),
        deposit_row(
            state="exception",
            kind="check",
            amount=money("390.00"),
            reference="0012/3/4",
            check_number="20771",
            why="A check of $390.00 and no remittance; looked for 10 business days.",
        ),
        deposit_row(
            state="exception",
            kind="returned",
            amount=money("-15.00"),
            reference="R80",
            why="The bank has taken a deposit of $15.00 back.",
        ),
        deposit_row(
            state="unconcerned",
            kind="batch",
            amount=money("9999.00"),
            reference="LBX 0012",
            why="The sum of a lockbox batch.",
        ),
    ]


def denials() -> list[DenialWork]:
    """One denial, and a project of twelve."""
    shared: dict[str, Any] = {
        "payer": PAYERS[1][0],
        "service_date": date(2026, 11, 2),
        "next_level": "redetermination",
        "reason": Reason.DENIED_NECESSITY,
        "team": "denials",
        "denials": (),
    }
    one = DenialWork(
        band="1-10",
        days_left=6,
        deadline=date(2026, 12, 1),
        why="120 days from receipt of the remittance.",
        patient="SAMPLE4, BEN",
        claim="A00004",
        payer_claim="20260000004",
        hcpcs="E0601",
        modifiers="RR KH KX",
        carc="50",
        codes="50 + N115",
        means="The payer sees no medical need for this item, by its local policy.",
        do="Appeal with the records that show the need.",
        attach="Sleep study, order, face-to-face notes, proof of use.",
        dollars=money("158.00"),
        rent_at_risk=money("1264.00"),
        **shared,
    )
    project = DenialWork(
        band="over 30",
        days_left=88,
        deadline=date(2027, 2, 19),
        why="120 days from receipt of the remittance.",
        patient="",
        claim="12 denials",
        payer_claim="",
        hcpcs="A7030",
        modifiers="",
        carc="151",
        codes="151 + M3",
        means="The same or a similar item is on file.",
        do="Prove that the older one was returned.",
        attach="Proof of return or of loss.",
        dollars=money("2210.40"),
        rent_at_risk=None,
        project=True,
        **shared,
    )
    return [one, project]


def exceptions() -> list[ExceptionRow]:
    seen = datetime(2026, 11, 20, 14, 5, tzinfo=UTC)
    return [
        ExceptionRow(
            item="412",
            reason=Reason.REMIT_UNBALANCED,
            first_seen=seen,
            payer=PAYERS[2][0],
            dollars=money("390.00"),
            age=1,
            attempts=1,
            detail="Payment: claims paid 412.00 less adjustments 0.00 come to 412.00, the payment says 390.00: 22.00 apart.",
        ),
        ExceptionRow(
            item="415",
            reason=Reason.REMIT_MISSING,
            first_seen=seen,
            payer=None,
            dollars=money("390.00"),
            age=1,
            due=date(2026, 11, 30),
            due_why="10 business days from the deposit",
        ),
        ExceptionRow(
            item="417",
            reason=Reason.PLB_UNMATCHED,
            first_seen=seen,
            payer=PAYERS[0][0],
            dollars=money("5.00"),
            similar=2,
        ),
    ]
