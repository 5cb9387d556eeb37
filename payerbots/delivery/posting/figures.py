"""What the money at hand came to, as plain values in the shape of `payerbots sandbox answers`."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from payerbots.delivery.posting.day import Decided, PostingDay
from payerbots.delivery.posting.troubles import Promised, Troubles
from payerbots.delivery.posting.view import MoneyView
from payerbots.domain.denial_rules import denial_rules
from payerbots.domain.denial_work import denial_work
from payerbots.domain.denied_lines import DeniedLine, denied_lines
from payerbots.domain.facts import DepositFact, DepositKind, Match, Of, PaymentFact, StandingState
from payerbots.domain.postable import is_qmb, patient_share
from payerbots.domain.posting_batches import deposit_id
from payerbots.domain.reversals import REVERSAL
from payerbots.engine.contract import FinishedRun
from payerbots.reasons import Reason

Plain = dict[str, Any]
READY = "ready"
_ZERO = Decimal(0)
_SETTLED = (StandingState.MATCHED, StandingState.UNCONCERNED)


def figures(run: FinishedRun[Any, Any, Any]) -> Plain:
    """Payments, matches, deposits, files, what is held, and sums; of all that is at hand on the run's day."""
    day = PostingDay(MoneyView(run.context, run.facts))
    view, read = day.view, list(day.decided(day.view.own))
    ready = [each for each in read if each.payment.number in view.matching.ready]
    troubles = Troubles(view)
    return {
        "payments": [*_payments(view, read), *(_promised(view, each) for each in troubles.promised())],
        "matches": [_match(view, each) for each in view.matches],
        "deposits": [_deposit(view, each) for each in view.open.deposits if each.kind != DepositKind.BATCH],
        "unusable": [
            {"file": each.file, "reason": each.reason.value, "dollars": _dollars(each.dollars)}
            for each in troubles.all()
        ],
        "holds": [
            {
                "reason": hold.reason.value,
                "payment": hold.payment.number,
                "what": hold.what,
                "dollars": _dollars(hold.dollars),
            }
            for each in ready
            for hold in each.holds()
        ],
        "payers": _payers(view),
        "lines": {"read": _lines(read), "ready": _lines(ready)},
        "denials": {"read": _denials(day, read), "ready": _denials(day, ready)},
        "claims": _claims(day, read),
    }


def _payments(view: MoneyView, read: Sequence[Decided]) -> Iterator[Plain]:
    seen = _seen(view)
    for each in read:
        payment, standing = each.payment, view.of_payment(each.payment.number)
        is_ready = payment.number in view.matching.ready
        until = standing.until if standing.state is StandingState.WAITING else None
        yield {
            **_identity(payment),
            "read": True,
            "forms": sorted({form for form, _ in seen[payment.number]}),
            "portals": sorted({portal for _, portal in seen[payment.number]}),
            "claims": len(each.claims),
            "lines": sum(len(claim.lines) for claim, _ in each.claims),
            "state": READY if is_ready else standing.state.value,
            "reason": None if is_ready else standing.reason or None,
            "until": until.isoformat() if until else None,
            "level": _level(each),
        }


def _seen(view: MoneyView) -> Mapping[int, list[tuple[str, str]]]:
    """In which form and where each payment was seen, in its second documents too."""
    first = {each.payment: each.counts_as for each in view.matching.same}
    found = defaultdict[int, list[tuple[str, str]]](list)
    for sighting in view.facts.sightings(Of.PAYMENT, sorted(view.payments)):
        form = view.payments[sighting.number].form.value
        found[first.get(sighting.number, sighting.number)].append((form, sighting.portal))
    return found


def _identity(payment: PaymentFact) -> Plain:
    return {
        "payment": payment.number,
        "payer": payment.payer,
        "payer_id": payment.payer_id,
        "trace": payment.trace,
        "method": payment.method,
        "date": payment.date.isoformat() if payment.date else None,
        "amount": _dollars(payment.amount),
    }


def _level(each: Decided) -> str | None:
    """The lowest level on which a sum does not hold."""
    levels = {one.level for one in each.said.balance.differences}
    return next((name for name in ("line", "claim", "transaction") if name in levels), None)


def _promised(view: MoneyView, one: Promised) -> Plain:
    listed = one.listed
    until = one.until.astimezone(view.context.zone).date().isoformat() if one.until else None
    return {
        "payment": None,
        "payer": None,
        "payer_id": None,
        "trace": listed.trace,
        "method": listed.method,
        "date": listed.date.isoformat(),
        "amount": _dollars(listed.amount),
        "read": False,
        "forms": [],
        "portals": [one.portal],
        "claims": None,
        "lines": None,
        "state": StandingState.WAITING.value,
        "reason": Reason.REMIT_NOT_READY.value,
        "until": until,
        "level": None,
    }


