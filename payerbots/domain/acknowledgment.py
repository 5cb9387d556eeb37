"""Acknowledgments of what was sent: 999 and 997 (syntax, set by set), TA1 (the envelope)."""

import datetime as dt

from payerbots.domain.record import Record
from payerbots.domain.remittance import Balance

ACCEPTED = frozenset({"A", "E"})
"""IK501 / AK501 / AK901: accepted, accepted with errors noted. P (partly), R, M, W, X are not."""


class SyntaxFault(Record, frozen=True, kw_only=True):
    """What is wrong in a set that was sent: the segment (IK3, AK3), or an element of it (IK4, AK4).

    It holds no copy of the bad data (IK404): that may name a patient.
    """

    segment: str = ""
    position: int | None = None
    """The segment's place in its set, ST being 1."""
    loop: str = ""
    code: str = ""
    """IK304 / AK304, or IK403 / AK403 when `element` is set, or IK502 and following when neither."""
    element: str = ""
    """IK401: the element's place, and its component's after a point."""
    reference: str = ""
    """IK402: the element's number in the data dictionary."""
    claim: str = ""
    """The patient control number that CTX names (CLM01)."""
    context: tuple[str, ...] = ()
    """CTX: which element, loop or situation is meant; without values."""


class AcknowledgedSet(Record, frozen=True, kw_only=True):
    """One transaction set that is answered for (AK2 to IK5)."""

    control: str
    type: str
    code: str
    """IK501: A accepted, E accepted with errors, R rejected, ..."""
    accepted: bool
    errors: tuple[SyntaxFault, ...] = ()
    implementation: str = ""


class Acknowledgment(Record, frozen=True, kw_only=True):
    """A 999 or 997: the answer to one functional group."""

    control: str
    kind: str
    group: str = ""
    """AK102: GS06 of the group that it answers."""
    functional: str = ""
    """AK101."""
    code: str = ""
    """AK901."""
    accepted: bool = False
    errors: tuple[str, ...] = ()
    """AK905 and following: what is wrong with the group."""
    sets: tuple[AcknowledgedSet, ...] = ()
    balance: Balance
    """Whether the counts of AK9 are those of the sets, where each set is listed."""


class InterchangeAcknowledgment(Record, frozen=True, kw_only=True):
    """A TA1: the answer to one interchange."""

    control: str
    """ISA13 of the interchange that it answers."""
    code: str
    """A accepted, E accepted with errors, R rejected."""
    note: str
    """000 is no error."""
    accepted: bool
    date: dt.date | None = None
    time: str = ""
