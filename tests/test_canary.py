"""Canaries run through every bot, fault, code and command: nobody and no secret shows up where it must not.

The project takes no traces, videos or recordings of traffic; that none is left is tested here too.
"""

import asyncio
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps

from payerbots.browser.chromium import Chromium
from payerbots.ledger.columns import SEALED
from payerbots.ledger.models import Message, Run
from payerbots.sandbox import faults
from tests import canaries, canary_calls, canary_day
from tests.brokers import broker_url, inbox
from tests.canaries import MARK
from tests.canary_calls import Ends
from tests.canary_checks import PUT_THERE, SHOWN, NobodyAndNoSecret, opened, pages
from tests.canary_day import CALM, OF_FILES, Day
from tests.canary_sites import Extent, days_to_a_hold
from tests.support import LoopThread

pytestmark = [pytest.mark.xdist_group("canary"), pytest.mark.timeout(900)]
"""All tests look at one day's work, which is done once."""

LITTLE = Extent(remittances=2, bank_days=days_to_a_hold(), claim_files=2)
"""Commands need a little of everything in the ledger."""

FILES = (
    r"(data|demo/\.demo-1)/(ledger\.db(-wal|-shm)?|workspace-id|credentials\.sealed|schedules\.last-good\.yaml|logs/payerbots\.log)",
    r"(data|demo/\.demo-1)/(evidence|files)/[0-9a-f]{32,64}\.sealed",
    r"out/(posting|rejections)-[0-9-]+\.xlsx",
    r"out/posting-import-[0-9-]+\.csv",
    r"out/rejection-analysis\.(xlsx|pdf)",
    r"(out|demo)/(eligibility-results|exceptions|eligibility-requests-1)-[0-9-]+\.xlsx",
    r"in/(taken/)?decided( \([0-9 -]+\)(-\d+)?)?\.(xlsx|txt)",
    r"config/payerbots/[0-9a-f]{16}\.keys",
    r"(office|said-\d+)/.*",
)
"""All the files there may be after a day's work, besides what was put there: no trace, no video, no recording."""


@pytest.fixture(scope="module")
def day(
    tmp_path_factory: pytest.TempPathFactory, loop_thread: LoopThread, chromium: Chromium
) -> Iterator[Day]:
    with canary_day.opened(tmp_path_factory.mktemp("day"), loop_thread, chromium, LITTLE) as made:
        yield made


@pytest.fixture(scope="module")
def misbehaved(day: Day) -> Day:
    """The day after every fault that eligibility meets, and after what nobody foresaw."""
    day.every_fault()
    day.unforeseen()
    day.unusable_list()
    return day


@pytest.fixture(scope="module")
def worked(misbehaved: Day) -> Day:
    """The day after every kind of code."""
    misbehaved.typed_code()
    misbehaved.mailed_code()
    return misbehaved


@pytest.fixture(scope="module")
def processes(worked: Day) -> Ends:
    """How the commands ended that work for a while, each in a process of its own."""
    return {
        "run, refused by its broker": (canary_calls.run(worked), 1),
        "worker": (canary_calls.worker(worked), 0),
        "scheduler": (canary_calls.scheduler(worked), 0),
        "up": (canary_calls.up(worked), 0),
        "demo": (canary_calls.demo(worked), 0),
        "sandbox serve": (canary_calls.serve(worked), 0),
        "accounts that went wrong": (canary_calls.accounts(worked), 0),
        "console": (canary_calls.console(worked), 0),
    }


@pytest.fixture(scope="module")
def ends(worked: Day, processes: Ends) -> Ends:  # noqa: ARG001 - comes after
    """How all others ended, which were given in this process, after every other bot has run.

    Before, each run would bring up to date what all those bots leave to people, pictures and all.
    """
    canary_calls.run_again(worked)
    worked.every_bot()
    return canary_calls.every_call(worked)


