"""A watched folder: a workbook that is put there is taken in, and moved aside with a word on what it came to."""

import os
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from payerbots.documents.errors import WorkbookUnusable
from payerbots.documents.workbook.atomic import is_open
from payerbots.domain.review import Rules
from payerbots.engine.desk import Desk
from payerbots.ledger import notices
from payerbots.review.importing import Imported, import_file

TAKEN, REFUSED = "taken", "refused"
_PASSING = ("~$", ".", "~")


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A file that was found in the folder: what it came to, or why it was refused, and where it lies now."""

    file: Path
    imported: Imported | None = None
    refused: str = ""


@dataclass
class Folder:
    """The folder. A file is taken up when it no longer changes and nobody has it open."""

    desk: Desk
    path: Path
    by: str
    rules: Rules
    _sizes: dict[Path, tuple[int, int]] = field(default_factory=dict)

    def look(self, day: date, *, at_once: bool = False) -> list[Seen]:
        """Takes in what has come to rest since the last look; `at_once` does not wait for a second look."""
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        found = sorted(
            one for one in self.path.iterdir() if one.is_file() and not one.name.startswith(_PASSING)
        )
        return [self._take(file, day) for file in found if self._rests(file, at_once=at_once)]

    def _rests(self, file: Path, *, at_once: bool) -> bool:
        try:
            now = file.stat()
        except FileNotFoundError:
            return False
        size = (now.st_size, now.st_mtime_ns)
        before, self._sizes[file] = self._sizes.get(file), size
        return (at_once or before == size) and not is_open(file)

    def _take(self, file: Path, day: date) -> Seen:
        self._sizes.pop(file, None)
        try:
            imported = import_file(self.desk, file, day, by=self.by, rules=self.rules)
        except WorkbookUnusable as unusable:
            self._notice(f"a review workbook was refused: {unusable.what}")
            return Seen(file=self._aside(file, REFUSED, [str(unusable)]), refused=str(unusable))
        if imported.problems:
            self._notice(
                f"{len(imported.problems)} rows of a review workbook were not taken; its report lists them"
            )
        return Seen(file=self._aside(file, TAKEN, report(imported)), imported=imported)

    def _aside(self, file: Path, where: str, lines: list[str]) -> Path:
        """Moves the file into a folder beside, under a free name, with its report."""
        folder = self.path / where
        folder.mkdir(exist_ok=True, mode=0o700)
        now = self.desk.ask(self.desk.ledger.now).astimezone(self.desk.workspace.zone)
        stem, number = f"{file.stem} ({now:%Y-%m-%d %H%M%S})", 1
        target = folder / f"{stem}{file.suffix}"
        while target.exists():
            number += 1
            target = folder / f"{stem}-{number}{file.suffix}"
        file.replace(target)
        text = target.with_name(f"{target.stem}.txt")
        descriptor = os.open(text, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as out:
            out.write("\n".join(lines) + "\n")
        return target

    def _notice(self, message: str) -> None:
        now = self.desk.ask(self.desk.ledger.now)
        news = notices.News(key=f"review:{now.isoformat()}", kind="review", message=message)
        self.desk.ask(lambda: notices.tell(self.desk.ledger, news))


def report(imported: Imported) -> list[str]:
    """What a workbook came to, as lines: counts, then each row that was not taken. They name nobody."""
    counts = {
        "taken": imported.taken,
        "waiting for a second person": imported.proposed,
        "known already": imported.known,
        "not taken": len(imported.problems),
    }
    told = ", ".join(f"{count} {what}" for what, count in counts.items() if count) or "nothing was decided"
    again = f" (taken in before, on {imported.before:%m/%d/%Y})" if imported.before else ""
    return [f"{imported.file}: {told}{again}", *map(str, imported.problems)]
