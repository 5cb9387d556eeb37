"""A payment of an EOB while it is read, and the `Remittance` that it becomes, its printed totals proven."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from payerbots.documents.pdf.cells import REASON, REMARK, amount, day
from payerbots.documents.pdf.template import Template
from payerbots.documents.x12.values import NUMBERS, Unreadable
from payerbots.domain.balancing import Sums
from payerbots.domain.problems import Problem
from payerbots.domain.remittance import Adjustment, Claim, Line, ProviderAdjustment, Remittance

ZERO = Decimal(0)
_ADJUSTMENT = re.compile(r"(CO|PR|OA|PI) (\w{1,4})")
_CLAIM_CELLS = ("patient", "member_id", "control", "payer_claim_number")
_RUNS_OVER = frozenset(
    {"modifiers", "remarks", "patient", "payer_claim_number", "reason", "reduced", "reason_amount"}
)
Cells = Mapping[str, str]


@dataclass(slots=True)
class _Line:
    """A row of the table with those that it runs over to."""

    rows: list[dict[str, str]]

    def text(self, holds: str) -> str:
        return " ".join(row[holds] for row in self.rows if holds in row)


@dataclass(slots=True)
class _Claim:
    facts: dict[str, str]
    lines: list[_Line] = field(default_factory=list)
    printed: dict[str, Decimal] = field(default_factory=dict)
    where: str = ""


class OpenPayment:
    """Takes what rows say; `made` gives the payment."""

    def __init__(self, template: Template, problems: list[Problem], payer: str) -> None:
        self.unproven = False
        self.waiting: dict[str, str] = {}
        self._template = template
        self._payer = payer
        self._problems = problems
        self._facts: dict[str, str] = {}
        self._claims: list[_Claim] = []
        self._open = False
        self._moved: list[ProviderAdjustment] = []
        self._printed: dict[str, Decimal] = {}

    @property
    def begun(self) -> bool:
        """Whether a check number was found."""
        return "trace" in self._facts

    def another(self, facts: Cells) -> bool:
        """Whether these facts belong to the next payment."""
        return self.begun and "trace" in facts and facts["trace"] != self._facts["trace"]

    def take(self, facts: Cells, where: str) -> None:
        """Facts of the payment; what is printed again on each page must be the same.

        After claims they wait for the check number: it says whether they are of the next payment.
        """
        if self._claims and "trace" not in facts:
            self.waiting |= facts
            return
        for name, value in facts.items():
            if self._facts.setdefault(name, value) != value:
                self._note("payment", where, f"two values for {name}: the first is taken")

    # -- claims and lines ---------------------------------------------------------------------------------

    def claim_facts(self, facts: dict[str, str], where: str) -> None:
        """Facts of a claim; with a patient a claim begins."""
        if "patient" in facts:
            self._claims.append(_Claim({}, where=where))
            self._open = True
        if not self._open:
            return
        claim = self._claims[-1]
        for name in ("charge", "paid"):
            if name in facts:
                self._print(claim, name, facts[name], where)
        if "patient_more" in facts:
            claim.facts["patient"] += " " + facts["patient_more"]
        if "remarks" in facts and claim.lines:
            claim.lines[-1].rows.append({"remarks": facts["remarks"]})
        elif "remarks" in facts:
            claim.facts["remarks"] = facts["remarks"]
        claim.facts |= {name: value for name, value in facts.items() if name in {*_CLAIM_CELLS, "status"}}

    def line(self, cells: dict[str, str], where: str) -> None:
        """A line; where rows name their claim, another number begins another claim."""
        if self._template.one_row_each:
            number = (cells.get("payer_claim_number"), cells.get("control"))
            if not self._open or number != _number(self._claims[-1]):
                self._claims.append(_Claim(dict(cells), where=where))
                self._open = True
        if not self._open:
            self._note("line", where, "a line that stands under no claim: left out", money=True)
            return
        self._claims[-1].lines.append(_Line([cells]))

    def more(self, cells: dict[str, str]) -> bool:
        """Takes a row that the line above runs over to; False when it is none."""
        if not self._open or not self._claims[-1].lines or not set(cells) <= _RUNS_OVER | {"nothing"}:
            return False
        self._claims[-1].lines[-1].rows.append(cells)
        return True

    def lost(self, where: str) -> None:
        """A row with amounts that is neither a line nor a part of one."""
        self._note("line", where, "a row with amounts that fits no line: left out", money=True)

    def total(self, found: Cells, where: str) -> None:
        """The printed totals of the payment."""
        self.end_claim()
        for name, text in found.items():
            value = Decimal(text) if name == "claims" and text.isdecimal() else amount(text)
            if value is None:
                self._note("payment", where, f"the printed total of {name} cannot be read", money=True)
            else:
                self._printed[name] = value

    def claim_total(self, cells: Cells, where: str) -> None:
        """The printed totals of the claim."""
        if self._open:
            for name in ("charge", "paid"):
                if name in cells:
                    self._print(self._claims[-1], name, cells[name].split()[-1], where)

    def end_claim(self) -> None:
        """What follows belongs to no claim."""
        self._open = False

    def move(self, found: Cells, where: str) -> None:
        """A provider adjustment."""
        self.end_claim()
        value = amount(found["amount"])
        if value is None:
            self._note("payment", where, "the amount of a provider adjustment cannot be read", money=True)
            return
        value = -value if self._template.negative_lowers else value
        code = self._template.codes.get(found["code"], found["code"])
        self._moved.append(
            ProviderAdjustment(code=code, reference=found.get("reference") or "", amount=value)
        )

    def _print(self, claim: _Claim, name: str, text: str, where: str) -> None:
        value = amount(text)
        if value is None:
            self._note("claim", where, f"the printed total of {name} cannot be read", money=True)
        else:
            claim.printed[name] = value

    # -- the record ---------------------------------------------------------------------------------------

    def made(self) -> Remittance:
        """The payment; sums of lines, printed totals of claims and the check's amount are proven."""
        template, facts, sums = self._template, self._facts, Sums()
        claims = tuple(self._claim(number, claim) for number, claim in enumerate(self._claims, 1))
        for claim, opened in zip(claims, self._claims, strict=True):
            sums.add(claim)
            lines = sum((line.charge for line in claim.lines), ZERO)
            if lines != claim.charge:
                sums.differ("claim", f"{opened.where} claim {claim.number} charge", lines, claim.charge)
        found = {"claims": Decimal(sums.claims), "charge": sums.charge, "paid": sums.paid}
        for name, printed in self._printed.items():
            if found[name] != printed:
                sums.differ("transaction", f"total {name}", found[name], printed)
        total = self._amount(facts.get("amount", ""), "payment", "the payment's amount")
        day_of = day(facts.get("date", ""), template.dates)
        if day_of is None:
            self._note("payment", "start", "the payment's date cannot be read")
        moved = tuple(self._moved)
        sums.wrong = sums.wrong or self.unproven
        return Remittance(
            control=facts["trace"],
            payer=facts.get("payer", self._payer),
            payer_id="",
            payee=facts.get("payee", ""),
            payee_npi=facts.get("npi", ""),
            trace=facts["trace"],
            method=template.methods.get(facts.get("method", ""), "CHK"),
            amount=total,
            date=day_of,
            claims=claims,
            provider_adjustments=moved,
            balance=sums.balance(total, moved),
        )

    def _claim(self, number: int, opened: _Claim) -> Claim:
        facts = opened.facts
        lines = tuple(self._line(line, f"{opened.where} claim {number}") for line in opened.lines)
        charge = opened.printed.get("charge", sum((line.charge for line in lines), ZERO))
        paid = opened.printed.get("paid", sum((line.paid for line in lines), ZERO))
        status = self._template.statuses.get(facts.get("status", ""), "1")
        if self._template.reversed_when_negative and charge < 0:
            status = "22"
        share = [each.amount for line in lines for each in line.adjustments if each.group == "PR"]
        return Claim(
            patient_control_number=facts.get("control", ""),
            status=status,
            charge=charge,
            paid=paid,
            patient_responsibility=sum(share, ZERO) if share else None,
            payer_claim_number=facts.get("payer_claim_number", ""),
            patient=self._patient(opened),
            member_id=facts.get("member_id", ""),
            remarks=tuple(REMARK.findall(facts.get("remarks", "")))
            if not self._template.one_row_each
            else (),
            lines=lines,
            number=number,
        )

    def _patient(self, opened: _Claim) -> str:
        """`LAST, FIRST MIDDLE`, however the payer writes it."""
        written = opened.facts.get("patient", "")
        if self._template.one_row_each and opened.lines:
            written = opened.lines[0].text("patient")
        words = written.split()
        if self._template.names == "last, first" or len(words) < 2:  # noqa: PLR2004 - a first and a last name
            return written
        if self._template.names == "first last":
            return f"{words[-1]}, {' '.join(words[:-1])}"
        return f"{words[0]}, {' '.join(words[1:])}"

    def _line(self, line: _Line, where: str) -> Line:
        code, *more = line.text("code").split("-") if line.text("code") else (line.text("procedure"),)
        first, last = self._days(line)
        units = line.text("units")
        return Line(
            procedure=code,
            modifiers=tuple(more) or tuple(line.text("modifiers").split()),
            charge=self._amount(line.text("charge"), "line", "a charge", where),
            paid=self._amount(line.text("paid"), "line", "what was paid", where),
            allowed=self._amount(line.text("allowed"), "line", "what was allowed", where)
            if line.text("allowed")
            else None,
            units=self._units(units, where),
            date=first,
            date_to=last if last != first else None,
            remarks=tuple(REMARK.findall(line.text("remarks"))),
            adjustments=self._adjustments(line, where),
            procedure_qualifier="HC",
        )

    def _units(self, text: str, where: str) -> Decimal | None:
        if not text:
            return None
        try:
            return NUMBERS[text]
        except Unreadable as error:
            self._note("line", where, f"the units are {error}")
            return None

    def _days(self, line: _Line) -> tuple[date | None, date | None]:
        formats = self._template.dates
        if line.text("dates"):
            first, _, last = line.text("dates").partition(" - ")
            return day(first, formats), day(last, formats) if last else None
        return day(line.text("from"), formats), day(line.text("to"), formats)

    def _adjustments(self, line: _Line, where: str) -> tuple[Adjustment, ...]:
        found = []
        for column in self._template.columns:
            own = _ADJUSTMENT.fullmatch(column.holds)
            text = line.text(column.holds)
            if own is not None and text:
                found.append((own[1], own[2], self._amount(text, "line", "an adjustment", where)))
        for row in line.rows:
            reason, text = row.get("reason", ""), row.get("reduced", "")
            if "reason_amount" in row:
                reason, _, text = row["reason_amount"].rpartition(" ")
            if reason or text:
                found.append(self._reason(reason, text, where))
        return tuple(
            Adjustment(group=group, code=code, amount=value) for group, code, value in found if value
        )

    def _reason(self, reason: str, text: str, where: str) -> tuple[str, str, Decimal]:
        named = REASON.fullmatch(reason)
        if named is None:
            self._note("line", where, "a reason that cannot be read", money=True)
        group, code = (named[1], named[2]) if named else ("", "")
        return group, code, self._amount(text, "line", "an adjustment", where)

    def _amount(self, text: str, level: str, what: str, where: str = "start") -> Decimal:
        value = amount(text)
        if value is None:
            self._note(level, where, f"{what} cannot be read", money=True)
            return ZERO
        return value

    def _note(self, level: str, where: str, what: str, *, money: bool = False) -> None:
        self.unproven = self.unproven or money
        self._problems.append(Problem(level=level, where=where, what=what))


def _number(claim: _Claim) -> tuple[str | None, str | None]:
    return claim.facts.get("payer_claim_number"), claim.facts.get("control")
