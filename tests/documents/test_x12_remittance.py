"""What an 835 says, element by element, and that its money is proven on every level."""

from datetime import date
from decimal import Decimal

import pytest

from payerbots.domain.remittance import Adjustment, Qualified
from tests.documents.x12_samples import FILE, changed, read, with_delimiters

(PLAIN,), _ = read(FILE)
FIRST, SECOND = PLAIN.claims
BOUGHT, RENTED = FIRST.lines[1], FIRST.lines[0]


def adjustment(group: str, code: str, amount: str, quantity: str | None = None) -> Adjustment:
    units = None if quantity is None else Decimal(quantity)
    return Adjustment(group=group, code=code, amount=Decimal(amount), quantity=units)


def test_the_payment() -> None:
    assert (PLAIN.payer, PLAIN.payee, PLAIN.payee_npi) == ("MADE UP MEDICARE", "SUPPLIER LLC", "1234567893")
    assert (PLAIN.method, PLAIN.handling, PLAIN.produced) == ("ACH", "I", date(2026, 1, 9))
    assert PLAIN.key == ("1512345678", "EFT0001", date(2026, 1, 10), Decimal("134.60"))
    assert Qualified(qualifier="2U", value="00883") in PLAIN.payer_identifiers
    assert Qualified(qualifier="TJ", value="123456789") in PLAIN.payee_identifiers


def test_the_claim() -> None:
    assert (FIRST.patient_control_number, FIRST.status, FIRST.charge, FIRST.paid) == (
        "PCN1",
        "1",
        Decimal(200),
        Decimal("133.60"),
    )
    assert (FIRST.patient, FIRST.member_id, FIRST.corrected_member_id) == (
        "LAST, FIRST M",
        "1EG4TE5MK73",
        "2AB3CD4EF56",
    )
    assert FIRST.crossover_payer == "NEXT PAYER"
    assert (FIRST.received, FIRST.remarks) == (date(2025, 12, 15), ("MA01", "MA18"))
    assert (FIRST.assigned, FIRST.provider, FIRST.number, FIRST.segment) == ("1", "1234567893", 1, 16)


def test_the_line() -> None:
    assert (RENTED.procedure, RENTED.modifiers, RENTED.control) == ("E0601", ("RR", "KH"), "LINE1")
    assert (RENTED.charge, RENTED.paid, RENTED.allowed) == (Decimal(150), Decimal("113.60"), Decimal(146))
    assert (RENTED.units, RENTED.units_billed, RENTED.date, RENTED.date_to) == (
        Decimal(1),
        Decimal(1),
        date(2025, 12, 1),
        None,
    )
    assert RENTED.remarks == ("N115",)


def test_the_adjustments_of_one_segment_keep_their_order_and_quantities() -> None:
    assert RENTED.adjustments == (
        adjustment("CO", "45", "4", "0"),
        adjustment("CO", "253", "2.40"),
        adjustment("PR", "1", "10"),
        adjustment("PR", "2", "20"),
    )
    assert BOUGHT.adjustments == (adjustment("CO", "151", "30", "2"),)


def test_what_was_billed_is_kept_beside_what_was_paid() -> None:
    assert (BOUGHT.procedure, BOUGHT.original_procedure, BOUGHT.original_modifiers) == (
        "A7037",
        "A7038",
        ("NU",),
    )
    assert (BOUGHT.units_billed, BOUGHT.units) == (Decimal(4), Decimal(2))
    assert (BOUGHT.date, BOUGHT.date_to) == (date(2025, 12, 1), date(2025, 12, 3))


def test_a_claim_without_lines_keeps_its_own_adjustments() -> None:
    assert (SECOND.lines, SECOND.adjustments) == ((), (adjustment("CO", "29", "100"),))


def test_provider_adjustments() -> None:
    assert [(each.code, each.reference, each.amount) for each in PLAIN.provider_adjustments] == [
        ("WO", "OLD CLAIM", Decimal(5)),
        ("L6", "INTEREST", Decimal(-6)),
    ]


