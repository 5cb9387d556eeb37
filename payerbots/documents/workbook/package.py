"""The zip package of a workbook: which part is which sheet."""

import posixpath
import zipfile
from collections.abc import Mapping

from openpyxl.xml.functions import fromstring

_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_REL_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def workbook_part(archive: zipfile.ZipFile) -> str:
    """The name of the part that is the workbook; raises KeyError where there is none."""
    for relation in relations(archive, "").values():
        if relation[0] == "officeDocument":
            return relation[1]
    message = "no workbook part"
    raise KeyError(message)


def sheet_parts(archive: zipfile.ZipFile) -> Mapping[str, str]:
    """The part of each sheet, by the sheet's name; chart sheets are among them."""
    book = workbook_part(archive)
    targets = relations(archive, book)
    root = fromstring(archive.read(book))
    return {
        sheet.attrib["name"]: targets[sheet.attrib[_REL_ID]][1]
        for sheet in root.iter(f"{_MAIN}sheet")
        if sheet.attrib.get(_REL_ID) in targets
    }


def relations(archive: zipfile.ZipFile, part: str) -> Mapping[str, tuple[str, str]]:
    """The last word of the type, and the target part, of each relation of `part` (`""`: the package)."""
    folder, name = posixpath.split(part)
    source = posixpath.join(folder, "_rels", f"{name}.rels")
    if source not in archive.namelist():
        return {}
    return {
        found.attrib["Id"]: (
            found.attrib["Type"].rsplit("/", 1)[-1],
            _resolved(folder, found.attrib["Target"]),
        )
        for found in fromstring(archive.read(source)).iter(_RELATION)
        if found.attrib.get("TargetMode") != "External"
    }


def _resolved(folder: str, target: str) -> str:
    if target.startswith("/"):
        return target[1:]
    return posixpath.normpath(posixpath.join(folder, target))
