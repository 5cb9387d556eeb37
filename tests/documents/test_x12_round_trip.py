"""Remittances made up, written as X12 with any delimiters, and read back equal."""

import io
from datetime import date
from decimal import Decimal

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from payerbots.documents.x12.reader import Reader
from payerbots.documents.x12.remittance import remittances
from payerbots.domain.balancing import Sums
from payerbots.domain.remittance import Adjustment, Claim, Line, ProviderAdjustment, Remittance

TEXT = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=1, max_size=12)
MONEY = st.decimals(Decimal("-99999.99"), Decimal("99999.99"), places=2)
DAYS = st.dates(date(2000, 1, 1), date(2049, 12, 31))
MARKS = st.sampled_from(["*:~", "|^~", "+>'", "\x1d\x1f\x1c", "*:\n", "^|!"])
ADJUSTMENTS = st.lists(
    st.builds(
        Adjustment,
        group=st.sampled_from(["CO", "PR", "OA", "PI"]),
        code=st.sampled_from(["1", "2", "45", "253", "B9", "151"]),
        amount=MONEY,
        quantity=st.none() | st.integers(0, 99).map(Decimal),
    ),
    max_size=7,
).map(tuple)
LINES = st.builds(
    Line,
    control=st.none() | TEXT,
    procedure=TEXT,
    modifiers=st.lists(st.sampled_from(["RR", "KX", "NU"]), max_size=4).map(tuple),
    charge=MONEY,
    paid=MONEY,
    allowed=st.none() | MONEY,
    units=st.none() | st.integers(1, 99).map(Decimal),
    units_billed=st.none() | st.integers(1, 99).map(Decimal),
    date=st.none() | DAYS,
    remarks=st.lists(st.sampled_from(["M3", "N115"]), max_size=2).map(tuple),
    adjustments=ADJUSTMENTS,
    procedure_qualifier=st.just("HC"),
)
CLAIMS = st.builds(
    Claim,
    patient_control_number=TEXT,
    status=st.sampled_from(["1", "2", "4", "22"]),
    charge=MONEY,
    paid=MONEY,
    patient_responsibility=st.none() | MONEY,
    payer_claim_number=TEXT,
    adjustments=ADJUSTMENTS,
    lines=st.lists(LINES, max_size=3).map(tuple),
    number=st.just(0),
)
MOVED = st.builds(ProviderAdjustment, code=st.sampled_from(["WO", "L6", "FB"]), reference=TEXT, amount=MONEY)
QUICK = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def adjusted(adjustments: tuple[Adjustment, ...]) -> list[list[str]]:
    return [
        [
            "CAS",
            each.group,
            each.code,
            str(each.amount),
            *([str(each.quantity)] if each.quantity is not None else []),
        ]
        for each in adjustments
    ]


def service(line: Line, component: str) -> list[list[str]]:
    code = component.join(["HC", line.procedure, *line.modifiers])
    units, billed = ("" if each is None else str(each) for each in (line.units, line.units_billed))
    segments = [["SVC", code, str(line.charge), str(line.paid), "", units, "", billed]]
    segments += [["DTM", "472", f"{line.date:%Y%m%d}"]] if line.date else []
    segments += adjusted(line.adjustments)
    segments += [["REF", "6R", line.control]] if line.control else []
    segments += [["AMT", "B6", str(line.allowed)]] if line.allowed is not None else []
    return segments + [["LQ", "HE", remark] for remark in line.remarks]


def written(claims: list[Claim], moved: list[ProviderAdjustment], amount: Decimal, marks: str) -> bytes:
    element, component, ender = list(marks)
    isa = ["ISA", "00", " " * 10, "00", " " * 10, "ZZ", "A".ljust(15), "ZZ", "B".ljust(15), "260105", "1200"]
    segments = [
        [*isa, "U", "00501", "000000001", "0", "P", component],
        ["GS", "HP", "A", "B", "20260105", "1200", "1"],
    ]
    body = [["ST", "835", "1"], ["BPR", "I", str(amount), "C", "CHK"], ["TRN", "1", "T1", "P1"], ["LX", "1"]]
    for claim in claims:
        owed = "" if claim.patient_responsibility is None else str(claim.patient_responsibility)
        facts = [claim.patient_control_number, claim.status, str(claim.charge), str(claim.paid), owed, ""]
        body += [["CLP", *facts, claim.payer_claim_number], *adjusted(claim.adjustments)]
        body += [segment for line in claim.lines for segment in service(line, component)]
    body += [
        ["PLB", "1", "20261231", component.join([each.code, each.reference]), str(each.amount)]
        for each in moved
    ]
    segments += [*body, ["SE", str(len(body) + 1), "1"], ["GE", "1", "1"], ["IEA", "1", "000000001"]]
    return "".join(element.join(segment) + ender for segment in segments).encode()


@QUICK
@given(st.lists(CLAIMS, max_size=4), st.lists(MOVED, max_size=3), MONEY, MARKS)
def test_what_is_written_is_read_back(
    claims: list[Claim], moved: list[ProviderAdjustment], amount: Decimal, marks: str
) -> None:
    reader = Reader(io.BytesIO(written(claims, moved, amount, marks)))
    (found,) = remittances(reader)
    assert reader.problems == []
    assert [bare(claim) for claim in found.claims] == claims
    assert [(each.code, each.reference, each.amount) for each in found.provider_adjustments] == [
        (each.code, each.reference, each.amount) for each in moved
    ]
    proven(found, claims, moved, amount)


def bare(claim: Claim) -> Claim:
    """Without what the file's own order gives it."""
    return msgspec.structs.replace(claim, number=0, segment=0, assigned="")


def proven(found: Remittance, claims: list[Claim], moved: list[ProviderAdjustment], amount: Decimal) -> None:
    """The balance is the one that sums in cents give."""
    cents = sum(int(claim.paid * 100) for claim in claims) - sum(int(each.amount * 100) for each in moved)
    whole = [each for each in found.balance.differences if each.level == "transaction"]
    assert bool(whole) is (cents != int(amount * 100))
    sums = Sums()
    for claim in found.claims:
        sums.add(claim)
    assert found.balance.differences[: len(sums.differences)] == tuple(sums.differences)
