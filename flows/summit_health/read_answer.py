"""The tabs of an eligibility answer, read into a `Coverage`."""

from collections.abc import Mapping
from dataclasses import replace

from payerbots.api import (
    AnswerIncomplete,
    Coverage,
    PortalChanged,
    Reading,
    Screen,
    Stay,
    StayKind,
    amount,
    us_date,
)


async def coverage_tab(screen: Screen, *, medicare: bool) -> Coverage:
    """The first tab: in force or not, which plan, whom to bill, stays on the date."""
    read = await screen.read("coverage")
    echo = await screen.read("echo")
    advantage = read["advantage_plan"]
    if medicare:
        _prove_medicare(screen, read)
    return Coverage(
        active=screen.word("status", read["status"]) == "active",
        payer=read["bill_to"] or "",
        payer_id=read["payer_id"],
        member_id=echo["member_id"],
        part_b=_yes(screen.word("entitlement", read["part_b"])),
        plan=read["plan"],
        plan_type=read["plan_type"],
        effective=us_date(read["effective"]),
        termination=us_date(read["termination"]),
        advantage_plan=advantage,
        advantage_payer_id=read["payer_id"] if advantage else None,
        network=screen.word("network", read["network"]),
        qmb=_yes(screen.word("yes_no", read["qmb"])),
        referral_needed=_yes(screen.word("yes_no", read["referral"])),
        stays=_stays(screen, read),
    )


def _prove_medicare(screen: Screen, read: Reading) -> None:
    """What decides a Medicare order is there, or its absence is stated; a label that moved is no absence."""
    enrolled = screen.word("yes_no", read["advantage"])
    for name, known in (
        ("part_b", read["part_b"]),
        ("advantage", enrolled),
        ("advantage_plan", read["advantage_plan"] or enrolled != "yes"),
        ("payer_id", read["payer_id"] or enrolled != "yes"),
    ):
        if not known:
            raise PortalChanged(screen.at, f"coverage.{name}")


def _stays(screen: Screen, read: Reading) -> tuple[Stay, ...]:
    rows = read.rows("stays")
    if not rows and read["no_stays"] is None:
        raise PortalChanged(screen.at, "coverage.stays")
    stays = []
    for row in rows:
        kind, start = screen.word("stay", row["kind"]), us_date(row["start"])
        if kind is None or start is None:
            raise PortalChanged(screen.at, "coverage.stays")
        stays.append(Stay(kind=StayKind(kind), start=start, end=us_date(row["end"])))
    return tuple(stays)


async def benefits(screen: Screen, coverage: Coverage) -> Coverage:
    """The individual figures of the network that holds for the provider; never family, never the other."""
    await screen.press("tab_benefits")
    page = await screen.arrive(
        "eligibility.benefits", "eligibility.no_benefits", "eligibility.section_failed"
    )
    if page == "eligibility.section_failed":
        raise AnswerIncomplete("the benefits did not load")
    if page == "eligibility.no_benefits":
        return coverage
    read = await screen.read("benefits")
    figures = _figures(screen, coverage, read)
    return replace(
        coverage,
        deductible_total=amount(figures.get("deductible_total")),
        deductible_met=amount(figures.get("deductible_met")),
        deductible_remaining=amount(figures.get("deductible_remaining")),
        out_of_pocket_remaining=amount(figures.get("out_of_pocket_remaining")),
        coinsurance=amount(figures.get("coinsurance")),
        copay=amount(figures.get("copay")),
        benefit_limit=read["limit"],
    )


def _figures(screen: Screen, coverage: Coverage, read: Reading) -> Mapping[str, str | None]:
    if coverage.part_b is not None:
        return {name: cells["amount"] for name, cells in read.named("part_b").items()}
    if coverage.network is None:
        raise PortalChanged(screen.at, "coverage.network")
    meters = {name: cells["individual"] for name, cells in read.named(coverage.network).items()}
    shares = {name: cells[coverage.network] for name, cells in read.named("cost_share").items()}
    return {**meters, **shares}


async def other_coverage(screen: Screen, coverage: Coverage) -> Coverage:
    """Which payer comes first, and who the other one is."""
    await screen.press("tab_other")
    if await screen.arrive("eligibility.other", "eligibility.section_failed") == "eligibility.section_failed":
        raise AnswerIncomplete("the other coverage did not load")
    read = await screen.read("other")
    order = screen.word("order", read["order"])
    if order is None:
        raise PortalChanged(screen.at, "other.order")
    return replace(
        coverage,
        cob_order=int(order),
        other_payer=read["payer"],
        other_payer_id=read["payer_id"],
        other_member_id=read["member_id"],
    )


async def reference(screen: Screen) -> str | None:
    """The payer's number for this inquiry, which a biller names on the phone."""
    await screen.press("tab_reference")
    page = await screen.arrive("eligibility.reference", "eligibility.section_failed")
    if page == "eligibility.section_failed":
        raise AnswerIncomplete("the reference number did not load")
    return (await screen.read("reference"))["number"]


def _yes(word: str | None) -> bool | None:
    return None if word is None else word == "yes"
