"""A claim as the claim editor has it: named fields with texts, and what the clearinghouse's edits say of them."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from payerbots.sandbox import mint
from payerbots.sandbox.clearpoint.payers import BY_ID

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from payerbots.sandbox.clearpoint.records import Claim, Line

    Fields = dict[str, str]

FIXED: Final = frozenset({"payer_name", "claim.charge"})
"""What the editor shows and nobody types."""
NINE: Final = re.compile(r"\d{9}")
ZIP: Final = re.compile(r"\d{5}(\d{4})?")
CODE: Final = re.compile(r"[A-Z]\d{4}")
MODIFIERS: Final = 4
NO_CERTIFICATES_SINCE: Final = date(2023, 1, 1)


def fields_of(claim: Claim) -> Fields:
    """The claim's fields."""
    patient, location, doctor = claim.patient, claim.location, claim.doctor
    fields = {
        "payer_id": claim.payer_id,
        "payer_name": claim.payer.name,
        "subscriber.member_id": claim.member_id,
        "subscriber.last": patient.last,
        "subscriber.first": patient.first,
        "subscriber.middle": patient.middle,
        "subscriber.suffix": patient.suffix,
        "subscriber.birth_date": us(patient.born),
        "subscriber.sex": patient.sex,
        "subscriber.street": patient.street,
        "subscriber.city": patient.city,
        "subscriber.state": patient.state,
        "subscriber.zip": patient.zip,
        "billing.name": location.name,
        "billing.npi": location.npi,
        "billing.tax_id": location.tax_id,
        "billing.street": location.street,
        "billing.city": location.city,
        "billing.state": location.state,
        "billing.zip": location.zip,
        "rendering.npi": claim.rendering_npi,
        "ordering.last": doctor.last,
        "ordering.first": doctor.first,
        "ordering.npi": doctor.npi,
        "claim.place": "12",
        "claim.frequency": "1",
        "claim.diagnoses": " ".join(claim.diagnoses),
        "claim.charge": f"{claim.charge:.2f}",
    }
    for line in claim.lines:
        fields |= _line(line)
    return fields


def _line(line: Line) -> Fields:
    certificate = line.certificate
    found = {
        "hcpcs": line.hcpcs,
        "modifiers": " ".join(line.modifiers),
        "charge": f"{line.charge:.2f}",
        "units": str(line.units),
        "from": us(line.first),
        "to": us(line.last),
        "pointers": " ".join(str(one) for one in line.pointers),
        "certificate": certificate.form if certificate else "",
    }
    return {f"line.{line.number}.{name}": text for name, text in found.items()}


def us(day: date) -> str:
    """A date as people write it."""
    return f"{day:%m/%d/%Y}"


def changed(before: Fields, given: Mapping[str, object]) -> Fields:
    """The fields with those that were given and may be changed; modifiers and codes in capitals, one blank between."""
    taken = {name: _tidy(str(text)) for name, text in given.items() if name in before and name not in FIXED}
    return before | taken


def _tidy(text: str) -> str:
    return " ".join(text.split()).upper()


def faults(fields: Fields) -> dict[str, str]:
    """What the clearinghouse's edits find, by field."""
    found = dict(_of_claim(fields))
    for number in lines(fields):
        found |= dict(_of_line(fields, f"line.{number}."))
    return found


def lines(fields: Fields) -> list[int]:
    """The numbers of the lines."""
    return sorted(int(name.split(".")[1]) for name in fields if name.endswith(".hcpcs"))


def _of_claim(fields: Fields) -> Iterator[tuple[str, str]]:
    payer = BY_ID.get(fields["payer_id"])
    if payer is None:
        yield "payer_id", "This payer ID is not in the payer list."
    if payer and payer.is_mac and not mint.is_mbi(fields["subscriber.member_id"]):
        yield "subscriber.member_id", "A Medicare number has 11 characters and never S, L, O, I, B or Z."
    if not NINE.fullmatch(fields["billing.zip"]):
        yield "billing.zip", "The billing provider needs a nine-digit ZIP code."
    if not ZIP.fullmatch(fields["subscriber.zip"]):
        yield "subscriber.zip", "Enter a ZIP code of five or nine digits."
    if _day(fields["subscriber.birth_date"]) is None:
        yield "subscriber.birth_date", "Enter a date as MM/DD/YYYY."
    for name in ("subscriber.last", "subscriber.member_id", "claim.diagnoses"):
        if not fields[name]:
            yield name, "This field is required."


def _of_line(fields: Fields, line: str) -> Iterator[tuple[str, str]]:
    modifiers = fields[f"{line}modifiers"].split()
    if len(modifiers) != len(set(modifiers)):
        yield f"{line}modifiers", "The same modifier stands twice."
    if len(modifiers) > MODIFIERS or any(len(one) != 2 for one in modifiers):  # noqa: PLR2004 - two characters
        yield f"{line}modifiers", "A line takes up to four modifiers of two characters."
    if not CODE.fullmatch(fields[f"{line}hcpcs"]):
        yield f"{line}hcpcs", "A HCPCS code is a letter and four digits."
    served = _day(fields[f"{line}from"])
    if served is None:
        yield f"{line}from", "Enter a date as MM/DD/YYYY."
    payer = BY_ID.get(fields["payer_id"])
    certified = bool(fields[f"{line}certificate"]) and payer is not None and payer.is_mac
    if certified and served and served >= NO_CERTIFICATES_SINCE:
        yield f"{line}certificate", "Medicare takes no certificates for services since 01/01/2023."


def _day(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%m/%d/%Y").date()  # noqa: DTZ007 - a date without a time
    except ValueError:
        return None
