"""A union fund's landscape list: one wide table, each line on its row with its claim's names, `(1,234.56)`."""

from collections.abc import Sequence

from reportlab.lib import colors
from reportlab.lib.pagesizes import landscape, letter
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import CondPageBreak, Flowable, LongTable, Paragraph, Spacer, Table, TableStyle

from payerbots.sandbox.eob.book import Check, Claim, Line, Options, sum_of
from payerbots.sandbox.eob.money import brackets, or_blank
from payerbots.sandbox.eob.paper import Layout

SHEET = landscape(letter)
CELL = ParagraphStyle("cell", fontName="Times-Roman", fontSize=7.5, leading=8.6)
HEAVY = ParagraphStyle("heavy", parent=CELL, fontName="Times-Bold", fontSize=9, leading=12)
OWN = (("CO", "45"), ("PR", "1"), ("PR", "2"), ("PR", "3"))
WIDTHS = (80, 54, 72, 60, 36, 46, 20, 46, 44, 42, 42, 38, 58, 46, 72)
HEADINGS = (
    "Patient", "Member No.", "Claim No.", "Your Acct.", "Service", "Code", "Qty", "Charge", "Fund\nReduction",
    "Deduct.", "Co-ins.", "Co-pay", "Other\nCode/Amount", "Benefit", "Remarks",
)  # fmt: skip
METHOD = {"CHK": "DRAFT", "ACH": "DIRECT CREDIT", "NON": "NONE"}
WORDS = {"WO": "Recovery", "FB": "Carried", "L6": "Interest"}
SAYS = {"M3": "similar item on file", "N115": "local rule applied", "N130": "limit of the plan reached"}
GRID = TableStyle(
    [
        ("LINEABOVE", (0, 0), (-1, 0), 1, colors.black),
        ("LINEBELOW", (0, 0), (-1, 0), 1, colors.black),
        ("LINEBELOW", (0, 1), (-1, -1), 0.25, colors.HexColor("#bbbbbb")),
        ("ROWBACKGROUNDS", (0, 1), (-1, -1), [colors.white, colors.HexColor("#f6f3ea")]),
        ("FONT", (0, 0), (-1, 0), "Times-Bold", 7.5, 8.6),
        ("FONT", (0, 1), (-1, -1), "Times-Roman", 7.5, 8.6),
        ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
        ("VALIGN", (0, 1), (-1, -1), "TOP"),
        ("ALIGN", (6, 0), (13, -1), "RIGHT"),
        ("ALIGN", (12, 0), (12, -1), "LEFT"),
        ("LEFTPADDING", (0, 0), (-1, -1), 3),
        ("RIGHTPADDING", (0, 0), (-1, -1), 3),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
    ]
)
FACE = TableStyle(
    [
        ("BOX", (0, 0), (-1, -1), 0.8, colors.black),
        ("LINEAFTER", (0, 0), (-2, -1), 0.4, colors.black),
        ("FONT", (0, 0), (-1, 0), "Times-Italic", 7.5, 9),
        ("FONT", (0, 1), (-1, 1), "Times-Bold", 9.5, 11),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
    ]
)


def _story(check: Check, options: Options) -> Sequence[Flowable]:
    rows: list[list[object]] = [[*HEADINGS]]
    for claim in check.claims:
        rows += [_row(claim, line) for line in claim.lines]
    rows.append(_totals(check))
    table = LongTable(rows, colWidths=WIDTHS, repeatRows=1 if options.repeat_header else 0, style=GRID)
    return [_face(check), Spacer(1, 12), table, *_moved(check), *_net(check)]


def _face(check: Check) -> Table:
    """Labels with their values below."""
    labels = ["Draft Number", "Draft Date", "Provider", "Provider NPI", "Paid By", "Draft Amount"]
    values = [check.number, f"{check.date:%d-%b-%Y}", check.payee, check.npi, METHOD[check.method]]
    return Table(
        [labels, [*values, brackets(check.amount)]], colWidths=(110, 90, 226, 110, 110, 110), style=FACE
    )


def _row(claim: Claim, line: Line) -> list[object]:
    others = "\n".join(f"{a.group}{a.code} {brackets(a.amount)}" for a in line.others(*OWN))
    remarks = "; ".join(f"{code} {SAYS.get(code, 'see list')}" for code in line.remarks)
    name = f"{claim.last} {claim.first} {claim.middle}".strip()
    return [
        Paragraph(name, CELL), claim.member, Paragraph(claim.number, CELL), claim.control, f"{line.first:%m/%d/%y}",
        "-".join((line.procedure, *line.modifiers[:1])), str(line.units), brackets(line.charge),
        *(or_blank(brackets(line.cut(*own)), line.cut(*own)) for own in OWN),
        others, brackets(line.paid), Paragraph(remarks, CELL),
    ]  # fmt: skip


def _totals(check: Check) -> list[object]:
    cut = [sum((claim.cut(*own) for claim in check.claims), sum_of((), "paid")) for own in OWN]
    amounts = [sum_of(check.claims, "charge"), *cut]
    paid = brackets(sum_of(check.claims, "paid"))
    return ["DRAFT TOTAL", "", "", "", "", "", "", *(brackets(one) for one in amounts), "", paid, ""]


def _moved(check: Check) -> list[Flowable]:
    if not check.adjustments:
        return []
    rows = [["Account activity", "Reference", "Taken"]]
    rows += [[WORDS[a.code], a.reference, brackets(a.amount)] for a in check.adjustments]
    plain = TableStyle(
        [("FONT", (0, 0), (-1, -1), "Times-Roman", 8, 9.5), ("FONT", (0, 0), (-1, 0), "Times-Bold", 8, 9.5)]
    )
    size = 20 + 15 * len(rows)
    table = Table(rows, colWidths=(110, 130, 80), style=plain, hAlign="LEFT")
    return [CondPageBreak(size + 20), Spacer(1, 8), table]


def _net(check: Check) -> list[Flowable]:
    text = f"Claims listed {check.counted} &nbsp;&nbsp;&nbsp; Net draft {brackets(check.amount)}"
    return [CondPageBreak(30), Spacer(1, 8), Paragraph(text, HEAVY)]


def _furniture(canvas: Canvas, check: Check, first: bool, _: Options) -> None:
    width, height = SHEET
    canvas.setFont("Times-Bold", 14 if first else 9)
    canvas.drawCentredString(width / 2, height - 36, check.payer)
    canvas.setFont("Times-Italic", 9)
    if first:
        canvas.drawCentredString(width / 2, height - 50, "Statement of Benefits Paid to Provider")
    canvas.setFont("Times-Roman", 7.5)
    canvas.drawString(18, 20, "Appeals: write to the Trustees within 180 days.")
    canvas.drawRightString(width - 18, 20, f"Sheet {canvas.getPageNumber()}")


UNION = Layout(
    name="union",
    payer="Harbor Trades Welfare Fund",
    size=SHEET,
    margins=(18, 18, 66, 36),
    later_top=48,
    story=_story,
    furniture=_furniture,
)
