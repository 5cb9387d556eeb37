"""Documents as tables that a person reads."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from payerbots.documents.codes import Codes
from payerbots.documents.read import Document
from payerbots.domain.acknowledgment import Acknowledgment, InterchangeAcknowledgment
from payerbots.domain.bank import Bai2File, LockboxFile
from payerbots.domain.benefits import Eligibility, Rejection
from payerbots.domain.denials import Denial, denials
from payerbots.domain.record import Record
from payerbots.domain.remittance import Adjustment, Balance, Claim, Line, PaymentHeader, PaymentTotals
from payerbots.domain.reversals import ReversalPair, reversal_pairs
from payerbots.domain.status import StatusReport
from payerbots.domain.submission import SubmittedSet

ROWS = 400
"""Claims shown of one payment; `--json` has them all."""
PLACES = 8
"""Claims named for one reason of denial."""
RIGHT = ("Charge", "Allowed", "Paid", "Amount", "Units", "%")


def show(document: Document, codes: Codes, *, summary: bool) -> None:
    """Prints a document as it is read; `codes` gives their words."""
    console = Console(width=None if Console().is_terminal else 160, highlight=False)
    view = View(console, codes, summary)
    console.print(Text(f"{document.file}  {document.kind}", style="bold"))
    open_payment: _Payment | None = None
    claims: list[Claim] = []
    for part in document.parts:
        if isinstance(part, PaymentHeader):
            open_payment = _Payment(part, view)
        elif isinstance(part, Claim) and open_payment is not None:
            open_payment.add(part)
            claims.append(_bare(part))
        elif isinstance(part, PaymentTotals) and open_payment is not None:
            open_payment.show(part)
        else:
            _VIEWS[type(part)](view, part)
    for pair in reversal_pairs(claims):
        console.print(Text(f"  {_told(pair)}", style="cyan"))
    if document.error is not None:
        console.print(Text(f"  cannot be read: {document.error}", style="red"))
    for problem in document.problems:
        console.print(Text(f"  problem: {problem.where}: {problem.what} ({problem.level})", style="yellow"))
    console.print()


def _bare(claim: Claim) -> Claim:
    """What pairs a reversal with its correction; a large file's lines are not kept."""
    return Claim(
        patient_control_number=claim.patient_control_number,
        status=claim.status,
        charge=claim.charge,
        paid=claim.paid,
        payer_claim_number=claim.payer_claim_number,
        references=claim.references,
        number=claim.number,
    )


def _told(pair: ReversalPair) -> str:
    reversal, correction = pair.reversal, pair.correction
    told = f"reversal of {reversal.patient_control_number}: {money(reversal.paid)}"
    if correction is None:
        return f"{told}, without a correction in this file"
    return f"{told}, corrected to {money(correction.paid)}: net {money(pair.net)}"


def money(amount: Decimal | None) -> str:
    """Dollars with thousands separators; nothing for None."""
    return "" if amount is None else f"{amount:,.2f}"


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for column in columns:
        table.add_column(column, justify="right" if column in RIGHT else "left")
    return table


@dataclass(frozen=True, slots=True)
class View:
    """Where to print, the words of codes, and how much."""

    console: Console
    codes: Codes
    summary: bool

    def show(self, table: Table) -> None:
        """Prints a table, unless only a summary is asked for or it is empty."""
        if not self.summary and table.row_count:
            self.console.print(table)


def _why(adjustments: Iterable[Adjustment], remarks: Iterable[str]) -> str:
    parts = [f"{each.group}-{each.code} {money(each.amount)}" for each in adjustments]
    return "  ".join([*parts, *remarks])


def _balance(console: Console, balance: Balance) -> None:
    if balance.ok:
        console.print(Text("  balances", style="green"))
        return
    if not balance.differences:
        console.print(Text("  NOT PROVEN: an amount could not be read, see the problems", style="red bold"))
        return
    console.print(Text("  DOES NOT BALANCE", style="red bold"))
    for each in balance.differences[:20]:
        told = (
            f"found {money(each.found)}, expected {money(each.expected)}, difference {money(each.difference)}"
        )
        console.print(Text(f"    {each.level}: {each.where}: {told}", style="red"))
    if len(balance.differences) > 20:  # noqa: PLR2004 - as many as are shown
        console.print(f"    and {len(balance.differences) - 20} more")


