"""What counts as denied: the codes decide, never the group."""

from decimal import Decimal
from typing import Any

import pytest

from payerbots.documents.codes import codes
from payerbots.domain.denials import NEVER, denials, denied_of, lines_of
from payerbots.domain.remittance import Adjustment, Claim, Line


def adjusted(*codes_and_amounts: tuple[str, str, str]) -> tuple[Adjustment, ...]:
    return tuple(
        Adjustment(group=group, code=code, amount=Decimal(amount))
        for group, code, amount in codes_and_amounts
    )


def claim(line: Line | None, **facts: object) -> Claim:
    lines = () if line is None else (line,)
    charge = line.charge if line else Decimal(100)
    paid = line.paid if line else Decimal(0)
    given = {
        "patient_control_number": "P",
        "status": "1",
        "charge": charge,
        "paid": paid,
        "number": 1,
        **facts,
    }
    return Claim(lines=lines, **given)  # type: ignore[arg-type]  # a table's values


def line(paid: str, *why: tuple[str, str, str], **facts: object) -> Line:
    given = {"procedure": "E0601", "charge": Decimal(100), "paid": Decimal(paid), **facts}
    return Line(adjustments=adjusted(*why), **given)  # type: ignore[arg-type]  # a table's values


@pytest.mark.parametrize(
    ("paid", "why", "denied"),
    [
        ("0", [("CO", "151", "100")], ("151",)),
        ("0", [("PR", "96", "100")], ("96",)),
        ("0", [("PR", "1", "100")], None),
        ("0", [("CO", "45", "40"), ("PR", "1", "60")], None),
        ("0", [("OA", "23", "100")], None),
        ("78.4", [("CO", "45", "20"), ("CO", "253", "1.6")], None),
        ("0", [("CO", "45", "40"), ("CO", "97", "60")], ("97",)),
        ("50", [("CO", "151", "50")], None),
    ],
    ids=[
        "nothing paid, necessity",
        "the patient's group denies as well",
        "all deductible",
        "deductible and contractual",
        "the prior payer has paid all",
        "sequestration",
        "bundled after the contractual part",
        "something paid and no units cut",
    ],
)
def test_a_line_is_denied_by_its_codes(
    paid: str, why: list[tuple[str, str, str]], denied: tuple[str, ...] | None
) -> None:
    found = list(denials(claim(line(paid, *why))))
    assert [each.codes for each in found] == ([] if denied is None else [denied])


def test_cut_units_are_a_denial_though_something_was_paid() -> None:
    cut = line("50", ("CO", "151", "50"), units_billed=Decimal(2), units=Decimal(1))
    (found,) = denials(claim(cut))
    assert (found.units_cut, found.amount) == (Decimal(1), Decimal(50))


def test_remarks_of_line_and_claim_come_with_it() -> None:
    (found,) = denials(claim(line("0", ("CO", "151", "100"), remarks=("M3",)), remarks=("MA01", "M3")))
    assert found.remarks == ("M3", "MA01")


def test_a_claim_without_lines_is_denied_as_a_whole() -> None:
    (found,) = denials(claim(None, adjustments=adjusted(("CO", "29", "100"))))
    assert (found.line, found.codes) == (None, ("29",))


@pytest.mark.parametrize("status", ["22", "25"])
def test_reversals_and_predeterminations_deny_nothing(status: str) -> None:
    assert list(denials(claim(line("0", ("CO", "151", "100")), status=status))) == []


def test_the_code_list_agrees_on_what_is_never_a_denial() -> None:
    assert {code for code in NEVER if codes().carc(code).denial} == set()


SOME: dict[str, Any] = {"patient_control_number": "P", "status": "1", "number": 1}
DENIED, PAID = line("0", ("CO", "151", "100")), line("100")


@pytest.mark.parametrize(
    ("said", "counts"),
    [
        (claim(None), (1, 0)),
        (claim(None, adjustments=adjusted(("CO", "29", "100"))), (1, 1)),
        (claim(DENIED), (1, 1)),
        (claim(PAID), (1, 0)),
        (claim(DENIED, status="22"), (0, 0)),
        (Claim(lines=(PAID, DENIED, DENIED), charge=Decimal(300), paid=Decimal(100), **SOME), (3, 2)),
        (
            Claim(
                lines=(line("0"), line("0")),
                adjustments=adjusted(("CO", "29", "200")),
                charge=Decimal(200),
                paid=Decimal(0),
                **SOME,
            ),
            (2, 2),
        ),
    ],
    ids=["paid", "denied, without lines", "denied", "a line paid", "reversal", "two of three", "as a whole"],
)
def test_lines_that_were_decided_on_and_denied(said: Claim, counts: tuple[int, int]) -> None:
    assert (lines_of(said), denied_of(said)) == counts
