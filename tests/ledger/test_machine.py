"""The ledger against a model: whatever workers and people do, in whatever order, both agree."""

import os
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

from payerbots.domain.decisions import Decision
from payerbots.errors import DecisionRefused, LeaseLost
from payerbots.ledger import items
from payerbots.ledger.decide import Ruling, cancel, decide
from payerbots.ledger.models import Attempt, Audit, Item, ItemKind, ItemState
from payerbots.ledger.records import Claim, Ending
from tests.ledger.desk import LEASE, SECOND, Desk, new_item

WORKERS = ("w1", "w2", "w3")
ENDINGS = {
    "done": Ending(state=ItemState.DONE, outcome="done", result=b"{}"),
    "exception": Ending(state=ItemState.EXCEPTION, outcome="exception", reason="MEMBER_NOT_FOUND"),
    "parked": Ending(state=ItemState.PARKED, outcome="parked", reason="PORTAL_CHANGED"),
    "waiting": Ending(state=ItemState.WAITING, outcome="retry", error="SessionLost", wait=10 * SECOND),
    "new": Ending(state=ItemState.NEW, outcome="given back"),
}
ENOUGH_LOSSES = 5
EXAMPLES = int(os.environ.get("PAYERBOTS_SOAK_EXAMPLES", "40"))
"""How many histories are tried; `make soak` says more."""


@dataclass
class Modelled:
    """What an item should be."""

    priority: int
    state: str = "new"
    attempts: int = 0
    revision: int = 1
    owner: str = ""
    until: datetime | None = None
    not_before: datetime | None = None
    lost: dict[int, int] = field(default_factory=dict)


