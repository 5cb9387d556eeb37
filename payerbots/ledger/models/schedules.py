"""Tables of the schedule: how each stands, its slots, and who runs it."""

from django.db import models
from django.db.models import Q

from payerbots.ledger.models.work import Run


class ScheduleStanding(models.Model):
    """A schedule by its name in `schedules.yaml`: up to when its slots are known, and whether it is paused.

    `since` is when it was first seen: nothing before that is ever made up for. The last pause is kept when it is
    over, because slots are looked at later than they were due after a downtime.
    """

    schedule = models.CharField(max_length=100, unique=True)
    since = models.DateTimeField()
    seen_until = models.DateTimeField()
    paused_at = models.DateTimeField(null=True)
    paused_by = models.CharField(max_length=80, blank=True)
    paused_until = models.DateTimeField(null=True)
    """The end that was given with the pause; empty: until a person resumes it."""
    resumed_at = models.DateTimeField(null=True)


class SlotState(models.TextChoices):
    """Where a slot stands. `missed` should have run and did not; `skipped` had no need to."""

    DUE = "due"
    STARTED = "started"
    MISSED = "missed"
    SKIPPED = "skipped"


class SlotReason(models.TextChoices):
    """Why a slot did not run; of a due one, what it waits for."""

    DOWN = "DOWN", "no scheduler ran at its time, and catch_up is skip"
    CAUGHT_UP = "CAUGHT_UP", "a later slot of this schedule ran for it"
    TOO_LATE = "TOO_LATE", "it was later than max_late"
    PAUSED = "PAUSED", "the schedule was paused"
    CLOSED = "CLOSED", "its calendar is closed"
    STILL_RUNNING = "STILL_RUNNING", "the run before was not done"
    FIRST_FAILED = "FIRST_FAILED", "the run that it follows failed"
    FIRST_MISSED = "FIRST_MISSED", "the slot that it follows was missed"
    FIRST_HELD = "FIRST_HELD", "the run that it follows is held by a portal"
    INPUT_MISSING = "INPUT_MISSING", "its input was not there"
    INPUT_STUCK = "INPUT_STUCK", "its file could not be moved: it is open, or the folder cannot be written"
    NOTHING_THERE = "NOTHING_THERE", "there was nothing to do"
    CANNOT_START = "CANNOT_START", "a setting is wrong; the notice says which"
    REMOVED = "REMOVED", "the schedule left schedules.yaml before it ran"


class ScheduleSlot(models.Model):
    """One slot of a schedule, unique by (schedule, slot): a time, a file, messages, or the slot that it follows.

    `at` is its nominal instant, `start_at` that with its jitter, `due_by` the time promised for its end.
    """

    schedule = models.CharField(max_length=100)
    slot = models.CharField(max_length=60)
    at = models.DateTimeField()
    start_at = models.DateTimeField()
    due_by = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=SlotState, default=SlotState.DUE)
    reason = models.CharField(max_length=20, choices=SlotReason, blank=True)
    note = models.CharField(max_length=200, blank=True)
    run = models.ForeignKey(Run, on_delete=models.PROTECT, null=True, related_name="slots")
    after = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="followers")
    input_sealed = models.BinaryField(null=True)
    """What it takes in: a file's path, which may name somebody."""
    created_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["schedule", "slot"], name="slot_once")]
        indexes = [
            models.Index(fields=["schedule", "start_at"], name="slot_due", condition=Q(state="due")),
            models.Index(fields=["schedule", "at"], name="slot_by_time"),
        ]


class SchedulerLease(models.Model):
    """Who runs the schedules of this ledger, until when: one row. Others stand by."""

    name = models.CharField(max_length=20, unique=True)
    owner = models.CharField(max_length=80, blank=True)
    host = models.CharField(max_length=60, blank=True)
    pid = models.PositiveIntegerField(default=0)
    until = models.DateTimeField()
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
