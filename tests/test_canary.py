"""Canaries run through every bot, fault, code and command: nobody and no secret shows up where it must not.

The project takes no traces, videos or recordings of traffic; that none is left is tested here too.
"""

import asyncio
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from loguru import logger

from payerbots import log
from payerbots.browser import evidence
from payerbots.browser.chromium import Chromium
from payerbots.cli.practice import practice_environment
from payerbots.errors import PayerbotsError
from payerbots.ledger.columns import CLEAR, SEALED
from payerbots.ledger.models import Evidence, Message, Run
from payerbots.sandbox import app, faults
from payerbots.sandbox.logins import LOGINS
from payerbots.sandbox.server import PracticePortal
from payerbots.settings import Settings
from payerbots.workspace import Workspace
from tests import canaries, canary_calls
from tests.brokers import broker_url, inbox
from tests.canaries import MARK, Needles, Seen
from tests.canary_calls import Ends
from tests.canary_day import CALM, OF_FILES, Day, once_only
from tests.support import ROOT, SEED, LoopThread, Office, one_login, today

pytestmark = pytest.mark.xdist_group("canary")
"""All tests look at one day's work, which is done once."""

FILES = (
    r"(data|demo/\.demo-1)/(ledger\.db(-wal|-shm)?|workspace-id|credentials\.sealed|schedules\.last-good\.yaml|logs/payerbots\.log)",
    r"(data|demo/\.demo-1)/evidence/[0-9a-f]{32}\.sealed",
    r"(out|demo)/(eligibility-results|exceptions|eligibility-requests-1)-[0-9-]+\.xlsx",
    r"in/(taken/)?decided( \([0-9 -]+\)(-\d+)?)?\.(xlsx|txt)",
    r"config/payerbots/[0-9a-f]{16}\.keys",
    r"(office|said-\d+)/.*",
)
"""All the files there may be after a day's work, besides what was put there: no trace, no video, no recording."""

PUT_THERE = re.compile(r"[a-z_-]+\.(xlsx|csv)|answer\.271")
SHOWN = "picture.png"
"""Where `evidence` was told to write."""


@pytest.fixture(scope="module")
def day(
    tmp_path_factory: pytest.TempPathFactory, loop_thread: LoopThread, chromium: Chromium
) -> Iterator[Day]:
    with canary_day.opened(tmp_path_factory.mktemp("day"), loop_thread, chromium) as made:
        yield made


@pytest.fixture(scope="module")
def misbehaved(day: Day) -> Day:
    """The day after every fault, and after what nobody foresaw."""
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
    }


@pytest.fixture(scope="module")
def ends(worked: Day, processes: Ends) -> Ends:  # noqa: ARG001 - comes after
    """How all others ended, which were given in this process."""
    canary_calls.run_again(worked)
    return canary_calls.every_call(worked)


@pytest.fixture(scope="module")
def dead(worked: Day, ends: Ends) -> Ends:  # noqa: ARG001 - comes after
    """How every command ended while the database did not answer."""
    return canary_calls.without_database(worked)


@pytest.fixture(scope="module")
def over(worked: Day, dead: Ends) -> Day:  # noqa: ARG001 - the last of it
    """The day when all is done; what was found out on the way is looked for too."""
    needles = worked.needles
    needles.codes |= {*worked.seen.values("/sign-in/code", "code"), canary_calls.CODE_TYPED_IN_VAIN}
    needles.people |= {one.reference.lower() for one in worked.portal.portal.inquiries.values()}
    for _, data in canaries.contents(worked.folder / "config"):
        held = json.loads(data)
        needles.secrets |= {*held["sealing"], held["index"]}
    return worked


class TestNothingIsLeftOut:
    def test_every_fault_was_met(self, misbehaved: Day) -> None:
        unmet = {name for name in faults.NAMES if not misbehaved.errors.get(name)}
        assert unmet == CALM | OF_FILES
        assert misbehaved.reports["calm"].by_state["done"] == 1
        assert misbehaved.reports["calm"].drift

    def test_an_error_that_nobody_foresaw_was_met(self, misbehaved: Day) -> None:
        assert misbehaved.errors["unforeseen"] == ["ValueError"]

    def test_every_kind_of_code_let_the_bot_in(self, worked: Day) -> None:
        assert worked.reports["typed"].by_state == worked.reports["mailed"].by_state == {"done": 1}

    def test_every_bot_has_run(self, worked: Day) -> None:
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
        opened = {name: b"".join(_opened(over, name)) for name in SEALED}
        asked = {"Item.request_sealed", "Item.result_sealed", "Message.body_sealed"}
        assert {name for name, data in opened.items() if over.needles.people_in(data)} >= asked
        assert all(opened[name] for name in SEALED - {"CodeAsked.code_sealed"})

    def test_people_stand_in_evidence(self, over: Day) -> None:
        assert any(over.needles.people_in(page) for page in _pages(over))

    def test_people_stand_on_the_terminal_where_they_are_asked_for(self, over: Day) -> None:
        shown = {one.title for one in over.said if over.needles.people_in(one.out)}
        assert shown == canary_calls.MAY_NAME

    def test_secrets_and_codes_came_to_the_portal(self, over: Day) -> None:
        assert canaries.LOGIN.password in over.seen.values("/sign-in", "password")
        assert len(over.needles.codes) > 1
        assert over.needles.secrets_in(" ".join(over.needles.codes)) == sorted(over.needles.codes)

    def test_the_keys_are_known(self, over: Day) -> None:
        (file,) = (over.folder / "config").rglob(f"{over.office.workspace.identity}.keys")
        assert len(over.needles.secrets_in(file.read_bytes())) == 3


