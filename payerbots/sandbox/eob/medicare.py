"""A dense notice in one typewriter face: a block of lines for each claim, its totals below, minus signs trail."""

from collections.abc import Sequence
from decimal import Decimal

from reportlab.lib.pagesizes import letter
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import CondPageBreak, Flowable, Preformatted

from payerbots.sandbox.eob.book import Adjustment, Check, Claim, Line, Options, sum_of
from payerbots.sandbox.eob.money import trailing
from payerbots.sandbox.eob.paper import Layout

SIZE, LEADING = 6.5, 8.4
TYPE = ParagraphStyle("typewriter", fontName="Courier", fontSize=SIZE, leading=LEADING)
OWN = (("PR", "1"), ("PR", "2"))
WIDE = 132
HEADINGS = (
    f"{'':14}{'SERVICE DATE':14}{'':4} {'':14}{'':>11}{'':>11}{'DEDUCT':>10}{'':>10}  {'':7}{'GRP/RC':>10} {'PROV':>11}  REMARK",
    f"{'':14}{'FROM':7}{'THRU':7}{'NOS':>4} {'PROC  MODS':14}{'BILLED':>11}{'ALLOWED':>11}{'AMT':>10}{'COINS':>10}  {'GRP/RC':7}{'AMT':>10} {'PD':>11}  CODES",
)
PLACES = {"1": "PROCESSED AS PRIMARY", "2": "PROCESSED AS SECONDARY", "22": "REVERSAL OF PREVIOUS PAYMENT"}


def _story(check: Check, _: Options) -> Sequence[Flowable]:
    blocks: list[Flowable] = []
    for claim in check.claims:
        blocks += [CondPageBreak(5 * LEADING), Preformatted("\n".join(_block(claim)), TYPE)]
    return [*blocks, CondPageBreak(14 * LEADING), Preformatted("\n".join(_end(check)), TYPE)]


def _block(claim: Claim) -> list[str]:
    name = _fold(claim.name, 28)
    head = f"NAME  {name[0]:28}  MBI {claim.member:14}  ACNT {claim.control:18}  ICN {claim.number:18}  ASG Y"
    rows = [head, *(f"      {more}" for more in name[1:]), f"      CLAIM STATUS {PLACES[claim.status]}"]
    for line in claim.lines:
        rows += _line(line)
    responsible = sum((claim.cut("PR", code) for code in ("1", "2", "3", "96")), Decimal(0))
    others = sum((a.amount for line in claim.lines for a in line.others(*OWN)), Decimal(0))
    return [
        *rows,
        (
            f"{'':14}{'CLAIM TOTALS':32} {trailing(claim.charge):>11}{trailing(sum_of(claim.lines, 'allowed')):>11}"
            f"{trailing(claim.cut('PR', '1')):>10}{trailing(claim.cut('PR', '2')):>10}  {'':7}{trailing(others):>10}"
            f" {trailing(claim.paid):>11}"
        ),
        f"{'':14}PT RESP {trailing(responsible):>10}",
        "-" * WIDE,
    ]


def _line(line: Line) -> list[str]:
    cuts = line.others(*OWN)
    first, more = (cuts[0] if cuts else None), cuts[1:]
    code = f"{line.procedure} {' '.join(line.modifiers)}"
    own = f"{trailing(line.cut('PR', '1')):>10}{trailing(line.cut('PR', '2')):>10}"
    return [
        f"{'':14}{line.first:%m%d%y} {line.last:%m%d%y} {line.units:>4} {code:14}"
        f"{trailing(line.charge):>11}{trailing(line.allowed):>11}{own}  {_cut(first)} {trailing(line.paid):>11}"
        f"  {' '.join(line.remarks)}".rstrip(),
        *(f"{'':91}{_cut(one)}" for one in more),
    ]


def _cut(one: Adjustment | None) -> str:
    return f"{one.group}-{one.code:4}{trailing(one.amount):>10}" if one else " " * 17


def _fold(text: str, width: int) -> list[str]:
    """The text on as many rows as it needs, broken between words."""
    rows = [""]
    for word in text.split():
        longer = f"{rows[-1]} {word}".strip()
        rows = [*rows[:-1], longer] if len(longer) <= width else [*rows, word]
    return rows


