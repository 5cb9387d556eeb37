"""Deciding on one item, with the workspace's rules and tables and what the ledger knows of the patient."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from payerbots.documents.claim_correction import why_not
from payerbots.domain.identity import person_key
from payerbots.domain.rejection import Rejected
from payerbots.domain.rejection_corrections import Checked, Known
from payerbots.domain.rejection_rules import FILE, RejectionRules
from payerbots.domain.rejection_rules import load as load_rules
from payerbots.domain.rejection_tables import ADDRESSES, PAYERS, PayerTable, load_addresses, load_payers
from payerbots.domain.rejection_work import Decision, decide
from payerbots.engine.contract import WorkItem
from payerbots.engine.facts import Facts

T = TypeVar("T")


def decided(item: WorkItem[Rejected]) -> Decision:
    """What is done about it, by the rules as they stand now. Not for the event loop."""
    known = Known(
        payers=payers_of(item.root),
        addresses=_fresh(load_addresses, item.root / ADDRESSES),
        checked=_checked(item.request, item.facts),
        book=item.payers,
        today=item.day,
    )
    return _tried(decide(item.request, rules_of(item.root), known), item)


def _tried(decision: Decision, item: WorkItem[Rejected]) -> Decision:
    """The changes are tried on the file that was sent, where it is at hand: what it does not take is not sent."""
    claim = item.request.claim
    if not decision.corrects or claim is None or not item.facts.files([claim.envelope.file]):
        return decision
    with item.facts.content(claim.envelope.file) as stream:
        why = why_not(stream.read(), claim.control, decision.changes)
    return (
        replace(decision, changes=(), why_not=f"the claim file does not take it: {why}") if why else decision
    )


def rules_of(root: Path) -> RejectionRules:
    """The rules of a workspace, read again when the file has changed."""
    return _fresh(load_rules, root / FILE)


def payers_of(root: Path) -> PayerTable:
    """The table of payers of a workspace."""
    return _fresh(load_payers, root / PAYERS)


def _checked(request: Rejected, facts: Facts) -> Sequence[Checked]:
    """What payers said of the claim's patient."""
    claim = request.claim
    if claim is None or claim.birth_date is None or "," not in claim.patient:
        return ()
    last, _, first = claim.patient.partition(",")
    return facts.checked(person_key(last, first, claim.birth_date))


def _fresh(load: Callable[[Path], T], path: Path) -> T:
    changed = path.stat().st_mtime_ns if path.exists() else 0
    found: T = _loaded(load, path, changed)
    return found


@lru_cache(maxsize=16)
def _loaded(load: Callable[[Path], T], path: Path, _changed: int) -> T:
    return load(path)
