"""What an EOB says, before it is on paper: checks, their claims, the lines of those."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

ZERO = Decimal("0.00")


@dataclass(frozen=True, kw_only=True)
class Adjustment:
    """Why a line was cut, in dollars: CO the supplier's, PR the patient's, OA, PI; `code` as payers number it."""

    group: str
    code: str
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class Line:
    """One service. Amounts are dollars; a reversal's are negative."""

    first: date
    last: date
    procedure: str
    modifiers: tuple[str, ...] = ()
    units: int = 1
    charge: Decimal
    allowed: Decimal
    paid: Decimal
    adjustments: tuple[Adjustment, ...] = ()
    remarks: tuple[str, ...] = ()
    control: str = ""
    """The supplier's own number of the line, as it was sent with the claim."""
    units_paid: int | None = None
    """How many units were paid, where that differs from those billed."""
    denied: str = ""
    """Why the whole line, or some of its units, was denied: a code such as DENIED_AUTH; empty when it was not."""

    def cut(self, group: str, code: str) -> Decimal:
        """The amount under one code, 0 when there is none."""
        return sum((a.amount for a in self.adjustments if (a.group, a.code) == (group, code)), ZERO)

    def others(self, *named: tuple[str, str]) -> tuple[Adjustment, ...]:
        """The adjustments under no code of `named`: those that have no column of their own."""
        return tuple(a for a in self.adjustments if (a.group, a.code) not in named)


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One claim; `total_charge` and `total_paid` replace the true sums on paper."""

    last: str
    first: str
    middle: str = ""
    member: str
    control: str
    """The supplier's own number."""
    number: str
    """The payer's."""
    status: str = "1"
    """1 primary, 2 secondary, 19 primary and forwarded, 22 reversal."""
    lines: tuple[Line, ...]
    total_charge: Decimal | None = None
    total_paid: Decimal | None = None
    corrected_member: str = ""
    """The member's right number, where the payer found that the claim had a wrong one."""
    crossover: tuple[str, str] | None = None
    """Name and ID of the payer that the claim was sent on to."""
    received: date | None = None
    """When the payer got the claim."""
    remarks: tuple[str, ...] = ()
    """Remark codes of the claim itself; only an 835 has them."""

    @property
    def name(self) -> str:
        """`LAST, FIRST MIDDLE`."""
        return f"{self.last}, {self.first} {self.middle}".rstrip()

    @property
    def charge(self) -> Decimal:
        """What the paper says was charged."""
        return self.total_charge if self.total_charge is not None else sum_of(self.lines, "charge")

    @property
    def paid(self) -> Decimal:
        """What the paper says was paid."""
        return self.total_paid if self.total_paid is not None else sum_of(self.lines, "paid")

    def cut(self, group: str, code: str) -> Decimal:
        """The lines' amounts under one code."""
        return sum((line.cut(group, code) for line in self.lines), ZERO)


@dataclass(frozen=True, kw_only=True)
class ProviderAdjustment:
    """Money moved outside of claims: a positive amount lowers the check."""

    code: str
    """WO recovery, FB balance carried forward, L6 interest, CS other."""
    reference: str
    amount: Decimal
    claim: str = ""
    """The supplier's own number of the claim it is about; empty when nobody can tell."""


@dataclass(frozen=True, kw_only=True)
class Check:
    """One payment. `method` is CHK, ACH, FWT (wire), NON or CARD; `claim_count` replaces the true count on paper."""

    number: str
    date: date
    payer: str
    payee: str
    npi: str
    amount: Decimal
    method: str = "CHK"
    claims: tuple[Claim, ...] = ()
    adjustments: tuple[ProviderAdjustment, ...] = ()
    claim_count: int | None = None

    @property
    def counted(self) -> int:
        """How many claims the paper says there are."""
        return len(self.claims) if self.claim_count is None else self.claim_count

    @property
    def moved(self) -> Decimal:
        """The provider adjustments' sum."""
        return sum((one.amount for one in self.adjustments), ZERO)


@dataclass(frozen=True, kw_only=True)
class Options:
    """How the paper comes out: pages are counted from 1."""

    repeat_header: bool = True
    """A table that goes on overleaf shows its headings again."""
    rotate: int = 0
    """/Rotate of every page, in degrees."""
    upright: bool = False
    """With `rotate` 90: the text is drawn sideways, so that the turned page reads upright."""
    scanned: frozenset[int] = frozenset()
    """Pages that are a picture of themselves, without text."""


def sum_of(things: Sequence[Line] | Sequence[Claim], field: str) -> Decimal:
    """The sum of an amount over lines or claims."""
    return sum((getattr(one, field) for one in things), ZERO)
