from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pdfplumber

from payerbots.sandbox.cascade import samples
from payerbots.sandbox.cascade.shelf import Remittance, Shelf
from payerbots.sandbox.cascade.state import CascadeState
from tests.sandbox.conftest import SEED, TODAY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from payerbots.sandbox.server import PracticeSite
    from tests.sandbox.cascade.conftest import Caller, Clock

ONE = Remittance(
    number="7",
    trace="88",
    method="ACH",
    paid_on=date(2026, 11, 20),
    amount=Decimal("10.00"),
    claims=1,
    posted_at=datetime(2026, 11, 20, 6, tzinfo=UTC),
    content=b"%PDF-1.4 made up",
)


def listed(caller: Caller, **query: Any) -> Iterator[dict[str, Any]]:
    """The list as the page fetches it, piece by piece."""
    total, offset = 1, 0
    while offset < total:
        found = caller.get("/api/remittances", offset=offset, **query).json()
        total, offset = found["total"], offset + len(found["items"])
        yield from found["items"]


def test_the_list_comes_in_pieces_the_latest_first(biller: Caller, state: CascadeState) -> None:
    found = list(listed(biller))
    assert [item["number"] for item in found] == [
        item.number for item in state.shelf.posted(biller.clock.now)
    ]
    assert 100 < len(found) < 300


def test_a_row_holds_what_the_shelf_holds(biller: Caller, state: CascadeState) -> None:
    on_shelf = state.shelf.posted(biller.clock.now)[10]
    assert list(listed(biller))[10] == {
        "number": on_shelf.number,
        "trace": on_shelf.trace,
        "method": on_shelf.method,
        "paid_on": on_shelf.paid_on.isoformat(),
        "amount": f"{on_shelf.amount:.2f}",
        "claims": on_shelf.claims,
        "posted": on_shelf.posted_at.date().isoformat(),
        "ready": True,
        "available": None,
    }


def test_a_remittance_is_listed_once_it_is_posted(clock: Clock) -> None:
    later = replace(ONE, number="8", posted_at=clock.now + timedelta(hours=1))
    shelf = Shelf(remittances=(ONE, later))
    assert [item.number for item in shelf.posted(clock.now)] == ["7"]
    assert [item.number for item in shelf.posted(clock.now + timedelta(hours=1))] == ["8", "7"]


def test_filters_narrow_the_list(biller: Caller) -> None:
    query = {"from": "2026-10-01", "to": "2026-10-31", "method": "CHK"}
    found = list(listed(biller, **query))
    assert found
    assert all(item["method"] == "CHK" and item["posted"].startswith("2026-10") for item in found)


def test_a_number_finds_document_and_trace(biller: Caller) -> None:
    one = list(listed(biller))[20]
    assert [item["number"] for item in listed(biller, search=one["trace"])] == [one["number"]]
    assert [item["trace"] for item in listed(biller, search=one["number"])] == [one["trace"]]


def test_the_document_says_what_the_list_says(biller: Caller) -> None:
    one = list(listed(biller))[5]
    answer = biller.get(f"/documents/{one['number']}/file")
    assert answer.headers["content-type"] == "application/pdf"
    assert f"EOB_{one['number']}.pdf" in answer.headers["content-disposition"]
    with pdfplumber.open(io.BytesIO(answer.content)) as pdf:
        text = "".join(page.extract_text() for page in pdf.pages)
    assert one["trace"] in text
    assert f"${Decimal(one['amount']):,.2f}" in text


def test_a_document_opens_from_its_day_on(biller: Caller, clock: Clock) -> None:
    late = next(item for item in listed(biller) if not item["ready"])
    path = f"/documents/{late['number']}/file"
    assert late["available"] == "2026-11-23"
    assert biller.get(path).status_code == 404
    clock.forward(minutes=5)
    biller.with_token(biller.post("/api/session/token"))
    for _ in range(130):
        clock.forward(minutes=9)
        biller.post("/api/session/token")
    assert biller.get(path).status_code == 200


def test_the_same_seed_makes_the_same_documents() -> None:
    first, again = (samples.shelf(SEED, TODAY).remittances[9] for _ in range(2))
    assert (first.number, first.amount, first.pdf()) == (again.number, again.amount, again.pdf())


def test_a_shelf_can_be_given(clock: Clock) -> None:
    assert CascadeState(SEED, TODAY, clock, Shelf(remittances=(ONE,))).listed() == [ONE]
    assert ONE.pdf() == b"%PDF-1.4 made up"


def test_an_unknown_document_is_not_there(biller: Caller) -> None:
    assert biller.get("/documents/1/file").status_code == biller.get("/documents/1").status_code == 404


def test_a_file_can_be_the_sign_in_page(biller: Caller, site: PracticeSite) -> None:
    site.set_faults(file_sign_in=1)
    first, second = (biller.get("/documents/7204860/file") for _ in range(2))
    assert (first.status_code, first.content[:15]) == (200, b"<!doctype html>")
    assert second.content.startswith(b"%PDF")


def test_a_file_can_be_cut_short(biller: Caller, site: PracticeSite) -> None:
    site.set_faults(file_truncated=1)
    first, second = (biller.get("/documents/7204860/file").content for _ in range(2))
    assert second.startswith(first)
    assert len(first) < len(second)


def test_a_slow_file_arrives_whole(biller: Caller, site: PracticeSite) -> None:
    whole = biller.get("/documents/7204860/file").content
    site.set_faults(slow_file=0.2)
    answer = biller.get("/documents/7204860/file")
    assert answer.content == whole
    assert answer.elapsed.total_seconds() >= 0.2


def test_the_list_shifts_while_it_is_read(biller: Caller, site: PracticeSite) -> None:
    numbers = [item["number"] for item in listed(biller)]
    site.set_faults(list_shift=2)
    read = [item["number"] for item in listed(biller)]
    assert len(read) > len(set(read))
    assert set(numbers[:2]) - set(read) == set(numbers[:2])
    assert [item["number"] for item in listed(biller)] == numbers
