"""Accounts: who may sign in, in which role, and links that let somebody in once."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import Group, User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from payerbots.console.models import EntryLink
from payerbots.console.office import office
from payerbots.console.rights import ROLES
from payerbots.errors import ConfigError
from payerbots.ledger import audit
from payerbots.ledger.records import Ledger

FIRST_LINK = timedelta(hours=24)
"""How long the link of a new account lasts."""


@dataclass(frozen=True)
class Account:
    """An account as it is listed."""

    name: str
    role: str
    active: bool
    last_login: str


@transaction.atomic
def add(ledger: Ledger, name: str, role: str, by: str, password: str | None = None) -> User:
    """A new account; without a password it is entered by a link. `ConfigError` names what is not allowed."""
    if role not in ROLES:
        raise ConfigError(f"--role: found {role!r}, allowed: {', '.join(ROLES)}")
    if User.objects.filter(username__iexact=name).exists():
        raise ConfigError(f"there is an account {name} already")
    user = User(username=name)
    try:
        user.clean_fields(exclude=["password"])
        if password is not None:
            validate_password(password, user)
    except ValidationError as error:
        raise ConfigError(" ".join(error.messages)) from None
    user.set_password(password)
    user.save()
    user.groups.add(Group.objects.get(name=role))
    audit.note(ledger, by, "account added", {}, after={"account": name, "role": role})
    return user


@transaction.atomic
def disable(ledger: Ledger, name: str, by: str) -> None:
    """Nobody signs in with the account any more, and who is signed in is out. `ConfigError` when there is none."""
    if not User.objects.filter(username=name).update(is_active=False):
        raise ConfigError(f"there is no account {name}")
    EntryLink.objects.filter(user__username=name, used_at=None).delete()
    audit.note(ledger, by, "account disabled", {}, after={"account": name})


def accounts() -> Sequence[Account]:
    """All accounts by name."""
    found = User.objects.prefetch_related("groups").order_by("username")
    return [
        Account(
            name=one.username,
            role=", ".join(group.name for group in one.groups.all()),
            active=one.is_active,
            last_login=one.last_login.isoformat(timespec="minutes") if one.last_login else "",
        )
        for one in found
    ]


def entry_token(ledger: Ledger, user: User, by: str, lasts: timedelta = FIRST_LINK) -> str:
    """The token of a link that lets the user in once; it is told here only."""
    token = secrets.token_urlsafe(32)
    EntryLink.objects.create(user=user, token_sha256=_hash(token), expires_at=ledger.now() + lasts)
    audit.note(ledger, by, "entry link made", {}, after={"account": user.get_username()})
    return token


def link_of(ledger: Ledger, token: str) -> EntryLink | None:
    """The link of a token that still lets in."""
    live = EntryLink.objects.filter(token_sha256=_hash(token), used_at=None, expires_at__gt=ledger.now())
    return live.filter(user__is_active=True).select_related("user").first()


def enter(ledger: Ledger, token: str) -> User | None:
    """Uses a link up; whom it lets in."""
    found = link_of(ledger, token)
    if found is None:
        return None
    used = EntryLink.objects.filter(pk=found.pk, used_at=None).update(used_at=ledger.now())
    return found.user if used else None


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def note_signed_in(user: User, **_: Any) -> None:  # noqa: ANN401 - what a signal brings
    """Audits that somebody has signed in."""
    audit.note(office().ledger, f"person:{user.get_username()}", "signed in", {})


def note_signed_out(user: User | None, **_: Any) -> None:  # noqa: ANN401 - as above
    """Audits that somebody has signed out."""
    if user is not None:
        audit.note(office().ledger, f"person:{user.get_username()}", "signed out", {})
