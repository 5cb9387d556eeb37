"""Settings for tools that read the models without a workspace: the type checker and makemigrations."""

INSTALLED_APPS = ["payerbots.ledger.apps.LedgerConfig"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
USE_TZ = True
SECRET_KEY = "only for reading the models"  # noqa: S105 - nothing is signed with it
