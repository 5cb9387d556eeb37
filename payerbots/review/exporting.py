"""`exceptions-YYYY-MM-DD.xlsx` out: all that needs a person today, of every bot. What people fill in is never lost."""

import hashlib
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from payerbots.browser import evidence
from payerbots.documents.errors import WorkbookUnusable
from payerbots.documents.workbook.review_book import ReviewBook, sheet_title, write_review
from payerbots.documents.workbook.review_reading import read_review
from payerbots.domain.review import teams
from payerbots.engine.contract import PortalHeld
from payerbots.engine.desk import Desk
from payerbots.errors import ConfigError
from payerbots.ledger import review_files
from payerbots.review.collecting import Open, collect
from payerbots.review.rules import load


@dataclass(frozen=True, kw_only=True)
class Exported:
    """A workbook that was written, and what its reader should know."""

    path: Path
    rows: int
    pended: int
    note: str | None = None


def export(desk: Desk, out: Path, day: date, *, team: str = "", held: Sequence[PortalHeld] = ()) -> Exported:
    """Write the workbook of a day into the folder `out`; with `team`, of that team alone, under a name of its own.

    One that somebody has filled in, and that was not taken in yet, stays: the new one goes beside it, and `note`
    says so. `ConfigError` for a team that there is not.
    """
    if team and team not in teams():
        raise ConfigError(f"no team {team!r}; teams: {', '.join(teams())}")
    found = collect(desk, day, held)
    rows = [row for row in found.rows if team in {"", row.team_name}]
    name = f"exceptions-{day.isoformat()}{f'-{_slug(team)}' if team else ''}"
    wanted = out / f"{name}.xlsx"
    path = next(one for one in _names(out, name) if _is_free(desk, one))
    book = ReviewBook(
        day=day,
        zone=desk.workspace.zone,
        rows=rows,
        pended=sum(team in {"", row.team_name} for row in found.pended),
        proposed=found.proposed,
        second_person_above=f"{load(desk.workspace.root).rules.second_person_above:,.2f}",
        picture=_pictures(desk, found),
    )
    note = None
    if path != wanted:
        note = f"{wanted.name} holds decisions that were not taken in: `payerbots review import` it first"
    return Exported(path=write_review(path, book), rows=len(rows), pended=book.pended, note=note)


def _slug(team: str) -> str:
    return sheet_title(team).lower().replace(" ", "-")


def _names(out: Path, name: str) -> Iterator[Path]:
    yield out / f"{name}.xlsx"
    for number in itertools.count(2):
        yield out / f"{name}-{number}.xlsx"


def _is_free(desk: Desk, path: Path) -> bool:
    """Whether nothing would be lost that a person wrote there."""
    if not path.exists():
        return True
    try:
        found = read_review(path)
    except WorkbookUnusable:
        return False
    if not found.entries and not found.problems:
        return True
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    return desk.ask(lambda: review_files.is_done(sha256))


def _pictures(desk: Desk, found: Open) -> Callable[[str], bytes | None]:
    folder = desk.workspace.data / "evidence"

    def picture(item: str) -> bytes | None:
        name = found.pictures.get(item)
        try:
            return evidence.opened(desk.ledger.keys, folder, name) if name else None
        except FileNotFoundError:
            return None

    return picture
