"""Requests for coverage, read from the workbooks and CSV files that offices keep."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

from openpyxl.utils.datetime import WINDOWS_EPOCH

from payerbots.documents.errors import WorkbookUnusable
from payerbots.documents.workbook import dates, values
from payerbots.documents.workbook.headers import Column, Header, find_header
from payerbots.documents.workbook.records import BadRow, Fault, RequestRow, RequestSheet
from payerbots.documents.workbook.sources import Grid, open_source
from payerbots.documents.workbook.values import Unreadable
from payerbots.domain.coverage import Acquisition, CoverageRequest
from payerbots.domain.payers import Payer, PayerBook
from payerbots.reasons import Reason

_T = TypeVar("_T")
_COLUMNS = "one sheet with columns for payer, patient, birth date, service date, HCPCS and NPI"


def read_requests(path: Path, payers: PayerBook, *, today: date) -> RequestSheet:
    """Read the one sheet of an .xlsx, .xlsm or .csv file that holds requests.

    A row that cannot be asked becomes a `BadRow` and the rest go on. Raises `WorkbookUnusable` when
    the file as a whole is of no use: another format, a password, no header row, a required column
    missing, several sheets that fit.
    """
    with open_source(path) as grids:
        grid, header = _choose(path, grids)
        reader = RowReader(grid.name, header, payers, today, grid.epoch)
        return RequestSheet(
            path=path, sheet=grid.name, header_row=header.row, rows=tuple(reader.read(grid.rows()))
        )


def request_of(
    cells: Mapping[str, object], payers: PayerBook, *, today: date, epoch: datetime = WINDOWS_EPOCH
) -> RequestRow | BadRow:
    """A request from single values by field, as they stand in cells; the faults name fields as their headers."""
    header = Header(
        row=0, columns={name: Column(index=index, header=name) for index, name in enumerate(cells)}
    )
    reader = RowReader("", header, payers, today, epoch)
    return next(reader.read(iter([tuple(cells.values())])))


def _choose(path: Path, grids: Sequence[Grid]) -> tuple[Grid, Header]:
    found = [(grid, header) for grid in grids if (header := find_header(grid.head()))]
    fitting = [pair for pair in found if not pair[1].missing]
    seen = [pair for pair in fitting if pair[0].visible] or fitting
    if len(seen) == 1:
        return seen[0]
    if seen:
        names = ", ".join(grid.name for grid, _ in seen)
        raise WorkbookUnusable(path, f"several sheets hold requests: {names}", _COLUMNS)
    if not found:
        raise WorkbookUnusable(path, "no row within the first 30 looks like a header of requests", _COLUMNS)
    grid, header = max(found, key=lambda pair: len(pair[1].columns))
    missing = ", ".join(header.missing)
    raise WorkbookUnusable(
        path, f"sheet {grid.name}, row {header.row} has no column for: {missing}", _COLUMNS
    )


@dataclass
class SheetRow:
    """The cells of one row by field, with what is known and what is wrong so far."""

    header: Header
    cells: Sequence[object]
    known: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    @property
    def is_blank(self) -> bool:
        """Whether no column of the request holds anything."""
        return not any(values.shown(self.cell(name)) for name in self.header.columns)

    def cell(self, name: str) -> object:
        """The cell of a field; None where the column is missing or the row too short."""
        column = self.header.columns.get(name)
        return self.cells[column.index] if column and column.index < len(self.cells) else None

    def free(self, name: str) -> str:
        """An optional text."""
        found = values.text(self.cell(name))
        self.know(name, found)
        return found

    def take(self, name: str, read: Callable[[object], _T]) -> _T | None:
        """What `read` makes of a cell; None, and a fault noted, where it cannot."""
        try:
            value = read(self.cell(name))
        except Unreadable as unreadable:
            self.fault(name, str(unreadable))
            return None
        self.know(name, _display(value))
        return value

    def name(self) -> tuple[str, str] | None:
        """Last and first name, from their own columns or from the patient's."""
        last, first = values.text(self.cell("last_name")), values.text(self.cell("first_name"))
        if "patient" in self.header.columns and not (last and first):
            found = self.take("patient", values.person_name)
        else:
            found = (last, first) if self._both_names() else None
        self.known.pop("patient", None)
        self.know(
            "patient", ", ".join(filter(None, found or (last, first))) or values.text(self.cell("patient"))
        )
        return found

    def _both_names(self) -> bool:
        parts = [
            self.take(name, partial(values.needed, expected=expected))
            for name, expected in (("last_name", "a last name"), ("first_name", "a first name"))
        ]
        for name in ("last_name", "first_name"):
            self.known.pop(name, None)
        return all(parts)

    def know(self, name: str, value: str) -> None:
        """Keep what was read, for display."""
        if value:
            self.known[name] = value

    def fault(self, name: str, expected: str, reason: Reason = Reason.REQUEST_INCOMPLETE) -> None:
        """Note that a field's cell cannot be used."""
        column = self.header.columns.get(name, Column(index=0, header=name))
        self.faults.append(
            Fault(
                reason=reason,
                column=column.letter,
                header=column.header,
                expected=expected,
                found=values.shown(self.cell(name)),
            )
        )


