"""A code that a payer sends, with what it means and what to do about it."""

from payerbots.domain.record import Record
from payerbots.reasons import Reason


class Code(Record, frozen=True, kw_only=True):
    """One code of one list. A code without an entry shows as itself: `means` is the bare code."""

    list: str
    """carc, rarc, status, category, plb, service_type, eb, aaa, follow_up, entity, pair, or TA105, IK304, ..."""
    code: str
    means: str
    """What it says: our own short wording, or a site's licensed text."""
    do: str = ""
    """What a biller does about it; empty when we know no advice."""
    known: bool = True
    licensed: bool = False
    """`means` comes from a list that the site has licensed."""
    reason: Reason | None = None
    """Why an item with this code needs a person, where the code alone decides that."""
    denial: bool = True
    """False for a CARC that never makes a denial; otherwise what was paid decides."""
    appeal: bool = True
    """False when the code says that the decision cannot be appealed."""
    stands: str | None = None
    """Of a category: received, accepted, not_found, split, rejected, error, finalized, pending or request."""
    wrapper: bool = False
    """A claim status that only points to another one: read that of the line."""
