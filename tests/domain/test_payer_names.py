"""One payer under many names: at the bank, on checks, in an 835 and in a PDF."""

import pytest

from payerbots.domain.payer_names import PayerAlias, Payers, Relation, paid_by, same_payer, tidy_number

PAYERS = Payers([PayerAlias(names=("Cascade Mutual", "CMIC CLAIMS"), ids=("CASCD", "1600000001"))])
SAME, UNKNOWN, DIFFERS = Relation.SAME, Relation.UNKNOWN, Relation.DIFFERS

ROWS = [
    ("equal ids", ("1512345678", ""), ("1512345678", ""), SAME),
    ("the bank drops the 1 before the tax id", ("1512345678", ""), ("512345678", ""), SAME),
    ("other ids", ("1512345678", ""), ("1598765432", ""), DIFFERS),
    ("equal names, other ids: TRN03 decides", ("1512345678", "Summit"), ("1598765432", "Summit"), DIFFERS),
    ("case and punctuation", ("", "St. Mary's Plan"), ("", "ST MARYS PLAN"), SAME),
    ("the legal form is left out", ("", "Summit Health Plan, Inc."), ("", "SUMMIT HEALTH PLAN"), SAME),
    ("an alias by name", ("", "Cascade Mutual"), ("", "CMIC CLAIMS"), SAME),
    ("an alias by id", ("CASCD", ""), ("", "Cascade Mutual"), SAME),
    ("an alias joins two ids", ("CASCD", ""), ("1600000001", ""), SAME),
    ("cut to the bank's 16 characters", ("", "Summit Health Plan of Texas"), ("", "SUMMIT HEALTH PL"), SAME),
    ("a shorter name that begins it is another", ("", "Summit Health Plan"), ("", "SUMMIT"), DIFFERS),
    ("the bank names none", ("1512345678", "Summit"), ("", ""), UNKNOWN),
    ("the remittance names none", ("", ""), ("", "SUMMIT"), UNKNOWN),
]


@pytest.mark.parametrize(
    ("payer", "bank", "relation"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS]
)
def test_whether_money_is_a_payers(payer: tuple[str, str], bank: tuple[str, str], relation: Relation) -> None:
    assert paid_by(PAYERS.of(*payer), PAYERS.of(*bank), strict=True) is relation


def test_the_office_own_id_of_an_eob_does_not_stand_against_an_equal_name() -> None:
    assert paid_by(PAYERS.of("SUMHP", "Summit"), PAYERS.of("1512345678", "SUMMIT"), strict=False) is SAME


def test_two_long_names_are_not_one_because_a_bank_would_cut_them_alike() -> None:
    one, other = PAYERS.of("", "Summit Health Plan of Texas"), PAYERS.of("", "Summit Health Plan of Utah")
    assert same_payer(one, other) is DIFFERS


def test_a_document_without_a_payer_is_nobodys() -> None:
    assert same_payer(PAYERS.of("", ""), PAYERS.of("", "Summit")) is UNKNOWN


NUMBERS = [("0004711", "4711"), (" 47-11 ", "4711"), ("ab12", "AB12"), ("0000", ""), ("", "")]


@pytest.mark.parametrize(("written", "tidy"), NUMBERS)
def test_numbers_are_compared_without_zeros_blanks_and_case(written: str, tidy: str) -> None:
    assert tidy_number(written) == tidy
