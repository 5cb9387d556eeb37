"""Values of formulas, carried over into a copy that openpyxl saved without them."""

import re
import zipfile
from collections.abc import Mapping
from io import BytesIO
from typing import IO

from payerbots.documents.workbook.package import sheet_parts

_CELL = re.compile(rb'<c r="([A-Z]+[0-9]+)"([^>]*?)>(<f[ >/].*?)</c>', re.DOTALL)
_VALUE = re.compile(rb"<v>([^<]*)</v>")
_TYPE = re.compile(rb'\st="(str|n|b|e)"')


def with_cached_values(before: IO[bytes], after: IO[bytes]) -> BytesIO:
    """`after` with the last calculated value of every formula that stands unchanged in its cell."""
    out = BytesIO()
    with (
        zipfile.ZipFile(before) as old,
        zipfile.ZipFile(after) as new,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as merged,
    ):
        sources = {part: sheet_parts(old).get(name) for name, part in sheet_parts(new).items()}
        for entry in new.infolist():
            data, source = new.read(entry), sources.get(entry.filename)
            merged.writestr(entry, _restored(data, _calculated(old.read(source))) if source else data)
    out.seek(0)
    return out


def _calculated(xml: bytes) -> Mapping[bytes, tuple[bytes, bytes]]:
    """Type and value of each calculated formula, by its cell."""
    found: dict[bytes, tuple[bytes, bytes]] = {}
    for place, attributes, body in _CELL.findall(xml):
        value, kind = _VALUE.search(body), _TYPE.search(attributes)
        if value:
            found[place] = (kind[1] if kind else b"n", value[1])
    return found


def _restored(xml: bytes, values: Mapping[bytes, tuple[bytes, bytes]]) -> bytes:
    def restore(cell: re.Match[bytes]) -> bytes:
        place, attributes, body = cell.groups()
        if place not in values or _VALUE.search(body):
            return cell[0]
        kind, value = values[place]
        plain = _TYPE.sub(b"", attributes)
        formula = re.sub(rb"<v\s*/>|<v></v>", b"", body)
        return b'<c r="%s"%s t="%s">%s<v>%s</v></c>' % (place, plain, kind, formula, value)

    return _CELL.sub(restore, xml) if values else xml
