"""What in an answer stands behind a reason, in one line for the biller who decides."""

from collections.abc import Callable, Iterator, Mapping

from payerbots.domain.coverage import Coverage, StayKind
from payerbots.reasons import Reason


def detail(reason: Reason, coverage: Coverage | None) -> str | None:
    """The facts of the answer that led to `reason`; None where the reason says it all."""
    if coverage is None or reason not in _DETAILS:
        return None
    return "; ".join(_DETAILS[reason](coverage)) or None


def _inactive(coverage: Coverage) -> Iterator[str]:
    if coverage.plan:
        yield coverage.plan
    if coverage.termination:
        yield f"ended {coverage.termination:%m/%d/%Y}"
    elif coverage.effective:
        yield f"effective {coverage.effective:%m/%d/%Y}"


def _advantage(coverage: Coverage) -> Iterator[str]:
    yield f"{coverage.advantage_plan} (payer ID {coverage.advantage_payer_id or 'not shown'})"


def _other_payer(coverage: Coverage) -> Iterator[str]:
    yield f"{coverage.other_payer or 'other payer'} pays first (payer ID {coverage.other_payer_id or 'not shown'})"


def _stays(coverage: Coverage) -> Iterator[str]:
    for stay in coverage.stays:
        end = f"{stay.end:%m/%d/%Y}" if stay.end else "open"
        kind = "SNF" if stay.kind is StayKind.SNF else stay.kind.value
        yield f"{kind} {stay.start:%m/%d/%Y} - {end}"


def _similar(coverage: Coverage) -> Iterator[str]:
    item = coverage.latest_similar
    if item:
        months = f", rental month {item.months_used}" if item.months_used is not None else ""
        yield f"{item.hcpcs} from {item.supplier} on {item.date:%m/%d/%Y}{months}"


def _authorization(coverage: Coverage) -> Iterator[str]:
    missing = [found.hcpcs for found in coverage.authorizations if found.needed and not found.number]
    yield f"for {', '.join(missing)}"


_DETAILS: Mapping[Reason, Callable[[Coverage], Iterator[str]]] = {
    Reason.INACTIVE_ON_DATE: _inactive,
    Reason.BILL_MA_PLAN: _advantage,
    Reason.OTHER_PAYER_PRIMARY: _other_payer,
    Reason.HOSPICE_HOME_HEALTH: _stays,
    Reason.FACILITY_STAY: _stays,
    Reason.SAME_SIMILAR: _similar,
    Reason.AUTH_NEEDED: _authorization,
}
