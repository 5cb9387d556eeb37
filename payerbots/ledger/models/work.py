"""Tables of the work: runs, items, attempts, portals, messages, and who may do what."""

from datetime import UTC, datetime

from django.db import models
from django.db.models import Q

NEVER = datetime(9999, 1, 1, tzinfo=UTC)
"""The due time of what is not due: it sorts last on every database, which an empty one does not."""


class RunState(models.TextChoices):
    """Where a run stands."""

    RUNNING = "running"
    DONE = "done"
    HELD = "held"
    INTERRUPTED = "interrupted"
    FAILED = "failed"


class Run(models.Model):
    """One start of a bot. The pair (schedule, slot) is unique: firing twice starts one run."""

    bot = models.CharField(max_length=60)
    schedule = models.CharField(max_length=100, null=True)  # noqa: DJ001 - NULL keeps (schedule, slot) free for runs by hand
    slot = models.CharField(max_length=60, null=True)  # noqa: DJ001 - as above
    state = models.CharField(max_length=12, choices=RunState, default=RunState.RUNNING)
    day = models.DateField()
    options_sealed = models.BinaryField()
    deadline_at = models.DateTimeField(null=True)
    """When it delivers what there is, whatever is left."""
    delivered_sealed = models.BinaryField(null=True)
    """The files that it delivered, as JSON: `what` → path."""
    keeper = models.CharField(max_length=80, blank=True)
    """Who sees the run to its end and delivers; like an item's lease, it ends with `keeper_until`."""
    keeper_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    purged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["schedule", "slot"], name="run_once_per_slot")]
        indexes = [models.Index(fields=["id"], name="run_open", condition=Q(state__in=["running", "held"]))]


class ItemKind(models.TextChoices):
    """What an item is: the collecting of a run, one piece of work, or a row that could not be read."""

    COLLECT = "collect"
    WORK = "work"
    UNREADABLE = "unreadable"


class ItemState(models.TextChoices):
    """Where an item stands. `abandoned`: its workers were lost again and again, so nobody tries it any more."""

    NEW = "new"
    RUNNING = "running"
    WAITING = "waiting"
    DONE = "done"
    EXCEPTION = "exception"
    PARKED = "parked"
    ABANDONED = "abandoned"
    CANCELLED = "cancelled"


class Item(models.Model):
    """One piece of work, unique by (bot, reference). `revision` counts corrections of what is asked."""

    kind = models.CharField(max_length=10, choices=ItemKind, default=ItemKind.WORK)
    bot = models.CharField(max_length=60)
    reference = models.CharField(max_length=64)
    revision = models.PositiveIntegerField(default=1)
    portal = models.CharField(max_length=60, blank=True)
    payer_id = models.CharField(max_length=30, blank=True)
    subject = models.CharField(max_length=40, blank=True)
    person = models.CharField(max_length=40, blank=True, db_default="")
    """Whom it is about, as a keyed hash of name and birth date."""
    state = models.CharField(max_length=10, choices=ItemState, default=ItemState.NEW)
    reason = models.CharField(max_length=30, blank=True)
    also = models.JSONField(default=list)
    priority = models.SmallIntegerField(default=0)
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    due_at = models.DateTimeField(default=NEVER)
    not_before = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    lease_owner = models.CharField(max_length=80, blank=True)
    lease_until = models.DateTimeField(null=True)
    drift = models.JSONField(default=list)
    request_sealed = models.BinaryField()
    result_sealed = models.BinaryField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    purged_at = models.DateTimeField(null=True)
    """When what was asked and answered was deleted; states, money and dates stay."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bot", "reference"], name="item_once_per_reference")]
        indexes = [
            models.Index(
                fields=["portal", "-priority", "due_at", "id", "not_before", "bot"],
                name="item_ready",
                condition=Q(state__in=["new", "waiting"]),
            ),
            models.Index(
                fields=[
                    "due_at",
                    "-amount",
                    "id",
                    "reason",
                    "bot",
                    "portal",
                    "kind",
                    "state",
                    "finished_at",
                    "created_at",
                ],
                name="item_for_a_person",
                condition=Q(state__in=["exception", "parked", "abandoned"]),
            ),
            models.Index(
                fields=["bot", "state", "not_before", "created_at", "kind"],
                name="item_backlog",
                condition=Q(state__in=["new", "running", "waiting"]),
            ),
            models.Index(fields=["lease_until"], name="item_leased", condition=Q(state="running")),
            models.Index(fields=["bot", "subject", "finished_at"], name="item_by_subject"),
            models.Index(fields=["kind", "reference"], name="item_by_kind"),
            models.Index(fields=["bot", "person"], name="item_by_person"),
        ]


class RunItem(models.Model):
    """That a run asks for an item, and at which place of its input (`Requests!7`: sheet and row)."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="asked")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="asked_by")
    place = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "place"], name="one_item_per_place")]


