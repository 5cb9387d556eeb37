"""What a bank says: the account report (BAI2) and the checks that came to a lockbox (BAI lockbox).

Field names are the keys of `documents read --json`. Amounts are exact, in units of their currency (dollars where
none is named); `None` stands for an amount that is blank or cannot be read, and the latter is a `Problem` too.
`count`, `total` and `records` are what the bank's own trailers say; where they disagree with what was read, a
`Difference` in `balance` says so: level file, group, account (BAI2) or file, lockbox, batch, check (lockbox).
"""

import datetime as dt
from decimal import Decimal

from payerbots.domain.problems import Problem
from payerbots.domain.record import Record
from payerbots.domain.remittance import Balance


class Available(Record, frozen=True, kw_only=True):
    """A part of an amount and the days until it can be used (funds type D)."""

    days: int
    amount: Decimal | None


class Funds(Record, frozen=True, kw_only=True):
    """When an amount can be used."""

    type: str = ""
    """0 at once, 1 next day, 2 second day, S three parts, V on a date, D a list; blank and Z unknown."""
    immediate: Decimal | None = None
    one_day: Decimal | None = None
    two_days: Decimal | None = None
    """The second day or later."""
    date: dt.date | None = None
    time: str = ""
    distribution: tuple[Available, ...] = ()


class Summary(Record, frozen=True, kw_only=True):
    """A balance or a sum of the day (03). `direction` is `credit`, `debit` or empty for a balance."""

    type: str
    description: str = ""
    direction: str = ""
    amount: Decimal | None = None
    count: int | None = None
    funds: Funds = Funds()


class BankTransaction(Record, frozen=True, kw_only=True):
    """One movement (16). `text` keeps the line breaks of its continuations (88); ACH addenda stand there."""

    type: str
    description: str = ""
    direction: str = ""
    amount: Decimal | None = None
    funds: Funds = Funds()
    bank_reference: str = ""
    customer_reference: str = ""
    text: str = ""
    line: int
    """Where it begins in the file."""


class Account(Record, frozen=True, kw_only=True):
    """One account on one day (03 to 49)."""

    number: str
    currency: str
    """Its own, or its group's, or USD."""
    summaries: tuple[Summary, ...] = ()
    transactions: tuple[BankTransaction, ...] = ()
    total: Decimal | None = None
    records: int | None = None


class Group(Record, frozen=True, kw_only=True):
    """The accounts of one bank as of one day (02 to 98)."""

    file: int
    """Which of the files in the stream it stands in, from 1."""
    receiver: str = ""
    originator: str = ""
    status: str = ""
    """1 update, 2 deletion, 3 correction, 4 test."""
    as_of_date: dt.date | None = None
    as_of_time: str = ""
    """As written: 2400 and 9999 are the end of the day."""
    currency: str = ""
    as_of_modifier: str = ""
    """1 interim and 2 final of the day before, 3 interim and 4 final of the same day."""
    accounts: tuple[Account, ...] = ()
    total: Decimal | None = None
    records: int | None = None


class Bai2Header(Record, frozen=True, kw_only=True):
    """One file in the stream (01 to 99)."""

    sender: str = ""
    receiver: str = ""
    date: dt.date | None = None
    time: str = ""
    identification: str = ""
    """With sender and date it tells a file that came twice."""
    record_length: int | None = None
    block_size: int | None = None
    version: str = ""
    total: Decimal | None = None
    records: int | None = None


class Bai2File(Record, frozen=True, kw_only=True):
    """All that a BAI2 stream holds. `balance.ok` says that every trailer was there and held."""

    files: tuple[Bai2Header, ...]
    groups: tuple[Group, ...]
    balance: Balance
    problems: tuple[Problem, ...] = ()


class Invoice(Record, frozen=True, kw_only=True):
    """What a check says that it pays."""

    number: str
    amount: Decimal | None = None


class LockboxCheck(Record, frozen=True, kw_only=True):
    """One check (6) with its invoices, those of its overflow records (4) included."""

    amount: Decimal | None
    check_number: str = ""
    remitter: str = ""
    routing: str = ""
    account: str = ""
    """Routing and account are the payer's own, from the check's magnetic line."""
    item: str = ""
    """Its number within the batch."""
    date: dt.date | None = None
    invoices: tuple[Invoice, ...] = ()
    line: int
    """Where it stands in the file."""


class Batch(Record, frozen=True, kw_only=True):
    """Checks that were deposited together (5 or 6 to 7)."""

    number: str
    deposit_date: dt.date | None = None
    checks: tuple[LockboxCheck, ...] = ()
    count: int | None = None
    total: Decimal | None = None


class Lockbox(Record, frozen=True, kw_only=True):
    """What one post-office box received (5 to 8)."""

    number: str
    deposit_date: dt.date | None = None
    destination: str = ""
    origin: str = ""
    batches: tuple[Batch, ...] = ()
    count: int | None = None
    total: Decimal | None = None


class LockboxFile(Record, frozen=True, kw_only=True):
    """All that a lockbox file holds. `balance.ok` says that every trailer was there and held."""

    layout: str
    """The name of the column map it was read with."""
    destination: str = ""
    origin: str = ""
    date: dt.date | None = None
    time: str = ""
    lockboxes: tuple[Lockbox, ...] = ()
    records: int | None = None
    count: int | None = None
    total: Decimal | None = None
    balance: Balance
    problems: tuple[Problem, ...] = ()
