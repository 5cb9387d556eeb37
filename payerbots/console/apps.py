"""The Django app."""

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db.models.signals import post_migrate


class ConsoleConfig(AppConfig):
    """Accounts, their rights, and the pages."""

    name = "payerbots.console"
    label = "console"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Roles are brought up to date with the tables; who signs in and out is audited."""
        from payerbots.console import accounts, rights  # noqa: PLC0415 - models are not ready before

        post_migrate.connect(rights.bring_up_to_date, sender=self)
        user_logged_in.connect(accounts.note_signed_in)
        user_logged_out.connect(accounts.note_signed_out)
