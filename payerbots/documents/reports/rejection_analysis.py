"""`rejection-analysis.pdf`: two pages for the weekly meeting."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import LETTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import inch
from reportlab.platypus import Flowable, KeepTogether, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from payerbots.documents.reports.charts import FONT, pareto, weeks
from payerbots.documents.workbook.atomic import save_atomically
from payerbots.domain.rejection_analysis import Analysis

_SLATE, _GREY, _PALE = HexColor("#34495A"), HexColor("#66747F"), HexColor("#F4F6F8")
_MARGIN = 0.7 * inch
_WIDTH = LETTER[0] - 2 * _MARGIN
_TITLE = ParagraphStyle("title", fontName="Helvetica-Bold", fontSize=18, leading=22, textColor=_SLATE)
_NOTE = ParagraphStyle("note", fontName=FONT, fontSize=8.5, leading=11, textColor=_GREY)
_HEAD = ParagraphStyle(
    "head", fontName="Helvetica-Bold", fontSize=11, leading=14, textColor=_SLATE, spaceBefore=12, spaceAfter=3
)
_CELL = ParagraphStyle("cell", fontName=FONT, fontSize=8, leading=10)
_BIG = ParagraphStyle("big", fontName="Helvetica-Bold", fontSize=16, leading=19, textColor=_SLATE)
_MOST_ROWS = 12


def write_analysis_pdf(path: Path, analysis: Analysis) -> Path:
    """Write the report; the same analysis gives the same file. Returns where it went."""
    return save_atomically(path, partial(_save, analysis))


def _save(analysis: Analysis, path: Path) -> None:
    document = SimpleDocTemplate(
        str(path),
        pagesize=LETTER,
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=0.6 * inch,
        bottomMargin=0.6 * inch,
        title="Rejection analysis",
        author="payerbots",
        invariant=1,
    )
    foot = partial(_foot, f"Rejection analysis, {analysis.day:%m/%d/%Y}")
    document.build(_story(analysis), onFirstPage=foot, onLaterPages=foot)


def _foot(text: str, canvas: Any, document: Any) -> None:  # noqa: ANN401 - reportlab has no types for these
    canvas.saveState()
    canvas.setFont(FONT, 7.5)
    canvas.setFillColor(_GREY)
    canvas.drawString(_MARGIN, 0.35 * inch, text)
    canvas.drawRightString(LETTER[0] - _MARGIN, 0.35 * inch, f"page {document.page}")
    canvas.restoreState()


def _story(analysis: Analysis) -> list[Flowable]:
    first = f"{analysis.first:%m/%d/%Y}" if analysis.first else "no"
    note = f"Claims first sent from {first} to {analysis.day:%m/%d/%Y}. The line and the last column: share of all rejections up to here."
    story: list[Flowable] = [
        Paragraph("Rejection analysis", _TITLE),
        Paragraph(note, _NOTE),
        Spacer(1, 8),
        _tiles(analysis),
        *_part(
            "First sends by week, with the share that was accepted at once", weeks(analysis.weeks, _WIDTH)
        ),
    ]
    for title, shares in (
        ("Why: by reason", analysis.by_reason),
        ("By payer", analysis.by_payer),
        ("By referral source", analysis.by_referral),
        ("Whose work: by team", analysis.by_team),
    ):
        story += _part(title, pareto(shares, _WIDTH) if shares else Paragraph("No rejections.", _CELL))
    story += _part("Rejected more than once", _repeated(analysis))
    story += _part("Three or more alike: mend the cause", _alike(analysis))
    if analysis.unknown:
        codes = ", ".join(f"{code} ({count})" for code, count in analysis.unknown)
        story += _part(
            "Statuses without a rule",
            Paragraph(f"{escape(codes)}: add them to rules/rejections.yaml.", _CELL),
        )
    return story


def _part(title: str, what: Flowable) -> list[Flowable]:
    return [KeepTogether([Paragraph(title, _HEAD), what])]


def _tiles(analysis: Analysis) -> Table:
    rate = analysis.clean_rate
    figures = (
        (
            "First-pass rate",
            f"{rate:.1%}" if rate is not None else "no data",
            f"{analysis.clean} of {analysis.decided} decided",
        ),
        ("Rejections", str(analysis.rejections), f"of {analysis.claims} claims sent"),
        ("Charges rejected", f"${analysis.dollars:,.0f}", "not lost: the claims can be sent again"),
        ("More than once", str(len(analysis.repeated)), "claims"),
    )
    cells = [
        [Paragraph(label, _NOTE), Paragraph(big, _BIG), Paragraph(small, _NOTE)]
        for label, big, small in figures
    ]
    table = Table([cells], colWidths=[_WIDTH / len(cells)] * len(cells))
    table.setStyle(
        TableStyle(
            [
                ("BACKGROUND", (0, 0), (-1, -1), _PALE),
                ("INNERGRID", (0, 0), (-1, -1), 4, HexColor("#FFFFFF")),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 9),
                ("TOPPADDING", (0, 0), (-1, -1), 7),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 8),
            ]
        )
    )
    return table


def _repeated(analysis: Analysis) -> Flowable:
    rows = [
        (one.control, one.payer, str(one.times), f"${one.dollars:,.2f}", one.codes, one.state)
        for one in analysis.repeated[:_MOST_ROWS]
    ]
    return _table(("Claim", "Payer", "Times", "Dollars", "Said", "Stands"), rows, (13, 24, 7, 11, 27, 18))


def _alike(analysis: Analysis) -> Flowable:
    rows = [
        (one.reason, one.payer, one.referred_by, str(one.count), f"${one.dollars:,.2f}")
        for one in analysis.alike[:_MOST_ROWS]
    ]
    return _table(("Reason", "Payer", "Referral source", "Times", "Dollars"), rows, (25, 30, 25, 8, 12))


def _table(names: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int]) -> Flowable:
    if not rows:
        return Paragraph("None.", _CELL)
    head = [Paragraph(f'<font color="#66747F">{name}</font>', _CELL) for name in names]
    body = [[Paragraph(escape(text), _CELL) for text in row] for row in rows]
    table = Table([head, *body], colWidths=[_WIDTH * width / sum(widths) for width in widths], repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("LINEBELOW", (0, 0), (-1, -1), 0.4, HexColor("#D9DEE3")),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("TOPPADDING", (0, 0), (-1, -1), 2.5),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
            ]
        )
    )
    return table
