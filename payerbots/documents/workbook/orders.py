"""The list of active orders as offices keep it, and the list of those that are checked again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

from openpyxl import Workbook

from payerbots.documents.errors import WorkbookUnusable
from payerbots.documents.workbook.atomic import save_atomically
from payerbots.documents.workbook.headers import Header, find_header
from payerbots.documents.workbook.look import Heading, Kind, Value, set_up_page, write_table
from payerbots.documents.workbook.records import BadRow
from payerbots.documents.workbook.requests import RowReader, SheetRow
from payerbots.documents.workbook.saving import save
from payerbots.documents.workbook.sources import Grid, open_source
from payerbots.documents.workbook.values import shown
from payerbots.domain.payers import PayerBook
from payerbots.domain.rechecks import ActiveOrder, Recheck

_SERVICE_DATE = "service date"
_DATES = ("next_refill", "next_rental")
_EXPECTED = "one sheet with payer, patient, birth date, HCPCS, NPI, and next refill or next rental bill"


@dataclass(frozen=True)
class OrderSheet:
    """The orders of a list that can be asked about, and the rows that cannot be read."""

    orders: tuple[ActiveOrder, ...]
    bad: tuple[BadRow, ...]


class _OrderReader(RowReader):
    """Reads active orders: the date that is asked about follows later."""

    def service_date(self, row: SheetRow) -> date | None:  # noqa: ARG002 - every order is asked about a date of its own
        return self.today

    def orders(self, rows: Iterable[Sequence[object]]) -> Iterable[ActiveOrder | BadRow]:
        for number, cells in enumerate(rows, start=1):
            row = SheetRow(self.header, cells)
            if number > self.header.row and not row.is_blank:
                yield self._order(number, row)

    def _order(self, number: int, row: SheetRow) -> ActiveOrder | BadRow:
        refill, rental = (self._next(row, name) for name in _DATES)
        request = self.request(row)
        if request is None or row.faults:
            return BadRow(sheet=self.sheet, row=number, faults=tuple(row.faults), known=row.known)
        return ActiveOrder(row=number, request=request, next_refill=refill, next_rental=rental)

    def _next(self, row: SheetRow, name: str) -> date | None:
        """A date that may be missing; one that cannot be read is a fault."""
        return self.day(row, name) if shown(row.cell(name)) else None


def read_orders(path: Path, payers: PayerBook, *, today: date) -> OrderSheet:
    """Read the one sheet of active orders. Raises `WorkbookUnusable` when the file as a whole is of no use."""
    with open_source(path) as grids:
        grid, header = _choose(path, grids)
        reader = _OrderReader(grid.name, header, payers, today, grid.epoch)
        found = list(reader.orders(grid.rows()))
    return OrderSheet(
        tuple(one for one in found if isinstance(one, ActiveOrder)),
        tuple(one for one in found if isinstance(one, BadRow)),
    )


def _choose(path: Path, grids: Sequence[Grid]) -> tuple[Grid, Header]:
    found = [(grid, header) for grid in grids if (header := find_header(grid.head()))]
    fitting = [pair for pair in found if not _missing(pair[1])]
    seen = [pair for pair in fitting if pair[0].visible] or fitting
    if len(seen) == 1:
        return seen[0]
    if seen:
        names = ", ".join(grid.name for grid, _ in seen)
        raise WorkbookUnusable(path, f"several sheets hold orders: {names}", _EXPECTED)
    missing = (
        ", ".join(_missing(max(found, key=lambda pair: len(pair[1].columns))[1])) if found else "all of it"
    )
    raise WorkbookUnusable(path, f"no sheet has a column for: {missing}", _EXPECTED)


def _missing(header: Header) -> list[str]:
    """The columns that a list of orders needs and this one has not."""
    missing = [name for name in header.missing if name != _SERVICE_DATE]
    return (
        missing
        if any(name in header.columns for name in _DATES)
        else [*missing, "next refill or next rental"]
    )


_COLUMNS = (
    Heading(header="Order no", width=14),
    Heading(header="Account no", width=14),
    Heading(header="Branch", width=14),
    Heading(header="Payer", width=26),
    Heading(header="Member ID", width=18),
    Heading(header="Last name", width=20),
    Heading(header="First name", width=16),
    Heading(header="Birth date", width=12, kind=Kind.DATE),
    Heading(header="Service date", width=12, kind=Kind.DATE),
    Heading(header="HCPCS", width=22),
    Heading(header="Rent or purchase", width=12),
    Heading(header="NPI", width=14),
    Heading(header="Why", width=36),
)


def write_rechecks(path: Path, rows: Sequence[Recheck], title: str) -> Path:
    """Write a list that the eligibility bot takes as its input; where it went."""
    return save_atomically(path, partial(_save, rows, title))


def _save(rows: Sequence[Recheck], title: str, path: Path) -> None:
    book = Workbook()
    book.properties.title, book.properties.creator = title, "payerbots"
    sheet = book.worksheets[0]
    sheet.title = "Requests"
    write_table(sheet, _COLUMNS, [_row(one) for one in rows])
    sheet.freeze_panes = "A2"
    set_up_page(sheet, title)
    save(book, path)


def _row(one: Recheck) -> Sequence[Value]:
    asked = replace(one.order.request, service_date=one.day)
    return (
        asked.order,
        asked.account,
        asked.branch or "",
        asked.payer,
        asked.member_id or "",
        asked.last_name,
        asked.first_name,
        asked.birth_date,
        asked.service_date,
        " ".join(asked.hcpcs),
        asked.acquisition.value,
        asked.npi,
        one.why.value,
    )
