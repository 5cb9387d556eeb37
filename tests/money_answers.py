"""What bots found about money and what is right, brought into one form: each side names things in its own way."""

from collections.abc import Iterable, Mapping
from typing import Any

Plain = Mapping[str, Any]
PORTALS = {
    "summit": "summit_health",
    "clearinghouse": "",
    "cascade": "cascade_mutual",
    "lockbox": "harbor_bank",
}


def comparable(told: Plain) -> dict[str, Any]:
    """The part of figures or answers that both sides tell, without their own names for things."""
    names = {one["payment"]: _payment_name(one) for one in told["payments"]}
    return {
        "payments": _sorted(_payment(one) for one in told["payments"]),
        "matches": _sorted(
            (*names[one["payment"]], one["amount"], one["day"], one["kind"], one["reference"], _number(one))
            for one in told["matches"]
        ),
        "deposits": _sorted(_deposit(one) for one in told["deposits"]),
        "unusable": _sorted((one["file"], one["reason"], one["dollars"]) for one in told["unusable"]),
        "holds": _sorted(
            (one["reason"], *names[one["payment"]], one["what"], one["dollars"]) for one in told["holds"]
        ),
        "payers": _sorted(tuple(one.items()) for one in told["payers"]),
        "lines": told["lines"],
        "denials": {name: _denials(one) for name, one in told["denials"].items()},
        "claims": told["claims"],
    }


def differences(found: Plain, right: Plain) -> list[str]:
    """Every difference, as a person reads it."""
    ours, theirs = comparable(found), comparable(right)
    said = []
    for name, wanted in theirs.items():
        if isinstance(wanted, list):
            said += [f"{name}: not found {one}" for one in wanted if one not in ours[name]]
            said += [f"{name}: wrong {one}" for one in ours[name] if one not in wanted]
            if len(wanted) != len(ours[name]):
                said.append(f"{name}: {len(ours[name])} instead of {len(wanted)}")
        elif wanted != ours[name]:
            said.append(f"{name}: {ours[name]} instead of {wanted}")
    return said


def _sorted(rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return sorted(rows, key=repr)


def _payment_name(one: Plain) -> tuple[Any, ...]:
    return (one["trace"] if one["read"] else None, one["date"], one["amount"])


def _payment(one: Plain) -> tuple[Any, ...]:
    portals = one["portals"] if "portals" in one else [PORTALS[road] for road in one["roads"]]
    own = ("payer", "claims", "lines") if one["read"] else ()
    return (
        *_payment_name(one),
        *(one[name] for name in own),
        one["payer_id"] if "835" in one["forms"] else None,
        *(one[name] for name in ("method", "read", "state", "reason", "until", "level")),
        tuple(one["forms"]),
        tuple(sorted(portals)),
    )


def _deposit(one: Plain) -> tuple[Any, ...]:
    names = ("day", "kind", "amount", "reference", "payer", "company_id", "trace")
    standing = ("state", "reason", "until", "dollars")
    return (*(one[name] for name in names), _number(one), *(one[name] for name in standing))


def _number(one: Plain) -> str:
    """A check's number; banks fill it with zeros."""
    number: str = one["check_number"]
    return number.lstrip("0")


def _denials(one: Plain) -> dict[str, Any]:
    return {
        **one,
        "projects": sorted(one["projects"], key=repr),
        "rentals": sorted((tuple(sorted(each.items())) for each in one["rentals"]), key=repr),
    }
