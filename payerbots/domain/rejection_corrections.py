"""Safe corrections: what is changed in a rejected claim and what proves it, or why a machine must not."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from payerbots.domain.coverage import Coverage, CoverageRequest
from payerbots.domain.identity import same_member_id, same_name
from payerbots.domain.payers import PayerBook
from payerbots.domain.rejection import Change, Said, SentClaim, SentLine
from payerbots.domain.rejection_rules import Correction
from payerbots.domain.rejection_tables import Address, PayerTable
from payerbots.reasons import Reason

CONTRADICTS_KX = frozenset({"GA", "GY", "GZ"})
"""With KX (requirements met) they contradict each other under most policies: a decision on coverage."""
PROOF_DAYS = 30
"""How long an eligibility answer proves a member ID."""
_SHORT, _FULL = 5, 9


@dataclass(frozen=True, kw_only=True)
class Checked:
    """An eligibility answer of the ledger: what was asked, what the payer's portal said, and when."""

    request: CoverageRequest = field(repr=False)
    coverage: Coverage = field(repr=False)
    at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class Known:
    """What corrections are proved with, besides the claim itself. `checked` is about the claim's patient."""

    payers: PayerTable
    addresses: Sequence[Address] = ()
    checked: Sequence[Checked] = field(default=(), repr=False)
    book: PayerBook = field(default_factory=lambda: PayerBook(()))
    """The payers of portals.yaml, with the form of their member IDs."""
    today: dt.date


@dataclass(frozen=True, kw_only=True)
class Proved:
    """What is changed, and what shows that it is right."""

    changes: tuple[Change, ...] = field(repr=False)
    proof: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Unproved:
    """Why it must not be corrected by a machine. `also` says what the proof told instead."""

    why: str
    also: tuple[Reason, ...] = ()


Result = Proved | Unproved


def correct(name: Correction, claim: SentClaim, codes: Iterable[Said], known: Known) -> Result:
    """A correction of a claim that was rejected with these codes."""
    return _CORRECTIONS[name](claim, tuple(codes), known)


# -- the claim itself -------------------------------------------------------------------------------------


def _without_duplicates(claim: SentClaim, codes: tuple[Said, ...], _: Known) -> Result:
    """The same modifier twice on a line: all but the first are taken away."""
    lines = _meant(claim, codes)
    contradicting = [line for line in claim.lines if _contradicts(line)]
    if contradicting:
        found = ", ".join(sorted(CONTRADICTS_KX & set(contradicting[0].modifiers)))
        return Unproved(
            why=f"line {contradicting[0].number} has KX with {found}: whether it is covered is decided by a person"
        )
    named = {said.line for said in codes if said.line}
    changes = [_modifiers(line) for line in lines if len(set(line.modifiers)) < len(line.modifiers)]
    if not changes or (named and len(changes) < len(named)):
        return Unproved(why="no modifier stands twice on the line: it does not fit the item or the others")
    return Proved(
        changes=tuple(changes), proof="the claim itself: the same modifier stands twice on the line"
    )


def _contradicts(line: SentLine) -> bool:
    return "KX" in line.modifiers and bool(CONTRADICTS_KX & set(line.modifiers))


def _modifiers(line: SentLine) -> Change:
    return Change(
        field=f"line.{line.number}.modifiers",
        before=" ".join(line.modifiers),
        after=" ".join(dict.fromkeys(line.modifiers)),
    )


def _meant(claim: SentClaim, codes: Sequence[Said]) -> list[SentLine]:
    """The lines that the codes name; all where they name none."""
    named = {said.line for said in codes if said.line}
    return [line for line in claim.lines if not named or line.number in named]


# -- the table of payers ----------------------------------------------------------------------------------


def _without_certificate(claim: SentClaim, codes: tuple[Said, ...], known: Known) -> Result:
    """Certificates of services since the day from which the payer takes none are dropped."""
    payer = known.payers.by_id(claim.payer_id)
    if payer is None or payer.no_certificate_from is None:
        return Unproved(why="rules/payers.yaml does not say that this payer takes no certificates")
    since = payer.no_certificate_from
    certified = [line for line in claim.lines if line.certificate]
    dropped = [line for line in certified if line.first is not None and line.first >= since]
    named = {said.line for said in codes if said.line}
    if not dropped or named - {line.number for line in dropped}:
        what = (
            f"none of them is for a service since {since.isoformat()}" if certified else "the claim has none"
        )
        return Unproved(why=f"no certificate to drop: {what}")
    changes = (
        Change(field=f"line.{line.number}.certificate", before=line.certificate, after="") for line in dropped
    )
    return Proved(
        changes=tuple(changes),
        proof=f"{payer.names[0]} takes no certificate for services since {since.isoformat()} (rules/payers.yaml)",
    )


def _payer_id(claim: SentClaim, _codes: tuple[Said, ...], known: Known) -> Result:
    """An ID that the payer no longer takes gives way to the one it takes."""
    if known.payers.by_id(claim.payer_id):
        return Unproved(why="the payer ID is one that the payer takes: the claim may belong to another payer")
    payer = known.payers.by_former_id(claim.payer_id)
    if payer is None:
        return Unproved(why="rules/payers.yaml does not have this payer ID")
    if not payer.is_named(claim.payer):
        return Unproved(why=f"the claim names another payer than {payer.names[0]}, which had this ID")
    return Proved(
        changes=(Change(field="payer_id", before=claim.payer_id, after=payer.id),),
        proof=f"{payer.names[0]} takes claims under {payer.id}, formerly under {claim.payer_id} (rules/payers.yaml)",
    )