@pytest.fixture(scope="module")
def dead(worked: Day, ends: Ends) -> Ends:  # noqa: ARG001 - comes after
    """How every command ended while the database did not answer."""
    return canary_calls.without_database(worked)


@pytest.fixture(scope="module")
def over(worked: Day, dead: Ends) -> Day:  # noqa: ARG001 - the last of it
    """The day when all is done; what was found out on the way is looked for too."""
    worked.find_out()
    worked.needles.codes.add(canary_calls.CODE_TYPED_IN_VAIN)
    return worked


class TestNothingIsLeftOut:
    def test_every_fault_was_met(self, misbehaved: Day) -> None:
        unmet = {name for name in faults.NAMES if not misbehaved.errors.get(name)}
        assert unmet == CALM | (OF_FILES & set(faults.NAMES))
        assert misbehaved.reports["calm"].by_state["done"] == 1
        assert misbehaved.reports["calm"].drift

    def test_an_error_that_nobody_foresaw_was_met(self, misbehaved: Day) -> None:
        assert misbehaved.errors["unforeseen"] == ["ValueError"]

    def test_every_kind_of_code_let_the_bot_in(self, worked: Day) -> None:
        assert worked.reports["typed"].by_state == worked.reports["mailed"].by_state == {"done": 1}

    def test_every_bot_has_run(self, worked: Day, ends: Ends) -> None:  # noqa: ARG002 - comes after
        assert set(Run.objects.values_list("bot", flat=True)) == set(worked.office.workspace.bot_names())

    def test_every_process_did_what_it_is_for(self, processes: Ends) -> None:
        assert _otherwise(processes) == {}

    def test_every_command_did_what_it_is_for(self, ends: Ends) -> None:
        assert _otherwise(ends) == {}

    def test_without_a_database_every_command_that_needs_it_says_so(self, dead: Ends) -> None:
        assert _otherwise(dead) == {}

    def test_every_command_was_given(self, over: Day) -> None:
        assert {one.command for one in over.said} == canary_calls.every_command()


class TestWhatIsLookedForIsThere:
    """The canaries do sing where they may: what finds nothing elsewhere finds them here."""

    def test_people_stand_in_workbooks(self, over: Day) -> None:
        (book,) = over.out.glob("eligibility-results-*.xlsx")
        found = over.needles.people_in(canaries.in_workbook(book))
        assert MARK.lower() in found
        assert len(found) > 10

    def test_people_stand_in_what_is_sealed(self, over: Day) -> None:
        found = {name: b"".join(opened(over, name)) for name in SEALED}
        asked = {"Item.request_sealed", "Item.result_sealed", "Message.body_sealed", "PostedRow.why_sealed"}
        assert {name for name, data in found.items() if over.needles.people_in(data)} >= asked
        assert {name for name in SEALED if not found[name]} == {"CodeAsked.code_sealed"}

    def test_people_stand_in_evidence(self, over: Day) -> None:
        assert any(over.needles.people_in(page) for page in pages(over))

    def test_people_stand_on_the_terminal_where_they_are_asked_for(self, over: Day) -> None:
        shown = {one.title for one in over.said if over.needles.people_in(one.out)}
        assert shown == canary_calls.MAY_NAME

    def test_secrets_and_codes_came_to_the_portal(self, over: Day) -> None:
        assert canaries.LOGIN.password in over.seen.values("/sign-in", "password")
        assert len(over.needles.codes) > 1
        assert over.needles.secrets_in(" ".join(over.needles.codes)) == sorted(over.needles.codes)

    def test_somebody_got_into_the_console(self, over: Day) -> None:
        assert len(over.console_pages) == 2
        assert 'name="password"' not in over.console_pages[0]

    def test_the_keys_are_known(self, over: Day) -> None:
        (file,) = (over.folder / "config").rglob(f"{over.office.workspace.identity}.keys")
        assert len(over.needles.secrets_in(file.read_bytes())) == 3


