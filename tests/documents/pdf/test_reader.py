"""EOB PDFs of four payers give the remittances that were drawn, however the paper lies."""

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from payerbots.documents.errors import DocumentError, FetchAgain, LayoutUnknown, NeedsOcr
from payerbots.documents.pdf.reader import read_eob
from payerbots.documents.pdf.template import templates
from payerbots.domain.problems import Problem
from payerbots.domain.remittance import Remittance
from payerbots.sandbox.eob import LAYOUTS, Adjustment, Check, Claim, Line, Options, ProviderAdjustment, draw

KNOWN = templates()
LOSSY = {"union"}
"""This payer prints neither what was allowed, nor the last day, nor a second modifier."""


def line(charge: str, *cuts: tuple[str, str, str], remarks: tuple[str, ...] = (), **facts: object) -> Line:
    adjustments = tuple(Adjustment(group=group, code=code, amount=Decimal(cut)) for group, code, cut in cuts)
    paid = Decimal(charge) - sum(each.amount for each in adjustments)
    allowed = Decimal(charge) - sum(each.amount for each in adjustments if each.code == "45")
    amounts = {"charge": Decimal(charge), "allowed": allowed, "paid": paid}
    days = {"first": date(2026, 1, 2), "last": date(2026, 1, 31)}
    given = {"procedure": "E0601", "modifiers": ("RR", "KX"), **days, **amounts, **facts}
    return Line(adjustments=adjustments, remarks=remarks, **given)  # type: ignore[arg-type]  # a table's values


RENTED = line(
    "1150.00", ("CO", "45", "1042.84"), ("CO", "253", "1.71"), ("PR", "2", "21.43"), remarks=("MA01",)
)
DENIED = line("100.00", ("CO", "151", "100.00"), remarks=("M3", "N115"), procedure="K0001")
REVERSED = line("-120.00", ("PR", "2", "-30.00"), procedure="A7030", modifiers=("NU",))


def claim(number: int, *lines: Line, **facts: object) -> Claim:
    given = {"last": "SAMPLE", "first": "ANNA", "middle": "B", "member": "1EG4TE5MK73", **facts}
    return Claim(control=f"A{number:04}", number=f"2601{number:06}", lines=lines, **given)  # type: ignore[arg-type]  # as above


def check(*claims: Claim, number: str = "000778899", moved: str = "5.00", **facts: object) -> Check:
    adjustments = (ProviderAdjustment(code="WO", reference="OLD77", amount=Decimal(moved)),)
    amount = sum((each.paid for each in claims), Decimal(0)) - Decimal(moved)
    given = {
        "payer": "MADE UP PAYER",
        "payee": "SUPPLIER LLC",
        "npi": "1234567893",
        "amount": amount,
        **facts,
    }
    return Check(number=number, date=date(2026, 1, 16), claims=claims, adjustments=adjustments, **given)  # type: ignore[arg-type]  # as above


BOOK = check(*(claim(n, RENTED, DENIED) for n in range(9)), claim(9, REVERSED, status="22"))


def read(content: bytes) -> tuple[list[Remittance], list[Problem]]:
    problems: list[Problem] = []
    return list(read_eob(io.BytesIO(content), KNOWN, problems)), problems


def agree(found: Remittance, drawn: Check, layout: str) -> None:
    assert (found.trace, found.date, found.amount) == (drawn.number, drawn.date, drawn.amount)
    assert (found.payee, found.payee_npi, found.method) == (drawn.payee, drawn.npi, drawn.method)
    assert [(each.code, each.reference, each.amount) for each in found.provider_adjustments] == [
        (each.code, each.reference, each.amount) for each in drawn.adjustments
    ]
    assert len(found.claims) == len(drawn.claims)
    for one, other in zip(found.claims, drawn.claims, strict=True):
        assert (one.patient, one.member_id, one.patient_control_number) == (
            other.name,
            other.member,
            other.control,
        )
        assert (one.payer_claim_number, one.status) == (other.number, other.status)
        assert [shown(each) for each in one.lines] == [expected(each, layout) for each in other.lines]


def shown(one: object) -> tuple[object, ...]:
    cuts = {(each.group, each.code): each.amount for each in one.adjustments}  # type: ignore[attr-defined]  # a Line
    names = ("procedure", "modifiers", "charge", "allowed", "paid", "date", "date_to", "remarks")
    return (*(getattr(one, name) for name in names), cuts)


def expected(one: Line, layout: str) -> tuple[object, ...]:
    lossy = layout in LOSSY
    cuts = {(each.group, each.code): each.amount for each in one.adjustments}
    modifiers = one.modifiers[:1] if lossy else one.modifiers
    allowed, last = (None, None) if lossy else (one.allowed, one.last)
    return (one.procedure, modifiers, one.charge, allowed, one.paid, one.first, last, one.remarks, cuts)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(
    "options",
    [
        Options(),
        Options(repeat_header=False),
        Options(rotate=90),
        Options(rotate=180),
        Options(rotate=270),
        Options(rotate=90, upright=True),
    ],
    ids=[
        "as it is",
        "heads only once",
        "turned",
        "on its head",
        "turned the other way",
        "turned and upright",
    ],
)
def test_what_was_drawn_is_read(layout: str, options: Options) -> None:
    (found,), problems = read(draw(layout, [BOOK], options))
    agree(found, BOOK, layout)
    assert problems == []
    assert found.balance.ok


@pytest.mark.parametrize("layout", sorted(set(LAYOUTS) - {"union"}))
def test_long_names_run_over(layout: str) -> None:
    book = check(claim(1, RENTED, last="WOLFESCHLEGELSTEINHAUSEN", first="MAXIMILIANA", middle="ALEXANDRINA"))
    (found,), _ = read(draw(layout, [book]))
    agree(found, book, layout)


