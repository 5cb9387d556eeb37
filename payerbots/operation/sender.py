"""The sender: takes what is due for each person and posts it; what could not be posted is tried again.

Whoever is killed in the midst of posting leaves a lease: when it is over, another posts it, perhaps a second time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from loguru import logger

from payerbots.ledger import notice_deliveries as deliveries
from payerbots.ledger.models import DeliveryState
from payerbots.ledger.notice_deliveries import Told
from payerbots.ledger.records import Ledger
from payerbots.operation.kinds import kind
from payerbots.operation.letters import Letter, Writer
from payerbots.operation.post import Post
from payerbots.operation.routing import Routing

LEASE = timedelta(minutes=3)
_FIRST_WAIT, _LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)
ENOUGH_TRIES = 24


@dataclass(frozen=True)
class Sender:
    """Tells people of notices. `owner` is this process."""

    ledger: Ledger
    routing: Routing
    writer: Writer
    post: Post
    owner: str

    def turn(self) -> int:
        """Settles who is told, and tells whom it is time to tell; how many letters arrived."""
        self.plan()
        now = self.ledger.now()
        due = [one for one in deliveries.waiting(self.ledger) if self.routing.may_be_told(one, now)]
        return sum(self._tell(one.person) for one in due)

    def plan(self) -> None:
        """Settles for every new notice who is told."""
        for notice in deliveries.unplanned():
            deliveries.plan(self.ledger, notice.notice, self.routing.plan(notice, self.ledger.now()))

    def _tell(self, name: str) -> int:
        taken = deliveries.take(self.ledger, name, self.owner, LEASE, self.routing.notices.gather)
        person = self.routing.notices.people.get(name)
        current = [one for one in taken if person and not self._is_over(one)]
        self._drop([one for one in taken if one not in current])
        if person is None or not current:
            return 0
        arrived = 0
        for letter, told in self._parts(current):
            if error := self.post.send(person, letter):
                self._failed(name, told, error)
            else:
                self._end(told, DeliveryState.SENT)
                arrived += 1
        return arrived

    def _parts(self, notices: Sequence[Told]) -> list[tuple[Letter, list[Told]]]:
        """Letters with what each tells of: one for each summary, and one for all the rest."""
        rest = [one for one in notices if one.kind != "summary"]
        parts = [[one] for one in notices if one.kind == "summary"] + ([rest] if rest else [])
        return [(self.writer.letters(part)[0], part) for part in parts]

    def _is_over(self, notice: Told) -> bool:
        return self.ledger.now() - notice.at > kind(notice.kind).lifetime

    def _drop(self, notices: Sequence[Told]) -> None:
        """Whoever left notices.yaml is told no more, and nobody of what is of no use any more."""
        if notices:
            self._end(notices, DeliveryState.DROPPED)

    def _failed(self, person: str, notices: Sequence[Told], error: str) -> None:
        tries = max(one.tries for one in notices) + 1
        logger.warning("notices for {} did not arrive: {} (try {})", person, error, tries)
        over = [one for one in notices if one.tries + 1 >= ENOUGH_TRIES]
        if over:
            self._end(over, DeliveryState.FAILED, error)
        left = [one.number for one in notices if one not in over and one.number is not None]
        wait = min(_FIRST_WAIT * 2 ** min(tries - 1, 10), _LONGEST_WAIT)
        deliveries.put_back(self.ledger, self.owner, left, error, wait)

    def _end(self, notices: Sequence[Told], state: DeliveryState, error: str = "") -> None:
        numbers = [one.number for one in notices if one.number is not None]
        deliveries.end(self.ledger, self.owner, numbers, state, error)
