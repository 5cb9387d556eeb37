"""A watched folder: each file is taken once, when it has come to rest, whatever happens meanwhile."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from payerbots.ledger import runs, schedules
from payerbots.ledger.models import Run, ScheduleSlot
from payerbots.schedule import folders
from payerbots.schedule.by_hand import run_now
from payerbots.schedule.folders import FileGone, FolderWatch, Found, sha256_of
from tests.ledger.desk import Desk
from tests.schedule.plan import Plan, planned, utc

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
REST = timedelta(seconds=10)
DROP = "drop: {bot: gather, input: {folder: in, pattern: '*.csv'}}\n"


@pytest.fixture
def plan(sqlite_desk: Desk) -> Iterator[Plan]:
    with planned(sqlite_desk, DROP) as made:
        (made.workspace.root / "in").mkdir()
        yield made


def put(plan: Plan, name: str = "orders.csv", text: str = "one") -> Path:
    file = plan.workspace.root / "in" / name
    file.write_text(text)
    return file


def look(plan: Plan, *clocks: str) -> None:
    for clock in clocks:
        plan.at(f"2026-11-23T{clock}")


def inputs(plan: Plan) -> list[str]:
    options = [runs.look(plan.ledger, run.pk).options.decode() for run in Run.objects.order_by("pk")]
    return [one.partition("office/")[2].partition('"')[0] for one in options]


class TestAtRest:
    def test_a_file_that_still_grows_is_left(self, tmp_path: Path) -> None:
        watch, file = FolderWatch(), tmp_path / "a.csv"
        counts = []
        for step in range(4):
            if step <= 2:
                file.write_text("x" * step)
            found, changing = watch.look(tmp_path, "*", REST, NOW + step * REST)
            counts.append((len(found), changing))
        assert counts == [(0, 1), (0, 1), (0, 1), (1, 0)]

    @pytest.mark.parametrize(
        "name",
        ["~$a.xlsx", ".a.csv", "a.csv.part", "a.crdownload", "A.TMP", "a.txt", "folder.csv", "open.csv"],
    )
    def test_what_is_no_finished_file_of_the_pattern_is_left(self, tmp_path: Path, name: str) -> None:
        if name == "folder.csv":
            (tmp_path / name).mkdir()
        else:
            (tmp_path / name).touch()
        if name == "open.csv":
            (tmp_path / "~$open.csv").touch()
        assert list(folders.candidates(tmp_path, "*.csv")) == []

    def test_a_file_that_leaves_while_it_is_looked_at_is_left(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "a.csv").touch()
        (tmp_path / "b.csv").touch()
        watch = FolderWatch()
        monkeypatch.setattr(
            folders, "candidates", lambda *_: [tmp_path / "gone.csv", tmp_path / "a.csv", tmp_path / "b.csv"]
        )
        watch.look(tmp_path, "*", REST, NOW)
        monkeypatch.setattr(folders, "sha256_of", _refusing(tmp_path / "b.csv"))
        found, others = watch.look(tmp_path, "*", REST, NOW + REST)
        assert ([one.path.name for one in found], others) == (["a.csv"], 1)

    def test_a_link_is_left(self, tmp_path: Path) -> None:
        (tmp_path / "elsewhere").touch()
        (tmp_path / "a.csv").symlink_to(tmp_path / "elsewhere")
        assert list(folders.candidates(tmp_path, "*.csv")) == []


class TestTaking:
    def test_a_file_is_moved_and_becomes_a_run(self, plan: Plan) -> None:
        file = put(plan)
        look(plan, "12:00:00", "12:00:05", "12:00:10", "12:00:20")
        taken = f"in/taken/orders-{sha256_of(plan.workspace.root / inputs(plan)[0])[:8]}.csv"
        assert inputs(plan) == [taken]
        assert not file.exists()

    def test_a_file_has_the_time_that_is_promised(self, plan: Plan) -> None:
        plan.write(DROP.replace("{bot", '{sla: {done_by: "16:00"}, zone: UTC, bot'))
        put(plan)
        look(plan, "12:00:00", "12:00:10")
        assert ScheduleSlot.objects.get().due_by == utc("2026-11-23T16:00")

    def test_two_files_are_two_runs(self, plan: Plan) -> None:
        put(plan, "a.csv", "a")
        put(plan, "b.csv", "b")
        look(plan, "12:00:00", "12:00:10")
        assert len(plan.runs()) == 2

    def test_the_same_content_again_runs_nothing_and_is_told(self, plan: Plan) -> None:
        put(plan)
        look(plan, "12:00:00", "12:00:10")
        put(plan, "again.csv")
        look(plan, "12:01:00", "12:01:10", "12:01:20")
        assert len(plan.runs()) == 1
        assert plan.told() == [
            "drop: a file came again whose content run 1 took; nothing runs, it is in taken/"
        ]
        names = sorted(file.name.partition("-")[0] for file in (plan.workspace.root / "in/taken").iterdir())
        assert names == ["again", "orders"]

    def test_a_file_that_cannot_be_moved_waits_and_is_told(
        self, plan: Plan, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuses(_self: Path, _target: Path) -> None:
            raise PermissionError

        put(plan)
        with monkeypatch.context() as patch:
            plan.scheduler._shelf.current()
            patch.setattr(Path, "replace", refuses)
            look(plan, "12:00:10", "12:00:20", "12:10:30")
        assert [one[1:] for one in plan.slots()] == [("due", "INPUT_STUCK")]
        assert len(plan.told()) == 1
        look(plan, "12:20:00")
        assert [state for _, state, _ in plan.slots()] == ["started"]

    def test_a_file_that_was_moved_before_a_crash_is_found(self, tmp_path: Path) -> None:
        file = tmp_path / "a.csv"
        file.write_text("one")
        found = Found(file, sha256_of(file))
        first = found.take()
        assert found.take() == first == Found.unpacked(found.packed()).take()

    def test_a_file_that_was_replaced_meanwhile_is_not_taken_for_the_one_that_was_seen(
        self, tmp_path: Path
    ) -> None:
        file = tmp_path / "a.csv"
        file.write_text("one")
        found = Found(file, sha256_of(file))
        file.write_text("two")
        with pytest.raises(FileGone):
            found.take()
        assert file.read_text() == "two"

    def test_a_file_that_left_before_it_was_taken_runs_when_it_comes_back(self, plan: Plan) -> None:
        file = put(plan)
        look(plan, "12:00:00")
        file.unlink()
        schedules.add(plan.ledger, "drop", [_slot(plan, file)])
        look(plan, "12:00:10")
        assert [one[1:] for one in plan.slots()] == [("missed", "INPUT_MISSING")]
        put(plan)
        look(plan, "12:01:00", "12:01:10")
        assert [state for _, state, _ in plan.slots()] == ["started"]

    def test_no_name_of_a_file_is_clear_in_the_ledger_or_told(self, plan: Plan) -> None:
        put(plan, "canary-reyes.csv")
        look(plan, "12:00:00", "12:00:10")
        put(plan, "canary-reyes-2.csv")
        look(plan, "12:01:00", "12:01:10")
        assert len(plan.runs()) == 1
        assert b"canary" not in plan.desk.bytes_on_disk()

    def test_a_folder_that_is_gone_is_told_once_a_day(self, plan: Plan) -> None:
        (plan.workspace.root / "in").rmdir()
        look(plan, "12:00:00", "12:05:00")
        assert plan.told() == ["drop: its folder in cannot be read: No such file or directory"]

    def test_a_pause_leaves_files_where_they_are(self, plan: Plan) -> None:
        file = put(plan)
        schedules.pause(plan.ledger, ["drop"], "ana", None)
        look(plan, "12:00:00", "12:00:10", "12:00:20")
        assert plan.slots() == []
        assert file.exists()

    def test_a_person_takes_what_is_there_at_once(self, plan: Plan) -> None:
        put(plan, "a.csv", "a")
        put(plan, "b.csv", "b")
        edition = plan.scheduler._shelf.current()
        assert run_now(edition, plan.ledger, edition.book.schedules["drop"], "person:ana") == [1, 2]
        assert ("person:ana", "run started") in plan.desk.audited()


def _refusing(refused: Path) -> Callable[[Path], str]:
    def hashed(path: Path) -> str:
        if path == refused:
            raise PermissionError
        return sha256_of(path)

    return hashed


def _slot(plan: Plan, file: Path) -> schedules.NewSlot:
    file.write_text("one")
    found = Found(file, sha256_of(file))
    file.unlink()
    now = plan.ledger.now()
    return schedules.NewSlot(slot=found.slot, at=now, start_at=now, taken=found.packed())


def test_a_slot_of_the_time_takes_the_files_that_are_there(sqlite_desk: Desk) -> None:
    with planned(
        sqlite_desk, 'drop: {bot: gather, cron: "0 12 * * *", zone: UTC, input: {folder: in}}'
    ) as plan:
        (plan.workspace.root / "in").mkdir()
        put(plan, "a.csv", "a")
        look(plan, "11:59:00", "12:00:00", "12:00:10", "12:00:15")
        assert [name.partition(" ")[0] for name, _, _ in plan.slots()] == ["2026-11-23T12:00", "file"]
        assert [state for _, state, _ in plan.slots()] == ["started", "started"]
        assert len(plan.runs()) == 1


def test_a_slot_of_the_time_that_finds_nothing_is_skipped(sqlite_desk: Desk) -> None:
    with planned(
        sqlite_desk, 'drop: {bot: gather, cron: "0 12 * * *", zone: UTC, input: {folder: in}}'
    ) as plan:
        (plan.workspace.root / "in").mkdir()
        look(plan, "11:59:00", "12:00:00")
        assert [one[1:] for one in plan.slots()] == [("skipped", "NOTHING_THERE")]


def test_a_file_waits_while_its_schedule_is_away(plan: Plan) -> None:
    plan.write("")
    look(plan, "12:00:00", "12:00:05")
    put(plan)
    schedules.add(plan.ledger, "drop", [_kept(plan)])
    look(plan, "12:00:10")
    assert [one[1:] for one in plan.slots()] == [("due", "REMOVED")]
    plan.write(DROP)
    look(plan, "12:00:15", "12:00:20")
    assert [state for _, state, _ in plan.slots()] == ["started"]


def _kept(plan: Plan) -> schedules.NewSlot:
    file = plan.workspace.root / "in/orders.csv"
    found, now = Found(file, sha256_of(file)), plan.ledger.now()
    return schedules.NewSlot(slot=found.slot, at=now, start_at=now, taken=found.packed())
