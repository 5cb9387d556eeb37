"""EOB PDFs of four made-up payers: `draw(layout, checks, options)`."""

from payerbots.sandbox.eob.book import Adjustment, Check, Claim, Line, Options, ProviderAdjustment
from payerbots.sandbox.eob.drawing import LAYOUTS, draw
from payerbots.sandbox.eob.paper import Layout, Leaf, bind

__all__ = [
    "LAYOUTS",
    "Adjustment",
    "Check",
    "Claim",
    "Layout",
    "Leaf",
    "Line",
    "Options",
    "ProviderAdjustment",
    "bind",
    "draw",
]
