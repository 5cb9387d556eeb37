"""The layouts by name, and one way to draw them."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from payerbots.sandbox.eob.book import Check, Options
from payerbots.sandbox.eob.commercial import COMMERCIAL
from payerbots.sandbox.eob.medicaid import MEDICAID
from payerbots.sandbox.eob.medicare import MEDICARE
from payerbots.sandbox.eob.paper import Layout, print_out
from payerbots.sandbox.eob.union import UNION

LAYOUTS: Mapping[str, Layout] = MappingProxyType(
    {layout.name: layout for layout in (MEDICARE, COMMERCIAL, UNION, MEDICAID)}
)

AS_IS = Options()


def draw(layout: str, checks: Sequence[Check], options: Options = AS_IS) -> bytes:
    """The checks as one PDF, the same bytes for the same book. `KeyError` when no layout has that name."""
    return print_out(LAYOUTS[layout], checks, options)
