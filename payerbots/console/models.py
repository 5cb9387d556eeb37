"""Tables of the console: ways in, and what people keep for themselves."""

import base64
import hmac
from typing import TYPE_CHECKING

import pyotp
from django.conf import settings
from django.db import models
from django_otp.models import Device, ThrottlingMixin

from payerbots.console.office import office
from payerbots.console.rights import PERMISSIONS
from payerbots.keys import Keys

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class Access(models.Model):
    """No table: what the rights hang on."""

    class Meta:
        managed = False
        default_permissions = ()
        permissions = PERMISSIONS


class EntryLink(models.Model):
    """A link that lets somebody in once. Of its token only a hash is kept."""

    user: "models.ForeignKey[User, User]" = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE
    )
    token_sha256 = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()


class SavedView(models.Model):
    """A choice of exceptions that somebody comes back to: the query of the page under a name."""

    user: "models.ForeignKey[User, User]" = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE
    )
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=300)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="view_once")]


class Authenticator(ThrottlingMixin, Device):  # type: ignore[misc]  # django-otp ships no types
    """An app that shows six digits anew every 30 seconds (RFC 6238), as a second step of signing in.

    The secret is kept nowhere: the index key makes it of `salt`, and rotating the sealing keys leaves it alone.
    """

    salt = models.CharField(max_length=32)
    last_window = models.BigIntegerField(default=0)
    """The window of the last code that was taken: each is taken once."""

    class Meta:
        default_permissions = ()

    def secret(self, keys: Keys) -> str:
        """What the app is given, in base32."""
        return base64.b32encode(bytes.fromhex(keys.hashed("authenticator", self.salt))).decode()

    def verify_token(self, token: str) -> bool:
        """Whether these are the digits of this moment, or of the one before or after. Wrong ones make it wait."""
        allowed, _ = self.verify_is_allowed()
        window = self._window_of(token) if allowed else None
        if window is None:
            if allowed:
                self.throttle_increment()
            return False
        self.last_window = window
        self.throttle_reset(commit=False)
        self.save()
        return True

    def _window_of(self, token: str) -> int | None:
        keys = office().ledger.keys
        code, now = pyotp.TOTP(self.secret(keys)), int(office().ledger.now().timestamp()) // 30
        fresh = (window for window in (now - 1, now, now + 1) if window > self.last_window)
        return next((one for one in fresh if hmac.compare_digest(code.at(one * 30), token)), None)

    def get_throttle_factor(self) -> float:
        """Seconds to wait after the first wrong code; twice as long after each."""
        return 1.0
