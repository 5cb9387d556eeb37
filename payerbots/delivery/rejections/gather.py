"""Gathering: what was sent and what came back, from the run's input, the clearinghouse and the ledger's files."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from payerbots.documents.archives import Member, members
from payerbots.documents.errors import DocumentError
from payerbots.documents.front_end import FrontEnd, read_front_end
from payerbots.documents.sent_list import KIND as LIST
from payerbots.documents.sent_list import is_list, read_sent_list
from payerbots.domain.denial_rules import denial_rules
from payerbots.domain.facts import FileFact
from payerbots.domain.rejection import Did, Kind, ListedRejection, Rejected, Worked
from payerbots.domain.rejection_report import filing
from payerbots.domain.rejection_states import ClaimStory, Heard, Resent, stories
from payerbots.domain.rejection_tables import PAYERS, load_payers
from payerbots.engine import codec
from payerbots.engine.contract import Ask, Collecting, Keep, RunContext, Watermark
from payerbots.engine.facts import Facts
from payerbots.errors import ConfigError
from payerbots.ledger.models import ItemState
from payerbots.ledger.records import Row
from payerbots.portals.front_end import ListedReport
from payerbots.reasons import Reason

BOT = "rejections"
KINDS = ("837P", "277CA", "999", "TA1", LIST)
READ = ("TA1", "999", "277CA")
"""The reports that can be read. Others are in words; the worklist has what they say."""
MEMORY = dt.timedelta(days=120)
"""How far back claims are followed."""
LOOK_BACK = dt.timedelta(days=3)
"""Reports are listed from so long before the last one that was seen: some come late, some come again."""
FIRST = dt.timedelta(days=30)
"""How far back the first run looks."""
_AT_RISK = 15
"""Days before the end of timely filing from which a claim goes first."""
_BIGGEST = 200_000_000


@dataclass(frozen=True, kw_only=True)
class BadReport:
    """A report that cannot be read, by the clearinghouse's number and kind."""

    number: str
    kind: str
    why: str
    reason: Reason = Reason.FILE_UNUSABLE


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """What a run found at one clearinghouse: files to keep, and the worklist."""

    portal: str
    files: Sequence[Keep] = field(default=(), repr=False)
    listed: Sequence[ListedRejection] = field(default=(), repr=False)


@dataclass(frozen=True, kw_only=True)
class Reached:
    """How far the bot has read a mailbox: the day of the last report, and the numbers of those of the look-back."""

    day: dt.date
    seen: frozenset[str] = frozenset()

    @classmethod
    def of(cls, run: RunContext) -> "Reached | None":
        """As the watermark has it; None: it was never read."""
        if not run.watermark:
            return None
        told = json.loads(run.watermark)
        return cls(day=dt.date.fromisoformat(told["day"]), seen=frozenset(told["seen"]))

    def watermark(self) -> Watermark:
        """As it is kept."""
        return Watermark(json.dumps({"day": self.day.isoformat(), "seen": sorted(self.seen)}))


def since(run: RunContext) -> dt.date:
    """From which day on reports are listed."""
    reached = Reached.of(run)
    return reached.day - LOOK_BACK if reached else run.day - FIRST


def to_fetch(run: RunContext, listed: Sequence[ListedReport]) -> list[ListedReport]:
    """The reports that can be read and were not yet."""
    reached = Reached.of(run)
    seen = reached.seen if reached else frozenset[str]()
    return [one for one in listed if one.kind in READ and one.number not in seen]


def reached(run: RunContext, listed: Sequence[ListedReport], bad: Iterable[BadReport] = ()) -> Watermark:
    """How far the mailbox was read. A report that comes again has another number; a bad one is fetched again."""
    day = max((one.received.date() for one in listed), default=run.day)
    unread = {one.number for one in bad}
    recent = [
        one.number for one in listed if one.received.date() >= day - LOOK_BACK and one.number not in unread
    ]
    return Reached(day=day, seen=frozenset(recent)).watermark()


def keep(content: bytes, portal: str) -> Keep:
    """A file of the front end as it is kept. `DocumentError` when it is none."""
    kinds = read_front_end(content).kinds
    if not kinds:
        raise DocumentError("X12, but neither claims nor an answer to claims")
    return _kept(content, "TA1" if set(kinds) == {"TA1"} else kinds[-1], portal)


def _kept(content: bytes, kind: str, portal: str) -> Keep:
    sha256 = hashlib.sha256(content).hexdigest()
    return Keep(FileFact(sha256=sha256, kind=kind, size=len(content), portal=portal), content)


def to_do(run: Collecting, found: Gathered) -> list[Ask[Rejected] | Keep]:
    """What there is to do about the claims of one clearinghouse, and the files to keep. Not for the event loop."""
    sent = _sent(run.input, found.portal) if run.input else []
    files = [*sent, *found.files]
    told = Told.read(run.facts, found.portal, run.day, files)
    claims = stories(told.heard(found.listed), run.day)
    wanted = [*_open(claims, run), *_of_today(told, run)]
    asks = {one.key: one for one in wanted}
    return [*files, *_asks(list(asks.values()), found.portal, run)]


