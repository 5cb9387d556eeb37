from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import httpx
import openpyxl
import pytest

from payerbots.sandbox import sites
from payerbots.sandbox.faults import UnknownFaultError
from payerbots.sandbox.server import PracticePortal, PracticeSite

SERVE = """
from payerbots.sandbox.server import Serving, serve
wanted = Serving(seed=1, names=("summit_health", "harbor_bank"), faults={"summit_health": {"maintenance": 1}})
serve(wanted, lambda urls: print(*urls.values(), flush=True))
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
        summit, harbor = running.stdout.readline().split()
        assert "right back" in httpx.get(summit).text
        assert httpx.get(f"{harbor}/tx/sign-on").status_code == 200
        running.send_signal(how)
        assert running.stdout.read().strip() == "stopped"
    assert running.returncode == 0


@pytest.mark.parametrize("name", sites.NAMES)
def test_each_site_is_made_over_the_same_world(name: str) -> None:
    state, app = sites.make(name, 1)
    with PracticeSite(state, app) as site:
        assert httpx.get(site.url, follow_redirects=True).status_code == 200
        assert httpx.post(f"{site.url}/practice/faults", json={"maintenance": 1}).status_code == 200


def test_faults_are_of_the_first_site_unless_another_one_is_named() -> None:
    found = sites.parse_faults(["slow=0.5", "harbor_bank.file_truncated", "cascade_mutual.layout=2"])
    assert found == {
        "summit_health": {"slow": 0.5},
        "cascade_mutual": {"layout": 2},
        "harbor_bank": {"file_truncated": 1},
        "clearpoint": {},
    }


@pytest.mark.parametrize("text", ["harbor_bank.stale_answer", "wrong", "harbor.slow=1"])
def test_a_fault_that_a_site_does_not_have_is_refused(text: str) -> None:
    with pytest.raises(UnknownFaultError):
        sites.parse_faults([text])


def test_the_offices_list_has_both_payers_one_below_the_other(tmp_path: Path) -> None:
    day = date(2026, 11, 20)
    sites.write_requests(tmp_path / "list.xlsx", 1, day)
    sheet = openpyxl.load_workbook(tmp_path / "list.xlsx")["Requests"]
    asked = [row[0].row for row in sheet.iter_rows(min_row=5) if row[4].value]
    rows = [one["row"] for one in sites.answers(1, day)["eligibility"]]
    assert len(rows) == len(set(rows)) == 56
    assert set(asked) <= set(rows)
