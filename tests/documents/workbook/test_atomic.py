"""Files that appear whole or not at all."""

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from payerbots.documents.workbook.atomic import save_atomically

NINE = datetime(2026, 11, 22, 9, 15, tzinfo=UTC)


def save(path: Path, text: str = "new") -> Path:
    return save_atomically(path, lambda temporary: _write(temporary, text), now=lambda: NINE)


def _write(path: Path, text: str) -> None:
    path.write_text(text)


def test_the_file_takes_the_old_ones_place(tmp_path: Path) -> None:
    target = tmp_path / "sub" / "out.xlsx"
    assert save(target) == save(target, "newer") == target
    assert target.read_text() == "newer"


def test_a_failure_leaves_the_old_file_and_no_trace(tmp_path: Path) -> None:
    target = save(tmp_path / "out.xlsx", "old")

    def fail(temporary: Path) -> None:
        temporary.write_text("half")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        save_atomically(target, fail)
    assert [path.name for path in tmp_path.iterdir()] == ["out.xlsx"]
    assert target.read_text() == "old"


@pytest.mark.parametrize("lock", ["~$out.xlsx", ".~lock.out.xlsx#"])
def test_an_open_file_gets_a_sibling_that_says_when(tmp_path: Path, lock: str) -> None:
    target = save(tmp_path / "out.xlsx", "old")
    (tmp_path / lock).touch()
    assert save(target).name == "out (2026-11-22 0915).xlsx"
    assert save(target).name == "out (2026-11-22 0915, 2).xlsx"
    assert target.read_text() == "old"


@pytest.mark.parametrize("lock", [None, ".~lock.out.xlsx#"])
def test_a_file_that_would_stay_the_same_is_left_alone(tmp_path: Path, lock: str | None) -> None:
    target = save(tmp_path / "out.xlsx")
    before = target.stat()
    if lock:
        (tmp_path / lock).touch()
    assert save(target) == target
    assert (target.stat().st_ino, target.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_file_that_windows_will_not_replace_gets_a_sibling(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, replace = tmp_path / "out.xlsx", Path.replace

    def refuse(self: Path, other: Path) -> Path:
        if other == target:
            raise PermissionError
        return replace(self, other)

    monkeypatch.setattr(Path, "replace", refuse)
    assert save(target).name == "out (2026-11-22 0915).xlsx"


@pytest.mark.parametrize(
    ("mode", "why"), [(None, "a new file is private"), (0o640, "an office's file stays shared")]
)
def test_the_mode_is_the_owners_or_stays(tmp_path: Path, mode: int | None, why: str) -> None:
    target = tmp_path / "out.xlsx"
    if mode:
        target.touch()
        target.chmod(mode)
    assert stat.S_IMODE(save(target).stat().st_mode) == (mode or 0o600), why
