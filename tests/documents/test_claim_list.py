"""The office's list of claims, as its billing system exports it."""

from pathlib import Path

import pytest

from payerbots.documents.claim_list import read_claim_list
from payerbots.documents.errors import WorkbookUnusable


def written(folder: Path, text: str) -> Path:
    file = folder / "claims.csv"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    "text",
    [
        "Claim no.,QMB,Secondary payer\nH1,Y,\nH2,N,MCD01\n",
        "pcn;Is QMB;Next payer ID\nH1;yes;\nH2;;MCD01\n",
        "Patient control number\tsecondary\tqmb\nH1\t\tx\nH2\tMCD01\t0\nH2\tMCD01\t0\n\n",
    ],
)
def test_columns_are_found_by_their_names(tmp_path: Path, text: str) -> None:
    found = read_claim_list(written(tmp_path, text))
    assert (found.control, found.qmb) == (frozenset({"H1", "H2"}), frozenset({"H1"}))
    assert found.next_payers == {"H2": "MCD01"}


@pytest.mark.parametrize("text", ["", "Patient,Date\nx,y\n"])
def test_a_list_without_claim_numbers_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(WorkbookUnusable, match=r"claims\.csv"):
        read_claim_list(written(tmp_path, text))
