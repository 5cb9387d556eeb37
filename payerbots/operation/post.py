"""The post: letters to mailboxes and channels, through apprise. Secrets come from their providers when they are needed."""

import logging
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from payerbots import log
from payerbots.errors import ConfigError
from payerbots.operation.letters import Letter
from payerbots.operation.people import MailServer, Notices, Person, Security
from payerbots.portals.config import SecretsFrom
from payerbots.portals.vaults import Vault

if TYPE_CHECKING:
    from apprise import Apprise

PLACE, MAIL, PASSWORD, CHANNEL = "notices", "mail", "password", "channel"
_MODES = {Security.STARTTLS: "starttls", Security.TLS: "ssl", Security.NONE: "insecure"}


class Post(Protocol):
    """Whatever takes a letter to a person."""

    def send(self, person: Person, letter: Letter) -> str:
        """Takes it there. What kept it from arriving, in a word or two; empty when it arrived."""
        ...


@dataclass(frozen=True)
class Apprised:
    """Mail, Teams, Slack and whatever else apprise knows. `vault` gives the provider of secrets."""

    notices: Notices
    vault: Callable[[SecretsFrom], Vault]

    def send(self, person: Person, letter: Letter) -> str:
        """Takes it there."""
        try:
            line = self._line(person)
        except ConfigError:
            return "its address or password is not set"
        arrived = line.notify(body=letter.body, title=letter.title, body_format="text")
        return "" if arrived else "refused, or not reached"

    def check(self, person: Person) -> None:
        """`ConfigError` says what is missing before anything can be sent to a person."""
        self._line(person)

    def _line(self, person: Person) -> "Apprise":
        address = self._address(person)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # it loads what Python 3.13 leaves out
            from apprise import Apprise, AppriseAsset  # noqa: PLC0415 - it takes half a second, and few commands need it

            _keep_quiet()
            line = Apprise(asset=AppriseAsset(app_id="payerbots", async_mode=False, secure_logging=True))
            known = line.add(address)
        if not known:
            raise ConfigError(f"{self._place(person)}: apprise does not know such an address")
        return line

    def _address(self, person: Person) -> str | dict[str, Any]:
        if person.mail is None or self.notices.mail is None:
            return self.secret(person.channel or SecretsFrom.ENV, person.name, CHANNEL)
        return self._mail(self.notices.mail, person.mail)

    def _mail(self, server: MailServer, address: str) -> dict[str, Any]:
        secure = server.security is not Security.NONE
        return {
            "schema": "mailtos" if secure else "mailto",
            "host": server.host,
            "smtp_host": server.host,
            "port": server.port,
            "from_addr": server.sender,
            "targets": [address],
            "secure": secure,
            "secure_mode": _MODES[server.security],
            "user": server.user or None,
            "password": self.secret(server.source, MAIL, PASSWORD) if server.user else None,
        }

    def secret(self, source: SecretsFrom, owner: str, name: str) -> str:
        """A secret of `notices.yaml`. `ConfigError` names its place when it is not there."""
        vault, key = self.vault(source), owner.replace("-", "_")
        found = vault.get(PLACE, key, name)
        if not found:
            raise ConfigError(f"{vault.place(PLACE, key, name)} is not set")
        log.hide([found])
        return found

    def _place(self, person: Person) -> str:
        key = person.name.replace("-", "_")
        return self.vault(person.channel or SecretsFrom.ENV).place(PLACE, key, CHANNEL)


def _keep_quiet() -> None:
    """What apprise logs may hold addresses; what matters we say ourselves."""
    apprised = logging.getLogger("apprise")
    apprised.propagate = False
    if not apprised.handlers:
        apprised.addHandler(logging.NullHandler())
