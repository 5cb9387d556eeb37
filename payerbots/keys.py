"""The workspace's keys: where they come from, sealing with them, and the keyed hashes that find people.

`PAYERBOTS_KEY` (comma-separated, the first encrypts) → keyring → `~/.config/payerbots/<workspace id>.keys`
(0600, made on first use, never in the workspace). A second key, `index`, makes references and look-up
columns; it comes from `PAYERBOTS_INDEX_KEY`, the keyring or the same file.
"""

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from pydantic import BaseModel, Field

from payerbots.errors import ConfigError, KeyUnknown

_SERVICE = "payerbots"


@dataclass(frozen=True)
class Keys:
    """The keys of one workspace. `source` says where the sealing key came from."""

    sealing: tuple[str, ...]
    index: str
    source: str

    def seal(self, data: bytes) -> bytes:
        """`data` encrypted with the first key."""
        return self._fernet().encrypt(data)

    def unseal(self, sealed: bytes | memoryview) -> bytes:
        """The data in `sealed`. `KeyUnknown` when none of the keys made it."""
        try:
            return self._fernet().decrypt(bytes(sealed))
        except InvalidToken:
            raise KeyUnknown(f"no key from {self.source} opens this; put the former key back") from None

    def hashed(self, *parts: str) -> str:
        """A keyed hash of the parts: equal for equal parts, and tells nothing without the index key."""
        message = json.dumps(parts, ensure_ascii=False).encode()
        return hmac.new(self.index.encode(), message, hashlib.sha256).hexdigest()[:40]

    def _fernet(self) -> MultiFernet:
        return MultiFernet([Fernet(key) for key in self.sealing])


def load(workspace_id: str, environ: Mapping[str, str] = os.environ, home: Path | None = None) -> Keys:
    """The keys of a workspace; made on first use where there are none."""
    file = key_file(workspace_id, environ, home)
    sealing, source = _sealing(workspace_id, environ, file)
    index = (
        environ.get("PAYERBOTS_INDEX_KEY") or _from_keyring(workspace_id, "index") or _from_file(file).index
    )
    keys = Keys(tuple(sealing.split(",")), index, source)
    try:
        keys.seal(b"")
    except ValueError:
        raise ConfigError(f"the key from {source} is not a Fernet key (32 bytes, url-safe base64)") from None
    return keys


def key_file(workspace_id: str, environ: Mapping[str, str] = os.environ, home: Path | None = None) -> Path:
    """Where the key file of a workspace is, or would be."""
    configured = environ.get("XDG_CONFIG_HOME")
    base = Path(configured) if configured and home is None else (home or Path.home()) / ".config"
    return base / "payerbots" / f"{workspace_id}.keys"


def _sealing(workspace_id: str, environ: Mapping[str, str], file: Path) -> tuple[str, str]:
    if found := environ.get("PAYERBOTS_KEY"):
        return found, "PAYERBOTS_KEY"
    if found := _from_keyring(workspace_id, "sealing"):
        return found, "the keyring"
    return ",".join(_from_file(file).sealing), str(file)


def _from_keyring(workspace_id: str, name: str) -> str | None:
    import keyring  # noqa: PLC0415 - slow to import, and needed only here
    from keyring.errors import KeyringError  # noqa: PLC0415 - as above

    try:
        return keyring.get_password(_SERVICE, f"{workspace_id}:{name}")
    except KeyringError:
        return None


class _KeyFile(BaseModel):
    sealing: list[str] = Field(min_length=1)
    index: str


def _from_file(file: Path) -> _KeyFile:
    """The keys in the file, which is made where there is none."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = _KeyFile(sealing=[Fernet.generate_key().decode()], index=Fernet.generate_key().decode())
        _write_once(file, fresh.model_dump_json(indent=1))
    try:
        return _KeyFile.model_validate_json(file.read_text())
    except ValueError:
        raise ConfigError("not a key file; restore it from your backup", file=file) from None


def _write_once(file: Path, text: str) -> None:
    """Writes the file unless another process was first; complete or not there at all."""
    temporary = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
    temporary.touch(mode=0o600)
    temporary.write_text(text)
    try:
        os.link(temporary, file)
    except FileExistsError:
        return
    finally:
        temporary.unlink()
