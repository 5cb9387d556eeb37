"""A commercial payer's explanation: coloured heading, a ruled table for each claim, `$1,234.56` and `($12.00)`."""

from collections.abc import Sequence

from reportlab.lib import colors
from reportlab.lib.pagesizes import letter
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import CondPageBreak, Flowable, LongTable, Paragraph, Spacer, Table, TableStyle

from payerbots.sandbox.eob.book import ZERO, Adjustment, Check, Claim, Line, Options, sum_of
from payerbots.sandbox.eob.money import dollars, or_blank
from payerbots.sandbox.eob.paper import Layout

TEAL, PALE, RULE = colors.HexColor("#0f5f6b"), colors.HexColor("#e4f0f1"), colors.HexColor("#9fb9bd")
SMALL = ParagraphStyle("small", fontName="Helvetica", fontSize=7.5, leading=9)
BOLD = ParagraphStyle("bold", parent=SMALL, fontName="Helvetica-Bold")
TITLE = ParagraphStyle("title", parent=BOLD, fontSize=10, leading=14, textColor=TEAL)
OWN = (("CO", "45"), ("PR", "1"), ("PR", "3"), ("PR", "2"))
WIDTHS = (42, 42, 32, 24, 50, 50, 50, 44, 40, 44, 50, 32, 30, 46)
HEADINGS = (
    "Service\nfrom", "Service\nto", "Proc.", "Mod.", "Amount\nbilled", "Amount\nallowed", "Network\ndiscount",
    "Deduct-\nible", "Copay", "Coinsur-\nance", "Other\nreduction", "Reason", "Notes", "Amount\npaid",
)  # fmt: skip
STATUS = {"1": "Paid as primary", "2": "Paid as secondary", "22": "Reversal of prior claim"}
METHOD = {"CHK": "Paper check", "ACH": "Direct deposit", "NON": "No payment due", "CARD": "Virtual card"}
NOTES = {
    "M3": "A similar item is on file.",
    "N115": "A local coverage rule was applied; it can be asked for at the address on the first page.",
    "N130": "See the plan's own list of benefits for limits of this service, or call the plan before billing.",
}
RULED = TableStyle(
    [
        ("GRID", (0, 0), (-1, -1), 0.4, RULE),
        ("BACKGROUND", (0, 0), (-1, 0), PALE),
        ("FONT", (0, 0), (-1, 0), "Helvetica-Bold", 7, 8.4),
        ("FONT", (0, 1), (-1, -1), "Helvetica", 7, 8.4),
        ("FONT", (0, -1), (-1, -1), "Helvetica-Bold", 7, 8.4),
        ("ALIGN", (4, 0), (-1, -1), "RIGHT"),
        ("ALIGN", (11, 0), (12, -1), "LEFT"),
        ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
        ("VALIGN", (0, 1), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 3),
        ("RIGHTPADDING", (0, 0), (-1, -1), 3),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
    ]
)
FACTS = TableStyle(
    [
        ("FONT", (0, 0), (-1, -1), "Helvetica", 7.5, 9),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 1),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
    ]
)


def _story(check: Check, options: Options) -> Sequence[Flowable]:
    story: list[Flowable] = []
    for claim in check.claims:
        story += [CondPageBreak(130), *_claim(claim, options), Spacer(1, 12)]
    return [*story, CondPageBreak(150), *_summary(check), *_notes(check)]


def _claim(claim: Claim, options: Options) -> list[Flowable]:
    facts: list[list[object]] = [
        [_b("Patient name:"), _p(claim.name), _b("Claim number:"), _p(claim.number)],
        [_b("Member ID:"), _p(claim.member), _b("Patient account:"), _p(claim.control)],
        [_b("Claim status:"), _p(STATUS[claim.status]), "", ""],
    ]
    rows: list[list[str]] = [
        list(HEADINGS),
        *(row for line in claim.lines for row in _rows(line)),
        _total(claim),
    ]
    table = LongTable(rows, colWidths=WIDTHS, repeatRows=1 if options.repeat_header else 0, style=RULED)
    return [Table(facts, colWidths=(70, 190, 80, 236), style=FACTS, hAlign="LEFT"), Spacer(1, 3), table]


def _rows(line: Line) -> list[list[str]]:
    cuts = line.others(*OWN)
    first, more = (cuts[0] if cuts else None), cuts[1:]
    row = [f"{line.first:%m/%d/%Y}", f"{line.last:%m/%d/%Y}", line.procedure, "\n".join(line.modifiers)]
    row += [dollars(line.charge), dollars(line.allowed)]
    row += [or_blank(dollars(line.cut(*own)), line.cut(*own)) for own in OWN]
    last = [
        dollars(first.amount) if first else "",
        _reason(first),
        "\n".join(line.remarks),
        dollars(line.paid),
    ]
    return [[*row, *last], *([""] * 10 + [dollars(one.amount), _reason(one), "", ""] for one in more)]


