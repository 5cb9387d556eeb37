"""What goes wrong with a document as a whole. No message holds a cell's text: cells name patients."""

from pathlib import Path

from payerbots.errors import PayerbotsError
from payerbots.reasons import Reason


class DocumentError(PayerbotsError):
    """A file that cannot be used; `reason` says what a person does about it."""

    reason: Reason = Reason.FILE_UNUSABLE


class FetchAgain(DocumentError):
    """Not the document that was asked for: empty, cut off, a sign-in page, something else altogether."""


class KindUnknown(DocumentError):
    """A whole file, but none of the kinds that are read."""


class ArchiveRefused(DocumentError):
    """An archive that is too large, too deep, locked or damaged."""


class LayoutUnknown(DocumentError):
    """No template or bank layout fits: one has to be written."""


class NeedsOcr(DocumentError):
    """Pages are pictures without text."""

    reason = Reason.NEEDS_OCR


class WorkbookUnusable(DocumentError):
    """A workbook that cannot be read at all; `what` was found, `expected` would have done."""

    def __init__(self, path: Path, what: str, expected: str) -> None:
        super().__init__(f"{path.name}: {what}; expected {expected}")
        self.path = path
        self.what = what
        self.expected = expected