CUT = line(
    "500.00",
    ("CO", "45", "100.00"),
    ("CO", "253", "1.00"),
    ("PR", "2", "20.00"),
    ("OA", "23", "30.00"),
    ("CO", "197", "40.00"),
    ("PI", "96", "9.00"),
    remarks=("MA01", "N115", "M3"),
)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(("before", "heads"), [(0, True), (1, False)])
def test_a_line_goes_on_over_the_end_of_a_page(layout: str, before: int, heads: bool) -> None:
    """Claims before it move the place where the page ends through the reasons of a line."""
    book = check(
        *(claim(n, RENTED) for n in range(before)), *(claim(50 + n, CUT, CUT, CUT) for n in range(9))
    )
    (found,), problems = read(draw(layout, [book], Options(repeat_header=heads)))
    agree(found, book, layout)
    assert problems == []
    assert found.balance.ok


@pytest.mark.parametrize("layout", LAYOUTS)
def test_several_checks_in_a_file_are_several_payments(layout: str) -> None:
    other = check(claim(20, RENTED), number="000778900", method="ACH")
    found, problems = read(draw(layout, [BOOK, other]))
    assert [each.trace for each in found] == ["000778899", "000778900"]
    agree(found[1], other, layout)
    assert problems == []


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_payment_that_is_not_the_sum_of_its_claims_is_told(layout: str) -> None:
    (found,), _ = read(draw(layout, [replace(BOOK, amount=BOOK.amount + 1)]))
    (difference,) = found.balance.differences
    assert (difference.level, difference.difference) == ("transaction", Decimal("1.00"))


@pytest.mark.parametrize("layout", sorted(set(LAYOUTS) - {"union"}))
def test_a_claim_total_that_is_not_the_sum_of_its_lines_is_told(layout: str) -> None:
    book = check(claim(1, RENTED, DENIED, total_charge=Decimal("1251.00")))
    (found,), _ = read(draw(layout, [book]))
    assert {difference.level for difference in found.balance.differences} == {"claim"}


def test_a_scanned_page_leaves_the_payment_unproven() -> None:
    (found,), problems = read(draw("medicare", [BOOK], Options(scanned=frozenset({2}))))
    assert [(each.where, each.what[:9]) for each in problems] == [("page 2", "NEEDS_OCR")]
    assert not found.balance.ok


def test_a_picture_between_two_payments_leaves_both_unproven() -> None:
    """What it shows may belong to either."""
    first = check(claim(1, RENTED))
    second = check(*(claim(n, CUT, CUT) for n in range(6)), number="000778900")
    found, _ = read(draw("medicare", [first, second], Options(scanned=frozenset({2}))))
    assert [(each.trace, each.balance.ok) for each in found] == [("000778899", False), ("000778900", False)]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_claim_that_is_missing_is_told_though_nothing_was_paid_for_it(layout: str) -> None:
    """The payment adds up without it; the printed totals do not."""
    denied = claim(1, DENIED, last="OTHER", member="9ZZ9ZZ9ZZ99")
    book = check(claim(0, RENTED), denied)
    template = KNOWN[layout]
    of_it = ("OTHER", denied.number, denied.member, "K0001", "100.00$", "^CLAIM PAID: 0.00", "M3 N115")
    blind = template.model_copy(update={"ignore": (*template.ignore, *of_it)})
    (found,) = read_eob(io.BytesIO(draw(layout, [book])), {layout: blind})
    assert len(found.claims) == 1
    assert "transaction" in {difference.level for difference in found.balance.differences}


def test_a_row_with_amounts_that_is_no_line_leaves_the_payment_unproven() -> None:
    template = KNOWN["union"]
    columns = tuple(
        each.model_copy(update={"holds": "nothing"}) if each.holds == "paid" else each
        for each in template.columns
    )
    problems: list[Problem] = []
    known = {"union": template.model_copy(update={"columns": columns})}
    (found,) = read_eob(io.BytesIO(draw("union", [check(claim(1, RENTED))])), known, problems)
    assert "a row with amounts that fits no line: left out" in [problem.what for problem in problems]
    assert not found.balance.ok


def test_a_file_of_pictures_needs_ocr() -> None:
    with pytest.raises(NeedsOcr, match=r"pictures without text \(1\)"):
        read(draw("union", [check(claim(1, RENTED))], Options(scanned=frozenset({1}))))


def test_a_payer_without_a_template_is_told() -> None:
    known = {name: each for name, each in KNOWN.items() if name != "medicare"}
    with pytest.raises(LayoutUnknown, match="0 templates fit"):
        list(read_eob(io.BytesIO(draw("medicare", [BOOK])), known))


def test_a_payer_is_added_by_a_file_alone(tmp_path: Path) -> None:
    text = (Path(__file__).parents[3] / "payerbots/documents/pdf/templates/medicare.yaml").read_text()
    (tmp_path / "medicare.yaml").write_text(text.replace("payer: Medicare", "payer: My DME MAC"))
    (found,) = read_eob(io.BytesIO(draw("medicare", [BOOK])), templates(tmp_path))
    assert found.payer == "My DME MAC"


@pytest.mark.parametrize("end", [0.2, 0.5, 0.9])
def test_a_file_that_is_cut_off_is_to_be_fetched_again(end: float) -> None:
    content = draw("medicare", [BOOK])
    with pytest.raises((FetchAgain, LayoutUnknown, NeedsOcr)):
        read(content[: int(len(content) * end)])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_nothing_but_a_document_error_comes_out(data: st.DataObject) -> None:
    content = bytearray(draw("medicaid", [check(claim(1, RENTED))]))
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        read(bytes(content))
    except DocumentError:
        return
