"""A coverage answer as named plain facts: one vocabulary for workbooks, JSON and comparisons."""

from datetime import date
from decimal import Decimal

from payerbots.domain.coverage import Coverage, Verdict
from payerbots.reasons import Reason


def facts(coverage: Coverage | None, reason: Reason | None, verdict: Verdict) -> dict[str, str | None]:
    """The answer's facts by name. Values are text: money `1500.00`, dates ISO, `yes`/`no`, or None."""
    if coverage is None or verdict is Verdict.ASK:
        return dict.fromkeys(FACTS)
    stay = coverage.stays[0] if coverage.stays else None
    similar = coverage.latest_similar
    bill_to, bill_to_id = bill_to_payer(coverage, reason)
    values = (
        "active" if coverage.active else "inactive",
        _yes_no(coverage.part_b),
        coverage.plan,
        coverage.plan_type,
        bill_to,
        bill_to_id,
        coverage.member_id,
        _day(coverage.effective),
        _day(coverage.termination),
        coverage.network,
        _money(coverage.deductible_total),
        _money(coverage.deductible_met),
        _money(coverage.deductible_remaining),
        _number(coverage.coinsurance),
        _money(coverage.copay),
        _money(coverage.out_of_pocket_remaining),
        _yes_no(coverage.qmb),
        str(coverage.cob_order) if coverage.cob_order else None,
        coverage.other_payer,
        coverage.other_payer_id,
        _yes_no(_auth_needed(coverage)),
        next((auth.number for auth in coverage.authorizations if auth.number), None),
        _yes_no(coverage.referral_needed),
        str(stay) if stay else None,
        similar.hcpcs if similar else None,
        similar.supplier if similar else None,
        _day(similar.date) if similar else None,
        _number(similar.months_used) if similar else None,
        coverage.benefit_limit,
    )
    return dict(zip(FACTS, values, strict=True))


FACTS = (
    "status",
    "part_b",
    "plan",
    "plan_type",
    "bill_to_payer",
    "bill_to_id",
    "payer_member_id",
    "effective",
    "termination",
    "network",
    "deductible_total",
    "deductible_met",
    "deductible_remaining",
    "coinsurance",
    "copay",
    "out_of_pocket_remaining",
    "qmb",
    "cob_order",
    "other_payer",
    "other_payer_id",
    "auth_needed",
    "auth_number",
    "referral_needed",
    "stay",
    "same_similar_item",
    "same_similar_supplier",
    "same_similar_date",
    "rental_months_used",
    "benefit_limit",
)


def bill_to_payer(coverage: Coverage, reason: Reason | None) -> tuple[str | None, str | None]:
    """Payer and payer ID that the claim goes to: the payer asked, the MA plan, or the payer before it."""
    if reason is Reason.BILL_MA_PLAN:
        return coverage.advantage_plan, coverage.advantage_payer_id
    if reason is Reason.OTHER_PAYER_PRIMARY:
        return coverage.other_payer, coverage.other_payer_id
    if coverage.ends_at_coverage:
        return None, None
    return coverage.payer, coverage.payer_id


def _auth_needed(coverage: Coverage) -> bool | None:
    if not coverage.authorizations:
        return None
    return any(auth.needed for auth in coverage.authorizations)


def _yes_no(value: bool | None) -> str | None:
    return None if value is None else ("yes" if value else "no")


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _money(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:.2f}"


def _number(value: Decimal | int | None) -> str | None:
    return None if value is None else f"{Decimal(value).normalize():f}"
