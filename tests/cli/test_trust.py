"""`payerbots credentials`, `key`, `audit` and `purge` as an ops admin gives them."""

import json
import os
from pathlib import Path

import pytest

from payerbots.keys import Keys, new_key
from payerbots.ledger.filestore import FileStore
from payerbots.ledger.models import Audit, Item
from payerbots.portals.config import SecretsFrom
from payerbots.sandbox.logins import LOGINS
from payerbots.workspace import Workspace
from tests.cli.saying import say
from tests.support import Office

SEVEN = 7
PORTALS = """
summit:
  url: http://127.0.0.1:9
  automation: permitted
  credentials:
    - {name: bot1, from: file, code: totp}
    - {name: bot2, from: env}
"""
SECRET = "JBSWY3DPEHPK3PXP"
CANARY = "Canary-Word-4471"


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with nothing but a portal."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    folder = tmp_path / "office"
    folder.mkdir()
    (folder / "schedules.yaml").touch()
    (folder / "portals.yaml").write_text(PORTALS)
    return folder


@pytest.fixture
def worked(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """An office after a run with one answer."""
    monkeypatch.setenv("PAYERBOTS_DATA", str(office.workspace.data))
    assert office.run(office.requests(SEVEN)).by_state == {"done": 1}
    return office


def test_secrets_are_typed_listed_by_name_and_removed(bare: Path) -> None:
    listed = say("credentials", "list", workspace=bare, code=1)
    assert "summit bot1  from file, code totp: missing: credentials.sealed: summit/bot1/user" in listed
    assert "PAYERBOTS_SUMMIT_BOT2_USER" in listed
    told = say("credentials", "set", "summit", "bot1", workspace=bare, typed=f"office\n{CANARY}\n{SECRET}\n")
    assert told == "summit bot1: user, password, totp set (file)\n"
    listed = say("credentials", "list", workspace=bare, code=1)
    assert "summit bot1  from file, code totp: all set" in listed
    found = [file.read_bytes() for file in bare.rglob("*") if file.is_file()]
    assert not any(CANARY.encode() in data or SECRET.encode() in data for data in found)
    say("credentials", "remove", "summit", "bot1", workspace=bare)
    assert "bot1  from file, code totp: missing" in say("credentials", "list", workspace=bare, code=1)


def test_secrets_in_the_environment_are_not_asked_for(bare: Path) -> None:
    told = say("credentials", "set", "summit", "bot2", workspace=bare, code=2, typed=f"office\n{CANARY}\n")
    assert "set PAYERBOTS_SUMMIT_BOT2_PASSWORD where the bots are started" in told
    assert CANARY not in told


def test_what_is_no_secret_for_codes_is_refused_and_nothing_is_kept(bare: Path) -> None:
    typed = f"office\n{CANARY}\nnot base 32!\n"
    told = say("credentials", "set", "summit", "bot1", workspace=bare, code=2, typed=typed)
    assert "not a base-32 secret" in told
    assert "all set" not in say("credentials", "list", workspace=bare, code=1)


def test_a_login_that_is_not_there_is_told(bare: Path) -> None:
    assert "summit has: bot1, bot2" in say("credentials", "set", "summit", "bot9", workspace=bare, code=2)


def test_a_code_that_nobody_waits_for_is_refused_before_it_is_typed(bare: Path) -> None:
    assert "nobody waits for a code of summit" in say("portals", "code", "summit", workspace=bare, code=2)


def test_keys_rotate_and_the_former_one_goes_when_it_is_safe(worked: Office) -> None:
    before = json.loads(say("key", "status", "--json"))
    say("credentials", "list")
    told = json.loads(say("key", "rotate", "--json"))
    after = json.loads(say("key", "status", "--json"))
    (old,) = before["keys"]
    assert after["keys"] == {told["key"]: sum(before["keys"].values()), old: 0}
    assert "drop after an hour" in say("key", "drop", code=2)
    store = Path(os.environ["XDG_CONFIG_HOME"]) / "payerbots" / f"{worked.workspace.identity}.keys"
    held = json.loads(store.read_text())
    store.write_text(json.dumps({**held, "rotated_at": "2026-01-01T00:00:00Z"}))
    assert "1 former keys dropped" in say("key", "drop")
    assert list(json.loads(say("key", "status", "--json"))["keys"]) == [told["key"]]
    assert worked.run(worked.requests(SEVEN)).by_state == {"done": 1}


def test_kept_files_rotate_too(bare: Path) -> None:
    space = Workspace.find(bare)
    kept = FileStore(space.keys, space.data / "files").keep(CANARY.encode())
    assert json.loads(say("key", "status", "--json", workspace=bare))["keys"].popitem()[1] == 1
    say("key", "rotate", workspace=bare)
    (file,) = (space.data / "files").iterdir()
    (first, _) = Workspace.find(bare).keys.sealing
    only = Keys((first,), space.keys.index, "a test")
    with FileStore(only, file.parent).open(kept) as stream:
        assert stream.read() == CANARY.encode()


def test_keys_rotate_in_the_middle_of_a_run(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAYERBOTS_DATA", str(office.workspace.data))

    def rotate() -> None:
        say("key", "rotate")

    office.after_first(rotate)
    report = office.run(office.requests(SEVEN, 8, 39))
    assert report.by_state == {"done": 2, "exception": 1}
    assert len(json.loads(say("key", "status", "--json"))["keys"]) == 2


def test_the_wrong_key_says_so_and_destroys_nothing(worked: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    before = list(Item.objects.order_by("pk").values())
    with monkeypatch.context() as other:
        other.setenv("PAYERBOTS_KEY", new_key())
        assert "sealed with a key that is not here" in say("key", "status", code=1)
        other.setenv("PAYERBOTS_KEY", f"{new_key()},{new_key()}")
        assert "left as they are" in say("key", "rotate", code=3)
    assert list(Item.objects.order_by("pk").values()) == before
    assert worked.run(worked.requests(SEVEN)).by_state == {"done": 1}


def test_the_audit_is_proven_and_a_changed_row_is_found(worked: Office) -> None:  # noqa: ARG001 - it has worked
    say("portals", "pause", "summit_health")
    told = json.loads(say("audit", "verify", "--json"))
    assert told["whole"]
    assert told["links"] == Audit.objects.count()
    say("portals", "resume", "summit_health")
    assert json.loads(say("audit", "verify", "--head", told["head"], "--json"))["whole"]
    Audit.objects.filter(action="run started").update(actor="somebody else")
    assert "was changed" in say("audit", "verify", code=1)


def test_a_purge_is_tried_dry_and_says_what_its_rules_keep(worked: Office) -> None:  # noqa: ARG001 - it has worked
    told = say("purge", "--older-than", "400d", "--dry-run")
    assert "answers         0 would go" in told
    assert "audit           0 would go" in told
    assert "(kept longer by its rule)" in told
    assert "found 'soon', allowed: an age" in say("purge", "--older-than", "soon", code=2)


def test_a_rule_that_cannot_be_read_names_its_line(bare: Path) -> None:
    (bare / "retention.yaml").write_text("evidence: 30d\nanswers: for ever\n")
    told = say("purge", "--older-than", "90d", workspace=bare, code=2)
    assert "retention.yaml:2: at key answers: found 'for ever'" in told


def test_a_login_signs_in_with_secrets_from_the_sealed_file(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    portal = office.workspace.portals["summit_health"]
    login = portal.credentials[0].model_copy(update={"source": SecretsFrom.FILE})
    office.workspace.portals["summit_health"] = portal.model_copy(update={"credentials": (login,)})
    vault = office.workspace.vault(login)
    known = LOGINS["bot1"]
    for name, value in (("user", known.user), ("password", known.password), ("totp", known.totp_secret)):
        monkeypatch.delenv(f"PAYERBOTS_SUMMIT_HEALTH_BOT1_{name.upper()}")
        vault.put("summit_health", "bot1", name, value)
    assert office.run(office.requests(SEVEN)).by_state == {"done": 1}
