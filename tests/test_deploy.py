"""What `deploy/` holds is accepted by its own tools where they are, and names what there is.

`docker compose config` runs where Docker has it; without it the compose file is read as YAML and held against what
we use of the Compose Specification.
"""

import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from payerbots.cli.main import COMMANDS
from payerbots.settings import Settings
from tests.support import ROOT

DEPLOY = ROOT / "deploy"
UNIT, COMPOSE = DEPLOY / "payerbots.service", DEPLOY / "compose.yaml"
OURS = {"scheduler", "notices", "console", "worker", "status"}
KEYS = {
    "image", "build", "restart", "stop_grace_period", "env_file", "environment", "volumes", "depends_on", "command",
    "deploy", "shm_size", "security_opt", "profiles", "healthcheck", "hostname",
}  # fmt: skip
"""Of the Compose Specification what the file uses."""


def tool(name: str) -> str:
    """The path of a program; its name where it is not here."""
    return shutil.which(name) or name


def has_compose() -> bool:
    if shutil.which("docker") is None:
        return False
    return (
        subprocess.run([tool("docker"), "compose", "version"], capture_output=True, check=False).returncode
        == 0
    )


@cache
def compose() -> dict[str, Any]:
    found: dict[str, Any] = YAML(typ="safe").load(COMPOSE.read_text())
    return found


def starts(words: list[str]) -> str:
    """The command that words of `payerbots` begin with, options left out."""
    return next(word for word in words if not word.startswith("-") and "/" not in word)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not here")
def test_systemd_accepts_the_unit(tmp_path: Path) -> None:
    text = UNIT.read_text().replace("/srv/payerbots/.venv/bin/payerbots", sys.executable)
    file = tmp_path / UNIT.name
    file.write_text(re.sub(r"^User=.*$", "User=root", text, flags=re.MULTILINE))
    done = subprocess.run(
        [tool("systemd-analyze"), "verify", str(file)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_unit_starts_a_command_that_there_is() -> None:
    (line,) = re.findall(r"^ExecStart=\S+ (.*)$", UNIT.read_text(), re.MULTILINE)
    assert starts(line.split()) in COMMANDS
    assert "KillMode=mixed" in UNIT.read_text()


@pytest.mark.skipif(not has_compose(), reason="docker compose is not here")
def test_docker_compose_accepts_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTGRES_PASSWORD", "x")
    monkeypatch.setenv("RABBITMQ_PASSWORD", "x")
    command = [tool("docker"), "compose", "-f", str(COMPOSE), "config", "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_compose_file_uses_known_keys_and_names_what_it_has() -> None:
    services, volumes = compose()["services"], set(compose()["volumes"])
    assert set(services) == OURS | {"postgres", "rabbitmq"}
    for name, one in services.items():
        assert set(one) <= KEYS, name
        assert set(one.get("depends_on", {})) <= set(services)
        named = {
            volume.split(":")[0] for volume in one.get("volumes", ()) if not volume.startswith(("$", "."))
        }
        assert named <= volumes
        assert not one.get("ports"), "nothing is open to the outside"


@pytest.mark.parametrize("name", sorted(OURS))
def test_a_service_of_ours_runs_a_command_that_there_is_with_settings_that_there_are(name: str) -> None:
    one = compose()["services"][name]
    assert starts(one["command"]) in COMMANDS
    known = {f"PAYERBOTS_{field.upper()}" for field in Settings.model_fields}
    assert set(one["environment"]) <= known


def test_no_password_stands_in_a_file() -> None:
    text = COMPOSE.read_text()
    values = re.findall(r"(?:PASSWORD|PASS): (\S+)", text)
    assert values
    assert all(value.startswith("${") for value in values)
    assert all("${" in url for url in re.findall(r"\w+://payerbots:(\S+)@", text))
