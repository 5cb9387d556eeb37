"""How denials are worked, as data: limits by payer, bands, what to attach, what a rental still brings.

The rules ship in `payerbots/data/denial_work.yaml`; a site's own file takes their place, key by key.
"""

from functools import cache
from importlib import resources
from pathlib import Path
from typing import Annotated

from pydantic import Field, model_validator

from payerbots import yamlfile
from payerbots.domain.payer_names import PayerAlias, PayerIdentity, Payers, Relation, same_payer

Days = Annotated[int, Field(ge=1, le=3660)]


class Level(yamlfile.Strict):
    """One level of appeal; `days` from the receipt of the decision before it."""

    name: str
    days: Days


class TimelyFiling(yamlfile.Strict):
    """How long after the service date a claim may come: in months or in days."""

    months: Annotated[int, Field(ge=1, le=120)] | None = None
    days: Days | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> "TimelyFiling":
        if (self.months is None) == (self.days is None):
            raise ValueError("either months or days")
        return self


class PayerLimits(yamlfile.Strict):
    """The limits of one payer, or of all with a claim filing indicator (CLP06)."""

    name: str
    names: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    filing_indicators: tuple[str, ...] = ()
    levels: tuple[Level, ...] = ()
    timely_filing: TimelyFiling
    receipt_presumed: Annotated[int, Field(ge=0, le=30)] | None = None
    """So many days after its date a decision counts as received, unless it was received before."""

    def identity(self, payer_id: str, name: str) -> PayerIdentity:
        """A payer as this entry's names and ids make it known."""
        return Payers([PayerAlias(names=(self.name, *self.names), ids=self.ids)]).of(payer_id, name)


class CappedRental(yamlfile.Strict):
    """A rental that is paid for so many months; modifiers tell the month."""

    months: Days
    first: str
    early: dict[str, int]
    late: tuple[str, ...]


class Oxygen(yamlfile.Strict):
    """Rentals whose month no modifier tells."""

    months: Days
    codes: tuple[str, ...]


class DenialRules(yamlfile.Strict):
    """All of them."""

    bands: tuple[int, int, int]
    project_from: Annotated[int, Field(ge=2)]
    payers: tuple[PayerLimits, ...]
    otherwise: PayerLimits
    attach: dict[str, str]
    attach_codes: dict[str, str]
    capped_rental: CappedRental
    oxygen: Oxygen

    @model_validator(mode="after")
    def _bands_rise(self) -> "DenialRules":
        if list(self.bands) != sorted(set(self.bands)):
            raise yamlfile.misplaced(list(self.bands), "three numbers that rise", "bands")
        return self

    def limits(self, payer_id: str, payer: str, indicator: str) -> tuple[PayerLimits, bool]:
        """A payer's limits, and whether they are its own: by id or name before the filing indicator."""
        for each in self.payers:
            if same_payer(each.identity(payer_id, payer), each.identity("", each.name)) is Relation.SAME:
                return each, True
        for each in self.payers:
            if indicator and indicator in each.filing_indicators:
                return each, True
        return self.otherwise, False


@cache
def denial_rules(site: Path | None = None) -> DenialRules:
    """The shipped rules, with a site's file over them. `ConfigError` names file, line and key of what is wrong."""
    with resources.as_file(resources.files("payerbots.data").joinpath("denial_work.yaml")) as path:
        shipped = yamlfile.read(path)
        if site is None:
            return yamlfile.parse(DenialRules, shipped, path)
    own = yamlfile.read(site)
    return yamlfile.parse(DenialRules, {**shipped, **own}, site, root=own)
