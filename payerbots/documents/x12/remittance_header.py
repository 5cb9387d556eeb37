"""What stands before and after the claims of an 835: the payment, its payer and payee, and PLB."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from payerbots.documents.x12.reader import SetStart
from payerbots.documents.x12.values import DAYS, STATED, ZERO, Unreadable, at
from payerbots.domain.remittance import PaymentHeader, ProviderAdjustment, Qualified

Refuse = Callable[[str, str], None]
"""Called with a tag or an element's place, and what is wrong with it."""


class _Party:
    """Payer (PR) or payee (PE)."""

    def __init__(self) -> None:
        self.name = ""
        self.identifiers: list[Qualified] = []
        self.address: list[str] = []
        self.contacts: list[str] = []

    def take(self, elements: list[str]) -> None:
        tag = elements[0]
        if tag == "REF":
            self.identifiers.append(Qualified(qualifier=at(elements, 1).upper(), value=at(elements, 2)))
        elif tag in {"N3", "N4"}:
            self.address += [part for part in elements[1:] if part]
        elif tag == "PER":
            self.contacts.append(" ".join(part for part in elements[2:] if part))


class Header:
    """Reads the segments from BPR to the first LX; `made` gives the payment's header."""

    def __init__(self, start: SetStart, refuse: Refuse) -> None:
        self._start = start
        self._refuse = refuse
        self._bpr: list[str] = []
        self._trace: list[str] = []
        self._produced: date | None = None
        self._references: list[Qualified] = []
        self._parties = {"PR": _Party(), "PE": _Party()}
        self._party: _Party | None = None

    @property
    def begun(self) -> bool:
        """Whether a BPR was read: another one begins another payment."""
        return bool(self._bpr)

    def take(self, elements: list[str]) -> None:
        """Reads one segment."""
        tag = elements[0]
        if tag == "BPR":
            self._bpr = elements
        elif tag == "TRN":
            self._trace = self._trace or elements
        elif tag == "DTM":
            self._produced = (
                self._day("DTM02", at(elements, 2)) if at(elements, 1) == "405" else self._produced
            )
        elif tag == "N1":
            self._party = self._parties.get(at(elements, 1).upper())
            self._name(elements)
        elif self._party is not None:
            self._party.take(elements)
        elif tag == "REF":
            self._references.append(Qualified(qualifier=at(elements, 1).upper(), value=at(elements, 2)))

    def _name(self, elements: list[str]) -> None:
        if self._party is not None:
            self._party.name = at(elements, 2)
            if at(elements, 4):
                identifier = Qualified(qualifier=at(elements, 3).upper(), value=at(elements, 4))
                self._party.identifiers.append(identifier)

    def made(self) -> PaymentHeader:
        """The header; what cannot be read is refused and left at nothing."""
        payer, payee, bpr = self._parties["PR"], self._parties["PE"], self._bpr
        if not bpr:
            self._refuse("BPR02", "there is no BPR: the payment's amount is unknown")
        return PaymentHeader(
            control=self._start.control,
            payer=payer.name,
            payer_id=at(self._trace, 3),
            payee=payee.name,
            payee_npi=_npi(payee.identifiers),
            trace=at(self._trace, 2),
            method=at(bpr, 4).upper(),
            amount=self._amount(bpr),
            date=self._day("BPR16", at(bpr, 16)),
            handling=at(bpr, 1).upper(),
            debit=at(bpr, 3).upper() == "D",
            produced=self._produced,
            payer_identifiers=tuple(payer.identifiers),
            payer_address=tuple(payer.address),
            payer_contacts=tuple(payer.contacts),
            payee_identifiers=tuple(payee.identifiers),
            payee_address=tuple(payee.address),
            references=tuple(self._references),
            receiver=at(list(self._start.isa), 8),
        )

    def _amount(self, bpr: list[str]) -> Decimal:
        try:
            return STATED[at(bpr, 2)] if bpr else ZERO
        except Unreadable as error:
            self._refuse("BPR02", f"BPR02 is {error}")
            return ZERO

    def _day(self, place: str, text: str) -> date | None:
        try:
            return DAYS[text] if text else None
        except Unreadable as error:
            self._refuse(place, f"{place} is {error}")
            return None


def _npi(identifiers: list[Qualified]) -> str:
    return next((each.value for each in identifiers if each.qualifier in {"XX", "HPI"}), "")


def provider_adjustments(elements: list[str], component: str, refuse: Refuse) -> list[ProviderAdjustment]:
    """The up to six adjustments of a PLB: reason code and reference in one composite, then the amount."""
    made: list[ProviderAdjustment] = []
    period = None
    try:
        period = DAYS[elements[2]] if at(elements, 2) else None
    except Unreadable as error:
        refuse("PLB02", f"PLB02 is {error}")
    for index in range(3, len(elements), 2):
        code, _, reference = elements[index].partition(component)
        amount = at(elements, index + 1)
        if not code and not amount:
            continue
        try:
            value = STATED[amount]
        except Unreadable as error:
            refuse("PLB", f"PLB{index + 1:02} is {error}")
            continue
        adjustment = ProviderAdjustment(
            code=code.strip().upper(),
            reference=reference.strip(),
            amount=value,
            provider=elements[1],
            period=period,
        )
        made.append(adjustment)
    return made