class TestNobody(NobodyAndNoSecret):
    LOGGED = frozenset({"WrongPatientShown", "SignInRefused", "unforeseen ValueError"})
    ADDRESSES = frozenset({"/sign-in", "/eligibility", "/equipment", "/authorizations"})

    def test_on_a_terminal(self, over: Day) -> None:
        shown = {
            one.title: over.needles.people_in(one.out + one.err)
            for one in over.said
            if one.title not in canary_calls.MAY_NAME
        }
        assert {name: found for name, found in shown.items() if found} == {}
        assert [one.title for one in over.said if over.needles.people_in(one.err)] == []

    def test_no_secret_on_a_terminal_but_the_links_that_were_asked_for(self, over: Day) -> None:
        shown = {one.title for one in over.said if over.needles.secrets_in(one.out + one.err)}
        assert shown == canary_calls.MAY_LET_IN
        assert [one.title for one in over.said if over.needles.secrets_in(one.err)] == []

    def test_every_table_was_looked_at_while_it_had_rows(self, over: Day) -> None:
        models = apps.get_app_config("ledger").get_models()
        empty = {model.__name__ for model in models if not model._default_manager.exists()}
        assert empty == set(), over.folder.name

    def test_in_process_lists(self, over: Day) -> None:
        lines = [one.line for one in over.processes]
        assert any("run-driver" in line for line in lines)
        assert any("sandbox serve" in line for line in lines)
        assert sum("--type=renderer" in line for line in lines) >= 2
        assert [line for line in lines if over.needles.in_(line)] == []

    def test_in_the_environment_of_browsers_and_of_the_practice_portal(self, over: Day) -> None:
        """They need none of it. Our own processes and Playwright's driver inherit what they were started with."""
        strangers = [
            one
            for one in over.processes
            if re.search(r"--headless|--type=|payerbots sandbox serve", one.line)
        ]
        inherited = [one.line for one in strangers if over.needles.secrets_in(one.environment)]
        assert len(strangers) > 5
        assert inherited == []

    def test_in_temporary_files(self, over: Day) -> None:
        assert over.passing
        assert {name: found for name, found in over.passing.items() if found} == {}
        assert [str(path) for path, _ in canaries.contents(over.temporary)] == []


def test_no_trace_video_or_other_file_is_left_than_those_that_are_known(over: Day) -> None:
    known = re.compile("|".join(FILES))
    names = [str(path.relative_to(over.folder)) for path, _ in canaries.contents(over.folder)]
    strange = [one for one in names if not (known.fullmatch(one) or PUT_THERE.fullmatch(one) or one == SHOWN)]
    assert strange == []


def test_a_command_that_fails_in_a_way_nobody_foresaw_names_nobody(
    over: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: object) -> None:
        raise ValueError(f"{MARK}-Reyes")

    monkeypatch.setattr("payerbots.ledger.lists.runs", failing)
    said = over.give("runs list")
    assert said.code == 3
    assert said.err.startswith("payerbots: unforeseen ValueError at test_canary.py:")
    assert over.needles.in_(said.out + said.err) == []
    monkeypatch.setenv("PAYERBOTS_DEBUG", "1")
    with pytest.raises(ValueError, match=MARK):
        over.give("runs list")


def test_messages_at_the_broker_hold_no_person_where_they_carry_outcomes(
    over: Day, loop_thread: LoopThread
) -> None:
    url = broker_url()

    async def sent() -> list[Any]:
        async with inbox(url, "#") as box:
            await asyncio.to_thread(canary_calls.run, over, url, box.exchange, over.exceptions[0])
            return await box.all()

    messages = loop_thread.run(sent())
    assert len(messages) == Message.objects.filter(queue="results").count()
    assert len(messages) > 10
    told = [repr((one.body, one.info(), one.routing_key, one.headers)) for one in messages]
    assert [text for text in told if over.needles.in_(text)] == []
    assert {json.loads(one.body)["state"] for one in messages} == {"done", "exception"}


def _otherwise(ends: Ends) -> Ends:
    return {name: end for name, end in ends.items() if end[0] != end[1]}
