"""Layouts of lockbox files: which columns hold what, bank by bank, in YAML files that anyone can add.

Every record begins with its type in column 1: 1 file header, 2 service, 5 lockbox header, 6 check, 4 overflow,
7 batch total, 8 lockbox total, 9 trailer.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from payerbots import yamlfile
from payerbots.documents.bai.columns import Columns, Span
from payerbots.errors import ConfigError

FOLDER = Path(__file__).with_name("layouts")
Place = tuple[str | int, ...]


class Pair(yamlfile.Strict):
    """One invoice on a record: its number and, where the bank sends it, the amount paid on it."""

    number: Columns
    amount: Columns | None = None


class Map(yamlfile.Strict):
    """The columns of one record type. A column belongs to one field only."""

    @model_validator(mode="after")
    def _apart(self) -> Self:
        taken: list[tuple[Place, Span]] = []
        for place, span in self.spans():
            for other, its in taken:
                if span.overlaps(its):
                    rule = f"columns that do not overlap {'.'.join(map(str, other))} ({its})"
                    raise yamlfile.misplaced(str(span), rule, *place)
            taken.append((place, span))
        return self

    def spans(self) -> Iterator[tuple[Place, Span]]:
        """All columns with the key path that names them."""
        for name in type(self).model_fields:
            value = getattr(self, name)
            if isinstance(value, Span):
                yield (name,), value
        for number, pair in enumerate(self.pairs):
            yield ("invoices", number, "number"), pair.number
            if pair.amount is not None:
                yield ("invoices", number, "amount"), pair.amount

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """The invoices that the record has room for."""
        return ()


class HeaderMap(Map):
    """1 and 2: who sends to whom, and when."""

    destination: Columns | None = None
    origin: Columns | None = None
    date: Columns | None = None
    time: Columns | None = None


class LockboxMap(Map):
    """5: a lockbox begins, or a batch in it where `batch` stands here."""

    lockbox: Columns | None = None
    batch: Columns | None = None
    date: Columns | None = None
    destination: Columns | None = None
    origin: Columns | None = None


class CheckMap(Map):
    """6: one check; `invoices` where the record itself has room for some."""

    amount: Columns
    check_number: Columns
    lockbox: Columns | None = None
    batch: Columns | None = None
    item: Columns | None = None
    routing: Columns | None = None
    account: Columns | None = None
    remitter: Columns | None = None
    date: Columns | None = None
    invoices: tuple[Pair, ...] = ()

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """The invoices that stand beside the check."""
        return self.invoices


class OverflowMap(Map):
    """4: invoices of the check before it. `last` holds the layout's `last_mark` on a check's last one."""

    invoices: tuple[Pair, ...] = Field(min_length=1)
    batch: Columns | None = None
    item: Columns | None = None
    sequence: Columns | None = None
    last: Columns | None = None

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """The invoices that the record has room for."""
        return self.invoices


class TotalMap(Map):
    """7 and 8: how many checks, and their sum."""

    count: Columns
    total: Columns
    lockbox: Columns | None = None
    batch: Columns | None = None
    date: Columns | None = None


class TrailerMap(Map):
    """9: how many records the file has, its header and trailer included; a count of checks and their sum."""

    records: Columns
    count: Columns | None = None
    total: Columns | None = None


class Layout(yamlfile.Strict):
    """One bank's columns. Amounts have `decimals` of their digits behind the point, which is not written."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    description: str = ""
    record_length: int = Field(ge=20, le=4096)
    dates: Literal["YYMMDD", "YYYYMMDD", "MMDDYY", "MMDDYYYY"] = "YYMMDD"
    decimals: int = Field(default=2, ge=0, le=4)
    last_mark: str = Field(default="9", min_length=1)
    invoices_prove_check: bool = True
    """Whether invoices that all have amounts must add up to their check."""
    file_header: HeaderMap = HeaderMap()
    service: HeaderMap = HeaderMap()
    lockbox_header: LockboxMap
    check: CheckMap
    overflow: OverflowMap | None = None
    batch_total: TotalMap
    lockbox_total: TotalMap
    trailer: TrailerMap

    @property
    def maps(self) -> Mapping[str, Map]:
        """The columns by record type."""
        maps: dict[str, Map] = {
            "1": self.file_header,
            "2": self.service,
            "5": self.lockbox_header,
            "6": self.check,
            "7": self.batch_total,
            "8": self.lockbox_total,
            "9": self.trailer,
        }
        return maps | ({"4": self.overflow} if self.overflow else {})

    @model_validator(mode="after")
    def _within_the_record(self) -> Self:
        for name in type(self).model_fields:
            columns = getattr(self, name)
            for place, span in columns.spans() if isinstance(columns, Map) else ():
                if span.last > self.record_length:
                    rule = f"columns up to record_length ({self.record_length})"
                    raise yamlfile.misplaced(str(span), rule, name, *place)
        return self

    @model_validator(mode="after")
    def _says_where_numbers_stand(self) -> Self:
        places = (self.lockbox_header, self.check, self.batch_total)
        if not any(columns.batch for columns in places):
            rule = "a batch in lockbox_header, check or batch_total"
            raise yamlfile.misplaced("none", rule, "lockbox_header", "batch")
        if not any(columns.lockbox for columns in (*places, self.lockbox_total)):
            rule = "a lockbox in lockbox_header, check, batch_total or lockbox_total"
            raise yamlfile.misplaced("none", rule, "lockbox_header", "lockbox")
        return self


def layouts(*folders: Path) -> dict[str, Layout]:
    """The layouts by name: those that come along, then those of the folders, which replace namesakes.

    Raises `ConfigError` with file, line and key for a layout that is wrong, and for a folder that is not there.
    """
    known: dict[str, Layout] = {}
    for folder in (FOLDER, *folders):
        if not folder.is_dir():
            raise ConfigError("this folder of lockbox layouts is not there", file=folder)
        known |= _in(folder)
    return known


def _in(folder: Path) -> dict[str, Layout]:
    found: dict[str, Layout] = {}
    for path in sorted(folder.glob("*.yaml")):
        data = yamlfile.read(path)
        layout = yamlfile.parse(Layout, data, path)
        if layout.name in found:
            line = yamlfile.line_of(data, ["name"])
            raise ConfigError(
                "two layouts of this folder have the same name", file=path, line=line, key="name"
            )
        found[layout.name] = layout
    return found
