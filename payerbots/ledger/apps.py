"""The Django app."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Runs, items, attempts, evidence, audit."""

    name = "payerbots.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"
