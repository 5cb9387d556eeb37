"""Where user, password and code secrets are kept: the environment, the machine's keyring, or a sealed file.

A provider is asked by portal, login and field; nothing else in payerbots keeps a secret.
"""

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from payerbots.errors import ConfigError
from payerbots.keys import Keys
from payerbots.portals.config import CodeFrom, Login

USER, PASSWORD, TOTP, MAIL_PASSWORD = "user", "password", "totp", "mail_password"

_SERVICE = "payerbots"


def fields(login: Login) -> tuple[str, ...]:
    """What a login needs: user and password, and what its codes come from."""
    more = {CodeFrom.TOTP: (TOTP,), CodeFrom.EMAIL: (MAIL_PASSWORD,)}.get(login.code, ())
    return (USER, PASSWORD, *more)


class Vault(Protocol):
    """A provider of secrets."""

    def get(self, portal: str, login: str, name: str) -> str | None:
        """The secret, or None where there is none."""
        ...

    def put(self, portal: str, login: str, name: str, value: str | None) -> None:
        """Keeps a secret; None removes it. `ConfigError` where this cannot be."""
        ...

    def place(self, portal: str, login: str, name: str) -> str:
        """What a person calls the place of a secret."""
        ...


@dataclass(frozen=True)
class Environment:
    """`PAYERBOTS_<PORTAL>_<LOGIN>_<FIELD>`, set by whoever starts the process."""

    environ: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False)

    def get(self, portal: str, login: str, name: str) -> str | None:
        """The variable's value."""
        return self.environ.get(self.place(portal, login, name)) or None

    def put(self, portal: str, login: str, name: str, value: str | None) -> None:  # noqa: ARG002 - the protocol's
        """A process cannot set the environment of others."""
        wanted = self.place(portal, login, name)
        raise ConfigError(
            f"{portal} {login} is `from: env` in portals.yaml: set {wanted} where the bots are started, "
            "or choose `from: keyring` or `from: file`"
        )

    def place(self, portal: str, login: str, name: str) -> str:
        """The variable's name."""
        return f"PAYERBOTS_{portal}_{login}_{name}".upper()


@dataclass(frozen=True)
class Keyring:
    """The machine's own keyring, under the workspace's identity."""

    workspace_id: str

    def get(self, portal: str, login: str, name: str) -> str | None:
        """The keyring's entry. `ConfigError` when the keyring is locked or there is none."""
        import keyring  # noqa: PLC0415 - slow to import, and needed only here
        from keyring.errors import KeyringError  # noqa: PLC0415 - as above

        try:
            return keyring.get_password(_SERVICE, self._entry(portal, login, name)) or None
        except KeyringError:
            raise ConfigError("the keyring does not answer: unlock it, or use `from: file`") from None

    def put(self, portal: str, login: str, name: str, value: str | None) -> None:
        """Sets or deletes the entry."""
        import keyring  # noqa: PLC0415 - as above
        from keyring.errors import KeyringError, PasswordDeleteError  # noqa: PLC0415 - as above

        entry = self._entry(portal, login, name)
        try:
            if value is None:
                keyring.delete_password(_SERVICE, entry)
            else:
                keyring.set_password(_SERVICE, entry, value)
        except PasswordDeleteError:
            return
        except KeyringError:
            raise ConfigError("the keyring does not answer: unlock it, or use `from: file`") from None

    def place(self, portal: str, login: str, name: str) -> str:
        """The entry's name."""
        return f"the keyring's {_SERVICE} {self._entry(portal, login, name)}"

    def _entry(self, portal: str, login: str, name: str) -> str:
        return f"{self.workspace_id}:{portal}/{login}/{name}"


@dataclass(frozen=True)
class SealedFile:
    """A file in the data folder, sealed as a whole with the workspace key, which lies elsewhere."""

    file: Path
    keys: Keys = field(repr=False)

    def get(self, portal: str, login: str, name: str) -> str | None:
        """What the file holds. `KeyUnknown` when the key is not here."""
        return self._read().get(_path(portal, login, name)) or None

    def put(self, portal: str, login: str, name: str, value: str | None) -> None:
        """Writes the file anew, the whole of it or nothing."""
        held = self._read()
        held.pop(_path(portal, login, name), None)
        if value is not None:
            held[_path(portal, login, name)] = value
        self._write(self.keys.seal(json.dumps(held).encode()))

    def place(self, portal: str, login: str, name: str) -> str:
        """The file and the entry in it."""
        return f"{self.file.name}: {_path(portal, login, name)}"

    def _read(self) -> dict[str, str]:
        if not self.file.exists():
            return {}
        held: dict[str, str] = json.loads(self.keys.unseal(self.file.read_bytes()))
        return held

    def _write(self, sealed: bytes) -> None:
        temporary = self.file.with_name(f"{self.file.name}.{secrets.token_hex(4)}")
        temporary.touch(mode=0o600)
        temporary.write_bytes(sealed)
        temporary.replace(self.file)


def _path(portal: str, login: str, name: str) -> str:
    return f"{portal}/{login}/{name}"
