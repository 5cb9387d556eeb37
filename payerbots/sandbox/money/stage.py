"""Where payments, their papers and their money come together while a world is made."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from payerbots.sandbox.money.calendar import bank_day
from payerbots.sandbox.money.desk import USUAL, Desk, Terms
from payerbots.sandbox.money.payers import SUMMIT
from payerbots.sandbox.money.records import Deposit, Form, Hold, Kind, Paper, Part, Payer, Payment, Road

if TYPE_CHECKING:
    from decimal import Decimal
    from random import Random

    from payerbots.sandbox.eob import Claim

NOON = 12


class Stage:
    """Collects what scenarios make. Days are counted back in bank days: `on(1)` is the last one before today."""

    def __init__(self, rng: Random, today: date, desk: Desk) -> None:
        self.rng = rng
        self.today = today
        self.desk = desk
        self.papers: list[Paper] = []
        self.deposits: list[Deposit] = []
        self.holds: list[Hold] = []
        self._documents = rng.randrange(1_200, 3_900)
        self._references = rng.randrange(20_000, 70_000)

    def on(self, back: int) -> date:
        """The bank day so many bank days before today."""
        return bank_day(self.today, -back)

    @property
    def tomorrow(self) -> datetime:
        """When what is late comes."""
        return datetime.combine(self.today + timedelta(days=1), time(NOON), tzinfo=UTC)

    # -- papers -----------------------------------------------------------------------------------------------

    def paper(self, road: Road, day: date, *payments: Payment, **more: object) -> Paper:
        """A file on a road, posted on the day in the small hours."""
        self._documents += 1
        posted = self.posted(day)
        known = {"available_from": posted, "form": Form.X12, **more}
        made = Paper(
            road=road,
            name=self._name(road, day, payments[0].payer),
            payments=payments,
            posted_at=posted,
            control=self._documents,
            **known,  # type: ignore[arg-type]  # fields by their names
        )
        self.papers.append(made)
        return made

    def posted(self, day: date) -> datetime:
        """Some time in the early morning of the day."""
        minutes = self.rng.randint(0, 250)
        return datetime.combine(day, time(5), tzinfo=UTC) + timedelta(minutes=minutes)

    def _name(self, road: Road, day: date, payer: Payer) -> str:
        number = self._documents
        if road is Road.SUMMIT:
            return f"RA-{day:%y%j}-{number:05d}"
        if road is Road.CLEARINGHOUSE:
            return f"ERA_{payer.payer_id}_{day:%Y%m%d}_{number:05d}.835"
        return f"{day:%y%j}{number:05d}"

    # -- money ------------------------------------------------------------------------------------------------

    def ach(
        self, payment: Payment, *, addenda: bool = True, amount: Decimal | None = None, back: int = 0
    ) -> Deposit:
        """The credit of an electronic payment, on its own day or so many bank days later."""
        check, payer = payment.check, payment.payer
        paid = check.amount if amount is None else amount
        return self.deposit(
            Deposit(
                key="",
                day=bank_day(check.date, back) if back else check.date,
                kind=Kind.WIRE if check.method == "FWT" else Kind.ACH,
                amount=paid,
                company=payer.bank_name,
                company_id=payer.trn,
                trace=check.number if addenda else "",
                parts=(Part(payment=payment.key, amount=paid),),
                why="trace" if addenda else "amount",
                case=payment.case,
            )
        )

    def cashed(
        self, payment: Payment, back: int, *, number: str = "", amount: Decimal | None = None
    ) -> Deposit:
        """The check of a payment, opened at the lockbox on the bank day; number and amount as the bank reads them."""
        check, payer = payment.check, payment.payer
        paid = check.amount if amount is None else amount
        return self.deposit(
            Deposit(
                key="",
                day=self.on(back),
                kind=Kind.CHECK,
                amount=paid,
                company=payer.bank_name,
                check_number=number or check.number,
                routing=payer.routing,
                account=f"{int(payer.trn) % 10**8:010d}",
                parts=(Part(payment=payment.key, amount=paid),),
                why="number",
                case=payment.case,
            )
        )

    def deposit(self, draft: Deposit) -> Deposit:
        """Keep a deposit, with a reference of the bank."""
        self._references += self.rng.randint(3, 90)
        key = f"deposit-{len(self.deposits) + 1:02d}"
        reference = f"{draft.day:%y%m%d}{self._references:07d}"
        made = replace(draft, key=key, reference=draft.reference or reference)
        self.deposits.append(made)
        return made

    def change(self, deposit: Deposit, **fields: object) -> Deposit:
        """Put another deposit in the place of one."""
        made = replace(deposit, **fields)  # type: ignore[arg-type]  # fields by their names
        self.deposits[self.deposits.index(deposit)] = made
        return made

    # -- the usual --------------------------------------------------------------------------------------------

    def usual(self, payer: Payer, back: int, claims: int, terms: Terms = USUAL) -> Payment:
        """A payment of usual claims with its money in the bank, and no paper yet."""
        payment = self.desk.ordinary(payer, self.on(back), claims, terms)
        self.ach(payment)
        return payment

    def at_summit(self, payment: Payment, *, early: bool = False, **more: object) -> Paper:
        """The payment's remittance at Summit's portal: on its own day, or a bank day before."""
        day = payment.check.date
        known = {"also_eob": True, **more}
        return self.paper(Road.SUMMIT, bank_day(day, -1) if early else day, payment, **known)

    def summit(self, back: int, claims: list[Claim], terms: Terms = USUAL, payer: Payer = SUMMIT) -> Payment:
        """A payment of certain claims with its money and its paper at Summit's portal."""
        payment = self.desk.pay(payer, self.on(back), claims, terms)
        if payment.check.amount:
            self.ach(payment)
        self.at_summit(payment)
        return payment

    def hold(self, reason: str, payment: Payment, what: str, dollars: Decimal) -> None:
        """Note what goes to a person although its payment is posted."""
        self.holds.append(Hold(reason=reason, payment=payment.key, what=what, dollars=dollars))
