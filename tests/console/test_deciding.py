"""Decisions made in the console: one and many, refused and proposed, and what they did."""

from typing import Any

import pytest

from payerbots.ledger.models import Audit, Case, Decided, Item
from tests.console.house import House, exception


def seen(item: int) -> str:
    """An item as a page shows it that was loaded now."""
    row = Item.objects.get(pk=item)
    case = Case.objects.filter(item=item).first()
    return f"item-{item}:r{row.revision}:{case.decisions if case else 0}"


def decide(house: House, item: int, decision: str, who: str = "biller", **terms: str) -> str:
    """Decides by the form of the item's page; what the next page tells."""
    form = {"seen": terms.pop("seen", seen(item)), "decision": decision, **terms}
    return told(house.client("biller", who).post(f"/items/{item}/decide", form, follow=True))


def told(answer: Any) -> str:
    return " ".join(str(message) for message in answer.context["messages"])


def many(house: House, items: list[int], decision: str, **terms: str) -> str:
    form = {"item": [seen(item) for item in items], "decision": decision, **terms}
    return told(house.client("biller").post("/exceptions/decide", form, follow=True))


def test_an_item_that_is_sent_back_runs_again(house: House) -> None:
    (item,) = house.exceptions(1)
    assert "will run again" in decide(house, item, "send back")
    assert Item.objects.get(pk=item).state == "new"
    assert Audit.objects.get(action="send back").actor == "person:biller"
    assert Decided.objects.get().source == "console"


def test_many_are_decided_at_once(house: House) -> None:
    items = house.exceptions(5)
    assert many(house, items[:4], "send back") == "4 exceptions are sent back and will run again."
    assert sorted(Item.objects.filter(state="new").values_list("pk", flat=True)) == items[:4]
    assert Audit.objects.filter(action="send back").count() == 4


def test_each_of_many_stands_or_is_refused_by_itself(house: House) -> None:
    one, other = house.exceptions(2)
    form = {"item": [seen(one), seen(other)], "decision": "resolved by hand"}
    decide(house, other, "send back")
    text = told(house.client("biller").post("/exceptions/decide", form, follow=True))
    assert "1 exception is resolved." in text
    assert f"Refused: {other} was decided before: `send back` by person:biller" in text
    assert Item.objects.get(pk=one).state == "done"
    assert Item.objects.get(pk=other).state == "new"


def test_who_ticks_nothing_is_told(house: House) -> None:
    house.exceptions(1)
    assert "Nothing was ticked" in many(house, [], "send back")


