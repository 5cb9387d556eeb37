from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import httpx
import pytest

from payerbots.sandbox.server import PracticePortal

SERVE = """
from payerbots.sandbox.server import serve
serve(1, 0, {"maintenance": 1}, on_ready=lambda url: print(url, flush=True))
print("stopped", flush=True)
"""


def test_importing_the_package_is_cheap() -> None:
    check = "import sys, payerbots.sandbox; print('starlette' in sys.modules, 'openpyxl' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False False"


def test_two_portals_run_side_by_side() -> None:
    with PracticePortal(1) as first, PracticePortal(2) as second:
        assert first.url != second.url
        assert httpx.get(second.url + "/sign-in").status_code == 200


def test_a_stopped_portal_no_longer_listens() -> None:
    with PracticePortal(1) as portal:
        url = portal.url
    with pytest.raises(httpx.ConnectError):
        httpx.get(url)


def test_latency_delays_every_page() -> None:
    with PracticePortal(1, latency_ms=120) as portal:
        begun = time.perf_counter()
        httpx.get(portal.url + "/sign-in")
        assert time.perf_counter() - begun > 0.12


@pytest.mark.skipif(os.name == "nt", reason="a console signal reaches the whole group there")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM], ids=lambda item: item.name)
def test_the_foreground_server_stops_cleanly_on_a_signal(how: signal.Signals) -> None:
    with subprocess.Popen([sys.executable, "-c", SERVE], stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout
        url = running.stdout.readline().strip()
        assert "right back" in httpx.get(url).text
        running.send_signal(how)
        assert running.stdout.read().strip() == "stopped"
    assert running.returncode == 0
