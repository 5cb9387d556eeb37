"""EOB PDFs of the practice payers: the same book gives the same bytes, and each layout says what the book says."""

import io
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pdfplumber
import pytest

from payerbots.sandbox.eob import LAYOUTS, Adjustment, Check, Claim, Line, Options, ProviderAdjustment, draw


def line(charge: str, paid: str, *cuts: tuple[str, str, str]) -> Line:
    adjustments = tuple(Adjustment(group=group, code=code, amount=Decimal(cut)) for group, code, cut in cuts)
    return Line(
        first=date(2026, 1, 2),
        last=date(2026, 1, 31),
        procedure="E0601",
        modifiers=("RR",),
        charge=Decimal(charge),
        allowed=Decimal(paid),
        paid=Decimal(paid),
        adjustments=adjustments,
    )


def check(claims: int) -> Check:
    lines = (
        line("1250.00", "1084.02", ("CO", "45", "165.98")),
        line("-120.00", "-90.00", ("PR", "2", "-30.00")),
    )
    made = tuple(
        Claim(
            last="SAMPLE",
            first="ANNA",
            member="1EG4TE5MK73",
            control=f"A{n}",
            number=f"26{n:05}",
            lines=lines,
        )
        for n in range(claims)
    )
    moved = (ProviderAdjustment(code="WO", reference="OLD77", amount=Decimal("5.00")),)
    amount = sum((claim.paid for claim in made), Decimal("-5.00"))
    facts = {"number": "000778899", "payer": "MADE UP PLAN", "payee": "SUPPLIER LLC", "npi": "1234567893"}
    return Check(**facts, date=date(2026, 1, 16), amount=amount, claims=made, adjustments=moved)  # type: ignore[arg-type]  # texts


def texts(content: bytes) -> Iterator[str]:
    with pdfplumber.open(io.BytesIO(content)) as pdf:
        for page in pdf.pages:
            yield page.extract_text()
            page.close()


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_same_book_gives_the_same_bytes(layout: str) -> None:
    assert draw(layout, [check(2)]) == draw(layout, [check(2)])


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_check_number_and_every_claim_are_on_paper(layout: str) -> None:
    whole = "\n".join(texts(draw(layout, [check(12)])))
    assert "000778899" in whole
    assert all(f"26{number:05}" in whole for number in range(12))


def test_the_payers_write_negative_amounts_each_in_their_own_way() -> None:
    ways = {"90.00-", "($90.00)", "(90.00)", "-90.00", "-$90.00"}
    shown = {
        layout: {way for way in ways if way in " ".join(texts(draw(layout, [check(1)])))}
        for layout in LAYOUTS
    }
    assert all(shown.values()), shown
    assert len({frozenset(found) for found in shown.values()}) >= 3


def test_a_scanned_page_has_no_text() -> None:
    pages = list(texts(draw("medicare", [check(20)], Options(scanned=frozenset({1})))))
    assert pages[0] == ""
    assert all(pages[1:])


def test_pages_are_turned() -> None:
    with pdfplumber.open(io.BytesIO(draw("union", [check(2)], Options(rotate=90)))) as pdf:
        assert [page.rotation for page in pdf.pages] == [90]
