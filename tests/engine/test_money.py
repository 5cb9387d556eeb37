"""A bot of money from its files to its conclusion: facts with their outcome, concluded and delivered, once."""

import asyncio
import json
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from payerbots.browser import flow
from payerbots.domain.conclusions import Conclusion, Event, EventName
from payerbots.domain.facts import Of, Standing, StandingState
from payerbots.engine import bots
from payerbots.engine.concluding import Concluder
from payerbots.engine.contract import Concluding
from payerbots.engine.database import Database
from payerbots.engine.delivering import RunReport
from payerbots.engine.jobs import context_of
from payerbots.errors import ConclusionRefused, ConfigError
from payerbots.ledger import concluding, outbox
from payerbots.ledger.concluding import Draft
from payerbots.ledger.models import (
    Attempt,
    Audit,
    File,
    Item,
    Message,
    Payment,
    Run,
    Sighting,
    ToldEvent,
    Watermark,
)
from payerbots.ledger.records import Ledger
from tests.engine import cashroom
from tests.engine.cashroom import BANK, PAYERS, Cashroom
from tests.ledger.desk import with_own_connection
from tests.support import LoopThread

QUEUES = """
unmatched: {events: [payment.unmatched], to: office}
unmatched-named: {events: [payment.unmatched, denial.found], to: office, carries: answer}
denials: {events: [denial.found], to: office}
"""


@pytest.fixture
def room(tmp_path: Path, loop_thread: LoopThread) -> Iterator[Cashroom]:
    with cashroom.opened(tmp_path / "office", loop_thread, (*PAYERS, BANK), QUEUES) as found:
        yield found


@pytest.fixture
def folder_only(tmp_path: Path, loop_thread: LoopThread) -> Iterator[Cashroom]:
    """The same where no portal has what the bot needs."""
    with cashroom.opened(tmp_path / "office", loop_thread, [BANK], QUEUES) as found:
        yield found


def rows() -> dict[str, int]:
    models: list[Any] = [File, Payment, Sighting, Message, ToldEvent]
    return {model.__name__: model.objects.count() for model in models}


def test_what_work_finds_is_concluded_and_then_delivered(folder_only: Cashroom) -> None:
    folder_only.put("alpha", "be")
    assert folder_only.run().by_state == {"done": 2}
    assert folder_only.delivered == ["5.00 waiting alpha", "2.00 waiting be"]
    assert len(list((folder_only.workspace.data / "files").glob("*.sealed"))) == 2


def test_another_run_over_the_same_files_adds_nothing(folder_only: Cashroom) -> None:
    folder_only.put("alpha", "be")
    folder_only.run()
    before, text = rows(), folder_only.delivered
    stands = Audit.objects.filter(action="stands").count()
    folder_only.run()
    assert (rows(), folder_only.delivered) == (before, text)
    assert Audit.objects.filter(action="stands").count() == stands


def test_a_late_file_changes_only_what_it_must(folder_only: Cashroom) -> None:
    folder_only.put("alpha")
    folder_only.run()
    folder_only.put("be")
    folder_only.run()
    assert rows() == {"File": 2, "Payment": 2, "Sighting": 2, "Message": 4, "ToldEvent": 2}
    assert Audit.objects.filter(action="stands").count() == 2


def test_two_runs_that_conclude_at_once_say_everything_once(folder_only: Cashroom) -> None:
    folder_only.put("alpha", "be", "gamma")
    order = folder_only.order(input=folder_only.folder / "in")

    async def both() -> list[RunReport]:
        return await asyncio.gather(*(folder_only.runner().run(order) for _ in range(2)))

    reports = folder_only.loop.run(both())
    assert [report.by_state for report in reports] == [{"done": 3}] * 2
    assert rows() == {"File": 3, "Payment": 3, "Sighting": 3, "Message": 6, "ToldEvent": 3}
    assert Audit.objects.filter(action="stands").count() == 3


