"""What a lockbox photographs: each check, and the papers that came in its envelope, one PDF a batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportlab.lib import colors
from reportlab.lib.pagesizes import letter
from reportlab.platypus import Flowable, Spacer

from payerbots.sandbox.eob import LAYOUTS, Check, Layout, Leaf, Options, bind
from payerbots.sandbox.money.calendar import bank_day
from payerbots.sandbox.money.paper_eob import on_paper
from payerbots.sandbox.money.world import LOCKBOX, in_lockbox

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from reportlab.pdfgen.canvas import Canvas

    from payerbots.sandbox.money.records import Batch, Deposit, Money

PAYEE = "LAKESIDE HOME MEDICAL"
LEFT, RIGHT = 54, 558
ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
HUNDRED, THOUSAND, TWENTY, TEN = 100, 1000, 20, 10


def draw(money: Money, batch: Batch) -> bytes:
    """The batch's PDF: for each check its picture, and behind it its EOB if there was one."""
    papers = {paper.payments[0].key: paper for paper in in_lockbox(money, batch)}
    leaves: list[Leaf] = []
    for deposit in batch.checks:
        leaves.append(
            Leaf(layout=_photograph(batch, deposit), check=_stub(deposit, _written(money, deposit)))
        )
        for part in deposit.parts:
            if paper := papers.get(part.payment):
                payment = paper.payments[0]
                layout = LAYOUTS[payment.payer.layout]
                leaves.append(Leaf(layout=layout, check=on_paper(payment), scanned=paper.scanned))
    return bind(leaves)


def _stub(deposit: Deposit, written: date) -> Check:
    """What the layout needs to know of a check without its remittance."""
    return Check(
        number=deposit.check_number,
        date=written,
        payer=deposit.company,
        payee=PAYEE,
        npi="",
        amount=deposit.amount,
    )


def _photograph(batch: Batch, deposit: Deposit) -> Layout:
    """A page with the bank's index line and the picture of one check."""

    def story(_: Check, __: Options) -> Sequence[Flowable]:
        return [Spacer(1, 1)]

    def furniture(canvas: Canvas, check: Check, first: bool, _: Options) -> None:
        if first:
            _index(canvas, batch, deposit)
            _check(canvas, check, deposit)

    return Layout(
        name="check",
        payer="Harbor Bank",
        size=letter,
        margins=(LEFT, LEFT, 60, 60),
        later_top=60,
        story=story,
        furniture=furniture,
    )


def _index(canvas: Canvas, batch: Batch, deposit: Deposit) -> None:
    canvas.setFillColor(colors.HexColor("#222222"))
    canvas.setFont("Courier", 8)
    place = (
        f"LOCKBOX {LOCKBOX}  DEPOSITED {batch.day:%m/%d/%Y}  BATCH {batch.number}  ITEM {deposit.item:03d}"
    )
    canvas.drawString(LEFT, 756, f"HARBOR BANK  {place}  CHECK IMAGE")


def _check(canvas: Canvas, check: Check, deposit: Deposit) -> None:
    bottom, height = 490, 230
    canvas.setFillColor(colors.HexColor("#eef4ee"))
    canvas.setStrokeColor(colors.HexColor("#5c7a5c"))
    canvas.roundRect(LEFT, bottom, RIGHT - LEFT, height, 6, stroke=1, fill=1)
    canvas.setFillColor(colors.black)
    canvas.setFont("Helvetica-Bold", 11)
    canvas.drawString(LEFT + 16, bottom + height - 26, check.payer)
    canvas.setFont("Helvetica", 9)
    canvas.drawRightString(RIGHT - 16, bottom + height - 26, check.number)
    canvas.drawRightString(RIGHT - 16, bottom + height - 50, f"{check.date:%B %d, %Y}")
    canvas.drawString(LEFT + 16, bottom + 130, "PAY TO THE ORDER OF")
    canvas.setFont("Helvetica-Bold", 10)
    canvas.drawString(LEFT + 130, bottom + 130, PAYEE)
    canvas.drawRightString(RIGHT - 16, bottom + 130, f"***${check.amount:,.2f}")
    canvas.setFont("Helvetica", 9)
    canvas.drawString(
        LEFT + 16, bottom + 104, _in_words(int(check.amount), int(check.amount * HUNDRED) % HUNDRED)
    )
    canvas.line(LEFT + 16, bottom + 100, RIGHT - 80, bottom + 100)
    canvas.line(RIGHT - 190, bottom + 56, RIGHT - 16, bottom + 56)
    _signature(canvas, RIGHT - 180, bottom + 60)
    canvas.setFont("Courier", 11)
    number = f"{check.number:0>10}"
    canvas.drawString(LEFT + 40, bottom + 18, f"C{number}C  A{deposit.routing}A  {deposit.account}C")


def _written(money: Money, deposit: Deposit) -> date:
    """The day on the check: its remittance's, or some days before it was opened."""
    keys = {part.payment for part in deposit.parts}
    return next((one.check.date for one in money.payments if one.key in keys), bank_day(deposit.day, -3))


def _signature(canvas: Canvas, x: float, y: float) -> None:
    """A scrawl."""
    path = canvas.beginPath()
    path.moveTo(x, y)
    for step in range(7):
        path.curveTo(
            x + 20 * step + 6, y + 18, x + 20 * step + 12, y - 8, x + 20 * (step + 1), y + step % 3 * 4
        )
    canvas.drawPath(path, stroke=1, fill=0)


def _in_words(dollars: int, cents: int) -> str:
    """`Two hundred forty-one and 17/100 dollars`."""
    return f"{_words(dollars).capitalize()} and {cents:02d}/100 dollars"


def _words(number: int) -> str:
    if number < TWENTY:
        return ONES[number]
    if number < HUNDRED:
        ones = number % TEN
        return TENS[number // TEN - 2] + (f"-{ONES[ones]}" if ones else "")
    for size, name in ((THOUSAND, "thousand"), (HUNDRED, "hundred")):
        if number >= size:
            rest = number % size
            return f"{_words(number // size)} {name}" + (f" {_words(rest)}" if rest else "")
    raise ValueError(number)
