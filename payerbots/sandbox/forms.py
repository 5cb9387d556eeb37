"""Reads the inquiry forms, and says beside each field what is wrong with it."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from payerbots.sandbox import payer
from payerbots.sandbox.payer import Question
from payerbots.sandbox.records import Program

if TYPE_CHECKING:
    from payerbots.sandbox.records import Organisation, Provider

SERVICE_TYPES = {
    "12": "12 - DME purchase",
    "18": "18 - DME rental",
    "11": "11 - Used DME",
    "30": "30 - Plan summary",
}
PROGRAMS = {Program.COMMERCIAL: "Summit Health Plan", Program.MEDICARE: "Medicare"}
DATE = re.compile(r"(\d{2})/(\d{2})/(\d{4})")
HCPCS = re.compile(r"[A-Z]\d{4}")


@dataclass
class Checked:
    """What was typed, cleaned where that is harmless, and the complaints by field name."""

    values: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)
    question: Question | None = None
    provider: Provider | None = None


def eligibility(values: dict[str, str], organisation: Organisation, today: date) -> Checked:
    """Check the eligibility form; `question` is set if nothing is wrong."""
    checked = Checked(values)
    program = _program(checked)
    member_id = _member_id(checked, program) if values.get("member_id") else ""
    if not member_id and not (values.get("last_name") and values.get("first_name")):
        checked.errors.setdefault("member_id", "Enter a member ID, or a last name and a first name.")
    born, on = _birth(checked, today), _service(checked, program, today)
    if values.get("service_type") not in SERVICE_TYPES:
        checked.errors["service_type"] = "Select a service type."
    checked.provider = organisation.provider(values.get("provider", ""))
    if checked.provider is None:
        checked.errors["provider"] = "Select a provider."
    if program and born and on and not checked.errors:
        checked.question = Question(
            organisation=organisation,
            program=program,
            member_id=member_id,
            born=born,
            on=on,
            last=values.get("last_name", ""),
            first=values.get("first_name", ""),
        )
    return checked


def by_item(values: dict[str, str], organisation: Organisation, today: date) -> Checked:
    """Check the forms that ask by HCPCS; the program follows from the shape of the member ID."""
    checked = Checked(values)
    text = re.sub(r"[\s-]", "", values.get("member_id", "")).upper()
    program = Program.COMMERCIAL if text.isdigit() else Program.MEDICARE
    member_id = _member_id(checked, program)
    born, on = _birth(checked, today), _service(checked, program, today)
    hcpcs = values.get("hcpcs", "").upper()
    if not HCPCS.fullmatch(hcpcs):
        checked.errors["hcpcs"] = "Enter one HCPCS code, such as E0601."
    if born and on and not checked.errors:
        checked.question = Question(
            organisation=organisation, program=program, member_id=member_id, born=born, on=on
        )
        checked.values = {**values, "hcpcs": hcpcs}
    return checked


def us_date(day: date | None) -> str:
    """MM/DD/YYYY."""
    return f"{day:%m/%d/%Y}" if day else ""


def _program(checked: Checked) -> Program | None:
    value = checked.values.get("program", "")
    if value in set(Program):
        return Program(value)
    checked.errors["program"] = "Select a coverage program."
    return None


def _member_id(checked: Checked, program: Program | None) -> str:
    text = re.sub(r"[\s-]", "", checked.values.get("member_id", "")).upper()
    if program and not payer.is_member_id(program, text):
        checked.errors["member_id"] = (
            "Enter a valid Medicare number" if program is Program.MEDICARE else "Member ID must be 9 digits"
        )
    return text


def _date(checked: Checked, name: str, label: str) -> date | None:
    match = DATE.fullmatch(checked.values.get(name, ""))
    if match:
        with suppress(ValueError):
            return date(int(match[3]), int(match[1]), int(match[2]))
    checked.errors[name] = f"{label} must be MM/DD/YYYY"
    return None


def _birth(checked: Checked, today: date) -> date | None:
    born = _date(checked, "date_of_birth", "Date of birth")
    if born and born > today:
        checked.errors["date_of_birth"] = "Date of birth cannot be in the future"
    return born


def _service(checked: Checked, program: Program | None, today: date) -> date | None:
    on = _date(checked, "date_of_service", "Date of service")
    if on and program:
        first, last = payer.window(program, today)
        if not first <= on <= last:
            checked.errors["date_of_service"] = (
                f"Date of service must be within {us_date(first)} and {us_date(last)}"
            )
    return on
