"""Denials as work: which first, until when, whose it is, and what to send along."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Protocol, TypeVar

import msgspec

from payerbots.domain.codes import Code
from payerbots.domain.denial_deadlines import Deadline, Decided, deadline, earliest
from payerbots.domain.denial_rents import RENTED, rent_at_risk
from payerbots.domain.denial_rules import DenialRules, PayerLimits
from payerbots.domain.denied_lines import DeniedLine
from payerbots.domain.record import Record
from payerbots.reasons import Reason, text_of

T = TypeVar("T")
_BILLING = "billing"
_ZERO, _ONE = Decimal(0), Decimal(1)


class CodeBook(Protocol):
    """What the codes of a payer mean (`documents.codes`)."""

    def carc(self, code: str) -> Code:
        """A claim adjustment reason code."""

    def rarc(self, code: str) -> Code:
        """A remark code."""

    def pair(self, carc: str, rarcs: Iterable[str]) -> Code | None:
        """Both together, where they say more than each alone."""


class DenialWork(Record, frozen=True, kw_only=True):
    """A row of the denials sheet: one denial, the months of one rental, or a project of ten or more alike."""

    band: str
    days_left: int | None
    deadline: dt.date | None
    why: str
    payer: str
    patient: str
    claim: str
    payer_claim: str
    service_date: dt.date | None
    hcpcs: str
    modifiers: str
    carc: str
    """The one that the work goes by."""
    codes: str
    """All of them, CARC + RARC."""
    means: str
    do: str
    attach: str
    next_level: str
    dollars: Decimal
    rent_at_risk: Decimal | None
    """Rent of the months after the denied ones; None where the month of the rental is not known, or for no rental."""
    team: str
    reason: str
    denials: tuple[DeniedLine, ...]
    project: bool = False
    weight: Decimal = _ONE
    """How often such denials were won, where that is taken into account."""

    @property
    def at_stake(self) -> Decimal:
        """Dollars and rent, weighted: what the order within a band goes by."""
        return (self.dollars + (self.rent_at_risk or _ZERO)) * self.weight


WinRate = Callable[[DenialWork], Decimal | None]
"""How often such denials were won, 0 to 1; None where that is not known."""


def denial_work(
    lines: Iterable[DeniedLine],
    today: dt.date,
    rules: DenialRules,
    codes: CodeBook,
    win_rate: WinRate | None = None,
) -> list[DenialWork]:
    """Denials as rows, in the order in which they are worked: by band, in a band by what is at stake.

    `win_rate` weighs what is at stake by how often such denials were won; without it, and where it knows nothing, 1.
    """
    maker = _Maker(today, rules, codes)
    rows = [maker.row(group) for group in _grouped(lines, maker.group)]
    alike = _grouped(rows, lambda row: (row.payer, row.carc, row.hcpcs))
    found = [row for group in alike for row in maker.projects(group)]
    if win_rate is not None:
        found = [_weighted(row, win_rate(row)) for row in found]
    return sorted(found, key=lambda row: _order(row, rules.bands))


def _weighted(row: DenialWork, rate: Decimal | None) -> DenialWork:
    return row if rate is None else msgspec.structs.replace(row, weight=rate)


class _Maker:
    """Makes rows of groups of denials."""

    def __init__(self, today: dt.date, rules: DenialRules, codes: CodeBook) -> None:
        self._today, self._rules, self._codes = today, rules, codes
        self._limits: dict[tuple[str, str, str], tuple[PayerLimits, bool]] = {}

    def group(self, line: DeniedLine) -> tuple[object, ...]:
        """What months of one rental share; any other denial is alone."""
        if RENTED not in line.modifiers:
            return (id(line),)
        return (line.payer, line.member_id or line.patient, line.hcpcs, self._main(line))

    def row(self, group: Sequence[DeniedLine]) -> DenialWork:
        """One row for denials of one kind."""
        months = sorted(group, key=lambda each: (each.service_date or dt.date.max, each.claim))
        first, last = months[0], months[-1]
        carc = self._main(last)
        meaning, reason = self._meaning(carc, last), self._reason(carc, last)
        limit = earliest(self._deadline(each) for each in months)
        return DenialWork(
            **self._until(limit.day),  # type: ignore[arg-type]  # a dict of its own fields
            why=limit.why,
            payer=last.payer,
            patient=last.patient,
            claim=_listed(each.claim for each in months),
            payer_claim=_listed(each.payer_claim for each in months),
            service_date=first.service_date,
            hcpcs=last.hcpcs,
            modifiers=_listed((each for line in months for each in line.modifiers), " "),
            carc=carc,
            codes=_codes(carc, months),
            means=meaning.means,
            do=meaning.do,
            attach=self._attach(carc, reason),
            next_level=limit.next_level,
            dollars=sum((each.denial.amount for each in months), _ZERO),
            rent_at_risk=rent_at_risk(months, self._rules),
            team=text_of(reason).team if reason else _BILLING,
            reason=reason or "",
            denials=tuple(months),
        )

    def projects(self, rows: Sequence[DenialWork]) -> Sequence[DenialWork]:
        """Rows that are alike; as one, where they are many."""
        if len(rows) < self._rules.project_from:
            return rows
        rows = sorted(rows, key=lambda each: (each.deadline or dt.date.max, each.claim))
        first = rows[0]
        rents = [each.rent_at_risk for each in rows if each.rent_at_risk is not None]
        together = msgspec.structs.replace(
            first,
            patient="",
            claim=f"{sum(len(each.denials) for each in rows)} denials",
            payer_claim="",
            service_date=min((each.service_date for each in rows if each.service_date), default=None),
            modifiers="",
            codes=_codes(first.carc, [each for row in rows for each in row.denials]),
            dollars=sum((each.dollars for each in rows), _ZERO),
            rent_at_risk=sum(rents, _ZERO) if rents else None,
            denials=tuple(each for row in rows for each in row.denials),
            project=True,
        )
        return [together]

    def _until(self, day: dt.date | None) -> dict[str, object]:
        left = (day - self._today).days if day else None
        return {"band": band(left, self._rules.bands), "days_left": left, "deadline": day}

    def _main(self, line: DeniedLine) -> str:
        """The CARC that the work goes by: the first that tells a reason, else the first."""
        found = (each for each in line.denial.codes if self._meaning(each, line).reason)
        return next(found, line.denial.codes[0])

    def _meaning(self, carc: str, line: DeniedLine) -> Code:
        return self._codes.pair(carc, line.denial.remarks) or self._codes.carc(carc)

    def _reason(self, carc: str, line: DeniedLine) -> Reason | None:
        """What CARC and RARC say together; then the RARC, which is the more particular; then the CARC."""
        pair = self._codes.pair(carc, line.denial.remarks)
        if pair and pair.reason:
            return pair.reason
        remarks = (self._codes.rarc(each).reason for each in line.denial.remarks)
        return next((each for each in remarks if each), self._codes.carc(carc).reason)

    def _deadline(self, line: DeniedLine) -> Deadline:
        carc = self._main(line)
        limits, own = self._limits_of(line)
        decided = Decided(
            limits=limits,
            own=own,
            received=line.received,
            dated=line.dated,
            service_date=line.service_date,
            level=line.level,
        )
        appeal = all(self._codes.rarc(each).appeal for each in line.denial.remarks)
        return deadline(decided, self._reason(carc, line), self._today, appeal=appeal)

    def _limits_of(self, line: DeniedLine) -> tuple[PayerLimits, bool]:
        key = (line.payer_id, line.payer, line.filing_indicator)
        if key not in self._limits:
            self._limits[key] = self._rules.limits(*key)
        return self._limits[key]

    def _attach(self, carc: str, reason: Reason | None) -> str:
        return self._rules.attach_codes.get(carc) or self._rules.attach.get(reason or "", "")


def band(days_left: int | None, bands: tuple[int, int, int]) -> str:
    """The band of so many days; without a limit the last one."""
    none, soon, later = bands
    names = (f"{none} or less", f"{none + 1}-{soon}", f"{soon + 1}-{later}", f"over {later}")
    return names[_place(days_left, bands)]


def _place(days_left: int | None, bands: tuple[int, int, int]) -> int:
    return len(bands) if days_left is None else sum(days_left > each for each in bands)


def _order(row: DenialWork, bands: tuple[int, int, int]) -> tuple[object, ...]:
    """By band, then by what is at stake; equals by deadline and claim, so that the order is always the same."""
    day = row.deadline or dt.date.max
    return (_place(row.days_left, bands), -row.at_stake, day, row.payer, row.claim, row.hcpcs, row.carc)


def _listed(parts: Iterable[str], between: str = ", ") -> str:
    return between.join(dict.fromkeys(each for each in parts if each))


def _codes(carc: str, lines: Iterable[DeniedLine]) -> str:
    found = [each.denial for each in lines]
    carcs = _listed([carc, *(code for each in found for code in each.codes)])
    return _listed([carcs, *sorted({remark for each in found for remark in each.remarks})], " + ")


def _grouped(items: Iterable[T], key: Callable[[T], object]) -> list[list[T]]:
    groups: dict[object, list[T]] = defaultdict(list)
    for each in items:
        groups[key(each)].append(each)
    return list(groups.values())
