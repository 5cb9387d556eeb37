"""Ways in and out: password, second step, a link that lets in once."""

import secrets
from typing import Any

import pyotp
from django import forms
from django.contrib.auth import login, update_session_auth_hash
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.models import User
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods
from django_otp import devices_for_user
from django_otp import login as otp_login

from payerbots.console import accounts
from payerbots.console.door import for_everybody, for_first_step, for_signed_in
from payerbots.console.models import Authenticator
from payerbots.console.office import actor, office
from payerbots.console.rights import PERMISSIONS
from payerbots.ledger import audit

BACKEND = "django.contrib.auth.backends.ModelBackend"
ENDED = {"idle": "You were signed out because nothing was done for a while."}


class _SignIn(LoginView):
    template_name = "console/sign_in.html"
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:  # noqa: ANN401 - Django's own
        """With the reason why a session ended."""
        return super().get_context_data(**kwargs, ended=ENDED.get(self.request.GET.get("ended", "")))


_sign_in = _SignIn.as_view()
_sign_out = LogoutView.as_view(http_method_names=["post", "options"])


@for_everybody
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """With user and password."""
    return _sign_in(request)


@for_first_step
def sign_out(request: HttpRequest) -> HttpResponseBase:
    """Ends the session."""
    return _sign_out(request)


def locked_out(request: HttpRequest, *_: object, **__: object) -> HttpResponse:
    """What somebody sees who was wrong too often."""
    return render(request, "console/locked_out.html", status=429)


@for_everybody
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """A link that lets in once: opened, it asks; only the press of the button uses it up."""
    ledger = office().ledger
    if request.method == "GET":
        found = accounts.link_of(ledger, token)
        return render(request, "console/enter.html", {"link": found}, status=200 if found else 410)
    user = accounts.enter(ledger, token)
    if user is None:
        return render(request, "console/enter.html", {"link": None}, status=410)
    login(request, user, backend=BACKEND)
    return redirect("today")


class _Digits(forms.Form):
    code = forms.CharField(max_length=8, label="Six digits of your app")


@for_first_step
@require_http_methods(["GET", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """The digits of an authenticator app."""
    form = _Digits(request.POST or None)
    if request.method == "POST" and form.is_valid():
        digits = "".join(form.cleaned_data["code"].split())
        for device in devices_for_user(request.user, for_verify=True):
            if device.verify_token(digits):
                otp_login(request, device)
                return redirect("today")
        form.add_error(
            "code", "These are not the digits of this moment, or it was tried too often. Wait a little."
        )
    return render(request, "console/second_step.html", {"form": form})


@for_first_step
@require_http_methods(["GET", "POST"])
def new_password(request: HttpRequest) -> HttpResponse:
    """Sets one's own password; all other sessions end."""
    user = request.user
    if not isinstance(user, User):
        return redirect("sign-in")
    form: SetPasswordForm[User] = SetPasswordForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        update_session_auth_hash(request, form.save())
        return redirect("today")
    return render(request, "console/new_password.html", {"form": form})


@for_signed_in
@require_http_methods(["GET", "POST"])
def authenticator(request: HttpRequest) -> HttpResponse:
    """Adds an authenticator app as a second step, or drops it; both take the digits of this moment."""
    user: Any = request.user
    known = Authenticator.objects.filter(user=user, confirmed=True).first()
    fresh = known or _unconfirmed(user)
    form = _Digits(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if fresh.verify_token("".join(form.cleaned_data["code"].split())):
            _switch(request, fresh, on=known is None)
            return redirect("account")
        form.add_error(
            "code", "These are not the digits of this moment, or it was tried too often. Wait a little."
        )
    secret = "" if known else fresh.secret(office().ledger.keys)
    uri = (
        pyotp.TOTP(secret, name=user.get_username(), issuer="payerbots").provisioning_uri() if secret else ""
    )
    shown = {"form": form, "known": known, "secret": _in_fours(secret), "uri": uri}
    return render(request, "console/authenticator.html", shown)


def _unconfirmed(user: User) -> Authenticator:
    found: Authenticator | None = Authenticator.objects.filter(user=user, confirmed=False).first()
    if found is None:
        found = Authenticator(user=user, name="app", confirmed=False, salt=secrets.token_hex(16))
        found.save()
    return found


def _switch(request: HttpRequest, device: Authenticator, *, on: bool) -> None:
    action = "second step added" if on else "second step dropped"
    audit.note(office().ledger, actor(request), action, {})
    if on:
        device.confirmed = True
        device.save(update_fields=["confirmed"])
        otp_login(request, device)
    else:
        device.delete()


def _in_fours(secret: str) -> str:
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


@for_signed_in
@require_GET
def account(request: HttpRequest) -> HttpResponse:
    """Who one is, and what one may do."""
    user: Any = request.user
    mine = [(text, user.has_perm(f"console.{right}")) for right, text in PERMISSIONS]
    known = Authenticator.objects.filter(user=user, confirmed=True).exists()
    return render(request, "console/account.html", {"rights": mine, "second_step": known})
