"""The printed copy of an eligibility answer."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from reportlab.lib import colors
from reportlab.lib.pagesizes import letter
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.lib.units import inch
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from payerbots.sandbox import sheets

if TYPE_CHECKING:
    from payerbots.sandbox.sheets import Fact
    from payerbots.sandbox.state import Inquiry
    from payerbots.sandbox.wording import Wording

STYLES = getSampleStyleSheet()
NAVY = colors.HexColor("#12395b")
LINES = TableStyle(
    [
        ("LINEBELOW", (0, 0), (-1, -1), 0.25, colors.HexColor("#c9d4dc")),
        ("FONTSIZE", (0, 0), (-1, -1), 9),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
        ("TOPPADDING", (0, 0), (-1, -1), 3),
    ]
)


def answer(inquiry: Inquiry, words: Wording) -> bytes:
    """All tabs of an answer on paper."""
    buffer = io.BytesIO()
    document = SimpleDocTemplate(
        buffer,
        pagesize=letter,
        topMargin=0.7 * inch,
        bottomMargin=0.7 * inch,
        title="Eligibility inquiry",
        author="Summit Health Plan",
    )
    document.build(_story(inquiry, words))
    return buffer.getvalue()


def _story(inquiry: Inquiry, words: Wording) -> list[Flowable]:
    story: list[Flowable] = [
        Paragraph("Summit Health Plan - Eligibility inquiry", STYLES["Title"]),
        *_facts("Inquiry", [*sheets.echo(inquiry), *sheets.reference(inquiry)], words),
        *_facts("Coverage", [*sheets.coverage(inquiry), *sheets.entitlement(inquiry)], words),
    ]
    stays = sheets.stays(inquiry)
    for table in [*([stays] if stays else []), *sheets.benefits(inquiry, words)]:
        story += _table(table)
    story += _facts("Other coverage", sheets.other(inquiry), words)
    return [
        *story,
        Spacer(1, 12),
        Paragraph(
            "This is not a guarantee of payment. Benefits are determined when the claim is received.",
            STYLES["Italic"],
        ),
    ]


def _facts(title: str, facts: list[Fact], words: Wording) -> list[Flowable]:
    rows = [[words.label(key), value] for key, value in facts]
    return [
        Paragraph(title, STYLES["Heading3"]),
        Table(rows, colWidths=[2.4 * inch, 4.4 * inch], style=LINES),
    ]


def _table(table: sheets.Table) -> list[Flowable]:
    rows = [list(table.columns), *(list(row) for row in table.rows)]
    laid = Table(rows, colWidths=[6.8 * inch / len(table.columns)] * len(table.columns), style=LINES)
    laid.setStyle(TableStyle([("TEXTCOLOR", (0, 0), (-1, 0), NAVY)]))
    return [Paragraph(table.caption, STYLES["Heading3"]), laid]
