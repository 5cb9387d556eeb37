"""`rejections-DATE.xlsx`: the day's rejections: a summary, a sheet for each team, what was sent, and every claim."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from openpyxl import Workbook
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from payerbots.documents.workbook.atomic import save_atomically
from payerbots.documents.workbook.columns import local_time
from payerbots.documents.workbook.look import (
    GRAPHITE,
    TEAL,
    Heading,
    Kind,
    Value,
    set_up_page,
    write_counts,
    write_summary,
    write_table,
)
from payerbots.documents.workbook.saving import save
from payerbots.domain.rejection import Change, Said
from payerbots.domain.rejection_report import RejectionDay, RejectionRow, dollars
from payerbots.domain.rejection_states import ClaimStory

_W, _M, _N, _D = Kind.WRAPPED, Kind.MONEY, Kind.NUMBER, Kind.DATE
TEAM_HEADINGS = (
    Heading(header="Item", width=8),
    Heading(header="Claim", width=13),
    Heading(header="Patient", width=20, kind=_W),
    Heading(header="Payer", width=20, kind=_W),
    Heading(header="Service date", width=11, kind=_D),
    Heading(header="HCPCS", width=10, kind=_W),
    Heading(header="Dollars", width=10, kind=_M),
    Heading(header="Filing days left", width=8, kind=_N),
    Heading(header="File until", width=11, kind=_D),
    Heading(header="Rejected on", width=11, kind=_D),
    Heading(header="Times", width=7, kind=_N),
    Heading(header="Said", width=15, kind=_W),
    Heading(header="What it means", width=30, kind=_W),
    Heading(header="What to do", width=36, kind=_W),
    Heading(header="The bot would change", width=30, kind=_W),
    Heading(header="Why it did not", width=30, kind=_W),
    Heading(header="Reason", width=16),
)
_DAYS_LEFT = "H"
_SENT_HEADINGS = (
    Heading(header="Item", width=8),
    Heading(header="Claim", width=13),
    Heading(header="Patient", width=20, kind=_W),
    Heading(header="Payer", width=22, kind=_W),
    Heading(header="Service date", width=11, kind=_D),
    Heading(header="Dollars", width=10, kind=_M),
    Heading(header="Said", width=16, kind=_W),
    Heading(header="Changed", width=18, kind=_W),
    Heading(header="Before", width=20, kind=_W),
    Heading(header="After", width=20, kind=_W),
    Heading(header="Proof", width=44, kind=_W),
    Heading(header="Confirmation", width=16, kind=_W),
    Heading(header="Sent at", width=15, kind=Kind.STAMP),
)
_CLAIM_HEADINGS = (
    Heading(header="Claim", width=13),
    Heading(header="Patient", width=22, kind=_W),
    Heading(header="Payer", width=26, kind=_W),
    Heading(header="Ordered by", width=22, kind=_W),
    Heading(header="Service date", width=11, kind=_D),
    Heading(header="Dollars", width=10, kind=_M),
    Heading(header="First sent", width=11, kind=_D),
    Heading(header="Sends", width=7, kind=_N),
    Heading(header="Stands", width=24),
    Heading(header="Since", width=11, kind=_D),
    Heading(header="Rejections", width=10, kind=_N),
    Heading(header="Said last", width=24, kind=_W),
)
_TEAM_COUNTS = (
    Heading(header="Team", width=30, colour=TEAL),
    Heading(header="Claims", width=16, kind=_N, colour=TEAL),
    Heading(header="Dollars", width=14, kind=_M, colour=TEAL),
    Heading(header="First to end", width=26, colour=TEAL),
)
_RULE_COUNTS = (
    Heading(header="Rule", width=30, colour=GRAPHITE),
    Heading(header="Claims", width=16, kind=_N, colour=GRAPHITE),
    Heading(header="Dollars", width=14, kind=_M, colour=GRAPHITE),
    Heading(header="What became of them", width=60, kind=_W, colour=GRAPHITE),
)
_STATE_COUNTS = (
    Heading(header="All claims that are followed", width=30, colour=GRAPHITE),
    Heading(header="Claims", width=16, kind=_N, colour=GRAPHITE),
)
_UNKNOWN_COUNTS = (
    Heading(header="Said, and no rule for it", width=30, colour=GRAPHITE),
    Heading(header="Times", width=16, kind=_N, colour=GRAPHITE),
)
_URGENT, _SOON = 15, 30
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", "-"))
FIELDS = {"subscriber.member_id": "Member ID", "payer_id": "Payer ID", "billing.zip": "Our ZIP code"}


def write_rejections(
    path: Path, day: RejectionDay, *, zone: ZoneInfo, unknown: Callable[[Said], bool]
) -> Path:
    """Write the workbook. Times are shown in `zone`; `unknown` says of which statuses there is no rule.

    Returns where it was written, which differs from `path` when that is open elsewhere.
    """
    return save_atomically(path, partial(_save, day, zone, unknown))


def name_of(change: Change) -> str:
    """A changed field as a person calls it: `Line 1, modifiers`."""
    if change.field in FIELDS:
        return FIELDS[change.field]
    _, number, what = change.field.split(".")
    return f"Line {number}, {what}"


def changes_of(changes: Sequence[Change], between: str = "\n") -> str:
    """Changed fields with before and after."""
    return between.join(f"{name_of(one)}: {one.before or 'none'} → {one.after or 'none'}" for one in changes)


def _save(day: RejectionDay, zone: ZoneInfo, unknown: Callable[[Said], bool], path: Path) -> None:
    book = Workbook()
    title = f"Rejections {day.day.isoformat()}{', dry run: nothing was sent' if day.dry_run else ''}"
    book.properties.title, book.properties.creator = title, "payerbots"
    summary = book.worksheets[0]
    summary.title = "Summary"
    _summary(summary, title, day, unknown)
    for team in day.teams:
        _team(book, team, [row for row in day.to_people if row.team == team])
    _sent(book.create_sheet("Would be sent" if day.dry_run else "Corrected and sent"), day, zone)
    _claims(book.create_sheet("All claims"), day.claims)
    save(book, path)


# -- the sheets -------------------------------------------------------------------------------------------


def _summary(sheet: Worksheet, title: str, day: RejectionDay, unknown: Callable[[Said], bool]) -> None:
    sent, waiting = day.sent, day.to_people
    lines: list[tuple[str, Value]] = [
        ("Worked", f"{len(day.rows)} claims"),
        ("Would be corrected and sent" if day.dry_run else "Corrected and sent", _count(sent)),
        ("Sent by others before", _count(day.sent_before)),
        ("To a person", _count(waiting)),
        ("Of these no answer in 2 business days", str(sum(row.reason == "ACK_OVERDUE" for row in waiting))),
        ("Timely filing ends within 15 days", str(sum(_at_risk(row) for row in day.rows))),
    ]
    if waiting:
        lines.append(("Decide in", f"exceptions-{day.day.isoformat()}.xlsx, or in the console"))
    lines += [("Could not be read", what) for what in day.unread]
    lines += [("Not asked to the end", what) for what in day.held]
    free = write_summary(sheet, title, lines)
    free = write_counts(sheet, free, _TEAM_COUNTS, [_of_team(day, team) for team in day.teams])
    free = write_counts(sheet, free, _RULE_COUNTS, _by_rule(day.rows))
    states = Counter(story.state.value for story in day.claims)
    free = write_counts(sheet, free, _STATE_COUNTS, states.most_common())
    codes = Counter(str(code) for row in day.rows for code in row.request.codes if unknown(code))
    if codes:
        write_counts(sheet, free, _UNKNOWN_COUNTS, codes.most_common())
    set_up_page(sheet, title)


def _count(rows: Sequence[RejectionRow]) -> str:
    claims = f"{len(rows)} claim{'s' if len(rows) > 1 else ''}"
    return f"{claims}, ${dollars(rows):,.2f}" if rows else "none"


def _at_risk(row: RejectionRow) -> bool:
    return bool(row.team) and row.left is not None and row.left <= _URGENT


def _of_team(day: RejectionDay, team: str) -> Sequence[Value]:
    rows = [row for row in day.to_people if row.team == team]
    ends = min((row.filing.day for row in rows if row.filing.day), default=None)
    first = f"{(ends - day.day).days} days, {ends:%m/%d/%Y}" if ends else "no service date known"
    return team, len(rows), dollars(rows), first


def _by_rule(rows: Sequence[RejectionRow]) -> list[Sequence[Value]]:
    named = [(row.rule or (row.reason.value if row.reason else "none"), row) for row in rows]
    counts = Counter(name for name, _ in named)
    return [
        (
            name,
            count,
            dollars(row for one, row in named if one == name),
            _became(row for one, row in named if one == name),
        )
        for name, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    ]


def _became(rows: Iterable[RejectionRow]) -> str:
    counts = Counter(row.did.value if row.did else "not worked to the end" for row in rows)
    return ", ".join(f"{what}: {count}" for what, count in counts.most_common())


def _team(book: Workbook, team: str, rows: Sequence[RejectionRow]) -> None:
    sheet = book.create_sheet((team[:1].upper() + team[1:]).translate(_FORBIDDEN)[:31])
    last = write_table(sheet, TEAM_HEADINGS, [_to_do(row) for row in rows])
    _colour_days(sheet, last)
    sheet.freeze_panes = "C2"
    set_up_page(sheet, f"Rejections: {team}", print_area=f"A1:{get_column_letter(len(TEAM_HEADINGS))}{last}")


def _to_do(row: RejectionRow) -> Sequence[Value]:
    request = row.request
    return (
        row.item,
        request.control,
        row.patient,
        request.payer,
        row.service_date,
        row.hcpcs,
        request.charge,
        row.left,
        row.filing.day,
        request.day,
        request.times,
        row.said or "no answer",
        row.means,
        row.advice,
        changes_of(row.changes),
        row.why_not,
        row.reason.value if row.reason else "",
    )


def _colour_days(sheet: Worksheet, last: int) -> None:
    """Red in the last days of timely filing, amber before."""
    cells = f"{_DAYS_LEFT}2:{_DAYS_LEFT}{max(last, 2)}"
    for most, ink, ground in ((_URGENT, "8A2A20", "F7DDD9"), (_SOON, "7A4B00", "FCEBCB")):
        look = DifferentialStyle(font=Font(bold=True, color=ink), fill=PatternFill("solid", bgColor=ground))
        formula = [f"AND(ISNUMBER({_DAYS_LEFT}2),{_DAYS_LEFT}2<={most})"]
        sheet.conditional_formatting.add(
            cells, Rule(type="expression", formula=formula, dxf=look, stopIfTrue=True)
        )


def _sent(sheet: Worksheet, day: RejectionDay, zone: ZoneInfo) -> None:
    rows = [_change(row, change, zone) for row in [*day.sent, *day.sent_before] for change in _changes(row)]
    last = write_table(sheet, _SENT_HEADINGS, rows)
    sheet.freeze_panes = "C2"
    set_up_page(sheet, sheet.title, print_area=f"A1:{get_column_letter(len(_SENT_HEADINGS))}{last}")


def _changes(row: RejectionRow) -> Sequence[Change | None]:
    """The changes that were sent; what others had sent before has none of ours."""
    return row.changes if row.changes and row.did is not None and row.did.value != "sent before" else (None,)


def _change(row: RejectionRow, change: Change | None, zone: ZoneInfo) -> Sequence[Value]:
    request = row.request
    return (
        row.item,
        request.control,
        row.patient,
        request.payer,
        row.service_date,
        request.charge,
        row.said,
        name_of(change) if change else "sent by others before",
        change.before or "none" if change else "",
        change.after or "none" if change else "",
        row.proof if change else "the claim's history at the clearinghouse",
        row.confirmation,
        local_time(row.sent_at, zone),
    )


def _claims(sheet: Worksheet, claims: Sequence[ClaimStory]) -> None:
    last = write_table(sheet, _CLAIM_HEADINGS, [_claim(story) for story in claims])
    sheet.freeze_panes = "B2"
    set_up_page(sheet, "All claims", print_area=f"A1:{get_column_letter(len(_CLAIM_HEADINGS))}{last}")


def _claim(story: ClaimStory) -> Sequence[Value]:
    claim = story.claim
    said = story.rejections[-1].codes if story.rejections else ()
    return (
        story.control,
        claim.patient if claim else "",
        claim.payer if claim else (story.listed.payer if story.listed else ""),
        claim.referred_by if claim else "",
        min(claim.dates, default=None) if claim else None,
        claim.charge if claim else None,
        story.first_sent,
        story.sends,
        story.state.value,
        story.since,
        len(story.rejections),
        ", ".join(str(code) for code in said),
    )
