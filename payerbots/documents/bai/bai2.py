"""BAI2, the account report of a bank: records 01, 02, 03, 16, 88, 49, 98, 99.

Rules are those of the Cash Management Balance Reporting Specifications, version 2. Forgiven: records without the
slash, blanks at the end, continuations anywhere, several files in one, trailers that are missing (a `Problem`).
Never forgiven: an amount that is no amount, a sum or a count that does not hold; `balance` is not ok then.
"""

import re
from collections.abc import Callable
from typing import BinaryIO

from payerbots.documents.bai.amounts import Money
from payerbots.documents.bai.fields import Fields, Whole, whole_records
from payerbots.documents.bai.findings import Findings, scaled
from payerbots.documents.bai.lines import lines
from payerbots.documents.bai.open_parts import OpenAccount, OpenFile, OpenGroup
from payerbots.documents.bai.type_codes import decimals_of, describe, direction
from payerbots.documents.errors import FetchAgain
from payerbots.domain.bank import Account, Bai2File, Bai2Header, BankTransaction, Group, Summary

_TYPE = re.compile(r"[0-9]{3}")


def read_bai2(stream: BinaryIO) -> Bai2File:
    """The accounts, balances and transactions of all files in the stream.

    Amounts are in units of the account's currency; control totals and record counts are proven in `balance`.
    Raises `FetchAgain` for what is empty or holds no BAI2 record at all, and nothing else.
    """
    reader = _Reader()
    for record in whole_records(lines(stream), reader.findings):
        reader.read(record)
    return reader.finish()