def _reason(one: Adjustment | None) -> str:
    return f"{one.group} {one.code}" if one else ""


def _total(claim: Claim) -> list[str]:
    others = sum((a.amount for line in claim.lines for a in line.others(*OWN)), ZERO)
    amounts = [claim.charge, sum_of(claim.lines, "allowed"), *(claim.cut(*own) for own in OWN), others]
    return ["Claim total", "", "", "", *(dollars(one) for one in amounts), "", "", dollars(claim.paid)]


def _summary(check: Check) -> list[Flowable]:
    rows = [
        ("Claims in this payment", str(check.counted)),
        ("Total billed", dollars(sum_of(check.claims, "charge"))),
        ("Total paid on claims", dollars(sum_of(check.claims, "paid"))),
        ("Total account adjustments", dollars(-check.moved)),
        ("Net payment", dollars(check.amount)),
    ]
    cells = [[_b(label), _p(value)] for label, value in rows]
    return [*_moved(check), _t("Payment summary"), Table(cells, colWidths=(160, 416), style=FACTS)]


def _moved(check: Check) -> list[Flowable]:
    """Money taken stands in brackets: the sign is the check's, not the adjustment's."""
    if not check.adjustments:
        return []
    words = {"WO": "Overpayment recovery", "FB": "Balance forward", "L6": "Interest"}
    rows = [[_p(words[a.code]), _p(a.reference), _p(dollars(-a.amount))] for a in check.adjustments]
    return [_t("Account adjustments"), Table(rows, colWidths=(160, 160, 256), style=FACTS), Spacer(1, 6)]


def _notes(check: Check) -> list[Flowable]:
    used = sorted({code for claim in check.claims for line in claim.lines for code in line.remarks})
    rows = [[_b(code), _p(NOTES.get(code, "See the plan's list."))] for code in used]
    return (
        [_t("What the codes mean"), Table(rows, colWidths=(60, 230), style=FACTS, hAlign="LEFT")]
        if rows
        else []
    )


def _p(text: str) -> Paragraph:
    return Paragraph(text, SMALL)


def _b(text: str) -> Paragraph:
    return Paragraph(text, BOLD)


def _t(text: str) -> Paragraph:
    return Paragraph(text, TITLE)


def _furniture(canvas: Canvas, check: Check, first: bool, _: Options) -> None:
    width, height = letter
    deep = 44 if first else 24
    canvas.setFillColor(TEAL)
    canvas.rect(0, height - deep, width, deep, stroke=0, fill=1)
    canvas.setFillColor(colors.white)
    canvas.setFont("Helvetica-Bold", 15 if first else 9)
    canvas.drawString(18, height - deep + (15 if first else 8), check.payer)
    canvas.setFont("Helvetica", 9)
    canvas.drawRightString(width - 18, height - deep + (15 if first else 8), "Explanation of Payment")
    if first:
        _addressed(canvas, check, height - 66)
    canvas.setFillColor(colors.grey)
    canvas.setFont("Helvetica", 7)
    canvas.drawString(18, 22, f"{check.payer} - this is not a bill. Keep it with your records.")
    canvas.drawRightString(width - 18, 22, f"Page {canvas.getPageNumber()}")


def _addressed(canvas: Canvas, check: Check, top: float) -> None:
    left = (
        ("Pay to:", check.payee),
        ("", "1200 Workshop Road"),
        ("", "Springfield OH 45501"),
        ("NPI:", check.npi),
    )
    right = (
        ("Payment number:", check.number),
        ("Payment date:", f"{check.date:%B} {check.date.day}, {check.date:%Y}"),
        ("Payment type:", METHOD[check.method]),
        ("Payment amount:", dollars(check.amount)),
    )
    canvas.setFillColor(colors.black)
    for place, ((ours, our), (theirs, their)) in enumerate(zip(left, right, strict=True)):
        for x, gap, label, value in ((18, 40, ours, our), (350, 84, theirs, their)):
            canvas.setFont("Helvetica-Bold", 8.5)
            canvas.drawString(x, top - 13 * place, label)
            canvas.setFont("Helvetica", 8.5)
            canvas.drawString(x + gap, top - 13 * place, value)


COMMERCIAL = Layout(
    name="commercial",
    payer="Northwind Mutual Health",
    size=letter,
    margins=(18, 18, 132, 44),
    later_top=44,
    story=_story,
    furniture=_furniture,
)
