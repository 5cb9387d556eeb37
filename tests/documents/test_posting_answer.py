"""The billing system's answer to a posting import."""

from pathlib import Path

import pytest

from payerbots.documents.errors import WorkbookUnusable
from payerbots.documents.posting_answer import Answer, read_answer
from payerbots.documents.posting_map import PostingMap, shipped_map
from tests.posting_samples import remittances, sample_lines

ONE, TWO, THREE, *_ = [line.row for line in sample_lines(remittances())]
HEADER = "Row ID,Result,Reason"


def read(tmp_path: Path, *lines: str, layout: PostingMap | None = None, encoding: str = "utf-8") -> Answer:
    path = tmp_path / "answer.csv"
    path.write_text("\r\n".join(lines), encoding=encoding, newline="")
    return read_answer(path, layout or shipped_map())


def told(answer: Answer) -> list[tuple[str, bool, str]]:
    return [(each.row, each.accepted, each.reason) for each in answer.rows]


def test_rows_are_accepted_or_refused_with_a_reason(tmp_path: Path) -> None:
    answer = read(tmp_path, HEADER, f"{ONE},posted,", f"{TWO},Rejected,No such account")
    assert told(answer) == [(ONE, True, ""), (TWO, False, "No such account")]
    assert answer.bad == ()


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ([HEADER, f"{ONE},accepted,"], "as it is"),
        (["Row ID;Status;Message", f"{ONE};ok;"], "another delimiter, other headers"),
        (["row id\tRESULT", f"{ONE}\tYES"], "no reasons, any case"),
        (["Import of 11/23/2026", "", HEADER, f"{ONE},posted,"], "lines before the header"),
        (["Patient,Result,Row ID", f'"A, B",posted,{ONE.lower()}'], "other columns, lower case"),
        ([HEADER, f" {ONE} , posted ,", "", ",,", "TRAILER,total,1"], "blanks, empty lines, our own trailer"),
        ([HEADER, f"{ONE},posted,", f"{ONE},ok,"], "told twice"),
    ],
)
def test_an_answer_is_read_however_it_is_written(tmp_path: Path, lines: list[str], why: str) -> None:
    answer = read(tmp_path, *lines)
    assert (told(answer), answer.bad) == ([(ONE, True, "")], ()), why


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_an_answer_is_read_in_any_encoding_of_a_spreadsheet(tmp_path: Path, encoding: str) -> None:
    answer = read(tmp_path, HEADER, f"{ONE},refused,Zoë is unknown", encoding=encoding)
    assert told(answer) == [(ONE, False, "Zoë is unknown")]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (
            f"{TWO},perhaps,",
            "answer.csv, line 3, column Result: found 'perhaps', expected one of accepted, posted",
        ),
        (f"{TWO}", "line 3, column Result: found nothing, expected one of"),
        ("1.23E+10,posted,", "line 3, column Row ID: found '1.23E+10', expected a row ID"),
        (",posted,", "line 3, column Row ID: found nothing"),
        (
            f"{ONE},refused,",
            "line 3, column Result: found 'refused', expected what line 2 says of the same row",
        ),
    ],
)
def test_a_bad_line_is_named_and_costs_only_itself(tmp_path: Path, line: str, says: str) -> None:
    answer = read(tmp_path, HEADER, f"{ONE},posted,", line, f"{THREE},posted,")
    assert told(answer) == [(ONE, True, ""), (THREE, True, "")]
    (bad,) = answer.bad
    assert says in bad.sentence()


def test_a_line_is_counted_as_an_editor_counts_it(tmp_path: Path) -> None:
    answer = read(tmp_path, HEADER, f'{ONE},refused,"two\r\nlines"', f"{TWO},?,")
    assert [bad.line for bad in answer.bad] == [4]


def test_what_was_said_of_a_person_does_not_show_in_a_log(tmp_path: Path) -> None:
    answer = read(tmp_path, HEADER, f"{ONE},refused,SMITH has no account", "SMITH,posted,")
    assert "SMITH" not in repr(answer)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b"Claim,Result\r\nA1,posted", "no row IDs"),
        (b"\x00\x01\x02\x03", "no text"),
        (b"PK\x03\x04\x00\x00", "a workbook under the name of a CSV"),
    ],
)
def test_a_file_that_is_no_answer_is_refused(tmp_path: Path, content: bytes, why: str) -> None:
    path = tmp_path / "answer.csv"
    path.write_bytes(content)
    with pytest.raises(WorkbookUnusable, match=r"answer\.csv"):
        read_answer(path, shipped_map())
    assert why


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(WorkbookUnusable, match="No such file"):
        read_answer(tmp_path / "none.csv", shipped_map())
