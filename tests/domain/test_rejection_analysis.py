"""The analysis of the weeks: counted by first sending, every share with its denominator."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from payerbots.domain.denial_rules import denial_rules
from payerbots.domain.rejection import ClaimState, Said
from payerbots.domain.rejection_analysis import Analysis, analyse
from payerbots.domain.rejection_report import filing
from payerbots.domain.rejection_states import ClaimStory, Rejection
from payerbots.domain.rejection_tables import PayerTable
from tests.rejection_samples import MEDICARE, SERVED, claim, line, rejected, rules, said

MONDAY = dt.date(2026, 11, 2)
DAY = dt.date(2026, 11, 20)


def story(
    control: str, first: dt.date, *codes: tuple[Said, ...], accepted: bool = False, **given: Any
) -> ClaimStory:
    return ClaimStory(
        control=control,
        claim=claim(line(1), control=control, sent=first, **given),
        state=ClaimState.CLOSED if accepted else ClaimState.REJECTED if codes else ClaimState.SENT,
        since=first,
        first_sent=first,
        sends=1,
        rejections=tuple(
            Rejection(key=f"{control}{place}", day=first, source="payer", codes=each)
            for place, each in enumerate(codes)
        ),
        accepted=first if accepted else None,
    )


BAD, WRONG, UNKNOWN = (said("A7:453"),), (said("A3:116:PR"),), (said("A7:732"),)
STORIES = [
    story("C1", MONDAY, accepted=True),
    story("C2", MONDAY + dt.timedelta(days=4), BAD),
    story("C3", MONDAY + dt.timedelta(days=14), BAD, BAD, WRONG, accepted=True, charge=Decimal("10.00")),
    story("C4", MONDAY + dt.timedelta(days=15), UNKNOWN, payer="SUMMIT", referred_by=""),
    story("C5", MONDAY + dt.timedelta(days=16)),
]


def analysis(stories: list[ClaimStory] | None = None) -> Analysis:
    return analyse(STORIES if stories is None else stories, rules(), DAY)


def test_the_first_pass_rate_counts_decided_first_sends() -> None:
    found = analysis()
    assert (found.claims, found.decided, found.clean, found.clean_rate) == (5, 4, 1, Decimal("0.25"))


def test_a_rejection_counts_once_by_the_rule_that_decides_it() -> None:
    assert [(one.name, one.count, one.dollars) for one in analysis().by_reason] == [
        ("Modifier", 3, Decimal("138.40")),
        ("No rule", 1, Decimal("118.40")),
        ("Wrong payer", 1, Decimal("10.00")),
    ]


def test_shares_add_up_to_all() -> None:
    found = analysis()
    assert [one.share for one in found.by_reason] == [Decimal("0.6"), Decimal("0.2"), Decimal("0.2")]
    assert [one.cumulative for one in found.by_reason] == [Decimal("0.6"), Decimal("0.8"), Decimal(1)]


@pytest.mark.parametrize(
    ("field", "shares"),
    [
        ("by_payer", [("MEDICARE DME", 4), ("SUMMIT", 1)]),
        ("by_referral", [("TRAN, ADELE", 4), ("not named", 1)]),
        ("by_team", [("billing", 4), ("eligibility", 1)]),
    ],
)
def test_rejections_by_payer_referral_source_and_team(field: str, shares: list[tuple[str, int]]) -> None:
    assert [(one.name, one.count) for one in getattr(analysis(), field)] == shares


def test_every_week_is_there_by_first_sending() -> None:
    assert [(one.monday, one.sent, one.clean, one.rejected, one.open) for one in analysis().weeks] == [
        (MONDAY, 2, 1, 1, 0),
        (MONDAY + dt.timedelta(days=7), 0, 0, 0, 0),
        (MONDAY + dt.timedelta(days=14), 3, 0, 2, 1),
    ]
    assert [one.clean_rate for one in analysis().weeks] == [Decimal("0.5"), None, Decimal(0)]


def test_claims_that_come_back_again_and_again() -> None:
    assert [(one.control, one.times, one.codes) for one in analysis().repeated] == [
        ("C3", 3, "A7:453; A7:453; A3:116:PR")
    ]


@pytest.mark.parametrize(("count", "alike"), [(2, 0), (3, 1)])
def test_three_alike_are_one_cause(count: int, alike: int) -> None:
    stories = [story(f"C{number}", MONDAY, BAD) for number in range(count)]
    assert len(analysis(stories).alike) == alike


def test_statuses_without_a_rule_are_counted() -> None:
    assert analysis().unknown == [("A7:732", 1)]


def test_without_claims_there_is_no_data() -> None:
    found = analysis([])
    assert (found.clean_rate, found.weeks, found.by_reason, found.first) == (None, [], [], None)


# -- timely filing ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "until", "why"),
    [
        ({}, dt.date(2027, 11, 9), "12 months (MEDICARE DME)"),
        ({"payer_id": "MAC99", "payer": "OTHER MAC"}, dt.date(2027, 11, 9), "12 months (Medicare)"),
        ({"payer_id": "X", "payer": "X", "filing_indicator": "CI"}, SERVED + dt.timedelta(days=90), "90 days (other payers, assumed)"),
    ],
    ids=["the table", "the filing indicator", "assumed"],
)  # fmt: skip
def test_the_clock_goes_on_from_the_service_date(given: dict[str, str], until: dt.date, why: str) -> None:
    sent = claim(**given)
    found = filing(rejected(sent, said("A7:453")), PayerTable((MEDICARE,)), denial_rules())
    assert (found.day, found.why) == (until, why)


def test_without_a_service_date_nobody_can_say() -> None:
    sent = claim(line(1, first=None, last=None), service_date=None)
    found = filing(rejected(sent), PayerTable(), denial_rules())
    assert (found.day, found.left(DAY)) == (None, None)
