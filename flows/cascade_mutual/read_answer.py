"""The parts of an eligibility answer, read into a `Coverage`."""

import re
from collections.abc import Iterable
from dataclasses import replace

from payerbots.api import (
    AnswerIncomplete,
    Authorization,
    Cells,
    Coverage,
    CoverageRequest,
    PortalChanged,
    Screen,
    SimilarItem,
    amount,
    us_date,
)


async def cards(screen: Screen, request: CoverageRequest) -> Coverage:
    """The cards: in force or not, which plan, which network, who pays first."""
    read, echo = await screen.read("coverage"), await screen.read("echo")
    order = screen.word("order", read["order"])
    active = screen.word("status", read["status"])
    if order is None or active is None:
        raise PortalChanged(screen.at, "coverage")
    coverage = Coverage(
        active=active == "active",
        payer=request.payer,
        payer_id=next((one.id for one in screen.portal.payers if one.name == request.payer), None),
        member_id=echo["member_id"],
        plan=read["plan"],
        plan_type=read["plan_type"],
        effective=us_date(read["effective"]),
        termination=us_date(read["termination"]),
        network=screen.word("network", read["network"]),
        referral_needed=_yes(screen, read["referral"]),
        reference=echo["reference"],
    )
    if coverage.ends_at_coverage:
        return coverage
    return replace(
        coverage,
        cob_order=int(order),
        other_payer=read["other_payer"],
        other_payer_id=read["other_payer_id"],
        other_member_id=read["other_member_id"],
    )


async def benefits(screen: Screen, coverage: Coverage) -> Coverage:
    """The individual figures of the network that holds for the provider; never family, never the other."""
    await _loaded(screen, "eligibility.benefits")
    if coverage.network is None:
        raise PortalChanged(screen.at, "coverage.network")
    read = await screen.read("benefits")
    mine = {screen.word("benefit", row["benefit"]): row for row in _own(screen, coverage, read.rows("lines"))}
    coverage = replace(coverage, benefit_limit=read["limit"])
    if not mine:
        if read["inside_only"] is None or coverage.network == "in":
            raise PortalChanged(screen.at, "benefits.lines")
        return coverage
    try:
        deductible, most = mine["deductible"], mine["out_of_pocket"]
        share, copay = mine["coinsurance"], mine["copay"]
    except KeyError:
        raise PortalChanged(screen.at, "benefits.lines") from None
    return replace(
        coverage,
        deductible_total=amount(deductible["total"]),
        deductible_met=amount(deductible["met"]),
        deductible_remaining=amount(deductible["remaining"]),
        out_of_pocket_remaining=amount(most["remaining"]),
        coinsurance=amount(share["total"]),
        copay=amount(copay["total"]),
    )


def _own(screen: Screen, coverage: Coverage, rows: Iterable[Cells]) -> list[Cells]:
    return [
        row
        for row in rows
        if screen.word("level", row["level"]) == "individual"
        and screen.word("network", row["network"]) == coverage.network
    ]


async def items(
    screen: Screen, request: CoverageRequest, organisation: str
) -> tuple[tuple[SimilarItem, ...], tuple[Authorization, ...]]:
    """Same or similar equipment on file, and for each item whether it needs prior authorization."""
    await _loaded(screen, "eligibility.items")
    read = await screen.read("items")
    rows = read.rows("equipment")
    if not rows and read["no_equipment"] is None:
        raise PortalChanged(screen.at, "items.equipment")
    similar = dict.fromkeys(_item(screen, row, organisation) for row in rows)
    lines = read.rows("authorizations")
    authorizations = [_authorization(screen, request, code, lines) for code in dict.fromkeys(request.hcpcs)]
    return tuple(similar), tuple(authorizations)


def _item(screen: Screen, row: Cells, organisation: str) -> SimilarItem:
    day, item, supplier = us_date(row["date"]), row["item"], row["supplier"]
    if day is None or item is None or supplier is None:
        raise PortalChanged(screen.at, "items.equipment")
    months = re.match(r"\d+", row["months"] or "")
    return SimilarItem(
        hcpcs=item.split()[0],
        supplier=supplier,
        date=day,
        months_used=int(months[0]) if months else None,
        ours=supplier == organisation,
    )


def _authorization(
    screen: Screen, request: CoverageRequest, code: str, lines: Iterable[Cells]
) -> Authorization:
    """One code's requirement, and the number of an authorization that is valid on the date."""
    own = [row for row in lines if (row["hcpcs"] or "").split()[:1] == [code]]
    if not own:
        raise PortalChanged(screen.at, "items.authorizations")
    valid = [row["number"] for row in own if _is_valid(row, request)]
    needed = any(_yes(screen, row["needed"]) for row in own)
    return Authorization(hcpcs=code, needed=needed, number=valid[0] if valid else None)


def _is_valid(row: Cells, request: CoverageRequest) -> bool:
    first, last = us_date(row["first"]), us_date(row["last"])
    begun = first is not None and first <= request.service_date
    return bool(row["number"]) and begun and (last is None or request.service_date <= last)


async def _loaded(screen: Screen, part: str) -> None:
    if await screen.arrive(part, "eligibility.section_failed") == "eligibility.section_failed":
        raise AnswerIncomplete("a part of the answer did not load")


def _yes(screen: Screen, text: str | None) -> bool | None:
    said = screen.word("yes_no", text)
    return None if said is None else said == "yes"
