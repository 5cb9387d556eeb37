"""What is let in as an exceptions workbook that comes back: small, no macros, no bomb, an .xlsx."""

import zipfile
from pathlib import Path

from payerbots.documents.errors import WorkbookUnusable

EXPECTED = "an exceptions workbook, saved as .xlsx"
LARGEST = 50_000_000
"""Bytes of a file. One with 200 pictures and 5,000 rows has 20 MB."""
LARGEST_TEXT = 150_000_000
"""Bytes of all parts but pictures, unpacked."""
LARGEST_UNPACKED = 400_000_000
MOST_PARTS = 5_000
_OLE = b"\xd0\xcf\x11\xe0"
_HEAD = 2_048


def refuse_unsafe(path: Path) -> None:
    """Raise `WorkbookUnusable` for what is not opened at all, and say why. Nothing is unpacked."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(8)
    except OSError as error:
        raise WorkbookUnusable(path, error.strerror or "it cannot be opened", EXPECTED) from None
    if size > LARGEST:
        raise _unusable(
            path, f"it has {size / 1e6:,.0f} MB, more than the {LARGEST // 10**6} MB of any such workbook"
        )
    if start.startswith(_OLE):
        raise _unusable(path, _old(path))
    if path.suffix.lower() == ".xlsm":
        raise _unusable(path, "it may hold macros (.xlsm)")
    if path.suffix.lower() != ".xlsx" or not zipfile.is_zipfile(path):
        raise _unusable(path, "it is not a workbook of Excel")
    try:
        with zipfile.ZipFile(path) as archive:
            _look_inside(path, archive)
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError, ValueError):
        raise _unusable(path, "it is damaged") from None


def _unusable(path: Path, what: str) -> WorkbookUnusable:
    return WorkbookUnusable(path, what, EXPECTED)


def _old(path: Path) -> str:
    if "EncryptedPackage".encode("utf-16-le") in path.read_bytes():
        return "it is protected by a password"
    return "it is in the old .xls format"


def _look_inside(path: Path, archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if "mimetype" in names:
        raise _unusable(path, "it is an OpenDocument file")
    if "xl/workbook.xml" not in names or "[Content_Types].xml" not in names:
        raise _unusable(path, "it is an archive, but not a workbook of Excel")
    texts = sum(part.file_size for part in parts if not part.filename.startswith("xl/media/"))
    if (
        len(parts) > MOST_PARTS
        or texts > LARGEST_TEXT
        or sum(part.file_size for part in parts) > LARGEST_UNPACKED
    ):
        raise _unusable(path, "unpacked it is far larger than it may be")
    if any(name.lower().endswith("vbaproject.bin") for name in names) or b"macroEnabled" in archive.read(
        "[Content_Types].xml"
    ):
        raise _unusable(path, "it holds macros")
    for part in parts:
        if part.filename.endswith((".xml", ".rels")):
            with archive.open(part) as stream:
                if b"<!DOCTYPE" in stream.read(_HEAD):
                    raise _unusable(path, "it declares a document type, which no workbook does")
