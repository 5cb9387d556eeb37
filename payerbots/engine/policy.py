"""What follows an error: retried after a wait, given to a person, or given back. The only place that decides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from tenacity import RetryCallState, Retrying, stop_after_attempt, wait_exponential_jitter

from payerbots.errors import BusinessException, FactRefused, NotSettled, PortalError, Reaction
from payerbots.ledger.models import ItemState
from payerbots.ledger.records import Ending
from payerbots.portals.config import Retry, Wait
from payerbots.reasons import Reason

DEFAULTS: Mapping[str, Retry] = {
    "SessionLost": Retry(times=4, wait=Wait(first=1, longest=30)),
    "TookTooLong": Retry(times=3, wait=Wait(first=15, longest=300)),
    "PageFailed": Retry(times=4, wait=Wait(first=10, longest=300)),
    "BrowserGone": Retry(times=3, wait=Wait(first=1, longest=30)),
    "LoginInUse": Retry(times=4, wait=Wait(first=60, longest=900)),
    "PayerTryLater": Retry(times=3, wait=Wait(first=60, longest=1800)),
    "Unconfirmed": Retry(times=3, wait=Wait(first=60, longest=600)),
    "AnswerIncomplete": Retry(times=2, wait=Wait(first=5, longest=60)),
    "RecordInUse": Retry(times=4, wait=Wait(first=60, longest=900)),
    "FileUnusable": Retry(times=3, wait=Wait(first=15, longest=300)),
    "NotPublished": Retry(times=4, wait=Wait(first=4 * 3600, longest=24 * 3600)),
    "FileNotKept": Retry(times=6, wait=Wait(first=60, longest=1800)),
}
"""How often each error is tried in all; `portals.yaml` may say otherwise for a portal."""

OTHER = Retry(times=3, wait=Wait(first=15, longest=300))
"""For errors that nobody foresaw."""

_BREATH = timedelta(seconds=1)

OWN_PACE = frozenset({"NotPublished"})
"""Errors whose waits are hours, whatever the pace of other retries."""

ENOUGH = 8
"""Attempts of one revision after which a person looks, whatever the errors were."""


def after_business(error: BusinessException) -> Ending:
    """A business exception goes to a person; the machine never tries it again."""
    return Ending(
        state=ItemState.EXCEPTION, outcome="exception", reason=error.reason, error="BusinessException"
    )


def after_refused(error: FactRefused) -> Ending:
    """What was found cannot be kept as it is: a person looks at the file."""
    return _for_a_person(Reason.FILE_UNUSABLE, type(error).__name__, str(error))


@dataclass(frozen=True)
class History:
    """What an item has behind it: the errors of its attempts, the portal's rules, the pace of waits."""

    failures: Sequence[str]
    rules: Mapping[str, Retry]
    pace: float = 1.0


def after_portal(error: PortalError, history: History) -> Ending:
    """What an error of the portal does to the item."""
    name, note = type(error).__name__, str(error)
    if error.reaction is Reaction.PARK:
        return Ending(state=ItemState.PARKED, outcome="parked", reason=error.reason, error=name, note=note)
    if isinstance(error, NotSettled):
        return Ending(
            state=ItemState.WAITING, outcome="given back", error=name, note=note, wait=error.wait + _BREATH
        )
    if error.ends_item:
        return _for_a_person(error.reason, name, note)
    if error.reaction in {Reaction.PAUSE, Reaction.STOP}:
        return Ending(state=ItemState.NEW, outcome="given back", error=name, note=note)
    return _again(name, note, error.reason, history)


def after_unforeseen(error: BaseException, place: str, history: History) -> Ending:
    """An error that nobody foresaw is tried again by the default rule. `place` names class and line only."""
    return _again(type(error).__name__[:60], place, Reason.ATTEMPTS_USED_UP, history)


def _again(name: str, note: str, reason: Reason, history: History) -> Ending:
    rule = history.rules.get(name) or DEFAULTS.get(name, OTHER)
    failed = sum(one == name for one in history.failures) + 1
    wait = None if len(history.failures) + 1 >= ENOUGH else next_wait(rule, failed)
    if wait is None:
        return _for_a_person(reason, name, note)
    pace = 1 if name in OWN_PACE else history.pace
    return Ending(state=ItemState.WAITING, outcome="retry", error=name, note=note, wait=wait * pace)


def next_wait(rule: Retry, failed: int) -> timedelta | None:
    """The wait before the next attempt after `failed` failures, growing with jitter; None: enough tried."""
    state = RetryCallState(Retrying(), None, (), {})
    state.attempt_number = failed
    if stop_after_attempt(rule.times)(state):
        return None
    wait = wait_exponential_jitter(
        multiplier=rule.wait.first, max=rule.wait.longest, jitter=rule.wait.first / 4
    )
    return timedelta(seconds=wait(state))


def _for_a_person(reason: Reason, name: str, note: str) -> Ending:
    return Ending(state=ItemState.EXCEPTION, outcome="exception", reason=reason, error=name, note=note)
