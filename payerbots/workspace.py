"""A workspace: the folder with `bots/ flows/ selectors/ schedules.yaml portals.yaml`, and its data folder."""

import importlib
import os
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from types import ModuleType
from zoneinfo import ZoneInfo

from payerbots import keys as keyring_of
from payerbots import queues
from payerbots.clock import Clock, utc_now
from payerbots.domain.payers import PayerBook
from payerbots.errors import ConfigError
from payerbots.keys import Keys
from payerbots.ledger import setup
from payerbots.portals import config
from payerbots.portals.config import Login, Portal, SecretsFrom
from payerbots.portals.vaults import Environment, Keyring, SealedFile, Vault
from payerbots.queues import Queue
from payerbots.settings import Settings, load


@dataclass(frozen=True)
class Workspace:
    """One office's folder. Everything is read when first asked for."""

    root: Path
    settings: Settings
    clock: Clock = utc_now

    @classmethod
    def find(cls, start: Path | None = None) -> "Workspace":
        """The workspace at `start`, or the first parent of the current folder with a `schedules.yaml`."""
        here = (start or Path.cwd()).resolve()
        candidates = [here] if start else [here, *here.parents]
        for folder in candidates:
            if (folder / "schedules.yaml").is_file():
                return cls(folder, load())
        raise ConfigError(f"no workspace at {here}: expected schedules.yaml here or in a folder above")

    @cached_property
    def data(self) -> Path:
        """The data folder (0700): ledger, evidence, files, logs."""
        folder = (self.settings.data or self.root / ".payerbots").resolve()
        for part in (folder, folder / "evidence", folder / "files", folder / "logs"):
            part.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder

    @cached_property
    def identity(self) -> str:
        """A random name for this data folder, by which its keys are found."""
        file = self.data / "workspace-id"
        if not file.exists():
            file.write_text(secrets.token_hex(8))
        return file.read_text().strip()

    @cached_property
    def keys(self) -> Keys:
        """The keys that seal what names a person."""
        return keyring_of.load(self.identity)

    def vault(self, login: Login, environ: Mapping[str, str] = os.environ) -> Vault:
        """Where the secrets of a login are kept, as `from:` in portals.yaml says."""
        return self.vault_of(login.source, environ)

    def vault_of(self, source: SecretsFrom, environ: Mapping[str, str] = os.environ) -> Vault:
        """A provider of secrets."""
        if source is SecretsFrom.KEYRING:
            return Keyring(self.identity)
        if source is SecretsFrom.FILE:
            return SealedFile(self.data / "credentials.sealed", self.keys)
        return Environment(environ)

    @cached_property
    def portals(self) -> dict[str, Portal]:
        """The portals of `portals.yaml` by name."""
        return config.load(self.root / "portals.yaml")

    @cached_property
    def queues(self) -> dict[str, Queue]:
        """The queues of `queues.yaml` by name; one for a bot that is not here is a `ConfigError`."""
        found = queues.load(self.root)
        known = self.bot_names()
        for one in found.values():
            if not one.events and one.bot not in known:
                raise ConfigError(
                    f"no bot {one.bot!r}, allowed: {', '.join(known)}",
                    file=self.root / queues.FILE,
                    key=f"{one.name}.bot",
                )
        return found

    @cached_property
    def payers(self) -> PayerBook:
        """The payers that the portals answer for."""
        return config.payer_book(self.portals)

    @cached_property
    def zone(self) -> ZoneInfo:
        """The office's time zone: `PAYERBOTS_ZONE`, else this machine's."""
        name = self.settings.zone or _machine_zone()
        try:
            return ZoneInfo(name)
        except (KeyError, ValueError):
            raise ConfigError(
                f"PAYERBOTS_ZONE: found {name!r}, allowed: a zone such as America/New_York"
            ) from None

    @property
    def today(self) -> date:
        """The office's day."""
        return self.clock().astimezone(self.zone).date()

    def connect(self) -> None:
        """Connects this process to the workspace's ledger: `PAYERBOTS_DATABASE_URL`, else the data folder's."""
        setup.connect(self.data, self.settings.database_url, self.settings.lease_seconds)

    def portal(self, name: str) -> Portal:
        """One portal. `ConfigError` says which there are."""
        if name not in self.portals:
            known = ", ".join(self.portals) or "none"
            raise ConfigError(f"no portal {name!r}; portals.yaml has: {known}")
        return self.portals[name]

    def module(self, dotted: str) -> ModuleType:
        """A module of `bots` or `flows`. The workspace is put first on `sys.path`, once."""
        root = str(self.root)
        if sys.path[0] != root:
            sys.path[:] = [root, *(entry for entry in sys.path if entry != root)]
        try:
            module = importlib.import_module(dotted)
        except ModuleNotFoundError as error:
            if error.name and (dotted == error.name or dotted.startswith(f"{error.name}.")):
                raise ConfigError(f"{dotted.replace('.', '/')}.py is not in {self.root.name}/") from error
            raise
        if not Path(module.__file__ or "").is_relative_to(self.root):
            raise ConfigError(
                f"{dotted} came from elsewhere: one process serves one workspace, and its bots/ and flows/ need an __init__.py"
            )
        return module

    def bot_names(self) -> list[str]:
        """The bots that this workspace has."""
        return sorted(file.stem for file in (self.root / "bots").glob("*.py") if file.stem != "__init__")


def _machine_zone() -> str:
    if told := os.environ.get("TZ", "").lstrip(":"):
        return told
    link = Path("/etc/localtime")
    if link.is_symlink():
        _, _, name = str(link.resolve()).partition("zoneinfo/")
        if name:
            return name.removeprefix("posix/")
    return "UTC"
