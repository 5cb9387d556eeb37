"""The columns of the posting workbook, sheet by sheet, in the order of the rows' fields."""

from payerbots.documents.workbook.look import GRAPHITE, SLATE, TEAL, Heading, Kind, Value
from payerbots.documents.workbook.tables import Column
from payerbots.domain.denial_work import DenialWork

_D, _M, _N, _T, _W = Kind.DATE, Kind.MONEY, Kind.NUMBER, Kind.TEXT, Kind.WRAPPED


def _column(header: str, width: float, kind: Kind = _T, colour: str = SLATE) -> Column:
    return Column(heading=Heading(header=header, width=width, kind=kind, colour=colour))


def _sum(header: str, colour: str = SLATE, width: float = 12) -> Column:
    return Column(heading=Heading(header=header, width=width, kind=_M, colour=colour), total=True)


def _other(place: int) -> tuple[Column, Column, Column]:
    return (
        _column(f"Other {place} group", 8, colour=GRAPHITE),
        _column(f"Other {place} CARC", 8, colour=GRAPHITE),
        _sum(f"Other {place} amount", GRAPHITE, 11),
    )


PAYMENTS = (
    _column("Batch", 28, colour=TEAL),
    _column("Deposit ID", 28, colour=TEAL),
    _column("Deposit date", 12, _D, TEAL),
    _column("Payer", 26),
    _column("TRN02 (trace or check)", 20),
    _column("TRN03 (payer ID)", 13),
    _column("Method", 8),
    _column("Payment date", 12, _D),
    Column(heading=Heading(header="Claims", width=8, kind=_N), total=True),
    Column(heading=Heading(header="Lines", width=8, kind=_N), total=True),
    _sum("Charge", width=14),
    _sum("Claims paid", width=14),
    _sum("Provider adjustments", width=13),
    _sum("Payment", TEAL, 14),
    _column("How its money was found", 48, _W, TEAL),
    _column("Form", 7, colour=GRAPHITE),
    _column("Portal", 14, colour=GRAPHITE),
    _column("Received", 12, _D, GRAPHITE),
    _column("File SHA-256", 20, colour=GRAPHITE),
    Column(
        heading=Heading(header="Difference", width=11, kind=_M, colour=GRAPHITE),
        total=True,
        formula="ROUND(L{row}-M{row}-N{row},2)",
    ),
)

LINES = (
    _column("Batch", 28, colour=TEAL),
    _column("Deposit ID", 28, colour=TEAL),
    _column("Deposit date", 12, _D, TEAL),
    _column("Payer", 24, colour=TEAL),
    _column("TRN02 (trace or check)", 18, colour=TEAL),
    _column("TRN03 (payer ID)", 13, colour=TEAL),
    _column("Method", 8, colour=TEAL),
    _column("Payment date", 12, _D, TEAL),
    _column("Payment total", 13, _M, TEAL),
    _column("File SHA-256", 14, colour=TEAL),
    _column("Claim control no.", 17),
    _column("Line control no.", 14),
    _column("Payer claim no.", 17),
    _column("Patient", 24),
    _column("Member ID", 15),
    _column("Corrected ID", 15),
    _column("Claim status", 8),
    _column("From", 12, _D),
    _column("To", 12, _D),
    _column("HCPCS", 9),
    _column("Modifiers", 12),
    _column("Original HCPCS", 11),
    _column("Units billed", 8, _N),
    _column("Units paid", 8, _N),
    _sum("Charge", TEAL),
    _sum("Allowed", TEAL),
    _sum("Paid", TEAL),
    _sum("Deductible", width=11),
    _sum("Coinsurance", width=12),
    _sum("Copay", width=11),
    _sum("Other PR", width=11),
    _sum("Contractual (45)", width=12),
    _sum("Sequestration (253)", width=13),
    *_other(1),
    *_other(2),
    *_other(3),
    *_other(4),
    _sum("Further (see Adjustments)", GRAPHITE, 13),
    _column("RARCs", 16, colour=GRAPHITE),
    _column("Crossover payer", 22, colour=GRAPHITE),
    _column("Action", 14, colour=TEAL),
    _column("Reversal of", 18, colour=TEAL),
    _column("Patient billable", 9, colour=TEAL),
    _column("Next payer", 22, colour=TEAL),
    _column("Row ID", 28, colour=TEAL),
)

