"""The outbox: messages written with an outcome or a conclusion, taken in order of their item, and handed on at least once.

Whoever takes a message holds it for the time of a lease: a consumer of a built-in queue, or the relay to the
broker. One whose taker is gone is taken again, under the same message id.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet

from payerbots.ledger import notices
from payerbots.ledger.models import Message, MessageState, ToldEvent
from payerbots.ledger.records import LONGEST_LEASE, Claim, Ledger, Outgoing, Telling

REPORTED = ("returned", "refused")
"""What a broker says of a message that nobody else will mend: no queue is bound, or it takes no more."""

OF_AN_EVENT = 0
"""The attempt that a message of an event names: it came of none."""

_AT_ONCE = 500


@dataclass(frozen=True)
class Taken:
    """A message in somebody's hands."""

    number: int
    queue: str
    message_id: str
    item: int
    key: str
    tries: int
    created_at: datetime
    body: bytes = field(repr=False)


@dataclass(frozen=True)
class Level:
    """How a queue stands. `stuck` counts what the broker returned or refused, by the error's name."""

    queue: str
    waiting: int
    taken: int
    done: int
    oldest: datetime | None
    stuck: dict[str, int]


def write(ledger: Ledger, claim: Claim, messages: Sequence[Outgoing]) -> None:
    """Writes messages, in the transaction of their outcome."""
    now = ledger.now()
    rows = [_row(ledger, now, one, (claim.message_id, claim.item, claim.attempt)) for one in messages]
    Message.objects.bulk_create(rows, ignore_conflicts=True)


def tell(ledger: Ledger, events: Sequence[Telling]) -> int:
    """Writes the messages of events that were not told before, in the order given; how many events those were.

    An event that no queue wanted counts as told: a queue that is added later hears of what comes from then on.
    """
    wanted: dict[tuple[str, str], Telling] = {}
    for one in events:
        wanted.setdefault((one.name, one.key), one)
    known = _told(wanted)
    fresh = [one for event, one in wanted.items() if event not in known]
    now = ledger.now()
    ToldEvent.objects.bulk_create(
        ToldEvent(name=one.name, key=one.key, item_id=one.item, told_at=now) for one in fresh
    )
    Message.objects.bulk_create(
        [
            _row(ledger, now, message, (one.message_id, one.item, OF_AN_EVENT))
            for one in fresh
            for message in one.messages
        ],
        ignore_conflicts=True,
    )
    return len(fresh)


def _told(events: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    keys = [key for _, key in events]
    known: set[tuple[str, str]] = set()
    for start in range(0, len(keys), _AT_ONCE):
        rows = ToldEvent.objects.filter(key__in=keys[start : start + _AT_ONCE])
        known.update(rows.values_list("name", "key"))
    return known


def _row(ledger: Ledger, now: datetime, message: Outgoing, source: tuple[str, int, int]) -> Message:
    """A message of a `source`: its id, item and attempt."""
    message_id, item, attempt = source
    return Message(
        queue=message.queue,
        message_id=message_id,
        item_id=item,
        attempt=attempt,
        key=message.key,
        body_sealed=ledger.keys.seal(message.body),
        created_at=now,
    )


@transaction.atomic
def take(ledger: Ledger, queues: Sequence[str], owner: str, lease: timedelta, most: int) -> list[Taken]:
    """Up to `most` messages, the oldest first; one a queue and item, and none before an earlier one is done."""
    rows = list(_ready(ledger, queues).select_for_update(skip_locked=True, of=("self",))[:most])
    until = ledger.now() + lease
    Message.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=MessageState.TAKEN, lease_owner=owner, lease_until=until
    )
    return [_opened(ledger, row) for row in rows]


def _ready(ledger: Ledger, queues: Sequence[str]) -> QuerySet[Message, Message]:
    now = ledger.now()
    lost = Q(lease_until__lte=now) | Q(lease_until__gt=now + LONGEST_LEASE)
    free = Q(state=MessageState.WAITING) | Q(lost, state=MessageState.TAKEN)
    due = Q(not_before=None) | Q(not_before__lte=now)
    earlier = Message.objects.filter(
        item=OuterRef("item"), queue=OuterRef("queue"), pk__lt=OuterRef("pk")
    ).exclude(state=MessageState.DONE)
    return Message.objects.filter(free, due, ~Exists(earlier), queue__in=queues).order_by("pk")


