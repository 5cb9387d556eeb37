"""`money.yaml`: what an office sets of its money."""

from datetime import date
from pathlib import Path

import pytest

from payerbots.domain.money_settings import MoneySettings, money_settings
from payerbots.errors import ConfigError
from tests.support import ROOT

DAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("watermark", "since"),
    [
        pytest.param("", date(2026, 11, 4), id="never read: the first days"),
        pytest.param("2026-11-25", date(2026, 11, 15), id="read today: the look-back"),
        pytest.param("2026-11-20", date(2026, 11, 10), id="read some days ago: from there"),
        pytest.param("2026-12-24", date(2026, 11, 15), id="a mark ahead of the day counts as the day"),
    ],
)
def test_bots_look_back_for_what_came_late(watermark: str, since: date) -> None:
    assert MoneySettings().since(watermark, DAY) == since


def test_a_workspace_without_the_file_has_the_usual_settings(tmp_path: Path) -> None:
    assert money_settings(tmp_path) == MoneySettings()


def test_an_edited_file_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "money.yaml"
    file.write_text("ach_days: 2\n")
    assert money_settings(tmp_path).matching.ach_days == 2
    file.write_text("ach_days: 5   # later\n")
    assert money_settings(tmp_path).matching.ach_days == 5


def test_the_practice_offices_payers_are_aliases_for_matching() -> None:
    aliases = money_settings(ROOT).matching.payers
    assert any("Treasurer of State" in each.names and "1316400047" in each.ids for each in aliases)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("ach_day: 3", "at key ach_day"),
        ("ach_days: -1", "at key ach_days"),
        ('win_rates: {"50": 2}', "at key win_rates.50"),
        ("closed: [soon]", "at key closed.0"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "money.yaml").write_text(text)
    with pytest.raises(ConfigError, match=told):
        money_settings(tmp_path)
