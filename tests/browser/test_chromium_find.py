"""Which browser is used: the order, with machines that are made up."""

from collections.abc import Callable
from pathlib import Path

import pytest

from payerbots.browser import chromium
from payerbots.browser.chromium import Executable, find
from payerbots.errors import ConfigError

Machine = Callable[[str], str | None]


@pytest.fixture(autouse=True)
def no_usual_places(monkeypatch: pytest.MonkeyPatch) -> None:
    """What this machine has in the usual places does not count."""
    monkeypatch.setattr(chromium, "_PLACES", ())


@pytest.fixture
def browser(tmp_path: Path) -> Callable[[str], Path]:
    def make(name: str) -> Path:
        path = tmp_path / name
        path.touch()
        return path

    return make


def machine(*installed: str) -> Machine:
    """A machine that has these commands."""
    return lambda name: f"/usr/bin/{name}" if name in installed else None


BARE = machine()
FULL = machine("google-chrome", "microsoft-edge", "chromium")


def test_the_configured_path_comes_first(browser: Callable[[str], Path]) -> None:
    mine, other, own = browser("mine"), browser("other"), browser("own")
    found = find(mine, own, {"PAYERBOTS_BROWSER": str(other)}, FULL)
    assert found == Executable(mine, "--browser")


def test_the_environment_comes_next(browser: Callable[[str], Path]) -> None:
    other, own = browser("other"), browser("own")
    found = find(None, own, {"PAYERBOTS_BROWSER": str(other)}, FULL)
    assert found == Executable(other, "PAYERBOTS_BROWSER")


def test_then_playwrights_own_build(browser: Callable[[str], Path]) -> None:
    own = browser("own")
    assert find(None, own, {}, FULL) == Executable(own, "Playwright's own build")


def test_then_installed_chrome_or_edge(tmp_path: Path) -> None:
    found = find(None, tmp_path / "not downloaded", {}, FULL)
    assert found == Executable(Path("/usr/bin/google-chrome"), "installed Chrome or Edge")


def test_edge_goes_before_chromium() -> None:
    found = find(None, None, {}, machine("microsoft-edge-stable", "chromium"))
    assert found == Executable(Path("/usr/bin/microsoft-edge-stable"), "installed Chrome or Edge")


def test_an_installed_chrome_off_the_path_is_found(
    browser: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    chrome = browser("Google Chrome")
    monkeypatch.setattr(chromium, "_PLACES", ("/nowhere/chrome", str(chrome)))
    assert find(None, None, {}, BARE) == Executable(chrome, "installed Chrome or Edge")


@pytest.mark.parametrize("name", ["chromium-headless-shell", "chromium", "chromium-browser"])
def test_then_the_systems_chromium(name: str) -> None:
    assert find(None, None, {}, machine(name)) == Executable(Path("/usr/bin") / name, "system chromium")


def test_the_headless_shell_goes_before_the_whole_chromium() -> None:
    found = find(None, None, {}, machine("chromium", "chromium-headless-shell"))
    assert found == Executable(Path("/usr/bin/chromium-headless-shell"), "system chromium")


def test_there_may_be_none(tmp_path: Path) -> None:
    assert find(None, None, {}, BARE) is None
    assert find(None, tmp_path / "not downloaded", {"PAYERBOTS_BROWSER": ""}, BARE) is None


def test_a_configured_path_that_is_not_there_is_never_passed_over(
    tmp_path: Path, browser: Callable[[str], Path]
) -> None:
    with pytest.raises(ConfigError, match=r"^--browser: no browser at .*gone$"):
        find(tmp_path / "gone", browser("own"), {}, FULL)


def test_a_path_in_the_environment_that_is_not_there_is_never_passed_over(
    tmp_path: Path, browser: Callable[[str], Path]
) -> None:
    with pytest.raises(ConfigError, match=r"^PAYERBOTS_BROWSER: no browser at .*gone$"):
        find(None, browser("own"), {"PAYERBOTS_BROWSER": str(tmp_path / "gone")}, FULL)


def test_a_folder_is_no_browser(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no browser at"):
        find(tmp_path, None, {}, BARE)