class LedgerMachine(RuleBasedStateMachine):
    """Claims, finishes, expiries, decisions."""

    claims: Bundle[Claim] = Bundle("claims")

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        desk.empty()
        self.desk, self.items, self.changes = desk, dict[int, Modelled](), 0
        self.run = desk.start()
        self.places = 0
        desk.collect(self.run)
        self.audited = Audit.objects.count()

    def _ready(self) -> list[int]:
        now = self.desk.clock.now
        found = [
            number
            for number, item in self.items.items()
            if item.state == "new"
            or (item.state == "waiting" and (item.not_before is None or item.not_before <= now))
        ]
        return sorted(found, key=lambda number: (-self.items[number].priority, number))

    @rule(priority=st.integers(-1, 1))
    def add(self, priority: int) -> None:
        self.places += 1
        run = self.desk.start()
        self.desk.collect(run, new_item(self.places, priority=priority))
        number = Item.objects.get(reference=f"reference-{self.places}").pk
        self.items[number] = Modelled(priority)
        self.audited += 2

    @rule()
    @precondition(lambda self: self.places)
    def collect_twice(self) -> None:
        run = self.desk.start()
        assert self.desk.collect(run, *(new_item(place + 1) for place in range(self.places))) == 0
        self.audited += 2

    @rule(target=claims, owner=st.sampled_from(WORKERS))
    def claim(self, owner: str) -> Any:
        claim = self.desk.claim(owner)
        ready = self._ready()
        if not ready:
            assert claim is None
            return multiple()
        assert claim is not None
        assert claim.item == ready[0]
        item = self.items[claim.item]
        item.attempts += 1
        item.state, item.owner, item.until = "running", owner, self.desk.clock.now + LEASE
        assert (claim.attempt, claim.revision) == (item.attempts, item.revision)
        return claim

    @rule(claim=claims, how=st.sampled_from(sorted(ENDINGS)))
    def finish(self, claim: Claim, how: str) -> None:
        item, ending = self.items[claim.item], ENDINGS[how]
        held = (item.state, item.owner, item.attempts) == ("running", claim.owner, claim.attempt)
        written = Attempt.objects.filter(
            item=claim.item, number=claim.attempt, outcome=ending.outcome, error=ending.error
        )
        again = not held and written.exists()
        try:
            items.finish(self.desk.ledger, claim, ending)
        except LeaseLost:
            assert not held
            assert not again
            return
        assert held or again
        if held:
            item.state, item.owner, item.until = how, "", None
            item.not_before = None if ending.wait is None else self.desk.clock.now + ending.wait
            self.audited += 1

    @rule(seconds=st.sampled_from([1, 9, 30, 61]))
    def wait(self, seconds: int) -> None:
        self.desk.clock.forward(timedelta(seconds=seconds))

    @rule(owner=st.sampled_from(WORKERS))
    def renew(self, owner: str) -> None:
        now = self.desk.clock.now
        mine = [
            number for number, item in self.items.items() if item.state == "running" and item.owner == owner
        ]
        held = [number for number in mine if (until := self.items[number].until) is not None and until > now]
        assert items.renew(self.desk.ledger, owner, mine, LEASE) == len(held)
        for number in held:
            self.items[number].until = now + LEASE

    @rule()
    def take_back(self) -> None:
        now = self.desk.clock.now
        over = [
            item
            for item in self.items.values()
            if item.state == "running" and item.until is not None and item.until < now
        ]
        assert items.take_back_expired(self.desk.ledger) == len(over)
        for item in over:
            item.lost[item.revision] = item.lost.get(item.revision, 0) + 1
            item.state = "abandoned" if item.lost[item.revision] >= ENOUGH_LOSSES else "new"
            item.owner, item.until = "", None
            self.audited += 1

    @rule(owner=st.sampled_from(WORKERS))
    def release(self, owner: str) -> None:
        mine = [item for item in self.items.values() if item.state == "running" and item.owner == owner]
        assert items.release(self.desk.ledger, owner, "interrupted") == len(mine)
        for item in mine:
            item.state, item.owner, item.until = "new", "", None
            self.audited += 1

    @rule(data=st.data(), decision=st.sampled_from([Decision.SEND_BACK, Decision.RESOLVED]))
    @precondition(lambda self: self.items)
    def decide(self, data: Any, decision: Decision) -> None:
        number = data.draw(st.sampled_from(sorted(self.items)))
        item = self.items[number]
        fits = item.state in {"exception", "parked", "abandoned"}
        fits |= item.state == "cancelled" and decision is Decision.SEND_BACK
        try:
            decide(self.desk.ledger, Ruling(item=number, decision=decision, by="person:ana"))
        except DecisionRefused:
            assert not fits
            return
        assert fits
        self.audited += 1
        item.not_before = None
        if decision is Decision.SEND_BACK:
            item.state, item.revision = "new", item.revision + 1
        else:
            item.state = "done"

    @rule(data=st.data())
    @precondition(lambda self: self.items)
    def cancel(self, data: Any) -> None:
        number = data.draw(st.sampled_from(sorted(self.items)))
        item = self.items[number]
        fits = item.state in {"new", "waiting", "parked"}
        try:
            cancel(self.desk.ledger, number, "person:ana")
        except DecisionRefused:
            assert not fits
            return
        assert fits
        item.state = "cancelled"
        self.audited += 1

    @invariant()
    def the_ledger_is_as_modelled(self) -> None:
        rows = Item.objects.filter(kind=ItemKind.WORK)
        found = {
            row.pk: (row.state, row.attempts, row.revision, row.lease_owner, row.lease_until) for row in rows
        }
        assert found == {
            number: (item.state, item.attempts, item.revision, item.owner, item.until)
            for number, item in self.items.items()
        }

    @invariant()
    def every_attempt_is_numbered_and_only_that_of_a_running_item_is_open(self) -> None:
        tries: dict[int, list[int]] = {number: [] for number in self.items}
        for item, number in Attempt.objects.order_by("number").values_list("item", "number"):
            if item in tries:
                tries[item].append(number)
        for number, modelled in self.items.items():
            assert tries[number] == list(range(1, modelled.attempts + 1))
        still_open = Attempt.objects.filter(ended_at__isnull=True, item__kind=ItemKind.WORK)
        running = {number for number, item in self.items.items() if item.state == "running"}
        assert sorted(still_open.values_list("item", flat=True)) == sorted(running)

    @invariant()
    def every_change_is_audited(self) -> None:
        assert Audit.objects.filter(action__in=AUDITED).count() == self._told()

    def _told(self) -> int:
        collected = Audit.objects.filter(action="done", item__in=_collect_items()).count()
        started = Audit.objects.filter(action="run started").count()
        assert collected == started
        return self.audited


AUDITED = (
    "run started",
    "done",
    "exception",
    "parked",
    "retry",
    "given back",
    "lost",
    "interrupted",
    "cancelled",
    "send back",
    "resolved by hand",
)


def _collect_items() -> list[int]:
    return list(Item.objects.filter(kind=ItemKind.COLLECT).values_list("pk", flat=True))


def test_the_ledger_agrees_with_the_model(desk: Desk) -> None:
    run_state_machine_as_test(
        lambda: LedgerMachine(desk),  # type: ignore[arg-type]  # whatever makes a machine will do
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
