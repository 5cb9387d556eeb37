"""Keys rotate: everything sealed comes under the first key, and nothing is lost on the way."""

from datetime import timedelta

from cryptography.fernet import Fernet

from payerbots.keys import Keys
from payerbots.ledger import codes, items, portals, resealing
from payerbots.ledger.models import Item, SavedSession
from payerbots.ledger.portals import SessionPlace
from payerbots.ledger.records import Ledger
from tests.ledger.desk import CANARY, KEYS, PORTAL, Desk, new_item, search

FRESH = Fernet.generate_key().decode()
BOTH = Keys((FRESH, *KEYS.sealing), KEYS.index, "a test")
NEW_ONLY = Keys((FRESH,), KEYS.index, "a test")


def furnished(desk: Desk, count: int = 5) -> None:
    """A value in every sealed column that a ledger without messages has."""
    desk.fill(*[new_item(number) for number in range(1, count + 1)])
    desk.finish(desk.claimed())
    portals.save_session(desk.ledger, SessionPlace(PORTAL, "https://x", "bot1", 1), CANARY)
    codes.ask(desk.ledger, PORTAL, "bot1", timedelta(minutes=5))
    codes.type_in(desk.ledger, PORTAL, "", "123456", "ana")


def test_every_sealed_column_comes_under_the_first_key(desk: Desk) -> None:
    furnished(desk)
    count = sum(1 for model, name in resealing.columns() for _ in resealing._values(model, name))
    done = resealing.reseal(BOTH)
    assert (done.changed, done.already, done.unknown) == (count, 0, 0)
    assert resealing.reseal(BOTH) == resealing.Resealed(already=count)
    assert resealing.sealed_with(BOTH) == {BOTH.fingerprints()[0]: count}
    assert {NEW_ONLY.unseal(row.request_sealed) for row in Item.objects.filter(kind="work")} == {CANARY}
    assert NEW_ONLY.unseal(SavedSession.objects.get().state_sealed) == CANARY


def test_work_goes_on_with_the_new_key_alone(desk: Desk) -> None:
    furnished(desk)
    resealing.reseal(BOTH)
    claim = items.claim(Ledger(NEW_ONLY, desk.ledger.clock), search())
    assert claim is not None
    assert claim.request == CANARY


def test_the_wrong_key_changes_nothing_and_says_how_much_it_does_not_open(desk: Desk) -> None:
    furnished(desk)
    before = list(Item.objects.order_by("pk").values())
    done = resealing.reseal(NEW_ONLY)
    assert (done.changed, done.already) == (0, 0)
    assert done.unknown > 5
    assert list(Item.objects.order_by("pk").values()) == before
    assert resealing.sealed_with(NEW_ONLY) == {"unknown": done.unknown}


def test_what_a_worker_writes_meanwhile_is_left_as_it_is(desk: Desk) -> None:
    furnished(desk, 1)
    item = Item.objects.get(kind="work")
    read = bytes(item.request_sealed)
    Item.objects.filter(pk=item.pk).update(request_sealed=KEYS.seal(b"another"))
    done = resealing._value(BOTH, Item, "request_sealed", (item.pk, read))
    assert done.changed == 0
    assert BOTH.unseal(Item.objects.get(pk=item.pk).request_sealed) == b"another"
