"""The workspace's keys: where they come from, sealing with them, and the keyed hashes that find people.

`PAYERBOTS_KEY` (comma-separated, the first encrypts) → keyring → `~/.config/payerbots/<workspace id>.keys`
(0600, made on first use, never in the workspace). A second key, `index`, makes references and look-up
columns; it comes from `PAYERBOTS_INDEX_KEY`, the keyring or the same file. Rotating leaves it alone.
"""

import hashlib
import hmac
import json
import os
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from pydantic import BaseModel, Field

from payerbots.errors import ConfigError, KeyUnknown

SERVICE = "payerbots"
REFRESH_SECONDS = 5.0
"""How old what a process knows of the keys may be before it looks again."""


@dataclass
class Keys:
    """The keys of one workspace. `source` says where the sealing keys came from; the first one seals.

    `reread` gives the sealing keys as they are now: a process goes on through a rotation, because it looks
    again every few seconds, and at once when nothing it knows opens something.
    """

    sealing: tuple[str, ...] = field(repr=False)
    index: str = field(repr=False)
    source: str
    reread: Callable[[], tuple[str, ...]] | None = field(default=None, repr=False, compare=False)
    _fernet: MultiFernet = field(init=False, repr=False, compare=False)
    _read_at: float = field(default_factory=time.monotonic, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._use(self.sealing)

    def seal(self, data: bytes) -> bytes:
        """`data` encrypted with the first key."""
        if time.monotonic() - self._read_at > REFRESH_SECONDS:
            self.refresh()
        return self._fernet.encrypt(data)

    def unseal(self, sealed: bytes | memoryview) -> bytes:
        """The data in `sealed`. `KeyUnknown` when none of the keys made it."""
        return self._or_unknown(lambda: self._fernet.decrypt(bytes(sealed)))

    def resealed(self, sealed: bytes | memoryview) -> bytes | None:
        """The same data under the first key; None when it is that already. `KeyUnknown` as above."""
        token = bytes(sealed)
        try:
            Fernet(self.sealing[0]).decrypt(token)
        except InvalidToken:
            return self._or_unknown(lambda: self._fernet.rotate(token))
        return None

    def whose(self, sealed: bytes | memoryview) -> str:
        """The fingerprint of the key that sealed this, or `unknown`."""
        for name, key in zip(self.fingerprints(), self.sealing, strict=True):
            try:
                Fernet(key).decrypt(bytes(sealed))
            except InvalidToken:
                continue
            return name
        return "unknown"

    def hashed(self, *parts: str) -> str:
        """A keyed hash of the parts: equal for equal parts, and tells nothing without the index key."""
        message = json.dumps(parts, ensure_ascii=False).encode()
        return hmac.new(self.index.encode(), message, hashlib.sha256).hexdigest()[:40]

    def fingerprints(self) -> tuple[str, ...]:
        """Short names of the sealing keys, by which people tell them apart; nothing follows from them."""
        return tuple(hashlib.sha256(b"payerbots key" + key.encode()).hexdigest()[:8] for key in self.sealing)

    def refresh(self) -> None:
        """Takes up the keys as they are now; keeps those it has while none can be read."""
        self._read_at = time.monotonic()
        if self.reread is None:
            return
        try:
            self._use(self.reread())
        except (ConfigError, OSError, ValueError):
            return

    def _or_unknown(self, work: Callable[[], bytes]) -> bytes:
        try:
            return work()
        except InvalidToken:
            self.refresh()
        try:
            return work()
        except InvalidToken:
            raise KeyUnknown(f"no key from {self.source} opens this; put the former key back") from None

    def _use(self, sealing: tuple[str, ...]) -> None:
        self._fernet = MultiFernet([Fernet(key) for key in sealing])
        self.sealing = sealing


def load(workspace_id: str, environ: Mapping[str, str] = os.environ, home: Path | None = None) -> Keys:
    """The keys of a workspace; made on first use where there are none."""
    store = KeyStore(workspace_id, environ, home)
    sealing, source = store.sealing()
    index = (
        environ.get("PAYERBOTS_INDEX_KEY") or _from_keyring(workspace_id, "index") or store.in_file().index
    )
    try:
        return Keys(sealing, index, source, lambda: store.sealing()[0])
    except ValueError:
        raise ConfigError(f"the key from {source} is not a Fernet key (32 bytes, url-safe base64)") from None


def key_file(workspace_id: str, environ: Mapping[str, str] = os.environ, home: Path | None = None) -> Path:
    """Where the key file of a workspace is, or would be."""
    configured = environ.get("XDG_CONFIG_HOME")
    base = Path(configured) if configured and home is None else (home or Path.home()) / ".config"
    return base / "payerbots" / f"{workspace_id}.keys"


class KeyFile(BaseModel):
    """The content of a key file. `rotated_at` is when the first sealing key became the first."""

    sealing: list[str] = Field(min_length=1)
    index: str
    rotated_at: datetime | None = None


@dataclass(frozen=True)
class KeyStore:
    """Where the sealing keys of a workspace are kept, and changed."""

    workspace_id: str
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False)
    home: Path | None = None

    def sealing(self) -> tuple[tuple[str, ...], str]:
        """The sealing keys, and a name for where they come from. `ConfigError` for a file that is none."""
        if found := self.environ.get("PAYERBOTS_KEY"):
            return _several(found), "PAYERBOTS_KEY"
        if found := _from_keyring(self.workspace_id, "sealing"):
            return _several(found), "the keyring"
        return tuple(self.in_file().sealing), str(self.file)

    def put_first(self, key: str) -> None:
        """From now on `key` seals, and the others still open. `ConfigError` where keys are set outside."""
        self._change([key, *self.sealing()[0]], datetime.now(UTC))

    def keep_first_only(self) -> None:
        """Drops the former keys."""
        self._change([self.sealing()[0][0]], self.rotated_at())

    def rotated_at(self) -> datetime | None:
        """When the first key became the first, where that is known."""
        _, source = self.sealing()
        if source == "the keyring":
            told = _from_keyring(self.workspace_id, "rotated")
            return datetime.fromisoformat(told) if told else None
        return self.in_file().rotated_at if source == str(self.file) else None

    def _change(self, sealing: list[str], at: datetime | None) -> None:
        _, source = self.sealing()
        if source == "PAYERBOTS_KEY":
            raise ConfigError(
                "the keys come from PAYERBOTS_KEY: change it where the bots are started (`payerbots key new` makes "
                "a key; the first one seals, those behind commas still open), then reseal with `payerbots key rotate`"
            )
        if source == "the keyring":
            _to_keyring(self.workspace_id, "sealing", ",".join(sealing))
            _to_keyring(self.workspace_id, "rotated", at.isoformat() if at else "")
            return
        changed = KeyFile(sealing=sealing, index=self.in_file().index, rotated_at=at)
        _write_private(self.file, changed.model_dump_json(indent=1)).replace(self.file)

    @property
    def file(self) -> Path:
        """The key file."""
        return key_file(self.workspace_id, self.environ, self.home)

    def in_file(self) -> KeyFile:
        """What the key file holds; it is made where there is none."""
        file = self.file
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            fresh = KeyFile(sealing=[new_key()], index=new_key())
            _write_once(file, fresh.model_dump_json(indent=1, exclude_none=True))
        try:
            return KeyFile.model_validate_json(file.read_text())
        except ValueError:
            raise ConfigError("not a key file; restore it from your backup", file=file) from None


