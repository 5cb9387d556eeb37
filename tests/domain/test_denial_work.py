"""Denials as work: bands, deadlines, teams, rent at risk, and what is one row."""

import random
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from payerbots.documents.codes import codes
from payerbots.domain.denial_deadlines import filing_limit
from payerbots.domain.denial_rules import DenialRules, TimelyFiling, denial_rules
from payerbots.domain.denial_work import DenialWork, band, denial_work
from payerbots.domain.denials import Denial
from payerbots.domain.denied_lines import DeniedLine, coverage_changed, denied_lines
from payerbots.domain.facts import PaymentFact, PaymentForm
from payerbots.domain.remittance import Adjustment, Claim, Dated, Line
from payerbots.errors import ConfigError
from payerbots.reasons import Reason

TODAY = date(2026, 11, 16)
SERVED = date(2026, 10, 1)
RULES = denial_rules()


def denied(claim: str = "A1", *carcs: str, **facts: Any) -> DeniedLine:
    amount, remarks = Decimal(facts.pop("amount", "100")), facts.pop("remarks", ())
    given = {
        "payment": 1,
        "payer_id": "",
        "payer": "DME MAC",
        "patient": "RIVERA, ANA",
        "member_id": claim,
        "payer_claim": f"ICN{claim}",
        "filing_indicator": "MB",
        "received": TODAY,
        "dated": TODAY,
        "service_date": SERVED,
        "hcpcs": "E0601",
        "modifiers": (),
        "allowed": None,
        **facts,
    }
    denial = Denial(claim=1, codes=carcs or ("50",), remarks=remarks, amount=amount)
    return DeniedLine(claim=claim, denial=denial, **given)


def work(*lines: DeniedLine, rules: DenialRules = RULES, today: date = TODAY) -> list[DenialWork]:
    return denial_work(lines, today, rules, codes())


def one(line: DeniedLine, today: date = TODAY) -> DenialWork:
    (row,) = work(line, today=today)
    return row


OTHER = {"filing_indicator": "CI", "payer": "Crest"}
DEADLINES = [
    ("Medicare: 120 days from receipt", denied(), TODAY + timedelta(120), "redetermination"),
    ("came before its date", denied(dated=TODAY + timedelta(3)), TODAY + timedelta(120), "redetermination"),
    (
        "fetched late: presumed received after five days",
        denied(dated=TODAY - timedelta(30)),
        TODAY + timedelta(95),
        "redetermination",
    ),
    (
        "fetched on the fifth day",
        denied(dated=TODAY - timedelta(5)),
        TODAY + timedelta(120),
        "redetermination",
    ),
    ("after the first level", denied(level=1), TODAY + timedelta(180), "reconsideration"),
    ("after the second", denied(level=2), TODAY + timedelta(60), "ALJ hearing"),
    ("after the last", denied(level=3), None, "none"),
    (
        "MA130 has no appeal: a new claim in 12 months",
        denied("A1", "16", remarks=("MA130",)),
        date(2027, 10, 1),
        "new claim",
    ),
    ("29 with N211 has none either", denied("A1", "29", remarks=("N211",)), date(2027, 10, 1), "reopening"),
    ("29 alone has one", denied("A1", "29"), TODAY + timedelta(120), "redetermination"),
    (
        "no appeal and no service date",
        denied("A1", "16", remarks=("MA130",), service_date=None),
        None,
        "new claim",
    ),
    (
        "a coding denial whose filing limit ends first",
        denied("A1", "4", service_date=date(2025, 12, 1)),
        date(2026, 12, 1),
        "new claim",
    ),
    ("a coding denial whose appeal ends first", denied("A1", "4"), TODAY + timedelta(120), "redetermination"),
    (
        "its filing limit has passed: the appeal is left",
        denied("A1", "4", service_date=date(2025, 11, 1)),
        TODAY + timedelta(120),
        "redetermination",
    ),
    (
        "necessity is appealed, whatever the filing limit",
        denied("A1", "50", service_date=date(2025, 12, 1)),
        TODAY + timedelta(120),
        "redetermination",
    ),
    ("another payer: the limits that are assumed", denied(**OTHER), TODAY + timedelta(60), "appeal"),
    (
        "Medicare by name, without an indicator",
        denied(filing_indicator="", payer="MEDICARE"),
        TODAY + timedelta(120),
        "redetermination",
    ),
]


