"""What becomes of slots that are due: pure rules of lateness, downtime and pauses."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from payerbots.ledger.models import SlotReason, SlotState
from payerbots.ledger.schedules import SlotView, Standing
from payerbots.schedule.config import CatchUp, Schedule

GRACE = timedelta(minutes=5)
"""A slot that starts within this time is on time, whatever kept the scheduler."""


@dataclass(frozen=True)
class Verdict:
    """What becomes of one slot: `due` starts now, or as soon as what it waits for is there."""

    slot: SlotView
    state: SlotState = SlotState.DUE
    reason: SlotReason | None = None


def is_timed(slot: SlotView, rules: Schedule) -> bool:
    """Whether the slot came of the time. Files, messages and chains are never too old by a downtime."""
    return (rules.cron is not None or rules.every is not None) and slot.taken is None


def decide(due: Sequence[SlotView], rules: Schedule, standing: Standing, now: datetime) -> list[Verdict]:
    """What becomes of a schedule's slots that are due, in their order. A slot that took in a file is never dropped."""
    verdicts = [_alone(slot, rules, standing, now) for slot in due]
    if rules.catch_up is CatchUp.ALL:
        return verdicts
    left = [one.slot for one in verdicts if one.state is SlotState.DUE and is_timed(one.slot, rules)]
    if not left:
        return verdicts
    last = left[-1]
    covered = {slot.number for slot in left[:-1] if _is_late(slot, now) or slot.at == last.at}
    return [
        Verdict(one.slot, SlotState.MISSED, SlotReason.CAUGHT_UP) if one.slot.number in covered else one
        for one in verdicts
    ]


def _alone(slot: SlotView, rules: Schedule, standing: Standing, now: datetime) -> Verdict:
    """What becomes of a slot for itself."""
    if slot.taken is not None:
        return Verdict(slot)
    if standing.is_paused(slot.at) or standing.is_paused(now):
        return Verdict(slot, SlotState.SKIPPED, SlotReason.PAUSED)
    if slot.reason and now - slot.start_at > _patience(slot, rules):
        return Verdict(slot, SlotState.MISSED, SlotReason(slot.reason))
    if rules.max_late is not None and now - slot.start_at > rules.max_late:
        return Verdict(slot, SlotState.MISSED, SlotReason.TOO_LATE)
    skips = rules.catch_up is CatchUp.SKIP and is_timed(slot, rules)
    if skips and not slot.reason and _is_late(slot, now):
        return Verdict(slot, SlotState.MISSED, SlotReason.DOWN)
    return Verdict(slot)


def _patience(slot: SlotView, rules: Schedule) -> timedelta:
    """How long a slot waits for what it needs; for the rest of a held run as long as it takes, unless told."""
    held = slot.reason == SlotReason.FIRST_HELD
    return rules.max_late or (timedelta.max if held else GRACE)


def _is_late(slot: SlotView, now: datetime) -> bool:
    return now - slot.start_at > GRACE
