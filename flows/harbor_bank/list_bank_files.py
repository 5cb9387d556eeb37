"""What the bank has posted, bank day by bank day: lockbox files, images of batches, previous-day reports."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from flows.harbor_bank.asking import SERVICES, ask, listed, open_service
from payerbots.api import BankFile, Screen


async def list_bank_files(screen: Screen, since: date, until: date) -> Sequence[BankFile]:
    """Every file of the bank days from `since` to `until`, as it is posted now; days to come have none."""
    found: list[BankFile] = []
    for service in SERVICES:
        await open_service(screen, service)
        for day in _days(since, until):
            if not await ask(screen, service, day):
                break
            found += await listed(screen, service, day)
    return sorted(found, key=lambda file: file.day)


def _days(since: date, until: date) -> Iterator[date]:
    for count in range((until - since).days + 1):
        yield since + timedelta(days=count)
