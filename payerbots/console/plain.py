"""Plain values (what a bot packed as JSON) as rows that a person reads, whichever bot made them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
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
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_CENTS = re.compile(r"-?\d+\.\d\d")
_MONEY = {
    "charge",
    "amount",
    "dollars",
    "paid",
    "billed",
    "allowed",
    "deductible",
    "copay",
    "patient_responsibility",
}
_CODE = 2
_WIDEST = 7
"""Columns of a table; records with more fields, or with records in them, stand one below the other."""


@dataclass(frozen=True)
class Entry:
    """A record of a list, under a title that says which one it is."""

    title: str
    facts: "Sequence[Fact]" = field(default=(), repr=False)


@dataclass(frozen=True)
class Fact:
    """A label and its value; `rows` for a table in it, `entries` for records, `within` for a record."""

    label: str
    value: str = ""
    heads: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = field(default=(), repr=False)
    entries: Sequence[Entry] = field(default=(), repr=False)
    within: "Sequence[Fact]" = field(default=(), repr=False)


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
    return _dated(value) if isinstance(value, str) else str(value)


def _dated(text: str) -> str:
    """A date or a moment (in its own zone) as this country writes them; any other text as it is."""
    try:
        if _DAY.fullmatch(text):
            return f"{date.fromisoformat(text):%m/%d/%Y}"
        if _MOMENT.fullmatch(text):
            moment = datetime.fromisoformat(text)
            return f"{moment:%m/%d/%Y %H:%M} {moment.tzname()}"
    except ValueError:
        return text
    return text


def _valued(name: str, value: object) -> str:
    """A value in words, with a dollar sign where the field is money."""
    text = told(value)
    if name not in _MONEY or not _CENTS.fullmatch(text):
        return text
    return f"-${text[1:]}" if text.startswith("-") else f"${text}"


def facts(value: Any) -> list[Fact]:  # noqa: ANN401 - whatever a bot packed
    """The fields that hold something. A list of records becomes a table, or one below the other."""
    if not isinstance(value, Mapping):
        return [] if value in _EMPTY else [Fact("Value", told(value))]
    return [_fact(str(name), one) for name, one in value.items() if one not in _EMPTY]


def _fact(name: str, value: Any) -> Fact:  # noqa: ANN401 - as above
    if isinstance(value, Mapping):
        return Fact(label(name), within=facts(value))
    if not (isinstance(value, Sequence) and value and all(isinstance(one, Mapping) for one in value)):
        return Fact(label(name), _valued(name, value))
    names = list(dict.fromkeys(key for one in value for key in one if one[key] not in _EMPTY))
    if len(names) > _WIDEST or any(_holds_records(one) for one in value):
        return Fact(label(name), entries=[Entry(_title(one), facts(one)) for one in value])
    rows = [[_valued(key, one[key]) if one.get(key) not in _EMPTY else "" for key in names] for one in value]
    return Fact(label(name), heads=[label(key) for key in names], rows=rows)


def _holds_records(record: Mapping[Any, Any]) -> bool:
    return any(
        isinstance(one, Mapping)
        or (isinstance(one, Sequence) and any(isinstance(part, Mapping) for part in one))
        for one in record.values()
        if one not in _EMPTY
    )


def _title(record: Mapping[Any, Any]) -> str:
    """The first three values of a record that tell it from others: neither records nor short codes."""
    flat = (
        _valued(str(name), one)
        for name, one in record.items()
        if one not in _EMPTY and isinstance(one, str | int)
    )
    return " \u00b7 ".join([text for text in flat if len(text) > _CODE][:3])


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
    for name in ("known", "claim"):
        if isinstance(request.get(name), Mapping):
            request = {**request[name], **request}
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
    found = (request.get(name) for name in names)
    return next((told(one) for one in found if one not in _EMPTY and not isinstance(one, Mapping)), "")
