"""Figures for Prometheus: of this process, and of the ledger when it is asked."""

import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from payerbots.engine.worker import Progress
from payerbots.errors import ConfigError
from payerbots.ledger import portals as standings
from payerbots.ledger.setup import use
from payerbots.operation.metrics import Metrics, State, look, served
from payerbots.settings import Settings
from payerbots.workspace import Workspace
from tests.ledger.desk import DONE, Desk, new_item
from tests.operation.telling import leave
from tests.support import ROOT


@pytest.fixture
def metrics(desk: Desk, tmp_path: Path) -> Metrics:
    space = Workspace(ROOT, Settings(data=tmp_path / "data", zone="UTC"))
    return Metrics(partial(look, desk.ledger, space))


@pytest.fixture
def port(metrics: Metrics) -> Iterator[int]:
    with served(metrics, 0) as found:
        yield found


def values(port: int) -> dict[str, float]:
    """`name{label,...}` → value, of our own."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=20) as page:
        text = page.read().decode()
    return {
        f"{one.name}{{{','.join(one.labels.values())}}}": one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
        if one.name.startswith("payerbots_")
    }


def test_the_ledgers_state_is_told_as_it_is_when_asked(desk: Desk, port: int) -> None:
    assert values(port)["payerbots_ledger_up{}"] == 1
    desk.fill(new_item(1), new_item(2), new_item(3))
    desk.finish(desk.claimed(), DONE)
    leave(desk.ledger, "a")
    standings.stop(desk.ledger, "harbor_bank", "SIGN_IN_REFUSED", "refused")
    desk.clock.forward(timedelta(minutes=10))
    found = values(port)
    assert found["payerbots_items{eligibility,summit,new}"] == 2
    assert found["payerbots_oldest_item_age_seconds{eligibility,summit,new}"] == 600
    assert found["payerbots_portal_standing{harbor_bank,stopped}"] == 1
    assert found["payerbots_portal_standing{harbor_bank,open}"] == 0
    assert found["payerbots_runs{running}"] == 1
    assert found["payerbots_notices_waiting{}"] == 2
    assert found["payerbots_workers_alive{}"] == 0


def test_what_this_process_did_is_counted(metrics: Metrics, port: int) -> None:
    for seconds in (0.4, 3.0):
        metrics.step(Progress(1, "summit", "done", "", (), "eligibility", seconds))
    metrics.step(Progress(2, "summit", "exception", "MEMBER_NOT_FOUND", (), "eligibility", 1.0))
    found = values(port)
    assert found["payerbots_attempts_total{eligibility,summit,done}"] == 2
    assert found["payerbots_exceptions_total{eligibility,summit,MEMBER_NOT_FOUND}"] == 1
    assert found["payerbots_attempt_seconds_count{eligibility,summit}"] == 3
    assert found["payerbots_attempt_seconds_bucket{eligibility,0.5,summit}"] == 1


def test_a_ledger_that_does_not_answer_shows_and_the_rest_is_told(sqlite_desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "gone").mkdir()

    def gone() -> State:
        use(tmp_path / "gone" / "nowhere")
        return look(sqlite_desk.ledger, Workspace(ROOT, Settings(data=tmp_path / "data")))

    metrics = Metrics(gone)
    metrics.step(Progress(1, "summit", "done", "", (), "eligibility", 1.0))
    with served(metrics, 0) as port:
        found = values(port)
    assert found["payerbots_ledger_up{}"] == 0
    assert found["payerbots_attempts_total{eligibility,summit,done}"] == 1
    assert not any(name.startswith("payerbots_items") for name in found)


def test_a_port_that_is_taken_is_a_setting_that_is_wrong(metrics: Metrics, port: int) -> None:
    with pytest.raises(ConfigError, match=f"port {port} of 127.0.0.1 is taken"), served(metrics, port):
        pass