def test_an_event_goes_to_the_queues_that_want_it(folder_only: Cashroom) -> None:
    folder_only.put("alpha")
    folder_only.run()
    payment, item = Payment.objects.get(), Item.objects.get(kind="work")
    sent = {name: json.loads(body) for name, body in bodies(folder_only)}
    plain = {
        "id": Message.objects.first().message_id,  # type: ignore[union-attr]  # there are two
        "event": "payment.unmatched",
        "bot": "cash",
        "item": item.pk,
        "portal": "",
        "body": {"payment": payment.pk, "amount": "5.00"},
    }
    assert sent == {"unmatched": plain, "unmatched-named": {**plain, "answer": {"trace": "alpha"}}}
    assert set(Message.objects.values_list("key", flat=True)) == {"payment.unmatched"}


def bodies(room: Cashroom) -> list[tuple[str, bytes]]:
    keys = room.workspace.keys
    return [(row.queue, keys.unseal(row.body_sealed)) for row in Message.objects.order_by("pk")]


def test_a_disk_without_room_costs_a_wait_and_nothing_else(folder_only: Cashroom) -> None:
    folder_only.put("alpha", "be")
    files = folder_only.workspace.data / "files"
    files.rmdir()
    files.touch()

    def mend(_: object) -> None:
        if files.is_file():
            files.unlink()
            files.mkdir()

    runner = folder_only.runner(watch=mend)
    report = folder_only.loop.run(runner.run(folder_only.order(input=folder_only.folder / "in")))
    assert report.by_state == {"done": 2}
    assert rows()["Payment"] == rows()["File"] == 2
    note = Attempt.objects.exclude(error="").values_list("error", "note").first()
    assert note == ("FileNotKept", "the data folder takes no file: Not a directory")


def test_what_the_ledger_cannot_keep_costs_only_itself(folder_only: Cashroom) -> None:
    folder_only.put("alpha", "long")
    report = folder_only.run()
    assert report.by_reason == {"FILE_UNUSABLE": 1}
    assert [one.trace for one in Payment.objects.all()] == ["alpha"]
    assert "Payment.trace is no text" in Attempt.objects.get(error="FactRefused").note


def test_only_portals_that_offer_what_the_bot_needs_are_used(room: Cashroom) -> None:
    run = room.run_at_portals()
    assert Run.objects.get(pk=run).state == "done"
    assert set(Item.objects.values_list("portal", flat=True)) == set(PAYERS)
    assert room.delivered == ["8.00 waiting payer1-1", "8.00 waiting payer2-1"]


def test_with_an_input_the_bot_collects_there_too(room: Cashroom) -> None:
    room.run_at_portals(input=room.put("alpha"))
    assert [line.split()[-1] for line in sorted(room.delivered)] == ["alpha", "payer1-1", "payer2-1"]


def test_a_bot_goes_on_from_its_watermark_at_each_portal(room: Cashroom) -> None:
    room.run_at_portals(portals=("payer1",))
    room.run_at_portals()
    assert dict(Watermark.objects.values_list("portal", "value")) == {"payer1": "2", "payer2": "1"}
    assert sorted(Payment.objects.values_list("trace", flat=True)) == ["payer1-1", "payer1-2", "payer2-1"]


def test_a_portal_that_is_named_and_lacks_it_is_told(room: Cashroom) -> None:
    with pytest.raises(
        ConfigError, match="cash has nothing to do at bank: its flow has no check_eligibility"
    ):
        room.run(portals=(BANK,))


def test_a_run_without_portal_and_input_is_told(folder_only: Cashroom) -> None:
    order = folder_only.order()
    with pytest.raises(ConfigError, match=r"no portal of portals\.yaml offers check_eligibility"):
        folder_only.loop.run(folder_only.runner().run(order))


def test_what_a_flow_offers_is_told_without_loading_it(room: Cashroom) -> None:
    (room.folder / "flows/banking/sign_in.py").write_text("raise RuntimeError")
    offered = {name: flow.offered(room.workspace, one) for name, one in room.workspace.portals.items()}
    assert offered == {"payer1": ["check_eligibility"], "payer2": ["check_eligibility"], "bank": []}


