"""How the repository is laid out, and what depends on that."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

REPO = Path(__file__).parents[1]
MACHINE_PATH = re.compile(r"(?<![\w.~-])/(?:work|root)/")
HELP_CPU_SECONDS = 0.5


def test_nothing_shadows_the_standard_librarys_selectors() -> None:
    assert not (REPO / "selectors/__init__.py").exists()
    assert not (REPO / "selectors.py").exists()


def test_asyncio_can_be_imported_with_the_workspace_first() -> None:
    code = (
        f"import sys; sys.path.insert(0, {str(REPO)!r}); import asyncio, selectors; selectors.DefaultSelector"
    )
    subprocess.run([sys.executable, "-I", "-c", code], check=True, timeout=30, cwd=REPO)


def test_the_wheel_holds_the_package_only() -> None:
    build = tomllib.loads((REPO / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]
    assert build == {"targets": {"wheel": {"packages": ["payerbots"]}}}


@pytest.mark.skipif(sys.platform == "win32", reason="wait4 is POSIX")
def test_help_answers_at_once() -> None:
    assert min(_help_cpu_seconds() for _ in range(3)) < HELP_CPU_SECONDS


def test_no_file_names_a_path_of_one_machine() -> None:
    found = [
        f"{file.relative_to(REPO)}: {hit[0]}"
        for file in _text_files()
        for hit in [_machine_path(file)]
        if hit
    ]
    assert found == []


def _help_cpu_seconds() -> float:
    code = "from payerbots.cli.main import run; run(['--help'])"
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.DEVNULL, cwd=REPO)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode == 0
    return usage.ru_utime + usage.ru_stime


def _machine_path(file: Path) -> re.Match[str] | None:
    try:
        return MACHINE_PATH.search(file.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        return None


def _text_files() -> list[Path]:
    git = shutil.which("git")
    if git is None or not (REPO / ".git").exists():
        pytest.skip("not a git checkout")
    listed = [
        git,
        "-c",
        f"safe.directory={REPO}",
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ]
    names = subprocess.run(listed, cwd=REPO, check=True, capture_output=True, text=True, timeout=30).stdout
    return [REPO / name for name in names.split("\0") if name and (REPO / name).is_file()]
