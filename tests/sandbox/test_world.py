from __future__ import annotations

from datetime import date

import pytest

from payerbots.sandbox.answers import FIELDS, answers
from payerbots.sandbox.mint import is_mbi, luhn
from payerbots.sandbox.records import Program
from payerbots.sandbox.world import build

TODAY = date(2026, 11, 22)
DAYS = (TODAY, date(2027, 1, 4), date(2028, 2, 29))
REASONS = {
    "MEMBER_NOT_FOUND", "NAME_DOB_MISMATCH", "SEVERAL_MEMBERS", "MEMBER_ID_FORMAT", "REQUEST_INCOMPLETE",
    "INACTIVE_ON_DATE", "NO_PART_B", "BILL_MA_PLAN", "OTHER_PAYER_PRIMARY", "FACILITY_STAY", "HOSPICE_HOME_HEALTH",
    "SAME_SIMILAR", "AUTH_NEEDED", "PROVIDER_NOT_ON_FILE", "DATE_NOT_ANSWERED", "PAYER_TRY_LATER",
}  # fmt: skip
SEEDS = range(1, 13)


def rows(seed: int, today: date = TODAY) -> list[dict[str, object]]:
    found = answers(seed, today)["eligibility"]
    assert isinstance(found, list)
    return found


def test_a_seed_makes_the_same_world_again() -> None:
    assert build(7, TODAY) == build(7, TODAY)


def test_seeds_make_different_worlds() -> None:
    assert {item.last for item in build(1, TODAY).members} != {item.last for item in build(2, TODAY).members}


@pytest.mark.parametrize("today", DAYS, ids=str)
@pytest.mark.parametrize("seed", SEEDS)
def test_each_answer_has_the_reason_that_its_request_was_made_for(seed: int, today: date) -> None:
    wanted = [None if item.scenario == "clean" else item.scenario for item in build(seed, today).requests]
    assert [item["reason"] for item in rows(seed, today)] == wanted


@pytest.mark.parametrize("seed", SEEDS)
def test_every_reason_occurs(seed: int) -> None:
    assert {item["reason"] for item in rows(seed)} == REASONS | {None}


@pytest.mark.parametrize("seed", SEEDS)
def test_about_half_of_the_requests_are_clean(seed: int) -> None:
    assert sum(item["outcome"] == "bill" for item in rows(seed)) in range(20, 25)


def test_an_answer_has_all_fields_as_text_or_none() -> None:
    for item in rows(3):
        fields = item["fields"]
        assert isinstance(fields, dict)
        assert tuple(fields) == FIELDS
        assert all(value is None or (isinstance(value, str) and value) for value in fields.values())


def test_a_question_to_the_office_has_no_fields() -> None:
    asked = [item["fields"] for item in rows(3) if item["outcome"] == "ask"]
    assert asked
    assert all(fields == dict.fromkeys(FIELDS) for fields in asked)


def test_both_rows_of_a_repeated_request_have_the_same_answer() -> None:
    world = build(2, TODAY)
    by_order: dict[str, list[int]] = {}
    for item in world.requests:
        by_order.setdefault(item.order, []).append(item.row)
    (twins,) = [found for found in by_order.values() if len(found) > 1]
    first, second = ({**item, "row": 0} for item in rows(2) if item["row"] in twins)
    assert first == second


def test_member_ids_are_told_apart_and_well_formed() -> None:
    members = build(4, TODAY).members
    assert len({item.member_id for item in members}) == len(members)
    for item in members:
        well_formed = is_mbi(item.member_id) if item.program is Program.MEDICARE else len(item.member_id) == 9
        assert well_formed


def test_npis_have_their_check_digit() -> None:
    for organisation in build(5, TODAY).organisations:
        for provider in organisation.providers:
            assert luhn("80840" + provider.npi[:-1]) == provider.npi[-1]
