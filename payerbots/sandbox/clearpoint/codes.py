"""What the status codes mean, in the clearinghouse's own words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from payerbots.sandbox.clearpoint.records import Status

MEANINGS: Final = {
    "16": "Passed on",
    "19": "Received",
    "20": "Accepted for processing",
    "33": "Subscriber not found",
    "54": "Copy of a claim that was processed before",
    "78": "Copy of a service that was billed before",
    "88": "Not eligible on the date of service",
    "116": "Sent to the wrong payer",
    "164": "Member ID is not valid",
    "187": "Date of service",
    "247": "See the service lines",
    "254": "Admitting diagnosis is not valid",
    "255": "Diagnosis code is not valid",
    "453": "Procedure modifier is not valid",
    "488": "Diagnosis pointer is not valid",
    "496": "Provider is not linked to the submitter",
    "500": "Postal code is not valid",
    "501": "State is not valid",
    "507": "HCPCS code is not valid on the date of service",
    "562": "NPI is not known to the payer",
    "698": "Certificate of medical necessity is not accepted",
    "732": "Information submitted inconsistent with billing guidelines",
    "746": "File was sent before",
}
ENTITIES: Final = {
    "82": "rendering provider",
    "85": "billing provider",
    "AY": "clearinghouse",
    "IL": "subscriber",
    "PR": "payer",
}
CATEGORIES: Final = {"A3": "Returned", "A6": "Missing", "A7": "Invalid", "A8": "Does not fit together"}


def meaning(status: Status) -> str:
    """A status in words."""
    text = MEANINGS.get(status.code, "See the payer's companion guide")
    about = ENTITIES.get(status.entity)
    return f"{text} ({about})" if about else text
