"""Results in the person's own workbook."""

import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from payerbots.documents.errors import WorkbookUnusable
from payerbots.documents.workbook.fill_in import Filled, fill_in
from payerbots.documents.workbook.records import RequestRow
from payerbots.documents.workbook.rows import ResultRow
from payerbots.domain.coverage import Verdict
from payerbots.reasons import Reason
from tests.documents.workbook.samples import HEADER, ROW, Read, fill, result
from tests.documents.workbook.workbooks import (
    SHEET,
    parts,
    rich_workbook,
    with_macros,
    with_sparkline,
    with_text_box,
)

ZONE = ZoneInfo("America/New_York")
VERDICT_COLUMN = len(HEADER) + 1
RESULTS = {3: result(3), 4: result(4, verdict=Verdict.HOLD, reason=Reason.AUTH_NEEDED)}
ADDED_TO_PICTURES = b'<a:ln><a:prstDash val="solid" /></a:ln>'
REWRITTEN = {SHEET, "xl/styles.xml", "xl/workbook.xml", "xl/sharedStrings.xml", "docProps/core.xml"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """An office's workbook, with the header in row 2 and requests in rows 3 and 4."""
    return rich_workbook(tmp_path / "mine.xlsx")


def filled(path: Path, rows: dict[int, ResultRow] | None = None, out: Path | None = None) -> Filled:
    return fill_in(path, "Requests", 2, rows or RESULTS, zone=ZONE, out=out)


def tags(data: bytes) -> list[bytes]:
    """The tags of a part in sorted order: openpyxl writes the axes of a chart in any order."""
    return sorted(data.replace(ADDED_TO_PICTURES, b"").split(b">"))


def sheet_of(path: Path, name: str = "Requests") -> Worksheet:
    return load_workbook(path)[name]


def row_of(sheet: Worksheet, row: int) -> list[object]:
    return [cell.value for cell in sheet[row]]


def test_results_stand_to_the_right_verdict_first(path: Path) -> None:
    assert filled(path) == Filled(path=path, beside=False)
    sheet = sheet_of(path)
    assert row_of(sheet, 2)[VERDICT_COLUMN - 1 : VERDICT_COLUMN + 2] == ["Verdict", "Reason", "Advice"]
    assert row_of(sheet, 4)[VERDICT_COLUMN - 1 : VERDICT_COLUMN + 1] == ["hold", "AUTH_NEEDED"]


def test_only_the_verdict_is_coloured(path: Path) -> None:
    filled(path)
    colours = [cell.fill.fgColor.rgb for cell in sheet_of(path)[4][VERDICT_COLUMN - 1 :]]
    assert colours[0] == "00FCEBCB"
    assert set(colours[1:]) == {"00000000"}


def test_a_copy_is_written_where_it_is_asked_for(path: Path) -> None:
    before, copy = path.read_bytes(), path.with_name("copy.xlsx")
    assert filled(path, out=copy).path == copy
    assert path.read_bytes() == before


def test_a_second_run_overwrites_and_adds_nothing(path: Path) -> None:
    filled(path)
    filled(path, {3: result(3, verdict=Verdict.ASK, reason=Reason.MEMBER_NOT_FOUND), 4: result(4)})
    header = row_of(sheet_of(path), 2)
    assert header.count("Verdict") == header.count("Evidence") == 1
    assert [row_of(sheet_of(path), row)[VERDICT_COLUMN - 1] for row in (3, 4)] == ["ask", "bill"]
    assert row_of(sheet_of(path), 4)[VERDICT_COLUMN] is None, "the reason of the first run is gone"


def test_a_result_column_that_the_person_deleted_is_added_at_the_end(path: Path) -> None:
    filled(path)
    book = load_workbook(path)
    book["Requests"].delete_cols(VERDICT_COLUMN + 4)
    book.save(path)
    filled(path)
    header = row_of(sheet_of(path), 2)
    assert header.count("Verdict") == 1
    assert header[-1] == "Part B"


def test_the_persons_own_status_column_is_not_ours(tmp_path: Path) -> None:
    book = Workbook()
    fill(book.worksheets[0], [[], [*HEADER, "Status", "Verdict", "Plan"], [*ROW, "mine", "mine", "mine"]])
    book.save(tmp_path / "own.xlsx")
    filled(tmp_path / "own.xlsx", {3: result(3)})
    assert row_of(sheet_of(tmp_path / "own.xlsx"), 3)[11:15] == ["mine", "mine", "mine", "bill"]


def test_what_is_filled_in_can_be_read_again(path: Path, read: Read) -> None:
    filled(path)
    assert [type(row) for row in read(path).rows] == [RequestRow, RequestRow]


def test_every_part_but_the_sheet_stays_as_it_was(path: Path) -> None:
    before = {name: tags(data) for name, data in parts(path).items()}
    filled(path)
    after = {name: tags(data) for name, data in parts(path).items()}
    assert before.keys() == after.keys()
    changed = {name for name in before if before[name] != after[name]}
    assert changed <= REWRITTEN


def test_the_persons_cells_comments_lists_and_formats_stay(path: Path) -> None:
    before = sheet_of(path)
    filled(path)
    after = sheet_of(path)
    for cell in (cell for row in before.iter_rows() for cell in row):
        same = after[cell.coordinate]
        assert (same.value, same.number_format, repr(same.font), repr(same.fill)) == (
            cell.value,
            cell.number_format,
            repr(cell.font),
            repr(cell.fill),
        )
    assert after["A2"].comment.text == "our number"
    assert after.column_dimensions["B"].hidden
    assert [str(list_.sqref) for list_ in after.data_validations.dataValidation] == ["J3:J9"]
    assert [str(formats.sqref) for formats in after.conditional_formatting] == ["H3:H9"]


def test_formulas_stay_formulas_with_their_last_value(path: Path) -> None:
    filled(path)
    assert sheet_of(path)["K4"].value == "=1234567890+3"
    assert load_workbook(path, data_only=True)["Requests"]["K4"].value == 1234567893
    assert load_workbook(path).calculation.fullCalcOnLoad


def test_sparklines_send_the_results_beside(path: Path) -> None:
    before = with_sparkline(path).read_bytes()
    done = filled(path)
    assert done == Filled(
        path=path.with_name("mine-results.xlsx"),
        beside=True,
        why="sparklines on sheet Requests would be lost",
    )
    assert path.read_bytes() == before
    assert row_of(sheet_of(done.path), 3)[VERDICT_COLUMN - 1] == "bill"


def test_text_boxes_send_the_results_beside(path: Path) -> None:
    before = with_text_box(path).read_bytes()
    done = filled(path)
    assert (done.beside, path.read_bytes()) == (True, before)
    assert done.why is not None
    assert done.why.startswith("text boxes or shapes on sheet Other")


def test_macros_stay_in_a_macro_workbook(path: Path) -> None:
    path = with_macros(path)
    assert filled(path) == Filled(path=path, beside=False)
    assert parts(path)["xl/vbaProject.bin"] == b"macro bytes"


def test_a_sibling_of_a_macro_workbook_is_a_plain_one(path: Path) -> None:
    path = with_macros(with_sparkline(path))
    done = filled(path)
    assert done.path.name == "mine-results.xlsx"
    assert "xl/vbaProject.bin" not in parts(done.path)
    assert b"macroEnabled" not in parts(done.path)["[Content_Types].xml"]


@pytest.mark.parametrize("lock", ["~$mine.xlsx", ".~lock.mine.xlsx#"])
def test_a_workbook_that_is_open_gets_a_sibling(path: Path, lock: str) -> None:
    before = path.read_bytes()
    (path.parent / lock).touch()
    done = filled(path)
    assert done == Filled(
        path=path.with_name("mine-results.xlsx"), beside=True, why="mine.xlsx is open in another program"
    )
    assert path.read_bytes() == before


def test_a_workbook_that_windows_will_not_replace_gets_a_sibling(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace = Path.replace

    def refuse(self: Path, target: Path) -> Path:
        if target == path:
            raise PermissionError
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", refuse)
    done = filled(path)
    assert done.beside
    assert done.path != path
    assert done.path.exists()


def test_csv_gets_a_workbook_beside(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("Monday\n" + ";".join(HEADER) + "\n=1+1;007\n")
    done = fill_in(path, "mine", 2, {3: result(3)}, zone=ZONE)
    assert (done.path.name, done.beside) == ("mine-results.xlsx", True)
    assert row_of(sheet_of(done.path), 3)[:2] == ["=1+1", "007"]
    assert row_of(sheet_of(done.path), 3)[VERDICT_COLUMN - 1] == "bill"
    assert b"<f>" not in parts(done.path)[SHEET]


def test_results_keep_clear_of_a_chart_beside_the_rows(path: Path) -> None:
    fill_in(path, "Other", 1, {2: result(2)}, zone=ZONE)
    header = row_of(sheet_of(path, "Other"), 1)
    assert header.index("Verdict") > 10


def test_widths_never_overlap_a_span_that_the_person_set(path: Path) -> None:
    book = load_workbook(path)
    book["Requests"].column_dimensions["K"].min, book["Requests"].column_dimensions["K"].max = 11, 16384
    book["Requests"].column_dimensions["K"].width = 9
    book.save(path)
    filled(path)
    spans = re.findall(
        rb'<col [^>]*?min="(\d+)" max="(\d+)"|<col [^>]*?max="(\d+)" min="(\d+)"', parts(path)[SHEET]
    )
    assert len(spans) == 2


def test_a_sheet_that_is_gone_is_said(path: Path) -> None:
    with pytest.raises(WorkbookUnusable, match="no sheet Gone"):
        fill_in(path, "Gone", 2, RESULTS, zone=ZONE)
