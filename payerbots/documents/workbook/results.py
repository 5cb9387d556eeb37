"""`eligibility-results.xlsx`: what every request came to, verdict first."""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from payerbots.documents.workbook.atomic import save_atomically
from payerbots.documents.workbook.columns import ASKED, RESULT_COLUMNS, answer, local_time
from payerbots.documents.workbook.look import (
    GRAPHITE,
    TEAL,
    Heading,
    Kind,
    Value,
    cell_at,
    colour_verdicts,
    paint_verdict,
    set_up_page,
    write_counts,
    write_summary,
    write_table,
)
from payerbots.documents.workbook.rows import ResultRow
from payerbots.documents.workbook.saving import save
from payerbots.domain.coverage import Verdict
from payerbots.reasons import text_of

_VERDICT = get_column_letter(len(ASKED) + 1)
_PRINTED = get_column_letter(len(ASKED) + 9)
_FROZEN = "D2"


def write_results(path: Path, rows: Iterable[ResultRow], *, zone: ZoneInfo, title: str) -> Path:
    """Write the sheets *Results* (by row of the input) and *Summary*; returns where they went.

    Times are shown in `zone`. The path differs from `path` when that is open elsewhere.
    """
    ordered = sorted(rows, key=lambda row: (row.row, row.item))
    return save_atomically(path, partial(_save, ordered, zone, title))


def _save(rows: Sequence[ResultRow], zone: ZoneInfo, title: str, path: Path) -> None:
    book = Workbook()
    book.properties.title = title
    book.properties.creator = "payerbots"
    _results(book.worksheets[0], rows, zone, title)
    _summary(book.create_sheet("Summary"), rows, zone, title)
    save(book, path)


def _results(sheet: Worksheet, rows: Sequence[ResultRow], zone: ZoneInfo, title: str) -> None:
    sheet.title = "Results"
    headings = [column.heading for column in RESULT_COLUMNS]
    answers = (answer(row, zone) for row in rows)
    last = write_table(sheet, headings, ([column.value(one) for column in RESULT_COLUMNS] for one in answers))
    sheet.freeze_panes = _FROZEN
    colour_verdicts(sheet, f"{_VERDICT}2:{_VERDICT}{max(last, 2)}")
    set_up_page(sheet, title, print_area=f"A1:{_PRINTED}{last}")


def _summary(sheet: Worksheet, rows: Sequence[ResultRow], zone: ZoneInfo, title: str) -> None:
    checked = sorted(local for row in rows if (local := local_time(row.checked_at, zone)))
    lines: list[tuple[str, Value]] = [("Requests", len(rows))]
    if checked:
        lines += [("First checked", checked[0]), ("Last checked", checked[-1])]
    start = write_summary(sheet, title, lines)
    verdicts = Counter(row.verdict for row in rows)
    headings = (
        Heading(header="Verdict", width=26, colour=TEAL),
        Heading(header="Requests", width=18, kind=Kind.NUMBER, colour=TEAL),
    )
    free = write_counts(sheet, start, headings, [(verdict.value, verdicts[verdict]) for verdict in Verdict])
    for offset, verdict in enumerate(Verdict, start=1):
        paint_verdict(cell_at(sheet, start + offset, 1), verdict)
    write_counts(sheet, free, _REASON_HEADINGS, _by_reason(rows))
    set_up_page(sheet, title)


_REASON_HEADINGS = (
    Heading(header="Reason", width=26, colour=GRAPHITE),
    Heading(header="Requests", width=18, kind=Kind.NUMBER, colour=GRAPHITE),
    Heading(header="Team", width=16, colour=GRAPHITE),
    Heading(header="What it means", width=70, kind=Kind.WRAPPED, colour=GRAPHITE),
)


def _by_reason(rows: Sequence[ResultRow]) -> list[Sequence[Value]]:
    counts = Counter(row.reason for row in rows if row.reason)
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return [(reason.value, count, text_of(reason).team, text_of(reason).means) for reason, count in ordered]
