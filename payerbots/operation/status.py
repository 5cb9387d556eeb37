"""How everything stands this moment, for `payerbots status`: plain values, and what is wrong among them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from payerbots.engine.guard import seen
from payerbots.ledger import beats, board, codes, notice_deliveries, outcomes, schedules, services
from payerbots.ledger import promises as slots
from payerbots.ledger.gauges import FOR_A_PERSON, ItemCount, item_counts
from payerbots.ledger.portals import STOPPED
from payerbots.ledger.records import Ledger
from payerbots.ledger.runs import OPEN
from payerbots.operation.promises import book_of
from payerbots.schedule.config import Book, Schedule
from payerbots.schedule.slots import next_slot
from payerbots.workspace import Workspace

_NEXT = 6
_MISSED_WITHIN = timedelta(hours=24)


@dataclass(frozen=True)
class Standing:
    """How things stand, as plain values; `wrong` says in words what needs somebody."""

    values: Mapping[str, Any]
    wrong: tuple[str, ...]


def standing(workspace: Workspace, ledger: Ledger) -> Standing:
    """Everything at one moment."""
    now, book = ledger.now(), book_of(workspace)
    silent = timedelta(seconds=3 * workspace.settings.heartbeat_seconds)
    values = {
        "at": now,
        "scheduler": _scheduler(ledger),
        "services": services.alive(ledger, silent),
        "workers": beats.alive(ledger, silent),
        "lost_workers": beats.overdue(ledger, silent),
        "runs": board.snapshot(ledger, silent / 3)["runs"],
        "next": [] if book is None else _next(book, now),
        "backlog": _backlog(book, now),
        "promises_missed": _missed(now),
        "portals": _portals(workspace, ledger),
        "codes_asked": [
            {"portal": one.portal, "login": one.login, "until": one.expires_at}
            for one in codes.waiting(ledger)
        ],
        "notices": {
            **notice_deliveries.outlook(),
            "failing": notice_deliveries.failing(ledger, timedelta(days=1)),
        },
    }
    return Standing(
        values, tuple(_wrong(values, has_schedules=bool(book and book.schedules), readable=book is not None))
    )


def _scheduler(ledger: Ledger) -> dict[str, Any] | None:
    leader = schedules.leader(ledger)
    return None if leader is None else {"host": leader.host, "pid": leader.pid, "since": leader.started_at}


def _next(book: Book, now: datetime) -> list[dict[str, Any]]:
    """The next slots, the first one first; a paused schedule is left out."""
    standings = schedules.standings(book.schedules)
    found = []
    for name, one in book.schedules.items():
        known = standings.get(name)
        slot = None if known and known.is_paused(now) else next_slot(book.timing(name), now)
        if slot is not None:
            found.append({"schedule": name, "bot": one.bot, "at": slot.at})
    return sorted(found, key=lambda row: (row["at"], row["schedule"]))[:_NEXT]


def _backlog(book: Book | None, now: datetime) -> list[dict[str, Any]]:
    """A row for each bot that has something open or for a person, or that promises an age."""
    counts = item_counts()
    promised = _promised(book)
    bots = sorted({one.bot for one in counts} | set(promised))
    oldest = slots.oldest_items(bots)
    waiting = slots.oldest_for_a_person()
    return [
        _of_bot(bot, counts, promised.get(bot), book, (oldest.get(bot), waiting.get(bot)), now)
        for bot in bots
    ]


def _promised(book: Book | None) -> dict[str, Schedule]:
    """The schedule of each bot that says how old its items may be."""
    found = book.schedules.values() if book else ()
    return {one.bot: one for one in found if one.sla and one.sla.not_older_than}


def _of_bot(
    bot: str,
    counts: list[ItemCount],
    promised: Schedule | None,
    book: Book | None,
    oldest: tuple[datetime | None, datetime | None],
    now: datetime,
) -> dict[str, Any]:
    mine = [one for one in counts if one.bot == bot]
    limit = _limit(promised, book, now)
    return {
        "bot": bot,
        "open": sum(one.count for one in mine if one.state in OPEN),
        "for_a_person": sum(one.count for one in mine if one.state in FOR_A_PERSON),
        "oldest_open": oldest[0],
        "oldest_for_a_person": oldest[1],
        "not_before": limit,
        "late": bool(limit and oldest[0] and oldest[0] < limit),
    }


def _limit(promised: Schedule | None, book: Book | None, now: datetime) -> datetime | None:
    """The moment before which no open item of the bot may have been made."""
    if promised is None or book is None or promised.sla is None or promised.sla.not_older_than is None:
        return None
    zone = promised.zone or book.zone
    return promised.sla.not_older_than.oldest(now, book.calendars[promised.calendar], zone)


def _missed(now: datetime) -> list[dict[str, Any]]:
    return [
        {"schedule": one.schedule, "due_by": one.due_by, "run": one.run}
        for one in slots.promises(now - _MISSED_WITHIN, now)
        if not one.kept
    ]


def _portals(workspace: Workspace, ledger: Ledger) -> list[dict[str, Any]]:
    found = seen(ledger, workspace.portals, list(workspace.portals))
    gone = [one for one in outcomes.standing_still() if one.portal not in found]
    return [
        *(
            {
                "portal": one.portal,
                "state": one.state,
                "reason": one.reason,
                "message": one.message,
                "until": one.until,
            }
            for one in found.values()
        ),
        *(
            {
                "portal": one.portal,
                "state": one.state,
                "reason": one.reason,
                "message": "not in portals.yaml",
                "until": None,
            }
            for one in gone
        ),
    ]


def _wrong(values: Mapping[str, Any], *, has_schedules: bool, readable: bool) -> list[str]:
    stopped = [row["portal"] for row in values["portals"] if row["state"] == STOPPED]
    late = [row["bot"] for row in values["backlog"] if row["late"]]
    open_items = sum(row["open"] for row in values["backlog"])
    told = {
        f"portals stopped: {', '.join(stopped)}": bool(stopped),
        "schedules.yaml cannot be read: payerbots schedules check": not readable,
        "no scheduler runs: payerbots up": has_schedules and values["scheduler"] is None,
        f"no worker is alive, {open_items} items wait: payerbots up": bool(
            open_items and not values["workers"]
        ),
        f"{len(values['lost_workers'])} workers are not heard of": bool(values["lost_workers"]),
        f"items older than promised: {', '.join(late)}": bool(late),
        f"{len(values['promises_missed'])} promises missed in the last 24 hours": bool(
            values["promises_missed"]
        ),
        "a one-time code is needed: payerbots portals code": bool(values["codes_asked"]),
        "notices do not reach everybody: payerbots notify list": bool(values["notices"]["failing"]),
    }
    return [text for text, holds in told.items() if holds]