def _open(claims: Iterable[ClaimStory], run: RunContext) -> list[Rejected]:
    found = (one.work(run.number if run.dry_run else 0) for one in claims)
    return [one for one in found if one is not None]


def _of_today(told: "Told", run: RunContext) -> list[Rejected]:
    """What was worked today already: the day's files show it however often they are written."""
    if run.dry_run:
        return []
    return [
        request
        for request, _, at in told.worked
        if at is not None and at.astimezone(run.zone).date() == run.day
    ]


def _asks(wanted: Sequence[Rejected], portal: str, run: RunContext) -> list[Ask[Rejected]]:
    payers, rules = load_payers(run.root / PAYERS), denial_rules()
    ends = {one.key: filing(one, payers, rules).day for one in wanted}
    ordered = sorted(wanted, key=lambda one: (one.control, one.key))
    return [
        Ask(
            place=place,
            portal=portal,
            request=one,
            payer_id=one.payer_id[:30],
            priority=10 if _at_risk(ends[one.key], run.day) else 0,
            due=_noon(ends[one.key]),
            amount=one.charge,
            subject=(one.control,),
        )
        for place, one in enumerate(ordered, 1)
    ]


def _at_risk(ends: dt.date | None, day: dt.date) -> bool:
    return ends is not None and (ends - day).days < _AT_RISK


def _noon(day: dt.date | None) -> dt.datetime | None:
    """A day as an instant that is on it in UTC."""
    return dt.datetime.combine(day, dt.time(12), dt.UTC) if day else None


# -- what was sent ----------------------------------------------------------------------------------------


def _sent(given: Path, portal: str) -> list[Keep]:
    """The claim files, or lists of claims, of an input file or folder. `ConfigError` when there is none."""
    files = sorted(one for one in given.iterdir() if one.is_file()) if given.is_dir() else [given]
    found = [kept for file in files for kept in _of_file(file, portal)]
    if not found:
        raise ConfigError(f"{given.name} holds neither claim files (837P) nor a list of claims")
    return found


def _of_file(file: Path, portal: str) -> list[Keep]:
    """What in a file was sent; other files of a folder are passed over."""
    found: list[Keep] = []
    with file.open("rb") as stream:
        for member in members(file.name, stream):
            if isinstance(member, Member):
                found += _of_member(member.stream.read(_BIGGEST), portal)
    return found


def _of_member(content: bytes, portal: str) -> list[Keep]:
    if is_list(content):
        read_sent_list(content)
        return [_kept(content, LIST, portal)]
    try:
        kept = keep(content, portal)
    except DocumentError:
        return []
    return [kept] if kept.fact.kind == "837P" else []


# -- what is known ----------------------------------------------------------------------------------------

Done = tuple[Rejected, Worked, dt.datetime | None]


@dataclass(frozen=True)
class Told:
    """All that the ledger knows of one clearinghouse: what files say, and what was worked."""

    found: FrontEnd
    worked: Sequence[Done]

    @classmethod
    def read(cls, facts: Facts, portal: str, day: dt.date, fresh: Iterable[Keep] = ()) -> "Told":
        """From the kept files and the items of the bot; `fresh` files are not kept yet."""
        found, seen = FrontEnd(), set[str]()
        for fact in facts.kept(KINDS, portal, day - MEMORY):
            seen.add(fact.sha256)
            with facts.content(fact.sha256) as stream:
                _read(stream.read(), fact.kind, found)
        for one in fresh:
            if one.fact.sha256 not in seen:
                seen.add(one.fact.sha256)
                _read(one.content, one.fact.kind, found)
        rows = facts.items(BOT, [ItemState.DONE])
        done = [_done(row) for row in rows if row.portal == portal and row.result]
        return cls(found, [one for one in done if not one[0].dry_run])

    def heard(self, listed: Sequence[ListedRejection] = ()) -> Heard:
        """As the claims' stories are told from it."""
        return Heard(
            sent=self.found.sent,
            answers=self.found.answers,
            files=self.found.files,
            listed=listed,
            resent=[one for done in self.worked if (one := _resent(*done)) is not None],
        )


def _read(content: bytes, kind: str, found: FrontEnd) -> None:
    if kind == LIST:
        found.sent += read_sent_list(content)
    else:
        read_front_end(content, found)


def _done(row: Row) -> Done:
    answer = codec.unpack(Worked, row.result or b"")
    return codec.unpack(Rejected, row.request), answer, answer.sent_at or row.finished_at


def _resent(request: Rejected, answer: Worked, at: dt.datetime | None) -> Resent | None:
    sent = request.kind is Kind.REJECTED and answer.did in {Did.CORRECTED, Did.SENT_BEFORE}
    return Resent(key=request.key, at=at) if sent and at is not None else None
