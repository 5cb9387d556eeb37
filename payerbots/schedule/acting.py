"""Acting on slots that are due: starting a run, waiting for what it needs, or saying why it does not run."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from loguru import logger

from payerbots.engine.orders import Order, prepare
from payerbots.errors import ConfigError
from payerbots.ledger import notices, runs, schedules
from payerbots.ledger.models import RunState, SlotReason, SlotState
from payerbots.ledger.notices import News
from payerbots.ledger.records import Ledger
from payerbots.ledger.schedules import Pick, SlotView, Standing
from payerbots.schedule.config import Book, IfFailed, IfHeld, Input, Schedule
from payerbots.schedule.deciding import decide
from payerbots.schedule.folders import FileGone, Found
from payerbots.schedule.noticing import Noticing
from payerbots.workspace import Workspace

ACTOR = "scheduler"
_LONG = timedelta(hours=2)
_QUIET = (
    SlotReason.CAUGHT_UP,
    SlotReason.CLOSED,
    SlotReason.NOTHING_THERE,
    SlotReason.PAUSED,
    SlotReason.STILL_RUNNING,
)
"""Reasons that nobody needs to hear of at once; they stand in the list of slots."""


@dataclass
class Acting:
    """Acts on the slots of one look. `started` are the runs that came of it."""

    book: Book
    workspace: Workspace
    ledger: Ledger
    noticing: Noticing
    actor: str = ACTOR
    started: list[int] = field(default_factory=list)
    _dropped: dict[tuple[str, SlotReason], list[SlotView]] = field(default_factory=dict, init=False)

    def act(self, rules: Schedule, due: Sequence[SlotView], standing: Standing) -> None:
        """Acts on the due slots of a schedule, the oldest first."""
        for verdict in decide(due, rules, standing, self.ledger.now()):
            if verdict.state is not SlotState.DUE and verdict.reason is not None:
                self._drop(verdict.slot, verdict.state, verdict.reason)
            elif verdict.slot.taken is not None and standing.is_paused(self.ledger.now()):
                schedules.wait(verdict.slot.number, SlotReason.PAUSED)
            else:
                self._go(rules, verdict.slot)

    def removed(self, due: Sequence[SlotView]) -> None:
        """Ends slots of schedules that are no longer there; one with a file waits for its schedule to come back."""
        for slot in due:
            if slot.taken is None:
                self._drop(slot, SlotState.MISSED, SlotReason.REMOVED)
            else:
                schedules.wait(slot.number, SlotReason.REMOVED)

    def tell(self) -> None:
        """Leaves one notice for all slots of a schedule that did not run for the same reason."""
        for (name, reason), dropped in self._dropped.items():
            first, several = dropped[0], f" and {len(dropped) - 1} more" if len(dropped) > 1 else ""
            told = f"{name} did not run at {first.slot}{several}: {first.note or reason.label}"
            key = f"slots:{reason}:{first.number}"
            notices.tell(
                self.ledger, News(key=key, kind="schedule", schedule=name, reason=reason, message=told)
            )
        self._dropped.clear()

    def _drop(self, slot: SlotView, state: SlotState, reason: SlotReason, note: str = "") -> None:
        if not schedules.drop(self.ledger, [slot.number], state, reason, note):
            return
        logger.warning("schedule {}: {} {}: {}", slot.schedule, slot.slot, state, note or reason.label)
        if reason not in _QUIET:
            self._dropped.setdefault((slot.schedule, reason), []).append(replace(slot, note=note))

    def _go(self, rules: Schedule, slot: SlotView) -> None:
        """Starts the slot's run, unless it waits or has no need to."""
        if slot.after is not None and not self.book.timing(rules.name).is_open(self.ledger.now()):
            self._drop(slot, SlotState.SKIPPED, SlotReason.CLOSED)
            return
        if slot.after is not None and not self._may_follow(rules, slot):
            return
        if rules.skips_overlap and (running := schedules.running(rules.name)):
            self._overlaps(slot, *running)
            return
        try:
            self._begin(rules, slot)
        except ConfigError as error:
            self._cannot(slot, error)

    def _overlaps(self, slot: SlotView, run: int, since: datetime) -> None:
        """One that goes on for long is told: perhaps no worker is there."""
        if self.ledger.now() - since > _LONG:
            told = (
                f"{slot.schedule} skips its slots while run {run} goes on, since {since:%Y-%m-%d %H:%M} UTC"
            )
            news = News(key=f"overlaps:{run}", kind="schedule", schedule=slot.schedule, message=told)
            notices.tell(self.ledger, news)
        if slot.taken is None:
            self._drop(slot, SlotState.SKIPPED, SlotReason.STILL_RUNNING)
        else:
            schedules.wait(slot.number, SlotReason.STILL_RUNNING)

    def _cannot(self, slot: SlotView, error: ConfigError) -> None:
        if slot.taken is None:
            self._drop(slot, SlotState.MISSED, SlotReason.CANNOT_START, str(error))
            return
        schedules.wait(slot.number, SlotReason.CANNOT_START)
        told = f"{slot.schedule} cannot start, its file waits: {error}"
        key = f"waits:{slot.number}:{SlotReason.CANNOT_START}"
        notices.tell(self.ledger, News(key=key, kind="schedule", schedule=slot.schedule, message=told))

    def _may_follow(self, rules: Schedule, slot: SlotView) -> bool:
        """Whether the slot before it came to what the chain asks for; else says what becomes of this one."""
        first = schedules.look(self.ledger, slot.after or 0)
        after = rules.after
        if after is None or first.run_state == RunState.DONE:
            return True
        if first.run_state == RunState.HELD:
            if after.if_held is IfHeld.WAIT:
                schedules.wait(slot.number, SlotReason.FIRST_HELD)
            elif after.if_held is IfHeld.SKIP:
                self._drop(slot, SlotState.SKIPPED, SlotReason.FIRST_HELD)
            return after.if_held is IfHeld.RUN
        if after.if_failed is IfFailed.SKIP:
            missed = first.state == SlotState.MISSED
            self._drop(
                slot, SlotState.SKIPPED, SlotReason.FIRST_MISSED if missed else SlotReason.FIRST_FAILED
            )
        return after.if_failed is IfFailed.RUN

    def _begin(self, rules: Schedule, slot: SlotView) -> None:
        given = rules.input
        if slot.taken is not None:
            self._begin_with_file(rules, slot, Found.unpacked(slot.taken))
        elif given is None:
            self._start(rules, slot, None)
        elif given.queue:
            self._begin_with_messages(rules, slot, given)
        elif given.folder:
            self._open_folder(rules, slot, given)
        elif given.result:
            self._begin_with_result(rules, slot, given)
        elif (self.workspace.root / given.file).exists():
            self._start(rules, slot, self.workspace.root / given.file)
        else:
            schedules.wait(slot.number, SlotReason.INPUT_MISSING)

    def _begin_with_file(self, rules: Schedule, slot: SlotView, file: Found) -> None:
        prepare(self.workspace, order_of(self.workspace, rules, slot, self.actor))
        try:
            taken = file.take()
        except FileGone:
            self._drop(slot, SlotState.MISSED, SlotReason.INPUT_MISSING)
        except OSError:
            self._stuck(slot)
        else:
            self._start(rules, slot, taken)

    def _stuck(self, slot: SlotView) -> None:
        schedules.wait(slot.number, SlotReason.INPUT_STUCK)
        told = f"{slot.schedule}: {SlotReason.INPUT_STUCK.label}; it is tried again"
        news = News(key=f"waits:{slot.number}", kind="schedule", schedule=slot.schedule, message=told)
        notices.tell(self.ledger, news)

    def _open_folder(self, rules: Schedule, slot: SlotView, given: Input) -> None:
        """A slot of the time finds the files that are there by then; each has a slot of its own."""
        count, changing = self.noticing.look_into(rules, given, slot.due_by)
        if changing:
            schedules.wait(slot.number, SlotReason.INPUT_MISSING)
        elif count:
            schedules.seen_to(self.ledger, slot.number, f"{count} files")
        else:
            self._drop(slot, SlotState.SKIPPED, SlotReason.NOTHING_THERE)

    def _begin_with_messages(self, rules: Schedule, slot: SlotView, given: Input) -> None:
        def wanted(messages: list[int]) -> runs.Start:
            return self._wanted(rules, slot, replace(order, messages=messages))

        order = order_of(self.workspace, rules, slot, self.actor)
        prepare(self.workspace, order)
        pick = Pick(given.queue, given.most, f"schedule:{rules.name}"[:80])
        self._noted(rules, slot, schedules.start_with_messages(self.ledger, slot.number, pick, wanted))

    def _begin_with_result(self, rules: Schedule, slot: SlotView, given: Input) -> None:
        first = schedules.look(self.ledger, slot.after or 0)
        files = {} if first.run is None else runs.delivered(self.ledger, first.run)
        path = Path(files.get(given.result, ""))
        if path.is_file():
            self._start(rules, slot, path)
            return
        names = ", ".join(files) or "nothing"
        note = f"no file {given.result!r}: run {first.run} delivered {names}"
        self._drop(slot, SlotState.MISSED, SlotReason.INPUT_MISSING, note)

    def _start(self, rules: Schedule, slot: SlotView, path: Path | None) -> None:
        order = replace(order_of(self.workspace, rules, slot, self.actor), input=path)
        wanted = self._wanted(rules, slot, order)
        self._noted(rules, slot, schedules.start(self.ledger, slot.number, wanted))

    def _wanted(self, rules: Schedule, slot: SlotView, order: Order) -> runs.Start:
        return wanted(self.workspace, rules, slot.slot, order, self.ledger.now())

    def _noted(self, rules: Schedule, slot: SlotView, run: int | None) -> None:
        if run is not None:
            self.started.append(run)
            logger.info("schedule {}: {} is run {}", rules.name, slot.slot, run)


def order_of(
    workspace: Workspace, rules: Schedule, slot: SlotView | None = None, actor: str = ACTOR
) -> Order:
    """What a schedule orders of its bot."""
    return Order(
        bot=rules.bot,
        portals=rules.portals,
        out=(workspace.root / rules.out).resolve(),
        priority=rules.priority,
        due=slot.due_by if slot is not None else None,
        actor=actor,
    )


def wanted(workspace: Workspace, rules: Schedule, slot: str, order: Order, now: datetime) -> runs.Start:
    """The run of a slot. `ConfigError` when it cannot be: its bot, its portals or its permission."""
    deadline = None if rules.deadline is None else now + rules.deadline
    return replace(prepare(workspace, order).start, schedule=rules.name, slot=slot, deadline=deadline)
