"""Deleting what is old enough: what was asked and answered, pictures, files, messages, sessions, at last the audit.

States, money, dates, payers and keyed references stay, so that nothing is asked or sent twice, and figures
still add up. What waits for a person is never purged.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from payerbots.ledger import audit, seals
from payerbots.ledger.models import (
    Audit,
    AuditSeal,
    CodeAsked,
    Concern,
    Decided,
    Evidence,
    File,
    Item,
    ItemState,
    Message,
    MessageState,
    Notice,
    Run,
    RunState,
    SavedSession,
    ScheduleSlot,
    Sighting,
)
from payerbots.ledger.money_views import SETTLED
from payerbots.ledger.records import Ledger

NO_OPTIONS = b'{"input": null, "out": ""}'
_ENDED = (ItemState.DONE, ItemState.CANCELLED)
_BATCH = 500


@dataclass(frozen=True)
class Part:
    """What was purged of one kind, or would be: how many older than `before`. `ruled`: the rule kept younger ones."""

    kind: str
    count: int
    before: datetime
    ruled: bool


@dataclass(frozen=True)
class Purge:
    """A purge of everything older than `age`, but nothing before its rule lets it go. `data` is the data folder."""

    ledger: Ledger
    data: Path
    age: timedelta
    rules: Mapping[str, timedelta]
    actor: str

    def planned(self) -> list[Part]:
        """What it would delete."""
        counts = {
            "evidence": self._evidence().count(),
            "answers": self._items().count()
            + self._runs().count()
            + self._decided().count()
            + self._concerns().count(),
            "files": self._files().count(),
            "messages": self._messages().count(),
            "sessions": self._sessions().count() + self._codes().count(),
            "notices": self._notices().count(),
            "audit": Audit.objects.filter(pk__in=self._links(self._last_link()).values("audit")).count(),
        }
        return [self._part(kind, count) for kind, count in counts.items()]

    def carry_out(self) -> list[Part]:
        """Deletes it, batch by batch, and says so in the audit. What is interrupted can be run again."""
        counts = {
            "evidence": self._drop_evidence(),
            "answers": self._empty_items()
            + self._empty_runs()
            + self._empty_decided()
            + self._empty_concerns(),
            "files": self._empty_files(),
            "messages": _delete(self._messages()),
            "sessions": _delete(self._sessions()) + _delete(self._codes()),
            "notices": _delete(self._notices()),
        }
        audit.note(self.ledger, self.actor, "purged", {}, after=counts)
        counts["audit"] = self._drop_audit()
        seals.seal(self.ledger)
        return [self._part(kind, count) for kind, count in counts.items()]

    def _part(self, kind: str, count: int) -> Part:
        return Part(kind, count, self._before(kind), ruled=self.rules[kind] > self.age)

    def _before(self, kind: str) -> datetime:
        return self.ledger.now() - max(self.age, self.rules[kind])

    def _evidence(self) -> QuerySet[Evidence, Evidence]:
        return Evidence.objects.filter(created_at__lt=self._before("evidence"), item__state__in=_ENDED)

    def _items(self) -> QuerySet[Item, Item]:
        before = self._before("answers")
        return Item.objects.filter(state__in=_ENDED, purged_at=None, finished_at__lt=before)

    def _runs(self) -> QuerySet[Run, Run]:
        ended = Run.objects.exclude(state__in=[RunState.RUNNING, RunState.HELD])
        return ended.filter(finished_at__lt=self._before("answers"), purged_at=None)

    def _decided(self) -> QuerySet[Decided, Decided]:
        """Decisions with notes or values, but for those on items that still need a person."""
        told = Decided.objects.filter(~Q(note_sealed=None) | ~Q(values_sealed=None))
        ended = Q(case__item=None) | Q(case__item__state__in=_ENDED)
        return told.filter(ended, at__lt=self._before("answers"))

    def _concerns(self) -> QuerySet[Concern, Concern]:
        """Concerns that are over."""
        return Concern.objects.filter(over_at__lt=self._before("answers"), purged_at=None)

    def _messages(self) -> QuerySet[Message, Message]:
        return Message.objects.filter(state=MessageState.DONE, done_at__lt=self._before("messages"))

    def _sessions(self) -> QuerySet[SavedSession, SavedSession]:
        return SavedSession.objects.filter(saved_at__lt=self._before("sessions"))

    def _codes(self) -> QuerySet[CodeAsked, CodeAsked]:
        return CodeAsked.objects.filter(expires_at__lt=self._before("sessions"))

    def _notices(self) -> QuerySet[Notice, Notice]:
        return Notice.objects.filter(sent_at__lt=self._before("notices"))

    def _drop_evidence(self) -> int:
        """Rows first say what is gone, then files go; a file that no row knows goes the next time."""
        dropped = 0
        for batch in _batches(self._evidence()):
            names = list(Evidence.objects.filter(pk__in=batch).values_list("name", flat=True))
            Evidence.objects.filter(pk__in=batch).delete()
            for name in names:
                (self.data / "evidence" / name).unlink(missing_ok=True)
            dropped += len(batch)
        for file in self._old("evidence"):
            if not Evidence.objects.filter(name=file.name).exists():
                file.unlink(missing_ok=True)
        return dropped

    def _old(self, kind: str) -> Iterator[Path]:
        """The sealed files of a folder that nobody has written for as long as the rule says."""
        oldest = self._before(kind).timestamp()
        for file in (self.data / kind).glob("*.sealed"):
            with suppress(FileNotFoundError):
                if file.stat().st_mtime < oldest:
                    yield file

    def _files(self) -> QuerySet[File, File]:
        """Files that are old enough, but for those with money on which a person or the bank still has to come."""
        open_ones = Sighting.objects.filter(file=OuterRef("pk")).filter(
            ~Q(payment=None) & ~Q(payment__state__in=SETTLED)
            | ~Q(deposit=None) & ~Q(deposit__state__in=SETTLED)
        )
        old = File.objects.filter(purged_at=None, received_at__lt=self._before("files"))
        return old.filter(~Exists(open_ones), item__state__in=_ENDED)

    def _empty_files(self) -> int:
        """Rows say first whose content is gone; payments keep their columns. What came again meanwhile stays."""
        emptied = 0
        for batch in _batches(self._files()):
            emptied += File.objects.filter(pk__in=batch).update(purged_at=self.ledger.now())
        for file in self._old("files"):
            if not File.objects.filter(name=file.name, purged_at=None).exists():
                file.unlink(missing_ok=True)
        return emptied

    def _empty_items(self) -> int:
        empty, now, done = self.ledger.keys.seal(b""), self.ledger.now(), 0
        for batch in _batches(self._items()):
            done += (
                Item.objects.filter(pk__in=batch, state__in=_ENDED)
                .filter(purged_at=None)
                .update(request_sealed=empty, result_sealed=None, subject="", person="", purged_at=now)
            )
        return done

    def _empty_runs(self) -> int:
        empty, done = self.ledger.keys.seal(NO_OPTIONS), 0
        for batch in _batches(self._runs()):
            ScheduleSlot.objects.filter(run__in=batch).update(input_sealed=None)
            done += Run.objects.filter(pk__in=batch).update(
                options_sealed=empty, delivered_sealed=None, purged_at=self.ledger.now()
            )
        return done

    def _empty_decided(self) -> int:
        """Who decided what stays, what they noted and corrected goes."""
        return sum(
            Decided.objects.filter(pk__in=batch).update(note_sealed=None, values_sealed=None)
            for batch in _batches(self._decided())
        )

    def _empty_concerns(self) -> int:
        empty, now = self.ledger.keys.seal(b"{}"), self.ledger.now()
        return sum(
            Concern.objects.filter(pk__in=batch).update(about_sealed=empty, purged_at=now)
            for batch in _batches(self._concerns())
        )

    def _last_link(self) -> int:
        """The last link of the chain before which every row is old enough."""
        young = Audit.objects.filter(sealed=True, at__gte=self._before("audit")).values("pk")
        first = AuditSeal.objects.filter(audit__in=young).order_by("position").first()
        if first is not None:
            return first.position - 1
        last = AuditSeal.objects.order_by("-position").first()
        return last.position if last else 0

    @staticmethod
    def _links(position: int) -> QuerySet[AuditSeal, AuditSeal]:
        return AuditSeal.objects.filter(position__lte=position)

    @transaction.atomic
    def _drop_audit(self) -> int:
        """The rows go, their links stay; the row that says so is younger than any that goes."""
        position = self._last_link()
        count, _ = Audit.objects.filter(pk__in=self._links(position).values("audit")).delete()
        if count:
            audit.note(self.ledger, self.actor, seals.PURGED, {}, after=seals.purged(self.ledger, position))
        return count


def _batches(rows: QuerySet[Any, Any]) -> Iterator[list[int]]:
    numbers = list(rows.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(numbers), _BATCH):
        yield numbers[start : start + _BATCH]


def _delete(rows: QuerySet[Any, Any]) -> int:
    model: type[Model] = rows.model
    everything: Any = model._default_manager  # noqa: SLF001 - Django's public name for a model's manager
    return sum(everything.filter(pk__in=batch).delete()[0] for batch in _batches(rows))
