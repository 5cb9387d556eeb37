"""Memory is watched: what a worker and all that it started hold."""

import subprocess
import sys
from types import SimpleNamespace
from typing import Any, cast

import pytest

from payerbots.browser.chromium import Chromium
from payerbots.engine.memory import held_megabytes
from payerbots.engine.service import Service, Terms
from tests.support import Office

HOLDS = "held = bytearray(b'x') * 90_000_000; print('ready', flush=True); input()"


def test_what_a_child_holds_counts() -> None:
    before = held_megabytes()
    with subprocess.Popen(
        [sys.executable, "-c", HOLDS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        during = held_megabytes()
        child.communicate("\n")
    assert during - before > 75


@pytest.mark.parametrize(
    ("ended", "held", "why"),
    [(0, 99, ""), (0, 100, "100 MB"), (20, 99, "20 attempts"), (19, 0, "")],
)
def test_a_worker_begins_anew_after_enough_items_or_memory(
    office: Office, ended: int, held: int, why: str
) -> None:
    service = Service(office.workspace, Terms(most_items=20, most_megabytes=100), Chromium())
    assert service._spent(cast("Any", SimpleNamespace(ended=ended, megabytes=held))) == why
