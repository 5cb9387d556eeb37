"""What the billing system said of posting rows, on both databases: taken over once."""

from datetime import timedelta

import pytest

from payerbots.ledger import posting
from payerbots.ledger.models import Audit, PostedRow
from payerbots.ledger.posting import Confirmed, Said
from tests.ledger.desk import Desk
from tests.ledger.money import a_payment, found, payment_number

HOUR = timedelta(hours=1)
WORDS = "Canary-Reyes: patient not found"


def taken(desk: Desk, row: str = "r1", payment: int | None = None) -> Said:
    return Said(row=row, payment=payment, confirmed_at=desk.clock.now)


def refused(row: str = "r1", words: str = WORDS) -> Said:
    return Said(row=row, refused=words)


def confirm(desk: Desk, *rows: Said) -> Confirmed:
    return posting.confirm(desk.ledger, rows, "ana")


def test_rows_are_confirmed_and_refused(desk: Desk) -> None:
    assert confirm(desk, taken(desk), refused("r2")) == Confirmed(confirmed=1, refused=1)
    assert posting.confirmed(["r1", "r2"]) == {"r1": desk.clock.now}
    assert posting.refused(desk.ledger) == {"r2": WORDS}


def test_the_same_file_again_changes_nothing(desk: Desk) -> None:
    rows = taken(desk), refused("r2")
    confirm(desk, *rows)
    before = list(PostedRow.objects.order_by("pk").values())
    desk.clock.forward(HOUR)
    assert confirm(desk, *rows) == Confirmed(known=2)
    assert list(PostedRow.objects.order_by("pk").values()) == before
    assert Audit.objects.filter(action="posting confirmed").count() == 1


def test_a_row_that_was_refused_is_confirmed_later(desk: Desk) -> None:
    confirm(desk, refused())
    assert confirm(desk, taken(desk)) == Confirmed(confirmed=1)
    assert posting.refused(desk.ledger) == {}


def test_a_row_that_was_confirmed_stays_so(desk: Desk) -> None:
    confirm(desk, taken(desk))
    first = desk.clock.now
    desk.clock.forward(HOUR)
    assert confirm(desk, refused(), taken(desk)) == Confirmed(kept=1, known=1)
    assert posting.confirmed(["r1"]) == {"r1": first}


def test_other_words_of_a_refusal_count(desk: Desk) -> None:
    confirm(desk, refused())
    assert confirm(desk, refused(words="claim closed")) == Confirmed(refused=1)
    assert posting.refused(desk.ledger) == {"r1": "claim closed"}


def test_a_row_that_comes_twice_in_a_file_counts_once(desk: Desk) -> None:
    assert confirm(desk, taken(desk), taken(desk)) == Confirmed(confirmed=1, known=1)


UNUSABLE = [
    ("neither", Said(row="r1")),
    ("no row", refused("")),
    ("a long row", refused("r" * 121)),
    ("no such payment", Said(row="r1", payment=999999, refused="no")),
]


@pytest.mark.parametrize("wrong", [row[1] for row in UNUSABLE], ids=[row[0] for row in UNUSABLE])
def test_a_row_that_cannot_be_used_costs_only_itself(desk: Desk, wrong: Said) -> None:
    assert confirm(desk, wrong, taken(desk, "r9")) == Confirmed(confirmed=1, unusable=1)


def test_a_row_says_of_which_payment_it_is(desk: Desk) -> None:
    found(desk, a_payment())
    confirm(desk, taken(desk, payment=payment_number()))
    assert PostedRow.objects.get().payment_id == payment_number()


def test_the_words_of_a_refusal_are_sealed(desk: Desk) -> None:
    confirm(desk, refused())
    assert b"Canary" not in desk.bytes_on_disk()
