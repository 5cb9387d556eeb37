"""Where keys come from, how they are made, and what can be done with them."""

import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import keyring
import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError

from payerbots import keys
from payerbots.errors import ConfigError, KeyUnknown
from payerbots.keys import Keys

FIRST, SECOND, THIRD = (Fernet.generate_key().decode() for _ in range(3))
FIXED = Keys((FIRST,), "index", "a test")
OFFICE = "0123abcd"


class MemoryRing(KeyringBackend):
    """A keyring of this process; `locked` refuses to answer. Never chosen by itself."""

    priority = 0

    def __init__(self, held: dict[str, str] | None = None, *, locked: bool = False) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # keyring types only a part of itself
        self.held, self.locked = held or {}, locked

    def get_password(self, service: str, username: str) -> str | None:
        if self.locked:
            raise KeyringLocked("locked")
        return self.held.get(f"{service}/{username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        self.held[f"{service}/{username}"] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.held.pop(f"{service}/{username}", None) is None:
            raise PasswordDeleteError("not there")


@pytest.fixture(autouse=True)
def ring() -> Iterator[Callable[[KeyringBackend], None]]:
    """Sets the keyring; an empty one unless told."""
    before = keyring.get_keyring()
    keyring.set_keyring(MemoryRing())
    yield keyring.set_keyring
    keyring.set_keyring(before)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


def _file(home: Path) -> Path:
    return keys.key_file(OFFICE, {}, home)


def test_keys_are_made_on_first_use_and_found_again(home: Path) -> None:
    made = keys.load(OFFICE, {}, home)
    assert keys.load(OFFICE, {}, home) == made
    assert made.source == str(_file(home))


def test_each_workspace_has_its_own_keys(home: Path) -> None:
    assert keys.load(OFFICE, {}, home).sealing != keys.load("another", {}, home).sealing


def test_the_key_file_lies_in_the_users_own_configuration(home: Path) -> None:
    assert _file(home) == home / ".config" / "payerbots" / f"{OFFICE}.keys"


def test_the_configuration_may_lie_elsewhere(tmp_path: Path) -> None:
    environ = {"XDG_CONFIG_HOME": str(tmp_path)}
    assert keys.key_file(OFFICE, environ) == tmp_path / "payerbots" / f"{OFFICE}.keys"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no mode")
def test_nobody_else_may_read_the_key_file(home: Path) -> None:
    before = os.umask(0)
    try:
        keys.load(OFFICE, {}, home)
    finally:
        os.umask(before)
    assert stat.S_IMODE(_file(home).stat().st_mode) == 0o600
    assert stat.S_IMODE(_file(home).parent.stat().st_mode) == 0o700


def test_nothing_but_the_key_file_is_left_behind(home: Path) -> None:
    keys.load(OFFICE, {}, home)
    assert list(_file(home).parent.iterdir()) == [_file(home)]


def test_two_processes_that_make_the_keys_at_once_get_the_same(home: Path) -> None:
    code = (
        "import sys, pathlib, keyring; from keyring.backends import null; keyring.set_keyring(null.Keyring());"
        "from payerbots import keys; sys.stdin.readline();"
        "print(keys.load(sys.argv[1], {}, pathlib.Path(sys.argv[2])))"
    )
    command = [sys.executable, "-c", code, OFFICE, str(home)]
    both = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    for process in both:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [process.communicate(timeout=30)[0] for process in both]
    assert said[0] == said[1] == f"{keys.load(OFFICE, {}, home)}\n"


@pytest.mark.parametrize("same_process", [False, True], ids=["another process", "another thread"])
def test_keys_that_another_made_in_between_are_taken(
    same_process: bool, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link, others = os.link, []

    def late(source: Path, target: Path) -> None:
        monkeypatch.setattr(os, "link", link)
        with pytest.MonkeyPatch.context() as inner:
            if not same_process:
                inner.setattr(os, "getpid", lambda: 1)
            others.append(keys.load(OFFICE, {}, home))
        link(source, target)

    monkeypatch.setattr(os, "link", late)
    ours = keys.load(OFFICE, {}, home)
    assert others == [ours]


def test_a_key_file_that_was_damaged_is_not_replaced(home: Path) -> None:
    keys.load(OFFICE, {}, home)
    _file(home).write_text('{"sealing": []}')
    with pytest.raises(ConfigError, match=f"{OFFICE}\\.keys: not a key file; restore it"):
        keys.load(OFFICE, {}, home)
    assert _file(home).read_text() == '{"sealing": []}'


def test_the_environment_comes_first(home: Path, ring: Callable[[KeyringBackend], None]) -> None:
    ring(MemoryRing({f"payerbots/{OFFICE}:sealing": SECOND, f"payerbots/{OFFICE}:index": "ring"}))
    found = keys.load(OFFICE, {"PAYERBOTS_KEY": FIRST, "PAYERBOTS_INDEX_KEY": "mine"}, home)
    assert found == Keys((FIRST,), "mine", "PAYERBOTS_KEY")


def test_the_keyring_comes_next(home: Path, ring: Callable[[KeyringBackend], None]) -> None:
    ring(MemoryRing({f"payerbots/{OFFICE}:sealing": SECOND, f"payerbots/{OFFICE}:index": "ring"}))
    assert keys.load(OFFICE, {}, home) == Keys((SECOND,), "ring", "the keyring")


def test_where_both_keys_come_from_elsewhere_no_file_is_made(home: Path) -> None:
    keys.load(OFFICE, {"PAYERBOTS_KEY": FIRST, "PAYERBOTS_INDEX_KEY": "mine"}, home)
    assert list(home.iterdir()) == []


def test_a_keyring_that_is_locked_is_passed_over(home: Path, ring: Callable[[KeyringBackend], None]) -> None:
    ring(MemoryRing(locked=True))
    assert keys.load(OFFICE, {}, home).source == str(_file(home))


def test_the_index_key_stays_when_the_sealing_key_is_changed(home: Path) -> None:
    before = keys.load(OFFICE, {}, home)
    after = keys.load(OFFICE, {"PAYERBOTS_KEY": FIRST}, home)
    assert after.sealing != before.sealing
    assert after.hashed("a") == before.hashed("a")


NO_KEYS = [
    ("a password", "correct horse"),
    ("too short", "YWJj"),
    ("a comma too many", f"{FIRST},"),
    ("the second is none", f"{FIRST},abc"),
]


@pytest.mark.parametrize("text", [row[1] for row in NO_KEYS], ids=[row[0] for row in NO_KEYS])
def test_what_is_no_key_is_refused_without_showing_it(text: str, home: Path) -> None:
    with pytest.raises(ConfigError, match="the key from PAYERBOTS_KEY is not a Fernet key") as error:
        keys.load(OFFICE, {"PAYERBOTS_KEY": text}, home)
    assert text.partition(",")[0] not in str(error.value)


@given(st.binary())
def test_what_is_sealed_comes_back(data: bytes) -> None:
    assert FIXED.unseal(FIXED.seal(data)) == data


def test_the_same_data_is_never_sealed_the_same() -> None:
    assert FIXED.seal(b"Reyes") != FIXED.seal(b"Reyes")


def test_what_is_sealed_does_not_show_it() -> None:
    assert b"Reyes" not in FIXED.seal(b"Reyes")


def _both(environ_key: str, home: Path) -> Keys:
    return keys.load(OFFICE, {"PAYERBOTS_KEY": environ_key, "PAYERBOTS_INDEX_KEY": "i"}, home)


def test_the_first_key_seals_and_all_of_them_open(home: Path) -> None:
    old, rotated = _both(FIRST, home), _both(f"{SECOND},{FIRST}", home)
    assert rotated.unseal(old.seal(b"kept")) == b"kept"
    assert _both(SECOND, home).unseal(rotated.seal(b"new")) == b"new"
    with pytest.raises(KeyUnknown):
        old.unseal(rotated.seal(b"new"))


def test_a_wrong_key_says_where_it_came_from_and_nothing_of_the_data(home: Path) -> None:
    sealed = _both(FIRST, home).seal(b"Reyes")
    with pytest.raises(KeyUnknown, match="no key from PAYERBOTS_KEY opens this; put the former key back"):
        _both(THIRD, home).unseal(sealed)


DAMAGED = [
    ("cut short", lambda sealed: sealed[:-4]),
    ("changed", lambda sealed: sealed[:-4] + b"AAA="),
    ("nothing", lambda _: b""),
    ("never sealed", lambda _: b"Reyes, Ana"),
]


@pytest.mark.parametrize("damage", [row[1] for row in DAMAGED], ids=[row[0] for row in DAMAGED])
def test_what_was_damaged_is_not_opened(damage: Callable[[bytes], bytes]) -> None:
    with pytest.raises(KeyUnknown):
        FIXED.unseal(damage(FIXED.seal(b"Reyes")))


def test_a_database_hands_out_views_of_memory() -> None:
    assert FIXED.unseal(memoryview(FIXED.seal(b"kept"))) == b"kept"


def test_a_hash_stays_the_same_for_years() -> None:
    assert (
        Keys((FIRST,), "index", "a test").hashed("eligibility", "Reyes")
        == "b54529b1e9511ae8218bfa62f724bc4c956af39d"
    )


def test_a_hash_does_not_depend_on_the_sealing_key() -> None:
    assert Keys((SECOND,), "index", "").hashed("a", "b") == FIXED.hashed("a", "b")


def test_a_hash_differs_by_index_key() -> None:
    assert Keys((FIRST,), "other", "").hashed("a", "b") != FIXED.hashed("a", "b")


def test_a_hash_fits_its_column_and_is_plain() -> None:
    found = FIXED.hashed("Réyes", "José")
    assert len(found) == 40
    assert set(found) <= set("0123456789abcdef")


@given(st.lists(st.text(max_size=4), max_size=4), st.lists(st.text(max_size=4), max_size=4))
def test_hashes_are_equal_only_for_equal_parts(one: list[str], other: list[str]) -> None:
    assert (FIXED.hashed(*one) == FIXED.hashed(*other)) is (one == other)


def rotating(home: Path) -> tuple[keys.KeyStore, Keys]:
    return keys.KeyStore(OFFICE, {}, home), keys.load(OFFICE, {}, home)


def test_a_new_key_goes_first_and_the_former_still_opens(home: Path) -> None:
    store, before = rotating(home)
    sealed = before.seal(b"Canary")
    store.put_first(THIRD)
    after = keys.load(OFFICE, {}, home)
    assert (after.sealing[0], after.index) == (THIRD, before.index)
    assert after.unseal(sealed) == b"Canary"
    assert store.rotated_at() is not None
    assert stat.S_IMODE(store.file.stat().st_mode) == 0o600


def test_a_process_that_missed_the_rotation_opens_what_the_new_key_sealed(home: Path) -> None:
    store, worker = rotating(home)
    store.put_first(THIRD)
    sealed = keys.load(OFFICE, {}, home).seal(b"Canary")
    assert worker.unseal(sealed) == b"Canary"
    assert worker.sealing[0] == THIRD


def test_a_process_looks_for_new_keys_before_it_seals(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, worker = rotating(home)
    store.put_first(THIRD)
    monkeypatch.setattr(keys, "REFRESH_SECONDS", -1.0)
    assert Keys((THIRD,), "", "").unseal(worker.seal(b"Canary")) == b"Canary"


def test_keys_that_cannot_be_read_for_a_moment_are_kept(home: Path) -> None:
    store, worker = rotating(home)
    sealed = worker.seal(b"Canary")
    store.file.write_text("half a file")
    worker.refresh()
    assert worker.unseal(sealed) == b"Canary"


def test_resealing_brings_a_value_under_the_first_key_once() -> None:
    old, both = Keys((FIRST,), "", ""), Keys((SECOND, FIRST), "", "")
    sealed = old.seal(b"Canary")
    fresh = both.resealed(sealed)
    assert fresh is not None
    assert both.resealed(fresh) is None
    assert (both.whose(sealed), both.whose(fresh)) == (both.fingerprints()[1], both.fingerprints()[0])
    with pytest.raises(KeyUnknown):
        Keys((THIRD,), "", "").resealed(sealed)


def test_former_keys_are_dropped(home: Path) -> None:
    store, before = rotating(home)
    store.put_first(THIRD)
    store.keep_first_only()
    after = keys.load(OFFICE, {}, home)
    assert (after.sealing, after.index) == ((THIRD,), before.index)


def test_keys_in_the_keyring_rotate_there(home: Path, ring: Callable[[KeyringBackend], None]) -> None:
    held = MemoryRing({f"payerbots/{OFFICE}:sealing": FIRST, f"payerbots/{OFFICE}:index": "index"})
    ring(held)
    store = keys.KeyStore(OFFICE, {}, home)
    store.put_first(SECOND)
    assert held.held[f"payerbots/{OFFICE}:sealing"] == f"{SECOND},{FIRST}"
    assert store.rotated_at() is not None
    assert not store.file.exists()


def test_keys_in_the_environment_are_changed_there(home: Path) -> None:
    store = keys.KeyStore(OFFICE, {"PAYERBOTS_KEY": FIRST}, home)
    with pytest.raises(ConfigError, match="change it where the bots are started") as error:
        store.put_first(SECOND)
    assert FIRST not in str(error.value)


def test_keys_are_not_shown() -> None:
    assert FIRST not in repr(FIXED)
