"""Where every claim stands on its way to the payer: what was sent, joined with everything that came back."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from payerbots.domain.bank_days import BankDays
from payerbots.domain.rejection import (
    Answer,
    ClaimState,
    FileAnswer,
    Kind,
    ListedRejection,
    Rejected,
    Said,
    SentClaim,
    Source,
    rejection_key,
)

PATIENCE = 2
"""Business days for which an answer is waited for."""
DUPLICATES = frozenset({"54", "78", "746"})
"""Status codes of a claim or file that the payer has already. It is looked up, never sent again."""
_RANK = {
    ClaimState.SENT: 0,
    ClaimState.RECEIVED: 1,
    ClaimState.CLEARED: 2,
    ClaimState.CLOSED: 3,
    ClaimState.REJECTED: 3,
}
_DAYS = BankDays()
_EPOCH = dt.datetime.min.replace(tzinfo=dt.UTC)


@dataclass(frozen=True, kw_only=True)
class Resent:
    """That a corrected claim was sent, or found to have been sent, after a rejection of this key."""

    key: str
    at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class Rejection:
    """One time that a claim was rejected."""

    key: str
    day: dt.date
    source: str
    codes: tuple[Said, ...]
    message: str = field(default="", repr=False)
    worked: bool = False
    """Whether it was sent again since."""
    again: dt.datetime | None = None
    """When, of the second time on one day."""


@dataclass(frozen=True, kw_only=True)
class ClaimStory:
    """A claim from its first sending to where it stands. `since` is the day of what it stands by."""

    control: str
    claim: SentClaim | None
    state: ClaimState
    since: dt.date
    first_sent: dt.date | None
    sends: int
    rejections: tuple[Rejection, ...]
    accepted: dt.date | None = None
    """When the payer accepted it, whatever came later."""
    listed: ListedRejection | None = field(default=None, repr=False)

    @property
    def clean(self) -> bool | None:
        """Whether its first sending reached the payer's acceptance without a rejection; None: nobody can say yet."""
        if self.rejections:
            return False
        return True if self.accepted else None

    def work(self, dry_run: int = 0) -> Rejected | None:
        """What has to be done about it."""
        if self.state not in {ClaimState.REJECTED, ClaimState.OVERDUE}:
            return None
        last = self.rejections[-1] if self.state is ClaimState.REJECTED else None
        listed, claim = self.listed, self.claim
        return Rejected(
            kind=Kind.REJECTED if last else Kind.OVERDUE,
            control=self.control,
            day=self.since,
            codes=last.codes if last else (),
            times=len(self.rejections),
            source=last.source if last else "",
            message=last.message if last else "",
            claim=claim,
            payer=claim.payer if claim else listed.payer if listed else "",
            payer_id=claim.payer_id if claim else listed.payer_id if listed else "",
            charge=claim.charge if claim else listed.charge if listed else None,
            listed=listed is not None,
            rejected_at=listed.rejected_at if listed else None,
            version=listed.version if listed else "",
            again=last.again if last else None,
            dry_run=dry_run,
        )


@dataclass(frozen=True, kw_only=True)
class Heard:
    """All that is known: what was sent, what came back, what waits in the worklist, what was sent again."""

    sent: Sequence[SentClaim] = ()
    answers: Sequence[Answer] = ()
    files: Sequence[FileAnswer] = ()
    listed: Sequence[ListedRejection] = ()
    resent: Sequence[Resent] = ()


def stories(heard: Heard, today: dt.date) -> list[ClaimStory]:
    """Every claim, by its number. A report that comes again adds nothing."""
    sends = _by_control(_once(heard.sent))
    answers: dict[str, dict[tuple[object, ...], Answer]] = defaultdict(dict)
    for answer in [*heard.answers, *_of_files(heard)]:
        known = answers[answer.control].setdefault(answer.content, answer)
        if (answer.made or _EPOCH) < (known.made or _EPOCH):
            answers[answer.control][answer.content] = answer
    listed = {one.control: one for one in sorted(heard.listed, key=lambda one: one.rejected_at)}
    resent = {one.key: one for one in heard.resent}
    controls = sorted({*sends, *answers, *listed})
    return [
        _Story(
            control, sends.get(control, []), list(answers[control].values()), listed.get(control), resent
        ).told(today)
        for control in controls
    ]


def _once(sent: Iterable[SentClaim]) -> list[SentClaim]:
    """The same claim of the same file counts once; so does a file that was read twice under another hash."""
    found = {
        (one.control, one.sent, one.envelope.interchange, one.envelope.group, one.envelope.transaction): one
        for one in sent
    }
    return list(found.values())


def _by_control(sent: Iterable[SentClaim]) -> dict[str, list[SentClaim]]:
    found: dict[str, list[SentClaim]] = defaultdict(list)
    for one in sorted(sent, key=lambda one: (one.sent, one.made or _EPOCH)):
        found[one.control].append(one)
    return found


def _of_files(heard: Heard) -> list[Answer]:
    """Every claim of what a TA1 or 999 rejected, as rejected: of several with those numbers the last sent before it."""
    found: list[Answer] = []
    for told in heard.files:
        fitting = [one for one in heard.sent if not told.accepted and told.is_of(one.envelope)]
        before = [one for one in fitting if told.day is None or one.sent <= told.day]
        last = max((one.sent for one in before), default=None)
        found += [_refused(told, one) for one in before if one.sent == last]
    return found


