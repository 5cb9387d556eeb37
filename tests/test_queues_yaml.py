"""`queues.yaml`: what it may say, and what is told of what it may not."""

import json
from pathlib import Path

import pytest

from payerbots import queues
from payerbots.engine.outgoing import messages
from payerbots.errors import ConfigError
from payerbots.ledger.records import Claim, Ending
from payerbots.settings import Settings
from payerbots.workspace import Workspace

GOOD = """
ready: {events: [payment.ready, denial.found], to: office, key: "money.{event}"}
results: {bot: eligibility, to: amqp}
to-post: {bot: remittance, states: [done], to: office, carries: answer, key: "{portal}.posted"}
"""
CLAIM = Claim(item=17, kind="work", bot="eligibility", portal="summit", attempt=2, owner="w", request=b"{}")
DONE = Ending(state="done", outcome="done", result=b'{"name": "Canary-Reyes"}')


def load(folder: Path, text: str) -> dict[str, queues.Queue]:
    (folder / queues.FILE).write_text(text)
    return queues.load(folder)


def test_queues_are_read(tmp_path: Path) -> None:
    found = load(tmp_path, GOOD)
    assert found["results"].states == ("done", "exception")
    assert found["results"].routing_key("done", "summit") == "eligibility.done"
    assert found["to-post"].routing_key("done", "summit") == "summit.posted"
    assert found["ready"].events == ("payment.ready", "denial.found")
    assert found["ready"].event_key("payment.ready", "summit") == "money.payment.ready"


def test_without_a_file_there_are_no_queues(tmp_path: Path) -> None:
    assert queues.load(tmp_path) == {}


WRONG = [
    ("results: {bot: a, to: kafka}", "queues.yaml:1: at key results.to: found 'kafka', allowed: "),
    ("results: {bot: a, to: office, carry: all}", "queues.yaml:1: at key results.carry"),
    ("results: {bot: a, to: office, states: []}", "queues.yaml:1: at key results.states"),
    ("results: {bot: a, to: office, key: '{name}'}", "queues.yaml:1: at key results.key"),
    (
        "ready: {events: [payment.red], to: office}",
        "queues.yaml:1: at key ready.events.0: found 'payment.red', ",
    ),
    (
        "ready: {events: [], to: office}",
        "queues.yaml:1: at key ready.events: found '', allowed: a bot, or a list",
    ),
    ("ready: {to: office}", "queues.yaml:1: at key ready.bot: found '', allowed: a bot, or a list of events"),
    (
        "ready: {events: [payment.ready], bot: a, to: office}",
        "queues.yaml:1: at key ready.events: found 'bot', ",
    ),
    (
        "ready: {events: [payment.ready], states: [done], to: office}",
        "queues.yaml:1: at key ready.events: found 's",
    ),
    (
        "ready: {events: [payment.ready], to: office, key: '{bot}'}",
        "queues.yaml:1: at key ready.key: found '{bot}'",
    ),
    (
        "results: {bot: a, to: office, key: '{event}'}",
        "queues.yaml:1: at key results.key: found '{event}', allowed: ",
    ),
    ("results: amqp", "queues.yaml:1: at key results: expected the queue's settings"),
    ("'My Queue': {bot: a, to: office}", "queues.yaml:1: at key My Queue: found 'My Queue'"),
]


@pytest.mark.parametrize(("text", "told"), WRONG, ids=[told for _, told in WRONG])
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ConfigError) as error:
        load(tmp_path, text)
    assert str(error.value).startswith(told)


def test_a_queue_of_a_bot_that_is_not_there_is_told(tmp_path: Path) -> None:
    (tmp_path / queues.FILE).write_text(GOOD)
    (tmp_path / "bots").mkdir()
    (tmp_path / "bots/eligibility.py").touch()
    with pytest.raises(ConfigError, match=r"to-post\.bot: no bot 'remittance', allowed: eligibility"):
        _ = Workspace(tmp_path, Settings()).queues


def test_a_message_carries_the_answer_only_where_it_is_wanted(tmp_path: Path) -> None:
    found = load(
        tmp_path, "a: {bot: eligibility, to: office}\nb: {bot: eligibility, to: office, carries: answer}"
    )
    plain, full = (json.loads(one.body) for one in messages(found.values(), CLAIM, DONE))
    assert plain == {
        "id": "17-2",
        "bot": "eligibility",
        "item": 17,
        "attempt": 2,
        "revision": 1,
        "portal": "summit",
        "state": "done",
        "reason": "",
        "also": [],
    }
    assert full == {**plain, "answer": {"name": "Canary-Reyes"}}


def test_only_wanted_outcomes_of_the_bot_are_sent(tmp_path: Path) -> None:
    found = load(tmp_path, GOOD)
    waiting = Ending(state="waiting", outcome="retry")
    assert [one.queue for one in messages(found.values(), CLAIM, DONE)] == ["results"]
    assert messages(found.values(), CLAIM, waiting) == []