@pytest.mark.parametrize(
    ("segment", "new", "wrong"),
    [
        ("CAS*CO*151*30*2", "CAS*CO*151*31*2", [("line", "19", "20"), ("claim", "132.60", "133.60")]),
        ("CAS*CO*29*100", "CAS*CO*29*99.99", [("claim", "0.01", "0")]),
        (
            "BPR*I*134.60*C*ACH*CCP*01*111000025*DA*1*1512345678**01*999988880*DA*2*20260110",
            "BPR*I*134.61*C*ACH*CCP*01*111000025*DA*1*1512345678**01*999988880*DA*2*20260110",
            [("transaction", "134.60", "134.61")],
        ),
        ("AMT*B6*146", "AMT*B6*1", []),
        ("PLB*1234567893*20261231*WO:OLD CLAIM*5*L6:INTEREST*-6", "PLB*1*2*CS:X*-1", []),
    ],
    ids=["a line", "a claim", "the payment", "allowed takes no part", "the same sum of provider adjustments"],
)
def test_each_level_is_proven(segment: str, new: str, wrong: list[tuple[str, str, str]]) -> None:
    (found,), _ = read(changed(segment, new))
    differences = [(each.level, str(each.expected), str(each.found)) for each in found.balance.differences]
    assert differences == wrong
    assert found.balance.ok is (not wrong)


@pytest.mark.parametrize(
    ("segment", "new", "said"),
    [
        ("CAS*CO*29*100", "CAS*CO*29*1OO", "CAS03 is not a number"),
        ("CAS*CO*29*100", "CAS*CO*29*", "CAS03 is not there"),
        ("CLP*PCN2*1*100*0**MB*ICN2*12*1", "CLP*PCN2*1*100,00*0**MB*ICN2*12*1", "CLP03 is not a number"),
        (
            "SVC*HC:A7037*50*20**2*HC:A7038:NU*4",
            "SVC*HC:A7037*50*2E1**2*HC:A7038:NU*4",
            "SVC03 is not a number",
        ),
        ("CLP*PCN2*1*100*0**MB*ICN2*12*1", "CLP*PCN2*1*100***MB*ICN2*12*1", "CLP04 is not there"),
        ("CLP*PCN2*1*100*0**MB*ICN2*12*1", "CLP*PCN2*1", "CLP03 is not there"),
        ("SVC*HC:A7037*50*20**2*HC:A7038:NU*4", "SVC*HC:A7037*50***2", "SVC03 is not there"),
        (
            "BPR*I*134.60*C*ACH*CCP*01*111000025*DA*1*1512345678**01*999988880*DA*2*20260110",
            "BPR*I**C*ACH",
            "BPR02 is not there",
        ),
        ("CAS*CO*29*100", "CAS*CO*29*60*96*40", "CAS06 is not there"),
        ("CAS*CO*29*100", "CAS", "CAS is too short"),
        (
            "PLB*1234567893*20261231*WO:OLD CLAIM*5*L6:INTEREST*-6",
            "PLB*1**WO:A*x*L6:B*-1",
            "PLB04 is not a number",
        ),
    ],
)
def test_an_amount_that_cannot_be_read_leaves_the_payment_unproven(segment: str, new: str, said: str) -> None:
    (found,), problems = read(changed(segment, new))
    assert said in [problem.what for problem in problems]
    assert not found.balance.ok


@pytest.mark.parametrize(
    ("segment", "new", "said"),
    [
        ("DTM*050*20251215", "DTM*050*20251315", "DTM02 is not a date that exists"),
        ("AMT*AU*166.80", "AMT*AU*n/a", "AMT02 is not a number"),
        ("DTM*405*20260109", "DTM*405*soon", "DTM02 is not a date CCYYMMDD"),
    ],
)
def test_what_is_no_money_costs_only_itself(segment: str, new: str, said: str) -> None:
    (found,), problems = read(changed(segment, new))
    assert [problem.what for problem in problems] == [said]
    assert found.balance.ok


