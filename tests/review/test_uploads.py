"""What is not let in as an exceptions workbook, and why; the watched folder that does as `import` does."""

import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from payerbots.documents.errors import WorkbookUnusable
from payerbots.documents.workbook import review_upload
from payerbots.documents.workbook.review_reading import read_review
from payerbots.domain.review import Rules
from payerbots.errors import ConfigError
from payerbots.ledger.models import Notice
from payerbots.review import rules
from payerbots.review.folder import Folder
from tests.review.back_office import BackOffice, fill

pytestmark = pytest.mark.xdist_group("uploads")
BACK = "back.xlsx"


def plain(folder: Path) -> Path:
    openpyxl.Workbook().save(folder / BACK)
    return folder / BACK


def text(folder: Path) -> Path:
    (folder / BACK).write_text("Item,Decision\n1,send back\n")
    return folder / BACK


def empty(folder: Path) -> Path:
    (folder / BACK).touch()
    return folder / BACK


def old(folder: Path) -> Path:
    path = folder / "back.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    return path


def locked(folder: Path) -> Path:
    path = folder / BACK
    path.write_bytes(b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"))
    return path


def with_part(name: str, data: bytes) -> Callable[[Path], Path]:
    def made(folder: Path) -> Path:
        path = plain(folder)
        with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name, data)
        return path

    return made


def macros_by_name(folder: Path) -> Path:
    return plain(folder).rename(folder / "back.xlsm")


def bomb(folder: Path) -> Path:
    path = plain(folder)
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/more.xml", "w") as part,
    ):
        for _ in range(160):
            part.write(b" " * 1_000_000)
    return path


def many_parts(folder: Path) -> Path:
    path = plain(folder)
    with zipfile.ZipFile(path, "a") as archive:
        for number in range(review_upload.MOST_PARTS):
            archive.writestr(f"xl/x{number}", b"")
    return path


def huge(folder: Path) -> Path:
    path = plain(folder)
    os.truncate(path, 200_000_000)
    return path


def archive(folder: Path) -> Path:
    path = folder / BACK
    with zipfile.ZipFile(path, "w") as out:
        out.writestr("letter.txt", "Dear all")
    return path


def opendocument(folder: Path) -> Path:
    path = folder / BACK
    with zipfile.ZipFile(path, "w") as out:
        out.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    return path


def cut_off(folder: Path) -> Path:
    path = plain(folder)
    path.write_bytes(path.read_bytes()[:-40])
    return path


def damaged(folder: Path) -> Path:
    path = plain(folder)
    data = bytearray(path.read_bytes())
    data[200:1200] = b"\xff" * 1000
    path.write_bytes(data)
    return path


REFUSED: list[tuple[str, Callable[[Path], Path], str]] = [
    ("none of ours", plain, "no sheet has the columns of an exceptions workbook"),
    ("a text", text, "not a workbook of Excel"),
    ("an empty file", empty, "not a workbook of Excel"),
    ("an old .xls", old, r"in the old \.xls format"),
    ("a password", locked, "protected by a password"),
    ("macros", with_part("xl/vbaProject.bin", b"x"), "it holds macros"),
    ("macros by name", macros_by_name, r"may hold macros \(\.xlsm\)"),
    ("a zip bomb", bomb, "far larger than it may be"),
    ("thousands of parts", many_parts, "far larger than it may be"),
    ("200 MB", huge, "it has 200 MB, more than the 50 MB"),
    ("another archive", archive, "an archive, but not a workbook"),
    ("an OpenDocument file", opendocument, "an OpenDocument file"),
    ("a document type", with_part("xl/e.xml", b"<!DOCTYPE x [<!ENTITY a 'b'>]>"), "declares a document type"),
    ("cut off", cut_off, "not a workbook of Excel"),
    ("damaged", damaged, "damaged"),
]


@pytest.mark.parametrize(("make", "said"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_a_bad_upload_is_refused_with_a_reason(
    tmp_path: Path, make: Callable[[Path], Path], said: str
) -> None:
    with pytest.raises(WorkbookUnusable, match=said):
        read_review(make(tmp_path))


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(WorkbookUnusable, match="No such file"):
        read_review(tmp_path / "nothing.xlsx")


def folder_of(office: BackOffice, path: Path) -> Folder:
    return Folder(office.desk, path, "person:ana", Rules())


def test_a_workbook_in_the_folder_is_taken_once_it_has_come_to_rest(
    office: BackOffice, tmp_path: Path
) -> None:
    (number,) = office.add(1)
    watched = folder_of(office, tmp_path / "in")
    assert watched.look(office.day) == []
    cells = {number: {"Decision": "send back", "By": "ana"}}
    fill(office.export("watched"), cells, tmp_path / "in" / BACK)
    assert watched.look(office.day) == []
    (seen,) = watched.look(office.day)
    assert seen.imported is not None
    assert (seen.imported.taken, office.item(number).state) == (1, "new")
    assert seen.file.parent.name == "taken"
    assert seen.file.with_suffix(".txt").read_text() == "back.xlsx: 1 taken\n"
    assert watched.look(office.day) == []


def test_a_workbook_that_somebody_has_open_is_left_alone(office: BackOffice, tmp_path: Path) -> None:
    plain(tmp_path)
    (tmp_path / f".~lock.{BACK}#").touch()
    watched = folder_of(office, tmp_path)
    assert watched.look(office.day, at_once=True) == []


def test_what_is_not_taken_lies_aside_with_a_report_and_is_noticed(
    office: BackOffice, tmp_path: Path
) -> None:
    (number,) = office.add(1)
    watched = folder_of(office, tmp_path / "in")
    (tmp_path / "in").mkdir()
    fill(office.export("aside"), {number: {"Decision": "soon", "By": "ana"}}, tmp_path / "in" / BACK)
    (tmp_path / "in" / "letter.xlsx").write_text("Dear all")
    came_to = {seen.file.parent.name: seen for seen in watched.look(office.day, at_once=True)}
    listed = came_to["taken"].file.with_suffix(".txt").read_text()
    assert "sheet intake, row" in listed
    assert "(Decision): found 'soon', expected one of: send back" in listed
    assert "not a workbook of Excel" in came_to["refused"].file.with_suffix(".txt").read_text()
    assert Notice.objects.filter(kind="review").count() == 2


def test_an_office_has_rules_of_its_own(tmp_path: Path) -> None:
    (tmp_path / rules.FILE).write_text("second_person_above: 250\ncodes: [wo1, TIMELY]\nfolder: back\n")
    found = rules.load(tmp_path)
    assert found.rules.second_person_above == 250
    assert set(found.rules.codes) == {"WO1", "TIMELY"}
    assert found.folder == tmp_path / "back"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("limit: 5", "found 'limit', allowed: second_person_above"),
        ("second_person_above: lots", "second_person_above: found 'lots', allowed: dollars"),
        ("second_person_above: -1", "allowed: dollars"),
        ("codes: WO1", "allowed: a list"),
    ],
)
def test_a_rule_that_is_none_is_told_with_its_line(tmp_path: Path, line: str, said: str) -> None:
    (tmp_path / rules.FILE).write_text(f"{line}\n")
    with pytest.raises(ConfigError, match=f"review.yaml:1: at key .*{said}|review.yaml:1.*{said}"):
        rules.load(tmp_path)
