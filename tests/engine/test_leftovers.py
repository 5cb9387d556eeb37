"""What another run left undone is not this run's work."""

from payerbots.ledger.models import Item
from tests.support import Office


def test_a_run_asks_only_what_is_on_its_own_list(office: Office) -> None:
    first = office.requests(7)
    office.run(first)
    Item.objects.filter(kind="work").update(state="new", finished_at=None)
    report = office.run(office.requests(8))
    assert report.by_state == {"done": 1}
    assert sorted(Item.objects.filter(kind="work").values_list("state", flat=True)) == ["done", "new"]
