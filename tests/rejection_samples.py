"""Claims, rejections and what is known, as tests of rejections need them. The people are made up."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from payerbots.domain.coverage import Coverage, CoverageRequest
from payerbots.domain.payers import Payer, PayerBook
from payerbots.domain.rejection import Kind, Rejected, Said, SentClaim, SentLine
from payerbots.domain.rejection_corrections import Checked, Known
from payerbots.domain.rejection_rules import FILE, RejectionRules, load, status
from payerbots.domain.rejection_tables import Address, PayerFacts, PayerTable

ROOT = Path(__file__).parents[1]
TODAY = dt.date(2026, 11, 25)
SERVED = dt.date(2026, 11, 9)
BORN = dt.date(1948, 3, 2)
MEDICARE = PayerFacts(
    names=("MEDICARE DME",),
    ids=("MCRDME",),
    eligibility="Medicare",
    no_certificate_from=dt.date(2023, 1, 1),
    timely_filing_months=12,
)
CASCADE = PayerFacts(names=("CASCADE MUTUAL",), ids=("CASMU",), former_ids=("CMG01",))
ADDRESS = Address(
    name="Main", npi="1671694135", street="1400 Main Street", city="Millbrook", state="OH", zip="44114-1820"
)
BOOK = PayerBook((Payer(name="Medicare", portal="summit", payer_id="MCRDME", member_id="mbi"),))


def rules() -> RejectionRules:
    """The rules of this workspace."""
    return load(ROOT / FILE)


def said(text: str, line: int = 0) -> Said:
    """A status as a person writes it."""
    found = status(text)
    assert found is not None
    return replace(found, line=line)


def line(number: int = 1, *modifiers: str, **given: Any) -> SentLine:
    """A service line."""
    return SentLine(
        **{
            "number": number,
            "hcpcs": "E0601",
            "modifiers": modifiers,
            "first": SERVED,
            "last": SERVED,
            "charge": Decimal("118.40"),
            **given,
        }
    )


def claim(*lines: SentLine, **given: Any) -> SentClaim:
    """A claim to Medicare with nothing wrong in it but what is given."""
    return SentClaim(
        **{
            "control": "LHM1",
            "payer": "MEDICARE DME",
            "payer_id": "MCRDME",
            "sent": dt.date(2026, 11, 16),
            "charge": Decimal("118.40"),
            "service_date": SERVED,
            "filing_indicator": "MB",
            "member_id": "1EG4TE5MK7S",
            "patient": "QUILL, MARTHA A",
            "birth_date": BORN,
            "npi": ADDRESS.npi,
            "street": "1400 MAIN STREET",
            "city": "MILLBROOK",
            "state": "OH",
            "zip": "441141820",
            "referred_by": "TRAN, ADELE",
            "lines": lines or (line(1, "RR", "KH"),),
            **given,
        }
    )


def rejected(sent: SentClaim | None, *codes: Said, **given: Any) -> Rejected:
    """A rejection that stands in the worklist."""
    return Rejected(
        **{
            "kind": Kind.REJECTED,
            "control": sent.control if sent else "LHM1",
            "day": dt.date(2026, 11, 18),
            "codes": codes,
            "claim": sent,
            "payer": sent.payer if sent else "",
            "payer_id": sent.payer_id if sent else "",
            "charge": sent.charge if sent else None,
            "listed": True,
            "rejected_at": dt.datetime(2026, 11, 18, 9, 5, tzinfo=dt.UTC),
            **given,
        }
    )


def checked(*, asked: dict[str, Any] | None = None, at: dt.date = TODAY, **covered: Any) -> Checked:
    """An eligibility answer about the claim's patient: active, under another ID than the claim's."""
    request = CoverageRequest(
        **{
            "order": "O1",
            "account": "A1",
            "payer": "Medicare",
            "last_name": "Quill",
            "first_name": "Martha",
            "birth_date": BORN,
            "service_date": SERVED,
            "hcpcs": ("E0601",),
            "npi": ADDRESS.npi,
            **(asked or {}),
        }
    )
    coverage = Coverage(
        **{
            "active": True,
            "payer": "Medicare",
            "member_id": "1EG4TE5MK73",
            "part_b": True,
            "effective": dt.date(2013, 3, 1),
            **covered,
        }
    )
    moment = dt.datetime.combine(at, dt.time(6), dt.UTC)
    return Checked(request=request, coverage=coverage, at=moment)


def known(*answers: Checked, **given: Any) -> Known:
    """What corrections are proved with."""
    return Known(
        **{
            "payers": PayerTable((MEDICARE, CASCADE)),
            "addresses": (ADDRESS,),
            "checked": answers,
            "book": BOOK,
            "today": TODAY,
            **given,
        }
    )
