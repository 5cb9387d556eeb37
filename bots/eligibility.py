"""Eligibility: is every patient on the list covered for the items ordered, on the day they are due?

1. Read the list: one request a row. A row that cannot be read is an exception at once.
2. Ask the payer's portal about each, once a day.
3. Judge the answer: bill, hold, change payer or ask.
4. Write the results, the exceptions and the verdicts in the list itself.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence

from payerbots.api import (
    Again,
    Ask,
    BadRow,
    Bot,
    ChecksEligibility,
    ConfigError,
    Coverage,
    CoverageRequest,
    Delivered,
    FinishedRun,
    Outcome,
    RequestRow,
    RunContext,
    Unreadable,
    WorkItem,
    coverage_delivery,
    findings,
    person_key,
    read_requests,
)


class Eligibility(Bot[CoverageRequest, ChecksEligibility, Coverage, BadRow]):
    """Checks coverage for a workbook of orders."""

    name = "eligibility"
    capability = "check_eligibility"
    again = Again.DAILY
    request, answer, unreadable = CoverageRequest, Coverage, BadRow

    async def collect(
        self,
        run: RunContext,
        portal: ChecksEligibility | None,  # noqa: ARG002 - one list holds the requests for all portals
    ) -> Iterable[Ask[CoverageRequest] | Unreadable[BadRow]]:
        """One request for each row of the list."""
        if run.input is None:
            raise ConfigError("eligibility needs a list of requests: --input FILE")
        sheet = await asyncio.to_thread(read_requests, run.input, run.payers, today=run.day)
        if not sheet.rows:
            raise ConfigError(f"{run.input.name}: sheet {sheet.sheet} holds no requests")
        return [self._ask(run, row) if isinstance(row, RequestRow) else self._bad(row) for row in sheet.rows]

    def reference(self, request: CoverageRequest) -> tuple[str, ...]:
        """The same order, person, date, items and provider are one request."""
        return request.identity

    async def work(self, item: WorkItem[CoverageRequest], portal: ChecksEligibility) -> Outcome[Coverage]:
        """Asks the payer, and judges what it says."""
        coverage = await portal.check_eligibility(item.request)
        return Outcome(answer=coverage, reasons=findings(coverage, item.request.service_date))

    def deliver(self, run: FinishedRun[CoverageRequest, Coverage, BadRow]) -> Sequence[Delivered]:
        """Writes the results, the exceptions and the list itself."""
        return coverage_delivery.deliver(run)

    def figures(self, run: FinishedRun[CoverageRequest, Coverage, BadRow]) -> Mapping[str, object]:
        """Every answer as plain values."""
        return coverage_delivery.figures(run)

    def _ask(self, run: RunContext, row: RequestRow) -> Ask[CoverageRequest]:
        payer = run.payers.find(row.request.payer)
        if payer is None:
            raise ConfigError("a payer left portals.yaml while the list was read")
        return Ask(
            place=row.row,
            portal=payer.portal,
            payer_id=payer.payer_id,
            request=row.request,
            subject=(*row.request.person, *row.request.hcpcs),
            person=person_key(row.request.last_name, row.request.first_name, row.request.birth_date),
        )

    @staticmethod
    def _bad(row: BadRow) -> Unreadable[BadRow]:
        return Unreadable(place=row.row, reason=row.reason, found=row)