class _Payment:
    """A payment's table, filled claim by claim."""

    def __init__(self, header: PaymentHeader, view: View) -> None:
        self.header = header
        self.view = view
        self.denied: list[Denial] = []
        self.never = view.codes.no_denials
        self.table = _table(
            "Claim",
            "Patient",
            "Status",
            "Service",
            "Date",
            "Charge",
            "Allowed",
            "Paid",
            "Why the rest was not paid",
        )
        self.claims = 0

    def add(self, claim: Claim) -> None:
        self.claims += 1
        self.denied += denials(claim, self.never)
        if self.view.summary or self.claims > ROWS:
            return
        self.table.add_row(
            Text(claim.patient_control_number, style="bold"),
            claim.patient,
            claim.status,
            "",
            "",
            money(claim.charge),
            "",
            money(claim.paid),
            _why(claim.adjustments, claim.remarks),
        )
        for line in claim.lines:
            self._line(line)

    def _line(self, line: Line) -> None:
        code = " ".join([line.procedure, *line.modifiers])
        billed = f" (billed {line.original_procedure})" if line.original_procedure else ""
        day = line.date.isoformat() if line.date else ""
        why = _why(line.adjustments, line.remarks)
        self.table.add_row(
            "", "", "", code + billed, day, money(line.charge), money(line.allowed), money(line.paid), why
        )

    def _denied(self, alike: list[Denial]) -> None:
        """What was denied for one reason: where, how much, in plain words why and what to do."""
        codes, first = self.view.codes, alike[0]
        code = codes.pair(first.codes[0], first.remarks) or codes.carc(first.codes[0])
        meaning = f": {code.means}" if code.known else ""
        why = " ".join((*first.codes, *first.remarks))
        sum_of = money(sum((each.amount for each in alike), Decimal(0)))
        self.view.console.print(Text(f"  denied {sum_of}, {why}{meaning}", style="magenta"))
        if code.do:
            self.view.console.print(Text(f"    → {code.do}"))
        places = [
            f"{each.claim}" + (f" line {each.line} {each.procedure}" if each.line else "") for each in alike
        ]
        more = f" and {len(places) - PLACES} more" if len(places) > PLACES else ""
        self.view.console.print(Text(f"    claim {', '.join(places[:PLACES])}{more}"))

    def _alike(self) -> list[list[Denial]]:
        """Denials by their codes, the largest sums first."""
        found: dict[tuple[str, ...], list[Denial]] = {}
        for denial in self.denied:
            found.setdefault((*denial.codes, "", *denial.remarks), []).append(denial)
        return sorted(found.values(), key=lambda alike: -sum(each.amount for each in alike))

    def show(self, totals: PaymentTotals) -> None:
        header, console = self.header, self.view.console
        day = header.date.isoformat() if header.date else "no date"
        told = f"  {header.payer} → {header.payee}: {header.method} {header.trace}, {day}, ${money(header.amount)}"
        console.print(Text(told, style="bold"))
        self.view.show(self.table)
        if not self.view.summary and self.claims > ROWS:
            console.print(f"  and {self.claims - ROWS} more claims: --json has them all")
        for alike in [] if self.view.summary else self._alike():
            self._denied(alike)
        for each in totals.provider_adjustments:
            means = self.view.codes.plb(each.code).means
            told = f"  provider adjustment {each.code} {each.reference}: {money(each.amount)} ({means})"
            console.print(Text(told))
        console.print(f"  {totals.claims} claims, charged {money(totals.charge)}, paid {money(totals.paid)}")
        _balance(console, totals.balance)


def _statuses(view: View, report: StatusReport) -> None:
    view.console.print(
        Text(f"  {report.payer} → {report.receiver}: {len(report.claims)} claims", style="bold")
    )
    table = _table("Claim", "Patient", "Stands", "Codes", "Amount", "What it means")
    for claim in report.claims:
        shown = "  ".join(":".join(filter(None, (c.category, c.code, c.entity))) for c in claim.codes)
        means = " ".join(dict.fromkeys(view.codes.status(each.code).means for each in claim.codes))
        said = " ".join(filter(None, (means, *(status.message for status in claim.statuses))))
        number = claim.patient_control_number
        table.add_row(number, claim.patient, claim.standing.value, shown, money(claim.amount), said)
    view.show(table)
    _balance(view.console, report.balance)


