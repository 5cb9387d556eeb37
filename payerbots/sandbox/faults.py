"""The ways in which the practice portal can misbehave, as real portals do."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from _typeshed import DataclassInstance

    Kind = TypeVar("Kind", bound=DataclassInstance)


class UnknownFaultError(ValueError):
    """A fault that the portal does not have, or a value that it cannot take."""


@dataclass(frozen=True, kw_only=True)
class Faults:
    """The faults in force. A count runs down as it is used up; -1 in `stale_answer` never does.

    Of files: the next `file_sign_in` downloads are the sign-in page, the next `file_truncated` end in the middle, and
    all stop for `slow_file` seconds on the way. `list_shift`: that many remittances are posted one by one while a
    list of them is read.
    """

    slow: float = 0.0
    error_rate: float = 0.0
    error_next: int = 0
    maintenance: int = 0
    logout_after: int = 0
    popup: int = 0
    captcha: int = 0
    password_expired: int = 0
    code_refused: int = 0
    stale_answer: int = 0
    partial_answer: int = 0
    wrong_org: int = 0
    second_session: int = 0
    attestation: int = 0
    throttle: int = 0
    account_locked: int = 0
    layout: int = 1
    file_sign_in: int = 0
    file_truncated: int = 0
    slow_file: float = 0.0
    list_shift: int = 0


NAMES = tuple(item.name for item in fields(Faults))
"""The faults of Summit's portal."""
FRACTIONS = frozenset({"slow", "error_rate", "slow_file"})
"""The faults of every site that take a number with a fraction; all others count."""


def parse(texts: Iterable[str], kind: type[DataclassInstance] = Faults) -> dict[str, float]:
    """Read `NAME=VALUE` texts, such as come from a command line; a bare `NAME` means 1."""
    return checked(dict(_pair(text) for text in texts), kind)


def checked(values: Mapping[str, object], kind: type[DataclassInstance] = Faults) -> dict[str, float]:
    """Return the values as numbers, or an `UnknownFaultError` that says what is allowed."""
    names = [item.name for item in fields(kind)]
    return {name: _number(name, value, names) for name, value in values.items()}


def with_values(faults: Kind, values: Mapping[str, object]) -> Kind:
    """Return the faults, of whichever site, with some of them changed."""
    return replace(faults, **checked(values, type(faults)))


def _pair(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name.strip(), value.strip() or "1"


def _number(name: str, value: object, names: list[str]) -> float:
    if name not in names:
        message = f"no fault is called {name!r}; allowed are {', '.join(names)}"
        raise UnknownFaultError(message)
    try:
        number = float(str(int(value) if isinstance(value, bool) else value))
        return number if name in FRACTIONS else int(str(int(number)))
    except ValueError:
        message = f"fault {name} needs a number, not {value!r}"
        raise UnknownFaultError(message) from None
