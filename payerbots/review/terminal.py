"""A decision as it is typed at a terminal: read as the cells of a workbook are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from openpyxl.utils.datetime import WINDOWS_EPOCH

from payerbots.documents.workbook.review_reading import Entry
from payerbots.domain.review import About
from payerbots.errors import ConfigError
from payerbots.review import entries
from payerbots.review.deciding import Wish
from payerbots.review.entries import Filled


@dataclass(frozen=True)
class Typed:
    """What was typed: cells by the names of `FILL_IN`, corrected values as `Title=value`, and who did."""

    cells: Mapping[str, str] = field(repr=False)
    corrected: Sequence[str] = field(repr=False)
    by: str


def wish_of(about: About, typed: Typed, day: date) -> Wish:
    """The decision. `ConfigError` says what is not clear."""
    cells: dict[str, object] = {name: text for name, text in typed.cells.items() if text}
    entry = Entry(
        sheet="",
        row=0,
        mark="",
        shown_as=(),
        cells=cells | {"by": typed.by},
        values=dict(_value(text) for text in typed.corrected),
        letters={},
        epoch=WINDOWS_EPOCH,
    )
    filled = entries.read(entry, day)
    if not isinstance(filled, Filled):
        header = filled.header if filled else "Decision"
        raise ConfigError(f"{header}: {filled.expected if filled else 'expected a decision'}")
    return Wish(
        about=about,
        decision=filled.decision,
        by=filled.by,
        terms=filled.terms,
        values=filled.values,
        source="terminal",
    )


def _value(text: str) -> tuple[str, str]:
    title, found, value = text.partition("=")
    if not found or not title.strip() or not value.strip():
        raise ConfigError("--correct: expected a title and a value, such as 'Member ID=1EG4TE5MK73'")
    return title.strip(), value.strip()
