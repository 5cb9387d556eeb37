"""What provider adjustments mean, and which of them a person decides."""

from decimal import Decimal
from pathlib import Path

import pytest

from payerbots.documents.codes import codes
from payerbots.documents.codes.shipped import entries
from payerbots.domain.posting import ProviderAdjustmentRow
from payerbots.domain.provider_adjustments import POST, bookings, provider_adjustment_rows, read_bookings
from payerbots.domain.remittance import ProviderAdjustment
from payerbots.errors import ConfigError
from tests.posting_samples import claim, line, remittance


def row(code: str, amount: str, ours: str = "") -> ProviderAdjustmentRow:
    adjustment = ProviderAdjustment(code=code, reference="REF 1", amount=Decimal(amount), provider="123")
    payment = remittance(claim(line()), provider_adjustments=(adjustment,))
    (found,) = provider_adjustment_rows(
        payment, (adjustment,), "B-1", lambda _: ours, lambda each: codes().plb(each).means
    )
    return found


@pytest.mark.parametrize(
    ("code", "amount", "ours", "books", "next_payment"),
    [
        ("WO", "31.50", "A1", "Reduce the payment", "Nothing more"),
        ("WO", "-31.50", "A1", "Recoupments to come", "lower"),
        ("FB", "-5.00", "", "carried to the next", "lower"),
        ("FB", "5.00", "", "Clear the carried", "settles"),
        ("72", "-5.00", "A1", "against the WO", "Nothing"),
        ("L6", "-1.12", "", "Interest income", "Nothing"),
        ("L6", "1.12", "", "Reverse interest", "taken back"),
        ("IR", "9.00", "", "Tax withheld", "withheld"),
        ("LE", "9.00", "", "whom the order names", "goes on"),
        ("AP", "-100.00", "", "no income", "lower"),
        ("AP", "100.00", "", "Pay off the advance", "later payments"),
    ],
)
def test_a_known_code_is_booked_by_its_sign(
    code: str, amount: str, ours: str, books: str, next_payment: str
) -> None:
    found = row(code, amount, ours)
    assert books in found.ledger_action
    assert next_payment in found.next_payment
    assert found.decision == POST


@pytest.mark.parametrize(
    ("code", "amount", "ours", "why"),
    [
        ("WO", "31.50", "", "a recoupment of no claim that we know"),
        ("72", "-31.50", "", "a refund of no claim that we know"),
        ("QQ", "1.00", "A1", "a code that nobody knows"),
        ("CT", "1.00", "", "a sign that the code does not have"),
        ("WU", "-1.00", "", "as above"),
    ],
)
def test_what_is_not_understood_goes_to_a_person(code: str, amount: str, ours: str, why: str) -> None:
    assert row(code, amount, ours).decision != POST, why


def test_a_row_names_payment_reference_and_words() -> None:
    found = row("WO", "31.50", "A1")
    assert (found.batch, found.trace, found.reference, found.claim) == ("B-1", "EFT0001", "REF 1", "A1")
    assert found.means == codes().plb("WO").means
    assert found.row.endswith("-P1")


def test_every_code_that_is_booked_is_in_the_code_list() -> None:
    assert set(bookings().codes) <= set(entries("plb"))


def test_a_faulty_file_is_named_with_line_and_key(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text('unknown: {next: "?", book: "?"}\ncodes:\n  "WO":\n    positive: {next: "x"}\n', "utf-8")
    with pytest.raises(ConfigError, match=r"own\.yaml:4: at key codes\.WO\.positive\.book"):
        read_bookings(path)
