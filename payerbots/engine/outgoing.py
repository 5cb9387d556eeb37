"""The messages of outcomes and events: what goes to which queue, written with the outcome or conclusion itself."""

import json
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from payerbots.domain.conclusions import Event
from payerbots.keys import Keys
from payerbots.ledger.models import ItemKind
from payerbots.ledger.records import Claim, Ending, Outgoing, Telling, event_id
from payerbots.queues import Carries, Queue


def messages(queues: Iterable[Queue], claim: Claim, ending: Ending) -> Sequence[Outgoing]:
    """One message for each queue that wants this outcome.

    A message is JSON: `id` (item and attempt), `bot`, `item`, `attempt`, `revision`, `portal`, `state`,
    `reason`, `also`, and `answer` where the queue carries answers.
    """
    if claim.kind != ItemKind.WORK:
        return ()
    wanted = [one for one in queues if one.bot == claim.bot and ending.state in one.states]
    return [
        Outgoing(one.name, one.routing_key(ending.state, claim.portal), _body(one, claim, ending))
        for one in wanted
    ]


def _body(queue: Queue, claim: Claim, ending: Ending) -> bytes:
    told = {
        "id": claim.message_id,
        "bot": claim.bot,
        "item": claim.item,
        "attempt": claim.attempt,
        "revision": claim.revision,
        "portal": claim.portal,
        "state": str(ending.state),
        "reason": str(ending.reason),
        "also": [str(reason) for reason in ending.also],
    }
    if queue.carries is Carries.ANSWER:
        told["answer"] = json.loads(ending.result) if ending.result else None
    return json.dumps(told, ensure_ascii=False).encode()


def tellings(queues: Iterable[Queue], keys: Keys, bot: str, events: Iterable[Event]) -> list[Telling]:
    """Events as their messages, one for each queue that wants them.

    A message is JSON: `id` (event and key), `event`, `bot`, `item`, `portal`, what the event says as `body`, and
    `answer` where the queue carries answers. Amounts are text, dates ISO.
    """
    known = list(queues)
    return [_telling(known, keys, bot, event) for event in events]


def _telling(queues: Sequence[Queue], keys: Keys, bot: str, event: Event) -> Telling:
    key = keys.hashed("event", event.name, event.key)
    told = {
        "id": event_id(event.name, key),
        "event": event.name.value,
        "bot": bot,
        "item": event.item,
        "portal": event.portal,
        "body": event.body,
    }
    messages = [
        Outgoing(one.name, one.event_key(event.name, event.portal), _event_body(one, event, told))
        for one in queues
        if event.name in one.events
    ]
    return Telling(name=event.name.value, key=key, item=event.item, messages=messages)


def _event_body(queue: Queue, event: Event, told: Mapping[str, object]) -> bytes:
    carried = {"answer": event.answer} if queue.carries is Carries.ANSWER else {}
    return msgspec.json.encode({**told, **carried})
