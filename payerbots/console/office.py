"""The office that this console serves: one workspace and its ledger."""

from dataclasses import dataclass
from typing import cast

from django.conf import settings
from django.http import HttpRequest

from payerbots.ledger.records import Ledger
from payerbots.workspace import Workspace


@dataclass(frozen=True)
class Office:
    """A workspace, its ledger, and how long somebody may do nothing before they are signed out."""

    space: Workspace
    ledger: Ledger
    idle_minutes: float


def office() -> Office:
    """The one that the settings were made for."""
    return cast("Office", settings.OFFICE)


def actor(request: HttpRequest) -> str:
    """Who is at it, for the audit."""
    return f"person:{request.user.get_username()}"
