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
    Answered,
    Ask,
    BadRow,
    Bot,
    ChecksEligibility,
    ConfigError,
    Correcting,
    Coverage,
    CoverageRequest,
    Delivered,
    Described,
    FinishedRun,
    Outcome,
    PayerBook,
    RequestRow,
    RunContext,
    Unreadable,
    WorkItem,
    coverage_delivery,
    coverage_review,
    findings,
    person_key,
    read_requests,
)

Row = Answered[CoverageRequest, Coverage, BadRow]


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
        return [
            self._ask(run.payers, row.row, row.request) if isinstance(row, RequestRow) else self._bad(row)
            for row in sheet.rows
        ]

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

    def describe(self, row: Row) -> Described:
        """The patient, what was asked, and what is wrong with it."""
        return coverage_review.describe(row)

    def correct(self, row: Row, values: Mapping[str, object], known: Correcting) -> Ask[CoverageRequest]:
        """The request with a biller's values, read as those of a list are."""
        return self._ask(known.payers, row.place, coverage_review.correct(row, values, known))

    @staticmethod
    def _ask(payers: PayerBook, place: int, request: CoverageRequest) -> Ask[CoverageRequest]:
        payer = payers.find(request.payer)
        if payer is None:
            raise ConfigError("a payer left portals.yaml while the list was read")
        return Ask(
            place=place,
            portal=payer.portal,
            payer_id=payer.payer_id,
            request=request,
            subject=(*request.person, *request.hcpcs),
            person=person_key(request.last_name, request.first_name, request.birth_date),
        )

    @staticmethod
    def _bad(row: BadRow) -> Unreadable[BadRow]:
        return Unreadable(place=row.row, reason=row.reason, found=row)
