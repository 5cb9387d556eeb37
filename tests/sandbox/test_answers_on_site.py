"""The pages of the site show what `answers` says, row by row."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest

from payerbots.sandbox.answers import answers
from payerbots.sandbox.world import build

if TYPE_CHECKING:
    from payerbots.sandbox.records import Request, World
    from tests.sandbox.conftest import Visitor

SEED = 1
TODAY = date(2026, 11, 22)
ANSWERS = {item["row"]: item for item in answers(SEED, TODAY)["eligibility"]}
FOUND = [item for item in build(SEED, TODAY).requests if ANSWERS[item.row]["outcome"] != "ask"]
BILLED = [item for item in FOUND if ANSWERS[item.row]["fields"]["cob_order"]]
ROW = re.compile(r'<th scope="row">(.*?)</th>((?:<td>.*?</td>)+)')


def iso(text: str) -> str:
    return datetime.strptime(text, "%m/%d/%Y").date().isoformat()  # noqa: DTZ007 - a day has no zone


def lines(fragment: str, name: str) -> dict[str, list[str]]:
    """The rows of a table: heading → cells."""
    part = fragment.partition(f'data-testid="table-{name}"')[2].partition("</table>")[0]
    return {label: re.findall(r"<td>(.*?)</td>", cells) for label, cells in ROW.findall(part)}


def amount(text: str) -> str:
    return text.strip("$").replace(",", "")


def named(request: Request) -> str:
    return f"{request.row}-{request.scenario}"


@pytest.mark.parametrize("request_", FOUND, ids=named)
def test_the_coverage_tab_shows_status_plan_and_dates(biller: Visitor, request_: Request) -> None:
    fields = ANSWERS[request_.row]["fields"]
    biller.ask(request_)
    facts = biller.facts
    assert facts["Status on date of service"].lower() == fields["status"]
    assert (facts["Plan name"], facts["Plan type"]) == (fields["plan"], fields["plan_type"])
    assert iso(facts["Effective date"]) == fields["effective"]
    assert facts["Termination date"] == "None" or iso(facts["Termination date"]) == fields["termination"]
    assert facts["Member ID"] == fields["payer_member_id"]
    assert facts.get("Part B entitlement", "").startswith("Active") == (fields["part_b"] == "yes")
    assert facts["Network status"].split()[0].lower() == (fields["network"] or "not")


@pytest.mark.parametrize("request_", FOUND, ids=named)
def test_bill_to_is_on_the_coverage_tab_or_with_the_other_payer(biller: Visitor, request_: Request) -> None:
    answer = ANSWERS[request_.row]
    biller.ask(request_)
    shown = (biller.facts["Bill to"], biller.facts["Payer ID"])
    if answer["reason"] == "OTHER_PAYER_PRIMARY":
        other = dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", biller.tab("other")))
        shown = (other["Other payer"], other["Other payer ID"])
    nobody = "Not applicable"
    fields = answer["fields"]
    assert shown == (fields["bill_to_payer"] or nobody, fields["bill_to_id"] or nobody)


@pytest.mark.parametrize("request_", BILLED, ids=named)
def test_the_benefits_tab_shows_the_figures(biller: Visitor, request_: Request) -> None:
    fields = ANSWERS[request_.row]["fields"]
    biller.ask(request_)
    tab = biller.tab("benefits")
    table = {"in": "in-network", "out": "out-of-network", None: "part-b"}[fields["network"]]
    rows = lines(tab, table)
    figures = [amount(rows[f"Deductible {part}"][0]) for part in ("total", "met", "remaining")]
    assert figures == [fields[f"deductible_{part}"] for part in ("total", "met", "remaining")]
    if fields["network"]:
        place = 0 if fields["network"] == "in" else 1
        share = lines(tab, "cost-share")
        assert amount(rows["Out-of-pocket remaining"][0]) == fields["out_of_pocket_remaining"]
        assert share["Coinsurance"][place] == f"{fields['coinsurance']}%"
        assert amount(share["Copay"][place]) == fields["copay"]
        assert (fields["benefit_limit"] or "No benefit limit on file") in tab


@pytest.mark.parametrize("request_", BILLED, ids=named)
def test_the_other_coverage_tab_shows_who_pays_first(biller: Visitor, request_: Request) -> None:
    fields = ANSWERS[request_.row]["fields"]
    biller.ask(request_)
    tab = biller.tab("other")
    assert f"<dd>{fields['cob_order']} (" in tab
    assert (fields["other_payer"] or "No other coverage on file") in tab


@pytest.mark.parametrize("request_", BILLED, ids=named)
def test_the_item_inquiries_show_equipment_and_authorization(biller: Visitor, request_: Request) -> None:
    fields = ANSWERS[request_.row]["fields"]
    biller.ask(request_)
    member_id = biller.facts["Member ID"]
    needed, pages = set(), ""
    for code in request_.hcpcs:
        biller.ask_item("equipment", member_id, request_, code)
        pages += biller.text
        biller.ask_item("authorizations", member_id, request_, code)
        needed.add(biller.facts["Prior authorization required"])
        pages += biller.text
    assert ("Yes" in needed) == (fields["auth_needed"] == "yes")
    assert (fields["auth_number"] or "") in pages
    assert ('data-testid="table-equipment"' in pages) == bool(fields["same_similar_item"])
    assert (fields["same_similar_supplier"] or "") in pages


def test_a_stay_is_shown_with_its_dates(biller: Visitor, world: World) -> None:
    request_ = next(item for item in world.requests if item.scenario == "FACILITY_STAY")
    stay = str(ANSWERS[request_.row]["fields"]["stay"])
    biller.ask(request_)
    cells = next(iter(lines(biller.text, "stays").values()))
    assert iso(cells[1]) == stay.rsplit(maxsplit=1)[-1].partition("/")[0]
