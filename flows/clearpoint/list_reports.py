"""The reports that came: acknowledgments, status reports, what payers write in words."""

from collections.abc import Sequence
from datetime import date

from flows.clearpoint.mailbox import show
from flows.clearpoint.reading import moment
from payerbots.api import Cells, ListedReport, PortalChanged, Screen


async def list_reports(screen: Screen, since: date) -> Sequence[ListedReport]:
    """Every report that came on that day or later, those that the billing software has fetched too."""
    return [_listed(screen, row) for row in await show(screen, since)]


def _listed(screen: Screen, row: Cells) -> ListedReport:
    number, kind, name = row["number"], row["kind"], row["name"]
    if number is None or kind is None or name is None:
        raise PortalChanged(screen.at, "mailbox.rows")
    return ListedReport(
        number=number,
        kind=kind,
        name=name,
        received=moment(screen, row["received"]),
        taken=row["taken"] is not None,
    )
