"""Plain values (what a bot packed as JSON) as rows that a person reads, whichever bot made them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

_SPECIAL = {
    "id": "ID",
    "npi": "NPI",
    "hcpcs": "HCPCS",
    "sha256": "SHA-256",
    "qmb": "QMB",
    "cob": "COB",
    "dob": "birth date",
    "msp": "MSP",
}
_EMPTY: tuple[object, ...] = (None, "", [], {})


@dataclass(frozen=True)
class Fact:
    """A label and its value; `rows` for a table in it."""

    label: str
    value: str = ""
    heads: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = field(default=(), repr=False)


def label(name: str) -> str:
    """`service_date` as `Service date`."""
    words = [_SPECIAL.get(word, word) for word in name.replace("-", "_").split("_") if word]
    text = " ".join(words)
    return text[:1].upper() + text[1:]


def told(value: object) -> str:
    """One value in words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ", ".join(
            f"{label(str(name)).lower()} {told(one)}" for name, one in value.items() if one not in _EMPTY
        )
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(told(one) for one in value)
    return str(value)


def facts(value: Any) -> list[Fact]:  # noqa: ANN401 - whatever a bot packed
    """The fields that hold something. A list of records becomes a table; a record within stands in words."""
    if not isinstance(value, Mapping):
        return [] if value in _EMPTY else [Fact("Value", told(value))]
    return [_fact(str(name), one) for name, one in value.items() if one not in _EMPTY]


def _fact(name: str, value: Any) -> Fact:  # noqa: ANN401 - as above
    if isinstance(value, Sequence) and value and all(isinstance(one, Mapping) for one in value):
        names = list(dict.fromkeys(key for one in value for key in one if one[key] not in _EMPTY))
        rows = [[told(one[key]) if one.get(key) not in _EMPTY else "" for key in names] for one in value]
        return Fact(label(name), heads=[label(key) for key in names], rows=rows)
    return Fact(label(name), told(value))


@dataclass(frozen=True)
class Changed:
    """A field that is not what it was."""

    label: str
    before: str
    after: str


def changes(before: Any, after: Any) -> list[Changed]:  # noqa: ANN401 - as above
    """What differs between two answers, in the order of the newer one."""
    if not isinstance(before, Mapping) or not isinstance(after, Mapping):
        return []
    names = list(dict.fromkeys([*after, *before]))
    return [Changed(label(str(name)), old, new) for name, old, new in _differing(names, before, after)]


def _differing(
    names: Sequence[Any], before: Mapping[Any, Any], after: Mapping[Any, Any]
) -> Iterator[tuple[Any, str, str]]:
    for name in names:
        old, new = (told(one.get(name)) if one.get(name) not in _EMPTY else "" for one in (before, after))
        if old != new:
            yield name, old, new


def who(request: Any) -> dict[str, str]:  # noqa: ANN401 - as above
    """Whom and what a request is about, as far as its fields are known ones."""
    if not isinstance(request, Mapping):
        return {}
    if isinstance(request.get("known"), Mapping):
        request = {**request["known"], **request}
    names = [str(request[key]) for key in ("last_name", "first_name") if request.get(key)]
    named = ", ".join(names) or _first(request, "patient", "patient_name")
    return {
        "patient": named,
        "payer": _first(request, "payer", "payer_name"),
        "account": _first(request, "account"),
        "order": _first(request, "order", "claim", "claim_number", "control", "patient_control_number"),
        "day": _first(request, "service_date", "date", "day"),
    }


def _first(request: Mapping[str, Any], *names: str) -> str:
    return next((told(request[name]) for name in names if request.get(name) not in _EMPTY), "")
