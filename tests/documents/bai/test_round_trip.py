"""Whatever is written as the formats demand is read back equal, and proven."""

import datetime as dt
from decimal import Decimal
from io import BytesIO
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payerbots.documents.bai.bai2 import read_bai2
from payerbots.documents.bai.fitting import fitting
from payerbots.documents.bai.layout import layouts
from payerbots.documents.bai.lockbox import read_lockbox
from payerbots.documents.bai.type_codes import describe, direction
from payerbots.domain.bank import (
    Account,
    Available,
    BankTransaction,
    Batch,
    Funds,
    Group,
    Invoice,
    Lockbox,
    LockboxCheck,
    Summary,
)
from tests.documents.bai import writers

replace = msgspec.structs.replace

amounts = st.integers(-(10**12), 10**12).map(lambda units: Decimal(units).scaleb(-2))
dates = st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31))
codes = st.sampled_from(["010", "045", "100", "142", "165", "195", "354", "475", "555", "698", "890", "950"])
words = st.text("AB7 é-", min_size=1, max_size=12).map(str.strip)
phrases = st.text("AB7 ,/\"'é-", min_size=1, max_size=30).map(lambda text: text.strip().rstrip("/ "))
texts = st.lists(phrases.filter(bool), max_size=4).map("\n".join)
funds = st.one_of(
    st.sampled_from(["", "Z", "0", "1", "2"]).map(lambda kind: Funds(type=kind)),
    st.builds(
        Funds,
        type=st.just("S"),
        immediate=st.none() | amounts,
        one_day=st.none() | amounts,
        two_days=st.none() | amounts,
    ),
    st.builds(Funds, type=st.just("V"), date=st.none() | dates, time=st.sampled_from(["", "1200"])),
    st.builds(
        Funds,
        type=st.just("D"),
        distribution=st.lists(st.builds(Available, days=st.integers(0, 30), amount=amounts), max_size=3).map(
            tuple
        ),
    ),
)


def told(kind: type[Any], **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    built = st.builds(kind, type=codes, amount=st.none() | amounts, funds=funds, **fields)
    return built.map(lambda one: replace(one, description=describe(one.type), direction=direction(one.type)))


summaries = told(Summary, count=st.none() | st.integers(0, 999))
moves = told(BankTransaction, bank_reference=words, customer_reference=words, text=texts, line=st.just(0))
accounts = st.builds(
    Account,
    number=st.text("0123456789", min_size=1, max_size=17),
    currency=st.sampled_from(["USD", "EUR"]),
    summaries=st.lists(summaries, max_size=3).map(tuple),
    transactions=st.lists(moves, max_size=3).map(tuple),
)
groups = st.builds(
    Group,
    file=st.just(1),
    receiver=st.just("OFFICE"),
    originator=st.just("BANK"),
    status=st.just("1"),
    as_of_date=dates,
    as_of_time=st.just("2359"),
    currency=st.sampled_from(["", "USD"]),
    accounts=st.lists(accounts, max_size=2).map(tuple),
)


def bare(group: Group) -> Group:
    """Without what only the writer knows: lines, and the trailers that `balance` proves."""
    inner = tuple(
        replace(
            account,
            total=None,
            records=None,
            transactions=tuple(replace(move, line=0) for move in account.transactions),
        )
        for account in group.accounts
    )
    return replace(group, accounts=inner, total=None, records=None)


@settings(max_examples=60, deadline=None)
@given(st.lists(groups, max_size=2).map(tuple), st.integers(1, 9))
def test_an_account_report_is_read_as_it_was_written(written: tuple[Group, ...], every: int) -> None:
    read = read_bai2(BytesIO(writers.bai2(written, every)))
    assert tuple(bare(group) for group in read.groups) == written
    assert read.problems == ()
    assert read.balance.ok


paid = st.integers(1, 10**7).map(lambda units: Decimal(units).scaleb(-2))
invoices = st.builds(Invoice, number=st.text("INV-123", min_size=1, max_size=15), amount=st.none() | paid)
routings = st.sampled_from(["", "091000022"])
checks = st.builds(
    LockboxCheck,
    amount=paid,
    check_number=st.text("0123456789", max_size=10),
    remitter=st.text("AB -'", max_size=30).map(str.strip),
    routing=routings,
    account=st.text("0123456789", max_size=10),
    invoices=st.lists(invoices, max_size=8).map(tuple),
    line=st.just(0),
)


def adds_up(check: LockboxCheck, item: int) -> LockboxCheck:
    known = [invoice.amount for invoice in check.invoices if invoice.amount is not None]
    whole = len(known) == len(check.invoices) > 0
    return replace(check, item=f"{item:03d}", amount=sum(known, Decimal(0)) if whole else check.amount)


def numbered(all_checks: list[list[list[LockboxCheck]]]) -> tuple[Lockbox, ...]:
    boxes = []
    for box, inner in enumerate(all_checks, 1):
        batches = tuple(
            Batch(
                number=f"{at:03d}", checks=tuple(adds_up(check, item) for item, check in enumerate(some, 1))
            )
            for at, some in enumerate(inner, 1)
        )
        boxes.append(Lockbox(number=f"{box:07d}", batches=batches))
    return tuple(boxes)


boxes_of_checks = st.lists(st.lists(st.lists(checks, max_size=3), min_size=1, max_size=2), max_size=2)


def without_trailers(box: Lockbox) -> Lockbox:
    batches = tuple(
        replace(batch, count=None, total=None, checks=tuple(replace(check, line=0) for check in batch.checks))
        for batch in box.batches
    )
    return replace(box, batches=batches, count=None, total=None, origin="", destination="")


@pytest.mark.parametrize("name", ["bai_standard", "wide_batches"])
@settings(max_examples=40, deadline=None)
@given(written=boxes_of_checks.map(numbered))
def test_a_lockbox_file_is_read_as_it_was_written(name: str, written: tuple[Lockbox, ...]) -> None:
    layout = layouts()[name]
    data = writers.lockbox(written, layout)
    read = read_lockbox(BytesIO(data), layout)
    assert tuple(map(without_trailers, read.lockboxes)) == written
    assert read.problems == ()
    assert read.balance.ok
    assert not written or fitting(data.splitlines(), layouts()) == layout
