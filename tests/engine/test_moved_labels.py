"""A label that moved is never taken for the absence of what it told: no order becomes billable by it."""

import pytest

from payerbots.browser import pagebook
from tests.support import ROOT, Office

MEDICARE_ADVANTAGE, HOSPICE, NO_PART_B = 10, 26, 27

GONE = "{label: Gone}"
MOVED = [
    ("the plan", MEDICARE_ADVANTAGE, {"{label: Advantage plan}": GONE}),
    ("Part B", NO_PART_B, {"{label: Part B entitlement}": GONE}),
    ("the stays", HOSPICE, {"data-testid=table-stays": "data-testid=gone"}),
    (
        "the enrolment in Medicare Advantage",
        MEDICARE_ADVANTAGE,
        {"{label: Medicare Advantage enrollment}": GONE, "{label: Medicare Advantage}": GONE},
    ),
]


@pytest.mark.parametrize(("row", "changes"), [one[1:] for one in MOVED], ids=[one[0] for one in MOVED])
def test_what_can_no_longer_be_read_parks_the_item(
    office: Office, monkeypatch: pytest.MonkeyPatch, row: int, changes: dict[str, str]
) -> None:
    text = (ROOT / "selectors" / "summit_health.yaml").read_text()
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    moved = office.folder / "summit_health.yaml"
    moved.write_text(text)
    load = pagebook.load
    monkeypatch.setattr(pagebook, "load", lambda _: load(moved))
    report = office.run(office.requests(row))
    assert report.by_reason == {"PORTAL_CHANGED": 1}
    assert report.figures["eligibility"][0]["outcome"] == "ask"
