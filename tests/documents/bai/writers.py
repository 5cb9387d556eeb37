"""Writes what the readers read: the same model in the banks' own form."""

from decimal import Decimal
from itertools import groupby

from payerbots.documents.bai.columns import Span
from payerbots.documents.bai.layout import Layout, Map
from payerbots.domain.bank import Account, Batch, Funds, Group, Invoice, Lockbox, LockboxCheck


def cents(amount: Decimal | None, width: int = 0) -> str:
    return "" if amount is None else f"{int(amount * 100):0{width}d}"


# -- BAI2 -----------------------------------------------------------------------------------------------------


def funds_fields(funds: Funds) -> list[str]:
    if funds.type == "S":
        return ["S", *(cents(part) for part in (funds.immediate, funds.one_day, funds.two_days))]
    if funds.type == "V":
        return ["V", f"{funds.date:%y%m%d}" if funds.date else "", funds.time]
    parts = [value for part in funds.distribution for value in (str(part.days), cents(part.amount))]
    return ["D", str(len(funds.distribution)), *parts] if funds.type == "D" else [funds.type]


def split(code: str, fields: list[str], every: int) -> list[str]:
    """The record over as many lines as its fields need."""
    rows = [fields[at : at + every] for at in range(0, len(fields), every)]
    return [f"{code if at == 0 else '88'},{','.join(row)}/" for at, row in enumerate(rows)]


def account_lines(account: Account, every: int) -> list[str]:
    fields = [account.number, account.currency]
    for one in account.summaries:
        count = "" if one.count is None else str(one.count)
        fields += [one.type, cents(one.amount), count, *funds_fields(one.funds)]
    lines = split("03", fields, every)
    for move in account.transactions:
        first, *more = move.text.split("\n")
        fields = [move.type, cents(move.amount), *funds_fields(move.funds)]
        lines += split("16", [*fields, move.bank_reference, move.customer_reference], every)
        lines += [f"88,{text}" for text in (first, *more) if move.text]
    return [*lines, f"49,{cents(total_of(account))},{len(lines) + 1}/"]


def total_of(account: Account) -> Decimal:
    amounts = [one.amount for one in account.summaries] + [move.amount for move in account.transactions]
    return sum((amount for amount in amounts if amount is not None), Decimal(0))


def bai2(groups: tuple[Group, ...], every: int) -> bytes:
    lines = ["01,BANK,OFFICE,260309,0630,1,,,2/"]
    for group in groups:
        inner = [line for account in group.accounts for line in account_lines(account, every)]
        total = cents(sum((total_of(account) for account in group.accounts), Decimal(0)))
        begin = f"02,{group.receiver},{group.originator},1,{group.as_of_date:%y%m%d},2359,{group.currency},/"
        lines += [begin, *inner, f"98,{total},{len(group.accounts)},{len(inner) + 2}/"]
    accounts = [account for group in groups for account in group.accounts]
    total = cents(sum(map(total_of, accounts), Decimal(0)))
    return "\n".join([*lines, f"99,{total},{len(groups)},{len(lines) + 1}/"]).encode()


# -- lockbox --------------------------------------------------------------------------------------------------


def record(kind: str, columns: Map, values: dict[str, str], invoices: tuple[Invoice, ...] = ()) -> str:
    """Puts each value where the layout wants it; numbers are padded with zeros, texts with blanks."""
    cells = list(kind.ljust(4096))
    for place, span in columns.spans():
        value = str(values.get(str(place[0]), ""))
        if place[0] == "invoices" and isinstance(place[1], int):
            invoice = invoices[place[1]] if place[1] < len(invoices) else Invoice(number="")
            value = invoice.number if place[2] == "number" else cents(invoice.amount)
        put(cells, span, value, digits=place[-1] in {"amount", "count", "total", "records", "sequence"})
    return "".join(cells).rstrip()


def put(cells: list[str], span: Span, value: str, *, digits: bool) -> None:
    width = span.last - span.first + 1
    assert len(value) <= width
    padded = value.zfill(width) if digits and value else value.ljust(width)
    cells[span.first - 1 : span.last] = padded


def lockbox(boxes: tuple[Lockbox, ...], layout: Layout) -> bytes:
    lines = [record("1", layout.file_header, {"destination": "OFFICE", "origin": "BANK"})]
    for box in boxes:
        lines += box_lines(box, layout)
    checks = [check for box in boxes for batch in box.batches for check in batch.checks]
    sums = {"records": str(len(lines) + 1), **totals(checks)}
    return "\n".join([*lines, record("9", layout.trailer, sums)]).encode()


def totals(checks: list[LockboxCheck]) -> dict[str, str]:
    total = sum((check.amount or Decimal(0) for check in checks), Decimal(0))
    return {"count": str(len(checks)), "total": cents(total)}


def box_lines(box: Lockbox, layout: Layout) -> list[str]:
    lines = []
    for at, batch in enumerate(box.batches):
        if layout.lockbox_header.batch or at == 0:
            lines.append(record("5", layout.lockbox_header, {"lockbox": box.number, "batch": batch.number}))
        lines += batch_lines(batch, box.number, layout)
    checks = [check for batch in box.batches for check in batch.checks]
    return [*lines, record("8", layout.lockbox_total, {"lockbox": box.number, **totals(checks)})]


def batch_lines(batch: Batch, box: str, layout: Layout) -> list[str]:
    place = {"batch": batch.number, "lockbox": box}
    lines = [line for check in batch.checks for line in check_lines(check, batch.number, layout)]
    return [*lines, record("7", layout.batch_total, {**place, **totals(list(batch.checks))})]


def check_lines(check: LockboxCheck, batch: str, layout: Layout) -> list[str]:
    assert layout.overflow is not None
    texts = {name: str(getattr(check, name)) for name in ("check_number", "remitter", "routing", "account")}
    place = {"batch": batch, "item": check.item}
    beside, room = len(layout.check.pairs), len(layout.overflow.pairs)
    values = {**texts, **place, "amount": cents(check.amount)}
    lines = [record("6", layout.check, values, check.invoices[:beside])]
    left = list(enumerate(check.invoices[beside:]))
    rows = [tuple(invoice for _, invoice in row) for _, row in groupby(left, lambda pair: pair[0] // room)]
    for number, row in enumerate(rows, 1):
        mark = layout.last_mark if number == len(rows) else ""
        values = {**place, "sequence": str(number), "last": mark}
        lines.append(record("4", layout.overflow, values, row))
    return lines
