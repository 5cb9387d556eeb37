"""Tables of review: concerns within payments, what people have decided on exceptions, and the workbooks taken in."""

from django.db import models
from django.db.models import Q

from payerbots.ledger.models.money import Deposit, Payment
from payerbots.ledger.models.work import Item


class Concern(models.Model):
    """Something within a payment that needs a person: a claim, a provider adjustment. `key` is a keyed hash."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="concerns")
    key = models.CharField(max_length=40)
    reason = models.CharField(max_length=30)
    dollars = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    due = models.DateField(null=True)
    due_why = models.CharField(max_length=120, blank=True)
    about_sealed = models.BinaryField()
    """Whose claim it is, and what is wrong."""
    found_at = models.DateTimeField()
    stood_at = models.DateTimeField()
    """When it last changed."""
    over_at = models.DateTimeField(null=True)
    """When a conclusion no longer had it."""
    purged_at = models.DateTimeField(null=True)
    """When what is sealed was deleted."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["payment", "key"], name="concern_once")]
        indexes = [models.Index(fields=["over_at", "id"], name="concern_open")]


class Case(models.Model):
    """What people have decided so far on one exception; made with the first decision on it."""

    item = models.OneToOneField(Item, on_delete=models.PROTECT, related_name="case", null=True)
    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, related_name="case", null=True)
    deposit = models.OneToOneField(Deposit, on_delete=models.PROTECT, related_name="case", null=True)
    concern = models.OneToOneField(Concern, on_delete=models.PROTECT, related_name="case", null=True)
    decisions = models.PositiveIntegerField(default=0)
    """How many decisions there are on it."""
    team = models.CharField(max_length=30, blank=True)
    """Whose work it is, where not the reason's."""
    assignee = models.CharField(max_length=40, blank=True)
    pended_until = models.DateField(null=True)
    settled = models.CharField(max_length=20, blank=True)
    """How it stood when it was settled; once it stands otherwise, it is open again."""
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(item__isnull=False, payment=None, deposit=None, concern=None)
                | Q(item=None, payment__isnull=False, deposit=None, concern=None)
                | Q(item=None, payment=None, deposit__isnull=False, concern=None)
                | Q(item=None, payment=None, deposit=None, concern__isnull=False),
                name="case_of_one_thing",
            )
        ]


class DecidedState(models.TextChoices):
    """Whether a decision has taken effect, or waits for a second person."""

    APPLIED = "applied"
    PROPOSED = "proposed"


class Decided(models.Model):
    """One decision on a case. `number` counts from 1: two people who saw the same cannot both be first."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="history")
    number = models.PositiveIntegerField()
    decision = models.CharField(max_length=30)
    state = models.CharField(max_length=10, choices=DecidedState)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()
    source = models.CharField(max_length=12)
    """Where it came from: workbook, terminal, console."""
    reason = models.CharField(max_length=30, blank=True)
    """Why it needed a person at that time."""
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    code = models.CharField(max_length=12, blank=True)
    until = models.DateField(null=True)
    team = models.CharField(max_length=30, blank=True)
    assignee = models.CharField(max_length=40, blank=True)
    other = models.CharField(max_length=30, blank=True)
    note_sealed = models.BinaryField(null=True)
    values_sealed = models.BinaryField(null=True)
    """Corrected values, each with what stood there before."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="decided_once")]


class ReviewFile(models.Model):
    """A workbook of decisions that was taken in, by its SHA-256, and what its rows came to the last time."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField()
    by = models.CharField(max_length=80)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)
    taken = models.PositiveIntegerField(default=0)
    """Decisions taken from it, all times together."""
    open = models.PositiveIntegerField(default=0)
    """Rows that could not be taken, the last time."""
