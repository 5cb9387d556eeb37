"""`status`, `kpi`, `rechecks`, `notify` as an ops admin gives them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from payerbots.cli import main
from payerbots.ledger.records import Ending
from payerbots.settings import Settings
from payerbots.workspace import Workspace
from tests.ledger.conftest import empty_ledger, sqlite_desk  # noqa: F401 - fixtures are found by their names
from tests.ledger.desk import DONE, Desk, new_item
from tests.support import ROOT

NOT_FOUND = Ending(state="exception", outcome="exception", reason="MEMBER_NOT_FOUND")

Give = Callable[..., str]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "office"
    folder.mkdir()
    for name in ("bots", "flows", "selectors", "portals.yaml"):
        (folder / name).symlink_to(ROOT / name)
    (folder / "schedules.yaml").write_text("morning: {bot: eligibility, cron: '30 5 * * *'}\n")
    return folder


@pytest.fixture
def give(
    root: Path,
    sqlite_desk: Desk,  # noqa: F811 - the fixture
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Give:
    """Gives a command in this process, at the desk's ledger and with its clock; what it says on standard output."""
    made = Workspace(root, Settings(data=sqlite_desk.folder, zone="America/New_York"), sqlite_desk.clock)
    vars(made)["keys"] = sqlite_desk.ledger.keys
    monkeypatch.setattr(Workspace, "find", classmethod(lambda _cls, _start=None: made))

    def given(*words: str, code: int = 0) -> str:
        with pytest.raises(SystemExit) as ended:
            main.run(words)
        said = capsys.readouterr()
        assert int(ended.value.code or 0) == code, said.err
        return said.out + said.err

    return given


def worked(desk: Desk) -> None:
    desk.fill(*(new_item(place, payer_id="SUMHP", portal="summit_health") for place in range(1, 5)))
    for ending in (DONE, DONE, NOT_FOUND):
        desk.finish(desk.claimed(portal="summit_health"), ending)


def test_status_says_first_what_is_wrong_and_ends_with_1(give: Give, sqlite_desk: Desk) -> None:  # noqa: F811 - the fixture
    worked(sqlite_desk)
    lines = give("status", code=1).splitlines()
    assert lines[:2] == [
        "! no scheduler runs: payerbots up",
        "! no worker is alive, 1 items wait: payerbots up",
    ]
    assert "  Mon 11/23 05:30  morning  (eligibility, in 19 h 30 min)" in lines
    assert "  eligibility: 1 open, the oldest 0 min; 1 for a person, the oldest 0 min" in lines
    assert "  run 1  eligibility  3/4 items, 1 for a person, for 0 min" in lines


def test_kpi_shows_figures_with_their_denominators(give: Give, sqlite_desk: Desk, root: Path) -> None:  # noqa: F811 - the fixture
    (root / "kpi.yaml").write_text("minutes: {eligibility: 6}\n")
    worked(sqlite_desk)
    shown = give("kpi")
    assert "66.7 %  2 of 3" in shown
    assert "0.2 h  2 of eligibility at 6 min" in shown
    assert "no data, needs the site's A/R file: Days sales outstanding" in shown
    assert "MEMBER_NOT_FOUND 1" in shown


def test_kpi_as_json_workbook_and_page(give: Give, sqlite_desk: Desk, tmp_path: Path) -> None:  # noqa: F811 - the fixture
    worked(sqlite_desk)
    files = (str(tmp_path / "kpi.xlsx"), str(tmp_path / "kpi.html"))
    told: dict[str, Any] = json.loads(give("kpi", "--json", "--xlsx", files[0], "--html", files[1]))
    assert told["figures"]["straight_through"] == {
        "title": "Straight-through rate",
        "value": 66.7,
        "unit": "percent",
        "of": "2 of 3",
        "note": "",
        "formula": "items done without a person ÷ items finished, retried ones included",
    }
    assert told["figures"]["dso"]["value"] is None
    assert (told["from"], told["to"]) == ("2026-10-24", "2026-11-22")
    assert told["by_payer"][0]["name"] == "Summit Health Plan"
    assert told["exceptions"] == {"MEMBER_NOT_FOUND": 1}
    assert told["files"] == list(files)
    assert openpyxl.load_workbook(files[0]).sheetnames[0] == "Figures"
    assert "<svg" in Path(files[1]).read_text()


def test_kpi_of_another_time_counts_what_was_then(give: Give, sqlite_desk: Desk) -> None:  # noqa: F811 - the fixture
    worked(sqlite_desk)
    told = json.loads(give("kpi", "--from", "2026-10-01", "--to", "2026-10-31", "--json"))
    assert told["figures"]["items"]["value"] == 0
    assert "expected a first day" in give("kpi", "--from", "2026-12-01", "--to", "2026-10-31", code=2)


def test_the_summary_is_shown_as_it_would_be_sent(give: Give, sqlite_desk: Desk) -> None:  # noqa: F811 - the fixture
    worked(sqlite_desk)
    shown = give("notify", "summary")
    assert shown.startswith("Sun 11/22: 0 runs, 0 things to look at, 1 waiting\n\nSince Sat 11/21 10:00.")
    assert json.loads(give("notify", "summary", "--json"))["title"].startswith("Sun 11/22")


def test_notify_needs_the_file_and_known_names(give: Give, root: Path) -> None:
    assert "there is no notices.yaml" in give("notify", "test", code=2)
    (root / "notices.yaml").write_text("people: {room: {channel: file}}\n")
    assert "no 'ana' in notices.yaml, allowed: room" in give("notify", "test", "ana", code=2)
    assert "'mail' has no secret in notices.yaml; allowed: room" in give("notify", "set", "mail", code=2)


def test_an_address_is_typed_unseen_and_used(
    give: Give,
    root: Path,
    sqlite_desk: Desk,  # noqa: F811 - the fixture
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (root / "notices.yaml").write_text("people: {room: {channel: file}}\n")
    assert "credentials.sealed: notices/room/channel is not set" in give("notify", "test", code=1)
    monkeypatch.setattr("payerbots.cli.notify.ask", lambda _what: "json://user:Quarry-Lantern@127.0.0.1:9/")
    assert "room: channel set (file)" in give("notify", "set", "room")
    assert b"Quarry" not in (sqlite_desk.folder / "credentials.sealed").read_bytes()
    shown = give("notify", "test", code=1)
    assert "refused, or not reached" in shown
    assert "Quarry" not in shown


def test_rechecks_needs_a_list(give: Give) -> None:
    assert "say where the list of active orders is" in give("rechecks", code=2)
    assert "there is no list of active orders" in give("rechecks", "--orders", "nowhere.xlsx", code=2)
