"""Exceptions workbooks back: each decision once, at the item that it was made on, and whatever is not clear told."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from pathlib import Path

from payerbots.documents.errors import WorkbookUnusable
from payerbots.documents.workbook.review_columns import CORRECT, MARK, SHOWN
from payerbots.documents.workbook.review_reading import Entry, ReviewProblem, read_review
from payerbots.documents.workbook.review_upload import EXPECTED
from payerbots.domain.review import About, Rules
from payerbots.engine.desk import Desk
from payerbots.errors import CorrectionRefused, DecisionRefused
from payerbots.ledger import cases, review_files
from payerbots.ledger.cases import AlreadyDecided
from payerbots.ledger.decide import PROPOSED
from payerbots.review import entries
from payerbots.review.deciding import Decider, Wish
from payerbots.review.described import Bots
from payerbots.review.entries import Filled
from payerbots.review.marks import Mark, check

_TOGETHER = 50
"""Decisions that are committed together; each still stands or falls by itself."""


@dataclass(kw_only=True)
class Imported:
    """What a workbook came to. `known`: decided the same before. `before`: when this very file was first taken in."""

    file: str
    rows: int
    taken: int = 0
    proposed: int = 0
    known: int = 0
    problems: list[ReviewProblem] = field(default_factory=list)
    before: datetime | None = None


@dataclass(frozen=True)
class _Decided:
    """A row on which something was decided."""

    entry: Entry
    mark: Mark
    filled: Filled


def import_file(desk: Desk, path: Path, day: date, *, by: str, rules: Rules) -> Imported:
    """Takes in a workbook; again, it changes nothing. `by` hands it in, each row says who decided.

    Raises `WorkbookUnusable` when it is not let in, none of ours, or of another office.
    """
    read = read_review(path)
    came_to = Imported(file=path.name, rows=read.rows, problems=[*read.problems])
    found = list(_marked(desk, path, read.entries, came_to))
    decider = Decider(desk, rules, day, Bots(desk))
    rows = iter(_once(_filled(found, day, came_to), came_to))
    while several := list(islice(rows, _TOGETHER)):
        desk.ask(lambda several=several: _together(decider, several, came_to))  # type: ignore[misc]  # a default of a lambda
    came_to.problems.sort(key=lambda one: (one.sheet, one.row))
    counts = review_files.Counts(taken=came_to.taken + came_to.proposed, open=len(came_to.problems))
    content = path.read_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    came_to.before = desk.ask(lambda: review_files.keep(desk.ledger, sha256, len(content), by, counts))
    return came_to


def _marked(
    desk: Desk, path: Path, found: Sequence[Entry], came_to: Imported
) -> Iterator[tuple[Entry, Mark]]:
    """The rows whose mark is ours and fits the cells beside it."""
    checked = [(entry, check(desk.ledger.keys, entry.mark, entry.shown_as)) for entry in found]
    if checked and all(one.mark is None for _, one in checked):
        raise WorkbookUnusable(path, "its rows are not of this office", EXPECTED)
    for entry, one in checked:
        if one.mark is None:
            expected = "expected the mark that this office wrote; the row was not taken"
            came_to.problems.append(entry.problem(expected, MARK))
        elif not one.fits:
            expected = (
                f"expected the {', '.join(SHOWN)} that the hidden mark is of; other cells were pasted here"
            )
            came_to.problems.append(entry.problem(expected, SHOWN[0], told=False))
        else:
            yield entry, one.mark


def _filled(found: Sequence[tuple[Entry, Mark]], day: date, came_to: Imported) -> Iterator[_Decided]:
    for entry, mark in found:
        filled = entries.read(entry, day)
        if isinstance(filled, Filled):
            yield _Decided(entry, mark, filled)
        elif filled is not None:
            came_to.problems.append(filled)


def _once(rows: Iterator[_Decided], came_to: Imported) -> Iterator[_Decided]:
    """Each thing once: rows that say the same of it count as one, of those that do not none is taken."""
    groups: dict[About, list[_Decided]] = defaultdict(list)
    for row in rows:
        groups[row.mark.about].append(row)
    for about, several in groups.items():
        first, *rest = several
        if all(
            (one.filled.decision, one.filled.terms) == (first.filled.decision, first.filled.terms)
            for one in rest
        ):
            came_to.known += len(rest)
            yield first
            continue
        places = ", ".join(f"{one.entry.sheet} row {one.entry.row}" for one in several)
        for one in several:
            expected = f"expected one decision on {about}; these differ: {places}"
            came_to.problems.append(one.entry.problem(expected, "decision"))


def _together(decider: Decider, rows: Sequence[_Decided], came_to: Imported) -> None:
    with cases.together():
        for row in rows:
            _take(decider, row, came_to)


def _take(decider: Decider, row: _Decided, came_to: Imported) -> None:
    filled = row.filled
    wish = Wish(
        about=row.mark.about,
        decision=filled.decision,
        by=filled.by,
        terms=filled.terms,
        values=filled.values,
        source="workbook",
        mark=row.mark.stands,
        seen=row.mark.seen,
    )
    try:
        after = decider.decide(wish)
    except AlreadyDecided as earlier:
        if earlier.same:
            came_to.known += 1
        else:
            expected = f"{earlier} on {earlier.at.astimezone(decider.desk.workspace.zone):%m/%d/%Y}; this one was not taken"
            came_to.problems.append(row.entry.problem(expected, "decision"))
    except CorrectionRefused as refused:
        header = f"{CORRECT}{refused.title}"
        came_to.problems.append(row.entry.problem(f"expected {refused.expected}", header, told=False))
    except DecisionRefused as refused:
        came_to.problems.append(row.entry.problem(str(refused), "decision"))
    else:
        came_to.proposed += after == PROPOSED
        came_to.taken += after != PROPOSED