@pytest.mark.parametrize(
    ("line", "day", "level"), [row[1:] for row in DEADLINES], ids=[row[0] for row in DEADLINES]
)
def test_until_when(line: DeniedLine, day: date | None, level: str) -> None:
    row = one(line)
    assert (row.deadline, row.next_level) == (day, level)
    assert row.days_left == (None if day is None else (day - TODAY).days)


WHYS = [
    (denied(), "Medicare: redetermination within 120 days of receipt (2026-11-16)."),
    (
        denied("A1", "16", remarks=("MA130",)),
        "No appeal. Medicare: claims within 12 months of the service date (2026-10-01).",
    ),
    (
        denied(**OTHER),
        "other payers: appeal within 60 days of receipt (2026-11-16), assumed: this payer's limits are not set.",
    ),
]


@pytest.mark.parametrize(("line", "why"), WHYS)
def test_it_says_why_until_then(line: DeniedLine, why: str) -> None:
    assert one(line).why == why


FILING = [
    ("a year later", date(2025, 1, 15), date(2026, 1, 15)),
    ("from a February 29 to the 28th", date(2024, 2, 29), date(2025, 2, 28)),
    ("over the turn of the year", date(2025, 12, 31), date(2026, 12, 31)),
]


@pytest.mark.parametrize(("served", "last"), [row[1:] for row in FILING], ids=[row[0] for row in FILING])
def test_twelve_months_end_on_the_same_day(served: date, last: date) -> None:
    assert filing_limit(served, TimelyFiling(months=12)) == last


@pytest.mark.parametrize(
    ("left", "name"),
    [
        (-5, "0 or less"),
        (0, "0 or less"),
        (1, "1-10"),
        (10, "1-10"),
        (11, "11-30"),
        (30, "11-30"),
        (31, "over 30"),
        (None, "over 30"),
    ],
)
def test_bands(left: int | None, name: str) -> None:
    assert band(left, RULES.bands) == name


def test_the_order_is_band_then_what_is_at_stake() -> None:
    soon = TODAY - timedelta(115)
    rows = work(
        denied("A1", amount="900"),
        denied("A2", amount="50", received=soon, dated=soon),
        denied("A3", amount="80", received=soon, dated=soon),
        denied("A4", amount="10", hcpcs="E0470", modifiers=("RR", "KH"), allowed=Decimal(200)),
    )
    assert [row.claim for row in rows] == ["A3", "A2", "A4", "A1"]
    assert [str(row.at_stake) for row in rows] == ["80", "50", "2410", "900"]


def test_the_order_of_the_denials_does_not_matter() -> None:
    lines = [
        denied(f"A{number}", amount=str(number % 3), modifiers=("RR",) * (number % 2)) for number in range(24)
    ]
    expected = work(*lines)
    random.Random(1).shuffle(lines)
    assert work(*lines) == expected


REASONS = [
    ("50", (), Reason.DENIED_NECESSITY, "clinical"),
    ("50", ("N115",), Reason.DENIED_NECESSITY, "clinical"),
    ("50", ("M127",), Reason.DENIED_DOCUMENTS, "documentation"),
    ("50", ("N102",), Reason.DENIED_DOCUMENTS, "documentation"),
    ("151", ("M3",), Reason.SAME_SIMILAR, "documentation"),
    ("97", (), Reason.DENIED_CODING, "billing"),
    ("97", ("M2",), Reason.FACILITY_STAY, "billing"),
    ("109", (), Reason.DENIED_COVERAGE, "eligibility"),
    ("109", ("N104",), Reason.DENIED_CODING, "billing"),
    ("197", (), Reason.DENIED_AUTH, "authorization"),
    ("175", (), Reason.DENIED_DOCUMENTS, "documentation"),
    ("18", (), Reason.DENIED_DUPLICATE, "billing"),
    ("29", (), Reason.DENIED_LATE, "billing"),
    ("204", (), "", "billing"),
]


@pytest.mark.parametrize(("carc", "remarks", "reason", "team"), REASONS)
def test_whose_it_is(carc: str, remarks: tuple[str, ...], reason: str, team: str) -> None:
    row = one(denied("A1", carc, remarks=remarks))
    assert (row.reason, row.team) == (reason, team)
    assert bool(row.attach) == bool(reason)
    assert row.means


