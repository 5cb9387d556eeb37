"""The workbook of exceptions."""

import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from PIL import Image

from payerbots.documents.workbook import pictures
from payerbots.documents.workbook.exceptions import write_exceptions
from payerbots.documents.workbook.rows import ExceptionRow
from payerbots.domain.decisions import Decision
from payerbots.reasons import Reason, text_of
from tests.documents.workbook.samples import png

ZONE = ZoneInfo("America/New_York")
SEEN = datetime(2026, 11, 20, 15, tzinfo=UTC)
HEADERS = [
    "Item",
    "Team",
    "Reason",
    "What to do",
    "Detail",
    "Patient",
    "Payer",
    "Account no.",
    "Order no.",
    "Claim no.",
    "Payer claim no.",
    "Dollars",
    "First seen",
    "Age (business days)",
    "Due",
    "Why due",
    "Attempts",
    "Previous decision",
    "Similar items",
    "Picture",
    "Decision",
    "Corrected values",
    "Note",
    "By",
]


def row(item: str = "1042", **more: Any) -> ExceptionRow:
    values: dict[str, Any] = {"item": item, "reason": Reason.MEMBER_NOT_FOUND, "first_seen": SEEN, **more}
    return ExceptionRow(**values)


def written(tmp_path: Path, *rows: ExceptionRow, picture: bytes | None = None) -> Path:
    return write_exceptions(tmp_path / "e.xlsx", rows, zone=ZONE, picture=lambda _: picture)


def table(path: Path) -> Worksheet:
    return load_workbook(path)["Exceptions"]


def column(path: Path, header: str) -> list[object]:
    return [cells[HEADERS.index(header)] for cells in table(path).iter_rows(min_row=2, values_only=True)]


def test_the_columns_stand_in_the_agreed_order(tmp_path: Path) -> None:
    (header,) = table(written(tmp_path)).iter_rows(max_row=1, values_only=True)
    assert list(header) == HEADERS


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Item", "1042"),
        ("Team", "intake"),
        ("What to do", text_of(Reason.MEMBER_NOT_FOUND).advice),
        ("Dollars", 210.5),
        ("First seen", datetime(2026, 11, 20, 10)),  # noqa: DTZ001 — Excel knows no zone
        ("Age (business days)", 0),
        ("Due", datetime(2026, 11, 24)),  # noqa: DTZ001 — Excel knows no zone
        ("Decision", None),
    ],
)
def test_a_value_stands_under_its_header(tmp_path: Path, header: str, value: object) -> None:
    path = written(tmp_path, row(dollars=Decimal("210.50"), due=date(2026, 11, 24)))
    assert column(path, header) == [value]


def test_the_most_urgent_stands_first(tmp_path: Path) -> None:
    early, late = date(2026, 11, 23), date(2026, 11, 30)
    rows = [
        row("5"),
        row("4", due=late, dollars=Decimal(900)),
        row("3", due=early, dollars=Decimal(5), team="posting"),
        row("2", due=early, dollars=Decimal(5), team="billing"),
        row("1", due=early, dollars=Decimal(50)),
    ]
    assert column(written(tmp_path, *rows), "Item") == ["1", "2", "3", "4", "5"]


def test_the_decision_is_chosen_from_a_list(tmp_path: Path) -> None:
    (choices,) = table(written(tmp_path, row())).data_validations.dataValidation
    assert str(choices.sqref) == "U2"
    assert choices.formula1 == '"' + ",".join(decision.value for decision in Decision) + '"'


def test_the_list_of_decisions_fits_what_excel_allows() -> None:
    assert len(",".join(decision.value for decision in Decision)) <= 255


def test_a_row_leads_to_its_picture(tmp_path: Path) -> None:
    path = written(tmp_path, row("7", due=date(2026, 11, 23)), row("8"), picture=png())
    links = [cell.hyperlink.location for (cell,) in table(path)["T2:T3"] if cell.hyperlink]
    sheet = load_workbook(path)["Pictures"]
    assert [sheet[link.removeprefix("Pictures!")].value for link in links] == ["Item 7", "Item 8"]


def test_pictures_do_not_overlap(tmp_path: Path) -> None:
    path = written(tmp_path, row("7"), row("8"), picture=png(900, 1000))
    drawings = vars(load_workbook(path)["Pictures"])["_images"]
    first, second = (image.anchor._from.row for image in drawings)
    assert (second - first) * 20 > 1000


def test_a_picture_is_scaled_and_made_small(tmp_path: Path) -> None:
    noise = io.BytesIO()
    Image.effect_noise((1800, 1000), 60).convert("RGB").save(noise, "PNG")
    path = written(tmp_path, row(), picture=noise.getvalue())
    with zipfile.ZipFile(path) as archive:
        data = archive.read("xl/media/image1.png")
    with Image.open(io.BytesIO(data)) as image:
        assert image.size == (900, 500)
    assert len(data) < len(noise.getvalue()) / 2


def test_without_pictures_there_is_no_such_sheet(tmp_path: Path) -> None:
    assert load_workbook(written(tmp_path, row())).sheetnames == ["Exceptions", "Summary"]


def test_a_broken_picture_is_said(tmp_path: Path) -> None:
    assert column(written(tmp_path, row(), picture=b"<html>"), "Picture") == ["the picture cannot be read"]


def test_after_the_last_picture_a_note_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "EMBEDDED", 1)
    found = column(written(tmp_path, row("7"), row("8"), picture=png()), "Picture")
    assert found == ["picture", "payerbots evidence 8 --out FILE"]


def test_the_summary_counts_teams_and_reasons(tmp_path: Path) -> None:
    path = written(tmp_path, row("1", dollars=Decimal(10)), row("2", dollars=Decimal("2.50")))
    lines = {a: (b, c) for a, b, c, *_ in load_workbook(path)["Summary"].iter_rows(values_only=True)}
    assert lines["Items"][0] == 2
    assert lines["intake"] == lines["MEMBER_NOT_FOUND"] == (2, 12.5)
