"""The columns of the eligibility results, in the order of a biller's questions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from payerbots.documents.workbook.look import GRAPHITE, SLATE, TEAL, Heading, Kind, Value
from payerbots.documents.workbook.rows import ResultRow
from payerbots.domain.coverage_facts import facts

_D, _M, _N, _T, _W = Kind.DATE, Kind.MONEY, Kind.NUMBER, Kind.TEXT, Kind.WRAPPED


@dataclass(frozen=True)
class Answer:
    """One result with the facts of its coverage, and the zone in which times are shown."""

    row: ResultRow
    facts: Mapping[str, str | None]
    zone: ZoneInfo


def answer(row: ResultRow, zone: ZoneInfo) -> Answer:
    """The result ready for its columns."""
    return Answer(row, facts(row.coverage, row.reason, row.verdict), zone)


@dataclass(frozen=True)
class ResultColumn:
    """A column of the results: how it looks and where its value comes from."""

    heading: Heading
    value: Callable[[Answer], Value]


def local_time(moment: datetime | None, zone: ZoneInfo) -> datetime | None:
    """The wall time in `zone`, without its zone: Excel knows none."""
    return moment.astimezone(zone).replace(tzinfo=None) if moment else None


def _asked(
    header: str, width: float, value: Callable[[ResultRow], Value], kind: Kind = Kind.TEXT
) -> ResultColumn:
    return ResultColumn(
        Heading(header=header, width=width, kind=kind, colour=SLATE), lambda answer: value(answer.row) or None
    )


def _decided(header: str, width: float, value: Callable[[ResultRow], Value], kind: Kind = _T) -> ResultColumn:
    return ResultColumn(
        Heading(header=header, width=width, kind=kind, colour=TEAL), lambda answer: value(answer.row) or None
    )


def _fact(header: str, name: str, width: float = 13, kind: Kind = _T) -> ResultColumn:
    return ResultColumn(
        Heading(header=header, width=width, kind=kind, colour=GRAPHITE),
        lambda answer: _typed(answer.facts[name], kind),
    )


def _typed(fact: str | None, kind: Kind) -> Value:
    if fact is None:
        return None
    if kind is Kind.DATE:
        return date.fromisoformat(fact)
    return Decimal(fact) if kind in {Kind.MONEY, Kind.NUMBER} else fact


ASKED = (
    _asked("Order no.", 13, lambda row: row.order),
    _asked("Account no.", 13, lambda row: row.account),
    _asked("Patient", 24, lambda row: row.patient),
    _asked("Birth date", 12, lambda row: row.birth_date, _D),
    _asked("Payer asked", 20, lambda row: row.payer_asked),
    _asked("Member ID asked", 17, lambda row: row.member_id_asked),
    _asked("Service date", 13, lambda row: row.service_date, _D),
    _asked("HCPCS", 15, lambda row: ", ".join(row.hcpcs), _W),
)
"""What was asked: a person's own workbook has it already."""

FOUND = (
    _decided("Verdict", 14, lambda row: row.verdict.value),
    _decided("Reason", 25, lambda row: row.reason.value if row.reason else None),
    _decided("Advice", 52, lambda row: row.advice, _W),
    _fact("Status", "status", 10),
    _fact("Part B", "part_b", 8),
    _fact("Plan", "plan", 26, _W),
    _fact("Plan type", "plan_type"),
    _fact("Bill-to payer", "bill_to_payer", 24, _W),
    _fact("Bill-to payer ID", "bill_to_id", 12),
    _fact("Payer's member ID", "payer_member_id", 15),
    _fact("Effective", "effective", 11, _D),
    _fact("Termination", "termination", 11, _D),
    _fact("Network", "network", 14),
    _fact("Deductible total", "deductible_total", 12, _M),
    _fact("Deductible met", "deductible_met", 12, _M),
    _fact("Deductible remaining", "deductible_remaining", 12, _M),
    _fact("Coinsurance %", "coinsurance", 12, _N),
    _fact("Copay", "copay", 10, _M),
    _fact("Out-of-pocket remaining", "out_of_pocket_remaining", 14, _M),
    _fact("QMB", "qmb", 7),
    _fact("COB order", "cob_order", 8, _N),
    _fact("Other payer", "other_payer", 24, _W),
    _fact("Other payer ID", "other_payer_id", 12),
    _fact("Authorization needed", "auth_needed", 14),
    _fact("Authorization number", "auth_number", 15),
    _fact("Referral needed", "referral_needed", 10),
    _fact("Stay or episode", "stay", 26, _W),
    _fact("Same/similar item", "same_similar_item", 12),
    _fact("Same/similar supplier", "same_similar_supplier", 24, _W),
    _fact("Same/similar date", "same_similar_date", 12, _D),
    _fact("Rental months used", "rental_months_used", 11, _N),
    _fact("Benefit limit", "benefit_limit", 26, _W),
    _decided("Reference no.", 18, lambda row: row.coverage.reference if row.coverage else None),
    ResultColumn(
        Heading(header="Checked at", width=16, kind=Kind.STAMP, colour=TEAL),
        lambda answer: local_time(answer.row.checked_at, answer.zone),
    ),
    _decided("Answer valid until", 12, lambda row: row.valid_until, _D),
    _decided("Changed since last check", 26, lambda row: ", ".join(row.changed).replace("_", " "), _W),
    _decided("Evidence", 24, lambda row: f"payerbots evidence {row.item}" if row.item else None),
)
"""What came of it, verdict first."""

RESULT_COLUMNS = ASKED + FOUND
