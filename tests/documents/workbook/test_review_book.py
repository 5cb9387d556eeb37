"""The exceptions workbook as a biller opens it."""

import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook
from PIL import Image

from payerbots.documents.workbook import pictures
from payerbots.documents.workbook.review_book import ReviewBook, write_review
from payerbots.documents.workbook.rows import ExceptionRow
from payerbots.domain.decisions import Decision
from payerbots.reasons import Reason, text_of
from tests.documents.workbook.samples import png

SEEN = datetime(2026, 11, 20, 15, tzinfo=UTC)
DAY = date(2026, 11, 25)
NEEDED = [
    "Item",
    "Reason",
    "What to do",
    "Patient",
    "Payer",
    "Dollars",
    "Age (business days)",
    "Due",
    "Picture",
]
TO_FILL = ["Decision", "Amount", "Adj. code", "Until", "To / of", "Note", "By"]


def row(item: str = "1042", **more: Any) -> ExceptionRow:
    values: dict[str, Any] = {
        "item": item,
        "reason": Reason.MEMBER_NOT_FOUND,
        "first_seen": SEEN,
        "mark": f"mark of {item}",
        **more,
    }
    return ExceptionRow(**values)


def written(tmp_path: Path, *rows: ExceptionRow, picture: bytes | None = None, **more: Any) -> Path:
    zone = ZoneInfo("America/New_York")
    book = ReviewBook(day=DAY, zone=zone, rows=rows, picture=lambda _: picture, **more)
    return write_review(tmp_path / "e.xlsx", book)


def sheet(path: Path, name: str = "intake") -> Any:
    return load_workbook(path)[name]


def headers(path: Path, name: str = "intake") -> list[str]:
    return [cell.value for cell in sheet(path, name)[1]]


def column(path: Path, header: str, name: str = "intake") -> list[object]:
    at = headers(path, name).index(header)
    return [cells[at] for cells in sheet(path, name).iter_rows(min_row=2, values_only=True)]


def letter(path: Path, header: str) -> str:
    found: str = sheet(path).cell(1, headers(path).index(header) + 1).column_letter
    return found


def test_each_team_has_a_sheet_and_the_summary_comes_first(tmp_path: Path) -> None:
    rows = [row("1"), row("2", reason=Reason.REMIT_MISSING), row("3", reason=Reason.SIGN_IN_REFUSED)]
    book = load_workbook(written(tmp_path, *rows))
    assert book.sheetnames == ["Summary", "intake", "IT ops", "posting"]


def test_an_item_that_was_handed_on_stands_with_its_new_team(tmp_path: Path) -> None:
    assert column(written(tmp_path, row(team="posting")), "Item", "posting") == ["1042"]


def test_all_that_a_biller_needs_and_room_for_a_decision_stands_there(tmp_path: Path) -> None:
    found = headers(written(tmp_path, row()))
    assert set(NEEDED) <= set(found)
    assert [header for header in found if header in TO_FILL] == TO_FILL
    assert found[-1] == "Row mark"


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Item", "1042"),
        ("Reason", text_of(Reason.MEMBER_NOT_FOUND).means),
        ("Reason code", "MEMBER_NOT_FOUND"),
        ("What to do", text_of(Reason.MEMBER_NOT_FOUND).advice),
        ("Dollars", 210.5),
        ("First seen", datetime(2026, 11, 20)),  # noqa: DTZ001 - Excel knows no zone
        ("Due", datetime(2026, 11, 24)),  # noqa: DTZ001 - Excel knows no zone
        ("Row mark", "mark of 1042"),
        ("Decision", None),
    ],
)
def test_a_value_stands_under_its_header(tmp_path: Path, header: str, value: object) -> None:
    path = written(tmp_path, row(dollars=Decimal("210.50"), due=date(2026, 11, 24)))
    assert column(path, header) == [value]


def test_an_item_that_keeps_failing_says_how_often(tmp_path: Path) -> None:
    (told,) = column(written(tmp_path, row(failures=3)), "Reason")
    assert str(told).endswith("Failed 3 times for this reason.")


def test_the_most_urgent_stands_first(tmp_path: Path) -> None:
    early, late = date(2026, 11, 23), date(2026, 11, 30)
    rows = [
        row("4"),
        row("3", due=late, dollars=Decimal(900)),
        row("2", due=early, dollars=Decimal(5)),
        row("1", due=early, dollars=Decimal(50)),
    ]
    assert column(written(tmp_path, *rows), "Item") == ["1", "2", "3", "4"]


def test_columns_of_corrected_values_are_those_that_can_be_corrected(tmp_path: Path) -> None:
    path = written(tmp_path, row("1", asked={"Member ID": "1", "Birth date": ""}), row("2"))
    corrected = [header for header in headers(path) if header.startswith("Correct: ")]
    assert corrected == ["Correct: Member ID", "Correct: Birth date"]
    assert "Member ID 1; Birth date (none)" in column(path, "What was asked")


def test_columns_in_which_nothing_stands_are_hidden(tmp_path: Path) -> None:
    path = written(tmp_path, row(patient="MARLOW, EDNA"))
    shown = sheet(path).column_dimensions
    assert not shown[letter(path, "Patient")].hidden
    assert shown[letter(path, "Payer claim no.")].hidden
    assert shown[letter(path, "Row mark")].hidden


