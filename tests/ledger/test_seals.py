"""The chain of seals over the audit shows every row that was changed, removed or slipped in."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import transaction
from django.db.models import F

from payerbots.keys import Keys
from payerbots.ledger import audit, seals
from payerbots.ledger.models import Audit, AuditSeal
from payerbots.ledger.records import Ledger
from tests.ledger.desk import KEYS, SECOND, Desk, with_own_connection

COUNT = 12


def written(desk: Desk, count: int = COUNT) -> None:
    for number in range(count):
        audit.note(desk.ledger, "ana", "changed", {"item": number}, before={"b": 1, "a": number}, after={})


def sealed(desk: Desk) -> None:
    written(desk)
    assert seals.seal(desk.ledger) == COUNT


def test_what_is_written_is_sealed_in_order(desk: Desk) -> None:
    sealed(desk)
    assert list(AuditSeal.objects.order_by("position").values_list("position", flat=True)) == [
        *range(1, COUNT + 1)
    ]
    written(desk, 3)
    assert seals.seal(desk.ledger) == 3
    assert seals.seal(desk.ledger) == 0
    found = seals.verify(desk.ledger)
    assert (found.whole, found.links, found.unsealed, found.purged) == (True, COUNT + 3, 0, 0)


def test_an_empty_chain_is_whole(desk: Desk) -> None:
    found = seals.verify(desk.ledger)
    assert (found.whole, found.links, found.head) == (True, 0, "")


def row(place: int) -> int:
    return AuditSeal.objects.get(position=place).audit


def _actor() -> None:
    Audit.objects.filter(pk=row(5)).update(actor="somebody else")


def _time() -> None:
    Audit.objects.filter(pk=row(5)).update(at=F("at") + SECOND)


def _values() -> None:
    Audit.objects.filter(pk=row(5)).update(before={"b": 2, "a": 4})


def _removed() -> None:
    Audit.objects.filter(pk=row(5)).delete()


def _removed_with_its_link() -> None:
    Audit.objects.filter(pk=row(5)).delete()
    AuditSeal.objects.filter(position=5).delete()


def _link_changed() -> None:
    AuditSeal.objects.filter(position=5).update(content="0" * 64)


def _exchanged() -> None:
    fifth, sixth = row(5), row(6)
    AuditSeal.objects.filter(position=5).update(audit=0)
    AuditSeal.objects.filter(position=6).update(audit=fifth)
    AuditSeal.objects.filter(position=5).update(audit=sixth)


def _slipped_in() -> None:
    first = Audit.objects.get(pk=row(1))
    first.pk, first.actor = None, "nobody"
    first.save(force_insert=True)


DAMAGES: list[tuple[Callable[[], None], str]] = [
    (_actor, r"row \d+ \(link 5\) was changed"),
    (_time, r"row \d+ \(link 5\) was changed"),
    (_values, r"row \d+ \(link 5\) was changed"),
    (_removed, r"row \d+ \(link 5\) is gone"),
    (_removed_with_its_link, "links 5 to 5 are gone"),
    (_link_changed, "link 5 does not follow"),
    (_exchanged, r"row \d+ \(link 5\) was changed"),
    (_slipped_in, "no link knows it"),
]


@pytest.mark.parametrize(
    ("damage", "told"), DAMAGES, ids=[damage.__name__.strip("_") for damage, _ in DAMAGES]
)
def test_damage_is_found(desk: Desk, damage: Callable[[], None], told: str) -> None:
    sealed(desk)
    damage()
    found = seals.verify(desk.ledger)
    assert not found.whole
    assert any(re.search(told, problem) for problem in found.problems)


def test_an_end_that_was_cut_off_is_found_by_a_head_that_was_noted(desk: Desk) -> None:
    sealed(desk)
    head = seals.verify(desk.ledger).head
    Audit.objects.filter(pk__in=[row(11), row(12)]).delete()
    AuditSeal.objects.filter(position__gt=10).delete()
    assert seals.verify(desk.ledger).whole
    assert "head 12 that was noted is not in the chain" in seals.verify(desk.ledger, head).problems[0]


def test_without_the_index_key_no_chain_can_be_made(desk: Desk) -> None:
    sealed(desk)
    forger = Ledger(Keys(KEYS.sealing, "another index", "a test"), desk.ledger.clock)
    assert not seals.verify(forger).whole


def test_rows_that_are_unsealed_for_over_a_minute_are_told(desk: Desk) -> None:
    written(desk, 2)
    assert seals.verify(desk.ledger).whole
    desk.clock.forward(seals.SOON + SECOND)
    assert seals.verify(desk.ledger).problems[0].startswith("2 rows have been unsealed for over a minute")
    seals.seal(desk.ledger)
    assert seals.verify(desk.ledger).whole


def test_many_sweeps_at_once_seal_each_row_once(desk: Desk) -> None:
    written(desk, 60)
    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(lambda _: with_own_connection(lambda: seals.seal(desk.ledger)), range(4)))
    seals.seal(desk.ledger)
    assert sum(counts) <= 60
    found = seals.verify(desk.ledger)
    assert (found.whole, found.links) == (True, 60)


def test_what_is_rolled_back_is_not_in_the_chain(desk: Desk) -> None:
    with transaction.atomic():
        written(desk, 1)
        transaction.set_rollback(True)
    written(desk, 1)
    seals.seal(desk.ledger)
    assert seals.verify(desk.ledger).whole
    assert AuditSeal.objects.count() == 1