def _match(view: MoneyView, match: Match) -> Plain:
    payment, deposit = view.payments[match.payment], view.deposits[match.deposit]
    return {
        "payment": payment.number,
        "trace": payment.trace,
        "deposit": deposit_id(deposit),
        "amount": _dollars(match.amount),
        "day": deposit.day.isoformat(),
        "kind": deposit.kind.value,
        "reference": deposit.reference,
        "check_number": deposit.check_number,
        "why": match.why,
    }


def _deposit(view: MoneyView, deposit: DepositFact) -> Plain:
    standing = view.standings[Of.DEPOSIT, deposit.number]
    until = standing.until if standing.state is StandingState.WAITING else None
    return {
        "deposit": deposit_id(deposit),
        "day": deposit.day.isoformat(),
        "kind": deposit.kind.value,
        "amount": _dollars(deposit.amount),
        "reference": deposit.reference,
        "payer": view.payer_of(deposit),
        "company_id": deposit.payer_id,
        "trace": deposit.trace,
        "check_number": deposit.check_number,
        "batch": deposit.batch,
        "state": standing.state.value,
        "reason": standing.reason or None,
        "until": until.isoformat() if until else None,
        "dollars": _dollars(_ZERO if standing.state in _SETTLED else standing.dollars),
    }


def _payers(view: MoneyView) -> list[Plain]:
    found: dict[str, dict[str, Any]] = {}
    for payment in view.own:
        row = found.setdefault(
            payment.payer,
            {"payments": 0, "amount": _ZERO, READY: _ZERO, "waiting": _ZERO, "exception": _ZERO},
        )
        is_ready = payment.number in view.matching.ready
        row["payments"] += 1
        row["amount"] += payment.amount
        row[READY if is_ready else view.of_payment(payment.number).state.value] += payment.amount
    return [
        {"payer": name, **{key: one if isinstance(one, int) else _dollars(one) for key, one in row.items()}}
        for name, row in found.items()
    ]


def _lines(payments: Iterable[Decided]) -> Plain:
    found = [line for each in payments for claim, _ in each.claims for line in claim.lines]
    return {
        "lines": len(found),
        "charge": _dollars(sum((line.charge for line in found), _ZERO)),
        "allowed": _dollars(sum((line.allowed or _ZERO for line in found), _ZERO)),
        "paid": _dollars(sum((line.paid for line in found), _ZERO)),
    }


def _denials(day: PostingDay, payments: Iterable[Decided]) -> Plain:
    found: list[DeniedLine] = []
    for each in payments:
        found += denied_lines(each.payment, [claim for claim, _ in each.claims], day.codes.no_denials)
    today = day.view.context.day
    single = [row for one in found for row in denial_work([one], today, denial_rules(), day.codes)]
    rows = denial_work(found, today, denial_rules(), day.codes)
    coverage = [row for row in single if row.reason == Reason.DENIED_COVERAGE]
    return {
        "lines": len(found),
        "dollars": _dollars(sum((one.denial.amount for one in found), _ZERO)),
        "reasons": dict(sorted(Counter(row.reason for row in single).items())),
        "coverage_claims": len({row.claim for row in coverage}),
        "projects": sorted(
            (
                {
                    "payer": row.payer,
                    "code": row.carc,
                    "procedure": row.hcpcs,
                    "lines": len(row.denials),
                }
                for row in rows
                if row.project
            ),
            key=lambda row: tuple(map(str, row.values())),
        ),
        "rentals": [
            {"procedure": row.hcpcs, "code": row.carc, "lines": len(row.denials)}
            for row in rows
            if not row.project and len(row.denials) > 1
        ],
    }


def _claims(day: PostingDay, payments: Sequence[Decided]) -> Plain:
    known = day.view.known
    decided = [pair for each in payments for pair in each.claims]
    claims = [claim for claim, _ in decided]
    poor = [claim for claim in claims if is_qmb(claim, known)]
    return {
        "claims": len(claims),
        "reversals": sum(claim.status == REVERSAL for claim in claims),
        "pairs": sum(claim.status == REVERSAL and not decision.reason for claim, decision in decided),
        "crossovers": sum(claim.crossover_payer is not None for claim in claims),
        "corrected_ids": sum(bool(claim.corrected_member_id) for claim in claims),
        "qmb_claims": len(poor),
        "qmb_patient_share": _dollars(sum(map(patient_share, poor), _ZERO)),
    }


def _dollars(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"