def test_of_several_codes_the_first_with_a_reason_leads() -> None:
    row = one(denied("A1", "204", "50", remarks=("N115",)))
    assert (row.carc, row.codes) == ("50", "50, 204 + N115")


def test_what_to_attach_goes_by_the_code_where_it_says_more() -> None:
    assert one(denied("A1", "112")).attach == "Signed proof of delivery."


COVERAGE = [
    *((carc, (), True) for carc in ("22", "24", "26", "27", "31", "109")),
    ("109", ("N104",), False),
    ("27", ("N104",), True),
    ("50", (), False),
    ("29", (), False),
]


@pytest.mark.parametrize(("carc", "remarks", "changed"), COVERAGE)
def test_which_denials_ask_for_the_insurance(carc: str, remarks: tuple[str, ...], changed: bool) -> None:
    assert coverage_changed([carc], remarks) is changed


def month(number: int, *modifiers: str, **facts: Any) -> DeniedLine:
    served = date(2026, number, 1)
    return denied(f"M{number}", modifiers=("RR", *modifiers), member_id="1", service_date=served, **facts)


RENTS = [
    ("month 1: twelve are left", [month(1, "KH")], "1200"),
    ("KI is month 3 at the most", [month(2, "KI")], "1000"),
    ("KJ alone tells no month", [month(5, "KJ")], None),
    ("KJ, counted from the KH of the same rental", [month(1, "KH"), month(5, "KJ")], "800"),
    ("the office knows six paid months", [month(7, "KJ", months_paid=6)], "600"),
    ("the last month", [month(7, "KJ", months_paid=12)], "0"),
    ("what the payer allows is the rent", [month(1, "KH", allowed=Decimal(60))], "720"),
    ("no capped rental", [month(1)], None),
    ("bought", [denied(modifiers=("NU", "KH"))], None),
    ("oxygen of which nobody knows the month", [month(1, hcpcs="E1390")], None),
    ("oxygen in month 31", [month(1, hcpcs="E1390", months_paid=30)], "500"),
]


@pytest.mark.parametrize(("lines", "rent"), [row[1:] for row in RENTS], ids=[row[0] for row in RENTS])
def test_rent_at_risk(lines: list[DeniedLine], rent: str | None) -> None:
    (row,) = work(*lines)
    assert row.rent_at_risk == (None if rent is None else Decimal(rent))


def test_months_of_one_rental_are_one_row() -> None:
    (row,) = work(month(3, "KI"), month(1, "KH"), month(2, "KI", amount="90"))
    assert (row.claim, row.dollars, row.service_date) == ("M1, M2, M3", Decimal(290), date(2026, 1, 1))
    assert row.modifiers == "RR KH KI"
    assert [each.claim for each in row.denials] == ["M1", "M2", "M3"]


def test_the_earliest_deadline_of_the_months_counts() -> None:
    early = TODAY - timedelta(20)
    (row,) = work(month(1, "KH"), month(2, "KI", received=early, dated=early))
    assert row.deadline == early + timedelta(120)


APART = [
    ("another patient", {"member_id": "2"}),
    ("another item", {"hcpcs": "E0470"}),
    ("another payer", {"payer": "Crest"}),
]


@pytest.mark.parametrize("facts", [row[1] for row in APART], ids=[row[0] for row in APART])
def test_other_rentals_are_rows_of_their_own(facts: dict[str, object]) -> None:
    given = {"member_id": "1", "modifiers": ("RR",), **facts}
    assert len(work(month(1), denied("A9", **given))) == 2


def test_another_code_and_a_purchase_are_rows_of_their_own() -> None:
    other = denied("A9", "97", modifiers=("RR",), member_id="1")
    bought = [denied(f"A{number}", modifiers=("NU",), member_id="1") for number in range(2)]
    assert len(work(month(1), other, *bought)) == 4


def test_ten_alike_are_a_project_and_nine_are_not() -> None:
    ten = [denied(f"A{number}") for number in range(10)]
    assert len(work(*ten[:9])) == 9
    (project,) = work(*ten)
    assert (project.project, project.dollars, project.claim) == (True, Decimal(1000), "10 denials")
    assert project.patient == ""
    assert len(project.denials) == 10


