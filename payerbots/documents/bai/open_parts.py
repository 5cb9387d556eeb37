"""The parts of a BAI2 file that have begun and not ended, with the sums so far."""

from dataclasses import dataclass, field
from decimal import Decimal

import msgspec

from payerbots.documents.bai.findings import scaled
from payerbots.documents.bai.type_codes import decimals_of
from payerbots.domain.bank import Account, Bai2Header, BankTransaction, Group, Summary

USUAL_CURRENCY = "USD"


@dataclass(slots=True)
class OpenFile:
    """`units` sums the totals of its groups, `parts` counts them; `number` is its place in the stream."""

    header: Bai2Header
    number: int
    units: int = 0
    parts: int = 0
    records: int = 0

    def add(self, units: int) -> None:
        """Takes a group's total."""
        self.units += units
        self.parts += 1

    def closed(self, total: Decimal | None, records: int | None) -> Bai2Header:
        """The file as its trailer left it."""
        return msgspec.structs.replace(self.header, total=total, records=records)


@dataclass(slots=True)
class OpenGroup:
    """`units` sums the totals of its accounts; `number` is its place in the file."""

    header: Group
    number: int
    units: int = 0
    records: int = 0
    accounts: list[Account] = field(default_factory=list)

    @property
    def parts(self) -> int:
        """How many accounts have ended."""
        return len(self.accounts)

    @property
    def currency(self) -> str:
        """What its accounts have that name none."""
        return self.header.currency or USUAL_CURRENCY

    @property
    def decimals(self) -> int:
        """The decimals of its own total."""
        return decimals_of(self.currency)

    def add(self, account: Account, units: int) -> None:
        """Takes an account and its total."""
        self.accounts.append(account)
        self.units += units

    def closed(self, total: int | None, records: int | None) -> Group:
        """The group as its trailer left it."""
        amount = None if total is None else scaled(total, self.decimals)
        accounts = tuple(self.accounts)
        return msgspec.structs.replace(self.header, accounts=accounts, total=amount, records=records)


@dataclass(slots=True)
class OpenAccount:
    """`units` sums summaries and transactions; `blanks` counts those since the last type code, within a line."""

    number: str
    currency: str
    number_in_group: int
    units: int = 0
    records: int = 0
    blanks: int = 0
    summaries: list[Summary] = field(default_factory=list)
    transactions: list[BankTransaction] = field(default_factory=list)

    def closed(self, total: int | None, records: int | None) -> Account:
        """The account as its trailer left it."""
        return Account(
            number=self.number,
            currency=self.currency,
            summaries=tuple(self.summaries),
            transactions=tuple(self.transactions),
            total=None if total is None else scaled(total, decimals_of(self.currency)),
            records=records,
        )