def new_key() -> str:
    """A fresh key."""
    return Fernet.generate_key().decode()


def _several(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(","))


def _from_keyring(workspace_id: str, name: str) -> str | None:
    import keyring  # noqa: PLC0415 - slow to import, and needed only here
    from keyring.errors import KeyringError  # noqa: PLC0415 - as above

    try:
        return keyring.get_password(SERVICE, f"{workspace_id}:{name}")
    except KeyringError:
        return None


def _to_keyring(workspace_id: str, name: str, value: str) -> None:
    import keyring  # noqa: PLC0415 - as above
    from keyring.errors import KeyringError  # noqa: PLC0415 - as above

    try:
        keyring.set_password(SERVICE, f"{workspace_id}:{name}", value)
    except KeyringError:
        raise ConfigError("the keyring does not answer: unlock it and run this again") from None


def _write_once(file: Path, text: str) -> None:
    """Writes the file unless another process was first; complete or not there at all."""
    temporary = _write_private(file, text)
    try:
        os.link(temporary, file)
    except FileExistsError:
        return
    finally:
        temporary.unlink()


def _write_private(file: Path, text: str) -> Path:
    """A new file beside `file`, 0600, with the text in it and on disk."""
    temporary = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
    temporary.touch(mode=0o600)
    with temporary.open("w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    return temporary
