"""What goes wrong with a document as a whole. No message holds a cell's text: cells name patients."""

from pathlib import Path

from payerbots.errors import PayerbotsError


class DocumentError(PayerbotsError):
    """A file that cannot be used."""


class WorkbookUnusable(DocumentError):
    """A workbook that cannot be read at all; `what` was found, `expected` would have done."""

    def __init__(self, path: Path, what: str, expected: str) -> None:
        super().__init__(f"{path.name}: {what}; expected {expected}")
        self.path = path
        self.what = what
        self.expected = expected