ADJUSTMENTS = (
    _column("Row ID", 28, colour=TEAL),
    _column("Batch", 28, colour=TEAL),
    _column("Payer", 24),
    _column("TRN02 (trace or check)", 18),
    _column("Claim control no.", 17),
    _column("Patient", 24),
    _column("From", 12, _D),
    _column("HCPCS", 9),
    _column("Group", 8, colour=TEAL),
    _column("CARC", 8, colour=TEAL),
    _sum("Amount", TEAL),
    _column("Units", 8, _N),
    _column("What it says", 70, colour=GRAPHITE),
)

PROVIDER_ADJUSTMENTS = (
    _column("Batch", 28, colour=TEAL),
    _column("Payer", 24),
    _column("TRN02 (trace or check)", 18),
    _column("Payment date", 12, _D),
    _column("Provider", 13),
    _column("Code", 7, colour=TEAL),
    _column("Reference", 22),
    _sum("Amount (positive lowers the payment)", TEAL, 16),
    _column("Our claim", 17),
    _column("What it is", 38, _W, GRAPHITE),
    _column("What it means for the next payment", 38, _W, TEAL),
    _column("How to book it", 38, _W, TEAL),
    _column("Action", 9, colour=TEAL),
    _column("What to do", 30, _W, TEAL),
    _column("Row ID", 20, colour=GRAPHITE),
)

DENIALS = (
    _column("Band", 11, colour=TEAL),
    _column("Days left", 8, _N, TEAL),
    _column("Deadline", 12, _D, TEAL),
    _column("Why this deadline", 28, _W, TEAL),
    _column("Payer", 22, _W),
    _column("Patient", 22),
    _column("Claim no.", 16, _W),
    _column("Payer claim no.", 17, _W),
    _column("Service date", 12, _D),
    _column("HCPCS", 9),
    _column("Modifiers", 10),
    _column("CARC + RARC", 15, _W),
    _column("In plain words", 40, _W, GRAPHITE),
    _column("What to attach", 36, _W, GRAPHITE),
    _column("Next level", 22, _W, GRAPHITE),
    _sum("Dollars", TEAL),
    _sum("Rent at risk", TEAL),
    _column("Team", 13, colour=TEAL),
)

DEPOSITS = (
    _column("State", 12, colour=TEAL),
    _column("Until", 12, _D, TEAL),
    _column("Bank", 14),
    _column("Account", 9),
    _column("Day", 12, _D),
    _column("Kind", 10),
    _column("Bank reference", 22),
    _column("Payer", 26, _W),
    _column("Trace", 20),
    _column("Check no.", 13),
    _column("Lockbox batch", 11),
    _sum("Amount", TEAL, 14),
    _sum("Matched", TEAL, 14),
    _column("Batch", 28, colour=TEAL),
    _column("Why", 52, _W, TEAL),
    _column("File SHA-256", 20, colour=GRAPHITE),
    Column(
        heading=Heading(header="Open", width=13, kind=_M, colour=GRAPHITE),
        total=True,
        formula="ROUND(L{row}-M{row},2)",
    ),
)


def values_of_denial(row: DenialWork) -> tuple[Value, ...]:
    """A denial's cells under `DENIALS`: what it means and what to do about it are read together."""
    return (
        row.band,
        row.days_left,
        row.deadline,
        row.why,
        row.payer,
        row.patient,
        row.claim,
        row.payer_claim,
        row.service_date,
        row.hcpcs,
        row.modifiers,
        row.codes,
        f"{row.means} {row.do}".strip(),
        row.attach,
        row.next_level,
        row.dollars,
        row.rent_at_risk,
        row.team,
    )
