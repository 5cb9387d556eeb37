"""The log names classes, places and item numbers, never what was in a variable or an exception."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from loguru import logger

from payerbots import log

CANARY = "Canary-Reyes-1EG4TE5MK73"


@pytest.fixture(autouse=True)
def quiet_after() -> Iterator[None]:
    yield
    logger.remove()


def _fail(name: str) -> None:
    raise ValueError(f"cannot use {name}")


def _failed() -> ValueError:
    with pytest.raises(ValueError, match="cannot use") as error:
        _fail(CANARY)
    return error.value


def test_the_place_of_an_error_is_its_class_file_and_line() -> None:
    line = _fail.__code__.co_firstlineno + 1
    assert log.place_of(_failed()) == f"ValueError at test_log.py:{line}"


def test_the_place_of_an_error_holds_none_of_its_text() -> None:
    assert CANARY not in log.place_of(_failed())


def test_of_an_error_that_came_of_another_only_the_last_is_told() -> None:
    with pytest.raises(KeyError) as error:
        _fail_of_failure()
    assert log.place_of(error.value).startswith("KeyError at test_log.py:")


def _fail_of_failure() -> None:
    try:
        _fail(CANARY)
    except ValueError as error:
        raise KeyError(CANARY) from error


def test_an_error_that_was_never_raised_has_no_place() -> None:
    assert log.place_of(ValueError(CANARY)) == "ValueError"


def _written(folder: Path) -> str:
    logger.remove()
    return (folder / "payerbots.log").read_text(encoding="utf-8")


def test_a_line_holds_the_time_in_utc_the_level_and_where(tmp_path: Path) -> None:
    log.start(tmp_path)
    logger.bind(where="summit/bot1").info("item {} attempt {}: {}", 7, 1, "SessionLost")
    (line,) = _written(tmp_path).splitlines()
    time, rest = line.split("Z ", 1)
    assert len(time) == len("2026-11-22 15:00:00.000")
    assert rest == "INFO    summit/bot1 item 7 attempt 1: SessionLost"


def test_a_line_without_a_where_has_a_dash(tmp_path: Path) -> None:
    log.start(tmp_path)
    logger.info("a run begins")
    assert _written(tmp_path).endswith("INFO    - a run begins\n")


def test_a_traceback_shows_no_variable(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    log.start(tmp_path)
    patient = CANARY
    try:
        _divide(len(patient), patient)
    except ZeroDivisionError:
        logger.exception("item 7 failed")
    written = _written(tmp_path)
    assert "ZeroDivisionError" in written
    assert CANARY not in written
    assert CANARY not in capfd.readouterr().err


def _divide(number: int, patient: str) -> float:
    return number / (len(patient) - number)


def test_details_stay_out_of_the_file(tmp_path: Path) -> None:
    log.start(tmp_path)
    logger.debug("a detail")
    assert _written(tmp_path) == ""


def test_the_terminal_hears_warnings_only(capfd: pytest.CaptureFixture[str]) -> None:
    log.start(None)
    logger.info("a run begins")
    logger.warning("summit was stopped")
    assert capfd.readouterr().err == "WARNING: summit was stopped\n"


def test_starting_again_does_not_write_twice(tmp_path: Path) -> None:
    log.start(tmp_path)
    log.start(tmp_path)
    logger.info("once")
    assert len(_written(tmp_path).splitlines()) == 1
