"""Eligibility answers as workbooks: the results, the exceptions, and the requester's own list filled in."""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from payerbots.delivery.coverage_rows import Row, patient_of
from payerbots.documents.errors import DocumentError
from payerbots.documents.workbook.fill_in import fill_in
from payerbots.documents.workbook.records import BadRow, RequestRow, RequestSheet
from payerbots.documents.workbook.requests import read_requests
from payerbots.documents.workbook.results import write_results
from payerbots.documents.workbook.rows import ResultRow
from payerbots.domain.coverage import Coverage, CoverageRequest, Verdict, differences, verdict_for
from payerbots.domain.coverage_detail import detail
from payerbots.domain.coverage_facts import facts
from payerbots.engine.contract import Delivered, FinishedRun
from payerbots.review.delivering import review_delivery

Finished = FinishedRun[CoverageRequest, Coverage, BadRow]


def deliver(run: Finished) -> list[Delivered]:
    """Writes `eligibility-results-DATE.xlsx`, brings `exceptions-DATE.xlsx` up to date, and fills in the input workbook."""
    day, zone = run.context.day.isoformat(), run.context.zone
    rows = [result_row(row, zone) for row in run.rows]
    results = write_results(
        run.context.out / f"eligibility-results-{day}.xlsx",
        rows,
        zone=zone,
        title=f"Eligibility results {day}",
    )
    exceptions = review_delivery(run)
    files = [Delivered(what="results", path=results), exceptions]
    return [*files, *_own_workbook(run, rows)]


def result_row(row: Row, zone: ZoneInfo) -> ResultRow:
    """One place of the input as a row of the results."""
    if row.unreadable is not None:
        return ResultRow.for_bad_row(row.unreadable, item=str(row.item))
    request = _asked(row)
    return ResultRow(
        row=row.place,
        item=str(row.item),
        verdict=_verdict(row),
        reason=row.reason,
        also=tuple(row.also),
        detail=detail(row.reason, row.answer) if row.reason else None,
        order=request.order,
        account=request.account,
        branch=request.branch,
        patient=patient_of(request),
        birth_date=request.birth_date,
        payer_asked=request.payer,
        member_id_asked=request.member_id,
        service_date=request.service_date,
        hcpcs=request.hcpcs,
        coverage=row.answer,
        checked_at=row.finished_at,
        valid_until=_end_of_month(row.finished_at.astimezone(zone))
        if row.answer and row.finished_at
        else None,
        changed=differences(row.previous, row.answer) if row.previous and row.answer else (),
    )


def _verdict(row: Row) -> Verdict:
    """What has not been answered is never billable."""
    return Verdict.ASK if row.answer is None and row.reason is None else verdict_for(row.reason)


def _own_workbook(run: Finished, rows: Sequence[ResultRow]) -> Iterator[Delivered]:
    """The requester's list with the verdicts; a row that was changed since it was asked is left alone."""
    if run.context.input is None:
        return
    try:
        sheet = read_requests(run.context.input, run.context.payers, today=run.context.day)
        unchanged = _unchanged(run, sheet)
        wanted = {row.row: row for row in rows if row.row in unchanged}
        filled = fill_in(run.context.input, sheet.sheet, sheet.header_row, wanted, zone=run.context.zone)
    except DocumentError as error:
        yield Delivered(what="your list", path=run.context.input, note=f"not filled in: {error}")
        return
    moved = len(rows) - len(wanted)
    notes = [filled.why or "", f"{moved} rows were changed after they were read: left alone" if moved else ""]
    yield Delivered(what="your list", path=filled.path, note="; ".join(filter(None, notes)) or None)


def _unchanged(run: Finished, sheet: RequestSheet) -> set[int]:
    asked = {row.place: row.request.identity if row.request else row.unreadable for row in run.rows}
    return {row.row for row in sheet.rows if asked.get(row.row) == _content(row)}


def _content(row: RequestRow | BadRow) -> tuple[str, ...] | BadRow:
    return row.request.identity if isinstance(row, RequestRow) else row


def _asked(row: Row) -> CoverageRequest:
    if row.request is None:
        raise ValueError(f"item {row.item} has neither a request nor an unreadable row")
    return row.request


def _end_of_month(moment: datetime) -> date:
    """Coverage is kept by calendar month: an answer holds until the month of the check is over."""
    return moment.date().replace(day=monthrange(moment.year, moment.month)[1])


def figures(run: Finished) -> dict[str, object]:
    """The answers as plain values, in the shape that `sandbox answers` has."""
    return {"eligibility": [_figure(row) for row in run.rows]}


def _figure(row: Row) -> dict[str, object]:
    verdict = _verdict(row)
    return {
        "row": row.place,
        "outcome": verdict.value,
        "reason": row.reason.value if row.reason else None,
        "fields": facts(row.answer, row.reason, verdict),
    }
