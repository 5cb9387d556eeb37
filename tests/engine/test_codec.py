"""What is sealed into the ledger comes back as it was, to the cent."""

import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from payerbots.documents.workbook.records import BadRow, Fault
from payerbots.domain.coverage import (
    Acquisition,
    Authorization,
    Coverage,
    CoverageRequest,
    SimilarItem,
    Stay,
    StayKind,
)
from payerbots.engine import codec
from payerbots.reasons import Reason

TEXT = st.text(max_size=8)
MONEY = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9)
REQUESTS = st.builds(
    CoverageRequest,
    order=TEXT,
    account=TEXT,
    payer=TEXT,
    last_name=TEXT,
    first_name=TEXT,
    hcpcs=st.lists(TEXT, max_size=3).map(tuple),
    npi=TEXT,
    member_id=st.none() | TEXT,
    branch=st.none() | TEXT,
    acquisition=st.sampled_from(Acquisition),
)
COVERAGES = st.builds(
    Coverage,
    active=st.booleans(),
    payer=TEXT,
    part_b=st.none() | st.booleans(),
    plan=st.none() | TEXT,
    effective=st.none() | st.dates(),
    deductible_total=st.none() | MONEY,
    deductible_met=st.none() | MONEY,
    coinsurance=st.none() | MONEY,
    cob_order=st.none() | st.integers(1, 9),
    stays=st.lists(
        st.builds(Stay, kind=st.sampled_from(StayKind), start=st.dates(), end=st.none() | st.dates()),
        max_size=2,
    ).map(tuple),
    similar=st.lists(
        st.builds(
            SimilarItem,
            hcpcs=TEXT,
            supplier=TEXT,
            date=st.dates(),
            months_used=st.none() | st.integers(0, 99),
        ),
        max_size=2,
    ).map(tuple),
    authorizations=st.lists(
        st.builds(Authorization, hcpcs=TEXT, needed=st.booleans(), number=st.none() | TEXT), max_size=2
    ).map(tuple),
)
BAD_ROWS = st.builds(
    BadRow,
    sheet=TEXT,
    row=st.integers(1, 10**6),
    faults=st.lists(
        st.builds(
            Fault, reason=st.sampled_from(Reason), column=TEXT, header=TEXT, expected=TEXT, found=TEXT
        ),
        min_size=1,
        max_size=3,
    ).map(tuple),
    known=st.dictionaries(TEXT, TEXT, max_size=3),
)  # fmt: skip


@given(REQUESTS)
def test_a_request_comes_back_as_it_was(request: CoverageRequest) -> None:
    assert codec.unpack(CoverageRequest, codec.pack(CoverageRequest, request)) == request


@given(COVERAGES)
def test_an_answer_comes_back_as_it_was(coverage: Coverage) -> None:
    assert codec.unpack(Coverage, codec.pack(Coverage, coverage)) == coverage


@given(BAD_ROWS)
def test_a_bad_row_comes_back_as_it_was(row: BadRow) -> None:
    assert codec.unpack(BadRow, codec.pack(BadRow, row)) == row


@given(MONEY)
def test_an_amount_comes_back_with_every_digit(amount: Decimal) -> None:
    packed = codec.pack(Coverage, Coverage(active=True, payer="", copay=amount))
    assert str(codec.unpack(Coverage, packed).copay) == str(amount)


AMOUNTS = ["0.10", "1500.00", "20", "0.1000", "-12.50", "123456789.99", "0.30000000000000004"]


@pytest.mark.parametrize("text", AMOUNTS)
def test_money_is_packed_as_text_never_as_a_float(text: str) -> None:
    packed = codec.pack(Coverage, Coverage(active=True, payer="", copay=Decimal(text)))
    assert json.loads(packed)["copay"] == text


def test_dates_are_packed_in_iso_form() -> None:
    packed = codec.pack(Coverage, Coverage(active=True, payer="", effective=date(2026, 1, 2)))
    assert json.loads(packed)["effective"] == "2026-01-02"


def test_what_was_packed_is_the_same_bytes_each_time() -> None:
    coverage = Coverage(active=True, payer="Medicare")
    assert codec.pack(Coverage, coverage) == codec.pack(Coverage, coverage)


def test_an_answer_of_an_older_version_without_the_newer_fields_still_opens() -> None:
    assert codec.unpack(Coverage, b'{"active": true, "payer": "Medicare"}') == Coverage(
        active=True, payer="Medicare"
    )


def test_what_is_no_answer_is_refused() -> None:
    with pytest.raises(ValidationError):
        codec.unpack(Coverage, b'{"payer": "Medicare"}')
