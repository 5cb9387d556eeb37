"""`payerbots items` and `runs`: what a person sees and can do at the terminal."""

import json

import pytest

from payerbots.ledger.models import Intent, Item
from payerbots.ledger.records import Ledger
from payerbots.sandbox.server import PracticePortal
from tests.cli.saying import say_here as say
from tests.support import Office

NOT_FOUND = 39


@pytest.fixture
def parked(office: Office, portal: PracticePortal, monkeypatch: pytest.MonkeyPatch) -> int:
    """An item that waits for a developer: the portal answered with a page that no book knows."""
    monkeypatch.setenv("PAYERBOTS_DATA", str(office.workspace.data))
    portal.set_faults(layout=1)
    with monkeypatch.context() as changed:
        changed.setattr("payerbots.sandbox.sheets.MESSAGES", _Unknown())
        office.with_settings(element_seconds=2.0).run(office.requests(NOT_FOUND))
    return int(Item.objects.get(kind="work").pk)


class _Unknown(dict[object, str]):
    def __missing__(self, _key: object) -> str:
        return "Service code 4711 applies."


def test_a_parked_item_shows_what_was_not_recognised_runs_again_and_ends(office: Office, parked: int) -> None:
    listed = json.loads(say("items", "list", "--state", "parked", "--json"))
    assert [(row["id"], row["reason"]) for row in listed] == [(parked, "PORTAL_CHANGED")]
    assert "page not recognised" in say("items", "show", str(parked))

    assert "is new again" in say("items", "retry", "--reason", "PORTAL_CHANGED")
    report = office.run(office.requests(NOT_FOUND))
    assert report.by_reason == {"MEMBER_NOT_FOUND": 1}
    assert report.added == 0
    shown = json.loads(say("items", "show", str(parked), "--json"))
    assert [one["outcome"] for one in shown["tries"]] == ["parked", "exception"]
    assert [one["action"] for one in shown["history"]] == ["parked", "send back", "exception"]


def test_runs_are_listed_and_shown(parked: int) -> None:
    runs = json.loads(say("runs", "list", "--json"))
    assert [row["bot"] for row in runs] == ["eligibility"]
    shown = json.loads(say("runs", "show", str(runs[0]["id"]), "--json"))
    assert shown["items"] == {"parked": 1}
    assert str(parked) in say("items", "list", "--run", str(runs[0]["id"]))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("items", "show", "99"), "there is no item 99"),
        (("items", "retry", "99"), "there is no item 99"),
        (("items", "retry"), "name items by number"),
        (("items", "cancel", "99"), "item 99 is not waiting"),
        (("runs", "show", "99"), "there is no run 99"),
    ],
)
def test_what_is_not_there_is_told(
    office: Office, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], said: str
) -> None:
    monkeypatch.setenv("PAYERBOTS_DATA", str(office.workspace.data))
    assert said in say(*arguments, code=2)


@pytest.fixture
def uncertain(parked: int, office: Office) -> int:
    """An item of which nobody knows whether it was sent."""
    now = Ledger(office.workspace.keys).now()
    Item.objects.filter(pk=parked).update(reason="SENT_UNCERTAIN")
    act = {"portal": "summit_health", "action": "resubmit", "key": "a hash", "token": "1"}
    Intent.objects.create(item_id=parked, attempt=1, **act, intended_at=now, act_before=now)
    return parked


def test_what_may_have_been_sent_is_shown_and_ruled_by_a_person(uncertain: int) -> None:
    assert "resubmit  open" in say("items", "show", str(uncertain))
    told = json.loads(say("items", "retry", str(uncertain), "--not-sent", "--json"))
    assert told == [{"id": uncertain, "state": "new"}]
    assert Intent.objects.get().state == "absent"


def test_resolved_by_hand_what_may_have_been_sent_counts_as_sent(uncertain: int) -> None:
    assert json.loads(say("items", "resolve", str(uncertain), "--json")) == {"id": uncertain, "state": "done"}
    assert Intent.objects.get().state == "done"


def test_one_item_that_cannot_go_back_does_not_keep_the_others(parked: int) -> None:
    told = say("items", "retry", str(parked), "999", code=2)
    assert f"item {parked} is new again" in told
    assert "there is no item 999" in told
