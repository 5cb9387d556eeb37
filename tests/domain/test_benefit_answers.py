"""The HME biller's questions, answered from a 271 without mixing what must not be mixed."""

from datetime import date
from decimal import Decimal

import pytest

from payerbots.domain import benefit_answers as answers
from payerbots.domain.benefit_answers import MEDICARE_B, Spent
from payerbots.domain.benefits import Benefit, Period, Subject

DAY = date(2026, 3, 10)


def subject(*benefits: Benefit, dates: tuple[Period, ...] = ()) -> Subject:
    return Subject(level="22", benefits=benefits, dates=dates)


def benefit(info: str, amount: str | None = None, **facts: object) -> Benefit:
    value = None if amount is None else Decimal(amount)
    given = {"service_types": ("12",), **facts}
    return Benefit(info=info, amount=value, **given)  # type: ignore[arg-type]  # a table's values


def during(first: date, last: date | None = None, qualifier: str = "307") -> tuple[Period, ...]:
    return (Period(qualifier=qualifier, date=first, date_to=last),)


@pytest.mark.parametrize(
    ("benefits", "active"),
    [
        ([], None),
        ([benefit("1")], True),
        ([benefit("6")], False),
        ([benefit("1", dates=during(date(2026, 1, 1), date(2026, 12, 31)))], True),
        ([benefit("1", dates=during(date(2026, 4, 1)))], False),
        ([benefit("1", dates=during(date(2026, 1, 1), date(2026, 2, 28)))], False),
        ([benefit("6"), benefit("1")], True),
        ([benefit("C", "100")], None),
    ],
    ids=[
        "nothing said",
        "active",
        "inactive",
        "on the date",
        "from later",
        "until before",
        "both",
        "no word of it",
    ],
)
def test_active_on_the_date(benefits: list[Benefit], active: bool | None) -> None:
    assert answers.active(subject(*benefits), DAY) is active


@pytest.mark.parametrize(
    ("dates", "active"),
    [
        ([("346", date(2026, 1, 1)), ("347", date(2026, 12, 31))], True),
        ([("346", date(2026, 1, 1)), ("347", date(2026, 2, 28))], False),
        ([("356", date(2026, 4, 1))], False),
        ([("472", date(2026, 4, 1))], True),
    ],
    ids=["begin and end around it", "ended before", "begins later", "the date asked is no plan's date"],
)
def test_begin_and_end_are_read_together(dates: list[tuple[str, date]], active: bool) -> None:
    periods = tuple(Period(qualifier=qualifier, date=day) for qualifier, day in dates)
    assert answers.active(subject(benefit("1", dates=periods)), DAY) is active
    assert answers.active(subject(benefit("1"), dates=periods), DAY) is active


def test_the_benefits_own_dates_come_before_the_plans() -> None:
    own = benefit("1", dates=during(date(2026, 3, 1), date(2026, 3, 31)))
    assert answers.active(subject(own, dates=during(date(2025, 1, 1), date(2025, 12, 31))), DAY)


def test_the_plan_in_force_is_named_with_its_days() -> None:
    old = benefit("1", plan="OLD", dates=during(date(2025, 1, 1), date(2025, 12, 31)))
    new = benefit("1", plan="GOLD PPO", insurance="PR")
    found = answers.plan(subject(old, new, dates=during(date(2026, 1, 1), date(2026, 12, 31), "291")), DAY)
    assert found == answers.Plan(
        name="GOLD PPO", insurance="PR", begins=date(2026, 1, 1), ends=date(2026, 12, 31)
    )
    assert answers.plan(subject(benefit("6")), DAY) is None


PART_B = benefit("1", insurance="MB", service_types=("30",))
HOSPICE = benefit("X", service_types=("45",), insurance="MA", dates=during(date(2026, 2, 1), None, "292"))


