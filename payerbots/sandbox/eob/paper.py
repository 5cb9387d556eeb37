"""Sheets: a document whose pages know which check they belong to, can be turned, and can be pictures."""

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, NextPageTemplate, PageBreak, PageTemplate

from payerbots.sandbox.eob.book import Check, Options

Furniture = Callable[[Canvas, Check, bool, Options], None]
"""Draws what stands on a page besides its story; the flag is whether it is a check's first page."""
Story = Callable[[Check, Options], Sequence[Flowable]]


@dataclass(frozen=True, kw_only=True)
class Layout:
    """One payer's way to print. Sizes and margins are points; `margins` are left, right, top, bottom."""

    name: str
    payer: str
    size: tuple[float, float]
    margins: tuple[float, float, float, float]
    later_top: float
    """The top margin overleaf, where the page's own heading is smaller."""
    story: Story
    furniture: Furniture


class Sheets(Canvas):
    """A canvas whose pages are turned, or replaced by pictures of themselves."""

    def __init__(self, *args: Any, turn: Options, pictures: Mapping[int, Image.Image], **kwargs: Any) -> None:  # noqa: ANN401 - handed on to reportlab
        super().__init__(*args, **kwargs)
        self._turn = turn
        self._pictures = pictures
        self._sheet: tuple[float, float] = kwargs["pagesize"]

    def showPage(self) -> None:  # noqa: N802 - reportlab's name
        """Ends a page."""
        picture = self._pictures.get(self.getPageNumber())
        if picture is not None:
            self._code: list[str] = []
            width, height = self._sheet
            self.drawImage(ImageReader(picture), 0, 0, width, height)
        self._rotate()
        super().showPage()

    def _rotate(self) -> None:
        self.setPageRotation(self._turn.rotate)
        if self._turn.upright:
            width, height = self._sheet
            self._code = [f"0 1 -1 0 {height:.2f} 0 cm", *self._code]
            self.setPageSize((height, width))


def print_out(layout: Layout, checks: Sequence[Check], options: Options) -> bytes:
    """The PDF. Scanned pages are drawn first, then photographed."""
    if not options.scanned:
        return _build(layout, checks, options, {})
    plain = _build(layout, checks, Options(repeat_header=options.repeat_header), {})
    return _build(layout, checks, options, _photographs(plain, options.scanned))


def _build(
    layout: Layout, checks: Sequence[Check], options: Options, pictures: Mapping[int, Image.Image]
) -> bytes:
    buffer = io.BytesIO()
    document = BaseDocTemplate(
        buffer, pagesize=layout.size, title="Remittance", author=layout.payer, invariant=1
    )
    document.addPageTemplates(
        [_template(layout, place, check, first, options) for place, check, first in _faces(checks)]
    )
    story: list[Flowable] = []
    for place, check in enumerate(checks):
        story += [NextPageTemplate(f"{place} first"), PageBreak()] if place else []
        story += [NextPageTemplate(f"{place} later"), *layout.story(check, options)]
    document.build(story, canvasmaker=partial(Sheets, turn=options, pictures=pictures))
    return buffer.getvalue()


def _faces(checks: Sequence[Check]) -> list[tuple[int, Check, bool]]:
    return [(place, check, first) for place, check in enumerate(checks) for first in (True, False)]


def _template(layout: Layout, place: int, check: Check, first: bool, options: Options) -> PageTemplate:
    left, right, top, bottom = layout.margins
    above = top if first else layout.later_top
    width, height = layout.size
    frame = Frame(
        left, bottom, width - left - right, height - above - bottom,
        leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0,
    )  # fmt: skip

    def draw(canvas: Canvas, _: object) -> None:
        canvas.saveState()
        layout.furniture(canvas, check, first, options)
        canvas.restoreState()

    return PageTemplate(id=f"{place} {'first' if first else 'later'}", frames=[frame], onPage=draw)


def _photographs(pdf: bytes, pages: frozenset[int]) -> dict[int, Image.Image]:
    import pdfplumber  # noqa: PLC0415 - only scanned pages need it

    with pdfplumber.open(io.BytesIO(pdf)) as document:
        return {
            page.page_number: page.to_image(resolution=110).original.convert("L")
            for page in document.pages
            if page.page_number in pages
        }
