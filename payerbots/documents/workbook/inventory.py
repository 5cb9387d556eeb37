"""What a workbook consists of, counted, so that a copy can be proved to hold all of it."""

import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError

from openpyxl.xml.functions import fromstring

from payerbots.documents.workbook.package import relations, sheet_parts

PART = "(part)"
_DERIVED = frozenset(
    {"calcChain", "sharedStrings", "thumbnail", "theme", "core-properties", "extended-properties"}
)
_NOT_XML = frozenset(
    {"image", "vbaProject", "printerSettings", "oleObject", "package", "vbaProjectSignature"}
)
_CELLS = frozenset({"row", "c", "v", "is", "t", "r", "rPr", "rFont", "sz", "b", "i", "u", "cols", "col"})
_NAMED_ONLY = frozenset({"f", "ext"})
_STYLES = re.compile(r"tableStyle$|xfComplement|ext \{")


@dataclass(frozen=True, order=True)
class Trait:
    """One kind of thing: on which sheet (`""`: on none), in what kind of part, which element or attribute."""

    sheet: str
    part: str
    what: str


def inventory(archive: zipfile.ZipFile) -> Counter[Trait]:
    """Parts, elements and attributes by their count. Cells and what Excel derives anew are left out."""
    names = {part: name for name, part in sheet_parts(archive).items()}
    found: Counter[Trait] = Counter()
    for sheet, kind, part in _parts(archive, names):
        found[Trait(sheet, kind, PART)] += 1
        if kind not in _NOT_XML and part in archive.namelist():
            found.update(Trait(sheet, kind, what) for what in _contents(kind, archive.read(part)))
    return found


def _parts(archive: zipfile.ZipFile, sheets: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Sheet, kind and name of every part, each once for every relation that leads to it."""
    waiting = [("", "")]
    followed: set[str] = set()
    while waiting:
        sheet, source = waiting.pop()
        for kind, part in relations(archive, source).values():
            if kind in _DERIVED:
                continue
            place = sheets.get(part, sheet)
            yield place, kind, part
            if part not in followed:
                followed.add(part)
                waiting.append((place, part))


def _contents(kind: str, data: bytes) -> Iterator[str]:
    if kind == "vmlDrawing":
        yield from (f"control {name.decode()}" for name in re.findall(rb'ObjectType="(\w+)"', data))
        return
    try:
        root = fromstring(data)
    except ParseError:
        return
    for element in _walk(root):
        name = _local(element.tag)
        what = f"ext {element.attrib['uri']}" if name == "ext" and "uri" in element.attrib else name
        counted = kind != "styles" or _STYLES.match(what)
        if counted and not (kind == "worksheet" and name in _CELLS):
            yield what
            yield from _attributes(name, element)


def _attributes(name: str, element: Element) -> Iterator[str]:
    """Names of the attributes that count; an alternative text counts with its words."""
    for key, value in element.attrib.items():
        if "}" not in key and name not in _NAMED_ONLY:
            yield f"{name}@{key}={value}" if key == "descr" else f"{name}@{key}"


def _walk(element: Element) -> Iterator[Element]:
    """The elements below and including one; what is inside an extension counts as that extension."""
    if _local(element.tag) != "extLst":
        yield element
    if _local(element.tag) != "ext" or "uri" not in element.attrib:
        for child in element:
            yield from _walk(child)


def _local(tag: object) -> str:
    return str(tag).rsplit("}", 1)[-1]