@pytest.mark.parametrize(
    ("decision", "terms", "why"),
    [
        ("write off", {"amount": "5"}, "an adjustment code"),
        ("write off", {"amount": "-5", "code": "WO1"}, "an amount such as"),
        ("write off", {"amount": "5000", "code": "WO1"}, "more than"),
        ("pend until", {}, "a date"),
        ("pend until", {"until": "2001-01-01"}, "a date"),
        ("assign to", {}, "a person"),
        ("not mine", {"to": "nobody"}, "one of the teams"),
        ("duplicate of", {"to": "999"}, "there is no item 999"),
        ("no such decision", {}, "one of:"),
        ("", {}, "expected a decision"),
        ("corrected - send back", {}, "corrected values"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_reason(
    decision: str, terms: dict[str, str], why: str, house: House
) -> None:
    (item,) = house.exceptions(1)
    assert why in decide(house, item, decision, **terms)
    assert Item.objects.get(pk=item).state == "exception"
    assert not Decided.objects.exists()


@pytest.mark.parametrize("forged", ["", "nothing", "item-x:r1:0", "item-2:r1", "item-2:r1:x", "item-2:r1:-1"])
def test_a_forged_mark_decides_nothing(forged: str, house: House) -> None:
    (item,) = house.exceptions(1)
    decide(house, item, "send back", seen=forged)
    assert Item.objects.get(pk=item).state == "exception"


def test_the_mark_of_another_item_decides_nothing(house: House) -> None:
    one, other = house.exceptions(2)
    house.client("biller").post(f"/items/{one}/decide", {"seen": seen(other), "decision": "send back"})
    assert set(Item.objects.filter(pk__in=[one, other]).values_list("state", flat=True)) == {"exception"}


def test_on_what_two_people_saw_the_first_decision_stands(house: House) -> None:
    (item,) = house.exceptions(1)
    both_saw = seen(item)
    decide(house, item, "assign to", "ana", to="ana", seen=both_saw)
    assert "was decided before" in decide(house, item, "resolved by hand", "ben", seen=both_saw)
    assert Item.objects.get(pk=item).state == "exception"


def test_a_large_write_off_needs_a_second_person(house: House) -> None:
    house.fill(150)
    items = house.finish(count=150)
    item = items[-1]
    terms = {"amount": "140", "code": "WO1"}
    assert "waits for a second person" in decide(house, item, "write off", "ana", **terms)
    assert "needs a second person" in decide(house, item, "write off", "ana", **terms)
    assert Item.objects.get(pk=item).state == "exception"
    assert "waits for a second person" in page(house, item)
    assert "written off" in decide(house, item, "write off", "ben", **terms)
    assert Item.objects.get(pk=item).state == "done"


def page(house: House, item: int) -> str:
    text: str = house.client("biller").get(f"/items/{item}").content.decode()
    return text


def test_corrected_values_are_asked_again(house: House) -> None:
    (item,) = house.exceptions(1)
    assert 'value="991234567"' in page(house, item)
    text = decide(
        house,
        item,
        "corrected - send back",
        **{"correct:Member ID": "987654321", "was:Member ID": "991234567", "correct:NPI": "1671694135"},
        **{"was:NPI": "1671694135"},
    )
    assert "corrected and will run again" in text
    assert "987654321" in page(house, item)
    assert Item.objects.get(pk=item).revision == 2


def test_a_corrected_value_that_cannot_be_asked_is_refused(house: House) -> None:
    (item,) = house.exceptions(1)
    text = decide(
        house, item, "corrected - send back", **{"correct:Birth date": "soon", "was:Birth date": ""}
    )
    assert "Birth date" in text
    assert Item.objects.get(pk=item).state == "exception"


def test_what_is_assigned_is_found_by_whose_it_is(house: House) -> None:
    mine, _ = house.exceptions(2)
    house.user("biller", "ana")
    decide(house, mine, "assign to", to="ana")
    client = house.client("biller", "ana")
    assert _listed(client.get("/exceptions?person=ana")) == [mine]
    assert mine not in _listed(client.get("/exceptions?person=-"))


def test_what_is_pended_comes_back_when_it_is_asked_for(house: House) -> None:
    pended, other = house.exceptions(2)
    later = house.space.today.replace(year=house.space.today.year + 1).isoformat()
    decide(house, pended, "pend until", until=later.replace("02-29", "02-28"))
    client = house.client("biller")
    assert _listed(client.get("/exceptions")) == [other]
    assert _listed(client.get("/exceptions?pended=1")) == [pended]


def _listed(answer: Any) -> list[int]:
    return [entry["row"].item for entry in answer.context["rows"]]


def test_what_is_due_first_stands_first_and_then_the_most_money(house: House) -> None:
    soon = house.ledger.now()
    rich, due = house.exceptions(2), house.exceptions(1, due_at=soon)
    client = house.client("biller")
    assert _listed(client.get("/exceptions")) == [due[0], rich[1], rich[0]]
    assert _listed(client.get("/exceptions?order=oldest")) == [*rich, *due]
    assert _listed(client.get("/exceptions?order=no-such-order")) == [due[0], rich[1], rich[0]]


def test_reasons_teams_portals_and_items_narrow_the_list(house: House) -> None:
    house.fill(2)
    (one,) = house.finish(exception("MEMBER_NOT_FOUND"))
    (other,) = house.finish(exception("AUTH_NEEDED"))
    client = house.client("biller")
    for query, expected in {
        "reason=AUTH_NEEDED": [other],
        "team=intake": [one],
        f"item={one}": [one],
        "portal=summit_health": [one, other],
        "portal=elsewhere": [],
        "bot=lockbox": [],
        "reason=' OR 1=1 --": [],
        "page=99": [one, other],
        "page=-1&item=x": [one, other],
    }.items():
        assert sorted(_listed(client.get(f"/exceptions?{query}"))) == expected, query


def test_after_a_decision_comes_the_next_of_what_was_chosen(house: House) -> None:
    first, second = house.exceptions(2)
    form = {"seen": seen(second), "decision": "send back", "query": "order=newest"}
    answer = house.client("biller").post(f"/items/{second}/decide", form)
    assert answer.headers["Location"] == f"/items/{first}?order=newest"


def test_a_view_is_kept_and_forgotten_by_whom_it_belongs_to(house: House) -> None:
    house.exceptions(1)
    ana, ben = house.client("biller", "ana"), house.client("biller", "ben")
    ana.post("/exceptions/views", {"name": " Due  soon ", "query": "team=intake&order=dollars&evil=1"})
    (view,) = ana.get("/exceptions").context["views"]
    assert (view.name, view.query) == ("Due soon", "team=intake&order=dollars")
    assert list(ben.get("/exceptions").context["views"]) == []
    assert ben.post(f"/exceptions/views/{view.pk}/forget").status_code == 404
    assert ana.post(f"/exceptions/views/{view.pk}/forget").status_code == 302
    assert list(ana.get("/exceptions").context["views"]) == []
