"""Whether a portal may be used, and the sessions kept between runs."""

from dataclasses import replace
from datetime import timedelta

import pytest

from payerbots.keys import Keys
from payerbots.ledger import portals
from payerbots.ledger.models import SavedSession
from payerbots.ledger.portals import SessionPlace, Standing
from payerbots.ledger.records import Ledger
from tests.ledger.desk import CANARY, SECOND, Desk

FIVE_MINUTES = timedelta(minutes=5)
REST = (FIVE_MINUTES, timedelta(hours=1))
PLACE = SessionPlace("summit", "https://summit.example", "bot1", 0)


def _pause(desk: Desk) -> timedelta:
    """Pauses the portal and waits until the pause is over; how long that was."""
    portals.pause(desk.ledger, "summit", "PAYER_TRY_LATER", "HTTP 429", REST)
    until = portals.standing(desk.ledger, "summit").until
    assert until is not None
    rested = until - desk.clock.now
    desk.clock.forward(rested)
    return rested


def test_a_portal_that_nobody_stopped_is_open(desk: Desk) -> None:
    assert portals.standing(desk.ledger, "summit") == Standing(portal="summit", state="open")


def test_a_stop_holds_until_a_person_resumes(desk: Desk) -> None:
    since = desk.clock.now
    portals.stop(desk.ledger, "summit", "SIGN_IN_REFUSED", "user or password refused")
    desk.clock.forward(timedelta(days=30))
    assert portals.standing(desk.ledger, "summit") == Standing(
        portal="summit",
        state="stopped",
        reason="SIGN_IN_REFUSED",
        message="user or password refused",
        since=since,
    )


def test_another_portal_goes_on(desk: Desk) -> None:
    portals.stop(desk.ledger, "summit", "SIGN_IN_REFUSED", "")
    assert portals.standing(desk.ledger, "crest").state == "open"


def test_resuming_opens_the_portal_and_says_how_it_stood(desk: Desk) -> None:
    portals.stop(desk.ledger, "summit", "CAPTCHA", "")
    assert portals.resume(desk.ledger, "summit", "ana").reason == "CAPTCHA"
    assert portals.standing(desk.ledger, "summit").state == "open"
    assert desk.audited() == [("guard", "portal stopped"), ("ana", "portal resumed")]


def test_resuming_an_open_portal_changes_nothing(desk: Desk) -> None:
    assert portals.resume(desk.ledger, "summit", "ana").state == "open"
    assert portals.standing(desk.ledger, "summit").state == "open"


def test_a_pause_ends_by_itself(desk: Desk) -> None:
    portals.pause(desk.ledger, "summit", "PAYER_TRY_LATER", "HTTP 429", REST)
    desk.clock.forward(FIVE_MINUTES - SECOND)
    assert portals.standing(desk.ledger, "summit").state == "paused"
    desk.clock.forward(SECOND)
    assert portals.standing(desk.ledger, "summit").state == "open"


def test_the_last_standing_still_tells_of_a_pause_that_is_over(desk: Desk) -> None:
    _pause(desk)
    assert portals.last_standing("summit").reason == "PAYER_TRY_LATER"


def test_each_pause_in_a_row_is_twice_as_long_up_to_the_longest(desk: Desk) -> None:
    assert [_pause(desk) / FIVE_MINUTES for _ in range(6)] == [1, 2, 4, 8, 12, 12]


def test_a_portal_that_is_down_for_a_weekend_is_still_paused(desk: Desk) -> None:
    assert {_pause(desk) for _ in range(64)} >= {timedelta(hours=1)}


def test_after_an_answer_the_next_pause_is_short_again(desk: Desk) -> None:
    _pause(desk)
    _pause(desk)
    portals.answered(desk.ledger, "summit")
    assert _pause(desk) == FIVE_MINUTES


def test_after_a_person_resumed_the_next_pause_is_short_again(desk: Desk) -> None:
    _pause(desk)
    _pause(desk)
    portals.resume(desk.ledger, "summit", "ana")
    assert _pause(desk) == FIVE_MINUTES


