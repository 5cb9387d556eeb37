"""The payers that the clearinghouse serves, and the office's billing locations as its own address book has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from payerbots.sandbox import words
from payerbots.sandbox.clearpoint.records import Location, Payer
from payerbots.sandbox.money import payers as paying

if TYPE_CHECKING:
    from payerbots.sandbox.records import Organisation

MEDICARE: Final = Payer(
    key="medicare", name="MEDICARE DME", payer_id=paying.MEDICARE.payer_id, filing="MB", is_mac=True
)
SUMMIT: Final = Payer(key="summit", name=paying.SUMMIT.name, payer_id=paying.SUMMIT.payer_id, filing="CI")
CASCADE: Final = Payer(
    key="cascade", name=paying.CASCADE.name, payer_id=paying.CASCADE.payer_id, filing="CI", former=("CMG01",)
)
EVERGREEN: Final = Payer(
    key="evergreen", name=paying.EVERGREEN.name, payer_id=paying.EVERGREEN.payer_id, filing="16"
)
UNION: Final = Payer(
    key="union",
    name=paying.UNION.name,
    payer_id=paying.UNION.payer_id,
    filing="CI",
    former=("HTF86",),
    reports_in_words=True,
)
MEDICAID: Final = Payer(
    key="medicaid", name=paying.MEDICAID.name, payer_id=paying.MEDICAID.payer_id, filing="MC"
)
PAYERS: Final = (MEDICARE, SUMMIT, CASCADE, EVERGREEN, UNION, MEDICAID)
BY_ID: Final = {payer.payer_id: payer for payer in PAYERS}
FORMER: Final = {former: payer for payer in PAYERS for former in payer.former}
"""Payers by the IDs that they no longer take."""
UNLISTED: Final = Payer(key="unlisted", name=words.ADVANTAGE[3][0].upper(), payer_id="PCD99", filing="16")
"""A payer that the office's table does not have."""

# Street, city, state and nine-digit ZIP of the office's locations, in the order of its organizations.
STREETS: Final = (
    ("1400 MAIN STREET", "MILLBROOK", "OH", "441141820"),
    ("77 NORTHGATE PLAZA", "NORTHGATE", "OH", "441302277"),
    ("9 HARBOR POINT ROAD", "HARBOR SPRINGS", "OH", "440951409"),
    ("210 CLINIC ROW STE 4", "FAIRMOUNT", "OH", "441224013"),
    ("58 WESTBURY AVENUE", "WESTBURY", "OH", "441451158"),
)


def locations(organisations: tuple[Organisation, ...]) -> tuple[Location, ...]:
    """The office's locations with their addresses."""
    found = [(one, provider) for one in organisations for provider in one.providers]
    return tuple(
        Location(
            npi=provider.npi,
            name=provider.name.upper(),
            tax_id=one.tax_id.replace("-", ""),
            street=street,
            city=city,
            state=state,
            zip=zip_code,
        )
        for (one, provider), (street, city, state, zip_code) in zip(found, STREETS, strict=True)
    )
