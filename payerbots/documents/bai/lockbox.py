"""Lockbox files of fixed columns: the checks that a bank opened and deposited, and what they pay.

Forgiven: blanks at the end that were cut, files without line breaks, headers and trailers that are missing (a
`Problem`), empty deposits, several lockboxes. Never forgiven: an amount that is not digits up to its last column,
a count or a sum that does not hold, an overflow record that is missing; `balance` is not ok then.
"""

from collections.abc import Callable
from typing import Any, BinaryIO

from payerbots.documents.bai.findings import Findings
from payerbots.documents.bai.layout import Layout
from payerbots.documents.bai.lines import Line, lines
from payerbots.documents.bai.open_boxes import OpenBatch, OpenBox, OpenCheck
from payerbots.documents.bai.overflow import Overflow
from payerbots.documents.bai.rows import Row
from payerbots.documents.errors import FetchAgain
from payerbots.domain.bank import Lockbox, LockboxCheck, LockboxFile

LEVELS = {
    "1": "file",
    "2": "file",
    "5": "lockbox",
    "6": "check",
    "4": "check",
    "7": "batch",
    "8": "lockbox",
    "9": "file",
}


def read_lockbox(stream: BinaryIO, layout: Layout) -> LockboxFile:
    """The lockboxes, batches, checks and invoices of the file, read with the bank's layout.

    Amounts are dollars; counts and totals of the records 7, 8 and 9 are proven against the checks in `balance`.
    Raises `FetchAgain` for what is empty or holds no record of the layout at all, and nothing else.
    """
    reader = _Reader(layout)
    for line in lines(stream, layout.record_length):
        reader.read(line)
    return reader.finish()


