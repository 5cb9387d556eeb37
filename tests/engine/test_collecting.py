"""What a bot collected becomes items: once a period, under names that tell nothing."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import ClassVar
from zoneinfo import ZoneInfo

import pytest
from cryptography.fernet import Fernet

from payerbots.documents.workbook.records import BadRow, Fault
from payerbots.domain.coverage import Coverage, CoverageRequest
from payerbots.domain.payers import PayerBook
from payerbots.engine import codec
from payerbots.engine.collecting import new_items, reference
from payerbots.engine.contract import (
    Again,
    Ask,
    Bot,
    Delivered,
    FinishedRun,
    Outcome,
    RunContext,
    Unreadable,
    Watermark,
    WorkItem,
)
from payerbots.keys import Keys
from payerbots.ledger.records import NewItem
from payerbots.reasons import Reason

KEYS = Keys((Fernet.generate_key().decode(),), "index", "a test")
RUN = RunContext(
    number=1,
    day=date(2026, 11, 22),
    zone=ZoneInfo("UTC"),
    payers=PayerBook(()),
    input=None,
    out=Path("out"),
)
REQUEST = CoverageRequest(
    order="Canary-1001",
    account="Canary-A1",
    payer="Medicare",
    last_name="Canary-Reyes",
    first_name="Canary-Ana",
    birth_date=date(1950, 1, 2),
    service_date=date(2026, 11, 22),
    hcpcs=("E0601",),
    npi="1671694135",
    member_id="Canary-1EG4TE5MK73",
)
ASK: Ask[object] = Ask(
    place=5, portal="summit", payer_id="MCRDME", request=REQUEST, subject=("Canary-Reyes", "1950-01-02")
)
BAD = BadRow(
    sheet="Requests",
    row=9,
    faults=(
        Fault(
            reason=Reason.REQUEST_INCOMPLETE,
            column="B",
            header="DOB",
            expected="a date",
            found="Canary-born",
        ),
    ),
    known={"patient": "Canary-Reyes"},
)
UNREADABLE: Unreadable[object] = Unreadable(place=9, reason=Reason.REQUEST_INCOMPLETE, found=BAD)


class Asking(Bot[CoverageRequest, object, Coverage, BadRow]):
    """A bot that only tells which requests are one."""

    name: ClassVar[str] = "asking"
    capability = "check_eligibility"
    again: ClassVar[Again] = Again.DAILY
    request, answer, unreadable = CoverageRequest, Coverage, BadRow

    async def collect(
        self,
        run: RunContext,  # noqa: ARG002 - the contract's
        portal: object,  # noqa: ARG002 - the contract's
    ) -> Iterable[Ask[CoverageRequest] | Unreadable[BadRow]]:
        return []

    def reference(self, request: CoverageRequest) -> tuple[str, ...]:
        return (request.order, request.member_id or "", request.last_name)

    async def work(self, item: WorkItem[CoverageRequest], portal: object) -> Outcome[Coverage]:
        raise NotImplementedError

    def deliver(self, run: FinishedRun[CoverageRequest, Coverage, BadRow]) -> Sequence[Delivered]:
        raise NotImplementedError


class AskingOnce(Asking):
    """Never asks the same again."""

    again = Again.NEVER


class AskingMonthly(Asking):
    """Asks the same again in another month."""

    again = Again.MONTHLY


class OtherAsking(Asking):
    """Another job with the same questions."""

    name = "other"


def _item(
    what: Ask[object] | Unreadable[object] = ASK,
    bot: Asking | None = None,
    day: date = RUN.day,
    keys: Keys = KEYS,
) -> NewItem:
    (item,), _ = new_items(bot or Asking(), keys, replace(RUN, day=day), [what])
    return item


def test_an_item_has_its_runs_priority_on_top_of_its_own_and_its_due_time_where_it_has_none() -> None:
    run = replace(RUN, priority=5, due=datetime(2026, 11, 22, 13, tzinfo=UTC))
    own = datetime(2026, 11, 22, 9, tzinfo=UTC)
    asks = [ASK, replace(ASK, priority=2, due=own), replace(ASK, priority=40_000)]
    items, _ = new_items(Asking(), KEYS, run, asks)
    assert [(one.priority, one.due_at) for one in items] == [(5, run.due), (7, own), (32_000, run.due)]


def test_an_ask_becomes_an_item_of_work() -> None:
    item = _item()
    assert (item.place, item.kind, item.portal, item.payer_id) == (5, "work", "summit", "MCRDME")
    assert item.reason == ""
    assert codec.unpack(CoverageRequest, item.request) == REQUEST


def test_a_row_that_cannot_be_read_becomes_an_item_without_work() -> None:
    item = _item(UNREADABLE)
    assert (item.place, item.kind, item.portal) == (9, "unreadable", "")
    assert (item.reason, item.subject) == ("REQUEST_INCOMPLETE", "")
    assert codec.unpack(BadRow, item.request) == BAD


def test_items_stand_in_the_order_of_what_was_found() -> None:
    found, _ = new_items(Asking(), KEYS, RUN, [UNREADABLE, ASK])
    assert [item.place for item in found] == [9, 5]


@pytest.mark.parametrize("what", [ASK, UNREADABLE], ids=["an ask", "a bad row"])
def test_a_reference_is_opaque(what: Ask[object] | Unreadable[object]) -> None:
    assert re.fullmatch(r"[0-9a-f]{40}", _item(what).reference)


@pytest.mark.parametrize("what", [ASK, UNREADABLE], ids=["an ask", "a bad row"])
def test_only_the_request_names_the_person(what: Ask[object] | Unreadable[object]) -> None:
    item = _item(what)
    clear = repr(replace(item, request=b"")) + repr(item) + item.reference + item.subject
    assert "Canary" not in clear
    assert "1950" not in clear


def test_the_subject_is_a_keyed_hash() -> None:
    item = _item()
    assert re.fullmatch(r"[0-9a-f]{40}", item.subject)
    assert item.subject == KEYS.hashed("asking", "Canary-Reyes", "1950-01-02")


def test_the_subject_stays_the_same_over_the_days() -> None:
    assert _item(day=date(2026, 11, 23)).subject == _item().subject


def test_without_a_subject_nobody_is_named() -> None:
    assert _item(replace(ASK, subject=())).subject == ""


def test_the_same_request_has_the_same_reference_within_the_day() -> None:
    assert _item().reference == _item(replace(ASK, place=77)).reference


OTHERS = [
    ("another order", replace(ASK, request=replace(REQUEST, order="1002"))),
    ("another person", replace(ASK, request=replace(REQUEST, member_id="2"))),
    ("another portal", replace(ASK, portal="crest")),
]


@pytest.mark.parametrize("other", [row[1] for row in OTHERS], ids=[row[0] for row in OTHERS])
def test_another_request_has_another_reference(other: Ask[object]) -> None:
    assert _item(other).reference != _item().reference


def test_what_the_bot_does_not_count_makes_no_difference() -> None:
    assert _item(replace(ASK, request=replace(REQUEST, branch="North"))).reference == _item().reference


def test_another_bot_has_another_reference() -> None:
    assert _item(bot=OtherAsking()).reference != _item().reference


def test_another_key_makes_other_names() -> None:
    other = _item(keys=replace(KEYS, index="other"))
    assert other.reference != _item().reference
    assert other.subject != _item().subject


LATER = [
    ("daily: the next day", Asking(), date(2026, 11, 23), False),
    ("monthly: another day of the month", AskingMonthly(), date(2026, 11, 30), True),
    ("monthly: the next month", AskingMonthly(), date(2026, 12, 1), False),
    ("monthly: the same month of another year", AskingMonthly(), date(2027, 11, 22), False),
    ("never: another year", AskingOnce(), date(2027, 12, 1), True),
]


@pytest.mark.parametrize("what", [ASK, UNREADABLE], ids=["an ask", "a bad row"])
@pytest.mark.parametrize(("bot", "day", "same"), [row[1:] for row in LATER], ids=[row[0] for row in LATER])
def test_asking_again_is_a_new_item_when_the_bot_says_so(
    what: Ask[object] | Unreadable[object], bot: Asking, day: date, same: bool
) -> None:
    assert (_item(what, bot, day).reference == _item(what, bot).reference) is same


def test_the_last_watermark_counts() -> None:
    found = new_items(Asking(), KEYS, RUN, [Watermark("1"), ASK, Watermark("2")])
    assert ([item.place for item in found[0]], found[1]) == ([5], "2")


def test_without_a_watermark_there_is_none() -> None:
    assert new_items(Asking(), KEYS, RUN, [ASK])[1] is None


def test_a_reference_can_be_made_without_collecting() -> None:
    assert reference(Asking(), KEYS, "2026-11-22", "summit", REQUEST) == _item().reference
