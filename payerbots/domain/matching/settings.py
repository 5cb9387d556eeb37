"""What an office sets of matching."""

import datetime as dt

from payerbots.domain.payer_names import PayerAlias
from payerbots.domain.record import Record


class MatchSettings(Record, frozen=True, kw_only=True):
    """How long money and remittance may lie apart, and which payer names belong together.

    Windows are in bank days and hold before and after. A check whose number agrees may come later than its window,
    until it is stale.
    """

    ach_days: int = 3
    check_days: int = 10
    stale_days: int = 180
    """Calendar days after its date until which a check is honoured (UCC 4-404: six months)."""
    payers: tuple[PayerAlias, ...] = ()
    closed: tuple[dt.date, ...] = ()
    """Days on which the office's bank is closed besides the Federal Reserve's holidays."""