class _Reader:
    """The open lockbox and batch; what is closed is a record already."""

    def __init__(self, layout: Layout) -> None:
        self.findings = Findings()
        self._layout = layout
        self._header: dict[str, Any] = {}
        self._trailer: dict[str, Any] = {}
        self._boxes: list[Lockbox] = []
        self._box: OpenBox | None = None
        self._batch: OpenBatch | None = None
        self._overflow = Overflow(layout, self.findings)
        self._seen = self._in_file = False
        self._line = self._records = self._count = self._units = 0
        self._steps: dict[str, Callable[[Row], None]] = {
            "1": self._file_begins,
            "2": self._service,
            "5": self._box_begins,
            "6": self._check,
            "4": self._invoices,
            "7": self._batch_ends,
            "8": self._box_ends,
            "9": self._file_ends,
        }

    def read(self, line: Line) -> None:
        kind, self._line = line.text[0], line.number
        self._records += 1
        if kind not in self._layout.maps:
            self.findings.unproven("file", line.number, "a record type that the layout does not have")
            return
        self._seen = True
        if len(line.text) > self._layout.record_length:
            self.findings.problem("file", line.number, "longer than the layout's record_length")
        if not self._in_file and kind != "1":
            self._missing("file", "1")
        self._in_file = True
        self._steps[kind](Row(line, self._layout, self.findings, LEVELS[kind]))

    def finish(self) -> LockboxFile:
        if not self._seen:
            raise FetchAgain("no lockbox record in the file")
        self._close_box()
        if self._in_file:
            self._missing("file", "9")
        return LockboxFile(
            layout=self._layout.name,
            **self._header,
            lockboxes=tuple(self._boxes),
            **self._trailer,
            balance=self.findings.balance,
            problems=tuple(self.findings.problems),
        )

    def _missing(self, level: str, kind: str) -> None:
        self.findings.unproven(level, self._line, f"record {kind} is missing before here")

    # -- the file ---------------------------------------------------------------------------------------------

    def _file_begins(self, row: Row) -> None:
        self._close_box()
        if self._records > 1:
            self._missing("file", "9")
            self._records = 1
            self._count = self._units = 0
        columns = self._layout.file_header
        self._header = {
            "destination": row.text(columns.destination),
            "origin": row.text(columns.origin),
            "date": row.date(columns.date),
            "time": row.text(columns.time),
        }

    def _service(self, row: Row) -> None:
        columns = self._layout.service
        for name in ("destination", "origin", "time"):
            self._header[name] = self._header.get(name) or row.text(getattr(columns, name))
        self._header["date"] = self._header.get("date") or row.date(columns.date)

    def _file_ends(self, row: Row) -> None:
        self._close_box()
        columns, prove = self._layout.trailer, self.findings.prove
        records = row.number(columns.records, "records")
        count, total = row.number(columns.count, "count"), row.number(columns.total, "total")
        if records is not None:
            prove("file", "file records", expected=records, found=self._records)
        self._prove(("file", "file"), (count, self._count), (total, self._units))
        self._trailer = {"records": records, "count": count, "total": row.amount(total)}
        self._in_file = False
        self._records = self._count = self._units = 0

    # -- lockboxes --------------------------------------------------------------------------------------------

    def _box_begins(self, row: Row) -> None:
        self._close_batch()
        columns = self._layout.lockbox_header
        number, date = row.text(columns.lockbox), row.date(columns.date)
        if self._box is None or not self._box.named(number):
            self._close_box()
            header = Lockbox(
                number=number,
                deposit_date=date,
                destination=row.text(columns.destination),
                origin=row.text(columns.origin),
            )
            self._box = OpenBox(header, len(self._boxes) + 1)
        if columns.batch:
            self._batch = OpenBatch(row.text(columns.batch), len(self._box.batches) + 1, date)

    def _open_box(self) -> OpenBox:
        if self._box is None:
            self._missing("lockbox", "5")
            self._box = OpenBox(Lockbox(number=""), len(self._boxes) + 1)
        return self._box

    def _same_box(self, row: Row, number: str) -> OpenBox:
        box = self._open_box()
        if not box.named(number):
            what = f"record {row.line.text[0]} names another lockbox than the records before it"
            self.findings.unproven(row.level, row.line.number, what)
        return box

    def _box_ends(self, row: Row) -> None:
        self._close_batch()
        columns = self._layout.lockbox_total
        box = self._same_box(row, row.text(columns.lockbox))
        count, total = row.number(columns.count, "count"), row.number(columns.total, "total")
        self._prove(("lockbox", f"lockbox {box.place}"), (count, box.count), (total, box.units))
        self._keep_box(box, count, total)

    def _close_box(self) -> None:
        self._close_batch()
        if self._box is not None:
            self._missing("lockbox", "8")
            self._keep_box(self._box, None, None)

    def _keep_box(self, box: OpenBox, count: int | None, total: int | None) -> None:
        self._boxes.append(box.closed(self._layout.decimals, count, total))
        self._count += box.count
        self._units += box.units
        self._box = None

    # -- batches ----------------------------------------------------------------------------------------------

    def _batch_ends(self, row: Row) -> None:
        columns = self._layout.batch_total
        self._same_box(row, row.text(columns.lockbox))
        batch = self._open_batch(row.text(columns.batch))
        if row.text(columns.batch) not in {"", batch.number}:
            self.findings.unproven("batch", row.line.number, "record 7 names another batch than its checks")
        batch.date = row.date(columns.date) or batch.date
        count, total = row.number(columns.count, "count"), row.number(columns.total, "total")
        self._prove(("batch", self._where(batch)), (count, len(batch.checks)), (total, batch.units))
        self._keep_batch(batch, count, total)

    def _open_batch(self, number: str) -> OpenBatch:
        box = self._open_box()
        if self._batch is None:
            self._batch = OpenBatch(number, len(box.batches) + 1, box.header.deposit_date)
        self._batch.number = self._batch.number or number
        return self._batch

    def _close_batch(self) -> None:
        # A batch that began and has no check is an empty deposit: nothing in it waits for a total.
        if self._batch is not None:
            if self._batch.checks:
                self._missing("batch", "7")
            self._keep_batch(self._batch, None, None)

    def _keep_batch(self, batch: OpenBatch, count: int | None, total: int | None) -> None:
        for place, check in enumerate(batch.checks, 1):
            self._overflow.ended(check)
            self._prove_invoices(check, f"{self._where(batch)} check {place}")
        self._open_box().add(batch, batch.closed(self._layout.decimals, count, total))
        self._batch = None

    def _where(self, batch: OpenBatch) -> str:
        box = self._open_box()
        return f"lockbox {box.place} batch {batch.shown}" if box.place > 1 else f"batch {batch.shown}"

    # -- checks -----------------------------------------------------------------------------------------------

    def _check(self, row: Row) -> None:
        columns = self._layout.check
        self._same_box(row, row.text(columns.lockbox))
        number = row.text(columns.batch)
        if self._batch is not None and number and self._batch.number not in {"", number}:
            self._close_batch()
        batch = self._open_batch(number)
        units = row.number(columns.amount, "amount")
        check = LockboxCheck(
            amount=row.amount(units),
            check_number=row.text(columns.check_number),
            remitter=row.text(columns.remitter),
            routing=row.text(columns.routing),
            account=row.text(columns.account),
            item=row.text(columns.item),
            date=row.date(columns.date),
            line=row.line.number,
        )
        batch.checks.append(OpenCheck(check, units, list(row.invoices(columns))))

    def _invoices(self, row: Row) -> None:
        self._overflow.read(row, self._batch)

    def _prove_invoices(self, check: OpenCheck, where: str) -> None:
        invoiced = check.invoiced
        if self._layout.invoices_prove_check and invoiced is not None and check.units is not None:
            self._prove(("check", where), (None, 0), (check.units, invoiced))

    def _prove(
        self, place: tuple[str, str], count: tuple[int | None, int], total: tuple[int | None, int]
    ) -> None:
        """Proves what a trailer says (the first of each two); what cannot be read is a problem already."""
        level, where = place
        if count[0] is not None:
            self.findings.prove(level, f"{where} count", expected=count[0], found=count[1])
        if total[0] is not None:
            decimals = self._layout.decimals
            self.findings.prove(level, where, expected=total[0], found=total[1], decimals=decimals)