# -- the address book -------------------------------------------------------------------------------------


def _zip(claim: SentClaim, _codes: tuple[Said, ...], known: Known) -> Result:
    """The ZIP of our own address gets its last four digits."""
    digits = claim.zip.replace("-", "")
    if len(digits) == _FULL:
        return Unproved(why="the ZIP of the billing address has its nine digits")
    ours = [one for one in known.addresses if one.npi == claim.npi]
    there = [one for one in ours if one.is_at(claim.street, claim.city, claim.state)]
    fitting = [one for one in there if len(digits) == _SHORT and one.digits.startswith(digits)]
    if len(fitting) != 1:
        return Unproved(why="the billing address is not the one of this NPI in rules/addresses.yaml")
    return Proved(
        changes=(Change(field="billing.zip", before=claim.zip, after=fitting[0].digits),),
        proof=f"the office's own address {fitting[0].name} (rules/addresses.yaml)",
    )


# -- eligibility ------------------------------------------------------------------------------------------


def _member_id(claim: SentClaim, _codes: tuple[Said, ...], known: Known) -> Result:
    """The ID that the payer itself returned for the same person, active on every date of the claim."""
    payer = known.payers.by_id(claim.payer_id)
    if payer is None or not payer.eligibility:
        return Unproved(why="rules/payers.yaml names no portal whose answers could prove an ID of this payer")
    if not claim.own_policy:
        return Unproved(why="the patient is not the subscriber: whose ID is wrong is not clear")
    asked = [one for one in known.checked if _same_person(claim, one.request)]
    at_payer = [one for one in asked if one.request.payer == payer.eligibility]
    if not at_payer:
        return Unproved(why=_why_none(known.checked, asked))
    latest = max(at_payer, key=lambda one: one.at)
    return _not_proving(claim, latest, known) or _by_answer(claim, latest, at_payer, known)


def _same_person(claim: SentClaim, request: CoverageRequest) -> bool:
    return request.birth_date == claim.birth_date and same_name(
        request.last_name, request.first_name, claim.patient
    )


def _why_none(checked: Sequence[Checked], asked: Sequence[Checked]) -> str:
    if asked:
        return "eligibility was checked with another payer only"
    if checked:
        return "eligibility was checked for a person of another name or birth date"
    return "no eligibility answer for this patient"


def _not_proving(claim: SentClaim, found: Checked, known: Known) -> Unproved | None:
    coverage, days = found.coverage, claim.dates
    if (known.today - found.at.date()).days > PROOF_DAYS:
        return Unproved(why=f"the last eligibility answer is older than {PROOF_DAYS} days")
    if coverage.advantage_plan is not None:
        return Unproved(
            why=f"eligibility: the patient is in {coverage.advantage_plan}, which pays instead: another payer",
            also=(Reason.BILL_MA_PLAN,),
        )
    if not coverage.active or not days or not all(_covered(found, day) for day in days):
        return Unproved(
            why="eligibility does not show coverage on every date of the claim",
            also=(Reason.INACTIVE_ON_DATE,),
        )
    if coverage.part_b is False:
        return Unproved(why="eligibility: there is no Part B", also=(Reason.NO_PART_B,))
    return None


def _covered(found: Checked, day: dt.date) -> bool:
    coverage = found.coverage
    if coverage.termination is not None and day > coverage.termination:
        return False
    if coverage.effective is not None:
        return day >= coverage.effective
    return day == found.request.service_date


def _by_answer(claim: SentClaim, found: Checked, answers: Sequence[Checked], known: Known) -> Result:
    member_id = found.coverage.member_id or ""
    payer = known.book.find(found.request.payer)
    if not member_id or (payer is not None and not payer.accepts_member_id(payer.tidy_member_id(member_id))):
        return Unproved(why="the eligibility answer gives no member ID of this payer's form")
    if same_member_id(member_id, claim.member_id):
        return Unproved(why="eligibility gives the very ID that the claim has")
    others = {one.coverage.member_id for one in answers if one.coverage.active and one.coverage.member_id}
    if any(not same_member_id(member_id, other) for other in others if other):
        return Unproved(why="eligibility gave several IDs for this person", also=(Reason.SEVERAL_MEMBERS,))
    return Proved(
        changes=(Change(field="subscriber.member_id", before=claim.member_id, after=member_id),),
        proof=f"eligibility answer of {found.at.date().isoformat()}: {found.request.payer}, same name and birth date, "
        f"active on {', '.join(day.isoformat() for day in claim.dates)}"
        + (f", reference {found.coverage.reference}" if found.coverage.reference else ""),
    )


_CORRECTIONS: dict[Correction, Callable[[SentClaim, tuple[Said, ...], Known], Result]] = {
    Correction.MODIFIER: _without_duplicates,
    Correction.CERTIFICATE: _without_certificate,
    Correction.MEMBER_ID: _member_id,
    Correction.ZIP: _zip,
    Correction.PAYER_ID: _payer_id,
}