def _acknowledged(view: View, report: Acknowledgment) -> None:
    told = "accepted" if report.accepted else "NOT ACCEPTED"
    view.console.print(
        Text(f"  group {report.group} ({report.functional}): {report.code} {told}", style="bold")
    )
    table = _table("Set", "Type", "Answer", "Faults")
    for each in report.sets:
        faults = "; ".join(
            " ".join(filter(None, (f.segment, str(f.position or ""), f.element, f"code {f.code}", f.claim)))
            for f in each.errors
        )
        table.add_row(each.control, each.type, each.code, faults)
    view.show(table)


def _envelope(view: View, ta1: InterchangeAcknowledgment) -> None:
    told = "accepted" if ta1.accepted else "NOT ACCEPTED"
    view.console.print(Text(f"  interchange {ta1.control}: {ta1.code} {told}, note {ta1.note}", style="bold"))


def _refused(rejection: Rejection, codes: Codes) -> str:
    code = codes.aaa(rejection.code)
    return f"AAA {rejection.code} {code.means} {code.do}"


def _benefits(view: View, answer: Eligibility) -> None:
    for rejection in answer.rejections:
        view.console.print(
            Text(f"  {answer.payer}: not answered, AAA {rejection.code} {rejection.follow_up}", style="red")
        )
    for subject in answer.subjects:
        view.console.print(Text(f"  {answer.payer}: {subject.name} {subject.member_id}", style="bold"))
        for rejection in subject.rejections:
            view.console.print(Text(f"  not answered: {_refused(rejection, view.codes)}", style="red"))
        table = _table(
            "Info", "For", "Services", "Insurance", "Plan", "Time", "Amount", "%", "Network", "Message"
        )
        for b in subject.benefits:
            share = "" if b.percent is None else f"{b.percent * 100:.0f}"
            services = " ".join((b.procedure, *b.service_types)).strip()
            facts = (
                view.codes.eb(b.info).means,
                b.coverage,
                services,
                b.insurance,
                b.plan,
                b.time,
                money(b.amount),
                share,
                b.network,
            )
            table.add_row(*facts, " ".join(b.messages))
        view.show(table)


def _submitted(view: View, sent: SubmittedSet) -> None:
    view.console.print(Text(f"  {sent.submitter} → {sent.receiver}: {len(sent.claims)} claims", style="bold"))
    table = _table("Claim", "Patient", "Payer", "Service", "Date", "Units", "Charge", "Diagnoses")
    for claim in sent.claims:
        diagnoses = " ".join(each.value for each in claim.diagnoses)
        who = (Text(claim.patient_control_number, style="bold"), claim.patient, claim.payer)
        table.add_row(*who, "", "", "", money(claim.charge), diagnoses)
        for line in claim.lines:
            day = line.date.isoformat() if line.date else ""
            code = " ".join([line.procedure, *line.modifiers])
            table.add_row("", "", "", code, day, str(line.units or ""), money(line.charge), "")
    view.show(table)


def _lockbox(view: View, file: LockboxFile) -> None:
    table = _table("Lockbox", "Batch", "Check", "Amount", "Remitter", "Invoices")
    for box in file.lockboxes:
        for batch in box.batches:
            for check in batch.checks:
                invoices = "  ".join(f"{each.number} {money(each.amount)}".strip() for each in check.invoices)
                amount = money(check.amount)
                table.add_row(box.number, batch.number, check.check_number, amount, check.remitter, invoices)
        view.console.print(
            Text(f"  lockbox {box.number}: {box.count} checks, {money(box.total)}", style="bold")
        )
    view.show(table)
    _balance(view.console, file.balance)


def _bank(view: View, file: Bai2File) -> None:
    for group in file.groups:
        for account in group.accounts:
            told = f"  account {account.number}: {len(account.transactions)} transactions"
            view.console.print(Text(told, style="bold"))
            table = _table("Type", "Amount", "Bank reference", "Customer reference", "Text")
            for each in account.transactions:
                text = " ".join(each.text.split())
                references = (each.bank_reference, each.customer_reference)
                table.add_row(each.type, money(each.amount), *references, text)
            view.show(table)
    _balance(view.console, file.balance)


_VIEWS: dict[type[Record], Callable[[View, Any], None]] = {
    StatusReport: _statuses,
    Acknowledgment: _acknowledged,
    InterchangeAcknowledgment: _envelope,
    Eligibility: _benefits,
    SubmittedSet: _submitted,
    LockboxFile: _lockbox,
    Bai2File: _bank,
}
