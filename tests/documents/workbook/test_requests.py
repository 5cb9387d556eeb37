"""Requests out of the workbooks that offices keep."""

import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.chart import BarChart
from openpyxl.utils.datetime import MAC_EPOCH

from payerbots.documents.errors import WorkbookUnusable
from payerbots.documents.workbook.records import BadRow, RequestRow
from payerbots.domain.coverage import Acquisition, CoverageRequest
from payerbots.reasons import Reason
from tests.documents.workbook.samples import HEADER, ROW, Build, Read, ReadRow, fill

SMITH = CoverageRequest(
    order="SO-1",
    account="A-1",
    payer="Medicare",
    last_name="Smith",
    first_name="John",
    birth_date=date(1948, 3, 14),
    service_date=date(2026, 11, 20),
    hcpcs=("E0601", "A7030"),
    npi="1234567893",
    member_id="1EG4TE5MK73",
    acquisition=Acquisition.RENTAL,
)


def request_of(row: RequestRow | BadRow) -> CoverageRequest:
    assert isinstance(row, RequestRow), row
    return row.request


def bad(row: RequestRow | BadRow) -> BadRow:
    assert isinstance(row, BadRow)
    return row


def test_a_row_becomes_a_request(read_row: ReadRow) -> None:
    assert request_of(read_row()) == SMITH


def test_the_header_may_stand_below_a_title(build: Build, read: Read) -> None:
    sheet = read(build([["Eligibility for Monday"], [], ["printed", date(2026, 11, 20)], HEADER, ROW]))
    assert (sheet.sheet, sheet.header_row, sheet.rows[0].row) == ("Requests", 4, 5)


def test_blank_rows_are_skipped_and_repeated_ones_kept(build: Build, read: Read) -> None:
    sheet = read(build([HEADER, ROW, [], [" ", "\u00a0"], ROW]))
    assert [row.row for row in sheet.rows] == [2, 5]


def test_headers_are_recognised_whatever_their_spelling(build: Build, read: Read) -> None:
    header = [
        "ORDER NO.",
        "acct_number",
        "Payor\nName",
        "Subscriber-ID",
        "PATIENT NAME",
        "D.O.B. (mm/dd/yyyy)",
    ]
    row = [
        "SO-1",
        "A-1",
        "cms",
        "1eg4te5mk73",
        "SMITH, JOHN Q",
        "3/14/48",
        "11/20/26",
        "E0601/A7030",
        "Rental",
    ]
    sheet = read(
        build([[*header, "Date of Service*", "Proc. Code", "R/P", "Provider NPI"], [*row, 1234567893]])
    )
    request = request_of(sheet.rows[0])
    assert (request.payer, request.member_id, request.last_name) == ("Medicare", "1EG4TE5MK73", "SMITH")
    assert (request.birth_date, request.hcpcs) == (SMITH.birth_date, SMITH.hcpcs)


def test_the_better_known_of_two_fitting_columns_wins(build: Build, read: Read) -> None:
    sheet = read(build([[*HEADER, "Facility", "Branch"], [*ROW, "St. Mary", "East"]]))
    assert request_of(sheet.rows[0]).branch == "East"


def test_a_member_id_may_be_missing(read_row: ReadRow) -> None:
    assert request_of(read_row(MBI=None)).member_id is None


def test_order_and_account_may_be_missing(read_row: ReadRow) -> None:
    request = request_of(read_row(Order=None, Acct="#N/A"))
    assert (request.order, request.account) == ("", "")


def test_leading_zeros_come_back(read_row: ReadRow) -> None:
    assert request_of(read_row(Ins="Summit Health Plan", MBI=12345678)).member_id == "012345678"


def test_numbers_shown_with_leading_zeros_keep_them(read: Read, tmp_path: Path) -> None:
    book = Workbook()
    fill(book.worksheets[0], [HEADER, [7, 42, *ROW[2:]]])
    book.worksheets[0]["A2"].number_format = "000000"
    book.save(tmp_path / "zeros.xlsx")
    request = request_of(read(tmp_path / "zeros.xlsx").rows[0])
    assert (request.order, request.account) == ("000007", "42")


