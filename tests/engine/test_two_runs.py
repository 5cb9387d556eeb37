"""Two runs at once on one ledger, as two people at two terminals would start them."""

import asyncio

from payerbots.engine.delivering import RunReport
from payerbots.engine.runner import Order, Runner
from payerbots.ledger.models import Attempt, Item
from payerbots.sandbox.server import PracticePortal
from tests.support import Office

CLEAN = (7, 8, 11, 12)


def test_each_item_is_asked_once_and_a_login_holds_no_more_sessions_than_it_may(
    office: Office, portal: PracticePortal
) -> None:
    rows = office.requests(*CLEAN)
    order = Order(bot="eligibility", input=rows, out=office.folder / "out")

    async def both() -> list[RunReport]:
        runners = [Runner(office.workspace, chromium=office.chromium) for _ in range(2)]
        return await asyncio.gather(*(runner.run(order) for runner in runners))

    reports = office.loop.run(both())
    assert [report.by_state for report in reports] == [{"done": 4}] * 2
    assert sum(report.added for report in reports) == 4
    assert Item.objects.filter(kind="work").count() == 4
    assert portal.stats()["questions"] == 4
    assert portal.stats()["sign_ins"] == 1
    assert not Attempt.objects.exclude(error="").exists()
