"""What is known of a person is found by a keyed hash of name and birth date, and by nothing else."""

import datetime as dt

import pytest

from payerbots import retention
from payerbots.domain.facts import FileFact
from payerbots.domain.identity import person_key
from payerbots.ledger import money_views, runs, views
from payerbots.ledger.models import Item, ItemState
from payerbots.ledger.purge import Purge
from payerbots.ledger.records import Ending
from tests.ledger.desk import BOT, CANARY, SECOND, Desk, new_item

BORN = dt.date(1948, 3, 2)
MARTHA = person_key("Quill", "Martha", BORN)


@pytest.mark.parametrize(
    ("last", "first"),
    [("QUILL", "MARTHA"), ("Quill Jr.", "Martha A"), ("Quíll", "Martha Ann"), (" quill ", "martha")],
)
def test_a_person_is_the_same_however_the_name_is_written(last: str, first: str) -> None:
    assert person_key(last, first, BORN) == MARTHA


@pytest.mark.parametrize(
    ("last", "first", "born"),
    [("Quills", "Martha", BORN), ("Quill", "Marta", BORN), ("Quill", "Martha", BORN + dt.timedelta(days=1))],
)
def test_another_name_or_birth_date_is_another_person(last: str, first: str, born: dt.date) -> None:
    assert person_key(last, first, born) != MARTHA


def known(desk: Desk, *people: str) -> None:
    """One answered item for each."""
    desk.fill(*(new_item(place, person=person) for place, person in enumerate(people, 1)))
    for _ in people:
        desk.finish(desk.claimed())
        desk.clock.forward(SECOND)


def test_all_answers_about_a_person_are_found_the_first_first(desk: Desk) -> None:
    known(desk, "martha", "jonah", "martha")
    found = list(views.of_person(desk.ledger, BOT, "martha"))
    assert [row.place for row in found] == sorted(row.place for row in found)
    assert [row.result for row in found] == [CANARY, CANARY]


@pytest.mark.parametrize(("bot", "person"), [("another", "martha"), (BOT, "nobody"), (BOT, "jonah")])
def test_nothing_is_found_of_others(desk: Desk, bot: str, person: str) -> None:
    known(desk, "martha", "")
    assert list(views.of_person(desk.ledger, bot, person)) == []


def test_what_is_not_answered_proves_nothing(desk: Desk) -> None:
    desk.fill(new_item(1, person="martha"), new_item(2, person="martha"))
    desk.finish(desk.claimed(), Ending(state=ItemState.EXCEPTION, outcome="exception", reason="CAPTCHA"))
    assert list(views.of_person(desk.ledger, BOT, "martha")) == []


def test_a_purge_forgets_whom_it_was_about(desk: Desk) -> None:
    known(desk, "martha")
    desk.clock.forward(dt.timedelta(days=4000))
    rules = {**retention.RULES, "answers": dt.timedelta(days=1)}
    Purge(desk.ledger, desk.folder.parent, dt.timedelta(0), rules, "person:ana").carry_out()
    assert Item.objects.get(kind="work").person == ""
    assert list(views.of_person(desk.ledger, BOT, "martha")) == []


def test_a_file_that_was_found_while_collecting_is_kept_with_what_was_collected(desk: Desk) -> None:
    run = desk.start()
    facts = [
        FileFact(sha256=f"{number}" * 64, kind=kind, size=3, portal="p")
        for number, kind in enumerate(("999", "TA1"))
    ]
    runs.add_items(desk.ledger, desk.claimed("collector", ""), run, [new_item(1)], None, facts)
    day = desk.clock.now.date()
    assert money_views.kept(["999"], "p", day) == facts[:1]
    assert money_views.kept(["999", "TA1"], "p", day) == facts
    assert money_views.kept(["999"], "other", day) == []
    assert money_views.kept(["999"], "p", day + dt.timedelta(days=1)) == []