@pytest.mark.parametrize(
    ("column", "cell", "letter", "expected"),
    [
        ("Ins", "Acme", "C", "one of: Medicare, Summit Health Plan"),
        ("Ins", None, "C", "one of: Medicare, Summit Health Plan"),
        ("MBI", "1SG4TE5MK73", "D", "a member ID as Medicare writes it"),
        ("MBI", "1.23457E+11", "D", "a member ID as text, with all its digits"),
        ("Last_name", None, "E", "a last name"),
        ("First", " ", "F", "a first name"),
        ("DOB", "see chart", "G", "a date such as 03/14/1948"),
        ("DOS", "soon", "H", "a date such as 01/02/2026"),
        ("HCPCS", "CPAP", "I", "HCPCS codes such as E0601, A7030"),
        ("Rent_Purch", "lease", "J", "purchase, rental or used"),
        ("NPI", "12345", "K", "an NPI of ten digits"),
    ],
)
def test_a_bad_cell_is_named(
    read_row: ReadRow, column: str, cell: object, letter: str, expected: str
) -> None:
    row = bad(read_row(**{column: cell}))
    assert (row.column, row.expected) == (letter, expected)


@pytest.mark.parametrize(
    ("cell", "reason"),
    [("1SG4TE5MK73", Reason.MEMBER_ID_FORMAT), ("1.23457E+11", Reason.REQUEST_INCOMPLETE)],
)
def test_an_id_of_the_wrong_form_is_told_from_one_that_is_spoilt(
    read_row: ReadRow, cell: str, reason: Reason
) -> None:
    assert bad(read_row(MBI=cell)).reason is reason


def test_the_sentence_says_where_what_and_what_should_be(read_row: ReadRow) -> None:
    sentence = bad(read_row(DOB="see chart")).sentence()
    assert sentence == (
        "sheet Requests, row 2, column G (DOB): found 'see chart', expected a date such as 03/14/1948"
    )


def test_every_fault_of_a_row_is_mentioned(read_row: ReadRow) -> None:
    row = bad(read_row(DOB="see chart", NPI=None))
    assert row.column == "G"
    assert row.sentence().endswith("; column K (NPI): found nothing, expected an NPI of ten digits")


def test_what_could_be_read_of_a_bad_row_is_known(read_row: ReadRow) -> None:
    assert bad(read_row(DOB="see chart")).known == {
        "order": "SO-1",
        "account": "A-1",
        "payer": "Medicare",
        "member_id": "1EG4TE5MK73",
        "patient": "Smith, John",
        "service_date": "2026-11-20",
        "hcpcs": "E0601 A7030",
        "acquisition": "rental",
        "npi": "1234567893",
    }


def test_the_repr_of_a_row_names_nobody(read_row: ReadRow) -> None:
    for row in (read_row(), read_row(DOB="Smith")):
        assert "mith" not in repr(row)


def test_the_rest_goes_on_after_a_bad_row(build: Build, read: Read) -> None:
    sheet = read(build([HEADER, (*ROW[:6], "?", *ROW[7:]), ROW]))
    assert [type(row) for row in sheet.rows] == [BadRow, RequestRow]


def test_the_sheet_with_the_header_is_chosen(read: Read, tmp_path: Path) -> None:
    book = Workbook()
    book.worksheets[0].append(["Notes"])
    fill(book.create_sheet(), [HEADER, ROW])
    book.create_chartsheet().add_chart(BarChart())
    book.save(tmp_path / "two.xlsx")
    assert read(tmp_path / "two.xlsx").sheet == "Requests"


def test_a_hidden_copy_of_the_sheet_does_not_count(read: Read, tmp_path: Path) -> None:
    book = Workbook()
    fill(book.worksheets[0], [HEADER, ROW])
    copy = book.create_sheet("Last week")
    fill(copy, [HEADER, ROW])
    copy.title = "Last week"
    copy.sheet_state = "hidden"
    book.save(tmp_path / "two.xlsx")
    assert read(tmp_path / "two.xlsx").sheet == "Requests"


def test_hidden_rows_and_columns_are_read(read: Read, tmp_path: Path) -> None:
    book = Workbook()
    fill(book.worksheets[0], [HEADER, ROW])
    book.worksheets[0].column_dimensions["D"].hidden = True
    book.worksheets[0].row_dimensions[2].hidden = True
    book.save(tmp_path / "hidden.xlsx")
    assert request_of(read(tmp_path / "hidden.xlsx").rows[0]) == SMITH


def test_cells_merged_downwards_hold_for_every_row(read: Read, tmp_path: Path) -> None:
    book = Workbook()
    fill(book.worksheets[0], [HEADER, ROW, ("SO-2", *ROW[1:])])
    for letter in "CDEFG":
        book.worksheets[0].merge_cells(f"{letter}2:{letter}3")
    book.save(tmp_path / "merged.xlsx")
    second = request_of(read(tmp_path / "merged.xlsx").rows[1])
    assert (second.order, second.last_name, second.birth_date) == ("SO-2", "Smith", SMITH.birth_date)


