"""A state programme's advice: labelled facts above each claim's lines, reasons by code only, `-12.00`."""

from collections.abc import Sequence

from reportlab.lib import colors
from reportlab.lib.pagesizes import letter
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import CondPageBreak, Flowable, LongTable, Paragraph, Spacer, Table, TableStyle

from payerbots.sandbox.eob.book import Adjustment, Check, Claim, Line, Options, sum_of
from payerbots.sandbox.eob.money import leading
from payerbots.sandbox.eob.paper import Layout

PLAIN = ParagraphStyle("plain", fontName="Helvetica", fontSize=8, leading=9.6)
LABEL = ParagraphStyle("label", parent=PLAIN, fontName="Helvetica-Oblique")
HEAVY = ParagraphStyle("heavy", parent=PLAIN, fontName="Helvetica-Bold", fontSize=9, leading=12)
WIDTHS = (24, 116, 44, 58, 36, 64, 64, 64, 52, 58)
HEADINGS = (
    "LN", "DATES OF SERVICE", "PROC", "MODS", "UNITS", "BILLED", "ALLOWED", "PAID", "REASON", "REDUCED",
)  # fmt: skip
KIND = {"1": "ORIGINAL", "2": "CROSSOVER", "22": "VOID"}
METHOD = {"CHK": "WARRANT", "ACH": "EFT", "NON": "ZERO PAY"}
ROWS = TableStyle(
    [
        ("FONT", (0, 0), (-1, 0), "Helvetica-Bold", 7.5, 9),
        ("FONT", (0, 1), (-1, -1), "Helvetica", 8, 9.6),
        ("LINEBELOW", (0, 0), (-1, 0), 0.6, colors.black),
        ("ALIGN", (4, 0), (7, -1), "RIGHT"),
        ("ALIGN", (9, 0), (9, -1), "RIGHT"),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 3),
        ("RIGHTPADDING", (0, 0), (-1, -1), 3),
        ("TOPPADDING", (0, 0), (-1, -1), 1.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
    ]
)
FACTS = TableStyle(
    [
        ("FONT", (0, 0), (-1, -1), "Helvetica", 8, 9.6),
        ("BACKGROUND", (0, 0), (-1, -1), colors.HexColor("#eeeeee")),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 3),
        ("TOPPADDING", (0, 0), (-1, -1), 1.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5),
    ]
)


def _story(check: Check, options: Options) -> Sequence[Flowable]:
    story: list[Flowable] = []
    for claim in check.claims:
        story += [CondPageBreak(100), *_claim(claim, options), Spacer(1, 10)]
    return [*story, *_moved(check), *_totals(check)]


def _claim(claim: Claim, options: Options) -> list[Flowable]:
    name = f"{claim.first} {claim.middle} {claim.last}".replace("  ", " ")
    facts: list[list[object]] = [
        [_l("RECIPIENT:"), _p(name), _l("RECIPIENT ID:"), _p(claim.member)],
        [_l("TCN:"), _p(claim.number), _l("PATIENT ACCT:"), _p(claim.control)],
        [_l("CLAIM TYPE:"), _p(KIND[claim.status]), _l("CLAIM BILLED:"), _p(leading(claim.charge))],
        ["", "", _l("CLAIM PAID:"), _p(leading(claim.paid))],
    ]
    rows: list[list[str]] = [
        list(HEADINGS),
        *(row for place, line in enumerate(claim.lines, 1) for row in _rows(place, line)),
    ]
    table = LongTable(rows, colWidths=WIDTHS, repeatRows=1 if options.repeat_header else 0, style=ROWS)
    return [Table(facts, colWidths=(70, 170, 84, 256), style=FACTS), Spacer(1, 2), table]


def _rows(place: int, line: Line) -> list[list[str]]:
    first, more = (line.adjustments[0] if line.adjustments else None), line.adjustments[1:]
    row = [
        str(place),
        f"{line.first:%m-%d-%Y} - {line.last:%m-%d-%Y}",
        line.procedure,
        " ".join(line.modifiers),
    ]
    row += [str(line.units), leading(line.charge), leading(line.allowed), leading(line.paid), *_cut(first)]
    rows = [row, *([""] * 8 + _cut(one) for one in more)]
    if line.remarks:
        rows.append(["", f"REMARK {' '.join(line.remarks)}", *[""] * 8])
    return rows


def _cut(one: Adjustment | None) -> list[str]:
    return [f"{one.group}-{one.code}", leading(one.amount)] if one else ["", ""]


def _moved(check: Check) -> list[Flowable]:
    if not check.adjustments:
        return []
    rows = [[a.code, f"REF {a.reference}", leading(a.amount)] for a in check.adjustments]
    table = Table(rows, colWidths=(60, 180, 340), style=ROWS)
    table.setStyle(TableStyle([("FONT", (0, 0), (-1, -1), "Helvetica", 8, 9.6)]))
    table.setStyle(TableStyle([("LINEBELOW", (0, 0), (-1, 0), 0, colors.white)]))
    return [
        CondPageBreak(40 + 14 * len(rows)),
        Paragraph("FINANCIAL TRANSACTIONS", HEAVY),
        table,
        Spacer(1, 8),
    ]


def _totals(check: Check) -> list[Flowable]:
    rows: list[list[object]] = [
        [_l("TOTAL CLAIMS:"), _p(str(check.counted)), _l("TOTAL FINANCIAL:"), _p(leading(check.moved))],
        [_l("TOTAL BILLED:"), _p(leading(sum_of(check.claims, "charge"))), "", ""],
        [
            _l("TOTAL PAID:"),
            _p(leading(sum_of(check.claims, "paid"))),
            _l("NET AMOUNT:"),
            _p(leading(check.amount)),
        ],
    ]
    return [
        CondPageBreak(70),
        Paragraph("REMITTANCE TOTALS", HEAVY),
        Table(rows, colWidths=(80, 160, 96, 244), style=FACTS),
    ]


def _p(text: str) -> Paragraph:
    return Paragraph(text, PLAIN)


def _l(text: str) -> Paragraph:
    return Paragraph(text, LABEL)


def _furniture(canvas: Canvas, check: Check, first: bool, _: Options) -> None:
    width, height = letter
    canvas.setFont("Helvetica-Bold", 12 if first else 9)
    canvas.drawString(16, height - 34, check.payer.upper())
    canvas.setFont("Helvetica", 9)
    canvas.drawRightString(width - 16, height - 34, "REMITTANCE ADVICE")
    canvas.line(16, height - 40, width - 16, height - 40)
    facts = (
        (("PROVIDER:", check.payee), ("RA NUMBER:", check.number)),
        (("NPI:", check.npi), ("RA DATE:", f"{check.date:%m-%d-%Y}")),
        (("METHOD:", METHOD[check.method]), ("RA AMOUNT:", leading(check.amount))),
    )
    for row, pairs in enumerate(facts if first else facts[:1]):
        for (label, value), x in zip(pairs, (16, 380), strict=True):
            canvas.drawString(x, height - 56 - 13 * row, label)
            canvas.drawString(x + 74, height - 56 - 13 * row, value)
    canvas.setFont("Helvetica", 7)
    canvas.drawCentredString(width / 2, 20, f"PAGE: {canvas.getPageNumber()}")


MEDICAID = Layout(
    name="medicaid",
    payer="State Medical Assistance Program",
    size=letter,
    margins=(16, 16, 100, 40),
    later_top=70,
    story=_story,
    furniture=_furniture,
)