class Attempt(models.Model):
    """One attempt of a worker at an item. An open one (`ended_at` empty) holds the lease or was lost."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="tries")
    number = models.PositiveIntegerField()
    revision = models.PositiveIntegerField()
    owner = models.CharField(max_length=80)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, blank=True)
    reason = models.CharField(max_length=30, blank=True)
    error = models.CharField(max_length=60, blank=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "number"], name="attempt_once_per_number")]
        indexes = [models.Index(fields=["ended_at"], name="attempt_by_end")]


class Evidence(models.Model):
    """A picture or page kept, encrypted, as a file in the data folder. `name` is opaque."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="evidence")
    attempt = models.PositiveIntegerField()
    kind = models.CharField(max_length=12)
    name = models.CharField(max_length=80, unique=True)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    created_at = models.DateTimeField()


class Audit(models.Model):
    """Who changed what, written in the transaction of the change. Numbers only, so that it outlives all."""

    at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    action = models.CharField(max_length=40)
    run = models.BigIntegerField(null=True)
    item = models.BigIntegerField(null=True)
    portal = models.CharField(max_length=60, blank=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    sealed = models.BooleanField(default=False, db_default=False)
    """Whether the row stands in the chain of seals by now."""

    class Meta:
        indexes = [models.Index(fields=["sealed", "id"], name="audit_unsealed")]


class AuditSeal(models.Model):
    """One link of the hash chain over the audit; it stays when a purge takes the row that it seals.

    `content` is a keyed hash of the row, `chain` one of the link before and `content`.
    """

    position = models.BigIntegerField(primary_key=True)
    audit = models.BigIntegerField(unique=True)
    content = models.CharField(max_length=64)
    chain = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()


class CodeAsked(models.Model):
    """A one-time code that a person is asked to type, until `expires_at`. It is taken once."""

    portal = models.CharField(max_length=60)
    login = models.CharField(max_length=60)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    typed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    """When it was taken, or given up."""
    code_sealed = models.BinaryField(null=True)

    class Meta:
        indexes = [models.Index(fields=["portal", "login", "ended_at"], name="code_asked")]


class MessageState(models.TextChoices):
    """Where a message stands: for whoever comes, in somebody's hands, or handed on."""

    WAITING = "waiting"
    TAKEN = "taken"
    DONE = "done"


class Message(models.Model):
    """A result on its way to a queue, written with the outcome. `message_id` is item and attempt.

    Of a built-in queue a consumer takes it; for a broker the relay does. `error` is why it could not be
    handed on the last time.
    """

    queue = models.CharField(max_length=60)
    message_id = models.CharField(max_length=60)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="messages")
    attempt = models.PositiveIntegerField()
    key = models.CharField(max_length=120)
    """The routing key."""
    state = models.CharField(max_length=10, choices=MessageState, default=MessageState.WAITING)
    body_sealed = models.BinaryField()
    tries = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=40, blank=True)
    not_before = models.DateTimeField(null=True)
    lease_owner = models.CharField(max_length=80, blank=True)
    lease_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["queue", "message_id"], name="message_once")]
        indexes = [
            models.Index(fields=["queue", "state", "id"], name="message_next"),
            models.Index(fields=["item", "queue", "state"], name="message_order"),
        ]