def _end(check: Check) -> list[str]:
    claims = check.claims
    totals = [sum_of(claims, "charge"), sum((sum_of(c.lines, "allowed") for c in claims), Decimal(0))]
    totals += [sum((c.cut(*own) for c in claims), Decimal(0)) for own in OWN]
    totals += [sum_of(claims, "paid"), check.moved, check.amount]
    names = (
        "BILLED AMT",
        "ALLOWED AMT",
        "DEDUCT AMT",
        "COINS AMT",
        "PROV-PD AMT",
        "PROV-ADJ AMT",
        "CHECK AMT",
    )
    return [
        "",
        "TOTALS:",
        f"{'# OF CLAIMS':>14}{''.join(f'{name:>15}' for name in names)}",
        f"{check.counted:>14}{''.join(f'{trailing(one):>15}' for one in totals)}",
        "",
        *_moved(check),
        "GLOSSARY: GROUP, REASON, MARK AND REMARK CODES",
        "CO       THE SUPPLIER'S OBLIGATION: THE PATIENT MAY NOT BE BILLED FOR THIS AMOUNT",
        "PR       THE PATIENT'S SHARE: THIS AMOUNT MAY BE BILLED TO THE PATIENT OR TO ANOTHER PAYER",
        "45       CHARGE ABOVE THE FEE SCHEDULE, OF WHICH 100.00 OR MORE MAY BE SHOWN ON SEPARATE ROWS",
    ]


def _moved(check: Check) -> list[str]:
    if not check.adjustments:
        return []
    return [
        "PROVIDER ADJ DETAILS:   PLB REASON CODE   FCN                      AMOUNT",
        *(f"{'':24}{a.code:18}{a.reference:20}{trailing(a.amount):>11}" for a in check.adjustments),
        "",
    ]


def _furniture(canvas: Canvas, check: Check, first: bool, options: Options) -> None:
    _, height = letter
    canvas.setFont("Courier-Bold", 10 if first else 8)
    canvas.drawString(36, height - 40, check.payer.upper())
    canvas.setFont("Courier", 7.5)
    canvas.drawRightString(
        576, height - 40, "MEDICARE REMITTANCE NOTICE" if first else f"CHECK # {check.number}"
    )
    rows = _address(check) if first else []
    text = canvas.beginText(36, height - 58)
    text.setLeading(10)
    text.textLines("\n".join(rows))
    canvas.drawText(text)
    if first or options.repeat_header:
        _headings(canvas, height - (118 if first else 60))
    canvas.setFont("Courier", 6.5)
    canvas.drawString(
        36, 26, "QUESTIONS ABOUT THIS NOTICE: USE THE SUPPLIER LINE PRINTED ON THE BACK OF THE CHECK"
    )
    canvas.drawRightString(576, 26, f"PAGE {canvas.getPageNumber()}")


def _address(check: Check) -> list[str]:
    paid_by = {"CHK": "CHECK", "ACH": "EFT", "NON": "NO PAYMENT"}[check.method]
    return [
        f"{check.payee.upper():60}  NPI #:       {check.npi}",
        f"{'1200 WORKSHOP ROAD':60}  DATE:        {check.date:%m/%d/%Y}",
        f"{'SPRINGFIELD OH 45501':60}  CHECK/EFT #: {check.number}",
        f"{'':60}  PAID BY:     {paid_by}",
        f"{'':60}  AMOUNT:      {trailing(check.amount)}",
    ]


def _headings(canvas: Canvas, top: float) -> None:
    canvas.setFont("Courier-Bold", SIZE)
    for place, heading in enumerate(HEADINGS):
        canvas.drawString(36, top - place * LEADING, heading)
    canvas.setLineWidth(0.6)
    canvas.line(36, top - 12, 576, top - 12)


MEDICARE = Layout(
    name="medicare",
    payer="Coastal Medicare DME Contractor",
    size=letter,
    margins=(36, 36, 138, 40),
    later_top=82,
    story=_story,
    furniture=_furniture,
)
