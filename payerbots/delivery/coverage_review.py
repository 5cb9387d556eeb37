"""Eligibility items as a biller decides on them: whose they are, what was asked, and corrected requests."""

from collections.abc import Mapping
from datetime import date

from payerbots.delivery.coverage_rows import Row, asked_payer, patient_of
from payerbots.documents.workbook.records import BadRow
from payerbots.documents.workbook.requests import request_of
from payerbots.domain.coverage import CoverageRequest
from payerbots.domain.coverage_detail import detail
from payerbots.engine.contract import Correcting, Described
from payerbots.errors import CorrectionRefused

_TITLES = {
    "payer": "Payer",
    "member_id": "Member ID",
    "last_name": "Last name",
    "first_name": "First name",
    "birth_date": "Birth date",
    "service_date": "Service date",
    "hcpcs": "HCPCS",
    "npi": "NPI",
}
"""The fields that a person may correct, and their titles."""
_KEPT = ("order", "account", "branch", "acquisition")


def describe(row: Row) -> Described:
    """Whose an item is, what is wrong with it, and what was asked."""
    known = _known(row)
    if row.unreadable is not None:
        patient, said = row.unreadable.known.get("patient", ""), row.unreadable.sentence()
    else:
        patient = patient_of(row.request) if row.request else ""
        said = (detail(row.reason, row.answer) if row.reason else None) or row.note
    return Described(
        patient=patient,
        payer=asked_payer(row) or "",
        account=known.get("account", ""),
        order=known.get("order", ""),
        detail=said,
        asked={title: _shown(known.get(name, "")) for name, title in _TITLES.items()},
    )


def correct(row: Row, values: Mapping[str, object], known: Correcting) -> CoverageRequest:
    """The request with corrected values. `CorrectionRefused` names the field that cannot be used."""
    cells: dict[str, object] = dict(_known(row))
    names = {title: name for name, title in _TITLES.items()}
    for title, value in values.items():
        if title not in names:
            raise CorrectionRefused(title, f"nothing: fields that can be corrected are {', '.join(names)}")
        cells[names[title]] = value
    found = request_of(cells, known.payers, today=known.day)
    if isinstance(found, BadRow):
        fault = found.faults[0]
        raise CorrectionRefused(_TITLES.get(fault.header, fault.header), fault.expected)
    return found.request


def _known(row: Row) -> dict[str, str]:
    """What was asked, or could be read of it, as text by field; dates in ISO form."""
    if row.unreadable is not None:
        known = dict(row.unreadable.known)
        last, _, first = known.pop("patient", "").partition(", ")
        return known | {name: value for name, value in (("last_name", last), ("first_name", first)) if value}
    request = row.request
    if request is None:
        return {}
    values = {name: getattr(request, name) for name in (*_TITLES, *_KEPT)}
    return {name: _text(value) for name, value in values.items() if value}


def _text(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return " ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _shown(text: str) -> str:
    """Dates as a biller writes them."""
    try:
        return f"{date.fromisoformat(text):%m/%d/%Y}"
    except ValueError:
        return text
