"""What an office knows for sure: `rules/payers.yaml`, its payers' IDs and habits, and `rules/addresses.yaml`, its own addresses."""

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pydantic import Field, model_validator

from payerbots import yamlfile

PAYERS, ADDRESSES = "rules/payers.yaml", "rules/addresses.yaml"


class PayerFacts(yamlfile.Strict):
    """One payer: its names, the IDs it takes and took, its name in portals.yaml, since when it takes no CMN."""

    names: tuple[str, ...] = Field(min_length=1)
    ids: tuple[str, ...] = Field(min_length=1)
    former_ids: tuple[str, ...] = ()
    eligibility: str = ""
    no_certificate_from: dt.date | None = None
    timely_filing_days: int | None = Field(None, ge=1, le=3660)
    timely_filing_months: int | None = Field(None, ge=1, le=120)

    @property
    def id(self) -> str:
        """The ID to which claims go."""
        return self.ids[0]

    def is_named(self, name: str) -> bool:
        """Whether this is one of its names."""
        return _tidy(name) in {_tidy(one) for one in self.names}


class _Payers(yamlfile.Strict):
    payers: dict[str, PayerFacts]

    @model_validator(mode="after")
    def _each_id_once(self) -> Self:
        seen: dict[str, str] = {}
        for name, one in self.payers.items():
            for key in ("ids", "former_ids"):
                for place, given in enumerate(getattr(one, key)):
                    if given.upper() in seen:
                        other = seen[given.upper()]
                        raise yamlfile.misplaced(
                            given, f"an ID that {other} does not have", "payers", name, key, place
                        )
                    seen[given.upper()] = name
        return self


@dataclass(frozen=True)
class PayerTable:
    """The payers of an office."""

    payers: tuple[PayerFacts, ...] = ()

    def by_id(self, payer_id: str) -> PayerFacts | None:
        """The payer that takes this ID."""
        return next((one for one in self.payers if payer_id.upper() in _upper(one.ids)), None)

    def by_former_id(self, payer_id: str) -> PayerFacts | None:
        """The payer that took this ID formerly."""
        return next((one for one in self.payers if payer_id.upper() in _upper(one.former_ids)), None)

    def of(self, payer_id: str, name: str) -> PayerFacts | None:
        """The payer of a claim: by its ID, a former one too; by name where it has none."""
        if payer_id:
            return self.by_id(payer_id) or self.by_former_id(payer_id)
        return next((one for one in self.payers if one.is_named(name)), None)


class Address(yamlfile.Strict):
    """One address of the office's own, with the nine digits of its ZIP."""

    name: str
    npi: str = Field(pattern=r"^\d{10}$")
    street: str
    city: str
    state: str = Field(pattern=r"^[A-Z]{2}$")
    zip: str = Field(pattern=r"^\d{5}-?\d{4}$")

    @property
    def digits(self) -> str:
        """The ZIP without a hyphen."""
        return self.zip.replace("-", "")

    def is_at(self, street: str, city: str, state: str) -> bool:
        """Whether it is this place, without regard to case, points and blanks."""
        return [_tidy(one) for one in (street, city, state)] == [
            _tidy(one) for one in (self.street, self.city, self.state)
        ]


class _Addresses(yamlfile.Strict):
    addresses: tuple[Address, ...]


def load_payers(path: Path) -> PayerTable:
    """The table of payers. `ConfigError` names file, line and key of what is wrong."""
    return PayerTable(tuple(yamlfile.parse(_Payers, yamlfile.read(path), path).payers.values()))


def load_addresses(path: Path) -> tuple[Address, ...]:
    """The office's addresses. `ConfigError` names file, line and key of what is wrong."""
    return yamlfile.parse(_Addresses, yamlfile.read(path), path).addresses


def _upper(ids: tuple[str, ...]) -> set[str]:
    return {one.upper() for one in ids}


def _tidy(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().casefold()
