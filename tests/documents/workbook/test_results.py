"""The workbook of results."""

import stat
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook

from payerbots.documents.workbook.columns import RESULT_COLUMNS
from payerbots.documents.workbook.results import write_results
from payerbots.documents.workbook.rows import ResultRow
from payerbots.domain.coverage import Coverage, Verdict
from payerbots.domain.coverage_facts import FACTS
from payerbots.reasons import Reason, text_of
from tests.documents.workbook.samples import result

ZONE = ZoneInfo("America/New_York")
HEADERS = [
    "Order no.",
    "Account no.",
    "Patient",
    "Birth date",
    "Payer asked",
    "Member ID asked",
    "Service date",
    "HCPCS",
    "Verdict",
    "Reason",
    "Advice",
    "Status",
    "Part B",
    "Plan",
    "Plan type",
    "Bill-to payer",
    "Bill-to payer ID",
    "Payer's member ID",
    "Effective",
    "Termination",
    "Network",
    "Deductible total",
    "Deductible met",
    "Deductible remaining",
    "Coinsurance %",
    "Copay",
    "Out-of-pocket remaining",
    "QMB",
    "COB order",
    "Other payer",
    "Other payer ID",
    "Authorization needed",
    "Authorization number",
    "Referral needed",
    "Stay or episode",
    "Same/similar item",
    "Same/similar supplier",
    "Same/similar date",
    "Rental months used",
    "Benefit limit",
    "Reference no.",
    "Checked at",
    "Answer valid until",
    "Changed since last check",
    "Evidence",
]
COVERAGE = Coverage(
    active=True,
    payer="Medicare",
    payer_id="MCR",
    part_b=True,
    effective=date(2013, 4, 1),
    deductible_total=Decimal("257.00"),
    coinsurance=Decimal(20),
    qmb=False,
    cob_order=1,
    reference="R-1",
)


def written(tmp_path: Path, *rows: ResultRow) -> list[dict[str, object]]:
    path = write_results(tmp_path / "out.xlsx", rows, zone=ZONE, title="Results")
    header, *body = load_workbook(path)["Results"].iter_rows(values_only=True)
    return [dict(zip(map(str, header), row, strict=True)) for row in body]


def test_the_columns_stand_in_the_agreed_order() -> None:
    assert [column.heading.header for column in RESULT_COLUMNS] == HEADERS


def test_every_fact_of_a_coverage_has_its_column() -> None:
    assert len(FACTS) == HEADERS.index("Benefit limit") - HEADERS.index("Status") + 1


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Order no.", "SO-1"),
        ("Birth date", datetime(1948, 3, 14)),  # noqa: DTZ001 — Excel knows no zone
        ("HCPCS", "E0601, A7030"),
        ("Verdict", "bill"),
        ("Reason", None),
        ("Status", "active"),
        ("Part B", "yes"),
        ("Bill-to payer", "Medicare"),
        ("Effective", datetime(2013, 4, 1)),  # noqa: DTZ001 — Excel knows no zone
        ("Deductible total", 257),
        ("Coinsurance %", 20),
        ("Copay", None),
        ("Reference no.", "R-1"),
        ("Checked at", datetime(2026, 11, 22, 10, 30)),  # noqa: DTZ001 — Excel knows no zone
        ("Answer valid until", datetime(2026, 11, 30)),  # noqa: DTZ001 — Excel knows no zone
        ("Changed since last check", "part b, plan type"),
        ("Evidence", "payerbots evidence 1002"),
    ],
)
def test_a_value_stands_under_its_header(tmp_path: Path, header: str, value: object) -> None:
    row = result(
        order="SO-1",
        birth_date=date(1948, 3, 14),
        hcpcs=("E0601", "A7030"),
        coverage=COVERAGE,
        valid_until=date(2026, 11, 30),
        changed=("part_b", "plan_type"),
    )
    assert written(tmp_path, row)[0][header] == value


def test_advice_says_what_to_do_where_and_what_else() -> None:
    row = result(reason=Reason.BILL_MA_PLAN, also=(Reason.AUTH_NEEDED,), detail="sheet A, row 3")
    ma_plan, auth = text_of(Reason.BILL_MA_PLAN), text_of(Reason.AUTH_NEEDED)
    assert row.advice == f"{ma_plan.advice} Sheet A, row 3. Also: {auth.means}"


def test_a_billable_row_needs_no_advice() -> None:
    assert result().advice is None


def test_rows_stand_in_the_order_of_the_input(tmp_path: Path) -> None:
    rows = [result(9, order="b"), result(2, order="a")]
    assert [row["Order no."] for row in written(tmp_path, *rows)] == ["a", "b"]


def test_the_same_rows_give_the_same_cells(tmp_path: Path) -> None:
    rows = [result(row, reason=Reason.AUTH_NEEDED, coverage=COVERAGE) for row in (3, 2)]
    assert written(tmp_path, *rows) == written(tmp_path, *reversed(rows))


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0", "#REF!"])
def test_text_from_outside_never_becomes_a_formula(tmp_path: Path, text: str) -> None:
    path = write_results(tmp_path / "out.xlsx", [result(patient=text)], zone=ZONE, title="Results")
    cell = load_workbook(path)["Results"]["C2"]
    assert cell.value == text
    assert cell.data_type in {"s", "inlineStr"} or text.startswith("#")
    assert b"<f>" not in _sheet(path)


def _sheet(path: Path) -> bytes:
    with zipfile.ZipFile(path) as archive:
        return archive.read("xl/worksheets/sheet1.xml")


def test_characters_that_xml_forbids_are_left_out(tmp_path: Path) -> None:
    assert written(tmp_path, result(patient="SMITH\x07, JOHN"))[0]["Patient"] == "SMITH, JOHN"


def test_header_and_names_stay_in_view_and_can_be_filtered(tmp_path: Path) -> None:
    path = write_results(tmp_path / "out.xlsx", [result()], zone=ZONE, title="Results")
    sheet = load_workbook(path)["Results"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("D2", "A1:AS2")
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight, sheet.print_title_rows) == (
        "landscape",
        0,
        "$1:$1",
    )


def test_every_verdict_has_its_colour(tmp_path: Path) -> None:
    path = write_results(tmp_path / "out.xlsx", [result()], zone=ZONE, title="Results")
    (formats,) = load_workbook(path)["Results"].conditional_formatting
    assert {rule.formula[0] for rule in formats.rules} == {f'"{verdict.value}"' for verdict in Verdict}


def test_the_summary_counts_verdicts_and_reasons(tmp_path: Path) -> None:
    rows = [result(row, verdict=Verdict.HOLD, reason=Reason.AUTH_NEEDED) for row in (2, 3)]
    path = write_results(tmp_path / "out.xlsx", [*rows, result(4)], zone=ZONE, title="Monday")
    counts = {a: b for a, b, *_ in load_workbook(path)["Summary"].iter_rows(values_only=True)}
    assert counts["Requests"] == 3
    assert (counts["bill"], counts["hold"], counts["ask"], counts["AUTH_NEEDED"]) == (1, 2, 0, 2)


def test_no_rows_still_make_a_workbook(tmp_path: Path) -> None:
    assert written(tmp_path) == []


def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    path = write_results(tmp_path / "out.xlsx", [], zone=ZONE, title="Results")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
