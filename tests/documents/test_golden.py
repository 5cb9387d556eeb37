"""The project's own samples: each reads as the file beside it says, `NAME.expected.json`."""

import io
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from payerbots.cli.documents import _transactions
from payerbots.documents.read import documents

SAMPLES = sorted(
    path for path in (Path(__file__).parent / "samples/x12").iterdir() if not path.name.endswith(".json")
)


def shown(path: Path) -> dict[str, Any]:
    """What `documents read --json` shows of a sample."""
    (document,) = documents(path.name, io.BytesIO(path.read_bytes()))
    written = "".join(_transactions(document.parts, lambda value: msgspec.json.encode(value).decode()))
    transactions = json.loads(f"[{written}]")
    problems = msgspec.to_builtins(document.problems)
    return {"kind": document.kind, "problems": problems, "transactions": transactions}


@pytest.mark.parametrize("path", SAMPLES, ids=[path.name for path in SAMPLES])
def test_a_sample_reads_as_expected(path: Path) -> None:
    expected = json.loads(path.with_suffix(".expected.json").read_text(encoding="utf-8"))
    assert shown(path) == expected


def test_there_are_samples() -> None:
    assert {path.suffix for path in SAMPLES} >= {".835", ".277ca", ".999", ".271"}
