"""`selectors/<portal>.yaml`: where things are on a portal's pages. Data only; this module reads and checks it.

A *candidate* is one way to find something; candidates stand in order of preference, and needing a later
one is *drift*. Elements know `role`+`name`, `label`, `text`, `test_id`, `css`; record fields know `css`,
`label` (dt, th or label → its value) and `header` (a table's column).
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, NamedTuple, Self

from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator

from payerbots import yamlfile
from payerbots.errors import PORTAL_ERRORS
from payerbots.yamlfile import Strict, misplaced


def _as_list(value: object) -> object:
    return value if isinstance(value, list | tuple) else [value]


class Candidate(Strict):
    """One way to find an element on a page."""

    role: str | None = None
    name: str | None = None
    label: str | None = None
    text: str | None = None
    test_id: str | None = None
    css: str | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        ways = [way for way in (self.role, self.label, self.text, self.test_id, self.css) if way]
        if len(ways) != 1 or (self.name and not self.role):
            raise ValueError("exactly one of role (with name), label, text, test_id, css")
        return self

    def __str__(self) -> str:
        return ", ".join(f"{key}: {value}" for key, value in self.model_dump(exclude_none=True).items())


class FieldCandidate(Strict):
    """One way to read a field of a record."""

    css: str | None = None
    label: str | None = None
    header: str | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if len([way for way in (self.css, self.label, self.header) if way]) != 1:
            raise ValueError("exactly one of css, label, header")
        return self

    def __str__(self) -> str:
        return ", ".join(f"{key}: {value}" for key, value in self.model_dump(exclude_none=True).items())


Candidates = Annotated[tuple[Candidate, ...], BeforeValidator(_as_list), Field(min_length=1)]
FieldCandidates = Annotated[tuple[FieldCandidate, ...], BeforeValidator(_as_list), Field(min_length=1)]


def _no_header(found: Sequence[FieldCandidate]) -> Sequence[FieldCandidate]:
    if any(one.header for one in found):
        raise ValueError("css or label; a header belongs to a table's column")
    return found


def _only_header(found: Sequence[FieldCandidate]) -> Sequence[FieldCandidate]:
    if not all(one.header for one in found):
        raise ValueError("header, the column's heading")
    return found


Texts = Annotated[tuple[str, ...], BeforeValidator(_as_list), Field(min_length=1)]


class Placed(NamedTuple):
    """Candidates, and the frame that they are looked for in: names from the outermost on, none for the page itself."""

    frame: tuple[str, ...]
    candidates: tuple[Candidate, ...]


class Table(Strict):
    """A table in a record: found by `css` or by a column's `header`, read as one mapping per row.

    `rows` names rows by the text of their own heading, each with its former or other wordings.
    """

    table: FieldCandidates
    columns: dict[str, Annotated[FieldCandidates, AfterValidator(_only_header)]] = Field(min_length=1)
    rows: dict[str, Texts] = Field(default_factory=dict)


class Record(Strict):
    """Named fields that are read in one evaluation. A name that ends in `?` may be missing on the page."""

    fields: dict[str, Annotated[FieldCandidates, AfterValidator(_no_header)]]
    tables: dict[str, Table]
    optional: frozenset[str]

    @classmethod
    def read(cls, data: object) -> object:
        """Splits what the file has into fields and tables."""
        if not isinstance(data, Mapping):
            return data
        optional = frozenset(name.removesuffix("?") for name in data if name.endswith("?"))
        entries = {name.removesuffix("?"): value for name, value in data.items()}
        tables = {name: value for name, value in entries.items() if _is_table(value)}
        rest = {name: value for name, value in entries.items() if name not in tables}
        return {"fields": rest, "tables": tables, "optional": optional}


def _is_table(value: object) -> bool:
    return isinstance(value, Mapping) and "table" in value


class Page(Strict):
    """A page: its address, what proves that one is on it, its elements and its records.

    `part_of` names the page whose elements can be used from here too: a tab belongs to its page. `frame` is the
    name of the frame that the page is shown in (of frames within frames a list, from the outermost on).
    """

    url: str | None = None
    part_of: str | None = None
    frame: Annotated[tuple[str, ...], BeforeValidator(_as_list)] = ()
    proof: Candidates
    elements: dict[str, Candidates] = Field(default_factory=dict)
    records: dict[str, Annotated[Record, BeforeValidator(Record.read)]] = Field(default_factory=dict)

    @field_validator("frame")
    @classmethod
    def _by_name(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if not all(re.fullmatch(r"[\w.:-]+", name) for name in names):
            raise ValueError("names of frames: letters, digits, _, -, . and :")
        return names

    @field_validator("url")
    @classmethod
    def _relative(cls, url: str | None) -> str | None:
        if url is not None and not url.startswith("/"):
            raise ValueError("a path that begins with /; the portal's address stands in portals.yaml")
        return url


class Interruption(Strict):
    """Something that may stand in the way of any page: it raises an error, or is dismissed.

    It is proven by itself, or is a `page` of the book, which is no interruption to those who expect it.
    """

    frame: Annotated[tuple[str, ...], BeforeValidator(_as_list)] = ()
    proof: Candidates | None = None
    page: str | None = None
    means: str | None = None
    dismiss: Candidates | None = None

    @model_validator(mode="after")
    def _one_end(self) -> Self:
        if (self.proof is None) == (self.page is None):
            raise ValueError("either proof or page")
        if (self.means is None) == (self.dismiss is None):
            raise ValueError("either means (an error) or dismiss (an element)")
        if self.means is not None and self.means not in PORTAL_ERRORS:
            raise misplaced(self.means, f"one of {', '.join(PORTAL_ERRORS)}", "means")
        return self


class PageBook(Strict):
    """All pages of a portal by name, the interruptions that may come on any of them, and the portal's words.

    `words` maps what the portal writes to what flows understand (`*` stands for anything); `blank` lists
    what it writes for nothing.
    """

    pages: dict[str, Page] = Field(min_length=1)
    interruptions: dict[str, Interruption] = Field(default_factory=dict)
    words: dict[str, dict[str, str]] = Field(default_factory=dict)
    blank: Annotated[tuple[str, ...], BeforeValidator(_as_list)] = ()

    @model_validator(mode="after")
    def _names_exist(self) -> Self:
        others = ", ".join(self.pages)
        for name in self.pages:
            if not self._leads_to_a_page(name):
                raise misplaced(self.pages[name].part_of, f"another of {others}", "pages", name, "part_of")
        for name, one in self.interruptions.items():
            if one.page is not None and one.page not in self.pages:
                raise misplaced(one.page, f"one of {others}", "interruptions", name, "page")
            if name in self.pages:
                raise misplaced(name, "a name that no page has", "interruptions", name)
        return self

    def _leads_to_a_page(self, name: str) -> bool:
        """Whether following `part_of` ends, and at a page of this file."""
        passed = {name}
        while (name := self.pages[name].part_of or "") != "":
            if name in passed or name not in self.pages:
                return False
            passed.add(name)
        return True

    def element(self, page: str, name: str) -> Placed:
        """Where an element is that can be used on a page: its own, or one of the page that it is part of."""
        here = self.pages[page]
        if name not in here.elements and here.part_of:
            return self.element(here.part_of, name)
        return Placed(here.frame, here.elements[name])

    def proof(self, page: str) -> Placed:
        """What proves that a page is shown, and in which frame."""
        return Placed(self.pages[page].frame, self.pages[page].proof)

    def in_the_way(self, expected: Sequence[str]) -> dict[str, Placed]:
        """The proofs of what would interrupt somebody who expects these pages."""
        return {
            name: Placed(one.frame, one.proof) if one.proof else self.proof(one.page or "")
            for name, one in self.interruptions.items()
            if one.page not in expected
        }

    def word(self, kind: str, text: str) -> str | None:
        """What the portal's `text` means; None when the book does not say."""
        known = self.words[kind]
        return next((word for pattern, word in known.items() if _fits(pattern, text)), None)


