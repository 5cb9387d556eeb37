"""`payerbots queues` as an ops admin and a consumer give it, in an office with its own queue and one at a broker."""

import asyncio
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from payerbots.ledger.models import Audit, Message
from payerbots.workspace import Workspace
from tests.brokers import broker_url, inbox
from tests.cli.saying import say
from tests.support import ROOT, Office, one_login

QUEUES = """
to-post: {bot: eligibility, to: office, carries: answer}
results: {bot: eligibility, to: amqp}
"""


@pytest.fixture
def queued(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """This repository's workspace with two queues, after a run with two answers and an exception."""
    root = tmp_path / "office"
    for part in ("bots", "flows", "selectors"):
        shutil.copytree(ROOT / part, root / part, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("portals.yaml", "schedules.yaml"):
        shutil.copy(ROOT / file, root)
    (root / "queues.yaml").write_text(QUEUES)
    monkeypatch.setenv("PAYERBOTS_DATA", str(office.workspace.data))
    vars(office.workspace)["queues"] = Workspace(root, office.workspace.settings).queues
    report = office.run(office.requests(7, 8, 39))
    assert report.by_state == {"done": 2, "exception": 1}
    return replace(office, folder=root, workspace=one_login(office.workspace))


def test_results_are_taken_done_and_given_back(queued: Office) -> None:
    listed = json.loads(say("queues", "list", "--json", workspace=queued.folder))
    assert {row["queue"]: (row["to"], row["waiting"]) for row in listed} == {
        "to-post": ("office", 3),
        "results": ("amqp", 3),
    }
    taking = ("queues", "take", "to-post", "--by", "poster")
    taken = json.loads(say(*taking, "--count", "2", workspace=queued.folder))
    assert [one["message"]["id"] for one in taken] == list(
        Message.objects.filter(queue="to-post").order_by("pk").values_list("message_id", flat=True)[:2]
    )
    assert len(taken[0]["message"]["answer"]) > 5
    first, second = (str(one["number"]) for one in taken)
    assert (
        say("queues", "done", "to-post", first, "--by", "poster", workspace=queued.folder) == "1 of 1 done\n"
    )
    assert "0 of 1" in say(
        "queues", "done", "to-post", second, "--by", "thief", workspace=queued.folder, code=1
    )
    assert (
        say("queues", "give-back", "to-post", "--by", "poster", workspace=queued.folder) == "1 given back\n"
    )
    assert len(json.loads(say(*taking, "--count", "9", workspace=queued.folder))) == 2
    assert Audit.objects.filter(action="queue taken").count() == 2


def test_the_brokers_queue_is_not_taken_from_here(queued: Office) -> None:
    told = say("queues", "take", "results", "--by", "poster", workspace=queued.folder, code=2)
    assert "results is the broker's" in told
    assert "queues.yaml has: to-post, results" in say(
        "queues", "resend", "other", workspace=queued.folder, code=2
    )


def test_a_worker_hands_results_on_to_the_broker(queued: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run with nothing new to ask sends at its end what waits."""
    url = broker_url()

    async def sent() -> list[str]:
        async with inbox(url, "eligibility.*") as box:
            monkeypatch.setenv("PAYERBOTS_AMQP_EXCHANGE", box.exchange)
            rows = str(queued.workspace.data.parent / "requests.xlsx")
            run = ("run", "eligibility", "--input", rows, "--out", str(queued.folder / "out"))
            await asyncio.to_thread(say, *run, workspace=queued.folder, code=1)
            return [(await box.next()).body.decode() for _ in range(3)]

    monkeypatch.setenv("PAYERBOTS_AMQP_URL", url)
    bodies = queued.loop.run(sent())
    assert {json.loads(body)["state"] for body in bodies} == {"done", "exception"}
    assert all("answer" not in json.loads(body) for body in bodies)


def test_a_brokers_queue_needs_its_address(queued: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PAYERBOTS_AMQP_URL", raising=False)
    rows = str(queued.workspace.data.parent / "requests.xlsx")
    told = say("run", "eligibility", "--input", rows, workspace=queued.folder, code=2)
    assert "queue results is `to: amqp`: set PAYERBOTS_AMQP_URL" in told


def test_an_office_without_queues_is_told_what_to_do(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAYERBOTS_DATA", str(office.workspace.data))
    assert "describe one in queues.yaml" in say("queues", "list")
