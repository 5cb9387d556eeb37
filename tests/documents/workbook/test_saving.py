"""A workbook is saved as openpyxl saves it, and nothing of it lies in the temporary folder on the way."""

import tempfile
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from openpyxl.worksheet.table import Table
from PIL import Image as Picture

from payerbots.documents.workbook.saving import save


def _book() -> Workbook:
    """Two sheets with what has a part of its own: a comment, a table, a link, a picture."""
    book = Workbook()
    first, second = book.worksheets[0], book.create_sheet("Pictures")
    for row in (("Name", "Born"), ("Canary-Reyes", 1950)):
        first.append(row)
    first["A2"].comment = Comment("call her daughter", "Ana")
    first["B2"].hyperlink = "https://summit.example/"
    first.add_table(Table(displayName="People", ref="A1:B2"))
    picture = BytesIO()
    Picture.new("RGB", (4, 4)).save(picture, "PNG")
    second.add_image(Image(picture), "B2")
    return book


def _parts(data: BytesIO) -> dict[str, bytes]:
    with ZipFile(data) as archive:
        return {name: archive.read(name) for name in archive.namelist() if "core.xml" not in name}


def test_every_part_is_the_same_as_openpyxl_writes_it() -> None:
    ours, theirs = BytesIO(), BytesIO()
    save(_book(), ours)
    _book().save(theirs)
    assert _parts(ours) == _parts(theirs)
    assert load_workbook(ours)["Pictures"]


def test_nothing_lies_in_the_temporary_folder_on_the_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "not there"))
    save(_book(), tmp_path / "book.xlsx")
    assert load_workbook(tmp_path / "book.xlsx")["Sheet"]["A2"].value == "Canary-Reyes"
    with pytest.raises(FileNotFoundError):
        _book().save(tmp_path / "other.xlsx")
