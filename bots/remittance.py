"""Remittances: what has every payer paid, for which claims, and can it be posted?

1. List what each portal has posted since the last time, and some days before, for what came late; look into the
   input folder for files of the clearinghouse. A remittance that a portal has promised waits until it is there.
2. Fetch each one once, and prove that it is the one listed and whole.
3. Conclude: which money at the bank belongs to which payment, and what needs a person.
4. Write the posting workbook and the posting import.
"""

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence

from payerbots.api import (
    Again,
    Answered,
    Ask,
    Bot,
    Concluding,
    Conclusion,
    Delivered,
    Described,
    FinishedRun,
    GivesRemittances,
    MoneyAnswer,
    Outcome,
    RemittanceAsk,
    RunContext,
    Unreadable,
    Watermark,
    WorkItem,
    money,
)


class Remittance(Bot[RemittanceAsk, GivesRemittances, MoneyAnswer, str]):
    """Brings in every remittance, from portals and from the input folder."""

    name = "remittance"
    capability = ("list_remittances", "fetch_remittance")
    again = Again.NEVER
    each_portal = reads_input = True
    request, answer, unreadable = RemittanceAsk, MoneyAnswer, str

    async def collect(
        self, run: RunContext, portal: GivesRemittances | None
    ) -> Iterable[Ask[RemittanceAsk] | Unreadable[str] | Watermark]:
        """One request for each remittance that the portal lists, or for each file of the folder."""
        if portal is None:
            found = await asyncio.to_thread(money.files_of, run.input)
            files = [Ask(place=place, portal="", request=one) for place, one in enumerate(found, 1)]
            return [*files, Watermark(run.day.isoformat())]
        since = money.settings(run.root).since(run.watermark, run.day)
        listed = await portal.list_remittances(since, run.day)
        asks = [
            Ask(
                place=place,
                portal=portal.name,
                request=RemittanceAsk(listed=one),
                amount=one.amount,
                not_before=None if one.ready else money.tomorrow(run),
            )
            for place, one in enumerate(listed, 1)
        ]
        return [*asks, Watermark(run.day.isoformat())]

    def reference(self, request: RemittanceAsk) -> tuple[str, ...]:
        """A portal's document with its trace, amount and date; a file's content."""
        return request.identity

    async def work(self, item: WorkItem[RemittanceAsk], portal: GivesRemittances) -> Outcome[MoneyAnswer]:
        """Fetches the file, proves it and reads it."""
        listed = item.request.listed
        if listed is None:
            return await money.remittance_from_folder(item)
        return await money.remittance_from_portal(item, listed, await portal.fetch_remittance(listed))

    def conclude(self, run: Concluding) -> Conclusion:
        """Matches money and remittances."""
        return money.conclude(run)

    def deliver(self, run: FinishedRun[RemittanceAsk, MoneyAnswer, str]) -> Sequence[Delivered]:
        """Writes the day's posting."""
        return money.deliver(run)

    def describe(self, row: Answered[RemittanceAsk, MoneyAnswer, str]) -> Described:
        """Which file it is, and what in it cannot be used."""
        return money.describe(row)

    def over(
        self, waiting: Sequence[Answered[RemittanceAsk, MoneyAnswer, str]], known: Concluding
    ) -> Collection[int]:
        """Files whose money has come another way."""
        return money.over(waiting, known)

    def figures(self, run: FinishedRun[RemittanceAsk, MoneyAnswer, str]) -> Mapping[str, object]:
        """The money at hand as plain values."""
        return money.figures(run)