def _opened(ledger: Ledger, row: Message) -> Taken:
    return Taken(
        number=row.pk,
        queue=row.queue,
        message_id=row.message_id,
        item=row.item_id,
        key=row.key,
        tries=row.tries,
        created_at=row.created_at,
        body=ledger.keys.unseal(row.body_sealed),
    )


def ready(ledger: Ledger, queues: Sequence[str], most: int) -> list[int]:
    """The numbers of messages that could be taken now, the oldest first."""
    return list(_ready(ledger, queues).values_list("pk", flat=True)[:most])


def bodies(ledger: Ledger, numbers: Sequence[int]) -> list[bytes]:
    """What messages hold, in the order of their numbers; one that was purged is left out."""
    rows = Message.objects.filter(pk__in=numbers).order_by("pk").values_list("body_sealed", flat=True)
    return [ledger.keys.unseal(sealed) for sealed in rows]


def handed_on(ledger: Ledger, owner: str, numbers: Sequence[int]) -> int:
    """These are done; how many were still `owner`'s. Of what another took meanwhile he will say so."""
    held = _held(owner).filter(pk__in=numbers)
    return held.update(
        state=MessageState.DONE, done_at=ledger.now(), error="", lease_owner="", lease_until=None
    )


@transaction.atomic
def failed(ledger: Ledger, owner: str, number: int, error: str, wait: timedelta) -> None:
    """One could not be handed on: it waits. What a broker returned or refused is told to people, once a queue and day."""
    now = ledger.now()
    changed = (
        _held(owner)
        .filter(pk=number)
        .update(
            state=MessageState.WAITING,
            tries=F("tries") + 1,
            error=error[:40],
            not_before=now + wait,
            lease_owner="",
            lease_until=None,
        )
    )
    if changed and error in REPORTED:
        _tell(ledger, Message.objects.get(pk=number), error, now)


def _tell(ledger: Ledger, row: Message, error: str, now: datetime) -> None:
    why = {"returned": "no queue is bound to its routing key", "refused": "the broker takes no more"}[error]
    notices.tell(
        ledger,
        notices.News(
            key=f"queue:{row.queue}:{error}:{now:%Y-%m-%d}",
            kind="queue",
            message=f"queue {row.queue}: message {row.message_id} came back, {why} ({row.key}); it is kept and "
            f"tried again. See: payerbots queues list; when it is mended: payerbots queues resend {row.queue}",
        ),
    )


def give_back(owner: str, numbers: Sequence[int] | None = None) -> int:
    """Frees what `owner` holds, or some of it; how many."""
    held = _held(owner)
    if numbers is not None:
        held = held.filter(pk__in=numbers)
    return held.update(state=MessageState.WAITING, lease_owner="", lease_until=None)


def _held(owner: str) -> QuerySet[Message, Message]:
    return Message.objects.filter(state=MessageState.TAKEN, lease_owner=owner)


def hurry(queue: str) -> int:
    """What waits for its next try is tried now; how many."""
    return Message.objects.filter(queue=queue, state=MessageState.WAITING, not_before__isnull=False).update(
        not_before=None
    )


def left(queues: Sequence[str]) -> int:
    """How many are not handed on."""
    return Message.objects.filter(queue__in=queues).exclude(state=MessageState.DONE).count()


def levels() -> list[Level]:
    """How each queue stands that has, or had, messages."""
    rows: dict[str, dict[str, Any]] = {}
    for queue, state, count, oldest in Message.objects.values_list("queue", "state").annotate(
        Count("pk"), Min("created_at")
    ):
        rows.setdefault(queue, {})[state] = (count, oldest)
    stuck: dict[str, dict[str, int]] = {}
    open_ones = Message.objects.exclude(state=MessageState.DONE).exclude(error="")
    for queue, error, count in open_ones.values_list("queue", "error").annotate(Count("pk")):
        stuck.setdefault(queue, {})[error] = count
    return [_level(queue, found, stuck.get(queue, {})) for queue, found in sorted(rows.items())]


def _level(queue: str, found: dict[str, Any], stuck: dict[str, int]) -> Level:
    waiting, taken, done = (found.get(state, (0, None)) for state in MessageState.values)
    oldest = min((at for _, at in (waiting, taken) if at is not None), default=None)
    return Level(queue, waiting[0], taken[0], done[0], oldest, stuck)
