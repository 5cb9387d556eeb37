"""The rejections bot at the practice clearinghouse, in a real browser: every claim ends as is right, and is sent once."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from payerbots.browser.chromium import Chromium
from payerbots.engine.delivering import RunReport
from payerbots.ledger.models import Intent
from payerbots.sandbox.mailbox import PracticeMailbox
from tests.engine import clearing
from tests.engine.clearing import Clearing
from tests.support import LoopThread

pytestmark = pytest.mark.xdist_group("clearing")
"""Most tests look at one morning's work, which is done once."""


@pytest.fixture(scope="module")
def mailbox() -> Iterator[PracticeMailbox]:
    with PracticeMailbox() as mailbox:
        yield mailbox


@pytest.fixture(scope="module")
def house(
    tmp_path_factory: pytest.TempPathFactory,
    loop_thread: LoopThread,
    chromium: Chromium,
    mailbox: PracticeMailbox,
) -> Iterator[Clearing]:
    folder = tmp_path_factory.mktemp("clearing")
    with (
        pytest.MonkeyPatch.context() as patch,
        clearing.opened(folder, loop_thread, chromium, mailbox, patch) as made,
    ):
        yield made


@pytest.fixture(scope="module")
def morning(house: Clearing) -> RunReport:
    return house.run()


def expected(house: Clearing) -> dict[str, dict[str, Any]]:
    """As the answers say; member IDs are not proved here, for nobody has asked about eligibility."""
    found = house.right
    for one in found.values():
        if any(change["field"] == "subscriber.member_id" for change in one["changes"]):
            one |= {"outcome": "person", "reason": "REJ_MEMBER", "changes": [], "submissions": 0}
    return found


def cells(path: Path) -> dict[str, list[tuple[object, ...]]]:
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in load_workbook(path).worksheets}


def test_every_claim_ends_as_is_right(house: Clearing, morning: RunReport) -> None:
    found = {one["claim"]: one for one in morning.figures["rejections"]}
    wanted = expected(house)
    assert found.keys() == wanted.keys()
    assert [one for control, one in sorted(found.items()) if one != wanted[control]] == []


def test_each_claim_was_sent_as_often_as_is_right(house: Clearing, morning: RunReport) -> None:  # noqa: ARG001 - the morning's work
    wanted = {control: 1 for control, one in expected(house).items() if one["submissions"]}
    assert house.sent == wanted
    assert Intent.objects.count() == Intent.objects.filter(state="done").count() == len(wanted)
