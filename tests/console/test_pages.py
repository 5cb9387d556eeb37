"""Pages: what stands on them, and how often they ask the ledger."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from payerbots.ledger import codes, portals
from payerbots.ledger.models import PortalStanding, ScheduleSlot
from tests.console.house import DONE, House, exception
from tests.support import ROOT

SAMPLES = ROOT / "tests" / "documents" / "samples"
PATHS = [
    "/",
    "/exceptions",
    "/exceptions?kind=payment",
    "/exceptions?kind=deposit",
    "/exceptions?kind=concern",
    "/items/2",
    "/runs",
    "/runs/1",
    "/portals",
    "/schedules",
    "/kpis?view=team",
    "/kpis?view=leaders",
    "/kpis?view=mine",
    "/queues",
    "/documents",
    "/audit",
    "/account",
]


def grow(house: House, count: int) -> None:
    """A run of items, of which most have ended, for several reasons, with evidence."""
    house.fill(count)
    for reason in ("MEMBER_NOT_FOUND", "AUTH_NEEDED", "PORTAL_CHANGED"):
        for _ in range(count // 5):
            house.finish(exception(reason, house.shown()))
    house.finish(DONE, count // 5)


def queries(client: Any, path: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(path).status_code == 200
    return len(caught)


@pytest.mark.parametrize("path", PATHS)
def test_the_number_of_queries_does_not_grow_with_rows(path: str, house: House) -> None:
    client = house.client()
    grow(house, 10)
    queries(client, path)
    few = queries(client, path)
    grow(house, 30)
    grow(house, 10)
    assert queries(client, path) == few


def test_with_nothing_there_every_page_says_what_to_do_next(house: House) -> None:
    client = house.client()
    for path, text in {
        "/": "All quiet",
        "/exceptions": "Nothing needs a person",
        "/runs": "payerbots run eligibility",
        "/queues": "queues.yaml",
        "/documents": "No files have come yet",
        "/schedules": "No slot was due yet",
        "/kpis?view=mine": "Go through the exceptions",
    }.items():
        assert text in client.get(path).content.decode(), path


def test_an_item_shows_what_was_asked_how_it_went_and_what_was_seen(house: House) -> None:
    house.fill(1)
    (item,) = house.finish(exception(shown=house.shown()))
    text = house.client().get(f"/items/{item}").content.decode()
    for part in (
        "Canarysson, No1",
        "SO-1",
        "The payer knows no such member.",
        "What the portal showed",
        "<iframe sandbox",
        "Send back",
        "Attempts",
    ):
        assert part in text, part
    assert "alert(1)" not in text


def test_an_item_says_when_it_is_due(house: House) -> None:
    (item,) = house.exceptions(1, due_at=house.ledger.now() - timedelta(days=2))
    assert "2 d overdue" in house.client().get(f"/items/{item}").content.decode()


def test_what_changed_since_the_last_answer_stands_side_by_side(house: House) -> None:
    for number, active in enumerate(("true", "false")):
        house.fill(1, subject="whom")
        ending = type(DONE)(
            state="done", outcome="done", result=f'{{"active": {active}, "plan": "Gold"}}'.encode()
        )
        items = house.finish(ending, owner=f"w{number}")
    answer = house.client().get(f"/items/{items[0]}")
    (change,) = answer.context["changes"]
    assert (change.label, change.before, change.after) == ("Active", "yes", "no")


def test_leaders_see_whether_promises_were_kept(house: House) -> None:
    now = house.ledger.now()
    for number, by in enumerate((now - timedelta(minutes=1), now + timedelta(days=40))):
        told = {"at": now, "start_at": now, "due_by": by, "state": "missed", "created_at": now}
        ScheduleSlot.objects.create(schedule="morning", slot=f"s{number}", **told)
    (tile,) = [
        one["figure"]
        for one in house.client("leader").get("/kpis?view=leaders").context["heads"]
        if one["figure"].definition.key == "sla_kept"
    ]
    assert (tile.value, tile.of) == (0, "0 of 1")


def test_a_portal_that_is_stopped_is_told_on_today_and_resumed_on_portals(house: House) -> None:
    portals.stop(house.ledger, "summit_health", "SIGN_IN_REFUSED", "refused", "bot1")
    client = house.client("developer")
    assert "Summit Health Plan is stopped" in client.get("/").content.decode()
    client.post("/portals/summit_health/resume")
    assert PortalStanding.objects.get().state == "open"
    assert [row.actor for row in house.audited("portal resumed")] == ["person:developer"]


def test_a_portal_is_paused_for_hours(house: House) -> None:
    client = house.client("developer")
    assert client.post("/portals/summit_health/pause", {"hours": "3"}).status_code == 404
    assert client.post("/portals/nowhere/pause", {"hours": "1"}).status_code == 404
    client.post("/portals/summit_health/pause", {"hours": "2"})
    row = PortalStanding.objects.get()
    assert row.state == "paused"
    assert row.until is not None
    assert timedelta(minutes=119) < row.until - house.ledger.now() <= timedelta(hours=2)


def test_a_code_that_is_asked_for_is_typed_once(house: House) -> None:
    number = codes.ask(house.ledger, "summit_health", "bot1", timedelta(minutes=5))
    client = house.client("biller")
    assert "asks bot1 for a one-time code" in client.get("/").content.decode()
    client.post("/portals/summit_health/code", {"login": "bot1", "code": "123 456"})
    again = client.post("/portals/summit_health/code", {"login": "bot1", "code": "654321"}, follow=True)
    assert "was typed already" in again.content.decode()
    assert "123456" not in again.content.decode()
    assert codes.take(house.ledger, number) == "123456"


def test_a_file_is_read_and_kept_nowhere(house: House, tmp_path: Path) -> None:
    sample = SAMPLES / "x12" / "medicare-dme.271"
    before = {file for file in tmp_path.rglob("*") if file.is_file()}
    sent = SimpleUploadedFile("answer <b>.271", sample.read_bytes())
    answer = house.client("biller").post("/documents", {"file": sent})
    assert answer.status_code == 200
    (reading,) = answer.context["readings"]
    assert (reading.kind, reading.file) == ("271", "answer _b_.271")
    assert {file for file in tmp_path.rglob("*") if file.is_file()} - before <= set(
        (tmp_path / "data").glob("ledger.db*")
    )
    assert [row.actor for row in house.audited("upload read")] == ["person:biller"]


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"", "cannot be used"), (b"\x7fELF junk", "cannot be used"), (b"PK\x03\x04x", "cannot")],
)
def test_a_file_that_cannot_be_read_says_why(content: bytes, told: str, house: House) -> None:
    answer = house.client("biller").post("/documents", {"file": SimpleUploadedFile("a.bin", content or b" ")})
    assert told in answer.content.decode()


def test_without_a_file_one_is_asked_for(house: House) -> None:
    answer = house.client("biller").post("/documents", {})
    assert answer.status_code == 400
    assert "Choose a file" in answer.content.decode()


def test_a_schedule_is_paused_resumed_and_started(house: House) -> None:
    client = house.client("ops admin")
    client.post("/schedules/eligibility-morning/pause", {"hours": ""})
    assert "paused" in client.get("/schedules").content.decode()
    told = client.post("/schedules/eligibility-morning/start", follow=True).content.decode()
    assert "its input is not there" in told
    client.post("/schedules/eligibility-morning/resume")
    assert [row.action for row in house.audited("schedule paused")] == ["schedule paused"]
    assert len(house.audited("schedule resumed")) == 1
    assert client.post("/schedules/none/pause", {"hours": "1"}).status_code == 404


@pytest.mark.parametrize("week", ["", "2026-11-02", "1999-01-01", "not-a-day", "9999-12-31"])
def test_the_week_is_drawn(week: str, house: House) -> None:
    text = house.client().get(f"/schedules?week={week}").content.decode()
    assert text.count('class="bot-0"') >= 5


def test_the_audit_is_searched(house: House) -> None:
    house.exceptions(2)
    client = house.client("auditor")
    client.get("/exceptions")
    rows = client.get("/audit?actor=person&who=people").context["rows"]
    assert {row.actor for row in rows} == {"person:auditor"}
    assert client.get("/audit?looks=no&who=people&action=exceptions+seen").context["rows"] == []
    assert {row.item for row in client.get("/audit?item=2").context["rows"]} == {2}


def test_the_theme_is_the_readers_choice(house: House) -> None:
    client = house.client()
    client.cookies["theme"] = "dark"
    assert '<html lang="en" data-theme="dark">' in client.get("/").content.decode()
    client.cookies["theme"] = '"><script>'
    assert '<html lang="en">' in client.get("/").content.decode()


def test_a_part_of_a_page_comes_without_the_frame(house: House) -> None:
    text = house.client().get("/", HTTP_HX_REQUEST="true").content.decode()
    assert "<html" not in text
    assert "Eligibility" in text