def _fits(pattern: str, text: str) -> bool:
    """Whether a text is the pattern's, in which only `*` stands for anything."""
    anything = ".*".join(re.escape(part) for part in pattern.split("*"))
    return re.fullmatch(anything, text, re.IGNORECASE | re.DOTALL) is not None


def load(path: Path) -> PageBook:
    """The page book in `path`. `ConfigError` names file, line, key path, found and allowed."""
    data = yamlfile.read(path)
    return yamlfile.parse(PageBook, data, path)


def with_text(candidate: Candidate, text: str) -> Candidate:
    """The candidate with `text` in the place of `{text}`; in css it may stand within double quotes only."""
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    shown = candidate.model_dump(exclude_none=True)
    return Candidate(
        **{key: value.replace("{text}", quoted if key == "css" else text) for key, value in shown.items()}
    )


def as_script_argument(record: Record, frame: Sequence[str] = ()) -> dict[str, Any]:
    """The record, and the frame that it is read in, as the reading script takes them."""
    return {
        "frame": list(frame),
        "fields": {name: [_plain(one) for one in found] for name, found in record.fields.items()},
        "tables": {
            name: {
                "table": [_plain(one) for one in table.table],
                "columns": {
                    column: [_plain(one) for one in found] for column, found in table.columns.items()
                },
                "rows": {row: list(texts) for row, texts in table.rows.items()},
            }
            for name, table in record.tables.items()
        },
    }


def _plain(candidate: FieldCandidate) -> dict[str, str]:
    return candidate.model_dump(exclude_none=True)
