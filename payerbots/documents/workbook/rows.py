"""The rows of what is handed out: results and exceptions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from payerbots.documents.workbook.records import BadRow
from payerbots.domain.coverage import Coverage, Verdict, verdict_for
from payerbots.reasons import Reason, text_of


@dataclass(frozen=True, kw_only=True)
class ResultRow:
    """The answer to one row of requests.

    `row` is the row's number in the input, `patient` is `LAST, FIRST`, `also` holds findings beside
    the deciding `reason`, `detail` says more about it (a bad row's sentence), `checked_at` is aware,
    `changed` names the facts that differ from the last check.
    """

    row: int
    item: str
    verdict: Verdict
    reason: Reason | None = None
    order: str = field(default="", repr=False)
    account: str = field(default="", repr=False)
    branch: str | None = None
    patient: str = field(default="", repr=False)
    birth_date: date | None = field(default=None, repr=False)
    payer_asked: str = ""
    member_id_asked: str | None = field(default=None, repr=False)
    service_date: date | None = field(default=None, repr=False)
    hcpcs: tuple[str, ...] = ()
    also: tuple[Reason, ...] = ()
    detail: str | None = field(default=None, repr=False)
    coverage: Coverage | None = field(default=None, repr=False)
    checked_at: datetime | None = None
    valid_until: date | None = None
    changed: tuple[str, ...] = ()

    @classmethod
    def for_bad_row(cls, bad: BadRow, *, item: str = "") -> "ResultRow":
        """The result of a row that could not be asked."""
        known = bad.known
        return cls(
            row=bad.row,
            item=item,
            verdict=verdict_for(bad.reason),
            reason=bad.reason,
            order=known.get("order", ""),
            account=known.get("account", ""),
            branch=known.get("branch"),
            patient=known.get("patient", ""),
            birth_date=_day(known.get("birth_date")),
            payer_asked=known.get("payer", ""),
            member_id_asked=known.get("member_id"),
            service_date=_day(known.get("service_date")),
            hcpcs=tuple(known.get("hcpcs", "").split()),
            detail=bad.sentence(),
        )

    @property
    def advice(self) -> str | None:
        """What to do: the reason's advice, the detail, and the other findings; None when billable."""
        if self.reason is None:
            return None
        parts = [text_of(self.reason).advice]
        if self.detail:
            parts.append(f"{self.detail[0].upper()}{self.detail[1:].rstrip('.')}.")
        if self.also:
            parts.append("Also: " + " ".join(text_of(reason).means for reason in self.also))
        return " ".join(parts)


@dataclass(frozen=True, kw_only=True)
class ExceptionRow:
    """Something that needs a person: an item, a payment, a deposit, a concern, a portal.

    `item` names it as people do (`12`, `payment 5`), `mark` is what it is found again by; without one nothing can
    be decided on it. `dollars` is what is at stake, `first_seen` is aware, `age` counts business days, `failures`
    how often it ended for this reason, `similar` the other open ones of the same reason and payer. `asked` are the
    fields that can be corrected, by title. `team` and `what_to_do` default to the reason's.
    """

    item: str
    reason: Reason
    first_seen: datetime
    mark: str = ""
    bot: str = ""
    portal: str = ""
    team: str | None = None
    what_to_do: str | None = None
    detail: str | None = field(default=None, repr=False)
    patient: str | None = field(default=None, repr=False)
    payer: str | None = None
    account: str | None = field(default=None, repr=False)
    order: str | None = field(default=None, repr=False)
    claim: str | None = field(default=None, repr=False)
    payer_claim: str | None = field(default=None, repr=False)
    dollars: Decimal | None = None
    age: int = 0
    due: date | None = None
    due_why: str | None = None
    attempts: int = 0
    failures: int = 0
    previous_decision: str | None = field(default=None, repr=False)
    assignee: str = ""
    similar: int = 0
    asked: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def team_name(self) -> str:
        """Whose work it is."""
        return self.team or text_of(self.reason).team

    @property
    def advice(self) -> str:
        """What to do about it."""
        return self.what_to_do or text_of(self.reason).advice

    @property
    def shown_as(self) -> tuple[str, ...]:
        """By what a person knows it: item, patient, and numbers of account, order and claim."""
        return tuple(
            value or ""
            for value in (self.item, self.patient, self.account, self.order, self.claim, self.payer_claim)
        )


def urgency(row: ExceptionRow) -> tuple[date, Decimal, str, int, str]:
    """What rows are sorted by: due date, dollars, team."""
    return row.due or date.max, -(row.dollars or Decimal(0)), row.team_name, len(row.item), row.item


def _day(iso: str | None) -> date | None:
    return date.fromisoformat(iso) if iso else None
