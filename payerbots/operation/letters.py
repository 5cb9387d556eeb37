"""Notices as one text for a person: grouped by kind, the most pressing first, never longer than a screen."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from payerbots.ledger.notice_deliveries import Told
from payerbots.operation.kinds import KINDS, Severity, kind

_LINES = 12
"""Notices of one kind that are told in full."""


@dataclass(frozen=True)
class Letter:
    """What a person is sent."""

    title: str
    body: str


@dataclass(frozen=True)
class Writer:
    """Writes letters. `summary` gives the text for the notice of a day's summary; times are shown in `zone`."""

    zone: ZoneInfo
    presses: Callable[[str], Severity]
    summary: Callable[[Told], Letter]

    def letters(self, notices: Sequence[Told]) -> list[Letter]:
        """One letter for all notices, and one for each summary."""
        summaries = [self.summary(one) for one in notices if one.kind == "summary"]
        others = [one for one in notices if one.kind != "summary"]
        return ([self._letter(others)] if others else []) + summaries

    def _letter(self, notices: Sequence[Told]) -> Letter:
        groups = self._groups(notices)
        parts = [self._group(name, found) for name, found in groups.items()]
        return Letter(self._title(groups), "\n\n".join(parts) + "\n")

    def _groups(self, notices: Sequence[Told]) -> Mapping[str, list[Told]]:
        order = list(KINDS)
        found: dict[str, list[Told]] = {}
        for one in notices:
            found.setdefault(one.kind, []).append(one)
        names = sorted(found, key=lambda name: (-self.presses(name).rank, _place(order, name)))
        return {name: found[name] for name in names}

    def _title(self, groups: Mapping[str, list[Told]]) -> str:
        first, *others = groups
        urgent = "Urgent: " if self.presses(first) is Severity.URGENT else ""
        about = sorted({one.portal for one in groups[first] if one.portal})
        where = f" ({', '.join(about[:3])})" if about else ""
        more = sum(len(groups[name]) for name in others)
        return f"{urgent}{kind(first).title}{where}{f', and {more} more' if more else ''}"

    def _group(self, name: str, notices: Sequence[Told]) -> str:
        lines = [f"- {one.at.astimezone(self.zone):%H:%M}  {one.message}" for one in notices[:_LINES]]
        if len(notices) > _LINES:
            lines.append(f"- and {len(notices) - _LINES} more: payerbots notify list")
        return "\n".join([kind(name).title, *lines])


def _place(order: Sequence[str], name: str) -> int:
    return order.index(name) if name in order else len(order)