def _refused(told: FileAnswer, sent: SentClaim) -> Answer:
    return Answer(
        control=sent.control,
        day=told.day or sent.sent,
        made=None if sent.made is None else sent.made + dt.timedelta(seconds=1),
        source=Source.CLEARINGHOUSE,
        state=ClaimState.REJECTED,
        codes=(Said(category=told.kind, code=told.code),),
    )


class _Story:
    """Walks through what happened to one claim, in order."""

    def __init__(
        self,
        control: str,
        sends: Sequence[SentClaim],
        answers: Sequence[Answer],
        listed: ListedRejection | None,
        resent: Mapping[str, Resent],
    ) -> None:
        self._control, self._sends, self._resent = control, sends, resent
        self._claim = sends[-1] if sends else None
        self._listed = listed
        self._answers = answers
        self._state, self._since = ClaimState.SENT, dt.date.min
        self._accepted: dt.date | None = None
        self._answered = False
        self._rejections: list[Rejection] = []

    def told(self, today: dt.date) -> ClaimStory:
        """The story as it stands on a day."""
        for _, _, step in sorted(self._steps(), key=lambda one: one[:2]):
            if isinstance(step, Answer):
                self._hear(step)
            else:
                self._send(step.sent)
        self._look_at_the_worklist()
        late = self._state is ClaimState.SENT and not self._answered
        if late and _DAYS.between(self._since, today) > PATIENCE:
            self._state = ClaimState.OVERDUE
        return ClaimStory(
            control=self._control,
            claim=self._claim,
            state=self._state,
            since=self._since,
            first_sent=self._sends[0].sent if self._sends else None,
            sends=len(self._sends) + sum(one.worked for one in self._rejections),
            rejections=tuple(self._rejections),
            accepted=self._accepted,
            listed=self._listed,
        )

    def _steps(self) -> Iterable[tuple[dt.date, dt.datetime, SentClaim | Answer]]:
        yield from ((one.sent, one.made or _EPOCH, one) for one in self._sends)
        yield from ((one.day, one.made or _LATEST, one) for one in self._answers)

    def _send(self, day: dt.date) -> None:
        self._state, self._since, self._answered = ClaimState.SENT, day, False

    def _hear(self, answer: Answer) -> None:
        self._answered = True
        if answer.state is ClaimState.REJECTED:
            self._reject(answer.day, answer.source, answer.said(self._claim), answer.message)
            return
        if answer.state is ClaimState.CLOSED:
            self._accepted = answer.day
        again = self._state is ClaimState.REJECTED and (
            answer.day > self._since or answer.state is ClaimState.CLOSED
        )
        if again or _RANK[answer.state] > _RANK[self._state]:
            self._state, self._since = answer.state, answer.day

    def _reject(self, day: dt.date, source: str, codes: tuple[Said, ...], message: str) -> None:
        if self._accepted and all(code.code in DUPLICATES for code in codes):
            self._state, self._since = ClaimState.CLOSED, self._accepted
            return
        key = rejection_key(Kind.REJECTED, self._control, day)
        again = self._resent.get(key)
        made = Rejection(
            key=key, day=day, source=source, codes=codes, message=message, worked=again is not None
        )
        same = next((place for place, one in enumerate(self._rejections) if one.key == key), None)
        if same is None:
            self._rejections.append(made)
        else:
            self._rejections[same] = _both(self._rejections[same], made)
        if again is None:
            self._state, self._since = ClaimState.REJECTED, day
        else:
            self._send(again.at.date())

    def _look_at_the_worklist(self) -> None:
        """A claim that waits there is rejected, whether or not a report said so: it may have been taken by others."""
        listed = self._listed
        if listed is None:
            return
        day = listed.rejected_at.date()
        last = self._rejections[-1] if self._rejections else None
        if last is None or (day > last.day and not _same(last, listed)):
            self._reject(day, Source.CLEARINGHOUSE, listed.codes, listed.message)
        elif last.worked:
            self._look_again(last, listed)

    def _look_again(self, last: Rejection, listed: ListedRejection) -> None:
        """It waits there once more, on the day on which it was sent again."""
        again = listed.rejected_at
        key = rejection_key(Kind.REJECTED, self._control, last.day, again)
        worked = self._resent.get(key)
        if worked is None and again <= self._resent[last.key].at:
            return
        self._rejections.append(
            Rejection(
                key=key,
                day=last.day,
                source=Source.CLEARINGHOUSE,
                codes=listed.codes,
                message=listed.message,
                worked=worked is not None,
                again=again,
            )
        )
        if worked:
            self._send(worked.at.date())
        else:
            self._state, self._since = ClaimState.REJECTED, last.day


_LATEST = dt.datetime.max.replace(tzinfo=dt.UTC)


def _same(last: Rejection, listed: ListedRejection) -> bool:
    """Whether a rejection stands in the worklist a day later, by another clock's midnight."""
    said = {(code.category, code.code) for code in last.codes}
    return (listed.rejected_at.date() - last.day).days <= 1 and any(
        (code.category, code.code) in said for code in listed.codes
    )


def _both(one: Rejection, other: Rejection) -> Rejection:
    """Two reports of one day: all that they say."""
    codes = tuple(dict.fromkeys([*one.codes, *other.codes]))
    return Rejection(
        key=one.key,
        day=one.day,
        source=other.source,
        codes=codes,
        message=one.message or other.message,
        worked=one.worked,
    )
