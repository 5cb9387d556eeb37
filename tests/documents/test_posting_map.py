"""The map of the posting import."""

from pathlib import Path

import pytest

from payerbots.documents.posting_map import FIELDS, NAME, map_of, shipped_map
from payerbots.errors import ConfigError

OWN = """\
columns:
  batch: Batch
  row: Id
answer:
  row: [Id]
  verdict: [Result]
  accepted: [ok]
  refused: [bad]
"""


def test_the_shipped_map_has_every_field_in_its_order() -> None:
    assert tuple(shipped_map().columns) == FIELDS


def test_a_workspace_without_a_map_has_the_shipped_one(tmp_path: Path) -> None:
    assert map_of(tmp_path) == shipped_map()


def test_a_workspaces_own_map_stands_in_its_place(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text(OWN, encoding="utf-8")
    own = map_of(tmp_path)
    assert {field: column.header for field, column in own.columns.items()} == {"batch": "Batch", "row": "Id"}
    assert own.trailer is None


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            "batch: Batch",
            "bach: Batch",
            r"posting_import\.yaml:2: at key columns\.bach: found 'bach', allowed: batch, ",
        ),
        (
            "  row: Id\nanswer",
            "  claim: Id\nanswer",
            r"posting_import\.yaml:1: at key columns: found 'no row'",
        ),
        (
            "batch: Batch",
            "batch: {header: B, dates: MM/DD}",
            r":2: at key columns\.batch\.dates: found 'MM/DD'",
        ),
        (
            "batch: Batch",
            "batch: {header: B, amounts: euros}",
            r":2: at key columns\.batch\.amounts: found 'euros'",
        ),
        ("columns:", "delimiter: x\ncolumns:", r":1: at key delimiter: found 'x'"),
        (
            "columns:",
            "trailer: {mark: T, columns: [sum]}\ncolumns:",
            r":1: at key trailer\.columns\.0: found 'sum'",
        ),
        ("refused: [bad]", "refused: [OK]", r":8: at key answer\.refused: found 'ok'"),
        ("accepted: [ok]", "accepted: []", r":7: at key answer\.accepted"),
        ("columns:", "colour: red\ncolumns:", r":1: at key colour: this key is not known here"),
    ],
)
def test_what_is_wrong_in_a_map_is_named_with_line_and_key(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    (tmp_path / NAME).write_text(OWN.replace(old, new), encoding="utf-8")
    with pytest.raises(ConfigError, match=says):
        map_of(tmp_path)
