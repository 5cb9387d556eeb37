"""Tables of daily operation: which notice goes to whom, and the processes that are no workers."""

from django.db import models
from django.db.models import Q

from payerbots.ledger.models.work import Notice


class DeliveryState(models.TextChoices):
    """Where the telling of a notice to a person stands. `dropped`: it was too old to be of use."""

    WAITING = "waiting"
    TAKEN = "taken"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"


class NoticeDelivery(models.Model):
    """That a person is told of a notice, once. `person` is a name of `notices.yaml`, never a patient."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="deliveries")
    person = models.CharField(max_length=60)
    urgent = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=DeliveryState, default=DeliveryState.WAITING)
    due_at = models.DateTimeField()
    tries = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=60, blank=True)
    lease_owner = models.CharField(max_length=80, blank=True)
    lease_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "person"], name="told_once_a_person")]
        indexes = [
            models.Index(
                fields=["person", "due_at"],
                name="delivery_open",
                condition=Q(state__in=["waiting", "taken"]),
            ),
            models.Index(fields=["person", "ended_at"], name="delivery_by_end"),
        ]


class ServiceBeat(models.Model):
    """A process that is no worker, as it last told of itself: what tells people, and what keeps the others up."""

    owner = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=20)
    host = models.CharField(max_length=60)
    pid = models.PositiveIntegerField()
    state = models.CharField(max_length=20)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
