"""What provider adjustments mean, and how they are booked."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from payerbots.documents.codes.shipped import entries
from payerbots.domain.bookings import bookings, provider_adjustment_rows, read_bookings
from payerbots.domain.postable import Action
from payerbots.domain.posting import ProviderAdjustmentRow
from payerbots.domain.provider_adjustments import AdjustmentDecision
from payerbots.domain.remittance import ProviderAdjustment
from payerbots.errors import ConfigError
from payerbots.reasons import Reason, text_of
from tests.posting_samples import claim, line, remittance


def _decision(**more: Any) -> AdjustmentDecision:
    values: dict[str, Any] = {"place": 1, "action": Action.POST, "means": "", "ledger_action": ""}
    return AdjustmentDecision(**values | more)


def row(code: str, amount: str, **decided: Any) -> ProviderAdjustmentRow:
    adjustment = ProviderAdjustment(code=code, reference="REF 1", amount=Decimal(amount), provider="123")
    payment = remittance(claim(line()), provider_adjustments=(adjustment,))
    (found,) = provider_adjustment_rows(payment, [(adjustment, _decision(**decided))], "B-1")
    return found


@pytest.mark.parametrize(
    ("code", "amount", "books", "next_payment"),
    [
        ("WO", "31.50", "Reduce the payment", "Nothing more"),
        ("WO", "-31.50", "Recoupments to come", "lower"),
        ("FB", "-5.00", "carried to the next", "lower"),
        ("FB", "5.00", "Clear the carried", "settles"),
        ("72", "-5.00", "against the WO", "Nothing"),
        ("L6", "-1.12", "Interest income", "Nothing"),
        ("L6", "1.12", "Reverse interest", "taken back"),
        ("IR", "9.00", "Tax withheld", "withheld"),
        ("LE", "9.00", "whom the order names", "goes on"),
        ("AP", "-100.00", "no income", "lower"),
        ("AP", "100.00", "Pay off the advance", "later payments"),
        ("QQ", "1.00", "Suspense", "Not known"),
        ("CT", "1.00", "Suspense", "Not known"),
        ("WU", "-1.00", "Suspense", "Not known"),
    ],
)
def test_a_code_is_booked_by_its_sign(code: str, amount: str, books: str, next_payment: str) -> None:
    found = row(code, amount)
    assert books in found.ledger_action
    assert next_payment in found.next_payment


@pytest.mark.parametrize(("code", "amount"), [("72", "-31.50"), ("WO", "31.50")])
def test_a_refund_and_the_recoupment_that_it_closes_move_no_money(code: str, amount: str) -> None:
    assert "no money moves" in row(code, amount, pair=2).ledger_action


def test_a_row_says_what_was_decided() -> None:
    found = row("WO", "31.50", claim="A1", means="Taken back.")
    assert (found.batch, found.trace, found.reference, found.claim) == ("B-1", "EFT0001", "REF 1", "A1")
    assert (found.action, found.advice, found.means) == ("post", "", "Taken back.")
    assert found.row.endswith("-P1")


def test_what_goes_to_a_person_says_what_to_do() -> None:
    found = row("WO", "31.50", action=Action.HOLD, reason=Reason.PLB_UNMATCHED)
    assert (found.action, found.advice) == ("hold", text_of(Reason.PLB_UNMATCHED).advice)


def test_every_code_that_is_booked_is_in_the_code_list() -> None:
    assert set(bookings().codes) <= set(entries("plb"))


def test_a_faulty_file_is_named_with_line_and_key(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text('unknown: {next: "?", book: "?"}\ncodes:\n  "WO":\n    positive: {next: "x"}\n', "utf-8")
    with pytest.raises(ConfigError, match=r"own\.yaml:4: at key codes\.WO\.positive\.book"):
        read_bookings(path)
