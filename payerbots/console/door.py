"""The door: who may come to which page. A page that does not say whom it is for is for nobody."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django_otp import user_has_device
from loguru import logger

from payerbots.console.office import office
from payerbots.console.rights import Right, full
from payerbots.errors import PayerbotsError
from payerbots.log import place_of

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
SEEN = "seen_at"
_WRITTEN_EVERY = timedelta(seconds=30)


@dataclass(frozen=True)
class Needs:
    """Whom a page is for: everybody, whoever is signed in, or who has a right.

    `first_step` is enough where the second step of signing in is made.
    """

    right: Right | None = None
    everybody: bool = False
    first_step: bool = False


def needs(right: Right) -> Callable[[View], View]:
    """For those who have the right."""
    return _mark(Needs(right=right))


def for_everybody(view: View) -> View:
    """For people who are not signed in too."""
    return _mark(Needs(everybody=True))(view)


def for_signed_in(view: View) -> View:
    """For whoever is signed in."""
    return _mark(Needs())(view)


def for_first_step(view: View) -> View:
    """For whoever has given a password, and not yet the digits that go with it."""
    return _mark(Needs(first_step=True))(view)


def _mark(what: Needs) -> Callable[[View], View]:
    def marked(view: View) -> View:
        view.needs = what  # type: ignore[attr-defined]  # a function takes attributes
        return view

    return marked


class Door:
    """Lets in, sends to the sign-in, or refuses; before any page does anything."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Hands on."""
        return self._answer(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: object, _named: object
    ) -> HttpResponseBase | None:
        """None to let in."""
        found = getattr(view, "needs", None)
        if not isinstance(found, Needs):
            raise PermissionDenied
        if found.everybody:
            return None
        if not request.user.is_authenticated:
            return to_sign_in(request)
        if _was_idle(request):
            logout(request)
            return to_sign_in(request, ended="idle")
        if not found.first_step and (step := _step_left(request)):
            return redirect(step)
        if found.right is not None and not request.user.has_perm(full(found.right)):
            raise PermissionDenied
        return None

    def process_exception(self, _request: HttpRequest, error: Exception) -> None:
        """The log hears where something unforeseen happened; never what about whom."""
        if not isinstance(error, PayerbotsError | Http404 | PermissionDenied):
            logger.error("console: unforeseen {}", place_of(error))


def _was_idle(request: HttpRequest) -> bool:
    """Whether nobody has done anything for too long; else this counts as doing something.

    What a page asks by itself every few seconds (`X-Live`) keeps nobody signed in.
    """
    now = office().ledger.clock()
    last = datetime.fromisoformat(request.session[SEEN]) if SEEN in request.session else now
    if now - last > timedelta(minutes=office().idle_minutes):
        return True
    by_itself = "X-Live" in request.headers
    if SEEN not in request.session or (not by_itself and now - last > _WRITTEN_EVERY):
        request.session[SEEN] = now.isoformat()
    return False


def _step_left(request: HttpRequest) -> str:
    """Where somebody must go first: to the second step, or to set a password."""
    user: Any = request.user
    if not user.is_verified() and request.session.get("second_step", True):
        if user_has_device(user):
            return "second-step"
        request.session["second_step"] = False
    return "" if user.has_usable_password() else "new-password"


def to_sign_in(request: HttpRequest, ended: str = "") -> HttpResponse:
    """To the sign-in, and back to where somebody wanted to go; a part of a page takes the whole page there."""
    there = request.headers.get("HX-Current-URL", "") if request.headers.get("HX-Request") else request.path
    path = there if there.startswith("/") else "/" + "/".join(there.split("/")[3:])
    asked = {name: value for name, value in (("next", path), ("ended", ended)) if value}
    target = f"{reverse('sign-in')}?{urlencode(asked)}"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    return redirect(target)