@dataclass(frozen=True)
class RowReader:
    """Reads the rows below one header."""

    sheet: str
    header: Header
    payers: PayerBook
    today: date
    epoch: datetime

    def read(self, rows: Iterator[Sequence[object]]) -> Iterator[RequestRow | BadRow]:
        """Every row that is not blank."""
        for number, cells in enumerate(rows, start=1):
            row = SheetRow(self.header, cells)
            if number > self.header.row and not row.is_blank:
                yield self._row(number, row)

    def _row(self, number: int, row: SheetRow) -> RequestRow | BadRow:
        request = self.request(row)
        if request is not None and not row.faults:
            return RequestRow(sheet=self.sheet, row=number, request=request)
        return BadRow(sheet=self.sheet, row=number, faults=tuple(row.faults), known=row.known)

    def request(self, row: SheetRow) -> CoverageRequest | None:
        """The request; None where a needed cell has a fault, which is then noted in `row`."""
        order, account, branch = (row.free(name) for name in ("order", "account", "branch"))
        payer = row.take("payer", partial(_payer, self.payers))
        member_id = self._member_id(row, payer)
        name = row.name()
        birth = row.take("birth_date", partial(dates.birth_date, today=self.today, epoch=self.epoch))
        service = self.service_date(row)
        hcpcs = row.take("hcpcs", values.hcpcs)
        kind = row.take("acquisition", values.acquisition)
        npi = row.take("npi", values.npi)
        if payer is None or name is None or birth is None or service is None or hcpcs is None or npi is None:
            return None
        return CoverageRequest(
            order=order,
            account=account,
            branch=branch or None,
            payer=payer.name,
            member_id=member_id,
            last_name=name[0],
            first_name=name[1],
            birth_date=birth,
            service_date=service,
            hcpcs=hcpcs,
            npi=npi,
            acquisition=kind or Acquisition.PURCHASE,
        )

    def service_date(self, row: SheetRow) -> date | None:
        """The date that is asked about."""
        return self.day(row, "service_date")

    def day(self, row: SheetRow, name: str) -> date | None:
        """A cell's date; None, and a fault noted, where there is none."""
        return row.take(name, partial(dates.service_date, today=self.today, epoch=self.epoch))

    def _member_id(self, row: SheetRow, payer: Payer | None) -> str | None:
        found = row.take("member_id", values.member_id)
        if not found or payer is None:
            return found
        tidy = payer.tidy_member_id(found)
        row.know("member_id", tidy)
        if not payer.accepts_member_id(tidy):
            row.fault("member_id", f"a member ID as {payer.name} writes it", Reason.MEMBER_ID_FORMAT)
        return tidy


def _payer(payers: PayerBook, cell: object) -> Payer:
    expected = "one of: " + ", ".join(payer.name for payer in payers.payers)
    payer = payers.find(values.needed(cell, expected))
    if payer is None:
        raise Unreadable(expected)
    return payer


def _display(value: object) -> str:
    if isinstance(value, Payer):
        return value.name
    if isinstance(value, date):
        return value.isoformat()
    return " ".join(map(str, value)) if isinstance(value, tuple) else str(value or "")