class Overtaken:
    """A bot that another run overtakes while it concludes, some times."""

    name = "cash"

    def __init__(self, times: int, ledger: Ledger) -> None:
        self.times, self.calls, self.ledger = times, 0, ledger

    def conclude(self, run: Concluding) -> Conclusion:
        self.calls += 1
        (payment,) = run.facts.payments()
        if self.calls <= self.times:
            with_own_connection(lambda: self._other(payment.number))
        return Conclusion(standings=[self._standing(payment.number, "mine")])

    def _other(self, number: int) -> None:
        told = Conclusion(standings=[self._standing(number, f"other {self.calls}")])
        draft = Draft(run=9, actor="other", epoch=concluding.epoch(), conclusion=told)
        assert concluding.write(self.ledger, draft)

    @staticmethod
    def _standing(number: int, detail: str) -> Standing:
        return Standing(of=Of.PAYMENT, number=number, state=StandingState.WAITING, detail=detail)


def concluded(room: Cashroom, bot: Any) -> Any:
    database = Database()
    context = context_of(room.workspace, 1, date(2026, 11, 20), b'{"input": null, "out": "out"}')

    async def conclude() -> Any:
        try:
            await database(room.workspace.connect)
            return await Concluder(room.workspace, database, bot.ledger, bot).conclude(context, "w1")
        finally:
            database.close()

    return room.loop.run(conclude())


def test_a_run_that_is_overtaken_concludes_on_what_stands_then(folder_only: Cashroom) -> None:
    folder_only.put("alpha")
    folder_only.run()
    bot = Overtaken(2, Ledger(folder_only.workspace.keys))
    assert concluded(folder_only, bot).stand == 1
    assert (bot.calls, Payment.objects.get().detail) == (3, "mine")


def test_a_run_that_is_overtaken_for_ever_is_told(folder_only: Cashroom) -> None:
    folder_only.put("alpha")
    folder_only.run()
    with pytest.raises(ConclusionRefused, match="20 times another run"):
        concluded(folder_only, Overtaken(99, Ledger(folder_only.workspace.keys)))


def test_a_bot_that_concludes_nothing_changes_nothing(folder_only: Cashroom) -> None:
    folder_only.put("alpha")
    folder_only.run()
    before = concluding.epoch()
    bot = bots.load(folder_only.workspace, "cash")
    nothing = type("Nothing", (type(bot),), {"conclude": lambda _self, _run: Conclusion()})()
    nothing.ledger = Ledger(folder_only.workspace.keys)
    assert not concluded(folder_only, nothing)
    assert concluding.epoch() == before


def test_a_contradiction_ends_the_run_as_failed_and_changes_nothing(
    room: Cashroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    twice = [Standing(of=Of.PAYMENT, number=1, state=StandingState.WAITING)] * 2
    bot = type(bots.load(room.workspace, "cash"))
    monkeypatch.setattr(bot, "conclude", lambda _self, _run: Conclusion(standings=twice))
    run = room.run_at_portals()
    assert Run.objects.get(pk=run).state == "failed"
    assert set(Payment.objects.values_list("state", flat=True)) == {"new"}
    assert not (room.folder / "out").exists()


def test_an_event_names_nobody_unless_it_is_its_answer() -> None:
    event = Event(
        name=EventName.DENIAL_FOUND,
        item=1,
        key="k",
        body={"amount": Decimal(1)},
        answer={"patient": "Canary"},
    )
    assert "Canary" not in repr(event)


def test_a_message_of_an_event_is_taken_like_any_other(folder_only: Cashroom) -> None:
    folder_only.put("alpha")
    folder_only.run()
    ledger = Ledger(folder_only.workspace.keys)
    (one,) = outbox.take(ledger, ["unmatched"], "c1", timedelta(minutes=1), 10)
    assert json.loads(one.body)["event"] == "payment.unmatched"
    assert outbox.handed_on(ledger, "c1", [one.number]) == 1
