"""What runs out at a portal, when it is told, and in which words."""

from datetime import date, timedelta
from typing import Any

import pytest

from payerbots.portals.config import Portal
from payerbots.portals.upkeep import Upkeep, UpkeepKind, due

TODAY = date(2026, 7, 15)


def _portal(*expires: date | None, **more: Any) -> Portal:
    """A portal with a login for each day on which a password expires: bot1, bot2 and so on."""
    logins = [
        {"name": f"bot{number}", "password_expires": day} for number, day in enumerate(expires or [None], 1)
    ]
    said = {"name": "summit", "flow": "summit", "title": "Summit", "url": "https://summit.example"}
    return Portal.model_validate({**said, "automation": "permitted", "credentials": logins, **more})


def _in(days: int) -> date:
    return TODAY + timedelta(days=days)


def _upkeep(kind: UpkeepKind, days_left: int, login: str = "") -> Upkeep:
    return Upkeep(kind=kind, portal="summit", login=login, on=_in(days_left), days_left=days_left)


DUE = [
    ("nothing is known", _portal(), {}, []),
    ("a password", _portal(_in(3)), {}, [_upkeep(UpkeepKind.PASSWORD, 3, "bot1")]),
    ("one password of two", _portal(_in(30), _in(3)), {}, [_upkeep(UpkeepKind.PASSWORD, 3, "bot2")]),
    ("recertification", _portal(recertify_by=_in(3)), {}, [_upkeep(UpkeepKind.RECERTIFY, 3)]),
    ("a permission", _portal(automation_until=_in(3)), {}, [_upkeep(UpkeepKind.AUTOMATION, 3)]),
    (
        "a login that is not used",
        _portal(keep_alive_days=30),
        {"bot1": _in(-27)},
        [_upkeep(UpkeepKind.KEEP_ALIVE, 3, "bot1")],
    ),
    ("a login that is used", _portal(keep_alive_days=30), {"bot1": _in(-1)}, []),
    ("a login that was never used", _portal(keep_alive_days=30), {}, []),
    ("a portal that locks nobody", _portal(), {"bot1": _in(-300)}, []),
    ("a login that the file has no more", _portal(keep_alive_days=30), {"bot9": _in(-300)}, []),
]


@pytest.mark.parametrize(
    ("portal", "last_used", "found"), [row[1:] for row in DUE], ids=[row[0] for row in DUE]
)
def test_what_runs_out(portal: Portal, last_used: dict[str, date], found: list[Upkeep]) -> None:
    assert due(portal, TODAY, last_used) == found


def test_what_runs_out_first_stands_first() -> None:
    portal = _portal(_in(5), _in(-2), recertify_by=_in(5), automation_until=_in(0), keep_alive_days=30)
    found = due(portal, TODAY, {"bot2": _in(-29), "bot1": _in(-25)})
    assert [(one.kind.value, one.login, one.days_left) for one in found] == [
        ("password", "bot2", -2),
        ("automation", "", 0),
        ("keep_alive", "bot2", 1),
        ("keep_alive", "bot1", 5),
        ("password", "bot1", 5),
        ("recertify", "", 5),
    ]


MARKS = [(14, 14), (8, 14), (7, 7), (2, 7), (1, 1), (0, 0), (-1, 0), (-400, 0)]


@pytest.mark.parametrize(("days", "mark"), MARKS)
def test_the_steps_of_warning(days: int, mark: int) -> None:
    assert [one.mark for one in due(_portal(_in(days)), TODAY, {})] == [mark]


def test_nobody_is_told_before_the_first_step() -> None:
    far = _in(15)
    portal = _portal(far, recertify_by=far, automation_until=far, keep_alive_days=30)
    assert due(portal, TODAY, {"bot1": _in(-15)}) == []


WHEN = [(14, "in 14 days"), (2, "in 2 days"), (1, "tomorrow"), (0, "today"), (-1, "over")]


@pytest.mark.parametrize(("days", "when"), WHEN)
def test_a_warning_says_when(days: int, when: str) -> None:
    assert f" on {_in(days)} ({when}): " in _upkeep(UpkeepKind.RECERTIFY, days).text


TEXTS = [
    (
        UpkeepKind.KEEP_ALIVE,
        "bot1",
        "summit: login bot1 is locked for want of use on 2026-07-16 (tomorrow): sign in with it",
    ),
    (
        UpkeepKind.PASSWORD,
        "bot1",
        (
            "summit: the password of login bot1 expires on 2026-07-16 (tomorrow): "
            "set a new one on the portal and where the login's secrets are kept"
        ),
    ),
    (
        UpkeepKind.RECERTIFY,
        "",
        "summit: the users of this portal must be recertified on 2026-07-16 (tomorrow): do that on the portal",
    ),
    (
        UpkeepKind.AUTOMATION,
        "",
        (
            "summit: the permission for robots ends on 2026-07-16 (tomorrow): "
            "have it renewed, and set automation_until"
        ),
    ),
]


@pytest.mark.parametrize(("kind", "login", "text"), TEXTS, ids=[row[0].value for row in TEXTS])
def test_a_warning_says_what_to_do(kind: UpkeepKind, login: str, text: str) -> None:
    assert _upkeep(kind, 1, login).text == text


def test_there_are_words_for_everything_that_runs_out() -> None:
    assert {row[0] for row in TEXTS} == set(UpkeepKind)