def test_ten_months_of_one_rental_are_no_project() -> None:
    (row,) = work(*(month(number) for number in range(1, 11)))
    assert not row.project


@pytest.mark.parametrize("facts", [{"hcpcs": "E0470"}, {"payer": "Crest"}])
def test_what_differs_is_not_in_the_project(facts: dict[str, object]) -> None:
    lines = [*(denied(f"A{number}") for number in range(10)), denied("B", **facts)]
    assert [row.project for row in work(*lines)].count(True) == 1
    assert len(work(*lines)) == 2


def test_the_win_rate_weighs_only_when_it_is_given() -> None:
    lines = [denied("A1", "50", amount="100"), denied("A2", "29", amount="90")]
    rates = {"50": Decimal("0.2")}
    assert [row.claim for row in work(*lines)] == ["A1", "A2"]
    weighed = denial_work(lines, TODAY, RULES, codes(), lambda row: rates.get(row.carc))
    assert [(row.claim, row.at_stake) for row in weighed] == [("A2", Decimal(90)), ("A1", Decimal(20))]


PAYMENT = PaymentFact(
    number=7,
    payer_id="P",
    payer="DME MAC",
    trace="T",
    method="ACH",
    date=SERVED,
    amount=Decimal(0),
    form=PaymentForm.X12,
    file="f",
    place=1,
    contents="c",
    claims=1,
    balanced=True,
    received=TODAY,
)


def test_denied_lines_carry_what_their_work_needs() -> None:
    why = Adjustment(group="CO", code="50", amount=Decimal(100))
    line = Line(
        procedure="E0601",
        modifiers=("RR", "KH"),
        charge=Decimal(100),
        paid=Decimal(0),
        adjustments=(why,),
        date=SERVED,
    )
    claim = Claim(
        patient_control_number="A1",
        status="1",
        charge=Decimal(100),
        paid=Decimal(0),
        number=1,
        filing_indicator="MB",
        lines=(line,),
    )
    (found,) = denied_lines(PAYMENT, [claim])
    assert (found.payment, found.claim, found.hcpcs, found.service_date) == (7, "A1", "E0601", SERVED)
    assert (found.filing_indicator, found.modifiers, found.denial.amount) == (
        "MB",
        ("RR", "KH"),
        Decimal(100),
    )


def test_a_claim_denied_as_a_whole_takes_the_date_of_its_statement() -> None:
    why = Adjustment(group="CO", code="29", amount=Decimal(100))
    statement = (Dated(qualifier="232", date=SERVED),)
    claim = Claim(
        patient_control_number="A1",
        status="1",
        charge=Decimal(100),
        paid=Decimal(0),
        number=1,
        adjustments=(why,),
        dates=statement,
    )
    (found,) = denied_lines(PAYMENT, [claim])
    assert (found.hcpcs, found.service_date) == ("", SERVED)


def test_a_site_sets_its_payers_limits(tmp_path: Path) -> None:
    own = tmp_path / "denial-work.yaml"
    own.write_text(
        "payers:\n  - name: Crest\n    ids: ['1598765432']\n    levels: [{name: dispute, days: 30}]\n"
        "    timely_filing: {days: 180}\n",
        encoding="utf-8",
    )
    rules = denial_rules(own)
    (row,) = work(denied(payer="C HEALTH", payer_id="1598765432", filing_indicator="CI"), rules=rules)
    assert (row.deadline, row.next_level) == (TODAY + timedelta(30), "dispute")
    assert rules.bands == RULES.bands


WRONG = [
    ("bands: [30, 10, 0]", "bands"),
    ("project_from: 1", "project_from"),
    ("payers: [{name: A, timely_filing: {}}]", "payers.0.timely_filing"),
    ("payer: []", "payer"),
]


@pytest.mark.parametrize(("text", "key"), WRONG)
def test_what_is_wrong_in_a_sites_file_is_named(tmp_path: Path, text: str, key: str) -> None:
    own = tmp_path / "denial-work.yaml"
    own.write_text(f"{text}\n", encoding="utf-8")
    with pytest.raises(ConfigError) as error:
        denial_rules(own)
    assert key in str(error.value)
    assert "denial-work.yaml:1:" in str(error.value)


def test_the_shipped_words_fit_the_reasons() -> None:
    assert set(RULES.attach) <= {each.value for each in Reason}
