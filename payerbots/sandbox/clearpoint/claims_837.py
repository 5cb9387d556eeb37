"""Writes 837P files (005010X222A1) as a supplier's billing software does."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from payerbots.sandbox.clearpoint.x12 import HOUSE, NAMES, OFFICE, Envelope, Levels, day, written

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from payerbots.sandbox.clearpoint.records import Certificate, Claim, Doctor, Line, Location
    from payerbots.sandbox.clearpoint.x12 import Segment

VERSION = "005010X222A1"
HOME = "12"


def write(control: int, sent_at: datetime, sets: Sequence[Sequence[Claim]]) -> bytes:
    """The file: one interchange, one group, a set for each list of claims."""
    envelope = Envelope(
        sender=OFFICE, receiver=HOUSE, control=control, made_at=sent_at, functional="HC", version=VERSION
    )
    bodies = [list(_set(claims, f"B{control}{place}", sent_at)) for place, claims in enumerate(sets, 1)]
    return written(envelope, [("837", body) for body in bodies])


def _set(claims: Sequence[Claim], reference: str, sent_at: datetime) -> Iterator[Segment]:
    yield ("BHT", "0019", "00", reference, day(sent_at), f"{sent_at:%H%M}", "CH")
    yield ("NM1", "41", "2", NAMES[OFFICE], "", "", "", "", "46", OFFICE)
    yield ("PER", "IC", "BILLING OFFICE", "TE", "2165550144")
    yield ("NM1", "40", "2", NAMES[HOUSE], "", "", "", "", "46", HOUSE)
    levels = Levels()
    for location, some in groupby(sorted(claims, key=_by_location), key=lambda claim: claim.location):
        yield from _location(levels, location)
        above = levels.last
        for claim in some:
            yield from _claim(levels, above, claim)


def _by_location(claim: Claim) -> tuple[str, str, str]:
    return claim.location.npi, claim.location.zip, claim.control


def _location(levels: Levels, location: Location) -> Iterator[Segment]:
    yield from levels.level(None, "20", children=True)
    yield ("PRV", "BI", "PXC", "332B00000X")
    yield ("NM1", "85", "2", location.name, "", "", "", "", "XX", location.npi)
    yield ("N3", location.street)
    yield ("N4", location.city, location.state, location.zip)
    yield ("REF", "EI", location.tax_id)


def _claim(levels: Levels, above: int, claim: Claim) -> Iterator[Segment]:
    patient = claim.patient
    yield from levels.level(above, "22", children=False)
    yield ("SBR", "P", "18", "", "", "", "", "", "", claim.payer.filing)
    name = (patient.last, patient.first, patient.middle, "", patient.suffix)
    yield ("NM1", "IL", "1", *name, "MI", claim.member_id)
    yield ("N3", patient.street)
    yield ("N4", patient.city, patient.state, patient.zip)
    yield ("DMG", "D8", day(patient.born), patient.sex)
    yield ("NM1", "PR", "2", claim.payer.name, "", "", "", "", "PI", claim.payer_id)
    place = f"{HOME}:B:1"
    yield ("CLM", claim.control, f"{claim.charge}", "", "", place, "Y", "A", "Y", "Y")
    yield ("HI", *(f"{'ABF' if at else 'ABK'}:{code}" for at, code in enumerate(claim.diagnoses)))
    if claim.rendering_npi:
        yield ("NM1", "82", "1", "REYES", "CARMEN", "", "", "", "XX", claim.rendering_npi)
    for line in claim.lines:
        yield from _line(claim, line)


def _line(claim: Claim, line: Line) -> Iterator[Segment]:
    procedure = ":".join(("HC", line.hcpcs, *line.modifiers))
    pointers = ":".join(str(one) for one in line.pointers)
    yield ("LX", f"{line.number}")
    yield ("SV1", procedure, f"{line.charge}", "UN", f"{line.units}", "", "", pointers)
    if line.certificate:
        yield ("PWK", "CT", "AD")
        yield ("CR3", "I", "MO", "99")
    yield ("DTP", "472", "RD8", f"{day(line.first)}-{day(line.last)}")
    if line.certificate:
        yield ("DTP", "463", "D8", day(line.certificate.signed_on))
        yield ("DTP", "461", "D8", day(line.certificate.signed_on))
    yield ("REF", "6R", f"{claim.control}L{line.number}")
    yield from _doctor(claim.doctor)
    if line.certificate:
        yield from _certificate(line.certificate)


def _doctor(doctor: Doctor) -> Iterator[Segment]:
    yield ("NM1", "DK", "1", doctor.last, doctor.first, "", "", "", "XX", doctor.npi)


def _certificate(certificate: Certificate) -> Iterator[Segment]:
    yield ("LQ", "UT", certificate.form)
    for question, answer in certificate.answers:
        place = {"Y": (answer,), "N": (answer,)}.get(answer, ("", answer))
        yield ("FRM", question, *place)
