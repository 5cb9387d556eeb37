"""Facts of money, on both databases: written with their outcome, once, whatever road they come by."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from payerbots.domain.conclusions import Conclusion
from payerbots.domain.facts import Of
from payerbots.errors import FactRefused, LeaseLost
from payerbots.ledger import facts, money_views, outbox
from payerbots.ledger.models import Audit, Deposit, File, Notice, Payment, Sighting
from payerbots.ledger.money_views import Which
from payerbots.ledger.records import Fact
from tests.ledger.desk import RETRY, Desk, with_own_connection
from tests.ledger.money import (
    CONTENT,
    DAY,
    OTHER,
    a_deposit,
    a_file,
    a_payment,
    banked,
    claimed,
    conclude,
    deposit_number,
    ending,
    found,
    sha,
)

EVERYTHING = Which()


def changed(fact: Any, **values: Any) -> Any:
    return msgspec.structs.replace(fact, **values)


def test_what_was_found_is_read_back_as_it_was(desk: Desk) -> None:
    claim = found(desk, a_payment(amount="1234567890.12"), a_deposit(amount="-0.05", check_number="77"))
    (payment,), (deposit,) = money_views.payments(EVERYTHING), money_views.deposits(EVERYTHING)
    assert payment == changed(a_payment(amount="1234567890.12"), number=payment.number, item=claim.item)
    assert deposit == changed(
        a_deposit(amount="-0.05", check_number="77"), number=deposit.number, item=claim.item
    )
    assert money_views.files([sha()]) == [a_file()]


def test_a_payment_that_comes_by_another_road_is_the_same_and_its_file_is_noted(desk: Desk) -> None:
    first = found(desk, a_payment())
    later = found(desk, a_file(OTHER, portal=""), a_payment(file=sha(OTHER), portal="", place=7))
    seen = [(one.file, one.portal, one.item) for one in money_views.sightings(Of.PAYMENT)]
    assert seen == [(sha(), "summit", first.item), (sha(OTHER), "", later.item)]
    (payment,) = money_views.payments(EVERYTHING)
    assert (payment.file, payment.place, payment.item) == (sha(), 1, first.item)


def test_the_same_file_again_is_kept_once(desk: Desk) -> None:
    found(desk, a_payment())
    found(desk, a_payment())
    assert (File.objects.count(), Payment.objects.count(), Sighting.objects.count()) == (1, 1, 2)


ANOTHER = [
    ("another payer", {"payer_id": "9"}),
    ("another trace", {"trace": "T2"}),
    ("another date", {"date": DAY + timedelta(days=1)}),
    ("no date", {"date": None}),
    ("another amount", {"amount": Decimal("100.01")}),
    ("other contents under the same key", {"contents": "d" * 64}),
]


@pytest.mark.parametrize("values", [row[1] for row in ANOTHER], ids=[row[0] for row in ANOTHER])
def test_another_payment_is_a_second_one(desk: Desk, values: dict[str, Any]) -> None:
    found(desk, a_payment(), a_payment(**values))
    assert Payment.objects.count() == 2


SAME = [
    ("an amount with fewer digits", {"amount": Decimal(100)}),
    ("the payer's name", {"payer": "SUMMIT HLTH"}),
    ("where it stands in its file", {"place": 9}),
]


@pytest.mark.parametrize("values", [row[1] for row in SAME], ids=[row[0] for row in SAME])
def test_what_is_not_of_the_key_makes_no_second_payment(desk: Desk, values: dict[str, Any]) -> None:
    found(desk, a_payment())
    found(desk, a_payment(**values))
    assert Payment.objects.count() == 1


def test_a_payment_without_a_date_is_one_too(desk: Desk) -> None:
    found(desk, a_payment(date=None))
    found(desk, a_payment(date=None))
    assert Payment.objects.count() == 1


def test_what_the_bank_says_later_of_a_deposit_counts_and_is_told(desk: Desk) -> None:
    found(desk, a_deposit(payer="Summit"))
    conclude_settled(desk)
    found(desk, a_file(OTHER), a_deposit(amount="90.00", trace="T1", file=sha(OTHER)))
    (deposit,) = money_views.deposits(EVERYTHING)
    assert (deposit.amount, deposit.trace, deposit.payer) == (Decimal("90.00"), "T1", "Summit")
    assert (deposit.file, Deposit.objects.get().state) == (sha(OTHER), "new")
    (row,) = Audit.objects.filter(action="deposit changed")
    assert (row.before, row.after) == (
        {"deposit": deposit.number, "amount": "100.00"},
        {"amount": "90.00", "changed": ["amount", "trace"]},
    )
    (notice,) = Notice.objects.all()
    assert "is 90.00 now, it was 100.00" in notice.message


def test_a_deposit_that_is_told_again_stands_where_it_stood(desk: Desk) -> None:
    found(desk, a_deposit(payer="Summit"))
    conclude_settled(desk)
    found(desk, a_deposit(amount="100"))
    assert Deposit.objects.get().state == "matched"
    assert not Notice.objects.exists()


def conclude_settled(desk: Desk) -> None:
    assert conclude(desk, Conclusion(standings=[banked()]))


def test_facts_roll_back_with_their_outcome(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    claim = claimed(desk)

    def fails(*_: object) -> None:
        raise KeyError

    monkeypatch.setattr(outbox, "write", fails)
    with pytest.raises(KeyError):
        desk.finish(claim, ending(a_payment(), a_deposit()))
    assert desk.item(claim).state == "running"
    assert (File.objects.count(), Payment.objects.count(), Deposit.objects.count()) == (0, 0, 0)


def test_facts_that_come_too_late_are_refused(desk: Desk) -> None:
    claim = claimed(desk)
    with pytest.raises(LeaseLost):
        desk.finish(replace(claim, owner="another"), ending(a_payment()))
    assert not Payment.objects.exists()


def test_an_outcome_that_is_written_twice_finds_once(desk: Desk) -> None:
    claim = found(desk, a_payment(), a_deposit())
    desk.finish(claim, ending(a_payment(), a_deposit()))
    assert Sighting.objects.count() == 2


def test_many_facts_are_written_at_once(desk: Desk) -> None:
    many = range(1200)
    found(desk, *[a_payment(f"T{n}") for n in many], *[a_deposit(f"R{n}") for n in many])
    assert (Payment.objects.count(), Deposit.objects.count(), Sighting.objects.count()) == (1200, 1200, 2400)


def test_workers_that_find_the_same_at_once_find_it_once(desk: Desk) -> None:
    claims = [claimed(desk) for _ in range(4)]
    facts_of_all: list[Fact] = [
        *[a_payment(f"T{n}") for n in range(30)],
        *[a_deposit(f"R{n}") for n in range(30)],
    ]

    def finish(number: int) -> None:
        order = facts_of_all if number % 2 else facts_of_all[::-1]
        with_own_connection(lambda: desk.finish(claims[number], ending(*order)))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(finish, range(4)))
    assert (Payment.objects.count(), Deposit.objects.count(), File.objects.count()) == (30, 30, 1)
    assert Sighting.objects.count() == 240


def test_an_attempt_that_only_waits_finds_nothing(desk: Desk) -> None:
    desk.finish(claimed(desk), RETRY)
    assert not File.objects.exists()


def test_no_name_of_a_person_is_in_the_clear(desk: Desk) -> None:
    found(desk, a_payment(), a_deposit())
    assert b"Canary" not in desk.bytes_on_disk()


def test_the_number_of_a_deposit_stays(desk: Desk) -> None:
    found(desk, a_deposit())
    before = deposit_number()
    found(desk, a_deposit(amount="1.00"))
    assert deposit_number() == before


SIZES = {sha(): len(CONTENT)}
REFUSED = [
    ("a file without its content", [a_file(), a_file(OTHER)], "each file goes with its content"),
    ("a content without its file", [], "each file goes with its content"),
    ("a size that is another", [a_file(size=1)], "each file goes with its content"),
    ("a payment of a file from elsewhere", [a_file(), a_payment(file=sha(OTHER))], "names a file that"),
    ("part of a cent", [a_file(), a_payment(amount="0.001")], "whole cents"),
    ("no number", [a_file(), a_deposit(amount="NaN")], "whole cents"),
    ("too much", [a_file(), a_deposit(amount="1000000000000")], "whole cents"),
    ("a long trace", [a_file(), a_payment("T" * 81)], "Payment.trace is no text of up to 80"),
    ("a NUL", [a_file(), a_payment("T\0")], "Payment.trace"),
    ("a long kind", [a_file(kind="k" * 21)], "File.kind"),
    ("no reference", [a_file(), a_deposit("")], "no reference"),
    ("one reference twice in a file", [a_file(), a_deposit(), a_deposit()], "under one reference"),
    ("one reference, two amounts", [a_file(), a_deposit(), a_deposit(amount="2.00")], "under one reference"),
]


@pytest.mark.parametrize(("wrong", "told"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_what_cannot_be_kept_is_refused_before_it_is_written(wrong: list[Any], told: str) -> None:
    with pytest.raises(FactRefused, match=told):
        facts.check(wrong, SIZES)


def test_what_can_be_kept_passes() -> None:
    facts.check([a_file(), a_payment(), a_deposit(), a_payment("T2", payer="P" * 300)], SIZES)


def test_a_long_name_of_a_payer_is_cut_off(desk: Desk) -> None:
    found(desk, a_payment(payer="P" * 300))
    assert Payment.objects.get().payer == "P" * 200
