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
            width, height = self._pagesize  # type: ignore[attr-defined]  # reportlab's own, of this page
            self.drawImage(ImageReader(picture), 0, 0, width, height)
        self._rotate()
        super().showPage()

    def _rotate(self) -> None:
        self.setPageRotation(self._turn.rotate)
        if self._turn.upright:
            width, height = self._sheet
            self._code = [f"0 1 -1 0 {height:.2f} 0 cm", *self._code]
            self.setPageSize((height, width))


@dataclass(frozen=True, kw_only=True)
class Leaf:
    """A check in its layout, as part of a document; `scanned` makes all its pages pictures without text."""

    layout: Layout
    check: Check
    scanned: bool = False


def print_out(layout: Layout, checks: Sequence[Check], options: Options) -> bytes:
    """The PDF. Scanned pages are drawn first, then photographed."""
    leaves = [Leaf(layout=layout, check=check) for check in checks]
    if not options.scanned:
        return _build(leaves, options, {})[0]
    plain, _ = _build(leaves, Options(repeat_header=options.repeat_header), {})
    return _build(leaves, options, _photographs(plain, options.scanned))[0]


def bind(leaves: Sequence[Leaf]) -> bytes:
    """Checks of several layouts as one PDF, each on pages of its own."""
    plain, owners = _build(leaves, Options(), {})
    scanned = frozenset(page for page, owner in owners.items() if leaves[owner].scanned)
    return _build(leaves, Options(), _photographs(plain, scanned))[0] if scanned else plain


def _build(
    leaves: Sequence[Leaf], options: Options, pictures: Mapping[int, Image.Image]
) -> tuple[bytes, dict[int, int]]:
    """The PDF, and which leaf each page belongs to, both counted as they are: pages from 1, leaves from 0."""
    buffer = io.BytesIO()
    owners: dict[int, int] = {}
    first = leaves[0].layout
    document = BaseDocTemplate(
        buffer, pagesize=first.size, title="Remittance", author=first.payer, invariant=1
    )
    document.addPageTemplates(
        [_template(leaf, (place, face), options, owners) for place, leaf, face in _faces(leaves)]
    )
    story: list[Flowable] = []
    for place, leaf in enumerate(leaves):
        story += [NextPageTemplate(f"{place} first"), PageBreak()] if place else []
        story += [NextPageTemplate(f"{place} later"), *leaf.layout.story(leaf.check, options)]
    document.build(story, canvasmaker=partial(Sheets, turn=options, pictures=pictures))
    return buffer.getvalue(), owners


def _faces(leaves: Sequence[Leaf]) -> list[tuple[int, Leaf, bool]]:
    return [(place, leaf, first) for place, leaf in enumerate(leaves) for first in (True, False)]


def _template(leaf: Leaf, face: tuple[int, bool], options: Options, owners: dict[int, int]) -> PageTemplate:
    layout, (place, first) = leaf.layout, face
    left, right, top, bottom = layout.margins
    above = top if first else layout.later_top
    width, height = layout.size
    frame = Frame(
        left, bottom, width - left - right, height - above - bottom,
        leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0,
    )  # fmt: skip

    def draw(canvas: Canvas, _: object) -> None:
        owners[canvas.getPageNumber()] = place
        canvas.saveState()
        layout.furniture(canvas, leaf.check, first, options)
        canvas.restoreState()

    return PageTemplate(
        id=f"{place} {'first' if first else 'later'}", frames=[frame], onPage=draw, pagesize=layout.size
    )


def _photographs(pdf: bytes, pages: frozenset[int]) -> dict[int, Image.Image]:
    import pdfplumber  # noqa: PLC0415 - only scanned pages need it

    with pdfplumber.open(io.BytesIO(pdf)) as document:
        return {
            page.page_number: page.to_image(resolution=110).original.convert("L")
            for page in document.pages
            if page.page_number in pages
        }
