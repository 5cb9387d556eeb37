"""What follows an error: the table that everybody relies on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payerbots.engine import policy
from payerbots.engine.policy import ENOUGH, OTHER, History
from payerbots.errors import PORTAL_ERRORS, BusinessException, PortalChanged, PortalError
from payerbots.ledger.models import ItemState
from payerbots.ledger.records import Ending
from payerbots.portals.config import Retry, Wait
from payerbots.reasons import Reason


@dataclass(frozen=True)
class Retried:
    """Tried `times` in all, with a first wait of `first` seconds, then given to a person for `reason`."""

    why: str
    times: int
    first: float
    reason: Reason = Reason.ATTEMPTS_USED_UP


DAY = 24 * 3600
"""No wait is longer."""

RETRIED = {
    "SessionLost": Retried("signing in anew mends it at once", 4, 1),
    "TookTooLong": Retried("the portal is slow for now", 3, 15),
    "PageFailed": Retried("the portal fails for now", 4, 10),
    "BrowserGone": Retried("a new browser mends it at once", 3, 1),
    "RecordInUse": Retried("somebody else may be done with it in a minute", 4, 60),
    "LoginInUse": Retried("somebody else may be done in a minute", 4, 60),
    "PayerTryLater": Retried("the payer itself asks for time", 3, 60, Reason.PAYER_TRY_LATER),
    "WrongOrganisation": Retried("the switch may not have taken", 3, 15),
    "Unconfirmed": Retried("the next attempt looks it up first", 3, 60, Reason.SENT_UNCERTAIN),
    "AnswerIncomplete": Retried("once more, then a person calls", 2, 5, Reason.ANSWER_INCOMPLETE),
    "FileUnusable": Retried("what came was not the whole file", 3, 15, Reason.FILE_UNUSABLE),
    "NotPublished": Retried("the payer publishes it some hours later", 4, 4 * 3600, Reason.REMIT_NOT_READY),
}
GIVEN_BACK = {
    "Throttled": "the portal rests, the item loses nothing",
    "PortalDown": "the portal rests, the item loses nothing",
    "SignInRefused": "the portal is stopped, the item waits",
    "SignInUnclear": "the portal is stopped, the item waits",
    "PasswordExpired": "the portal is stopped, the item waits",
    "CodeNeeded": "the portal is stopped, the item waits",
    "CaptchaShown": "the portal is stopped, the item waits",
    "AttestationAsked": "the portal is stopped, the item waits",
}
FOR_A_PERSON = {
    "PortalChanged": (ItemState.PARKED, Reason.PORTAL_CHANGED),
    "SentUncertain": (ItemState.PARKED, Reason.SENT_UNCERTAIN),
    "WrongPatientShown": (ItemState.EXCEPTION, Reason.WRONG_PATIENT_SHOWN),
}
AGAIN = [(name, failed) for name, rule in RETRIED.items() for failed in range(1, rule.times)]


def _error(name: str) -> PortalError:
    kind = PORTAL_ERRORS[name]
    return PortalChanged("home", "submit") if kind is PortalChanged else kind("what the page is called")


def _after(error: BaseException, *before: str, pace: float = 1.0, **rules: Retry) -> Ending:
    history = History(before, rules, pace)
    if isinstance(error, PortalError):
        return policy.after_portal(error, history)
    return policy.after_unforeseen(error, "ValueError at page.py:7", history)


def test_the_reaction_to_every_error_is_known() -> None:
    assert set(PORTAL_ERRORS) == RETRIED.keys() | GIVEN_BACK.keys() | FOR_A_PERSON.keys()


@pytest.mark.parametrize(("name", "failed"), AGAIN)
def test_an_error_that_may_pass_is_waited_for_longer_each_time(name: str, failed: int) -> None:
    ending = _after(_error(name), *[name] * (failed - 1))
    assert (ending.state, ending.outcome, ending.reason) == ("waiting", "retry", "")
    assert (ending.error, ending.note) == (name, "what the page is called")
    assert ending.wait is not None
    least = min(RETRIED[name].first * 2 ** (failed - 1), DAY)
    assert least <= ending.wait.total_seconds() <= least + RETRIED[name].first / 4


@pytest.mark.parametrize("name", RETRIED)
def test_after_the_last_attempt_a_person_decides(name: str) -> None:
    ending = _after(_error(name), *[name] * (RETRIED[name].times - 1))
    assert (ending.state, ending.outcome) == ("exception", "exception")
    assert (ending.reason, ending.error, ending.wait) == (RETRIED[name].reason, name, None)


@pytest.mark.parametrize("name", GIVEN_BACK)
@pytest.mark.parametrize("times", [0, 3, ENOUGH])
def test_an_error_of_the_portal_gives_the_item_back_however_often(name: str, times: int) -> None:
    ending = _after(_error(name), *[name] * times)
    assert (ending.state, ending.outcome, ending.reason) == ("new", "given back", "")
    assert (ending.error, ending.wait) == (name, None)


@pytest.mark.parametrize("name", FOR_A_PERSON)
def test_an_error_that_time_does_not_mend_goes_to_a_person_at_once(name: str) -> None:
    ending = _after(_error(name))
    assert (ending.state, ending.reason) == FOR_A_PERSON[name]
    assert (ending.error, ending.wait) == (name, None)


def test_a_portal_that_changed_names_page_and_element() -> None:
    assert _after(_error("PortalChanged")).note == "home: submit not found"


def test_only_failures_of_the_same_kind_count_towards_its_rule() -> None:
    ending = _after(_error("AnswerIncomplete"), "SessionLost", "PageFailed", "SessionLost")
    assert ending.state == ItemState.WAITING


def test_many_different_failures_are_enough_for_a_person() -> None:
    before = ["SessionLost", "TookTooLong", "PageFailed", "BrowserGone"] * 2
    assert _after(_error("LoginInUse"), *before[: ENOUGH - 2]).state == ItemState.WAITING
    ending = _after(_error("LoginInUse"), *before[: ENOUGH - 1])
    assert (ending.state, ending.reason) == ("exception", "ATTEMPTS_USED_UP")


def test_a_portals_own_rule_goes_before_the_default() -> None:
    own = Retry(times=2, wait=Wait(first=100, longest=100))
    first = _after(_error("SessionLost"), SessionLost=own)
    assert first.wait == timedelta(seconds=100)
    assert _after(_error("SessionLost"), "SessionLost", SessionLost=own).state == ItemState.EXCEPTION
    assert _after(_error("PageFailed"), "PageFailed", SessionLost=own).state == ItemState.WAITING


@pytest.mark.parametrize("pace", [1.0, 0.5, 0.001])
def test_waits_are_paced(pace: float) -> None:
    rules: Mapping[str, Retry] = {"PageFailed": Retry(times=3, wait=Wait(first=100, longest=100))}
    assert _after(_error("PageFailed"), pace=pace, **rules).wait == timedelta(seconds=100) * pace


def test_a_file_that_is_promised_is_waited_for_by_the_clock_whatever_the_pace() -> None:
    ending = policy.after_portal(_error("NotPublished"), History((), {}, pace=0.001))
    assert ending.wait is not None
    assert ending.wait >= timedelta(hours=4)


def test_a_business_exception_is_never_tried_again() -> None:
    ending = policy.after_business(BusinessException(Reason.MEMBER_NOT_FOUND))
    assert (ending.state, ending.reason, ending.wait) == ("exception", "MEMBER_NOT_FOUND", None)


def test_an_error_that_nobody_foresaw_is_tried_by_the_default_rule() -> None:
    states = [_after(ValueError("x"), *["ValueError"] * failed).state for failed in range(OTHER.times)]
    assert states == ["waiting", "waiting", "exception"]


def test_of_an_error_that_nobody_foresaw_only_class_and_place_are_kept() -> None:
    ending = _after(ValueError("Reyes, Ana"))
    assert (ending.error, ending.note) == ("ValueError", "ValueError at page.py:7")


def test_a_long_class_name_fits_its_column() -> None:
    ending = _after(type("E" * 80, (Exception,), {})())
    assert ending.error == "E" * 60


def test_a_long_class_name_counts_as_itself() -> None:
    long = type("E" * 80, (Exception,), {})
    assert _after(long(), *["E" * 60] * (OTHER.times - 1)).state == ItemState.EXCEPTION


SECONDS = st.floats(0.01, 3600)


@given(first=SECONDS, longest=SECONDS, times=st.integers(1, 20), failed=st.integers(1, 20))
def test_a_wait_doubles_within_its_bounds(first: float, longest: float, times: int, failed: int) -> None:
    wait = policy.next_wait(Retry(times=times, wait=Wait(first=first, longest=longest)), failed)
    if failed >= times:
        assert wait is None
        return
    assert wait is not None
    least = min(longest, first * 2 ** (failed - 1))
    most = min(longest, first * 2 ** (failed - 1) + first / 4)
    assert least - 1e-5 <= wait.total_seconds() <= most + 1e-5


def test_waits_differ_so_that_sessions_do_not_come_back_together() -> None:
    rule = Retry(times=2, wait=Wait(first=100, longest=1000))
    assert len({policy.next_wait(rule, 1) for _ in range(20)}) > 1