@pytest.mark.parametrize(
    ("others", "pays"),
    [
        ([PART_B], True),
        ([PART_B, benefit("R", insurance="HN")], False),
        ([PART_B, benefit("R", insurance="12")], False),
        ([PART_B, benefit("R", insurance="12", dates=during(date(2020, 1, 1), date(2020, 12, 31)))], True),
        ([PART_B, HOSPICE], False),
        ([benefit("1", insurance="MA")], None),
        ([benefit("6", insurance="MB")], False),
    ],
    ids=[
        "nothing else",
        "an Advantage plan",
        "a payer before it",
        "one of long ago",
        "hospice",
        "A alone",
        "no B",
    ],
)
def test_whether_medicare_pays(others: list[Benefit], pays: bool | None) -> None:
    assert answers.medicare_pays(subject(*others), DAY) is pays


def test_an_episode_without_an_end_goes_on_and_a_covered_service_is_none() -> None:
    covered = benefit(
        "1", service_types=("42", "45"), dates=during(date(2020, 1, 1), date(2030, 1, 1), "291")
    )
    assert [stay.kind for stay in answers.stays(subject(HOSPICE, covered), DAY)] == ["45"]


def test_part_a_alone_is_not_part_b() -> None:
    person = subject(benefit("1", insurance="MA"), benefit("6", insurance="MB"))
    assert answers.active(person, DAY) is True
    assert answers.active(person, DAY, MEDICARE_B) is False


def test_an_advantage_plan_must_be_billed_instead() -> None:
    plan = benefit("R", insurance="HN", plan="A PLAN", dates=during(date(2026, 1, 1)))
    assert answers.advantage_plan(subject(benefit("1", insurance="MB"), plan), DAY) is plan
    assert answers.advantage_plan(subject(plan), date(2025, 12, 31)) is None


def test_total_and_remaining_give_what_is_met() -> None:
    person = subject(
        benefit("C", "240", coverage="IND", time="23", network="Y"),
        benefit("C", "40", coverage="IND", time="29", network="Y"),
    )
    assert answers.deductible(person, DAY) == Spent(
        total=Decimal(240), met=Decimal(200), remaining=Decimal(40)
    )


def test_family_and_out_of_network_are_not_mixed_in() -> None:
    person = subject(
        benefit("C", "240", coverage="IND", time="23", network="Y"),
        benefit("C", "500", coverage="FAM", time="23", network="Y"),
        benefit("C", "900", coverage="IND", time="23", network="N"),
    )
    assert answers.deductible(person, DAY).total == Decimal(240)
    assert answers.deductible(person, DAY, coverage="FAM").total == Decimal(500)
    assert answers.deductible(person, DAY, network="N").total == Decimal(900)


def test_two_amounts_that_differ_are_no_answer() -> None:
    person = subject(benefit("C", "240", time="23"), benefit("C", "300", time="23"))
    assert answers.deductible(person, DAY).total is None


def test_the_share_for_dme_comes_before_the_plans() -> None:
    person = subject(
        benefit("A", percent=Decimal("0.3"), service_types=("30",), network="Y"),
        benefit("A", percent=Decimal("0.2"), network="Y"),
    )
    assert answers.coinsurance(person, DAY) == Decimal("0.2")


@pytest.mark.parametrize(
    ("said", "needed"), [([], None), (["N"], False), (["Y"], True), (["Y", "N"], True), (["U"], None)]
)
def test_authorization(said: list[str], needed: bool | None) -> None:
    person = subject(*(benefit("1", authorization=each) for each in said))
    assert answers.authorization_needed(person, DAY) is needed


def test_a_qualified_beneficiary_owes_nothing() -> None:
    assert answers.owes_nothing(subject(benefit("1", insurance="QM")), DAY)
    assert not answers.owes_nothing(subject(benefit("1", insurance="MB")), DAY)


def test_a_hospice_episode_on_the_date_is_told() -> None:
    hospice = benefit("X", service_types=("45",), dates=during(date(2026, 2, 1), date(2026, 4, 30), "292"))
    (stay,) = answers.stays(subject(hospice), DAY)
    assert (stay.kind, stay.begins, stay.ends) == ("45", date(2026, 2, 1), date(2026, 4, 30))
    assert list(answers.stays(subject(hospice), date(2026, 5, 1))) == []
