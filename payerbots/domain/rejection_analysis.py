"""The analysis of the weeks: which rejections cost most, from where they come, whether it gets better."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from payerbots.domain.rejection import Said, shown
from payerbots.domain.rejection_rules import Found, RejectionRules
from payerbots.domain.rejection_states import ClaimStory, Rejection

NOT_NAMED = "not named"
_ZERO = Decimal(0)
_ENOUGH = 3
"""So many rejections alike, of one reason, payer and referral source, are one to talk about."""


@dataclass(frozen=True, kw_only=True)
class Share:
    """A bar of a Pareto chart: how many rejections, the dollars of their claims, its share and that of all so far."""

    name: str
    count: int
    dollars: Decimal
    share: Decimal
    cumulative: Decimal


@dataclass(frozen=True, kw_only=True)
class Week:
    """The claims that were sent first in a week; `open` are those of which nobody can say yet."""

    monday: dt.date
    sent: int
    clean: int
    rejected: int
    open: int

    @property
    def clean_rate(self) -> Decimal | None:
        """Clean first sends ÷ first sends; None for a week in which nothing was sent."""
        return Decimal(self.clean) / self.sent if self.sent else None

    @property
    def rejection_rate(self) -> Decimal | None:
        """Rejected first sends ÷ first sends."""
        return Decimal(self.rejected) / self.sent if self.sent else None


@dataclass(frozen=True, kw_only=True)
class Repeated:
    """A claim that was rejected more than once."""

    control: str
    payer: str
    times: int
    dollars: Decimal
    codes: str
    state: str


@dataclass(frozen=True, kw_only=True)
class Alike:
    """Rejections of one reason, payer and referral source."""

    reason: str
    payer: str
    referred_by: str
    count: int
    dollars: Decimal


@dataclass(frozen=True, kw_only=True)
class Analysis:
    """All of it, drawn on `day` over the claims first sent from `first` on."""

    day: dt.date
    first: dt.date | None
    claims: int
    rejections: int
    dollars: Decimal
    clean: int
    decided: int
    by_reason: Sequence[Share]
    by_payer: Sequence[Share]
    by_referral: Sequence[Share] = field(repr=False)
    by_team: Sequence[Share]
    weeks: Sequence[Week]
    repeated: Sequence[Repeated]
    alike: Sequence[Alike] = field(repr=False)
    unknown: Sequence[tuple[str, int]]
    """Statuses for which there is no rule, and how often each came."""

    @property
    def clean_rate(self) -> Decimal | None:
        """Clean first sends ÷ first sends that were decided."""
        return Decimal(self.clean) / self.decided if self.decided else None


@dataclass(frozen=True)
class _Seen:
    story: ClaimStory
    rejection: Rejection
    found: Found

    @property
    def dollars(self) -> Decimal:
        charge = self.story.claim.charge if self.story.claim else None
        return charge or _ZERO

    @property
    def reason(self) -> str:
        name = self.found.name.replace("-", " ")
        return name[:1].upper() + name[1:] if self.found.known else "No rule"

    @property
    def payer(self) -> str:
        return self.story.claim.payer if self.story.claim and self.story.claim.payer else NOT_NAMED

    @property
    def referred_by(self) -> str:
        return (self.story.claim.referred_by if self.story.claim else "") or NOT_NAMED


def analyse(stories: Iterable[ClaimStory], rules: RejectionRules, day: dt.date) -> Analysis:
    """The analysis. A rejection counts once, by the rule that decides it; a claim by its first sending."""
    claims = list(stories)
    seen = [_seen(story, one, rules) for story in claims for one in story.rejections]
    first_sent = [story.first_sent for story in claims if story.first_sent]
    clean = [story.clean for story in claims if story.first_sent]
    return Analysis(
        day=day,
        first=min(first_sent, default=None),
        claims=len(first_sent),
        rejections=len(seen),
        dollars=sum((one.dollars for one in seen), _ZERO),
        clean=sum(one is True for one in clean),
        decided=sum(one is not None for one in clean),
        by_reason=_pareto(seen, lambda one: one.reason),
        by_payer=_pareto(seen, lambda one: one.payer),
        by_referral=_pareto(seen, lambda one: one.referred_by),
        by_team=_pareto(seen, lambda one: one.found.rule.team_name),
        weeks=_weeks(claims, day),
        repeated=_repeated(claims),
        alike=_alike(seen),
        unknown=_unknown(claims, rules),
    )


def _seen(story: ClaimStory, rejection: Rejection, rules: RejectionRules) -> _Seen:
    codes = rejection.codes or (Said(category="", code=""),)
    return _Seen(story, rejection, rules.find_all(codes)[0])


def _pareto(seen: Sequence[_Seen], key: Callable[[_Seen], str]) -> list[Share]:
    counts = Counter(key(one) for one in seen)
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for one in seen:
        sums[key(one)] += one.dollars
    found: list[Share] = []
    so_far = 0
    for name, count in sorted(counts.items(), key=lambda pair: (-pair[1], -sums[pair[0]], pair[0])):
        so_far += count
        found.append(
            Share(
                name=name,
                count=count,
                dollars=sums[name],
                share=Decimal(count) / len(seen),
                cumulative=Decimal(so_far) / len(seen),
            )
        )
    return found


def _weeks(claims: Sequence[ClaimStory], day: dt.date) -> list[Week]:
    """Every week from the first sending to the day, empty ones too."""
    by_monday: dict[dt.date, list[ClaimStory]] = defaultdict(list)
    for story in claims:
        if story.first_sent:
            by_monday[_monday(story.first_sent)].append(story)
    if not by_monday:
        return []
    first, last = min(by_monday), max(_monday(day), *by_monday)
    count = (last - first).days // 7 + 1
    return [_week(first + dt.timedelta(weeks=place), by_monday) for place in range(count)]


def _week(monday: dt.date, by_monday: dict[dt.date, list[ClaimStory]]) -> Week:
    clean = [story.clean for story in by_monday.get(monday, [])]
    return Week(
        monday=monday,
        sent=len(clean),
        clean=sum(one is True for one in clean),
        rejected=sum(one is False for one in clean),
        open=sum(one is None for one in clean),
    )


def _monday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())


def _repeated(claims: Sequence[ClaimStory]) -> list[Repeated]:
    found = [
        Repeated(
            control=story.control,
            payer=story.claim.payer if story.claim else NOT_NAMED,
            times=len(story.rejections),
            dollars=(story.claim.charge if story.claim else None) or _ZERO,
            codes="; ".join(shown(one.codes) for one in story.rejections),
            state=story.state.value,
        )
        for story in claims
        if len(story.rejections) > 1
    ]
    return sorted(found, key=lambda one: (-one.times, -one.dollars, one.control))


def _alike(seen: Sequence[_Seen]) -> list[Alike]:
    groups: dict[tuple[str, str, str], list[_Seen]] = defaultdict(list)
    for one in seen:
        groups[one.reason, one.payer, one.referred_by].append(one)
    found = [
        Alike(
            reason=reason,
            payer=payer,
            referred_by=referred_by,
            count=len(group),
            dollars=sum((one.dollars for one in group), _ZERO),
        )
        for (reason, payer, referred_by), group in groups.items()
        if len(group) >= _ENOUGH
    ]
    return sorted(found, key=lambda one: (-one.count, -one.dollars, one.reason))


def _unknown(claims: Sequence[ClaimStory], rules: RejectionRules) -> list[tuple[str, int]]:
    said = [code for story in claims for one in story.rejections for code in one.codes]
    counts = Counter(str(code) for code in said if not rules.find(code).known)
    return counts.most_common()