class _Reader:
    """The open file, group and account; what is closed is a record already."""

    def __init__(self) -> None:
        self.findings = Findings()
        self._files: list[Bai2Header] = []
        self._groups: list[Group] = []
        self._file: OpenFile | None = None
        self._group: OpenGroup | None = None
        self._account: OpenAccount | None = None
        self._seen = False
        self._line = 0
        self._steps: dict[str, Callable[[Whole, Fields], None]] = {
            "01": self._file_begins,
            "02": self._group_begins,
            "03": self._account_begins,
            "16": self._transaction,
            "49": self._account_ends,
            "98": self._group_ends,
            "99": self._file_ends,
        }

    def read(self, record: Whole) -> None:
        self._line = record.line
        if record.code in self._steps:
            self._seen = True
            self._steps[record.code](record, Fields(record))
        else:
            self._count(record)

    def finish(self) -> Bai2File:
        if not self._seen:
            raise FetchAgain("no BAI2 record in the file")
        self._close_file()
        return Bai2File(
            files=tuple(self._files),
            groups=tuple(self._groups),
            balance=self.findings.balance,
            problems=tuple(self.findings.problems),
        )

    def _count(self, record: Whole) -> None:
        """A record counts for every part that is open around it."""
        for part in (self._file, self._group, self._account):
            if part is not None:
                part.records += len(record)

    # -- files ------------------------------------------------------------------------------------------------

    def _file_begins(self, record: Whole, fields: Fields) -> None:
        self._close_file()
        take = Money(fields, self.findings, "file", "01")
        header = Bai2Header(
            sender=fields.take(),
            receiver=fields.take(),
            date=take.date("date"),
            time=fields.take(),
            identification=fields.take(),
            record_length=take.count("record length"),
            block_size=take.count("block size"),
            version=fields.take(),
        )
        self._file = OpenFile(header, len(self._files) + 1)
        self._count(record)

    def _open_file(self) -> OpenFile:
        if self._file is None:
            self.findings.unproven("file", self._line, "record 01 is missing")
            self._file = OpenFile(Bai2Header(), len(self._files) + 1)
        return self._file

    def _file_ends(self, record: Whole, fields: Fields) -> None:
        self._close_group()
        file = self._open_file()
        self._count(record)
        take = Money(fields, self.findings, "file", "99")
        total, groups, records = take.trailing_total("file total"), *self._counts(take, "number of groups")
        where = f"file {file.number}"
        self.findings.prove("file", where, expected=total or 0, found=file.units, decimals=2)
        self.findings.prove("file", f"{where} groups", expected=groups, found=file.parts)
        self.findings.prove("file", f"{where} records", expected=records, found=file.records)
        self._files.append(file.closed(None if total is None else scaled(total, 2), records))
        self._file = None

    def _close_file(self) -> None:
        self._close_group()
        if self._file is not None:
            self._missing("file", "99")
            self._files.append(self._file.closed(None, None))
            self._file = None

    # -- groups -----------------------------------------------------------------------------------------------

    def _group_begins(self, record: Whole, fields: Fields) -> None:
        self._close_group()
        file = self._open_file()
        take = Money(fields, self.findings, "group", "02")
        group = Group(
            file=file.number,
            receiver=fields.take(),
            originator=fields.take(),
            status=fields.take(),
            as_of_date=take.date("as-of date"),
            as_of_time=fields.take(),
            currency=fields.take().upper(),
            as_of_modifier=fields.take(),
        )
        self._group = OpenGroup(group, file.parts + 1)
        self._count(record)

    def _open_group(self) -> OpenGroup:
        if self._group is None:
            file = self._open_file()
            self.findings.unproven("group", self._line, "record 02 is missing")
            self._group = OpenGroup(Group(file=file.number), file.parts + 1)
        return self._group

    def _group_ends(self, record: Whole, fields: Fields) -> None:
        self._close_account()
        group = self._open_group()
        self._count(record)
        take = Money(fields, self.findings, "group", "98", group.decimals)
        total, accounts, records = (
            take.trailing_total("group total"),
            *self._counts(take, "number of accounts"),
        )
        prove, where = self.findings.prove, self._where(group)
        prove("group", where, expected=total or 0, found=group.units, decimals=group.decimals)
        prove("group", f"{where} accounts", expected=accounts, found=group.parts)
        prove("group", f"{where} records", expected=records, found=group.records)
        self._keep_group(group, total, records)

    def _close_group(self) -> None:
        self._close_account()
        if self._group is not None:
            self._missing("group", "98")
            self._keep_group(self._group, None, None)

    def _keep_group(self, group: OpenGroup, total: int | None, records: int | None) -> None:
        self._groups.append(group.closed(total, records))
        self._open_file().add(group.units if total is None else total)
        self._group = None

    # -- accounts ---------------------------------------------------------------------------------------------

    def _account_begins(self, record: Whole, fields: Fields) -> None:
        self._close_account()
        group = self._open_group()
        number, currency = fields.take(), fields.take().upper() or group.currency
        self._account = account = OpenAccount(number, currency, group.parts + 1)
        self._count(record)
        take = Money(fields, self.findings, "account", "03", decimals_of(currency))
        while fields.more:
            self._summary(account, take)

    def _summary(self, account: OpenAccount, take: Money) -> None:
        """A type code, an amount, a count and funds; blanks where a line ends are no type code."""
        code = take.fields.take()
        if not code:
            account.blanks = 0 if take.fields.at_join else account.blanks + 1
            return
        if not _TYPE.fullmatch(code) or account.blanks % 4:
            place = f"record 03, field {take.fields.number} (type code)"
            self.findings.unproven("account", take.fields.line, f"{place}: expected three digits here")
        account.blanks = 0
        units = take.units("amount")
        account.units += units or 0
        account.summaries.append(
            Summary(
                type=code,
                description=describe(code),
                direction=direction(code),
                amount=None if units is None else scaled(units, take.decimals),
                count=take.count("item count"),
                funds=take.funds(),
            )
        )

    def _open_account(self) -> OpenAccount:
        if self._account is None:
            group = self._open_group()
            self.findings.unproven("account", self._line, "record 03 is missing")
            self._account = OpenAccount("", group.currency, group.parts + 1)
        return self._account

    def _transaction(self, record: Whole, fields: Fields) -> None:
        account = self._open_account()
        self._count(record)
        take = Money(fields, self.findings, "transaction", "16", decimals_of(account.currency))
        code = fields.take()
        if not _TYPE.fullmatch(code):
            self.findings.unproven("transaction", record.line, "record 16, field 2: expected a type code")
        units = take.units("amount")
        account.units += units or 0
        account.transactions.append(
            BankTransaction(
                type=code,
                description=describe(code),
                direction=direction(code),
                amount=None if units is None else scaled(units, take.decimals),
                funds=take.funds(),
                bank_reference=fields.take(),
                customer_reference=fields.take(),
                text=fields.rest(),
                line=record.line,
            )
        )

    def _account_ends(self, record: Whole, fields: Fields) -> None:
        account = self._open_account()
        self._count(record)
        decimals = decimals_of(account.currency)
        take = Money(fields, self.findings, "account", "49", decimals)
        total, records = take.trailing_total("account total"), take.trailing_count("number of records")
        prove, where = (
            self.findings.prove,
            f"{self._where(self._open_group())} account {account.number_in_group}",
        )
        prove("account", where, expected=total or 0, found=account.units, decimals=decimals)
        prove("account", f"{where} records", expected=records or 0, found=account.records)
        self._keep_account(account, total, records)

    def _close_account(self) -> None:
        if self._account is not None:
            self._missing("account", "49")
            self._keep_account(self._account, None, None)

    def _keep_account(self, account: OpenAccount, total: int | None, records: int | None) -> None:
        closed: Account = account.closed(total, records)
        self._open_group().add(closed, account.units if total is None else total)
        self._account = None

    # -- trailers ---------------------------------------------------------------------------------------------

    def _missing(self, level: str, code: str) -> None:
        self.findings.unproven(level, self._line, f"record {code} is missing: the {level} was cut off")

    @staticmethod
    def _counts(take: Money, parts: str) -> tuple[int, int]:
        """The two numbers of a trailer; a blank one is 0, which nothing that holds a record agrees with."""
        return take.trailing_count(parts) or 0, take.trailing_count("number of records") or 0

    def _where(self, group: OpenGroup) -> str:
        file = self._open_file()
        return f"file {file.number} group {group.number}" if file.number > 1 else f"group {group.number}"
