"""What a file is, found by its content, never by its name."""

import re
from enum import StrEnum
from io import BytesIO

from payerbots.documents.errors import DocumentError, FetchAgain, KindUnknown
from payerbots.documents.x12.reader import Reader, SetStart

HEAD = 1 << 16
_PRINTABLE = 0.85
_CLAIMS = {"X223": "837I", "X096": "837I", "X224": "837D", "X097": "837D"}
"""Implementations of 837 that are institutional or dental; others are professional."""


class Kind(StrEnum):
    """The kinds of file that are read."""

    X12 = "x12"
    BAI2 = "bai2"
    LOCKBOX = "lockbox"
    PDF = "pdf"


_RECORD = re.compile(rb"\d\d,")
"""How every record of BAI2 begins."""
_LOCKBOX = b"12568"
"""Records that a lockbox file begins with; its header may be missing."""
_MARKUP = re.compile(
    rb"<(?:!doctype\s+html|html|head|title|body|form|meta|script|style|div|table|!--)", re.IGNORECASE
)
_NOT_READ = {
    b"PK\x03\x04": "a workbook or another office file, not a document of a payer or bank",
    b"\xd0\xcf\x11\xe0": "an old office file, not a document of a payer or bank",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"{\\rtf": "a text document (RTF)",
    b"II*\x00": "a scanned picture (TIFF)",
    b"MM\x00*": "a scanned picture (TIFF)",
    b"\xff\xfe": "a text in UTF-16",
    b"\xfe\xff": "a text in UTF-16",
}


def kind_of(head: bytes) -> Kind:
    """The kind of the file that begins with `head` (64 KiB are enough).

    Raises `FetchAgain` for what is empty, a web page or binary, `KindUnknown` for another text.
    """
    bare = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not bare:
        raise FetchAgain("the file is empty")
    if b"%PDF-" in head[:1024]:
        return Kind.PDF
    found = next((what for mark, what in _NOT_READ.items() if head.startswith(mark)), None)
    if found is not None:
        raise KindUnknown(found)
    start = bare[:2048].lower()
    if _MARKUP.match(bare) or b"<html" in start or b"<form" in start:
        raise FetchAgain("a web page, most likely the sign-in page, in place of the document")
    if _RECORD.match(bare):
        return Kind.BAI2
    return _text(head, bare)


def _text(head: bytes, bare: bytes) -> Kind:
    if _x12(head):
        return Kind.X12
    printable = sum(byte in b"\t\r\n" or byte >= ord(" ") for byte in head) / len(head)
    if b"\x00" in head or printable < _PRINTABLE:
        raise FetchAgain("binary, and no kind of file that is read")
    if bare[:1] in {b"{", b"["}:
        raise FetchAgain("data of a web page (JSON) in place of the document")
    if bare[:1] in _LOCKBOX and bare[1:2].isalnum():
        return Kind.LOCKBOX
    raise KindUnknown("a text, but neither X12 nor a bank's file")


def _x12(head: bytes) -> bool:
    try:
        next(Reader(BytesIO(head)).sets(), None)
    except DocumentError:
        return False
    return True


def x12_kind(head: bytes) -> str:
    """Which transaction set an X12 file holds: that of its first set, a TA1 before others aside."""
    kinds = []
    reader = Reader(BytesIO(head))
    for start in reader.sets():
        kinds.append(set_kind(start))
        if kinds[-1] == "277" and not start.implementation and next(reader.body(), [])[:2] == ["BHT", "0085"]:
            kinds[-1] = "277CA"
        if start.kind != "TA1":
            break
    return kinds[-1] if kinds else "x12"


def set_kind(start: SetStart) -> str:
    """What a transaction set is, by ST01 and its implementation: 835, 277CA, 277, 837P, 837I, ..."""
    if start.kind == "277" and "X214" in start.implementation:
        return "277CA"
    if start.kind == "837":
        return next((kind for mark, kind in _CLAIMS.items() if mark in start.implementation), "837P")
    return start.kind
