"""The lookout: sees in the ledger what people must be told, and leaves notices, each once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar

from django.db import DatabaseError, InterfaceError
from loguru import logger

from payerbots.errors import ConfigError
from payerbots.ledger import notices, outcomes
from payerbots.ledger.notices import News
from payerbots.ledger.outcomes import EndedRun
from payerbots.ledger.records import Ledger
from payerbots.log import place_of
from payerbots.operation import expected
from payerbots.operation.expected import Arrival, Missing
from payerbots.operation.promises import Watch, book_of
from payerbots.reasons import Reason, text_of
from payerbots.workspace import Workspace

_BACK = timedelta(days=2)
_WEEKS_BACK = timedelta(weeks=54)
_TEAMS = 4


@dataclass
class Lookout:
    """Looks at one ledger. What goes wrong with one matter costs only that one."""

    workspace: Workspace
    ledger: Ledger
    _files_at: datetime | None = field(default=None, init=False)

    EVERY: ClassVar[timedelta] = timedelta(minutes=10)
    """How often expected files are looked for."""

    def look(self) -> None:
        """Leaves a notice of everything that people must be told by now."""
        for matter in (self._failed_runs, self._exceptions, self._promises, self._files):
            self._each(matter)

    def _each(self, matter: Callable[[], Sequence[News]]) -> None:
        try:
            notices.tell_all(self.ledger, matter())
        except (DatabaseError, InterfaceError):
            raise
        except ConfigError as error:
            logger.error("some notices are left out: {}", error)
        except Exception as error:  # noqa: BLE001 - whatever one matter does, the others are told
            logger.error("some notices are left out: {}", place_of(error))

    def _failed_runs(self) -> list[News]:
        return [
            News(
                key=f"run_failed:{one.number}",
                kind="run_failed",
                bot=one.bot,
                schedule=one.schedule,
                message=f"run {one.number} of {_name(one)} failed: payerbots runs show {one.number}",
            )
            for one in outcomes.failed_runs(self.ledger.now() - _BACK)
        ]

    def _exceptions(self) -> list[News]:
        """One notice a run, when it has delivered."""
        now = self.ledger.now()
        ended = [one for one in outcomes.ended_runs(now - _BACK, now) if one.for_a_person]
        known = notices.known(_exceptions_key(one) for one in ended)
        return [
            news for one in ended if _exceptions_key(one) not in known and (news := self._exceptions_of(one))
        ]

    def _exceptions_of(self, run: EndedRun) -> News | None:
        reasons = outcomes.fresh_exceptions(run.number)
        if not reasons:
            return None
        return News(
            key=_exceptions_key(run),
            kind="exceptions",
            bot=run.bot,
            schedule=run.schedule,
            message=f"run {run.number} of {_name(run)} left {sum(reasons.values())} of {run.items} items: "
            f"{', '.join(f'{team} {count}' for team, count in by_team(reasons).items())}",
        )

    def _promises(self) -> list[News]:
        return Watch(self.ledger, self.workspace.zone, book_of(self.workspace)).news()

    def _files(self) -> list[News]:
        now = self.ledger.now()
        if self._files_at is not None and now - self._files_at < self.EVERY:
            return []
        self._files_at = now
        return [self._file_news(one) for one in missing_files(self.workspace, now)]

    def _file_news(self, one: Missing) -> News:
        zone = self.workspace.zone
        due = f"{one.due.astimezone(zone):%a %m/%d %H:%M}"
        last = f"{one.last.astimezone(zone):%a %m/%d %H:%M}" if one.last else "never"
        looked = outcomes.last_looked(one.portal)
        asked = f"{looked.astimezone(zone):%a %m/%d %H:%M}" if looked else "never"
        return News(
            key=one.key[:120],
            kind="expected",
            portal=one.portal,
            reason=Reason.EXPECTED_FILE_MISSING,
            message=f"{one.portal}: no {one.kind} file by {due} ({one.usual}); the last came {last}, "
            f"the portal was last asked {asked}",
        )


def missing_files(workspace: Workspace, now: datetime) -> list[Missing]:
    """The files that should have come by now."""
    told = expected.load(workspace.root)
    came = [Arrival(*row) for row in outcomes.arrivals(now - _WEEKS_BACK)]
    return expected.missing(told, came, workspace.zone, now)


def by_team(reasons: Mapping[str, int]) -> dict[str, int]:
    """Counts by the team whose work it is, the largest first; the small ones together."""
    found: dict[str, int] = {}
    for reason, count in reasons.items():
        team = text_of(Reason(reason)).team if reason else "nobody's"
        found[team] = found.get(team, 0) + count
    ordered = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
    rest = sum(count for _, count in ordered[_TEAMS:])
    return {**dict(ordered[:_TEAMS]), **({"others": rest} if rest else {})}


def _exceptions_key(run: EndedRun) -> str:
    return f"exceptions:{run.number}"


def _name(run: EndedRun) -> str:
    return f"{run.bot} ({run.schedule})" if run.schedule else run.bot
