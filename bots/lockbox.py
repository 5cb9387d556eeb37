"""Lockbox: what money came to the bank, and whose is it?

1. List the bank's files day by day: lockbox files, account reports, images. A file that was replaced under its name,
   or images that came late, are new items.
2. Fetch each one, and prove it: size, kind, totals. No deposit comes of a file whose totals do not hold.
3. Read the deposits, and the EOBs among the images.
4. Conclude and write the posting, as the remittance bot does: whichever ran last has all of it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

from payerbots.api import (
    Again,
    Answered,
    Ask,
    BankFile,
    Bot,
    Concluding,
    Conclusion,
    ConfigError,
    Delivered,
    Described,
    FinishedRun,
    GivesBankFiles,
    MoneyAnswer,
    Outcome,
    RunContext,
    Unreadable,
    Watermark,
    WorkItem,
    money,
)


class Lockbox(Bot[BankFile, GivesBankFiles, MoneyAnswer, str]):
    """Brings in the bank's files."""

    name = "lockbox"
    capability = ("list_bank_files", "fetch_bank_file")
    again = Again.NEVER
    each_portal = True
    request, answer, unreadable = BankFile, MoneyAnswer, str

    async def collect(
        self, run: RunContext, portal: GivesBankFiles | None
    ) -> Iterable[Ask[BankFile] | Unreadable[str] | Watermark]:
        """One request for each file that the bank has posted."""
        if portal is None:
            raise ConfigError("lockbox reads no input: files come from the bank")
        since = money.settings(run.root).since(run.watermark, run.day)
        files = await portal.list_bank_files(since, run.day)
        asks = [Ask(place=place, portal=portal.name, request=one) for place, one in enumerate(files, 1)]
        return [*asks, Watermark(run.day.isoformat())]

    def reference(self, request: BankFile) -> tuple[str, ...]:
        """A file under its name, as it was posted at that time and with that size."""
        day, posted = request.day.isoformat(), request.posted.isoformat()
        return (day, request.kind, request.name, request.batch, posted, str(request.size))

    async def work(self, item: WorkItem[BankFile], portal: GivesBankFiles) -> Outcome[MoneyAnswer]:
        """Fetches the file, proves it and reads it."""
        return await money.bank_file_read(item, await portal.fetch_bank_file(item.request))

    def conclude(self, run: Concluding) -> Conclusion:
        """Matches money and remittances."""
        return money.conclude(run)

    def deliver(self, run: FinishedRun[BankFile, MoneyAnswer, str]) -> Sequence[Delivered]:
        """Writes the day's posting."""
        return money.deliver(run)

    def describe(self, row: Answered[BankFile, MoneyAnswer, str]) -> Described:
        """Which file it is, and what in it cannot be used."""
        return money.describe(row)

    def over(
        self, waiting: Sequence[Answered[BankFile, MoneyAnswer, str]], known: Concluding
    ) -> Collection[int]:
        """Files whose money has come another way."""
        return money.over(waiting, known)

    def figures(self, run: FinishedRun[BankFile, MoneyAnswer, str]) -> Mapping[str, object]:
        """The money at hand as plain values."""
        return money.figures(run)
