"""What several pages need: numbers of the query, and answers in parts."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from payerbots.console.office import office
from payerbots.console.rights import Right, full
from payerbots.errors import PayerbotsError

_MOST = 2**31


def number(text: str | None, default: int = 1) -> int:
    """A number of the query; the default for anything else."""
    return min(int(text), _MOST) if text and text.isdecimal() and text.isascii() else default


def may(request: HttpRequest, right: Right) -> bool:
    """Whether who is at it has a right."""
    return request.user.has_perm(full(right))


def midnight() -> datetime:
    """When the office's day began, in UTC."""
    space = office().space
    return datetime.combine(space.today, time(), space.zone).astimezone(UTC)


def attempted(request: HttpRequest, work: Callable[[], str]) -> bool:
    """Does something and tells how it went at the head of the next page; whether it went well."""
    try:
        messages.success(request, work())
    except PayerbotsError as error:
        messages.error(request, str(error))
        return False
    return True


def shown(
    request: HttpRequest, whole: str, part: str, context: Mapping[str, Any], target: str = ""
) -> HttpResponse:
    """The whole page, or only its living part when the page asks for that (by the id of what it replaces)."""
    asked = request.headers.get("HX-Request") and (not target or request.headers.get("HX-Target") == target)
    return render(request, f"console/{part if asked else whole}", dict(context))
