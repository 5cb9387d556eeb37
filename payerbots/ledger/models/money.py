"""Tables of money: files, payments, deposits, how they match and stand, what was told of them and posted.

Payers are companies here, so every column is clear; the words with which a billing system refuses a row may
name somebody and are sealed.
"""

from django.db import models
from django.db.models import Q

from payerbots.ledger.models.work import Item

PAYER_LENGTH, ROW_LENGTH = 200, 120


class File(models.Model):
    """A file as it came, kept once by its SHA-256, sealed, under an opaque `name` in the data folder."""

    sha256 = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=20)
    size = models.PositiveBigIntegerField()
    portal = models.CharField(max_length=60, blank=True)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=80)
    received_at = models.DateTimeField()
    purged_at = models.DateTimeField(null=True)
    """When its content was deleted."""

    class Meta:
        indexes = [models.Index(fields=["purged_at", "received_at"], name="file_by_age")]


class MoneyState(models.TextChoices):
    """Where a payment or deposit stands. `new`: nobody has concluded on it as it is now."""

    NEW = "new"
    MATCHED = "matched"
    WAITING = "waiting"
    EXCEPTION = "exception"
    UNCONCERNED = "unconcerned"


class Stands(models.Model):
    """Where something stands; `dollars` is the money in question."""

    state = models.CharField(max_length=12, choices=MoneyState, default=MoneyState.NEW)
    reason = models.CharField(max_length=30, blank=True)
    until = models.DateField(null=True)
    dollars = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    detail = models.TextField(blank=True)
    stood_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class Payment(Stands):
    """One payment of a remittance, whatever roads it came by.

    `key` is a hash of payer id, trace, date, amount, form and contents.
    """

    key = models.CharField(max_length=64, unique=True)
    payer_id = models.CharField(max_length=80, blank=True)
    payer = models.CharField(max_length=PAYER_LENGTH, blank=True)
    trace = models.CharField(max_length=80, blank=True)
    method = models.CharField(max_length=10, blank=True)
    date = models.DateField(null=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    form = models.CharField(max_length=10)
    file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="payments")
    place = models.PositiveIntegerField()
    contents = models.CharField(max_length=80)
    claims = models.PositiveIntegerField()
    lines = models.PositiveIntegerField(db_default=0)
    denied = models.PositiveIntegerField(db_default=0)
    balanced = models.BooleanField()
    portal = models.CharField(max_length=60, blank=True)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="payments")
    received = models.DateField()

    class Meta:
        indexes = [
            models.Index(fields=["state", "id"], name="payment_by_state"),
            models.Index(fields=["received"], name="payment_by_day"),
        ]


class Deposit(Stands):
    """One credit or returned item at the bank. What the bank says of it later replaces what it said before."""

    portal = models.CharField(max_length=60)
    account = models.CharField(max_length=20)
    day = models.DateField()
    kind = models.CharField(max_length=12)
    reference = models.CharField(max_length=120)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    payer = models.CharField(max_length=PAYER_LENGTH, blank=True)
    payer_id = models.CharField(max_length=80, blank=True)
    trace = models.CharField(max_length=80, blank=True)
    check_number = models.CharField(max_length=40, blank=True)
    batch = models.CharField(max_length=80, blank=True)
    file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="deposits")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="deposits")
    received = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["portal", "account", "day", "kind", "reference"], name="deposit_once"
            )
        ]
        indexes = [
            models.Index(fields=["state", "id"], name="deposit_by_state"),
            models.Index(fields=["received"], name="deposit_by_day"),
        ]


class Sighting(models.Model):
    """That a payment or a deposit was seen in a file, by an item; the first time and every further one."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="sightings", null=True)
    deposit = models.ForeignKey(Deposit, on_delete=models.PROTECT, related_name="sightings", null=True)
    file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="sightings")
    portal = models.CharField(max_length=60, blank=True)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="sightings")
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["payment", "file", "item"], name="payment_seen_once"),
            models.UniqueConstraint(fields=["deposit", "file", "item"], name="deposit_seen_once"),
            models.CheckConstraint(
                condition=Q(payment=None, deposit__isnull=False) | Q(payment__isnull=False, deposit=None),
                name="one_thing_seen",
            ),
        ]


class Match(models.Model):
    """That an amount of a deposit is (part of) a payment, and why. It holds until it is undone; rows stay."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="matches")
    deposit = models.ForeignKey(Deposit, on_delete=models.PROTECT, related_name="matches")
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    why = models.TextField()
    made_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["payment", "deposit"], condition=Q(undone_at=None), name="one_match_holds"
            )
        ]


class Epoch(models.Model):
    """How often something was changed, by subject: a conclusion that was drawn from an older number is not written."""

    subject = models.CharField(max_length=20, unique=True)
    number = models.PositiveBigIntegerField(default=0)


class FirstSends(models.Model):
    """Claims that were sent first on a day to a payer: how many, and how many of them came through or were rejected."""

    portal = models.CharField(max_length=60)
    day = models.DateField()
    payer_id = models.CharField(max_length=80, blank=True)
    sent = models.PositiveIntegerField()
    accepted = models.PositiveIntegerField()
    rejected = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "portal", "payer_id"], name="first_sends_of_a_day")
        ]


class ToldEvent(models.Model):
    """That an event was told, once; it outlives its messages. `key` is a keyed hash."""

    name = models.CharField(max_length=30)
    key = models.CharField(max_length=40)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="events")
    told_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "key"], name="event_once")]


class Watermark(models.Model):
    """How far a bot has collected at a portal, in the portal's own terms."""

    bot = models.CharField(max_length=60)
    portal = models.CharField(max_length=60, blank=True)
    value = models.TextField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bot", "portal"], name="one_watermark")]


class PostedState(models.TextChoices):
    """What the billing system said of a row of the posting import."""

    CONFIRMED = "confirmed"
    REFUSED = "refused"


class PostedRow(models.Model):
    """What the billing system said of a row of the posting import; `row` is the row's own id."""

    row = models.CharField(max_length=ROW_LENGTH, unique=True)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="posted", null=True)
    state = models.CharField(max_length=10, choices=PostedState)
    confirmed_at = models.DateTimeField(null=True)
    why_sealed = models.BinaryField(null=True)
    told_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["state", "confirmed_at"], name="posted_by_state")]
