"""Django's settings for the console, made for one workspace."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

import django
from django.conf import settings
from django.utils import timezone

from payerbots.errors import ConfigError

if TYPE_CHECKING:
    from payerbots.workspace import Workspace

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
UPLOAD_BYTES = 32 * 1024 * 1024
"""The largest file that may be uploaded: it is kept in memory only."""

_DAY = 86_400
_FAILURES = 5
_COOL_OFF = timedelta(minutes=15)
_LONGEST_SESSION = 12 * 3600


@dataclass(frozen=True)
class Address:
    """Where people find the console: `url` when something with TLS stands before it, else this machine only."""

    url: str = ""

    @property
    def is_secure(self) -> bool:
        """Whether people come by https."""
        return bool(self.url)

    @property
    def hosts(self) -> list[str]:
        """The names under which it answers."""
        return [*LOOPBACK, *([urlsplit(self.url).hostname or ""] if self.url else [])]


def address(url: str | None) -> Address:
    """The address of a setting. `ConfigError` for one that is not https."""
    if not url:
        return Address()
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname:
        raise ConfigError(
            f"PAYERBOTS_CONSOLE_URL: found {url!r}, allowed: https://name, where TLS ends before the console"
        )
    return Address(url.rstrip("/"))


def prepare() -> None:
    """Makes Django ready with the console's apps, before anything of the ledger is imported. Once a process."""
    if settings.configured:
        raise RuntimeError("Django is set up already: the console is a process of its own")
    settings.configure(**values(Address(), secret="", zone="UTC"))
    django.setup()


def open_office(space: "Workspace", where: Address | None = None) -> None:
    """The workspace that is served from now on; its ledger is connected and brought up to date."""
    from payerbots.console.office import Office  # noqa: PLC0415 - the ledger's tables need Django ready
    from payerbots.ledger.records import Ledger  # noqa: PLC0415 - as above

    own = values(where or Address(), secret=_secret(space), zone=str(space.zone))
    for name in ("SECRET_KEY", *_cookies(Address()), *_texts("")):
        setattr(settings, name, own[name])
    cast("Any", timezone.get_default_timezone).cache_clear()
    settings.OFFICE = Office(space, Ledger(space.keys, space.clock), space.settings.console_idle_minutes)
    space.connect()


def _secret(space: "Workspace") -> str:
    """What signs cookies: of the index key, so that it stays when the sealing keys rotate."""
    return space.keys.hashed("console", "first half") + space.keys.hashed("console", "second half")


def values(where: Address, *, secret: str, zone: str) -> dict[str, Any]:
    """All settings."""
    return {**_apps(), **_accounts(), **_cookies(where), **_texts(zone), "SECRET_KEY": secret}


def _apps() -> dict[str, Any]:
    return {
        "DEBUG": False,
        "INSTALLED_APPS": [
            "django.contrib.contenttypes",
            "django.contrib.auth",
            "django.contrib.sessions",
            "django.contrib.messages",
            "django.contrib.staticfiles",
            "django_htmx",
            "django_otp",
            "axes",
            "payerbots.ledger.apps.LedgerConfig",
            "payerbots.console.apps.ConsoleConfig",
        ],
        "MIDDLEWARE": [
            "payerbots.console.headers.Headers",
            "django.middleware.security.SecurityMiddleware",
            "whitenoise.middleware.WhiteNoiseMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django_otp.middleware.OTPMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "django_htmx.middleware.HtmxMiddleware",
            "payerbots.console.door.Door",
            "axes.middleware.AxesMiddleware",
        ],
        "ROOT_URLCONF": "payerbots.console.urls",
        "TEMPLATES": [
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {"context_processors": _CONTEXT},
            }
        ],
        "STATIC_URL": "/static/",
        "WHITENOISE_USE_FINDERS": True,
        "WHITENOISE_AUTOREFRESH": False,
        "WHITENOISE_MAX_AGE": 3600,
        "DATABASES": {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
        "LOGGING_CONFIG": None,
    }


_CONTEXT = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
    "payerbots.console.frame.frame",
]


def _accounts() -> dict[str, Any]:
    validators = "django.contrib.auth.password_validation."
    return {
        "AUTHENTICATION_BACKENDS": [
            "axes.backends.AxesStandaloneBackend",
            "django.contrib.auth.backends.ModelBackend",
        ],
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.Argon2PasswordHasher"],
        "AUTH_PASSWORD_VALIDATORS": [
            {"NAME": f"{validators}UserAttributeSimilarityValidator"},
            {"NAME": f"{validators}MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
            {"NAME": f"{validators}CommonPasswordValidator"},
            {"NAME": f"{validators}NumericPasswordValidator"},
        ],
        "LOGIN_URL": "sign-in",
        "LOGIN_REDIRECT_URL": "today",
        "LOGOUT_REDIRECT_URL": "sign-in",
        "AXES_FAILURE_LIMIT": _FAILURES,
        "AXES_COOLOFF_TIME": _COOL_OFF,
        "AXES_LOCKOUT_PARAMETERS": [["username", "ip_address"]],
        "AXES_RESET_ON_SUCCESS": True,
        "AXES_DISABLE_ACCESS_LOG": True,
        "AXES_LOCKOUT_CALLABLE": "payerbots.console.views.sign_in.locked_out",
        "AXES_HTTP_RESPONSE_CODE": 429,
        "AXES_VERBOSE": False,
    }


def _cookies(where: Address) -> dict[str, Any]:
    secure = where.is_secure
    prefix = "__Host-" if secure else ""
    return {
        "ALLOWED_HOSTS": where.hosts,
        "CSRF_TRUSTED_ORIGINS": [where.url] if secure else [],
        "SESSION_COOKIE_NAME": f"{prefix}payerbots",
        "SESSION_COOKIE_AGE": _LONGEST_SESSION,
        "SESSION_EXPIRE_AT_BROWSER_CLOSE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": secure,
        "CSRF_COOKIE_NAME": f"{prefix}payerbots-csrf",
        "CSRF_COOKIE_HTTPONLY": True,
        "CSRF_COOKIE_SAMESITE": "Strict",
        "CSRF_COOKIE_SECURE": secure,
        "CSRF_FAILURE_VIEW": "payerbots.console.views.errors.forged",
        "MESSAGE_STORAGE": "django.contrib.messages.storage.session.SessionStorage",
        "SECURE_SSL_REDIRECT": secure,
        "SECURE_REDIRECT_EXEMPT": [],
        "SECURE_HSTS_SECONDS": 365 * _DAY if secure else 0,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": secure,
        "SECURE_HSTS_PRELOAD": secure,
        "SECURE_CONTENT_TYPE_NOSNIFF": True,
        "SECURE_REFERRER_POLICY": "same-origin",
        "SECURE_CROSS_ORIGIN_OPENER_POLICY": "same-origin",
        "X_FRAME_OPTIONS": "DENY",
        "SILENCED_SYSTEM_CHECKS": ["security.W002"],  # `headers.Headers` sets what that middleware would
    }


def _texts(zone: str) -> dict[str, Any]:
    return {
        "USE_TZ": True,
        "TIME_ZONE": zone,
        "USE_I18N": False,
        "LANGUAGE_CODE": "en-us",
        "FILE_UPLOAD_HANDLERS": ["django.core.files.uploadhandler.MemoryFileUploadHandler"],
        "FILE_UPLOAD_MAX_MEMORY_SIZE": UPLOAD_BYTES,
        "DATA_UPLOAD_MAX_NUMBER_FIELDS": 2000,
    }
