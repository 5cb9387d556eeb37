"""What the movements of an account report are for cash posting: their kind, and what their text says."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator

from payerbots import yamlfile
from payerbots.domain.bank import BankTransaction
from payerbots.domain.facts import DepositKind

FILE = Path(__file__).with_name("bank_texts.yaml")
GROUPS = frozenset(["payer", "payer_id", "trace", "check_number", "lockbox", "batch"])


def _pattern(text: str) -> str:
    try:
        groups = set(re.compile(text).groupindex)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from None
    if not groups or groups - GROUPS:
        raise ValueError(f"groups among {', '.join(sorted(GROUPS))}")
    return text


class BankTexts(yamlfile.Strict):
    """The rules of `bank_texts.yaml`."""

    kinds: Mapping[DepositKind, tuple[str, ...]]
    parts: tuple[str, ...]
    patterns: tuple[Annotated[str, AfterValidator(_pattern)], ...]

    def kind(self, movement: BankTransaction) -> DepositKind | None:
        """The kind of a movement; None for money that goes out, and for a part of another movement."""
        if movement.type in self.parts:
            return None
        for kind, codes in self.kinds.items():
            if movement.type in codes:
                return kind
        return DepositKind.OTHER if movement.direction == "credit" else None

    def said(self, text: str) -> dict[str, str]:
        """What the text of a movement tells."""
        line = " ".join(text.split())
        found: dict[str, str] = {}
        for pattern in self.patterns:
            if match := re.search(pattern, line):
                found = {**{name: value for name, value in match.groupdict().items() if value}, **found}
        return found


@cache
def bank_texts() -> BankTexts:
    """The shipped rules."""
    return yamlfile.parse(BankTexts, yamlfile.read(FILE), FILE)