class PortalStanding(models.Model):
    """Whether a portal may be used: open, paused until a time, or stopped until a person resumes it."""

    portal = models.CharField(max_length=60, unique=True)
    state = models.CharField(max_length=10, default="open")
    reason = models.CharField(max_length=30, blank=True)
    message = models.CharField(max_length=200, blank=True)
    since = models.DateTimeField()
    login = models.CharField(max_length=60, blank=True)
    """The login that was refused, where one was."""
    until = models.DateTimeField(null=True)
    """The end of a pause; empty on a pause that a person made without one."""
    pauses = models.PositiveIntegerField(default=0)
    probe_owner = models.CharField(max_length=80, blank=True)
    """After a pause one worker tries one item, until `probe_until`, before the portal is open again."""
    probe_until = models.DateTimeField(null=True)


class PortalPace(models.Model):
    """When a portal with a rate may be visited next; one row for all processes."""

    portal = models.CharField(max_length=60, unique=True)
    next_at = models.DateTimeField()


class IntentState(models.TextChoices):
    """What is known of an irreversible act: meant, known to be done, or known not to have been done."""

    OPEN = "open"
    DONE = "done"
    ABSENT = "absent"


class Intent(models.Model):
    """An irreversible act at a portal: written before it is done, confirmed after. Unique by what it does.

    `key` is a keyed hash. `act_before` is when the page stops taking clicks, `token` says which try it is.
    """

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="intents")
    attempt = models.PositiveIntegerField()
    portal = models.CharField(max_length=60, blank=True)
    action = models.CharField(max_length=40)
    key = models.CharField(max_length=40)
    token = models.CharField(max_length=32)
    state = models.CharField(max_length=10, choices=IntentState, default=IntentState.OPEN)
    confirmation = models.CharField(max_length=80, blank=True)
    intended_at = models.DateTimeField()
    act_before = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["portal", "action", "key"], name="one_act_a_key")]


class Notice(models.Model):
    """Something that a person must be told, once (`key`), by whatever sends notices."""

    at = models.DateTimeField()
    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=20)
    portal = models.CharField(max_length=60, blank=True)
    login = models.CharField(max_length=60, blank=True)
    bot = models.CharField(max_length=60, blank=True, db_default="")
    schedule = models.CharField(max_length=100, blank=True)
    reason = models.CharField(max_length=30, blank=True)
    message = models.CharField(max_length=300)
    planned_at = models.DateTimeField(null=True)
    """When it was settled who is told."""
    sent_at = models.DateTimeField(null=True)
    """When all who are told had been told, or nobody was to be."""

    class Meta:
        indexes = [models.Index(fields=["id"], name="notice_unplanned", condition=Q(planned_at=None))]


class WorkerBeat(models.Model):
    """A worker process as it last told of itself."""

    owner = models.CharField(max_length=80, unique=True)
    host = models.CharField(max_length=60)
    pid = models.PositiveIntegerField()
    state = models.CharField(max_length=12)
    portals = models.JSONField(default=list)
    places = models.PositiveIntegerField()
    busy = models.PositiveIntegerField(default=0)
    ended = models.PositiveIntegerField(default=0)
    """Attempts that ended since it started."""
    megabytes = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()


class SavedSession(models.Model):
    """A signed-in browser session of one login, encrypted, kept between runs."""

    portal = models.CharField(max_length=60)
    login = models.CharField(max_length=60)
    slot = models.PositiveIntegerField()
    url = models.CharField(max_length=200)
    state_sealed = models.BinaryField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["portal", "login", "slot"], name="one_session_a_slot")]


class SessionSlot(models.Model):
    """Who may hold one of a login's sessions, until when; across processes. Slot 0 is the turn to sign in."""

    portal = models.CharField(max_length=60)
    login = models.CharField(max_length=60)
    slot = models.PositiveIntegerField()
    owner = models.CharField(max_length=80, blank=True)
    until = models.DateTimeField()
    proven = models.CharField(max_length=40, blank=True)
    """On the turn to sign in: a keyed hash of the user and password that last let us in."""
    signed_in_at = models.DateTimeField(null=True)
    """On the turn to sign in: when that was."""
    code_window = models.BigIntegerField(default=0)
    """On the turn to sign in: the window of the last time-based code that was used (RFC 6238: once each)."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["portal", "login", "slot"], name="one_owner_a_slot")]
