"""What an answer means for a biller: what was found in it, what comes of that, what changed since."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payerbots.domain.coverage import (
    Acquisition,
    Authorization,
    Coverage,
    CoverageRequest,
    SimilarItem,
    Stay,
    StayKind,
    Verdict,
    differences,
    findings,
    verdict_for,
)
from payerbots.reasons import Reason

DAY = date(2026, 11, 22)
ONE_DAY = timedelta(days=1)
GOOD = Coverage(active=True, payer="Summit Health Plan", payer_id="SUMHP")
MEDICARE = replace(GOOD, payer="Medicare", payer_id="MCRDME", part_b=True)
OPEN_HOSPICE = Stay(kind=StayKind.HOSPICE, start=DAY - ONE_DAY)
OPEN_SNF = Stay(kind=StayKind.SNF, start=DAY - ONE_DAY)
THEIRS = SimilarItem(hcpcs="E0601", supplier="Valley Oxygen", date=date(2025, 3, 1))
OURS = replace(THEIRS, supplier="Lakeside Home Medical", ours=True)
NEEDED = Authorization(hcpcs="E0277", needed=True)

FINDINGS: list[tuple[str, dict[str, Any], tuple[Reason, ...]]] = [
    ("an active plan with nothing else can be billed", {}, ()),
    ("not in force", {"active": False}, (Reason.INACTIVE_ON_DATE,)),
    ("Part A only pays no equipment", {"part_b": False}, (Reason.NO_PART_B,)),
    ("a plan without Part B (not Medicare) does not miss it", {"part_b": None}, ()),
    ("Part B in force", {"part_b": True}, ()),
    ("Medicare Advantage pays instead", {"advantage_plan": "Crest Gold"}, (Reason.BILL_MA_PLAN,)),
    ("this payer is primary", {"cob_order": 1}, ()),
    ("the payer does not say whose turn it is", {"cob_order": None}, ()),
    ("another payer is before it", {"cob_order": 2}, (Reason.OTHER_PAYER_PRIMARY,)),
    ("two payers are before it", {"cob_order": 3}, (Reason.OTHER_PAYER_PRIMARY,)),
    ("an open hospice episode", {"stays": (OPEN_HOSPICE,)}, (Reason.HOSPICE_HOME_HEALTH,)),
    ("an open nursing stay", {"stays": (OPEN_SNF,)}, (Reason.FACILITY_STAY,)),
    (
        "an open hospital stay",
        {"stays": (replace(OPEN_SNF, kind=StayKind.INPATIENT),)},
        (Reason.FACILITY_STAY,),
    ),
    (
        "an open home-health episode",
        {"stays": (replace(OPEN_SNF, kind=StayKind.HOME_HEALTH),)},
        (Reason.HOSPICE_HOME_HEALTH,),
    ),
    (
        "two stays of one kind are one finding",
        {"stays": (OPEN_SNF, replace(OPEN_SNF, kind=StayKind.INPATIENT))},
        (Reason.FACILITY_STAY,),
    ),
    ("like equipment from another supplier", {"similar": (THEIRS,)}, (Reason.SAME_SIMILAR,)),
    ("like equipment from ourselves", {"similar": (OURS,)}, ()),
    (
        "theirs came after ours",
        {"similar": (OURS, replace(THEIRS, date=OURS.date + ONE_DAY))},
        (Reason.SAME_SIMILAR,),
    ),
    (
        "ours came after theirs",
        {"similar": (THEIRS, replace(OURS, date=THEIRS.date + ONE_DAY))},
        (),
    ),
    ("authorization needed and none on file", {"authorizations": (NEEDED,)}, (Reason.AUTH_NEEDED,)),
    ("authorization on file", {"authorizations": (replace(NEEDED, number="A123"),)}, ()),
    ("authorization not needed", {"authorizations": (replace(NEEDED, needed=False),)}, ()),
    (
        "one of two items lacks its authorization",
        {"authorizations": (replace(NEEDED, number="A123"), replace(NEEDED, hcpcs="L0650"))},
        (Reason.AUTH_NEEDED,),
    ),
]


@pytest.mark.parametrize(
    ("changes", "expected"), [row[1:] for row in FINDINGS], ids=[row[0] for row in FINDINGS]
)
def test_findings(changes: dict[str, Any], expected: tuple[Reason, ...]) -> None:
    assert findings(replace(GOOD, **changes), DAY) == expected


def test_everything_found_stands_in_the_order_in_which_a_biller_asks() -> None:
    everything = replace(
        MEDICARE,
        part_b=False,
        advantage_plan="Crest Gold",
        cob_order=2,
        stays=(OPEN_SNF, OPEN_HOSPICE),
        similar=(THEIRS,),
        authorizations=(NEEDED,),
    )
    assert findings(everything, DAY) == (
        Reason.BILL_MA_PLAN,
        Reason.NO_PART_B,
        Reason.OTHER_PAYER_PRIMARY,
        Reason.HOSPICE_HOME_HEALTH,
        Reason.FACILITY_STAY,
        Reason.SAME_SIMILAR,
        Reason.AUTH_NEEDED,
    )


def test_where_nothing_is_in_force_nothing_else_counts() -> None:
    ended = replace(MEDICARE, active=False, part_b=False, cob_order=2, stays=(OPEN_SNF,), similar=(THEIRS,))
    assert findings(ended, DAY) == (Reason.INACTIVE_ON_DATE,)


STAYS = [
    ("begins on the date", Stay(kind=StayKind.SNF, start=DAY, end=DAY + ONE_DAY), True),
    ("ends on the date", Stay(kind=StayKind.SNF, start=DAY - ONE_DAY, end=DAY), True),
    ("is that one day", Stay(kind=StayKind.SNF, start=DAY, end=DAY), True),
    ("is still open", Stay(kind=StayKind.SNF, start=DAY), True),
    ("ended the day before", Stay(kind=StayKind.SNF, start=DAY - 9 * ONE_DAY, end=DAY - ONE_DAY), False),
    ("begins the day after", Stay(kind=StayKind.SNF, start=DAY + ONE_DAY), False),
]


@pytest.mark.parametrize(("stay", "holds"), [row[1:] for row in STAYS], ids=[row[0] for row in STAYS])
def test_a_stay_holds_from_its_first_to_its_last_day(stay: Stay, holds: bool) -> None:
    assert stay.holds_on(DAY) is holds


@pytest.mark.parametrize(("stay", "holds"), [row[1:] for row in STAYS], ids=[row[0] for row in STAYS])
def test_a_stay_counts_only_if_it_holds_on_the_service_date(stay: Stay, holds: bool) -> None:
    assert (Reason.FACILITY_STAY in findings(replace(GOOD, stays=(stay,)), DAY)) is holds


def test_a_stay_reads_as_its_kind_and_its_days() -> None:
    assert str(Stay(kind=StayKind.SNF, start=DAY, end=DAY + ONE_DAY)) == "snf 2026-11-22/2026-11-23"
    assert str(Stay(kind=StayKind.HOSPICE, start=DAY)) == "hospice 2026-11-22/"


VERDICTS = {
    Reason.BILL_MA_PLAN: Verdict.CHANGE_PAYER,
    Reason.OTHER_PAYER_PRIMARY: Verdict.CHANGE_PAYER,
    Reason.INACTIVE_ON_DATE: Verdict.HOLD,
    Reason.NO_PART_B: Verdict.HOLD,
    Reason.FACILITY_STAY: Verdict.HOLD,
    Reason.HOSPICE_HOME_HEALTH: Verdict.HOLD,
    Reason.SAME_SIMILAR: Verdict.HOLD,
    Reason.AUTH_NEEDED: Verdict.HOLD,
}
"""Where the payer answered and the answer says what to do; wherever there is no answer, somebody asks."""


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_leads_to_its_verdict(reason: Reason) -> None:
    assert verdict_for(reason) is VERDICTS.get(reason, Verdict.ASK)


def test_no_reason_means_bill() -> None:
    assert verdict_for(None) is Verdict.BILL


@given(
    st.builds(
        Coverage,
        payer=st.just("Medicare"),
        payer_id=st.none(),
        stays=st.lists(
            st.builds(
                Stay,
                kind=st.sampled_from(StayKind),
                start=st.dates(DAY - 3 * ONE_DAY, DAY + 3 * ONE_DAY),
                end=st.none() | st.dates(DAY - 3 * ONE_DAY, DAY + 3 * ONE_DAY),
            ),
            max_size=3,
        ).map(tuple),
        similar=st.lists(st.sampled_from([OURS, THEIRS]), max_size=2).map(tuple),
        authorizations=st.lists(st.just(NEEDED), max_size=1).map(tuple),
    )
)
def test_a_finding_is_one_that_says_what_to_do_and_stands_once(coverage: Coverage) -> None:
    found = findings(coverage, DAY)
    assert set(found) <= set(VERDICTS)
    assert len(found) == len(set(found))


ENDS = [
    ("inactive: there are no benefits to ask for", {"active": False}, True),
    ("no Part B", {"part_b": False}, True),
    ("the Advantage plan is asked instead", {"advantage_plan": "Crest Gold"}, True),
    ("a second payer still has benefits", {"cob_order": 2}, False),
    ("an active plan", {}, False),
]


@pytest.mark.parametrize(("changes", "ends"), [row[1:] for row in ENDS], ids=[row[0] for row in ENDS])
def test_what_ends_at_the_coverage_itself(changes: dict[str, Any], ends: bool) -> None:
    assert replace(MEDICARE, **changes).ends_at_coverage is ends


def test_the_latest_similar_item_is_the_newest_whoever_supplied_it() -> None:
    newer = replace(OURS, date=THEIRS.date + ONE_DAY)
    assert replace(GOOD, similar=(THEIRS, newer)).latest_similar == newer
    assert replace(GOOD, similar=(newer, THEIRS)).latest_similar == newer
    assert GOOD.latest_similar is None


DIFFERENCES: list[tuple[str, dict[str, Any], tuple[str, ...]]] = [
    ("the same answer", {}, ()),
    ("each call has its own reference number", {"reference": "R2"}, ()),
    ("the same amount written otherwise", {"deductible_met": Decimal("10.0")}, ()),
    ("the plan ended", {"active": False, "termination": DAY}, ("active", "termination")),
    ("more of the deductible is met", {"deductible_met": Decimal(11)}, ("deductible_met",)),
    ("equipment came on file", {"similar": (THEIRS,)}, ("similar",)),
]


@pytest.mark.parametrize(
    ("changes", "expected"), [row[1:] for row in DIFFERENCES], ids=[row[0] for row in DIFFERENCES]
)
def test_differences_between_two_answers(changes: dict[str, Any], expected: tuple[str, ...]) -> None:
    before = replace(GOOD, reference="R1", deductible_met=Decimal(10))
    assert differences(before, replace(before, **changes)) == expected


@pytest.mark.parametrize(
    ("acquisition", "code"),
    [(Acquisition.PURCHASE, "12"), (Acquisition.RENTAL, "18"), (Acquisition.USED, "11")],
)
def test_the_service_type_follows_from_how_the_equipment_is_provided(
    acquisition: Acquisition, code: str
) -> None:
    request = CoverageRequest(
        order="1",
        account="2",
        payer="Medicare",
        last_name="Reyes",
        first_name="Ana",
        birth_date=date(1950, 1, 2),
        service_date=DAY,
        hcpcs=("E0601",),
        npi="1671694135",
        acquisition=acquisition,
    )
    assert request.service_type == code
