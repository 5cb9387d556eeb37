"""Epochs: how often what conclusions are drawn from was changed, by subject; and whose turn it is to change it."""

from payerbots.ledger.models import Epoch

MONEY = "money"
"""Matches and standings, and what the bank says otherwise of a deposit. New facts change nothing of it."""


def look(subject: str) -> int:
    """The epoch at hand."""
    Epoch.objects.bulk_create([Epoch(subject=subject)], ignore_conflicts=True)
    return Epoch.objects.values_list("number", flat=True).get(subject=subject)


def hold(subject: str) -> Epoch:
    """The epoch at hand; nobody else changes the subject until this transaction ends."""
    Epoch.objects.bulk_create([Epoch(subject=subject)], ignore_conflicts=True)
    return Epoch.objects.select_for_update().get(subject=subject)


def step(epoch: Epoch) -> None:
    """Ends an epoch that is held."""
    Epoch.objects.filter(pk=epoch.pk).update(number=epoch.number + 1)