@pytest.mark.parametrize(
    ("new", "said", "kept"),
    [
        ("CAS*CO**100", "CAS02 is not there", [("CO", "", "100", None)]),
        ("CAS**29*100", "CAS01 is not there", [("", "29", "100", None)]),
        ("CAS*CO*29*100*x", "CAS04 is not a number", [("CO", "29", "100", None)]),
        ("CAS*CO***1*29*100", "CAS02 is not there", [("CO", "29", "100", None)]),
    ],
    ids=["no reason", "no group", "a quantity of letters", "a quantity alone"],
)
def test_a_piece_that_cannot_be_read_costs_only_itself(
    new: str, said: str, kept: list[tuple[str, str, str, None]]
) -> None:
    (found,), problems = read(changed("CAS*CO*29*100", new))
    assert problems[0].what == said
    assert found.claims[1].adjustments == tuple(adjustment(*each) for each in kept)


@pytest.mark.parametrize(
    ("new", "kept"),
    [
        ("CAS*CO*29*60*1*96*40*2", [("29", "60", "1"), ("96", "40", "2")]),
        ("CAS*CO*29*60**96*40", [("29", "60", None), ("96", "40", None)]),
        ("CAS*CO****96*100", [("96", "100", None)]),
        ("CAS*CO*29*100***", [("29", "100", None)]),
        ("CAS*CO*29*100.50**45*-.5", [("29", "100.50", None), ("45", "-.5", None)]),
        ("CAS*CO*29* 100.00 ", [("29", "100", None)]),
    ],
)
def test_adjustments_stand_where_the_standard_has_them(
    new: str, kept: list[tuple[str, str, str | None]]
) -> None:
    (found,), problems = read(changed("CAS*CO*29*100", new))
    assert problems == []
    assert found.claims[1].adjustments == tuple(adjustment("CO", *each) for each in kept)
    assert found.balance.ok


def test_a_problem_of_a_line_names_its_own_segment() -> None:
    _, problems = read(changed("SVC*HC:A7037*50*20**2*HC:A7038:NU*4", "SVC*HC:A7037*50*2E1**2"))
    assert [(problem.level, problem.where) for problem in problems] == [("line", "segment 31 SVC")]


@pytest.mark.parametrize("tag", ["SVC", "CAS", "NM1", "N1", "TRN", "DTM"])
def test_a_segment_whose_tag_is_damaged_is_told(tag: str) -> None:
    """Without the head of its line a claim may still add up."""
    _, problems = read(FILE.replace(f"{tag}*", "X?C*", 1))
    assert [problem.what for problem in problems] == ["a segment of no known kind: left out"]


def test_a_problem_names_the_place_and_no_person() -> None:
    _, problems = read(changed("CAS*CO*29*100", "CAS*CO*29*LAST"))
    assert [(problem.level, problem.where) for problem in problems] == [("claim", "segment 37 CAS")]


def test_a_second_payment_in_one_set_is_another_payment_and_a_problem() -> None:
    second = FILE[FILE.index("BPR") : FILE.index("SE*38")]
    found, problems = read(FILE.replace("SE*38*0001", f"{second}SE*74*0001"))
    assert [payment.claims[0].patient_control_number for payment in found] == ["PCN1", "PCN1"]
    assert [len(payment.claims) for payment in found] == [2, 2]
    assert "second BPR" in problems[0].what


def test_a_reversal_balances_with_its_signs() -> None:
    reversed_claim = changed("CLP*PCN2*1*100*0**MB*ICN2*12*1", "CLP*PCN2*22*-100*0**MB*ICN2*12*1")
    (found,), _ = read(reversed_claim.replace("CAS*CO*29*100~", "CAS*CO*29*-100~"))
    assert found.balance.ok
    assert found.claims[1].status == "22"


def test_delimiters_within_text_are_those_of_the_file() -> None:
    (found,), _ = read(with_delimiters("|", "^", "~", "}").replace("MADE UP MEDICARE", "MADE*UP:MEDICARE"))
    assert found.payer == "MADE*UP:MEDICARE"
