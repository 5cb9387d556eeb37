"""The day's rejections as rows: what was worked, what was sent, what waits for whom, and until when it can be filed."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from payerbots.domain.denial_deadlines import filing_limit
from payerbots.domain.denial_rules import DenialRules, TimelyFiling
from payerbots.domain.rejection import Change, Did, Rejected, Worked, shown
from payerbots.domain.rejection_states import ClaimStory
from payerbots.domain.rejection_tables import PayerTable
from payerbots.reasons import Reason, text_of

SENT = frozenset({Did.CORRECTED, Did.WOULD_CORRECT})
SETTLED = frozenset({Did.CORRECTED, Did.SENT_BEFORE, Did.WOULD_CORRECT})
_ZERO = Decimal(0)
_LATEST = dt.date.max


@dataclass(frozen=True, kw_only=True)
class Filing:
    """Until when a claim can be filed. `why` says by which rule; without a service date nobody can say."""

    day: dt.date | None = None
    why: str = ""

    def left(self, today: dt.date) -> int | None:
        """The days that are left."""
        return (self.day - today).days if self.day else None


@dataclass(frozen=True, kw_only=True)
class RejectionRow:
    """One item of the bot. `team` is empty for what nobody has to do."""

    item: str
    request: Rejected = field(repr=False)
    did: Did | None
    """None: not worked to the end."""
    reason: Reason | None
    team: str
    rule: str
    means: str
    advice: str
    why_not: str
    changes: tuple[Change, ...] = field(default=(), repr=False)
    proof: str = field(default="", repr=False)
    confirmation: str = ""
    sent_at: dt.datetime | None = None
    filing: Filing = Filing()
    left: int | None = None
    first_seen: dt.datetime
    attempts: int = 1

    @property
    def dollars(self) -> Decimal:
        """What the claim charges."""
        return self.request.charge or _ZERO

    @property
    def patient(self) -> str:
        """Whom it is for."""
        return self.request.claim.patient if self.request.claim else ""

    @property
    def service_date(self) -> dt.date | None:
        """The first day of service."""
        return min(self.request.claim.dates, default=None) if self.request.claim else None

    @property
    def hcpcs(self) -> str:
        """What was provided."""
        lines = self.request.claim.lines if self.request.claim else ()
        return ", ".join(dict.fromkeys(line.hcpcs for line in lines))

    @property
    def said(self) -> str:
        """The codes."""
        return shown(self.request.codes)


@dataclass(frozen=True, kw_only=True)
class RejectionDay:
    """All of one day: rows, the claims that are followed, and reports that could not be read."""

    day: dt.date
    rows: Sequence[RejectionRow]
    claims: Sequence[ClaimStory] = ()
    unread: Sequence[str] = ()
    held: Sequence[str] = ()
    """What to do about portals that were not used to the end."""
    dry_run: bool = False

    @property
    def sent(self) -> list[RejectionRow]:
        """What was corrected and sent, or would be."""
        return [row for row in self.rows if row.did in SENT]

    @property
    def sent_before(self) -> list[RejectionRow]:
        """What others had sent before."""
        return [row for row in self.rows if row.did is Did.SENT_BEFORE]

    @property
    def to_people(self) -> list[RejectionRow]:
        """What waits for a person: by team, then by the days that are left, then by dollars."""
        waiting = [row for row in self.rows if row.team]
        return sorted(waiting, key=_urgency)

    @property
    def teams(self) -> list[str]:
        """The teams that have something to do."""
        return list(dict.fromkeys(row.team for row in self.to_people))


def _urgency(row: RejectionRow) -> tuple[object, ...]:
    return (row.team, row.filing.day or _LATEST, -row.dollars, row.request.control)


def dollars(rows: Iterable[RejectionRow]) -> Decimal:
    """What they charge together."""
    return sum((row.dollars for row in rows), _ZERO)


def filing(request: Rejected, payers: PayerTable, rules: DenialRules) -> Filing:
    """Until when the claim can be filed: the clock goes on while it is rejected."""
    served = min(request.claim.dates, default=None) if request.claim else None
    if served is None:
        return Filing()
    payer = payers.of(request.payer_id, request.payer)
    if payer is not None and (payer.timely_filing_days or payer.timely_filing_months):
        limit = TimelyFiling(months=payer.timely_filing_months, days=payer.timely_filing_days)
        return Filing(day=filing_limit(served, limit), why=f"{_span(limit)} ({payer.names[0]})")
    indicator = request.claim.filing_indicator if request.claim else ""
    limits, own = rules.limits(request.payer_id, request.payer, indicator)
    why = f"{_span(limits.timely_filing)} ({limits.name}{'' if own else ', assumed'})"
    return Filing(day=filing_limit(served, limits.timely_filing), why=why)


def _span(limit: TimelyFiling) -> str:
    return f"{limit.months} months" if limit.months else f"{limit.days} days"


def words(worked: Worked | None, reason: Reason | None) -> dict[str, str]:
    """Team, meaning and advice of a row: the rule's where there is one, else the reason's."""
    text = text_of(reason) if reason else None
    if worked is not None and (reason is None or worked.reason == reason):
        found = {"team": worked.team, "means": worked.means, "advice": worked.advice}
    else:
        found = {
            "team": text.team if text else "",
            "means": text.means if text else "",
            "advice": text.advice if text else "",
        }
    settled = worked is not None and worked.did in SETTLED
    return found | ({"team": ""} if settled else {})
