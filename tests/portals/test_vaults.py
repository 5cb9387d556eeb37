"""Where secrets are kept: what is put in comes out, and nothing of it lies about in clear."""

from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from cryptography.fernet import Fernet

from payerbots.errors import ConfigError, KeyUnknown
from payerbots.keys import Keys
from payerbots.portals import vaults
from payerbots.portals.config import CodeFrom, Login, MailboxEntry
from payerbots.portals.vaults import Environment, Keyring, SealedFile, Vault
from tests.test_keys import MemoryRing

CANARY = "Canary-Secret-7731"
KEYS = Keys((Fernet.generate_key().decode(),), "index", "a test")


@pytest.fixture
def ring() -> Iterator[MemoryRing]:
    before, ring = keyring.get_keyring(), MemoryRing()
    keyring.set_keyring(ring)
    yield ring
    keyring.set_keyring(before)


@pytest.fixture(params=["keyring", "file"])
def vault(request: pytest.FixtureRequest, ring: MemoryRing, tmp_path: Path) -> Vault:  # noqa: ARG001 - it is set
    return (
        Keyring("0123") if request.param == "keyring" else SealedFile(tmp_path / "credentials.sealed", KEYS)
    )


def test_what_is_put_in_comes_out(vault: Vault) -> None:
    assert vault.get("summit", "bot1", "password") is None
    vault.put("summit", "bot1", "password", CANARY)
    vault.put("summit", "bot2", "password", "another")
    assert vault.get("summit", "bot1", "password") == CANARY
    vault.put("summit", "bot1", "password", "changed")
    assert vault.get("summit", "bot1", "password") == "changed"
    vault.put("summit", "bot1", "password", None)
    vault.put("summit", "bot1", "password", None)
    assert vault.get("summit", "bot1", "password") is None
    assert vault.get("summit", "bot2", "password") == "another"


def test_the_file_is_private_and_sealed(tmp_path: Path) -> None:
    file = tmp_path / "credentials.sealed"
    SealedFile(file, KEYS).put("summit", "bot1", "password", CANARY)
    assert file.stat().st_mode & 0o777 == 0o600
    assert CANARY.encode() not in file.read_bytes()
    assert [found.name for found in tmp_path.iterdir()] == [file.name]


def test_the_wrong_key_says_so_and_destroys_nothing(tmp_path: Path) -> None:
    file = tmp_path / "credentials.sealed"
    SealedFile(file, KEYS).put("summit", "bot1", "password", CANARY)
    before = file.read_bytes()
    stranger = SealedFile(file, Keys((Fernet.generate_key().decode(),), "index", "a test"))
    with pytest.raises(KeyUnknown):
        stranger.get("summit", "bot1", "password")
    with pytest.raises(KeyUnknown):
        stranger.put("summit", "bot1", "user", "other")
    assert file.read_bytes() == before


def test_a_locked_keyring_is_told(ring: MemoryRing) -> None:
    ring.locked = True
    with pytest.raises(ConfigError, match="unlock it"):
        Keyring("0123").get("summit", "bot1", "password")


def test_the_environment_cannot_be_set() -> None:
    with pytest.raises(ConfigError, match="set PAYERBOTS_SUMMIT_BOT1_PASSWORD") as error:
        Environment({}).put("summit", "bot1", "password", CANARY)
    assert CANARY not in str(error.value)


def test_workspaces_share_a_keyring_and_not_its_entries(ring: MemoryRing) -> None:  # noqa: ARG001 - it is set
    Keyring("0123").put("summit", "bot1", "user", "ours")
    assert Keyring("4567").get("summit", "bot1", "user") is None


MAILBOX = MailboxEntry(host="127.0.0.1", user="bots@lakeside.example")
NEEDED = [
    (Login(name="bot1"), ("user", "password")),
    (Login(name="bot1", code=CodeFrom.TOTP), ("user", "password", "totp")),
    (Login(name="bot1", code=CodeFrom.EMAIL, mailbox=MAILBOX), ("user", "password", "mail_password")),
    (Login(name="bot1", code=CodeFrom.PERSON), ("user", "password")),
]


@pytest.mark.parametrize(("login", "names"), NEEDED, ids=[str(row[0].code) for row in NEEDED])
def test_a_login_needs_what_its_codes_need(login: Login, names: tuple[str, ...]) -> None:
    assert vaults.fields(login) == names
