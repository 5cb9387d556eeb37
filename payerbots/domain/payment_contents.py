"""What a payment says, as one hash: the same for the same payment, whatever file it came in."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Any

import msgspec

from payerbots.domain.remittance import Adjustment, Claim, Line, Remittance

_ENVELOPE = frozenset(
    ["control", "handling", "produced", "payer_contacts", "references", "receiver", "balance", "claims"]
)
"""What belongs to the file or to one sender, not to the payment."""
_PLACES = frozenset(["assigned", "number", "segment", "adjustments", "lines"])


def contents_hash(payment: Remittance) -> str:
    """SHA-256 of all that its claims and provider adjustments say; the order in which they stand does not count."""
    told = {
        **_fields(payment, _ENVELOPE | {"provider_adjustments"}),
        "claims": sorted((_claim(each) for each in payment.claims), key=msgspec.json.encode),
        "provider_adjustments": _sorted(payment.provider_adjustments),
    }
    return sha256(msgspec.json.encode(told)).hexdigest()


def _claim(claim: Claim) -> dict[str, Any]:
    lines = sorted((_line(each) for each in claim.lines), key=msgspec.json.encode)
    return {
        **_fields(claim, _PLACES),
        "adjustments": _adjustments(claim.adjustments),
        "lines": lines,
    }


def _line(line: Line) -> dict[str, Any]:
    return {**_fields(line, frozenset({"adjustments"})), "adjustments": _adjustments(line.adjustments)}


def _adjustments(adjustments: Iterable[Adjustment]) -> list[Any]:
    return _sorted(adjustments)


def _sorted(records: Iterable[Any]) -> list[Any]:
    return sorted((msgspec.to_builtins(each) for each in records), key=msgspec.json.encode)


def _fields(record: msgspec.Struct, without: frozenset[str]) -> dict[str, Any]:
    return {
        name: msgspec.to_builtins(getattr(record, name))
        for name in record.__struct_fields__
        if name not in without
    }
