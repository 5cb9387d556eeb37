"""Rejections: claims that come back before anybody has decided on them, cleared every day.

1. Fetch the clearinghouse's reports since the last time, and its worklist; read the claim files that were sent.
2. Join them claim by claim: what is rejected, and what nobody has answered for too long, is an item.
3. Decide by `rules/rejections.yaml`. What a rule lets the bot correct, and what it can prove, is corrected and sent
   as new, once; everything else goes to a person, with the correction where there is one.
4. Write the day's work and the analysis of the weeks.
"""

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

from payerbots.api import (
    RESUBMIT,
    Again,
    Answer,
    Answered,
    Ask,
    BadReport,
    Bot,
    ClearsRejections,
    Collecting,
    Concluding,
    Conclusion,
    Decision,
    Delivered,
    Described,
    Did,
    DocumentError,
    FinishedRun,
    Keep,
    ListedReport,
    Outcome,
    Rejected,
    Unconfirmed,
    Unreadable,
    Watermark,
    Worked,
    WorkItem,
    intent,
    rejection_delivery,
)

WORKLIST = timedelta(days=90)
TRIES = 2

Found = Ask[Rejected] | Unreadable[BadReport] | Watermark | Keep


class SentBeforeError(Exception):
    """The claim's history shows that it was sent since: there is nothing to send."""

    def __init__(self, confirmation: str) -> None:
        super().__init__()
        self.confirmation = confirmation


class NotAsSentError(Exception):
    """The clearinghouse's claim is not the one that was sent: somebody is working on it."""

    def __init__(self, fields: Sequence[str]) -> None:
        super().__init__()
        self.fields = ", ".join(fields)


