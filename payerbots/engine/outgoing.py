"""The messages of an outcome: what goes to which queue, written with the outcome itself."""

import json
from collections.abc import Iterable, Sequence

from payerbots.ledger.models import ItemKind
from payerbots.ledger.records import Claim, Ending, Outgoing
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
