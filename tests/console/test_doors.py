"""Who sees what: every page for every role, and for those who are not signed in."""

from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from payerbots.console.rights import ROLES, Right
from payerbots.ledger.models import Evidence
from tests.console.doors import DOORS, Door
from tests.console.house import House, exception

CASES = [(role, name) for role in ROLES for name in DOORS]
ALLOWED = {
    "ops admin": set(Right),
    "biller": {
        Right.SEE_WORK,
        Right.SEE_ITEMS,
        Right.DECIDE,
        Right.TYPE_CODES,
        Right.READ_FILES,
        Right.SEE_KPIS,
    },
    "developer": {
        Right.SEE_WORK,
        Right.SEE_ITEMS,
        Right.DECIDE,
        Right.TYPE_CODES,
        Right.OPERATE,
        Right.READ_FILES,
    },
    "leader": {Right.SEE_WORK, Right.SEE_KPIS},
    "auditor": {Right.SEE_WORK, Right.SEE_ITEMS, Right.READ_FILES, Right.SEE_KPIS, Right.SEE_AUDIT},
}
"""What each role may, as the office was promised."""


@pytest.fixture
def filled(house: House) -> dict[str, int]:
    run = house.fill(1)
    (item,) = house.finish(exception(shown=house.shown()))
    kept = dict(Evidence.objects.values_list("kind", "pk"))
    return {"ITEM": item, "RUN": run, "PICTURE": kept["picture"], "PAGE": kept["page"]}


def address(name: str, filled: dict[str, int]) -> str:
    return reverse(name, args=[filled.get(str(part), part) for part in DOORS[name].args])


def ask(client: Client, name: str, filled: dict[str, int]) -> Any:
    door = DOORS[name]
    return client.post(address(name, filled), door.data) if door.post else client.get(address(name, filled))


def test_every_page_stands_in_the_table() -> None:
    assert {getattr(pattern, "name", None) for pattern in get_resolver().url_patterns} == set(DOORS)


def test_roles_are_those_that_were_promised() -> None:
    assert {role: set(rights) for role, rights in ROLES.items()} == ALLOWED


@pytest.mark.parametrize("role", ROLES)
def test_a_role_sees_what_it_may_and_is_refused_the_rest(
    role: str, house: House, filled: dict[str, int]
) -> None:
    client = house.client(role)
    got = {name: ask(client, name, filled).status_code for name in sorted(DOORS, key="sign-out".__eq__)}
    assert got == {name: _expected(role, door) for name, door in DOORS.items()}


def _expected(role: str, door: Door) -> int:
    if door.public:
        return 302 if door.args == () else door.found  # who is signed in needs no sign-in
    return door.found if door.right is None or door.right in ALLOWED[role] else 403


def test_nobody_sees_anything_without_signing_in(house: House, filled: dict[str, int]) -> None:  # noqa: ARG001 - its ledger is asked
    client = Client(HTTP_HOST="127.0.0.1")
    for name, door in DOORS.items():
        answer = ask(client, name, filled)
        if door.public:
            assert answer.status_code == door.found, name
        else:
            assert (answer.status_code, answer.url.split("?")[0]) == (302, "/sign-in"), name


def test_the_navigation_shows_only_what_one_may(house: House) -> None:
    text = house.client("leader").get("/").content.decode()
    assert 'href="/kpis"' in text
    assert 'href="/exceptions"' not in text
    assert 'href="/audit"' not in text


@pytest.mark.parametrize("path", ["/", "/runs", "/portals", "/queues", "/schedules", "/kpis"])
def test_a_leader_reads_nobodys_name(path: str, house: House) -> None:
    house.exceptions(3)
    text = house.client("leader").get(path).content.decode()
    assert "Canarysson" not in text
    assert "991234567" not in text