def test_a_formula_without_a_value_is_a_fault_that_says_so(read_row: ReadRow) -> None:
    row = bad(read_row(DOB="=TODAY()-28000"))
    assert row.found == "a formula that was never calculated"
    assert "open the workbook in Excel and save it" in row.expected


def test_a_calculated_formula_gives_its_value(build: Build, read: Read) -> None:
    path = build([HEADER, (*ROW[:10], "=1234567890+3")])
    rewrite(path, "xl/worksheets/sheet1.xml", b"<v />", b"<v>1234567893</v>")
    assert request_of(read(path).rows[0]).npi == "1234567893"


def test_dates_of_the_1904_system_are_read(read: Read, tmp_path: Path) -> None:
    book = Workbook()
    book.epoch = MAC_EPOCH
    serial = (datetime(2026, 11, 20) - MAC_EPOCH).days  # noqa: DTZ001 — Excel knows no zone
    fill(book.worksheets[0], [HEADER, (*ROW[:7], serial, *ROW[8:])])
    book.save(tmp_path / "mac.xlsx")
    assert request_of(read(tmp_path / "mac.xlsx").rows[0]) == SMITH


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_csv_is_read_in_every_dialect(read: Read, tmp_path: Path, delimiter: str, encoding: str) -> None:
    cells = ["SO-1", "A-1", "Medicare", "1EG4TE5MK73", "Muñoz", "José", "3/14/1948", "11/20/2026"]
    lines = [HEADER, (*cells, '"E0601,A7030"', "RR", "1234567893")]
    path = tmp_path / "in.csv"
    path.write_text("\r\n".join(delimiter.join(line) for line in lines), encoding=encoding)
    request = request_of(read(path).rows[0])
    assert (request.last_name, request.hcpcs) == ("Muñoz", ("E0601", "A7030"))


def test_a_wrong_dimension_in_the_file_hides_no_rows(build: Build, read: Read) -> None:
    path = build([HEADER, ROW, ROW])
    rewrite(path, "xl/worksheets/sheet1.xml", b'ref="A1:K3"', b'ref="A1"')
    assert len(read(path).rows) == 2


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("in.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
        ("in.xlsx", OLE + "Workbook".encode("utf-16-le"), "old .xls format"),
        ("in.xls", OLE, "old .xls format"),
        ("in.xlsx", b"<html>sign in</html>", "damaged, or not a workbook"),
        ("in.xlsx", b"", "damaged, or not a workbook"),
        ("in.pdf", b"%PDF", "ends in .pdf"),
        ("in.csv", b"PK\x03\x04\x00\x00", "not a text file"),
        ("in.csv", b"", "no row within the first 30"),
        ("in.csv", b"a,b,c\n1,2,3\n", "no row within the first 30"),
    ],
)
def test_a_file_of_no_use_says_what_it_is(
    read: Read, tmp_path: Path, name: str, content: bytes, what: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(WorkbookUnusable, match=what):
        read(tmp_path / name)


def test_a_missing_file_is_said(read: Read, tmp_path: Path) -> None:
    with pytest.raises(WorkbookUnusable, match="No such file"):
        read(tmp_path / "none.xlsx")


def test_a_cut_off_workbook_is_damaged(build: Build, read: Read) -> None:
    path = build([HEADER, ROW])
    rewrite(path, "xl/workbook.xml", b"</workbook>", b"")
    with pytest.raises(WorkbookUnusable, match="damaged") as caught:
        read(path)
    assert caught.value.__suppress_context__, "a parser's text may quote cells"


def test_missing_columns_are_named(build: Build, read: Read) -> None:
    with pytest.raises(WorkbookUnusable, match="sheet Requests, row 1 has no column for: HCPCS, NPI;"):
        read(build([HEADER[:8], ROW[:8]]))


def test_several_sheets_that_fit_are_named(read: Read, tmp_path: Path) -> None:
    book = Workbook()
    for sheet, title in ((book.worksheets[0], "East"), (book.create_sheet(), "West")):
        fill(sheet, [HEADER, ROW])
        sheet.title = title
    book.save(tmp_path / "two.xlsx")
    with pytest.raises(WorkbookUnusable, match="several sheets hold requests: East, West"):
        read(tmp_path / "two.xlsx")


def rewrite(path: Path, part: str, old: bytes, new: bytes) -> None:
    """Replace bytes within one part of a workbook."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert old in parts[part]
    parts[part] = parts[part].replace(old, new)
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