def test_sessions_that_are_throttled_together_make_one_pause(desk: Desk) -> None:
    portals.pause(desk.ledger, "summit", "PAYER_TRY_LATER", "HTTP 429", REST)
    first = portals.standing(desk.ledger, "summit")
    desk.clock.forward(SECOND)
    portals.pause(desk.ledger, "summit", "PAYER_TRY_LATER", "HTTP 429", REST)
    assert portals.standing(desk.ledger, "summit") == first


def test_a_stop_is_not_turned_into_a_pause(desk: Desk) -> None:
    portals.stop(desk.ledger, "summit", "SIGN_IN_REFUSED", "")
    portals.pause(desk.ledger, "summit", "PAYER_TRY_LATER", "HTTP 429", REST)
    standing = portals.standing(desk.ledger, "summit")
    assert (standing.state, standing.reason) == ("stopped", "SIGN_IN_REFUSED")


def test_an_answer_of_another_session_does_not_open_a_stopped_portal(desk: Desk) -> None:
    portals.stop(desk.ledger, "summit", "SIGN_IN_REFUSED", "")
    portals.answered(desk.ledger, "summit")
    assert portals.standing(desk.ledger, "summit").state == "stopped"


def test_a_pause_becomes_a_stop(desk: Desk) -> None:
    portals.pause(desk.ledger, "summit", "PAYER_TRY_LATER", "HTTP 429", REST)
    portals.stop(desk.ledger, "summit", "CAPTCHA", "")
    desk.clock.forward(timedelta(days=1))
    assert portals.standing(desk.ledger, "summit").reason == "CAPTCHA"


def test_a_long_message_is_cut_to_its_column(desk: Desk) -> None:
    portals.stop(desk.ledger, "summit", "CAPTCHA", "x" * 300)
    assert portals.standing(desk.ledger, "summit").message == "x" * 200


def test_a_session_is_kept_and_found_again(desk: Desk) -> None:
    portals.save_session(desk.ledger, PLACE, CANARY)
    assert portals.saved_session(desk.ledger, PLACE) == CANARY


def test_a_session_is_sealed(desk: Desk) -> None:
    portals.save_session(desk.ledger, PLACE, CANARY)
    written = desk.bytes_on_disk()
    assert b"summit.example" in written
    assert b"Canary" not in written


def test_a_later_session_takes_the_place_of_the_earlier(desk: Desk) -> None:
    portals.save_session(desk.ledger, PLACE, b"old")
    portals.save_session(desk.ledger, PLACE, b"new")
    assert portals.saved_session(desk.ledger, PLACE) == b"new"
    assert SavedSession.objects.count() == 1


ELSEWHERE = [
    ("another portal", replace(PLACE, portal="crest")),
    ("another address of the portal", replace(PLACE, url="http://127.0.0.1:8080")),
    ("another login", replace(PLACE, login="bot2")),
    ("another session of the login", replace(PLACE, slot=1)),
]


@pytest.mark.parametrize("place", [row[1] for row in ELSEWHERE], ids=[row[0] for row in ELSEWHERE])
def test_a_session_is_for_its_place_only(place: SessionPlace, desk: Desk) -> None:
    portals.save_session(desk.ledger, PLACE, CANARY)
    assert portals.saved_session(desk.ledger, place) is None
    portals.forget_session(place)
    assert portals.saved_session(desk.ledger, PLACE) == CANARY


def test_a_session_is_forgotten(desk: Desk) -> None:
    portals.save_session(desk.ledger, PLACE, CANARY)
    portals.forget_session(PLACE)
    assert portals.saved_session(desk.ledger, PLACE) is None


def test_a_stop_forgets_the_sessions_of_that_portal_only(desk: Desk) -> None:
    portals.save_session(desk.ledger, PLACE, CANARY)
    portals.save_session(desk.ledger, replace(PLACE, portal="crest"), CANARY)
    portals.stop(desk.ledger, "summit", "SIGN_IN_REFUSED", "")
    assert SavedSession.objects.get().portal == "crest"


def test_with_another_key_a_session_does_not_open(desk: Desk) -> None:
    portals.save_session(desk.ledger, PLACE, CANARY)
    other = Ledger(Keys(("A" * 43 + "=",), "index", "a test"), desk.clock)
    assert portals.saved_session(other, PLACE) is None
    assert portals.saved_session(desk.ledger, PLACE) == CANARY