def test_what_is_known_is_locked_and_what_is_to_fill_in_is_not(tmp_path: Path) -> None:
    path = written(tmp_path, row("1"), row("2"))
    found = sheet(path)
    assert found.protection.sheet
    assert not found.protection.password
    assert found["A2"].protection.locked
    assert not found.column_dimensions[letter(path, "Decision")].protection.locked
    assert not found.protection.autoFilter


def test_the_decision_is_chosen_from_a_list(tmp_path: Path) -> None:
    path = written(tmp_path, row())
    choices = sheet(path).data_validations.dataValidation[0]
    assert str(choices.sqref) == f"{letter(path, 'Decision')}2"
    assert choices.formula1 == '"' + ",".join(decision.value for decision in Decision) + '"'


def test_the_list_of_decisions_fits_what_excel_allows() -> None:
    assert len(",".join(decision.value for decision in Decision)) <= 255


def rules_of(path: Path) -> Sequence[tuple[str, str]]:
    found = sheet(path).conditional_formatting
    return [(str(area.sqref), str(rule.formula[0])) for area in found for rule in area.rules]


def test_age_is_coloured_and_a_due_date_within_15_days(tmp_path: Path) -> None:
    path = written(tmp_path, row())
    age, due = letter(path, "Age (business days)"), letter(path, "Due")
    assert (f"{age}2", f"{age}2>=8") in rules_of(path)
    assert (f"{due}2", f"AND(ISNUMBER({due}2),{due}2<=DATE(2026,12,10))") in rules_of(path)


def test_what_a_decision_lacks_stands_out(tmp_path: Path) -> None:
    path = written(tmp_path, row())
    decision, amount = letter(path, "Decision"), letter(path, "Amount")
    assert (f"{amount}2", f'AND(OR(${decision}2="write off"),{amount}2="")') in rules_of(path)


def test_it_prints_on_landscape_pages_with_the_headers_on_each(tmp_path: Path) -> None:
    path = written(tmp_path, row())
    found = sheet(path)
    assert (found.page_setup.orientation, found.page_setup.fitToWidth) == ("landscape", 1)
    assert found.print_title_rows == "$1:$1"
    assert found.print_area == f"'intake'!$A$1:${letter(path, 'By')}$2"


def test_the_same_rows_make_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    first = written(tmp_path / "a", row("1"), row("2"), picture=png())
    assert written(tmp_path / "b", row("1"), row("2"), picture=png()).read_bytes() == first.read_bytes()


def test_a_row_leads_to_its_picture(tmp_path: Path) -> None:
    path = written(tmp_path, row("7", due=date(2026, 11, 23)), row("8"), picture=png())
    at = letter(path, "Picture")
    links = [cell.hyperlink.location for (cell,) in sheet(path)[f"{at}2:{at}3"] if cell.hyperlink]
    found = sheet(path, "Pictures")
    assert [found[link.removeprefix("Pictures!")].value for link in links] == ["Item 7", "Item 8"]


def test_pictures_do_not_overlap(tmp_path: Path) -> None:
    path = written(tmp_path, row("7"), row("8"), picture=png(900, 1000))
    drawings = vars(sheet(path, "Pictures"))["_images"]
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
    assert load_workbook(written(tmp_path, row())).sheetnames == ["Summary", "intake"]


def test_a_broken_picture_is_said(tmp_path: Path) -> None:
    assert column(written(tmp_path, row(), picture=b"<html>"), "Picture") == ["the picture cannot be read"]


def test_after_the_last_picture_a_note_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "EMBEDDED", 1)
    found = column(written(tmp_path, row("7"), row("8"), picture=png()), "Picture")
    assert found == ["picture", "payerbots evidence 8 --out FILE"]


def summary(path: Path) -> dict[object, tuple[object, ...]]:
    return {cells[0]: cells[1:] for cells in sheet(path, "Summary").iter_rows(values_only=True)}


def test_the_summary_counts_teams_and_reasons(tmp_path: Path) -> None:
    rows = [row("1", dollars=Decimal(10), age=4), row("2", dollars=Decimal("2.50"), due=date(2026, 12, 1))]
    path = written(tmp_path, *rows, pended=3, proposed=1)
    found = summary(path)
    assert found["Exceptions"][0] == 2
    assert found["intake"][:3] == (2, 12.5, 4)
    assert found["MEMBER_NOT_FOUND"][:2] == (2, 12.5)
    assert (found["Pended until a later date"][0], found["Waiting for a second person"][0]) == (3, 1)


def test_the_summary_has_a_chart_and_leads_to_the_teams(tmp_path: Path) -> None:
    found = sheet(written(tmp_path, row()), "Summary")
    assert len(found._charts) == 1
    links = [cell.hyperlink.location for line in found.iter_rows() for cell in line if cell.hyperlink]
    assert links == ["'intake'!A1"]


def test_without_exceptions_it_says_so(tmp_path: Path) -> None:
    path = written(tmp_path)
    assert load_workbook(path).sheetnames == ["Summary"]
    assert "Nothing needs a person today." in summary(path)
