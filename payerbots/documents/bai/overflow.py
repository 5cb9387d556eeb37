"""Overflow records (4): the invoices of the check before them, in sequence, the last one marked."""

from payerbots.documents.bai.findings import Findings
from payerbots.documents.bai.layout import Layout, OverflowMap
from payerbots.documents.bai.open_boxes import OpenBatch, OpenCheck
from payerbots.documents.bai.rows import Row


class Overflow:
    """Hands the invoices to their checks and proves that no overflow record is missing."""

    def __init__(self, layout: Layout, findings: Findings) -> None:
        self._columns = layout.overflow
        self._last_mark = layout.last_mark
        self._findings = findings

    def read(self, row: Row, batch: OpenBatch | None) -> None:
        """One overflow record within the open batch."""
        columns = self._columns
        if columns is None:
            return
        invoices = list(row.invoices(columns))
        check = self._check_of(row, columns, batch)
        if check is None:
            self._wrong(row.line.number, "an overflow record (4) that belongs to no check")
            return
        self._in_sequence(row, columns, check)
        check.invoices += invoices

    def ended(self, check: OpenCheck) -> None:
        """Notes a check whose last overflow record has not come."""
        if check.ended is False:
            self._wrong(check.record.line, "the last overflow record (4) of this check is missing")

    def _check_of(self, row: Row, columns: OverflowMap, batch: OpenBatch | None) -> OpenCheck | None:
        if batch is None or not batch.checks or row.text(columns.batch) not in {"", batch.number}:
            return None
        item, latest = row.text(columns.item), batch.checks[-1]
        if item in {"", latest.record.item}:
            return latest
        found = next((check for check in batch.checks if check.record.item == item), None)
        if found is not None:
            what = "an overflow record (4) that does not follow its check"
            self._findings.problem("check", row.line.number, what)
        return found

    def _in_sequence(self, row: Row, columns: OverflowMap, check: OpenCheck) -> None:
        if columns.sequence is not None:
            expected, found = check.sequence + 1, row.number(columns.sequence, "sequence")
            if found not in {None, expected}:
                self._wrong(
                    row.line.number, "an overflow record (4) out of sequence: one before it is missing"
                )
            check.sequence = expected if found is None else found
        if columns.last is not None:
            if check.ended:
                self._wrong(
                    row.line.number, "an overflow record (4) after the one that was marked as the last"
                )
            check.ended = row.text(columns.last) == self._last_mark

    def _wrong(self, line: int, what: str) -> None:
        self._findings.unproven("check", line, what)
