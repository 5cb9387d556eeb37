from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from payerbots.sandbox.cascade.faults import Faults
from payerbots.sandbox.faults import UnknownFaultError, parse

if TYPE_CHECKING:
    from payerbots.sandbox.server import PracticeSite
    from tests.sandbox.cascade.conftest import Caller


def test_faults_are_read_from_texts() -> None:
    assert parse(["slow_file=0.5", "list_shift=2", "popup"], Faults) == {
        "slow_file": 0.5,
        "list_shift": 2,
        "popup": 1,
    }


def test_a_fault_of_another_site_is_refused() -> None:
    with pytest.raises(UnknownFaultError, match="wrong_org"):
        parse(["wrong_org"], Faults)


def test_the_harness_sets_and_clears_faults(caller: Caller) -> None:
    assert caller.post("/practice/faults", layout=2).json()["layout"] == 2
    assert 'data-layout="2"' in caller.get("/").text
    assert caller.client.delete("/practice/faults").json()["layout"] == 1


def test_errors_come_as_often_as_asked(biller: Caller, site: PracticeSite) -> None:
    site.set_faults(error_next=2)
    assert [biller.get("/api/home").status_code for _ in range(3)] == [500, 500, 200]
    assert site.stats()["errors_shown"] == 2


def test_a_rate_of_errors_hits_some_calls(biller: Caller, site: PracticeSite) -> None:
    site.set_faults(error_rate=0.5)
    statuses = {biller.get("/api/home").status_code for _ in range(30)}
    assert statuses == {200, 500, 502}


def test_a_session_ends_after_so_many_calls(biller: Caller, site: PracticeSite) -> None:
    site.set_faults(logout_after=2)
    assert [biller.get("/api/home").status_code for _ in range(3)] == [200, 200, 401]
    assert biller.post("/api/session/token").status_code == 401


def test_slowness_takes_its_time(biller: Caller, site: PracticeSite) -> None:
    site.set_faults(slow=0.2)
    began = time.monotonic()
    biller.get("/api/home")
    assert time.monotonic() - began >= 0.2


@pytest.mark.parametrize("path", ["/", "/remittances", "/documents/7204860/file"])
def test_maintenance_is_a_page_of_status_200(biller: Caller, site: PracticeSite, path: str) -> None:
    site.set_faults(maintenance=1)
    answer = biller.get(path)
    assert (answer.status_code, "planned maintenance" in answer.text) == (200, True)


def test_maintenance_stops_every_call(biller: Caller, site: PracticeSite) -> None:
    site.set_faults(maintenance=1)
    answer = biller.get("/api/home")
    assert (answer.status_code, answer.json()) == (503, {"code": "maintenance"})
