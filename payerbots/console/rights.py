"""Who may what: rights, and the roles that have them. Roles are Django's groups."""

from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class Right(StrEnum):
    """What somebody may see or do. The value is the permission's codename."""

    SEE_WORK = "see_work"
    """Runs, portals, queues, schedules: numbers and states, nobody is named."""
    SEE_ITEMS = "see_items"
    """Exceptions and items with the people they are about, pictures and pages, documents. Each look is audited."""
    DECIDE = "decide"
    """Decide on exceptions."""
    TYPE_CODES = "type_codes"
    """Type a one-time code that a portal asks for."""
    OPERATE = "operate"
    """Pause and resume portals and schedules, run one now, try the broker again."""
    READ_FILES = "read_files"
    """Upload a payer's or bank's file to see what it says."""
    SEE_KPIS = "see_kpis"
    """The figures of the office."""
    SEE_AUDIT = "see_audit"
    """Who did what."""


_MEANS = {
    Right.SEE_WORK: "See runs, portals, queues and schedules",
    Right.SEE_ITEMS: "See exceptions, items and the people they are about",
    Right.DECIDE: "Decide on exceptions",
    Right.TYPE_CODES: "Type one-time codes",
    Right.OPERATE: "Pause, resume and start",
    Right.READ_FILES: "Read uploaded files",
    Right.SEE_KPIS: "See the office's figures",
    Right.SEE_AUDIT: "See who did what",
}
PERMISSIONS: "list[tuple[str, str | _StrPromise]]" = [(str(right), text) for right, text in _MEANS.items()]
"""As the model's Meta wants them."""

ROLES: dict[str, frozenset[Right]] = {
    "ops admin": frozenset(Right),
    "biller": frozenset(
        {
            Right.SEE_WORK,
            Right.SEE_ITEMS,
            Right.DECIDE,
            Right.TYPE_CODES,
            Right.READ_FILES,
            Right.SEE_KPIS,
        }
    ),
    "developer": frozenset(
        {Right.SEE_WORK, Right.SEE_ITEMS, Right.DECIDE, Right.TYPE_CODES, Right.OPERATE, Right.READ_FILES}
    ),
    "leader": frozenset({Right.SEE_WORK, Right.SEE_KPIS}),
    "auditor": frozenset(
        {Right.SEE_WORK, Right.SEE_ITEMS, Right.READ_FILES, Right.SEE_KPIS, Right.SEE_AUDIT}
    ),
}
"""A leader sees nobody's health or name. An auditor sees all, and changes nothing."""


def full(right: Right) -> str:
    """A right as Django names it."""
    return f"console.{right}"


def bring_up_to_date(**_: Any) -> None:  # noqa: ANN401 - what a signal brings
    """Makes the groups what the table says."""
    from django.apps import apps  # noqa: PLC0415 - as above
    from django.contrib.auth.management import create_permissions  # noqa: PLC0415 - tables are not ready before
    from django.contrib.auth.models import Group, Permission  # noqa: PLC0415 - as above

    create_permissions(apps.get_app_config("console"), verbosity=0)
    for role, rights in ROLES.items():
        group, _made = Group.objects.get_or_create(name=role)
        wanted = Permission.objects.filter(content_type__app_label="console", codename__in=map(str, rights))
        group.permissions.set(wanted)
