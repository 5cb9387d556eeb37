"""Figures follow from counts; the denominator stands beside, and what there is no data of says so."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from payerbots.domain.kpi import Figure, report
from payerbots.domain.kpi_facts import (
    DONE,
    EXCEPTION,
    RETRY,
    Denied,
    Due,
    Posted,
    Sent,
    Unapplied,
    Waiting,
    Worked,
)
from payerbots.operation.kpi import definitions
from tests.kpi_facts import FIRST, LAST, counted, facts, month


def figure(key: str, **values: Any) -> Figure:
    found = report(facts(**values), definitions())
    return next(one for one in found.figures if one.definition.key == key)


def shown(key: str, **values: Any) -> tuple[float | None, str]:
    one = figure(key, **values)
    return (None if one.value is None else float(one.value), one.of)


WORK = [counted(DONE, 7), counted(EXCEPTION, 3, reason="AUTH_NEEDED"), counted(RETRY, 2)]


@pytest.mark.parametrize(
    ("key", "value", "of"),
    [
        ("items", 10, ""),
        ("straight_through", 70, "7 of 10"),
        ("exceptions", 30, "3 of 10"),
        ("retries", 20, "2 of 10"),
    ],
)
def test_what_is_counted_of_items(key: str, value: float, of: str) -> None:
    assert shown(key, counted=WORK) == (value, of)


def test_a_rate_of_nothing_is_no_rate() -> None:
    one = figure("straight_through")
    assert (one.value, one.note) == (None, "no item was finished in this time")


def test_rates_are_rounded_half_up_to_a_tenth() -> None:
    assert shown("straight_through", counted=[counted(DONE, 1), counted(EXCEPTION, 15)])[0] == 6.3


def test_hours_saved_need_minutes_by_hand_and_show_them() -> None:
    work = [counted(DONE, 90), counted(EXCEPTION, 9), counted(DONE, 5, bot="lockbox")]
    one = figure("minutes_saved", counted=work, minutes={"eligibility": Decimal(6)})
    assert (one.value, one.of, one.note) == (Decimal("9.0"), "90 of eligibility at 6 min", "without lockbox")
    assert figure("minutes_saved", counted=work).note == "kpi.yaml sets no minutes by hand for these bots"


def test_promises_that_were_missed_count_against_those_that_were_kept() -> None:
    due = [Due(day=FIRST, bot="eligibility", kept=kept) for kept in (True, True, True, False)]
    assert shown("sla_kept", due=due) == (75, "3 of 4")
    assert figure("sla_kept").value is None


def test_the_age_of_what_waits_is_that_of_the_oldest_in_business_days() -> None:
    waiting = [
        Waiting(bot="eligibility", for_a_person=False, count=4, oldest=date(2026, 11, 20)),
        Waiting(bot="lockbox", for_a_person=False, count=1, oldest=date(2026, 11, 19)),
        Waiting(bot="lockbox", for_a_person=True, count=9, oldest=date(2026, 11, 2)),
    ]
    assert shown("backlog_age", waiting=waiting) == (3, "5 wait; the oldest: lockbox")
    assert shown("waiting_age", waiting=waiting) == (16, "9 wait; the oldest: lockbox")
    assert shown("backlog_age") == (0, "nothing waits")


def test_days_to_post() -> None:
    posted = [
        Posted(day=LAST, portal="summit", payer="S", days=days, amount=Decimal(1))
        for days in (0, 1, 1, 2, 2, 2, 3, 3, 5, 30)
    ]
    assert shown("days_to_post", posted=posted) == (2, "10 payments")
    assert shown("days_to_post_p90", posted=posted) == (5, "10 payments")
    assert shown("posted_in_three", posted=posted) == (80, "8 of 10")
    assert "posting confirm" in figure("days_to_post").note


def test_first_sends_count_whether_or_not_anything_is_known_of_them() -> None:
    sent = [
        Sent(day=FIRST, portal="clearpoint", payer=payer, sent=count, clean=clean, rejected=rejected)
        for payer, count, clean, rejected in (("S", 10, 8, 1), ("M", 6, 2, 3))
    ]
    assert shown("clean_claim_rate", sent=sent) == (62.5, "10 of 16")
    assert shown("rejection_rate", sent=sent) == (25, "4 of 16")


def test_days_to_work_a_rejection_are_those_of_half_of_them() -> None:
    worked = [Worked(portal="clearpoint", payer="S", days=days) for days in (0, 1, 1, 9)]
    assert shown("days_to_work", worked=worked) == (1, "4 claims")


def test_the_denial_rate_is_one_of_lines() -> None:
    lines = [
        Denied(portal="s", payer=name, lines=lines, denied=n)
        for name, lines, n in (("A", 90, 4), ("B", 10, 1))
    ]
    assert shown("denial_rate", denied=lines) == (5, "5 of 100")


def test_unapplied_cash_by_age() -> None:
    left = [
        Unapplied(portal="harbor", payer="", age=age, amount=Decimal(amount))
        for age, amount in ((0, "10.10"), (3, "1"), (4, "20"), (30, "5"), (31, "7"))
    ]
    found = facts(unapplied=left, deposits=Decimal("900.50"))
    assert shown("unapplied_cash", unapplied=left, deposits=Decimal("900.50")) == (
        43.1,
        "of $900.50 deposited",
    )
    assert {name: str(amount) for name, amount in report(found, definitions()).unapplied.items()} == {
        "0-3 days": "11.10",
        "4-10 days": "20",
        "11-30 days": "5",
        "over 30 days": "7",
    }


@pytest.mark.parametrize(
    ("key", "missing"),
    [
        ("clean_claim_rate", "no claim was sent first"),
        ("rejection_rate", "no claim was sent first"),
        ("days_to_work", "no rejected claim was sent again"),
        ("denial_rate", "no remittance came"),
        ("overturn_rate", "denials that were closed"),
        ("dso", "A/R file"),
        ("ar_over_90", "A/R file"),
        ("write_off_rate", "A/R file"),
        ("verified_rate", "active orders"),
    ],
)
def test_what_the_site_has_not_given_says_no_data_and_what_is_missing(key: str, missing: str) -> None:
    one = figure(key)
    assert one.value is None
    assert missing in one.note


def test_every_figure_has_a_value_or_says_why_not() -> None:
    for found in (report(month(), definitions()), report(facts(), definitions())):
        assert all(
            (one.value is None) == bool(one.note and not one.of)
            for one in found.figures
            if one.definition.key != "minutes_saved"
        )
        assert len(found.figures) == len(definitions())


def test_tables_by_bot_portal_payer_and_week() -> None:
    work = [
        counted(DONE, 5),
        counted(EXCEPTION, 1, portal="cascade_mutual", payer="CASCM"),
        counted(DONE, 2, bot="lockbox", portal="", payer="", day=LAST),
        counted(RETRY, 4, bot="lockbox", portal="", payer=""),
    ]
    found = report(facts(counted=work), definitions())
    assert [(one.name, one.finished, one.done, one.exceptions, one.retries) for one in found.by_bot] == [
        ("eligibility", 6, 5, 1, 0),
        ("lockbox", 2, 2, 0, 4),
    ]
    assert [one.name for one in found.by_portal] == ["summit_health", "no portal", "cascade_mutual"]
    assert [one.name for one in found.by_payer] == ["Summit Health Plan", "no payer", "Cascade Mutual"]
    assert [(one.name, one.finished) for one in found.by_week] == [
        ("2026-10-26", 6),
        ("2026-11-02", 0),
        ("2026-11-09", 0),
        ("2026-11-16", 0),
        ("2026-11-23", 2),
    ]


def test_reasons_stand_with_the_most_frequent_first() -> None:
    work = [counted(EXCEPTION, n, reason=reason) for n, reason in ((2, "B"), (7, "C"), (2, "A"), (1, "C"))]
    assert list(report(facts(counted=work), definitions()).reasons.items()) == [("C", 8), ("A", 2), ("B", 2)]