class TestNobodyAndNoSecret:
    def test_on_a_terminal(self, over: Day) -> None:
        shown = {
            one.title: over.needles.people_in(one.out + one.err)
            for one in over.said
            if one.title not in canary_calls.MAY_NAME
        }
        assert {name: found for name, found in shown.items() if found} == {}
        assert [one.title for one in over.said if over.needles.secrets_in(one.out + one.err)] == []
        assert [one.title for one in over.said if over.needles.people_in(one.err)] == []

    def test_in_the_log(self, over: Day) -> None:
        text = (over.data / "logs" / "payerbots.log").read_text()
        assert {"WrongPatientShown", "SignInRefused", "unforeseen ValueError"} <= _words(text)
        assert over.needles.in_(text) == []

    def test_in_the_texts_of_errors(self, over: Day) -> None:
        assert len({one.partition(":")[0] for one in over.raised}) > 15
        assert over.needles.in_("\n".join(over.raised)) == []

    def test_in_addresses_that_the_browser_went_to(self, over: Day) -> None:
        assert {"/sign-in?", "/eligibility?", "/equipment?", "/authorizations?"} <= set(over.seen.addresses)
        assert over.needles.in_("\n".join(over.seen.addresses)) == []

    def test_in_names_of_files(self, over: Day) -> None:
        names = [str(path.relative_to(over.folder)) for path in over.folder.rglob("*")]
        assert over.needles.in_("\n".join(names)) == []

    def test_in_files_that_are_neither_lists_nor_workbooks(self, over: Day) -> None:
        found, looked_at = {}, set()
        for path, data in canaries.contents(over.folder):
            name = str(path.relative_to(over.folder))
            if not (PUT_THERE.fullmatch(name) or name == SHOWN or name.endswith((".xlsx", ".keys"))):
                looked_at.add(name)
                found[name] = [] if canaries.SEALED.fullmatch(data) else over.needles.in_(data)
        assert {name: leaks for name, leaks in found.items() if leaks} == {}
        assert {"data/ledger.db", "data/credentials.sealed", "demo/.demo-1/ledger.db"} <= looked_at
        assert sum("evidence" in name for name in looked_at) > 10

    def test_in_workbooks_no_secret(self, over: Day) -> None:
        books = [*over.folder.rglob("*.xlsx")]
        assert len(books) > 20
        assert [one for one in books if over.needles.secrets_in(canaries.in_workbook(one))] == []

    def test_in_what_is_sealed_no_secret(self, over: Day) -> None:
        """A secret lives in its provider only; a one-time code only until it is used."""
        assert [name for name in SEALED if over.needles.secrets_in(b"\n".join(_opened(over, name)))] == []

    def test_in_evidence_and_kept_secrets_since_they_are_sealed(self, over: Day) -> None:
        files = [*(over.data / "evidence").iterdir(), over.data / "credentials.sealed"]
        assert len(files) > 20
        assert all(over.office.workspace.keys.unseal(file.read_bytes()) for file in files)

    def test_in_pages_that_were_kept_no_secret(self, over: Day) -> None:
        assert [page for page in _pages(over) if over.needles.secrets_in(page)] == []

    def test_in_clear_columns(self, over: Day) -> None:
        found = {name: over.needles.in_("\n".join(_values(name))) for name in CLEAR}
        assert {name: leaks for name, leaks in found.items() if leaks} == {}
        models = apps.get_app_config("ledger").get_models()
        empty = {model.__name__ for model in models if not model._default_manager.exists()}
        assert empty == {"Intent"}, "no bot acts irreversibly so far"

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
    url, waiting = broker_url(), Message.objects.filter(queue="results").count()

    async def sent() -> list[Any]:
        async with inbox(url, "#") as box:
            await asyncio.to_thread(canary_calls.run, over, url, box.exchange, over.exceptions[0])
            return await box.all()

    messages = loop_thread.run(sent())
    assert len(messages) == waiting
    assert waiting > 10
    told = [repr((one.body, one.info(), one.routing_key, one.headers)) for one in messages]
    assert [text for text in told if over.needles.in_(text)] == []
    assert {json.loads(one.body)["state"] for one in messages} == {"done", "exception"}


def _otherwise(ends: Ends) -> Ends:
    return {name: end for name, end in ends.items() if end[0] != end[1]}


def _words(text: str) -> set[str]:
    return {*re.findall(r"unforeseen \w+|\w+", text)}


def _values(column: str) -> list[str]:
    """All that stands in a column; of numbers of bytes and the like some equal a code sooner or later."""
    model, _, name = column.partition(".")
    rows = apps.get_model("ledger", model).objects.values_list(name, flat=True)
    return [
        json.dumps(value, default=str, ensure_ascii=False) for value in rows if not isinstance(value, int)
    ]


def _opened(day: Day, column: str) -> list[bytes]:
    model, _, name = column.partition(".")
    rows = apps.get_model("ledger", model).objects.values_list(name, flat=True)
    return [day.office.workspace.keys.unseal(value) for value in rows if value]


def _pages(day: Day) -> list[bytes]:
    names = Evidence.objects.filter(kind="page").values_list("name", flat=True)
    return [evidence.opened(day.office.workspace.keys, day.data / "evidence", name) for name in names]
