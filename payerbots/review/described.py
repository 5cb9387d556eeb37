"""Open exceptions as their bots describe them: items with what was asked, and the newest of those asked again."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from payerbots.engine import bots, codec
from payerbots.engine.bots import AnyBot
from payerbots.engine.contract import Answered, Concluding, Described, RunContext
from payerbots.engine.delivering import answered
from payerbots.engine.desk import Desk
from payerbots.errors import ConfigError
from payerbots.ledger import case_views
from payerbots.ledger.case_views import OpenCase
from payerbots.ledger.records import Row


@dataclass
class Bots:
    """The bots of a workspace, loaded when they are needed. One that is gone describes nothing."""

    desk: Desk
    _loaded: dict[str, AnyBot | None] = field(default_factory=dict)

    def find(self, name: str) -> AnyBot | None:
        """A bot by its name."""
        if name not in self._loaded:
            try:
                self._loaded[name] = bots.load(self.desk.workspace, name)
            except ConfigError:
                self._loaded[name] = None
        return self._loaded[name]

    def answered(self, bot: str, row: Row) -> tuple[AnyBot, Answered[Any, Any, Any]] | None:
        """An item as its bot sees it; None where the bot is gone, or can no longer read what it once wrote."""
        found = self.find(bot)
        try:
            return (found, answered(found, row, {})) if found else None
        except ValueError:
            return None

    def over(self, cases: Sequence[OpenCase], day: date) -> set[int]:
        """The items for which something else has come since."""
        by_bot: dict[str, list[Answered[Any, Any, Any]]] = defaultdict(list)
        for case in cases:
            known = self.answered(case.bot, case.row) if case.row else None
            if known:
                by_bot[case.bot].append(known[1])
        space = self.desk.workspace
        context = RunContext(
            number=0,
            day=day,
            zone=space.zone,
            payers=space.payers,
            input=None,
            out=space.root,
            root=space.root,
        )
        concluding = Concluding(context=context, facts=self.desk.facts)
        found = {name: self.find(name) for name in by_bot}
        return {number for name, bot in found.items() if bot for number in bot.over(by_bot[name], concluding)}

    def describe(self, case: OpenCase) -> Described:
        """What a biller needs to know of an exception."""
        if case.row is None:
            told: dict[str, Any] = dict(case.facts)
            return Described(payer=case.payer, due=case.due, due_why=case.due_why, **told)
        known = self.answered(case.bot, case.row)
        return known[0].describe(known[1]) if known else Described(detail=case.row.note)


def current(desk: Desk, cases: Sequence[OpenCase], loaded: Bots, day: date) -> list[OpenCase]:
    """The exceptions without those items that were asked again later, as bots that ask daily do, or came another way.

    The one that stays was first seen when the first of them was.
    """
    by_bot: dict[str, list[OpenCase]] = defaultdict(list)
    for case in cases:
        if case.row is not None and case.subject:
            by_bot[case.bot].append(case)
    groups = [group for name, of in by_bot.items() for group in _asked_again(desk, loaded.find(name), of)]
    outdated = {number for group in groups for number in group[:-1]} | loaded.over(cases, day)
    first = _first_seen(cases, groups)
    return [
        replace(case, first_seen=min(case.first_seen, first.get(_item(case), case.first_seen)))
        for case in cases
        if _item(case) not in outdated
    ]


def _item(case: OpenCase) -> int:
    """The number of its item; 0 for what is none."""
    return case.row.item if case.row else 0


def _first_seen(cases: Iterable[OpenCase], groups: Iterable[Sequence[int]]) -> dict[int, Any]:
    seen = {_item(case): case.first_seen for case in cases if case.row}
    return {
        group[-1]: min(seen[number] for number in group if number in seen)
        for group in groups
        if group[-1] in seen
    }


def _asked_again(desk: Desk, bot: AnyBot | None, cases: Sequence[OpenCase]) -> list[list[int]]:
    """Items that ask the same, the oldest first, wherever there are several."""
    if bot is None:
        return []
    subjects = sorted({case.subject for case in cases})
    found = desk.ask(lambda: case_views.newer(desk.ledger, bot.name, subjects))
    by_subject: dict[str, list[tuple[int, bytes]]] = defaultdict(list)
    for number, subject, request in found:
        by_subject[subject].append((number, request))
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for subject, several in by_subject.items():
        if len(several) > 1:
            for number, request in several:
                groups[subject, *_reference(bot, request)].append(number)
    return [sorted(group) for group in groups.values() if len(group) > 1]


def _reference(bot: AnyBot, request: bytes) -> tuple[str, ...]:
    try:
        return bot.reference(codec.unpack(bot.request, request))
    except ValueError:
        return (request.hex(),)