class Rejections(Bot[Rejected, ClearsRejections, Worked, BadReport]):
    """Corrects rejected claims where that is provably right, and gives the rest to the right team."""

    name = "rejections"
    capability = (
        "list_reports",
        "fetch_report",
        "list_rejections",
        "open_claim",
        "fill_correction",
        "send_correction",
        "was_done",
    )
    again = Again.NEVER
    each_portal = True
    request, answer, unreadable = Rejected, Worked, BadReport

    async def collect(self, run: Collecting, portal: ClearsRejections | None) -> Iterable[Found]:
        """Every claim that needs work, and the reports that say so."""
        if portal is None:
            return []
        reports = await portal.list_reports(rejection_delivery.since(run))
        files, bad = await self._fetch(portal, rejection_delivery.to_fetch(run, reports))
        listed = await portal.list_rejections(run.day - WORKLIST)
        gathered = rejection_delivery.Gathered(portal=portal.name, files=files, listed=listed)
        found: list[Found] = [*await asyncio.to_thread(rejection_delivery.to_do, run, gathered)]
        first = sum(isinstance(one, Ask) for one in found) + 1
        found += [
            Unreadable(place=place, reason=one.reason, found=one) for place, one in enumerate(bad, first)
        ]
        return found if run.dry_run else [*found, rejection_delivery.reached(run, reports, bad)]

    def reference(self, request: Rejected) -> tuple[str, ...]:
        """A rejection of a claim is worked once, whatever report tells it. What would be done is asked afresh."""
        return (request.key, f"dry run {request.dry_run}") if request.dry_run else (request.key,)

    async def work(self, item: WorkItem[Rejected], portal: ClearsRejections) -> Outcome[Worked]:
        """Corrects and sends, or says why a person has to look."""
        request = item.request
        decision = await asyncio.to_thread(rejection_delivery.decided, item)
        if request.codes and not request.listed:
            history = await portal.was_done(RESUBMIT, request.resend)
            if history.answer is Answer.YES:
                return _done(decision, Did.SENT_BEFORE, history.confirmation)
        if request.dry_run:
            return _done(decision, Did.WOULD_CORRECT if decision.corrects else Did.WOULD_NOT)
        if not decision.corrects:
            return _to_a_person(decision, decision.why_not)
        return await self._send(item, portal, decision)

    def conclude(self, run: Concluding) -> Conclusion:
        """Tells what was corrected and what needs a person."""
        return rejection_delivery.conclude(run)

    def deliver(self, run: FinishedRun[Rejected, Worked, BadReport]) -> Sequence[Delivered]:
        """Writes the day's work, and the analysis."""
        return rejection_delivery.deliver(run)

    def describe(self, row: Answered[Rejected, Worked, BadReport]) -> Described:
        """Whose claim it is, what was said of it, and what the bot would change."""
        return rejection_delivery.describe(row)

    def over(
        self, waiting: Sequence[Answered[Rejected, Worked, BadReport]], known: Concluding
    ) -> Collection[int]:
        """Claims that were accepted or sent again since."""
        return rejection_delivery.over(waiting, known)

    def figures(self, run: FinishedRun[Rejected, Worked, BadReport]) -> Mapping[str, object]:
        """Every claim as plain values."""
        return rejection_delivery.figures(run)

    async def _send(
        self, item: WorkItem[Rejected], portal: ClearsRejections, decision: Decision
    ) -> Outcome[Worked]:
        """Sends the corrected claim as new, once, and believes it only when the claim's history shows it."""
        request = item.request
        fill = partial(self._fill, request, portal, decision)
        try:
            async with intent(item, RESUBMIT, key=request.resend, portal=portal, prepare=fill) as step:
                if step.needed:
                    step.confirm(await portal.send_correction())
        except SentBeforeError as found:
            return _done(decision, Did.SENT_BEFORE, found.confirmation)
        except NotAsSentError as found:
            return _to_a_person(decision, f"at the clearinghouse it is not as it was sent: {found.fields}")
        history = await portal.was_done(RESUBMIT, request.resend)
        if history.answer is not Answer.YES:
            raise Unconfirmed("the claim was sent, and its history does not show it")
        return _done(decision, Did.CORRECTED, step.confirmation or history.confirmation)

    async def _fill(self, request: Rejected, portal: ClearsRejections, decision: Decision) -> None:
        """Fills the correction in. Nothing is sent when somebody has sent or changed the claim meanwhile."""
        history = await portal.was_done(RESUBMIT, request.resend)
        if history.answer is Answer.YES:
            raise SentBeforeError(history.confirmation)
        await portal.open_claim(request.control)
        differing = await portal.fill_correction(decision.changes)
        if differing:
            raise NotAsSentError(differing)

    async def _fetch(
        self, portal: ClearsRejections, reports: Sequence[ListedReport]
    ) -> tuple[list[Keep], list[BadReport]]:
        """The files of reports. One that cannot be read costs only itself."""
        files: list[Keep] = []
        bad: list[BadReport] = []
        for report in reports:
            found = await self._report(portal, report)
            if isinstance(found, Keep):
                files.append(found)
            else:
                bad.append(found)
        return files, bad

    async def _report(self, portal: ClearsRejections, report: ListedReport) -> Keep | BadReport:
        why = ""
        for _ in range(TRIES):
            content = (await portal.fetch_report(report)).content
            try:
                return await asyncio.to_thread(rejection_delivery.keep, content, portal.name)
            except DocumentError as error:
                why = str(error)
        return BadReport(number=report.number, kind=report.kind, why=why)


def _done(decision: Decision, did: Did, confirmation: str = "") -> Outcome[Worked]:
    sent = datetime.now(UTC) if did in {Did.CORRECTED, Did.SENT_BEFORE} else None
    return Outcome(answer=decision.worked(did, confirmation=confirmation, sent_at=sent))


def _to_a_person(decision: Decision, why_not: str) -> Outcome[Worked]:
    did = Did.SUGGESTED if decision.changes else Did.PERSON
    worked = decision.worked(did, why_not=why_not)
    return Outcome(answer=worked, reasons=(decision.reason, *decision.also))
