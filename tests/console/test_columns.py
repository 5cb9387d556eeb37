"""Every column of the console's tables is known: a new one makes these tests fail until somebody has thought.

They hold accounts, sessions and failed sign-ins, and nobody whom the office supplies. The ledger's own columns:
`tests/ledger/test_columns.py`.
"""

from collections.abc import Mapping

from axes.models import AccessAttempt
from django.apps import apps
from django.db import connection
from django.test import Client

from tests.console.house import House

KNOWN: Mapping[str, frozenset[str]] = {
    "django_content_type": frozenset({"id", "app_label", "model"}),
    "auth_permission": frozenset({"id", "name", "content_type_id", "codename"}),
    "auth_group": frozenset({"id", "name"}),
    "auth_group_permissions": frozenset({"id", "group_id", "permission_id"}),
    "auth_user": frozenset(
        {
            "id",
            "password",  # a hash (Argon2)
            "last_login",
            "is_superuser",
            "username",
            "first_name",
            "last_name",
            "email",
            "is_staff",
            "is_active",
            "date_joined",
        }
    ),
    "auth_user_groups": frozenset({"id", "user_id", "group_id"}),
    "auth_user_user_permissions": frozenset({"id", "user_id", "permission_id"}),
    "django_session": frozenset({"session_key", "session_data", "expire_date"}),
    "axes_accessfailurelog": frozenset(
        {
            "id",
            "user_agent",
            "ip_address",
            "username",
            "http_accept",
            "path_info",
            "attempt_time",
            "locked_out",
        }
    ),
    "axes_accessattempt": frozenset(
        {
            "id",
            "user_agent",
            "ip_address",
            "username",
            "http_accept",
            "path_info",
            "attempt_time",
            "get_data",
            "post_data",  # axes masks the password
            "failures_since_start",
        }
    ),
    "axes_accessattemptexpiration": frozenset({"access_attempt_id", "expires_at"}),
    "axes_accesslog": frozenset(
        {
            "id",
            "user_agent",
            "ip_address",
            "username",
            "http_accept",
            "path_info",
            "attempt_time",
            "logout_time",
            "session_hash",
        }
    ),
    "console_entrylink": frozenset({"id", "user_id", "token_sha256", "expires_at", "used_at"}),
    "console_savedview": frozenset({"id", "user_id", "name", "query"}),
    "console_authenticator": frozenset(
        {
            "id",
            "user_id",
            "name",
            "confirmed",
            "throttling_failure_timestamp",
            "throttling_failure_count",
            "salt",  # of which the index key makes the secret
            "last_window",
        }
    ),
}


def test_every_column_beside_the_ledgers_is_known(house: House) -> None:  # noqa: ARG001 - its database
    ledger = {
        model._meta.db_table for model in apps.get_app_config("ledger").get_models(include_auto_created=True)
    }
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor)) - {"django_migrations"}
        there = {
            name: {column.name for column in connection.introspection.get_table_description(cursor, name)}
            for name in tables - ledger
        }
    assert tables > ledger
    assert there == KNOWN


def test_a_password_that_was_refused_is_kept_nowhere(house: House) -> None:
    house.user("biller", "ana")
    mistyped = "Canary Mistyped 7730"
    Client(HTTP_HOST="127.0.0.1").post("/sign-in", {"username": "ana", "password": mistyped})
    assert AccessAttempt.objects.get().username == "ana"
    connection.close()
    data = b"".join(path.read_bytes() for path in house.space.data.glob("ledger.db*"))
    assert mistyped.encode() not in data
