"""What the posting import looks like, and the billing system's answer to it: `posting_import.yaml`."""

from collections.abc import Mapping
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, field_validator, model_validator

from payerbots import yamlfile
from payerbots.domain.posting import PostingLine

NAME = "posting_import.yaml"
FIELDS = tuple(name for name in PostingLine.__struct_fields__ if name != "adjustments")
"""What a column can hold."""
Amounts = Literal["dollars", "cents"]
Total = Literal["batch", "rows", "charge", "paid", "provider_adjustments", "comes_to", "deposited"]
Words = Annotated[tuple[str, ...], Field(min_length=1)]


def _dated(text: str) -> str:
    try:
        shown = datetime(2026, 11, 23).strftime(text)  # noqa: DTZ001 - a date without a time
    except ValueError:
        shown = ""
    if "%" not in text or not shown.strip():
        raise ValueError("a form of strftime such as %m/%d/%Y")
    return text


Dates = Annotated[str, BeforeValidator(_dated)]


class ColumnMap(yamlfile.Strict):
    """One column; a header alone is enough."""

    header: str
    dates: Dates | None = None
    amounts: Amounts | None = None


def _column(value: object) -> object:
    return {"header": value} if isinstance(value, str) else value


class Trailer(yamlfile.Strict):
    """The control totals after the lines."""

    mark: str = Field(min_length=1)
    columns: Annotated[tuple[Total, ...], Field(min_length=1)]


class AnswerMap(yamlfile.Strict):
    """The billing system's answer: the headers that a column may have, and the words of its verdict."""

    row: Words
    verdict: Words
    reason: tuple[str, ...] = ()
    accepted: Words
    refused: Words

    @model_validator(mode="after")
    def _one_meaning(self) -> Self:
        both = {word.casefold() for word in self.accepted} & {word.casefold() for word in self.refused}
        if both:
            raise yamlfile.misplaced(min(both), "words that do not stand under accepted too", "refused")
        return self


class PostingMap(yamlfile.Strict):
    """The whole map."""

    delimiter: Literal[",", ";", "\t", "|"] = ","
    dates: Dates = "%Y-%m-%d"
    amounts: Amounts = "dollars"
    columns: Mapping[str, Annotated[ColumnMap, BeforeValidator(_column)]]
    trailer: Trailer | None = None
    answer: AnswerMap

    @field_validator("columns")
    @classmethod
    def _known(cls, columns: Mapping[str, ColumnMap]) -> Mapping[str, ColumnMap]:
        for field in columns:
            if field not in FIELDS:
                raise yamlfile.misplaced(field, ", ".join(FIELDS), field)
        if "row" not in columns:
            raise yamlfile.misplaced("no row", "row: without it nothing can be confirmed, nor imported twice")
        return columns


def shipped_map() -> PostingMap:
    """The map with all columns."""
    with resources.as_file(resources.files("payerbots.data").joinpath(NAME)) as path:
        return read_map(path)


def read_map(path: Path) -> PostingMap:
    """A site's own map. `ConfigError` names file, line and key of what is wrong."""
    return yamlfile.parse(PostingMap, yamlfile.read(path), path)


def map_of(workspace: Path) -> PostingMap:
    """The workspace's own map, or the shipped one where it has none."""
    own = workspace / NAME
    return read_map(own) if own.exists() else shipped_map()
